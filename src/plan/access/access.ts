/** What a plan does to people: who gains, loses or has otherwise, where. */
import { common, hashOf, includesBits, sameBits, union, without } from '../../evaluate/reach/bits.ts';
import type { Bits } from '../../evaluate/reach/bits.ts';
import { deltaOf, isNoDelta } from '../../evaluate/reach/delta.ts';
import type { Delta } from '../../evaluate/reach/delta.ts';
import { reachOver } from '../../evaluate/reach/reach.ts';
import type { Role } from '../../evaluate/reach/reach.ts';
import type { AccessChange } from '../../model/plan.ts';
import type { Key, Kind, Resource, Role as IamRole, State } from '../../model/resource.ts';
import { blockedIn } from './blocked.ts';
import { itemizer } from './items.ts';
import type { Itemizer } from './items.ts';
import { documentsIn, sideOf } from './side.ts';
import type { Knowledge, Place, Side } from './side.ts';
import { judged, marksOf } from './risk-access.ts';
import type { AccountKind, Judgment, Marks } from './risk-access.ts';

/** A difference with what the judgment of single changes needs: the actions as bits. */
export type AccessRow = { readonly change: AccessChange; readonly delta: Delta };

/** How much it could hurt if somebody came to have all that these give, after. */
export type Ratings = {
  readonly ofRole: (role: IamRole) => Judgment;
  readonly ofSet: (permissionSet: string, account: string) => Judgment;
};

export type Access = { readonly rows: readonly AccessRow[]; readonly marks: Marks; readonly ratings: Ratings };

export type AccessContext = {
  readonly knowledge: Knowledge;
  readonly place: Place;
  readonly isProduction: (account: string) => boolean;
  /** Where Identity Center and the organization can be written: the management account and its delegate. */
  readonly isManagement: (account: string) => boolean;
  /** ISO 8601. */
  readonly now: string;
};

/** Between two states of one organization. Sorted by principal, then by account. */
export const accessBetween = (before: State, after: State, context: AccessContext): Access => {
  const { knowledge, place } = context;
  const tracks = trackedIn(before, after);
  const documents = [before, after].flatMap((state) => documentsIn(state, knowledge.policies, tracks));
  const reach = reachOver(knowledge.actions, new Set(documents));
  const sides = [before, after].map((state) => sideOf(state, { reach, policies: knowledge.policies, place, tracks }));
  const [old, next] = sides as [Side, Side];
  const marks = marksOf(reach.universe, context.now);
  const compare = comparing(reach.universe.size);
  const teller: Teller = { context, marks, items: itemizer(reach.universe, marks.sensitive), told: new Map() };
  const pairs = differences({ before: old, after: next, compare });
  return { rows: pairs.flatMap((pair) => rowsFor(teller, pair)), marks, ratings: ratingsOf(next, marks, context) };
};

const nothing: Judgment = { risk: 'low', reasons: [] };

const ratingsOf = (side: Side, marks: Marks, context: AccessContext): Ratings => {
  const rated = (role: Role | undefined, account: string): Judgment => {
    if (role === undefined) return nothing;
    const delta = deltaOf([], [role], marks.universe.size);
    return judged(marks, { delta, before: [], after: [role], place: kindOf(context, account) });
  };
  return {
    ofRole: (role) => rated(side.ofRole(role), role.account),
    ofSet: (permissionSet, account) => rated(side.role(permissionSet, account), account),
  };
};

/** What can change what a role may do without a change of its own. */
const around: readonly Kind[] = ['scp', 'rcp', 'attachment', 'policy-type', 'account', 'policy'];

/**
 * Roles that change and, where something around them does, those that are ours: of the others nobody needs to be told, and
 * they are many.
 */
const trackedIn = (before: State, after: State): ((key: Key) => boolean) => {
  const kindOf = (key: Key): Kind | undefined => (before[key] ?? after[key])?.kind;
  const changed = [...Object.keys(before), ...Object.keys(after)].filter((key) => before[key] !== after[key]);
  const isOurs = (resource: Resource | undefined): boolean => resource?.kind === 'role' && resource.owner !== undefined;
  const allOfOurs = changed.some((key) => around.some((kind) => kind === kindOf(key)));
  const roles = new Set(changed);
  return (key) => roles.has(key) || (allOfOurs && [before[key], after[key]].some(isOurs));
};

