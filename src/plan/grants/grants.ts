/** Who gets or loses which permission set where, until when and why: the plan in the words that people decide by. */
import type { Desired, GrantTerms } from '../../model/desired.ts';
import { grouped } from '../../model/lists.ts';
import type { Change, GrantRow } from '../../model/plan.ts';
import { subjectOf } from '../../model/plan.ts';
import type { Assignment, Membership, State } from '../../model/resource.ts';
import { resourcesOf } from '../../model/resource.ts';
import { rulesOf } from '../../model/risk.ts';

export type GrantsInput = {
  readonly changes: readonly Change[];
  /** What AWS has, under the names of the files, and what it has when the changes are done. */
  readonly before: State;
  readonly after: State;
  readonly terms: Desired['terms'];
};

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

/** One row of all that is the same but for the account. */
export const foldedGrants = (rows: readonly GrantRow[]): readonly GrantRow[] =>
  [...grouped(rows, likeness).values()].flatMap((alike) => {
    const [first] = alike;
    if (first === undefined) return [];
    const reasons = union(alike.map(({ riskReasons = [] }) => riskReasons));
    const where = [...union(alike.map((row) => row.where))].sort();
    return [{ ...first, where, ...(reasons.length === 0 ? {} : { riskReasons: reasons }) }];
  });

type CountPeople = (group: string) => number | undefined;

/** Of a group of the corporate directory nobody knows the members where none is read. */
const peopleIn = (state: State): CountPeople => {
  const counts = new Map<string, number>();
  for (const { group } of resourcesOf(state, 'membership')) counts.set(group, (counts.get(group) ?? 0) + 1);
  const groups = resourcesOf(state, 'group');
  const external = new Set(groups.filter(({ source }) => source === 'external').map(({ name }) => name));
  return (group) => counts.get(group) ?? (external.has(group) ? undefined : 0);
};

const assignmentsByGroup = (state: State): ReadonlyMap<string, readonly Assignment[]> =>
  grouped(
    resourcesOf(state, 'assignment').filter(({ principal }) => principal.type === 'group' && !principal.orphan),
    ({ principal }) => principal.name,
  );

type Sides = {
  readonly people: Readonly<Record<Direction, CountPeople>>;
  readonly held: Readonly<Record<Direction, ReadonlyMap<string, readonly Assignment[]>>>;
  /** Keys of assignments that the plan makes or takes away: rows of their own say them. */
  readonly told: ReadonlySet<string>;
};

const placeOf = ({ permissionSet, account }: Assignment): string => JSON.stringify([permissionSet, account]);

const sidesOf = ({ changes, before, after }: GrantsInput): Sides => ({
  people: { gets: peopleIn(after), loses: peopleIn(before) },
  held: { gets: assignmentsByGroup(after), loses: assignmentsByGroup(before) },
  told: new Set(
    changes.flatMap((change) => {
      const subject = subjectOf(change);
      return subject.kind === 'assignment' && change.action !== 'update'
        ? [`${directionOf(change)} ${subject.principal.name} ${placeOf(subject)}`]
        : [];
    }),
  ),
});

const ofAssignment = ({ principal, permissionSet, account }: Assignment, facts: GrantFacts, sides: Sides): GrantRow => {
  const people = principal.type === 'group' ? sides.people[facts.change](principal.name) : 1;
  return {
    who: principal.name,
    type: principal.type,
    ...(people === undefined ? {} : { people }),
    what: permissionSet,
    where: [account],
    ...facts,
  };
};

/** Somebody who joins or leaves a group: a row for each set that the group holds besides what the plan gives or takes. */
const ofMembership = ({ group, user }: Membership, facts: GrantFacts, sides: Sides): readonly GrantRow[] => {
  const person = { who: user, type: 'user', people: 1, through: group } as const;
  const held = (sides.held[facts.change].get(group) ?? []).filter(
    (assignment) => !sides.told.has(`${facts.change} ${group} ${placeOf(assignment)}`),
  );
  if (held.length === 0) return [{ ...person, where: [], ...facts }];
  return held.map(({ permissionSet, account }) => ({ ...person, what: permissionSet, where: [account], ...facts }));
};

/** Riskiest first is the reader's order, not this one: the rows stand in the order of the changes. */
export const grantsOf = (input: GrantsInput): readonly GrantRow[] => {
  const sides = sidesOf(input);
  return foldedGrants(
    input.changes.flatMap((change): readonly GrantRow[] => {
      const subject = subjectOf(change);
      if (change.action === 'update') return [];
      const facts = factsOf(change, input.terms);
      if (subject.kind === 'assignment') return [ofAssignment(subject, facts, sides)];
      return subject.kind === 'membership' ? ofMembership(subject, facts, sides) : [];
    }),
  );
};
