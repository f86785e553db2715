/** Roles and customer policies adopted: what differs in some accounts of a file gets a file of its own. */
import {
  accountsReached,
  fileFor,
  inAccountFiles,
  splitOff,
  withAccounts,
  withCustomerPolicy,
  withNewCustomerPolicy,
  withNewRole,
  withRole,
  withoutAccounts,
} from '../edit/in-account.ts';
import type { Repo } from '../edit/repo.ts';
import { waysInSaid } from '../write/trust.ts';
import { grouped } from '../../model/lists.ts';
import type { CustomerPolicy, Key, Resource, Role, State } from '../../model/resource.ts';
import { keyOf, resourcesOf } from '../../model/resource.ts';
import type { WrittenPolicy, WrittenRole, WrittenTarget, WrittenWaysIn } from '../../model/written.ts';
import { saysTheSame } from '../adoption.ts';
import { foldedTarget, treeOf } from '../fold.ts';
import { isEntryRole, writtenPolicies, writtenRoles } from '../written-roles.ts';
import { understood } from './editing.ts';
import type { Editor } from './editing.ts';
import { UserError } from '../../model/problem.ts';
import { RefusedAdoption } from './refused-adoption.ts';

type Ours = Role | CustomerPolicy;
const isOurs = (resource: Resource | undefined): resource is Ours =>
  resource?.kind === 'role' || resource?.kind === 'policy';

/** The same in some accounts, as AWS has it; `trust` is of roles. */
type AdoptedGroup = {
  readonly keys: readonly Key[];
  readonly live: Ours;
  readonly written: WrittenRole | WrittenPolicy;
};

const refuse = (key: Key, reason: string): never => {
  throw new RefusedAdoption(reason, key);
};

const waysInOf = (role: Role, { editing }: Editor): WrittenWaysIn => {
  const key = keyOf(role);
  if (isEntryRole(role))
    return refuse(key, 'by it the reconciler reads and writes, and a change to it would be made through it');
  const [accountId = ''] = [...editing.naming.accounts].find(([, name]) => name === role.account) ?? [];
  return waysInSaid(role.trust, { accountId, names: editing.naming.accounts });
};

const groupsOf = (wanted: State, target: (accounts: readonly string[]) => WrittenTarget, from: Editor) => {
  const trusts = new Map(resourcesOf(wanted, 'role').map((role) => [keyOf(role), waysInOf(role, from)]));
  return [
    ...writtenPolicies(wanted, target).map((written): AdoptedGroup => ({
      keys: written.keys,
      live: written.policy,
      written,
    })),
    ...writtenRoles(wanted, { trusts, target }).map((written): AdoptedGroup => ({
      keys: written.keys,
      live: written.role,
      written,
    })),
  ];
};

const accountsIn = (keys: readonly Key[], state: State): readonly string[] =>
  keys.map((key) => (state[key] as Ours).account).sort();

