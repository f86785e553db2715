/** What a plan does to people: who gains, loses or has otherwise, where. */
import { guardRailKinds } from '../../model/resource.ts';
import { common, hashOf, includesBits, noBits, sameBits, union, without } from '../../evaluate/reach/bits.ts';
import { isOfSettings } from '../situation/settings.ts';
import type { Bits } from '../../evaluate/reach/bits.ts';
import { deltaOf, isNoDelta, isOpenedIn } from '../../evaluate/reach/delta.ts';
import type { Delta } from '../../evaluate/reach/delta.ts';
import { reachOver } from '../../evaluate/reach/reach.ts';
import type { ReachableActions } from '../../evaluate/reach/reach.ts';
import type { AccessChange, AccessItem } from '../../model/plan.ts';
import type { Key, Kind, Resource, Role, State } from '../../model/resource.ts';
import type { AccountSample } from '../situation/account-classes.ts';
import { accessSampleOf } from './account-sample.ts';
import { blockedIn } from './blocked.ts';
import { accountKindOf } from './context.ts';
import type { AccessContext } from './context.ts';
import { bearersText, familiesOf, rolesOf } from './families.ts';
import type { Families, Family } from './families.ts';
import { itemizer } from './items.ts';
import type { Itemizer } from './items.ts';
import type { AccountKind, Judgment } from './judgment.ts';
import { marksOf } from './marks.ts';
import type { Marks } from './marks.ts';
import type { Newly } from './newly.ts';
import { raterOf } from './ratings.ts';
import type { Rater, Ratings } from './ratings.ts';
import { judgedAccess } from './risk-access.ts';
import { documentsIn, sideOf } from './side.ts';
import type { AccessSide } from './side.ts';

/** A difference with what the judgment of single changes needs: the actions as bits. */
export type AccessRow = { readonly change: AccessChange; readonly delta: Delta };

/** All that a role gives whoever becomes it; `bound`: no more certain than that they become it. */
type RoleGives = (role: Role, bound: AccessItem['bound']) => readonly AccessItem[];
export type Gives = { readonly before: RoleGives; readonly after: RoleGives };

export type AccessComparison = {
  readonly rows: readonly AccessRow[];
  readonly gives: Gives;
  readonly marks: Marks;
  readonly ratings: Ratings;
};

/** Between two states of one organization. Sorted by principal, then by account. */
export const accessBetween = (before: State, after: State, context: AccessContext): AccessComparison => {
  const { knowledge, place } = context;
  const tracks = trackedIn(before, after);
  const documents = [before, after].flatMap((state) => documentsIn(state, knowledge.policies, tracks));
  const reach = reachOver(knowledge.actions, new Set(documents));
  const sample = accessSampleOf({ states: [before, after], context, reach, documents });
  const side = { reach, policies: knowledge.policies, place, tracks, sample };
  const sides = [before, after].map((state) => sideOf(state, side));
  const [old, next] = sides as [AccessSide, AccessSide];
  const marks = marksOf(reach.universe, context.now);
  const compare = comparing(reach.universe.size);
  const rater = raterOf({ state: before, side: old }, { state: after, side: next }, { marks, context });
  const teller: Teller = {
    context,
    marks,
    sample,
    together: togetherOnce(),
    items: itemizer(reach.universe, marks.sensitive),
    told: new Map(),
  };
  const pairs = differences({ before: old, after: next, compare, newly: rater.newly });
  return {
    rows: pairs.flatMap((pair) => rowsFor(teller, pair)),
    gives: givenBy(old, next, { items: teller.items, size: reach.universe.size }),
    marks,
    ratings: rater.ratings,
  };
};

type Giving = { readonly items: Itemizer; readonly size: number };

/** The same items for roles that give the same. */
const givenBy = (before: AccessSide, after: AccessSide, { items, size }: Giving): Gives => {
  const known = new Map<string, readonly AccessItem[]>();
  const gives =
    (side: AccessSide): RoleGives =>
    (role, bound) => {
      const given = side.ofRole(role);
      if (given === undefined) return [];
      const name = `${given.id} ${bound}`;
      const made = known.get(name) ?? items.items(given.possible, bound === 'certain' ? given.certain : noBits(size));
      known.set(name, made);
      return made;
    };
  return { before: gives(before), after: gives(after) };
};

