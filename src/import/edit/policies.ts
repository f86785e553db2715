/** Permission sets, SCPs and RCPs, edited field by field in their files. */
import { isGuardRail, isGuardRailKind } from '../../model/resource.ts';
import { posix } from 'node:path';
import { changedFields } from '../../kinds/equal.ts';
import { isUnsaid } from '../../kinds/fields.ts';
import type { PolicyDocument } from '../../model/policy.ts';
import type { ControlPolicy, PermissionSet } from '../../model/resource.ts';
import type { FileKind, Typed } from '../../desired/check-form.ts';
import type { PolicyNames } from '../write/things.ts';
import { setFields } from '../write/things.ts';
import { keysBefore, keysOf } from '../write/key-order.ts';
import { contentOf, documentYaml, policyYaml } from '../write/policies.ts';
import type { Yaml } from '../write/text.ts';
import { rewritten } from './documents.ts';
import { removed, spellingOf, valueAt, withKey } from './range.ts';
import { reconciled, withField } from './reconcile.ts';
import { refusedEdit, textIn, typedIn, withFile } from './repo.ts';
import type { Edited, Repo } from './repo.ts';

export type PolicyNaming = PolicyNames & {
  /** The ARN of a managed policy as it is written. */
  readonly arnOf: (written: string) => string;
};

type DocumentHolder = { readonly key: string; readonly path: string };

/** Where a document stands: at a key of the file, or in the file that the key's twin names. */
export const besideOf = (text: string, { key, path }: DocumentHolder): string | undefined => {
  const named = valueAt(text, [`${key}File`]);
  return typeof named === 'string' ? posix.normalize(posix.join(posix.dirname(path), named)) : undefined;
};

type DocumentSides = {
  readonly before: PolicyDocument | undefined;
  readonly after: PolicyDocument | undefined;
  readonly naming: PolicyNaming;
};

const editedBeside = (repo: Repo, beside: string, { before, after, naming }: DocumentSides): Repo => {
  const text = textIn(repo, beside);
  if (before === undefined || after === undefined) return repo;
  const wanted = rewritten(after, { raw: valueAt(text, []), meant: before }, naming.accounts);
  return withFile(repo, beside, reconciled(text, { path: [], wanted, spelling: spellingOf(beside) }));
};

/** Settings are written anew where they differ: what is the same stays as it was written. */
const withSettings = (repo: Repo, holder: DocumentHolder, wanted: Yaml): Repo => {
  const { key, path } = holder;
  const text = textIn(repo, path);
  const beside = besideOf(text, holder);
  if (beside === undefined) return withFile(repo, path, reconciled(text, { path: [key], wanted, spelling: 'yaml' }));
  const edited = reconciled(textIn(repo, beside), { path: [], wanted, spelling: spellingOf(beside) });
  return withFile(repo, beside, edited);
};

/** The document in the file, or in the file beside it; without one its key goes, and its file with it. */
export const withDocument = (repo: Repo, holder: DocumentHolder, documents: DocumentSides): Repo => {
  const { before, after, naming } = documents;
  const { key, path } = holder;
  const text = textIn(repo, path);
  const beside = besideOf(text, holder);
  if (after === undefined) {
    const without = withFile(repo, path, removed(removed(text, [key]), [`${key}File`]));
    return beside === undefined ? without : withFile(without, beside, undefined);
  }
  if (beside !== undefined) return editedBeside(repo, beside, documents);
  if (before === undefined)
    return withFile(
      repo,
      path,
      withKey(text, [], { key, value: policyYaml(after, naming.accounts), spelling: 'yaml' }),
    );
  const wanted = rewritten(after, { raw: valueAt(text, [key]), meant: before }, naming.accounts);
  return withFile(repo, path, reconciled(text, { path: [key], wanted, spelling: 'yaml' }));
};

/** Names that are written another way and mean the same policy stay as they are. */
export const keptNames = (value: Yaml | undefined, found: unknown, naming: PolicyNaming): Yaml | undefined => {
  if (!Array.isArray(value) || !Array.isArray(found)) return value;
  const written = new Map((found as readonly string[]).map((name) => [naming.arnOf(name), name]));
  return (value as readonly string[]).map((name) => written.get(naming.arnOf(name)) ?? name);
};

