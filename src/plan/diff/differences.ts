/** What differs, resource by resource, before any order. */
import type { HeldReason } from '../../model/held.ts';
import { changedFields } from '../../kinds/equal.ts';
import { resourceOfArn } from '../../kinds/resource-policies.ts';
import type { Coverage, Unmanaged } from '../../model/plan.ts';
import type { Key, Kind, Resource, State } from '../../model/resource.ts';
import { groupKey, keyOf, resourcesOf } from '../../model/resource.ts';
import { policiesIn, policyUsers } from './customer-policies.ts';
import type { ResourceDifference } from './difference.ts';
import { keepingLastPolicies } from './last-policy.ts';
import { mentions, namedBy } from '../situation/mentions.ts';
import type { KeyIndex } from '../situation/mentions.ts';
import { claimed, fateOf, scopeKey } from './ownership.ts';
import { countedBy, eachOnce } from '../situation/account-classes.ts';
import type { CountAccounts } from '../situation/account-classes.ts';
import type { Situation } from '../situation/situation.ts';
import { isFullAccess } from '../situation/situation.ts';

export type Differences = {
  readonly changes: readonly ResourceDifference[];
  readonly unmanaged: readonly Unmanaged[];
  readonly coverage: readonly Coverage[];
};

/** A synced group that is declared as ours differs, so that it is held and its reason is seen. */
const isSame = (before: Resource, after: Resource): boolean =>
  changedFields(before, after).length === 0 &&
  !(before.kind === 'group' && after.kind === 'group' && before.source === 'external' && after.source !== 'external');

/**
 * A member who cannot be found may be the one who would be removed, under another name. What a date or `state: absent` ends
 * goes all the same.
 */
const mayBeAnother = (
  { ended, missingMembers, absent }: Situation,
  key: Key,
  before: Resource | undefined,
): HeldReason | undefined => {
  if (before?.kind !== 'membership' || absent.has(groupKey(before.group))) return undefined;
  const user = missingMembers.get(before.group);
  if (user === undefined || ended.has(key)) return undefined;
  return { is: 'maybe-another', user };
};

/** A role is never edited into another path (IAM has no call for it), and made anew it would lose whom others trust. */
const immovable = (before: Resource | undefined, after: Resource): HeldReason | undefined =>
  before?.kind === 'role' && after.kind === 'role' && before.path !== after.path
    ? { is: 'fixed-path', before: before.path, after: after.path }
    : undefined;

/** Of some services the policies are judged and compared, and written elsewhere. */
const readOnly = (resource: Resource): HeldReason | undefined => {
  const named = resource.kind === 'resource-policy' ? resourceOfArn(resource.resource) : undefined;
  return named === undefined || named.written ? undefined : { is: 'read-only', word: named.word };
};

/** Neither case nor path tells names of one account apart (IAM CreateRole, CreatePolicy). */
const takenName = (current: State, after: Resource): HeldReason | undefined => {
  if ((after.kind !== 'role' && after.kind !== 'policy') || current[keyOf(after)] !== undefined) return undefined;
  const other = namesakes(current).get(`${after.kind} ${after.account} ${after.name.toLowerCase()}`);
  return other === undefined ? undefined : { is: 'taken-name', by: other };
};

const known = new WeakMap<State, ReadonlyMap<string, Key>>();

const namesakes = (state: State): ReadonlyMap<string, Key> => {
  const names =
    known.get(state) ??
    new Map(
      [...resourcesOf(state, 'role'), ...resourcesOf(state, 'policy')].map(
        (one) => [`${one.kind} ${one.account} ${one.name.toLowerCase()}`, keyOf(one)] as const,
      ),
    );
  known.set(state, names);
  return names;
};

/** Without attributes, Identity Center does what it does where they were never configured. */
const isNothing = (after: Resource): boolean =>
  after.kind === 'access-attributes' && Object.keys(after.attributes).length === 0;

const isUnread = ({ live }: Situation, key: Key): boolean => live.unread.some(({ scope }) => scope === key);

const wantedDifference = (situation: Situation, key: Key): readonly ResourceDifference[] => {
  const before = situation.current[key];
  const after = claimed(situation, key, situation.wanted[key] as Resource);
  if (before === undefined ? isNothing(after) && !isUnread(situation, key) : isSame(before, after)) return [];
  const held = immovable(before, after) ?? takenName(situation.current, after) ?? readOnly(after);
  return [{ key, before, after, ...(held === undefined ? {} : { held }) }];
};

/** Deepest first, so that an OU is judged after the OUs in it. */
const innermostFirst = (a: ResourceDifference, b: ResourceDifference): number =>
  b.key.split('/').length - a.key.split('/').length || (a.key < b.key ? -1 : 1);

const stays = (state: State, gone: ReadonlySet<Key>, key: Key): boolean => {
  const resource = state[key];
  return resource !== undefined && !gone.has(key) && !isFullAccess(resource) && resource.kind !== 'membership';
};

type Final = { readonly state: State; readonly index: KeyIndex };