type Families = ReadonlyMap<string, readonly Role[]>;
/** The same roles before and after give the same object, whoever holds them wherever. */
type Compared = {
  readonly before: readonly Role[];
  readonly after: readonly Role[];
  readonly delta: Delta;
  /** The first that says the same. */
  readonly like: Delta;
};
type Compare = (before: readonly Role[], after: readonly Role[]) => Compared | undefined;

const comparing = (size: number): Compare => {
  const known = new Map<string, Compared>();
  const alike = likenesses();
  const idsOf = (roles: readonly Role[]): string => roles.map(({ id }) => id).join();
  return (before, after) => {
    const [old, next] = [idsOf(before), idsOf(after)];
    if (old === next) return undefined;
    const made = known.get(`${old}|${next}`) ?? { before, after, ...alike(deltaOf(before, after, size)) };
    known.set(`${old}|${next}`, made);
    return isNoDelta(made.delta) ? undefined : made;
  };
};

/** Every difference with the first one that says the same, whatever lies behind it. */
const likenesses = (): ((delta: Delta) => Pick<Compared, 'delta' | 'like'>) => {
  const buckets = new Map<string, { readonly delta: Delta; readonly parts: readonly Bits[] }[]>();
  return (delta) => {
    const parts = partsOf(delta);
    const key = parts.map(hashOf).join();
    const bucket = buckets.get(key) ?? [];
    buckets.set(key, bucket);
    const like = bucket.find((one) => one.parts.every((part, at) => sameBits(part, parts[at] ?? part)));
    if (like === undefined) bucket.push({ delta, parts });
    return { delta, like: like?.delta ?? delta };
  };
};

/** All that is said: the certain part is gained and changed after, lost before. */
const partsOf = ({ gained, lost, changed, narrowed, before, after }: Delta): readonly Bits[] => [
  gained,
  lost,
  changed,
  narrowed,
  union(common(union(gained, changed), after.certain), common(lost, before.certain)),
];

/** What the principals hold together, by account: distinct roles in the order of their numbers. */
const familiesOf = (side: Side, principals: readonly string[]): Families => {
  const families = new Map<string, Set<Role>>();
  for (const who of principals) {
    for (const [account, role] of side.roles.get(who) ?? [])
      families.set(account, (families.get(account) ?? new Set<Role>()).add(role));
    for (const [account, sets] of side.holdings.get(who) ?? []) {
      const roles = families.get(account) ?? new Set<Role>();
      families.set(account, roles);
      for (const set of sets) {
        const role = side.role(set, account);
        if (role !== undefined) roles.add(role);
      }
    }
  }
  return new Map([...families].map(([account, roles]) => [account, [...roles].sort((a, b) => a.id - b.id)]));
};

type Sides = { readonly before: Side; readonly after: Side; readonly compare: Compare };
type Difference = {
  readonly principal: string;
  readonly people: { readonly before: number; readonly after: number };
  readonly accounts: ReadonlyMap<string, Compared>;
};

const between = ({ compare }: Sides, before: Families, after: Families): ReadonlyMap<string, Compared> => {
  const found = new Map<string, Compared>();
  for (const account of new Set([...before.keys(), ...after.keys()])) {
    const compared = compare(before.get(account) ?? [], after.get(account) ?? []);
    if (compared !== undefined) found.set(account, compared);
  }
  return found;
};

/** Groups and users by what they are assigned themselves; users who join or leave a group, by all they then have. */
const differences = (sides: Sides): readonly Difference[] => {
  const movers = new Set(moversIn(sides));
  const holders = new Set(
    [sides.before, sides.after].flatMap(({ holdings, roles }) => [...holdings.keys(), ...roles.keys()]),
  );
  const own = [...holders].filter((who) => !movers.has(who)).map((who) => ofHolder(sides, who));
  const byName = new Map(own.map((each) => [each.principal, each]));
  const moved = [...movers].map((user) => ofMover(sides, user, byName));
  return [...own, ...moved]
    .filter(({ accounts }) => accounts.size > 0)
    .sort((a, b) => (a.principal < b.principal ? -1 : 1));
};

/** A role is nobody by itself. */
const countOf = (side: Side, who: string): number => {
  if (who.startsWith('role:')) return 0;
  return who.startsWith('group:') ? (side.members.get(who)?.length ?? 0) : 1;
};