const withPlainField = (text: string, field: string, from: { live: PermissionSet; naming: PolicyNaming }): string => {
  const written = setFields(from.live, from.naming);
  const value = written[field];
  const kept = field === 'managedPolicies' ? keptNames(value, valueAt(text, [field]), from.naming) : value;
  const after = keysBefore(keysOf('permission-set'), field);
  return withField(text, { key: field, value: kept, after }, 'yaml');
};

/** The set as AWS has it. */
export const withPermissionSet = (
  repo: Repo,
  {
    before,
    live,
    naming,
  }: { readonly before: PermissionSet; readonly live: PermissionSet; readonly naming: PolicyNaming },
): Edited => {
  const typed = typedIn(repo, 'permission-set').find(({ value }) => value.permissionSet === live.name);
  if (typed === undefined) return refusedEdit('no file declares it');
  const fields = changedFields(before, live).filter((field) => !isUnsaid(live.kind, field));
  if (fields.length === 0)
    return refusedEdit('no file says what differs: its tags of ownership, or roles not brought up to date');
  const { path } = typed.file;
  const plain = fields.filter((field) => field !== 'inlinePolicy');
  const text = plain.reduce((next, field) => withPlainField(next, field, { live, naming }), textIn(repo, path));
  const edited = withFile(repo, path, text);
  if (!fields.includes('inlinePolicy')) return edited;
  const documents = { before: before.inlinePolicy, after: live.inlinePolicy, naming };
  return withDocument(edited, { key: 'inlinePolicy', path }, documents);
};

type PolicyFile = Typed<'scp' | 'settings-policy'>;

export const controlFile = (repo: Repo, policy: Pick<ControlPolicy, 'kind' | 'name'>): PolicyFile | undefined => {
  const { kind, name } = policy;
  if (isGuardRailKind(kind)) return typedIn(repo, 'scp').find(({ value }) => value[kind] === name);
  return typedIn(repo, 'settings-policy').find(({ value }) => value['policy-type'] === kind && value.name === name);
};

/** The policy as AWS has it. */
export const withControlPolicy = (
  repo: Repo,
  {
    before,
    live,
    naming,
  }: { readonly before: ControlPolicy; readonly live: ControlPolicy; readonly naming: PolicyNaming },
): Edited => {
  const typed = controlFile(repo, live);
  if (typed === undefined) return refusedEdit('no file declares it');
  const fields = changedFields(before, live).filter((field) => !isUnsaid(live.kind, field));
  if (fields.length === 0) return refusedEdit('no file says what differs: its tags of ownership');
  if (before.name !== live.name) return refusedEdit('it is being renamed; edit its name by hand');
  const { path } = typed.file;
  const value = live.description === '' ? undefined : live.description;
  const described = fields.includes('description')
    ? withField(
        textIn(repo, path),
        { key: 'description', value, after: keysBefore(keysOf(typed.kind), 'description') },
        'yaml',
      )
    : textIn(repo, path);
  const edited = withFile(repo, path, described);
  if (!fields.includes('document') && !fields.includes('settings')) return edited;
  if (isGuardRail(before) && isGuardRail(live))
    return withDocument(edited, { key: 'policy', path }, { before: before.document, after: live.document, naming });
  return withSettings(edited, { key: 'policy', path }, documentYaml(contentOf(live), naming.accounts));
};

const withoutFiles = (repo: Repo, typed: Typed<FileKind> | undefined, key: string): Edited => {
  if (typed === undefined) return refusedEdit('no file declares it');
  const { path } = typed.file;
  const beside = besideOf(textIn(repo, path), { key, path });
  const gone = withFile(repo, path, undefined);
  return beside === undefined ? gone : withFile(gone, beside, undefined);
};

export const withoutPermissionSet = (repo: Repo, name: string): Edited =>
  withoutFiles(
    repo,
    typedIn(repo, 'permission-set').find(({ value }) => value.permissionSet === name),
    'inlinePolicy',
  );

export const withoutControlPolicy = (repo: Repo, policy: Pick<ControlPolicy, 'kind' | 'name'>): Edited =>
  withoutFiles(repo, controlFile(repo, policy), 'policy');
