/** What AWS has, in the words of the files. */
import { isFullAccess } from '../plan/situation/situation.ts';
import type { QuotaName } from '../model/quotas.ts';
import { controlPolicyTypes, fixedPolicies } from '../kinds/control-policies.ts';
import { grouped } from '../model/lists.ts';
import {
  controlKinds,
  controlPoliciesOf,
  decodeName,
  grantsOf,
  groupKey,
  keyOf,
  parentPath,
  resourcesOf,
} from '../model/resource.ts';
import type {
  Account,
  Attachment,
  ControlKind,
  Grant,
  Key,
  Membership,
  Resource,
  State,
  Target,
} from '../model/resource.ts';
import { quotas } from '../model/quotas.ts';
import type {
  WrittenRepository,
  WrittenAssignment,
  WrittenBinding,
  WrittenGroup,
  WrittenOu,
  WrittenSettings,
  WrittenTarget,
  WrittenUser,
} from '../model/written.ts';
import { writtenGivenOf } from './edit/assignments.ts';
import { givenEntry } from './write/targets.ts';
import { foldTree, foldedTarget, ouWord, spelledOut } from './fold.ts';
import type { FoldTree } from './fold.ts';
import { writtenPolicies, writtenRoles } from './written-roles.ts';
import type { RoleTrusts } from './written-roles.ts';

export type Fold = 'fold' | 'no-fold';
export type WritingInput = {
  /** Only what is said. */
  readonly state: State;
  readonly managementAccountId: string;
  readonly settings: Omit<WrittenSettings, 'quotas'>;
  readonly fold: Fold;
  readonly trusts: RoleTrusts;
  /** Groups whose members are not taken: see Live.doubtfulGroups. */
  readonly doubtful: ReadonlySet<string>;
};

type WritingContext = WritingInput & { readonly management: Account; readonly tree: FoldTree };

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const by =
  <T>(text: (item: T) => string) =>
  (a: T, b: T): number =>
    byText(text(a), text(b));

const treeOf = ({ state, management }: Pick<WritingContext, 'state' | 'management'>): WrittenOu => {
  const accounts = resourcesOf(state, 'account').filter(({ id }) => id !== management.id);
  const accountsIn = grouped(accounts, ({ parent }) => parent);
  const ousIn = grouped(resourcesOf(state, 'ou'), ({ path }) => parentPath(path));
  const node = (path: string): WrittenOu => ({
    name: decodeName(path.split('/').at(-1) ?? ''),
    accounts: (accountsIn.get(path) ?? []).map(({ name, id }) => ({ name, id })).sort(by(({ name }) => name)),
    ous: (ousIn.get(path) ?? []).map((ou) => node(ou.path)).sort(by(({ name }) => name)),
  });
  return node('');
};

const targetOf = (names: readonly string[], { tree, fold }: WritingContext): WrittenTarget =>
  fold === 'fold' ? foldedTarget(names, tree) : spelledOut(names, tree);

/** Permission sets first. */
const written = (grants: readonly Grant[], writing: WritingContext): readonly WrittenAssignment[] =>
  [...grouped(grants, (grant) => givenEntry(writtenGivenOf(grant)).join(' '))]
    .sort(by(([name]) => name))
    .flatMap(([, same]) => {
      const [first] = same;
      const accounts = same.map(({ account }) => account);
      return first === undefined ? [] : [{ ...writtenGivenOf(first), ...targetOf(accounts, writing) }];
    });

/** One member who cannot be named, and the list would be a wrong one: then the members are not managed. */
const membersOf = (name: string, members: readonly Membership[], said: State): readonly string[] | undefined => {
  if (members.some((one) => said[keyOf(one)] === undefined)) return undefined;
  return members.map(({ user }) => user).sort(byText);
};

const groupsOf = (writing: WritingContext, live: State): readonly WrittenGroup[] => {
  const { state } = writing;
  const assignments = grantsOf(state).filter(({ principal }) => principal.type === 'group');
  const given = grouped(assignments, ({ principal }) => principal.name);
  const people = grouped(resourcesOf(live, 'membership'), ({ group }) => group);
  return resourcesOf(state, 'group')
    .map((group): WrittenGroup => {
      const members = membersOf(group.name, people.get(group.name) ?? [], state);
      const isDoubtful = writing.doubtful.has(group.name);
      const isManaged = group.source !== 'external' && members !== undefined && !isDoubtful;
      return {
        group,
        ...(isManaged ? { members } : { unsaid: isDoubtful ? ('doubtful' as const) : ('nameless' as const) }),
        assignments: written(given.get(group.name) ?? [], writing),
      };
    })
    .sort(by(({ group }) => groupKey(group.name)));
};

const usersOf = (writing: WritingContext): readonly WrittenUser[] => {
  const assignments = grantsOf(writing.state).filter(({ principal }) => principal.type === 'user');
  return [...grouped(assignments, ({ principal }) => principal.name)]
    .map(([user, own]) => ({ user, assignments: written(own, writing) }))
    .sort(by(({ user }) => user));
};

/**
 * FullAWSAccess is wanted on every target as soon as one SCP is declared; where it is not, that is said. Where nothing is
 * left that could be said to hang there instead, nothing is said either: the plan tells what that comes to.
 */