const ofHolder = (sides: Sides, who: string): Difference => ({
  principal: who,
  people: { before: countOf(sides.before, who), after: countOf(sides.after, who) },
  accounts: between(sides, familiesOf(sides.before, [who]), familiesOf(sides.after, [who])),
});

const groupsOf = (side: Side, user: string): readonly string[] => side.groups.get(user) ?? [];

const moversIn = ({ before, after }: Sides): readonly string[] =>
  [...new Set([...before.groups.keys(), ...after.groups.keys()])].filter((user) => {
    const [old, next] = [groupsOf(before, user), groupsOf(after, user)];
    return old.length !== next.length || old.some((group) => !next.includes(group));
  });

/** What the row of a group that was joined or left says already is not said again for each of its people. */
const ofMover = (sides: Sides, user: string, byName: ReadonlyMap<string, Difference>): Difference => {
  const [old, next] = [groupsOf(sides.before, user), groupsOf(sides.after, user)];
  const found = between(sides, familiesOf(sides.before, [user, ...old]), familiesOf(sides.after, [user, ...next]));
  const groups = [...new Set([...old, ...next])].flatMap((group) => byName.get(group) ?? []);
  const said = ([account, { delta }]: readonly [string, Compared]): boolean =>
    groups.some(({ accounts }) => {
      const other = accounts.get(account)?.delta;
      return other !== undefined && saysAll(other, delta);
    });
  return {
    principal: user,
    people: { before: 1, after: 1 },
    accounts: new Map([...found].filter((entry) => !said(entry))),
  };
};

const saysAll = (one: Delta, other: Delta): boolean =>
  includesBits(one.gained, other.gained) &&
  includesBits(one.lost, other.lost) &&
  includesBits(one.changed, other.changed) &&
  includesBits(without(one.changed, one.narrowed), without(other.changed, other.narrowed));

type Told = Pick<AccessChange, 'gained' | 'lost' | 'changed' | 'risk' | 'riskReasons' | 'blocked'>;
type Teller = {
  readonly context: AccessContext;
  readonly marks: Marks;
  readonly items: Itemizer;
  readonly told: Map<Compared, Map<AccountKind, Told>>;
};

const kindOf = ({ isManagement, isProduction }: AccessContext, account: string): AccountKind => {
  if (isManagement(account)) return 'management';
  return isProduction(account) ? 'production' : 'elsewhere';
};

/** One row for all accounts that say the same and are alike in being production or not. */
const rowsFor = (teller: Teller, { principal, people, accounts }: Difference): readonly AccessRow[] => {
  const alike: { readonly kind: AccountKind; readonly compared: Compared; readonly names: string[] }[] =
    [];
  for (const [name, compared] of [...accounts].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const kind = kindOf(teller.context, name);
    const row = alike.find((one) => one.kind === kind && one.compared.like === compared.like);
    if (row === undefined) alike.push({ kind, compared, names: [name] });
    else row.names.push(name);
  }
  return alike.map(({ kind, compared, names }) => {
    const told = toldOf(teller, compared, kind);
    const count = told.gained.length + told.changed.length > 0 ? people.after : people.before;
    return { change: { principal, people: count, accounts: names, ...told }, delta: compared.delta };
  });
};

const toldOf = (teller: Teller, compared: Compared, kind: AccountKind): Told => {
  const byKind = teller.told.get(compared) ?? new Map<AccountKind, Told>();
  teller.told.set(compared, byKind);
  const told = byKind.get(kind) ?? tell(teller, compared, judged(teller.marks, { ...compared, place: kind }));
  byKind.set(kind, told);
  return told;
};

const tell = ({ items, marks }: Teller, { before, after, delta }: Compared, { risk, reasons }: Judgment): Told => {
  const blocked = blockedIn(marks, before, after);
  return {
    gained: items.items(delta.gained, delta.after.certain),
    lost: items.items(delta.lost, delta.before.certain),
    changed: [
      ...items.items(without(delta.changed, delta.narrowed), delta.after.certain),
      ...items.items(delta.narrowed, delta.after.certain).map((item) => ({ ...item, narrower: true as const })),
    ],
    risk,
    riskReasons: reasons,
    ...(blocked.length === 0 ? {} : { blocked }),
  };
};