/** Whether the files then say of these keys what AWS has. */
const says = (repo: Repo, keys: readonly Key[], { input, editing }: Editor): boolean => {
  try {
    const { state } = understood(repo, input);
    return keys.every((key) => saysTheSame(state[key], editing.live[key]));
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
};

/** Named in a file that says the same of other accounts already. */
const joined = (repo: Repo, { live, keys }: AdoptedGroup, from: Editor): Repo | undefined => {
  for (const { file } of inAccountFiles(repo, live, from.editing.today)) {
    const wider = withAccounts(repo, file.path, accountsIn(keys, from.editing.live));
    if (wider !== undefined && says(wider, keys, from)) return wider;
  }
  return undefined;
};

const asNew = (repo: Repo, { written }: AdoptedGroup, { editing: { naming } }: Editor): Repo =>
  'role' in written ? withNewRole(repo, written, naming) : withNewCustomerPolicy(repo, written, naming);

type GroupPlace = { readonly path: string; readonly group: AdoptedGroup };

const inPlace = (repo: Repo, { path, group }: GroupPlace, { editing }: Editor): Repo => {
  const { naming, desired } = editing;
  const { live, written } = group;
  const before = desired.state[group.keys[0] ?? ''];
  if (live.kind === 'role' && before?.kind === 'role' && 'role' in written)
    return withRole(repo, { path, before, live, waysIn: written.waysIn, naming });
  if (live.kind === 'policy' && before?.kind === 'policy')
    return withCustomerPolicy(repo, { path, before, live, naming });
  return repo;
};

/** In its file where that speaks of no other account; else in one that says the same already, or in a copy of its own. */
const changed = (repo: Repo, { path, group }: GroupPlace, from: Editor): Repo => {
  const file = inAccountFiles(repo, group.live, from.editing.today).find((one) => one.file.path === path);
  const accounts = accountsIn(group.keys, from.editing.live);
  const isWhole = file !== undefined && accountsReached(repo, file).every((name) => accounts.includes(name));
  const elsewhere = joined(withoutAccounts(repo, path, accounts), group, from);
  if (elsewhere !== undefined) return elsewhere;
  if (isWhole) return inPlace(repo, { path, group }, from);
  const split = splitOff(repo, path, accounts);
  return inPlace(split.repo, { path: split.path, group }, from);
};

const pathOf = (repo: Repo, key: Key, { editing }: Editor): string => {
  const said = editing.desired.state[key] as Ours;
  return fileFor(repo, said, editing.today)?.file.path ?? refuse(key, 'no file of today declares it');
};

const changedGroups = (repo: Repo, groups: readonly AdoptedGroup[], from: Editor): Repo => {
  const { state } = from.editing.desired;
  const places = groups.flatMap((group) => {
    const known = group.keys.filter((key) => state[key] !== undefined);
    return [...grouped(known, (key) => pathOf(repo, key, from))].map(([path, keys]) => ({
      path,
      group: { ...group, keys, live: from.editing.live[keys[0] ?? ''] as Ours },
    }));
  });
  return places.reduce((next, place) => changed(next, place, from), repo);
};

const addedGroups = (repo: Repo, groups: readonly AdoptedGroup[], from: Editor): Repo =>
  groups.reduce((next, group) => joined(next, group, from) ?? asNew(next, group, from), repo);

const pick = (state: State, keys: readonly Key[]): State =>
  Object.fromEntries(
    keys.flatMap((key) => {
      const resource = state[key];
      return isOurs(resource) ? [[key, resource] as const] : [];
    }),
  );

/** With the roles and customer policies among the keys as AWS has them. Throws UserError for one that no file can say. */
export const withInAccount = (repo: Repo, keys: readonly Key[], from: Editor): Repo => {
  const { live, desired, today } = from.editing;
  const said = desired.state;
  const differing = keys.filter((key) => isOurs(live[key] ?? said[key]) && !saysTheSame(said[key], live[key]));
  const gone = differing.filter((key) => live[key] === undefined);
  const without = gone.reduce((next, key) => {
    const resource = said[key] as Ours;
    const path = fileFor(next, resource, today)?.file.path;
    return path === undefined
      ? refuse(key, 'no file of today declares it')
      : withoutAccounts(next, path, [resource.account]);
  }, repo);
  const spelled = (accounts: readonly string[]): WrittenTarget => ({ accounts: [...accounts].sort() });
  const known = differing.filter((key) => live[key] !== undefined && said[key] !== undefined);
  const fresh = differing.filter((key) => live[key] !== undefined && said[key] === undefined);
  const edited = changedGroups(without, groupsOf(pick(live, known), spelled, from), from);
  if (fresh.length === 0) return edited;
  const tree = treeOf(understood(edited, from.input));
  const target = from.input.fold === 'fold' ? (accounts: readonly string[]) => foldedTarget(accounts, tree) : spelled;
  return addedGroups(edited, groupsOf(pick(live, fresh), target, from), from);
};

/** A role or policy that an edit of something else has given to an account, or taken from it, as it was before. */
export const putBack = (repo: Repo, key: Key, from: Editor): Repo | undefined => {
  const { desired, today } = from.editing;
  const was = desired.state[key];
  const now = understood(repo, from.input).state[key];
  if (isOurs(now) && was === undefined) {
    const path = fileFor(repo, now, today)?.file.path;
    return path === undefined ? undefined : withoutAccounts(repo, path, [now.account]);
  }
  if (!isOurs(was) || now !== undefined) return undefined;
  for (const { file } of inAccountFiles(repo, was, today)) {
    const wider = withAccounts(repo, file.path, [was.account]);
    if (wider !== undefined && saysTheSame(understood(wider, from.input).state[key], was)) return wider;
  }
  return undefined;
};
