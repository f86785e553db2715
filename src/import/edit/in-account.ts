/** Roles and customer policies: one file speaks of many accounts, so one account's difference may need a file of its own. */
import { ownValue } from '../../model/own-value.ts';
import { posix } from 'node:path';
import { changedFields } from '../../kinds/equal.ts';
import { isUnsaid } from '../../kinds/fields.ts';
import { canonicalTrust } from '../../model/policy.ts';
import type { AccountId, CustomerPolicy, Role } from '../../model/resource.ts';
import type { WrittenPolicy, WrittenRole, WrittenTrust, WrittenWaysIn } from '../../model/written.ts';
import type { Typed } from '../../desired/check-form.ts';
import { isActive } from '../../desired/dates.ts';
import { trustDocument } from '../../desired/trust/trust.ts';
import { keysBefore, keysOf } from '../write/key-order.ts';
import { documentJson, isLong, policyYaml } from '../write/policies.ts';
import { customerPolicyText, pathField, roleFields, roleFileText } from '../write/roles.ts';
import { unlessEmpty } from '../write/things.ts';
import { rewritten } from './documents.ts';
import { baseFor } from './new-files.ts';
import { besideOf, keptNames, withDocument } from './policies.ts';
import type { PolicyNaming } from './policies.ts';
import { removed, replaced, valueAt, withKey } from './range.ts';
import { reconciled, withField } from './reconcile.ts';
import { freePath, organizationIn, textIn, typedIn, withFile } from './repo.ts';
import type { Repo } from './repo.ts';
import { named, narrowed, reachedBy, unexcepted } from './targets.ts';
import type { Aim, TargetWords } from './targets.ts';

type InFile = Typed<'role'> | Typed<'policy'>;
export type InAccountName = { readonly kind: 'role' | 'policy'; readonly name: string };

const nameIn = ({ value }: InFile): string => ('role' in value ? value.role : value.policy);

/** Files that speak of the thing today. */
export const inAccountFiles = (repo: Repo, { kind, name }: InAccountName, today: string): readonly InFile[] =>
  (kind === 'role' ? typedIn(repo, 'role') : typedIn(repo, 'policy')).filter(
    (file: InFile) => nameIn(file) === name && isActive(file.value, today),
  );

/** What such a file calls `tags` are tags in AWS: they select no account. */
const wordsOf = ({ value }: InFile): TargetWords => ({
  ...(value.accounts && { accounts: value.accounts }),
  ...(value.ous && { ous: value.ous }),
  ...(value.except && { except: value.except }),
});

const aimAt = (repo: Repo, file: InFile): Aim | undefined => {
  const organization = organizationIn(repo);
  if (organization === undefined) return undefined;
  const order = keysOf(file.kind);
  return { path: [], written: wordsOf(file), order, reached: reachedBy(file.file, organization) };
};

export const accountsReached = (repo: Repo, file: InFile): readonly string[] => {
  const aim = aimAt(repo, file);
  return aim === undefined ? [] : aim.reached(aim.written);
};

/** The file that gives the account the thing. */
export const fileFor = (
  repo: Repo,
  resource: InAccountName & { readonly account: string },
  today: string,
): InFile | undefined =>
  inAccountFiles(repo, resource, today).find((file) => accountsReached(repo, file).includes(resource.account));

const besideIn = (repo: Repo, { file: { path } }: InFile): string | undefined =>
  besideOf(textIn(repo, path), { key: 'document', path });

const withoutFile = (repo: Repo, file: InFile): Repo => {
  const beside = besideIn(repo, file);
  const gone = withFile(repo, file.file.path, undefined);
  return beside === undefined ? gone : withFile(gone, beside, undefined);
};

const fileAt = (repo: Repo, path: string): InFile | undefined => {
  const typed = repo.entries.get(path)?.typed;
  return typed?.kind === 'role' || typed?.kind === 'policy' ? (typed as InFile) : undefined;
};

/** The file without these accounts; a file that speaks of none goes. */
export const withoutAccounts = (repo: Repo, path: string, accounts: readonly string[]): Repo =>
  accounts.reduce((next, account) => {
    const file = fileAt(next, path);
    const aim = file === undefined ? undefined : aimAt(next, file);
    if (file === undefined || aim === undefined || !aim.reached(aim.written).includes(account)) return next;
    const text = narrowed(textIn(next, path), aim, account);
    return text === undefined ? withoutFile(next, file) : withFile(next, path, text);
  }, repo);

