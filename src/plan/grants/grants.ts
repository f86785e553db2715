/** Who gets or loses which permission set where, until when and why: the plan in the words that people decide by. */
import type { Desired, GrantTerms } from '../../model/desired.ts';
import { grouped, once, remembered } from '../../model/lists.ts';
import type { Change, GrantRow } from '../../model/plan.ts';
import { subjectOf } from '../../model/plan.ts';
import type { Grant, Membership, State } from '../../model/resource.ts';
import { grantsOf, isGrant, resourcesOf } from '../../model/resource.ts';
import { rulesOf } from '../../model/risk.ts';

export type GrantsInput = {
  readonly changes: readonly Change[];
  /** What AWS has, under the names of the files, and what it has when the changes are done. */
  readonly before: State;
  readonly after: State;
  readonly desired: GrantKnowledge;
};

/** What the files say of entries and accounts. */
type GrantKnowledge = Pick<Desired, 'terms' | 'managementAccount' | 'accountTags'>;

type Direction = GrantRow['change'];
/** What a row says of its entry and its weight; accounts of which it is the same share a row. */
type GrantFacts = Pick<GrantRow, 'change' | 'risk' | 'riskReasons' | 'from' | 'until' | 'reason' | 'file' | 'line'>;

const directionOf = ({ action }: Change): Direction => (action === 'delete' ? 'loses' : 'gets');

/** A deleted entry says no more why it was there; the day on which it ended is known. */
const termsOf = ({ action, key, ended }: Change, terms: Desired['terms']): GrantTerms => {
  if (action === 'delete') return ended === undefined ? {} : { until: ended };
  return terms[key] ?? {};
};

const factsOf = (change: Change, terms: Desired['terms']): GrantFacts => ({
  change: directionOf(change),
  risk: change.risk,
  ...(change.riskReasons === undefined ? {} : { riskReasons: change.riskReasons }),
  ...termsOf(change, terms),
  ...(change.origin === undefined ? {} : { file: change.origin.file, line: change.origin.line }),
});

/** Accounts, and the words of a risk, differ within a row; the rules of the risk do not. */
const likeness = ({ where: _where, riskReasons = [], ...rest }: GrantRow): string =>
  JSON.stringify([rest, rulesOf({ riskReasons }).toSorted()]);

const union = (lists: readonly (readonly string[])[]): readonly string[] => [...new Set(lists.flat())];

/** Where a mistake costs most stands first: a reader of the first few names sees it. */
export const byWeight = ({ managementAccount, accountTags }: GrantKnowledge) => {
  const weightOf = (account: string): number => {
    if (account === managementAccount) return 0;
    return accountTags[account]?.['env'] === 'prod' ? 1 : 2;
  };
  return (accounts: readonly string[]): readonly string[] =>
    [...grouped([...accounts].sort(), weightOf)].toSorted(([one], [other]) => one - other).flatMap(([, all]) => all);
};

/** One row of all that is the same but for the account: the management account first, then production. */
export const foldedGrants = (rows: readonly GrantRow[], desired: GrantKnowledge): readonly GrantRow[] => {
  const weighed = byWeight(desired);
  return [...grouped(rows, likeness).values()].flatMap((alike) => {
    const [first] = alike;
    if (first === undefined) return [];
    const reasons = union(alike.map(({ riskReasons = [] }) => riskReasons));
    const where = weighed(union(alike.map((row) => row.where)));
    return [{ ...first, where, ...(reasons.length === 0 ? {} : { riskReasons: reasons }) }];
  });
};

type CountPeople = (group: string) => number | undefined;

/** Of a group of the corporate directory nobody knows the members where none is read. */
const peopleIn = (state: State): CountPeople => {
  const counts = new Map<string, number>();
  for (const { group } of resourcesOf(state, 'membership')) counts.set(group, (counts.get(group) ?? 0) + 1);
  const groups = resourcesOf(state, 'group');
  const external = new Set(groups.filter(({ source }) => source === 'external').map(({ name }) => name));
  return (group) => counts.get(group) ?? (external.has(group) ? undefined : 0);
};

const grantsByGroup = (state: State): ReadonlyMap<string, readonly Grant[]> =>
  grouped(
    grantsOf(state).filter(({ principal }) => principal.type === 'group' && !principal.orphan),
    ({ principal }) => principal.name,
  );

/** What is given: a permission set, or a role. */
type GivenThing = Pick<GrantRow, 'isRole'> & { readonly what: string };

const thingOf = (grant: Grant): GivenThing =>
  grant.kind === 'assignment' ? { what: grant.permissionSet } : { what: grant.role, isRole: true };

const thingText = ({ what, isRole }: GivenThing): string => (isRole ? `role ${what}` : what);

type GivenPlaces = GivenThing & { readonly accounts: readonly string[] };

type Sides = {
  readonly people: Readonly<Record<Direction, CountPeople>>;
  /** What a group holds besides what the plan gives or takes: rows of their own say that. */
  readonly untold: (direction: Direction, group: string) => readonly GivenPlaces[];
};

type ToldAssignments = ReadonlyMap<string, ReadonlySet<string>>;