/** What can change what a role may do without a change of its own. */
const around: readonly Kind[] = [...guardRailKinds, 'attachment', 'policy-type', 'account', 'policy'];

/**
 * Roles that change and, where something around them does, those that are ours: of the others nobody needs to be told, and
 * they are many.
 */
const trackedIn = (before: State, after: State): ((key: Key) => boolean) => {
  const isAround = (key: Key): boolean => {
    const resource = before[key] ?? after[key];
    return resource !== undefined && around.includes(resource.kind) && !isOfSettings(resource);
  };
  const changed = [...Object.keys(before), ...Object.keys(after)].filter((key) => before[key] !== after[key]);
  const isOurs = (resource: Resource | undefined): boolean => resource?.kind === 'role' && resource.owner !== undefined;
  const allOfOurs = changed.some(isAround);
  const roles = new Set(changed);
  return (key) => roles.has(key) || (allOfOurs && [before[key], after[key]].some(isOurs));
};

/** The same roles before and after give the same object, whoever holds them wherever. */
type ComparedRoles = {
  readonly before: readonly ReachableActions[];
  readonly after: readonly ReachableActions[];
  readonly delta: Delta;
  /** The first that says the same. */
  readonly like: Delta;
};

type CompareRoles = (before: readonly ReachableActions[], after: readonly ReachableActions[]) => ComparedRoles;
/** `newly`: the roles that they come to by it. */
type Met = { readonly compared: ComparedRoles; readonly newly: Newly };

const comparing = (size: number): CompareRoles => {
  const known = new Map<string, ComparedRoles>();
  const alike = likenesses();
  const idsOf = (roles: readonly ReachableActions[]): string => roles.map(({ id }) => id).join();
  return (before, after) => {
    const name = `${idsOf(before)}|${idsOf(after)}`;
    const made = known.get(name) ?? { before, after, ...alike(deltaOf(before, after, size)) };
    known.set(name, made);
    return made;
  };
};