/** Sets name a customer policy for each account where they are assigned. */
const assignedSets = ({ state }: Final, gone: ReadonlySet<Key>, key: Key): readonly Key[] => {
  if (state[key]?.kind !== 'policy') return [];
  const left = Object.fromEntries(Object.entries(state).filter(([one]) => !gone.has(one)));
  return policyUsers(left).flatMap(({ key: user, account, resource }) =>
    resource.kind === 'permission-set' && policiesIn(resource, account).includes(key) ? [user] : [],
  );
};

/** What will still name the key when everything that goes has gone. */
const remaining = (final: Final, gone: ReadonlySet<Key>, key: Key): readonly Key[] => [
  ...(final.index.get(key) ?? []).filter((one) => stays(final.state, gone, one)),
  ...assignedSets(final, gone, key),
];

/** Holds back what other people's things still need. */
const judged = (situation: Situation, deletions: readonly ResourceDifference[]): readonly ResourceDifference[] => {
  if (deletions.length === 0) return [];
  const state = { ...situation.current, ...situation.wanted };
  const index = namedBy(state);
  const gone = new Set(deletions.map(({ key }) => key));
  return [...deletions].sort(innermostFirst).map((difference) => {
    const closed = (situation.live.closedWith ?? {})[difference.key] ?? [];
    const left = remaining({ state, index }, gone, difference.key);
    const external = difference.before?.kind === 'group' && difference.before.source === 'external';
    if (left.length === 0 && closed.length === 0 && !external) {
      const held = mayBeAnother(situation, difference.key, difference.before);
      return held === undefined ? difference : { ...difference, held };
    }
    gone.delete(difference.key);
    if (left.length === 0 && closed.length > 0)
      return { ...difference, held: { is: 'closed-accounts', accounts: closed } };
    return external
      ? { ...difference, held: { is: 'external-group' } }
      : { ...difference, held: { is: 'still-used', by: left } };
  });
};

/** Members of a group that is not deleted after all stay, unless its members are managed. */
const withoutSparedMembers = (
  situation: Situation,
  deletions: readonly ResourceDifference[],
): readonly ResourceDifference[] => {
  const spared = new Set(deletions.filter(({ held }) => held !== undefined).map(({ key }) => key));
  return deletions.filter(
    ({ key, before }) =>
      before?.kind !== 'membership' ||
      situation.desired.memberGroups.includes(before.group) ||
      situation.ended.has(key) ||
      !mentions(before).some((key) => spared.has(key)),
  );
};

const heldWhole = (before: Resource | undefined): Pick<ResourceDifference, 'held'> => {
  const held = before === undefined ? undefined : readOnly(before);
  return held === undefined ? {} : { held };
};

const byKey = (a: { readonly key: Key }, b: { readonly key: Key }): number => (a.key < b.key ? -1 : 1);

/** What AWS itself put there (FullAWSAccess, the root of policy types) is nobody's to manage. */
const isCounted = (resource: Resource): boolean => resource.kind !== 'policy-type' && !isFullAccess(resource);

const coverageOf = (current: State, left: ReadonlySet<Key>, countIn: CountAccounts): readonly Coverage[] => {
  const counts = new Map<Kind, { managed: number; total: number }>();
  for (const [key, resource] of Object.entries(current).filter(([, one]) => isCounted(one))) {
    const { managed, total } = counts.get(resource.kind) ?? { managed: 0, total: 0 };
    const count = countedBy(countIn, resource);
    counts.set(resource.kind, { managed: managed + (left.has(key) ? 0 : count), total: total + count });
  }
  return [...counts].map(([kind, count]) => ({ kind, ...count })).sort((a, b) => (a.kind < b.kind ? -1 : 1));
};

const unmanagedThing = ({ wanted }: Situation, key: Key, resource: Resource): Unmanaged => {
  const keeper = scopeKey(resource);
  const isDeclared = keeper !== undefined && wanted[keeper] !== undefined;
  return { kind: resource.kind, key, ...(isDeclared ? { keptBy: keeper } : {}) };
};

/** Every difference by key, and what is nobody's business of ours. */
export const differences = (situation: Situation, countIn: CountAccounts = eachOnce): Differences => {
  const { wanted, current } = situation;
  const undeclared = Object.keys(current).filter((key) => wanted[key] === undefined);
  const fates = undeclared.map((key) => ({ key, fate: fateOf(situation, key, current[key] as Resource) }));
  const deletions = fates
    .filter(({ fate }) => fate === 'delete')
    .map(({ key }) => ({ key, before: current[key], after: undefined, ...heldWhole(current[key]) }));
  const unmanaged = fates
    .filter(({ fate }) => fate === 'unmanaged')
    .map(({ key }) => unmanagedThing(situation, key, current[key] as Resource));
  const gone = withoutSparedMembers(situation, judged(situation, deletions));
  const changes = [...Object.keys(wanted).flatMap((key) => wantedDifference(situation, key)), ...gone].sort(byKey);
  return {
    changes: [...keepingLastPolicies(situation, changes)].sort(byKey),
    unmanaged: [...unmanaged].sort(byKey),
    coverage: coverageOf(current, new Set(fates.flatMap(({ key, fate }) => (fate === 'delete' ? [] : [key]))), countIn),
  };
};