/** The file with these accounts too; nothing where it cannot name them, or has an end that they need not have. */
export const withAccounts = (repo: Repo, path: string, accounts: readonly string[]): Repo | undefined =>
  accounts.reduce<Repo | undefined>((next, account) => {
    const file = next === undefined ? undefined : fileAt(next, path);
    const aim = next === undefined || file === undefined ? undefined : aimAt(next, file);
    if (next === undefined || file === undefined || aim === undefined) return undefined;
    if (file.value.from !== undefined || file.value.until !== undefined) return undefined;
    const text = textIn(next, path);
    const wider = unexcepted(text, aim, account) ?? named(text, aim, account);
    return wider === undefined ? undefined : withFile(next, path, wider);
  }, repo);

/** The same text for these accounts alone. */
const copyFor = (text: string, accounts: readonly string[]): string => {
  const without = removed(removed(text, ['ous']), ['except']);
  const after = ['role', 'policy', 'path', 'description'];
  return valueAt(without, ['accounts']) === undefined
    ? withKey(without, [], { key: 'accounts', value: [...accounts], spelling: 'yaml', after })
    : replaced(without, ['accounts'], { value: [...accounts], spelling: 'yaml' });
};

/** These accounts of a file in a file of their own that says the same, and its path. */
export const splitOff = (
  repo: Repo,
  path: string,
  accounts: readonly string[],
): { readonly repo: Repo; readonly path: string } => {
  const file = fileAt(repo, path);
  const beside = file === undefined ? undefined : besideIn(repo, file);
  const slug = (accounts.length === 1 ? (accounts[0] ?? '') : 'some').toLowerCase().replace(/[^a-z0-9]+/g, '-');
  const base = freePath(repo, posix.dirname(path), `${posix.basename(path, '.yaml')}-${slug.replace(/^-|-$/g, '')}`);
  const text = copyFor(textIn(repo, path), accounts);
  const less = withoutAccounts(repo, path, accounts);
  if (beside === undefined) return { repo: withFile(less, `${base}.yaml`, text), path: `${base}.yaml` };
  const key = { value: `${posix.basename(base)}.json`, spelling: 'yaml' as const };
  const made = withFile(less, `${base}.json`, textIn(repo, beside));
  return { repo: withFile(made, `${base}.yaml`, replaced(text, ['documentFile'], key)), path: `${base}.yaml` };
};

/** An entry that lets the same in as one that stands there stays as it is written. */
const trustAsWritten = (
  wanted: readonly WrittenTrust[],
  found: readonly WrittenTrust[],
  { accountId, naming }: { readonly accountId: AccountId; readonly naming: PolicyNaming },
): readonly WrittenTrust[] => {
  const ids = new Map([...naming.accounts].map(([id, name]) => [name, id]));
  const meaning = (entry: WrittenTrust): string =>
    canonicalTrust(trustDocument([entry], { accountId, idOf: (name) => ids.get(name) }));
  const left = new Map(wanted.map((entry) => [meaning(entry), entry]));
  const kept = found.map((entry) => {
    const same = left.get(meaning(entry));
    left.delete(meaning(entry));
    return same === undefined ? undefined : entry;
  });
  const fresh = [...left.values()];
  // One for one: a changed entry stays where the old one was.
  const changed = kept.filter((entry) => entry === undefined).length === fresh.length;
  return changed
    ? kept.map((entry) => entry ?? (fresh.shift() as WrittenTrust))
    : [...kept.flatMap((one) => one ?? []), ...fresh];
};

export type RoleEdit = {
  readonly path: string;
  /** What the file gives the account now. */
  readonly before: Role;
  readonly live: Role;
  readonly waysIn: WrittenWaysIn;
  readonly naming: PolicyNaming;
};

const idOf = ({ naming, live }: RoleEdit): AccountId =>
  [...naming.accounts].find(([, name]) => name === live.account)?.[0] ?? '';

const withPlain = (text: string, field: string, edit: RoleEdit): string => {
  const { live, naming } = edit;
  const fields = { ...pathField(live.path), description: live.description, ...roleFields(live, naming) };
  const value = (fields as Readonly<Record<string, ReturnType<typeof roleFields>[string]>>)[field];
  const kept = field === 'managedPolicies' ? keptNames(value, valueAt(text, [field]), naming) : value;
  return withField(text, { key: field, value: kept, after: keysBefore(keysOf('role'), field) }, 'yaml');
};