const bindingOf = (place: string, hanging: readonly Attachment[], usesScps: 'scps' | 'none'): WrittenBinding => ({
  place,
  policies: hanging
    .filter((one) => !isFullAccess(one))
    .map(({ policy }) => policy.name)
    .sort(byText),
  fullAwsAccess:
    usesScps === 'scps' && !hanging.some(isFullAccess) && hanging.some(({ policy }) => policy.kind === 'scp')
      ? 'taken'
      : 'kept',
});

const bindingsOf = ({ state }: WritingContext): WrittenRepository['bindings'] => {
  const usesScps = resourcesOf(state, 'scp').length > 0 ? 'scps' : 'none';
  const hanging = grouped(resourcesOf(state, 'attachment'), ({ target }) => JSON.stringify(target));
  const on = (target: Target, place: string): WrittenBinding =>
    bindingOf(place, hanging.get(JSON.stringify(target)) ?? [], usesScps);
  const ous = [...resourcesOf(state, 'ou')].sort(by(({ path }) => path));
  const accounts = [...resourcesOf(state, 'account')].sort(by(({ name }) => name));
  return {
    ous: [on({ type: 'root' }, 'Root'), ...ous.map(({ path }) => on({ type: 'ou', path }, ouWord(path)))].filter(
      ({ policies }) => policies.length > 0,
    ),
    accounts: accounts
      .map(({ name }) => on({ type: 'account', name }, name))
      .filter(({ policies }) => policies.length > 0),
  };
};

const largest = (counts: Iterable<number>): number => [...counts].reduce((most, count) => Math.max(most, count), 0);
const countsOf = <T>(items: readonly T[], key: (item: T) => string): readonly number[] =>
  [...grouped(items, key).values()].map(({ length }) => length);

const defaultQuota = (name: string): number => (name in quotas ? quotas[name as QuotaName] : 0);

/** AWS raises some quotas on request: what is above the default must have been raised. */
const quotasOf = (state: State): Readonly<Record<string, number>> => {
  const attachments = resourcesOf(state, 'attachment');
  const perTarget = (kind: ControlKind): number =>
    fixedPolicies(kind).length +
    largest(
      countsOf(
        attachments.filter(({ policy }) => policy.kind === kind),
        ({ target }) => JSON.stringify(target),
      ),
    );
  const assignments = resourcesOf(state, 'assignment');
  const groups = assignments.filter(({ principal }) => principal.type === 'group');
  const pairs = [...new Set(assignments.map(({ account, permissionSet }) => JSON.stringify([account, permissionSet])))];
  const sets = resourcesOf(state, 'permission-set');
  const byTarget = controlKinds.flatMap((kind) => {
    const name = controlPolicyTypes[kind].quotas.perTarget;
    return name === undefined ? [] : [[name, perTarget(kind)] as const];
  });
  const found = {
    // Several types share a quota.
    ...Object.fromEntries(byTarget.toSorted(([, one], [, other]) => one - other)),
    groupsPerSetAndAccount: largest(
      countsOf(groups, ({ account, permissionSet }) => JSON.stringify([account, permissionSet])),
    ),
    permissionSetsPerAccount: largest(countsOf(pairs, (pair) => (JSON.parse(pair) as [string])[0])),
    groupsPerRole: largest(
      countsOf(
        resourcesOf(state, 'entitlement').filter(({ principal }) => principal.type === 'group'),
        ({ account, role }) => JSON.stringify([account, role]),
      ),
    ),
    permissionSets: sets.length,
    policiesPerPermissionSet: largest(
      sets.map((set) => set.managedPolicies.length + set.customerManagedPolicies.length),
    ),
  };
  return Object.fromEntries(Object.entries(found).filter(([name, count]) => count > defaultQuota(name)));
};

const namedLike = <R extends Resource & { readonly name: string }>(resources: readonly R[]): readonly R[] =>
  [...resources].sort(by(({ name }) => name));

/** `live` is the whole of it: a group of which one member cannot be said has no list of members. */
export const writtenOf = (input: WritingInput, live: State): WrittenRepository => {
  const { state } = input;
  const accounts = resourcesOf(state, 'account');
  const management = accounts.find(({ id }) => id === input.managementAccountId);
  if (management === undefined) throw new Error('the management account is not among the accounts that were read');
  const tree = foldTree({
    accounts: accounts.filter(({ id }) => id !== management.id),
    management: management.name,
    ous: resourcesOf(state, 'ou').map(({ path }) => path),
  });
  const writing: WritingContext = { ...input, management, tree };
  const target = (names: readonly string[]): WrittenTarget => targetOf(names, writing);
  return {
    management: { name: management.name, id: management.id },
    root: treeOf(writing),
    groups: groupsOf(writing, live),
    users: usersOf(writing),
    permissionSets: namedLike(resourcesOf(state, 'permission-set')),
    controlPolicies: namedLike(controlPoliciesOf(state)),
    roles: writtenRoles(state, { trusts: input.trusts, target }),
    policies: writtenPolicies(state, target),
    resources: [...resourcesOf(state, 'resource-policy')].sort(by(({ resource }) => resource)),
    bindings: bindingsOf(writing),
    settings: { ...input.settings, quotas: quotasOf(state) },
    tests: [],
  };
};

/** What is said of a state: everything but what is left out. */
export const withoutLeftOut = (state: State, leftOut: ReadonlyMap<Key, string>): State =>
  Object.fromEntries(Object.entries(state).filter(([key]) => !leftOut.has(key)));