/** Every difference with the first one that says the same, whatever lies behind it. */
const likenesses = (): ((delta: Delta) => Pick<ComparedRoles, 'delta' | 'like'>) => {
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

type ComparedSides = {
  readonly before: AccessSide;
  readonly after: AccessSide;
  readonly compare: CompareRoles;
  readonly newly: Rater['newly'];
};

type PrincipalDifference = {
  readonly principal: string;
  readonly people: { readonly before: number; readonly after: number };
  readonly accounts: ReadonlyMap<string, Met>;
};

const metIn = (
  { compare, newly }: ComparedSides,
  account: string,
  [before, after]: readonly [Family, Family],
): Met | undefined => {
  if (isSame(before, after)) return undefined;
  const compared = compare(rolesOf(before), rolesOf(after));
  const met = { compared, newly: newly({ account, before, after, delta: compared.delta }) };
  return isNoDelta(compared.delta) && comesToNone(met.newly) ? undefined : met;
};

const isSame = (before: Family, after: Family): boolean =>
  before.length === after.length &&
  before.every(({ role }, at) => role === after[at]?.role) &&
  bearersText(before) === bearersText(after);

const comesToNone = ({ assumed, passed }: Newly): boolean => assumed.length + passed.length === 0;

const between = (sides: ComparedSides, before: Families, after: Families): ReadonlyMap<string, Met> => {
  const found = new Map<string, Met>();
  for (const account of new Set([...before.keys(), ...after.keys()])) {
    const met = metIn(sides, account, [before.get(account) ?? [], after.get(account) ?? []]);
    if (met !== undefined) found.set(account, met);
  }
  return found;
};

/** Groups and users by what they are assigned themselves; users who join or leave a group, by all they then have. */
const differences = (sides: ComparedSides): readonly PrincipalDifference[] => {
  const movers = new Set(moversIn(sides));
  const holders = new Set(
    [sides.before, sides.after].flatMap(({ holdings, entitled, roles }) => [
      ...holdings.keys(),
      ...entitled.keys(),
      ...roles.keys(),
    ]),
  );
  const own = [...holders].filter((who) => !movers.has(who)).map((who) => ofHolder(sides, who));
  const byName = new Map(own.map((each) => [each.principal, each]));
  const newsOf = newsOfMovers(sides, byName);
  const moved = [...movers].map((user) => ofMover(user, newsOf(user)));
  return [...own, ...moved]
    .filter(({ accounts }) => accounts.size > 0)
    .sort((a, b) => (a.principal < b.principal ? -1 : 1));
};

/** A role is nobody by itself. */
const countOf = (side: AccessSide, who: string): number => {
  if (who.startsWith('role:')) return 0;
  return who.startsWith('group:') ? (side.members.get(who)?.length ?? 0) : 1;
};

const ofHolder = (sides: ComparedSides, who: string): PrincipalDifference => ({
  principal: who,
  people: { before: countOf(sides.before, who), after: countOf(sides.after, who) },
  accounts: between(sides, familiesOf(sides.before, [who]), familiesOf(sides.after, [who])),
});

const groupsOf = (side: AccessSide, user: string): readonly string[] => side.groups.get(user) ?? [];

const moversIn = ({ before, after }: ComparedSides): readonly string[] =>
  [...new Set([...before.groups.keys(), ...after.groups.keys()])].filter((user) => {
    const [old, next] = [groupsOf(before, user), groupsOf(after, user)];
    return old.length !== next.length || old.some((group) => !next.includes(group));
  });

type Mover = { readonly user: string; readonly old: readonly string[]; readonly next: readonly string[] };
type NewsOf = (user: string) => ReadonlyMap<string, Met>;

/** What the row of a group that was joined or left says already is not said again for each of its people. */
const newsOfMover = (
  sides: ComparedSides,
  byName: ReadonlyMap<string, PrincipalDifference>,
  { user, old, next }: Mover,
): ReadonlyMap<string, Met> => {
  const groups = [...new Set([...old, ...next])].flatMap((group) => byName.get(group) ?? []);
  const said = ([account, { compared, newly }]: readonly [string, Met]): boolean =>
    groups.some(({ accounts }) => {
      const other = accounts.get(account);
      return other !== undefined && saysAll(other.compared.delta, compared.delta) && saysRoles(other.newly, newly);
    });
  const found = between(sides, familiesOf(sides.before, [user, ...old]), familiesOf(sides.after, [user, ...next]));
  return new Map([...found].filter((entry) => !said(entry)));
};

/** People who have nothing of their own and were in the same groups, and are, go through the same. */
const newsOfMovers = (sides: ComparedSides, byName: ReadonlyMap<string, PrincipalDifference>): NewsOf => {
  const { before, after } = sides;
  const hasOwn = (user: string): boolean =>
    [before, after].some(({ holdings, entitled, roles }) => [holdings, entitled, roles].some((own) => own.has(user)));
  const known = new Map<string, ReadonlyMap<string, Met>>();
  return (user) => {
    const [old, next] = [groupsOf(before, user), groupsOf(after, user)];
    const make = (): ReadonlyMap<string, Met> => newsOfMover(sides, byName, { user, old, next });
    if (hasOwn(user)) return make();
    const name = JSON.stringify([old, next]);
    const made = known.get(name) ?? make();
    known.set(name, made);
    return made;
  };
};

const ofMover = (user: string, accounts: ReadonlyMap<string, Met>): PrincipalDifference => ({
  principal: user,
  people: { before: 1, after: 1 },
  accounts,
});

const saysRoles = (one: Newly, other: Newly): boolean =>
  other.assumed.every(({ text }) => one.assumed.some((role) => role.text === text)) &&
  other.passed.every(({ text }) => one.passed.some((role) => role.text === text));

const saysAll = (one: Delta, other: Delta): boolean =>
  includesBits(one.gained, other.gained) &&
  includesBits(one.lost, other.lost) &&
  includesBits(one.changed, other.changed) &&
  includesBits(without(one.changed, one.narrowed), without(other.changed, other.narrowed));

type ToldAccess = Pick<AccessChange, 'gained' | 'lost' | 'changed' | 'risk' | 'riskReasons' | 'blocked'>;
type Teller = {
  readonly context: AccessContext;
  readonly marks: Marks;
  readonly sample: AccountSample;
  readonly together: ReturnType<typeof togetherOnce>;
  readonly items: Itemizer;
  readonly told: Map<ComparedRoles, Map<string, ToldAccess>>;
};

/** The names of several classes in order; the same list for the same classes. */
const togetherOnce = () => {
  const numberOf = new Map<readonly string[], number>();
  const known = new Map<string, readonly string[]>();
  return (classes: readonly (readonly string[])[]): readonly string[] => {
    const [first, ...others] = classes;
    if (first !== undefined && others.length === 0) return first;
    for (const names of classes) if (!numberOf.has(names)) numberOf.set(names, numberOf.size);
    const key = classes.map((names) => numberOf.get(names)).join();
    const made = known.get(key) ?? classes.flat().sort();
    known.set(key, made);
    return made;
  };
};

type AlikeAccounts = { readonly kind: AccountKind; readonly met: Met; readonly classes: (readonly string[])[] };

const firstOf = (names: readonly string[]): string => names[0] ?? '';

/** One row for all accounts that say the same and are alike in being production or not. */
const rowsFor = (teller: Teller, { principal, people, accounts }: PrincipalDifference): readonly AccessRow[] => {
  const alike: AlikeAccounts[] = [];
  const found = [...accounts].map(([name, met]) => ({ names: teller.sample(name), met }));
  for (const { names, met } of found.sort((a, b) => (firstOf(a.names) < firstOf(b.names) ? -1 : 1))) {
    const kind = accountKindOf(teller.context, firstOf(names));
    const row = alike.find((one) => one.kind === kind && isAlike(one.met, met));
    if (row === undefined) alike.push({ kind, met, classes: [names] });
    else row.classes.push(names);
  }
  return alike.map(({ kind, met, classes }) => {
    const told = toldOf(teller, met, kind);
    const count = told.gained.length + told.changed.length > 0 ? people.after : people.before;
    return {
      change: { principal, people: count, accounts: teller.together(classes), ...told },
      delta: met.compared.delta,
    };
  });
};

const isAlike = (one: Met, other: Met): boolean =>
  one.compared.like === other.compared.like && one.newly.key === other.newly.key;

const toldOf = (teller: Teller, { compared, newly }: Met, kind: AccountKind): ToldAccess => {
  const known = teller.told.get(compared) ?? new Map<string, ToldAccess>();
  teller.told.set(compared, known);
  const name = `${kind} ${newly.key}`;
  const told =
    known.get(name) ??
    tell(teller, { compared, newly }, judgedAccess(teller.marks, { ...compared, place: kind, newly }));
  known.set(name, told);
  return told;
};

/** Who comes to a role by its trust alone has an action more, of which no policy of theirs speaks. */
const becoming: AccessItem = { service: 'sts', level: 'Write', actions: ['sts:AssumeRole'], bound: 'possible' };

const becomes = ({ newly, compared: { delta } }: Met, { assumeRole }: Marks): readonly AccessItem[] =>
  newly.assumed.length > 0 && !isOpenedIn(delta, assumeRole) ? [becoming] : [];

const tell = ({ items, marks }: Teller, met: Met, { risk, reasons }: Judgment): ToldAccess => {
  const { before, after, delta } = met.compared;
  const blocked = blockedIn(marks, before, after);
  return {
    gained: items.items(delta.gained, delta.after.certain),
    lost: items.items(delta.lost, delta.before.certain),
    changed: [
      ...becomes(met, marks),
      ...items.items(without(delta.changed, delta.narrowed), delta.after.certain),
      ...items.items(delta.narrowed, delta.after.certain).map((item) => ({ ...item, narrower: true as const })),
    ],
    risk,
    riskReasons: reasons,
    ...(blocked.length === 0 ? {} : { blocked }),
  };
};