const withTrustWords = (text: string, words: readonly WrittenTrust[], edit: RoleEdit): string => {
  const found = valueAt(text, ['trust']) as readonly WrittenTrust[];
  const wanted = trustAsWritten(words, found, { accountId: idOf(edit), naming: edit.naming });
  return reconciled(text, { path: ['trust'], wanted, spelling: 'yaml' });
};

/** A file that has the document keeps it; one in words, for which they no longer suffice, gets it in their place. */
const withTrust = (text: string, edit: RoleEdit): string => {
  const { waysIn, live, naming } = edit;
  const raw = valueAt(text, ['trustPolicy']);
  if (raw === undefined && 'words' in waysIn) return withTrustWords(text, waysIn.words, edit);
  const value =
    raw === undefined
      ? policyYaml(live.trust, naming.accounts)
      : rewritten(live.trust, { raw, meant: edit.before.trust }, naming.accounts);
  const field = { key: 'trustPolicy', value, after: keysBefore(keysOf('role'), 'trustPolicy') };
  return removed(withField(text, field, 'yaml'), ['trust']);
};

/** Each inline policy by itself, so that those that are the same keep their words. */
const withInline = (text: string, edit: RoleEdit): string => {
  const { before: old, live, naming } = edit;
  const raw = (valueAt(text, ['inlinePolicies']) ?? {}) as Readonly<Record<string, unknown>>;
  const wanted = Object.entries(live.inlinePolicies).map(([name, document]) => {
    const meant = ownValue(old.inlinePolicies, name);
    if (meant === undefined) return [name, policyYaml(document, naming.accounts)] as const;
    return [name, rewritten(document, { raw: raw[name], meant }, naming.accounts)] as const;
  });
  const value = unlessEmpty(Object.fromEntries(wanted));
  return withField(text, { key: 'inlinePolicies', value, after: keysBefore(keysOf('role'), 'inlinePolicies') }, 'yaml');
};

/** The role as AWS has it, in every account of its file. */
export const withRole = (repo: Repo, edit: RoleEdit): Repo => {
  const fields = changedFields(edit.before, edit.live).filter((field) => !isUnsaid('role', field));
  const text = fields.reduce(
    (next, field) => {
      if (field === 'trust') return withTrust(next, edit);
      return field === 'inlinePolicies' ? withInline(next, edit) : withPlain(next, field, edit);
    },
    textIn(repo, edit.path),
  );
  return withFile(repo, edit.path, text);
};

export type PolicyEdit = {
  readonly path: string;
  readonly before: CustomerPolicy;
  readonly live: CustomerPolicy;
  readonly naming: PolicyNaming;
};

/** The policy as AWS has it, in every account of its file; its description stays, as AWS's does (IAM CreatePolicy). */
export const withCustomerPolicy = (repo: Repo, { path, before: old, live, naming }: PolicyEdit): Repo => {
  const fields = changedFields(old, live);
  const value = unlessEmpty(live.tags);
  const after = ['policy', 'path', 'description', 'ous', 'accounts', 'except', 'document', 'documentFile'];
  const text = fields.includes('tags')
    ? withField(textIn(repo, path), { key: 'tags', value, after }, 'yaml')
    : textIn(repo, path);
  const edited = withFile(repo, path, text);
  if (!fields.includes('document')) return edited;
  return withDocument(edited, { key: 'document', path }, { before: old.document, after: live.document, naming });
};

/** A file of its own. */
export const withNewRole = (repo: Repo, written: WrittenRole, naming: PolicyNaming): Repo => {
  const others = typedIn(repo, 'role').map(({ value }) => value.role);
  const path = freePath(repo, 'access/roles', baseFor(written.role.name, others, 'role'));
  return withFile(repo, `${path}.yaml`, roleFileText(written, naming));
};

export const withNewCustomerPolicy = (repo: Repo, written: WrittenPolicy, naming: PolicyNaming): Repo => {
  const others = typedIn(repo, 'policy').map(({ value }) => value.policy);
  const base = freePath(repo, 'access/policies', baseFor(written.policy.name, others, 'policy'));
  const { document } = written.policy;
  if (!isLong(document)) return withFile(repo, `${base}.yaml`, customerPolicyText(written, naming));
  const text = customerPolicyText(written, { ...naming, file: `${posix.basename(base)}.json` });
  return withFile(withFile(repo, `${base}.yaml`, text), `${base}.json`, documentJson(document, naming.accounts));
};
