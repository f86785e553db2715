/** What drift can be of in access/settings.yaml: the attributes for access control. */
import type { AccessAttributes } from '../../model/resource.ts';
import { keysBefore, keysOf } from '../write/key-order.ts';
import { block } from '../write/text.ts';
import { hasKey, withKey } from './range.ts';
import { withField } from './reconcile.ts';
import { refusedEdit, textIn, typedIn, withFile } from './repo.ts';
import type { Edited, Repo } from './repo.ts';

/** Exactly these. Undefined: Identity Center has no configuration of them, which no key says. */
export const withAttributes = (repo: Repo, attributes: AccessAttributes['attributes'] | undefined): Edited => {
  const [settings] = typedIn(repo, 'settings');
  if (settings === undefined) return refusedEdit('there is no access/settings.yaml to write attributes in');
  const { path } = settings.file;
  const text = textIn(repo, path);
  const field = { key: 'attributes', value: attributes, after: keysBefore(keysOf('settings'), 'attributes') };
  const isNew = attributes !== undefined && Object.keys(attributes).length > 0 && !hasKey(text, ['attributes']);
  const edited = isNew
    ? withKey(text, [], { ...field, value: attributes, spelling: 'yaml', block: block(attributes) })
    : withField(text, field, 'yaml');
  return withFile(repo, path, edited);
};