/** By direction, name and what is given, the accounts in which the plan gives or takes it. */
const toldIn = (changes: readonly Change[]): ToldAssignments => {
  const told = new Map<string, Set<string>>();
  for (const change of changes) {
    const subject = subjectOf(change);
    if (!isGrant(subject) || change.action === 'update') continue;
    const line = lineOf(directionOf(change), subject.principal.name, thingOf(subject));
    const accounts = told.get(line);
    if (accounts === undefined) told.set(line, new Set([subject.account]));
    else accounts.add(subject.account);
  }
  return told;
};

const lineOf = (direction: Direction, name: string, thing: GivenThing): string =>
  `${direction}\n${name}\n${thingText(thing)}`;

const sidesOf = ({ changes, before, after }: GrantsInput): Sides => {
  const held = once(() => ({ gets: grantsByGroup(after), loses: grantsByGroup(before) }));
  const told = once(() => toldIn(changes));
  const untold = (direction: Direction, group: string): readonly GivenPlaces[] => {
    const rest = (held()[direction].get(group) ?? []).filter(
      (grant) =>
        told()
          .get(lineOf(direction, group, thingOf(grant)))
          ?.has(grant.account) !== true,
    );
    return [...grouped(rest, (grant) => thingText(thingOf(grant))).values()].flatMap((all) => {
      const [first] = all;
      return first === undefined ? [] : [{ ...thingOf(first), accounts: all.map(({ account }) => account) }];
    });
  };
  const gets = remembered((group: string) => untold('gets', group));
  const loses = remembered((group: string) => untold('loses', group));
  return {
    people: { gets: peopleIn(after), loses: peopleIn(before) },
    untold: (direction, group) => (direction === 'gets' ? gets(group) : loses(group)),
  };
};

type GrantPlaces = Pick<Grant, 'principal'> & GivenPlaces;

const ofGrants = ({ principal, accounts, ...thing }: GrantPlaces, facts: GrantFacts, sides: Sides): GrantRow => {
  const people = principal.type === 'group' ? sides.people[facts.change](principal.name) : 1;
  return {
    who: principal.name,
    type: principal.type,
    ...(people === undefined ? {} : { people }),
    ...thing,
    where: accounts,
    ...facts,
  };
};

/** Somebody who joins or leaves a group: a row for each set and role that the group holds besides what the plan gives or takes. */
const ofMembership = ({ group, user }: Membership, facts: GrantFacts, sides: Sides): readonly GrantRow[] => {
  const person = { who: user, type: 'user', people: 1, through: group } as const;
  const held = sides.untold(facts.change, group);
  if (held.length === 0) return [{ ...person, where: [], ...facts }];
  return held.map(({ accounts, ...thing }) => ({ ...person, ...thing, where: accounts, ...facts }));
};

type Run = {
  readonly first: Change;
  readonly grant: Grant;
  readonly accounts: string[];
  readonly terms: GrantTerms;
};

const isSameList = (one: readonly string[] = [], other: readonly string[] = []): boolean =>
  one === other || (one.length === other.length && one.every((text, at) => text === other[at]));

const isSameTerms = (one: GrantTerms, other: GrantTerms): boolean =>
  one.from === other.from && one.until === other.until && one.reason === other.reason;

const isSamePlace = (one: Change['origin'], other: Change['origin']): boolean =>
  one === other || (one?.file === other?.file && one?.line === other?.line);

/** Whether the grant is of the line that the run is of: it says the same of another account. */
const goesOn = (run: Run, change: Change, [grant, terms]: readonly [Grant, GrantTerms]): boolean => {
  const { first, grant: known } = run;
  return (
    thingText(thingOf(known)) === thingText(thingOf(grant)) &&
    known.principal.name === grant.principal.name &&
    known.principal.type === grant.principal.type &&
    first.action === change.action &&
    isSamePlace(first.origin, change.origin) &&
    first.risk === change.risk &&
    isSameList(first.riskReasons, change.riskReasons) &&
    isSameTerms(run.terms, terms)
  );
};

/** Riskiest first is the reader's order, not this one: the rows stand in the order of the changes. */
export const grantRowsOf = (input: GrantsInput): readonly GrantRow[] => {
  const sides = sidesOf(input);
  const rows: GrantRow[] = [];
  let run: Run | undefined;
  const close = (): void => {
    if (run === undefined) return;
    const { principal } = run.grant;
    const places = { principal, ...thingOf(run.grant), accounts: run.accounts };
    rows.push(ofGrants(places, factsOf(run.first, input.desired.terms), sides));
    run = undefined;
  };
  for (const change of input.changes) {
    const subject = subjectOf(change);
    if (change.action === 'update') continue;
    if (isGrant(subject)) {
      const terms = termsOf(change, input.desired.terms);
      if (run !== undefined && goesOn(run, change, [subject, terms])) run.accounts.push(subject.account);
      else {
        close();
        run = { first: change, grant: subject, accounts: [subject.account], terms };
      }
    } else if (subject.kind === 'membership') {
      close();
      rows.push(...ofMembership(subject, factsOf(change, input.desired.terms), sides));
    }
  }
  close();
  return foldedGrants(rows, input.desired);
};
