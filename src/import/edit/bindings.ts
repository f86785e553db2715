/** Which SCPs and RCPs hang where, edited in scps/bindings.yaml. */
import { isFullAccess } from '../../plan/situation/situation.ts';
import type { Attachment, Target } from '../../model/resource.ts';
import { findOu } from '../../desired/organization.ts';
import { inserted, removed, replaced, valueAt, withKey } from './range.ts';
import type { Path } from '../../desired/yaml-file.ts';
import { organizationIn, refusedEdit, textIn, typedIn, withFile } from './repo.ts';
import type { Edited, Repo } from './repo.ts';

export type BindingEdit = {
  readonly attachment: Attachment;
  /** The target as people write it. */
  readonly place: string;
};

const newFile = 'scps/bindings.yaml';

const sameTarget = (repo: Repo, written: string, target: Target): boolean => {
  const organization = organizationIn(repo);
  if (organization === undefined || target.type === 'account') return false;
  return findOu(written, organization) === (target.type === 'root' ? '' : target.path);
};

type BindingSpot = { readonly path: string; readonly at: Path };

/** The file and key of a target that has one already. */
const spotOf = (repo: Repo, { attachment, place }: BindingEdit): BindingSpot | undefined => {
  const { target } = attachment;
  for (const { file, value } of typedIn(repo, 'bindings')) {
    if (target.type === 'account' && Object.hasOwn(value.accounts ?? {}, place))
      return { path: file.path, at: ['accounts', place] };
    const ou = Object.keys(value.ous ?? {}).find((written) => sameTarget(repo, written, target));
    if (ou !== undefined) return { path: file.path, at: ['ous', ou] };
  }
  return undefined;
};

const withPlace = (
  repo: Repo,
  { attachment, place }: BindingEdit,
  value: readonly string[] | { fullAwsAccess: false },
) => {
  const section = attachment.target.type === 'account' ? 'accounts' : 'ous';
  const [typed] = typedIn(repo, 'bindings');
  const path = typed?.file.path ?? newFile;
  const text = typed === undefined ? '' : textIn(repo, path);
  const key = { key: place, value, spelling: 'yaml' as const };
  if (text === '' || valueAt(text, []) === null) {
    const lines = `${section}:\n  ${JSON.stringify(place)}: ${JSON.stringify(value)}\n`;
    return withFile(repo, path, `${text}${lines}`);
  }
  if (valueAt(text, [section]) === undefined)
    return withFile(repo, path, withKey(text, [], { key: section, value: { [place]: value }, spelling: 'yaml' }));
  return withFile(repo, path, withKey(text, [section], key));
};

const listAt = (text: string, { at }: BindingSpot): Path =>
  Array.isArray(valueAt(text, at)) ? at : [...at, 'policies'];

/** FullAWSAccess hangs again: what says that it does not is taken away. */
const withFullAccess = (repo: Repo, spot: BindingSpot | undefined): Edited => {
  if (spot === undefined) return repo;
  return withFile(repo, spot.path, removed(textIn(repo, spot.path), [...spot.at, 'fullAwsAccess']));
};

const withoutFullAccess = (repo: Repo, edit: BindingEdit, spot: BindingSpot | undefined): Edited => {
  if (spot === undefined) return withPlace(repo, edit, { fullAwsAccess: false });
  const text = textIn(repo, spot.path);
  const value = valueAt(text, spot.at);
  if (Array.isArray(value)) {
    const policies = value.map(String);
    return withFile(
      repo,
      spot.path,
      replaced(text, spot.at, { value: { policies, fullAwsAccess: false }, spelling: 'yaml' }),
    );
  }
  const gone = removed(text, [...spot.at, 'fullAwsAccess']);
  return withFile(repo, spot.path, withKey(gone, spot.at, { key: 'fullAwsAccess', value: false, spelling: 'yaml' }));
};

/** Where it hangs is what people agreed to in its stages: nobody else's doing makes other stages of them. */
const isStaged = (repo: Repo, { attachment: { policy } }: BindingEdit): boolean =>
  typedIn(repo, 'bindings').some(({ value }) => Object.hasOwn(value.rollout ?? {}, policy.name));
const staged = refusedEdit('its rollout in scps/bindings.yaml says where it hangs: edit the stages there');

/** The policy hangs there. */
export const withAttachment = (repo: Repo, edit: BindingEdit): Edited => {
  if (isStaged(repo, edit)) return staged;
  const spot = spotOf(repo, edit);
  if (isFullAccess(edit.attachment)) return withFullAccess(repo, spot);
  const { name } = edit.attachment.policy;
  if (spot === undefined) return withPlace(repo, edit, [name]);
  const text = textIn(repo, spot.path);
  const list = valueAt(text, listAt(text, spot));
  if (!Array.isArray(list))
    return withFile(repo, spot.path, withKey(text, spot.at, { key: 'policies', value: [name], spelling: 'yaml' }));
  if (list.includes(name)) return repo;
  const item = { index: list.length, value: name, spelling: 'yaml' as const };
  return withFile(repo, spot.path, inserted(text, listAt(text, spot), item));
};

/** The policy hangs there no longer. */
export const withoutAttachment = (repo: Repo, edit: BindingEdit): Edited => {
  if (isStaged(repo, edit)) return staged;
  const spot = spotOf(repo, edit);
  if (isFullAccess(edit.attachment)) return withoutFullAccess(repo, edit, spot);
  if (spot === undefined) return refusedEdit('no binding names its target');
  const text = textIn(repo, spot.path);
  const list = valueAt(text, listAt(text, spot));
  const index = Array.isArray(list) ? list.indexOf(edit.attachment.policy.name) : -1;
  if (index < 0) return refusedEdit('no binding of its target names it');
  const left = removed(text, [...listAt(text, spot), index]);
  // A file without anything in it is no map of bindings.
  return withFile(repo, spot.path, valueAt(left, []) === undefined ? undefined : left);
};
