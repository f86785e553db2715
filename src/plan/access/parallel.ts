/**
 * A permission set and a role that the same people hold in the same accounts: so it is while access moves from one to the
 * other, and whoever decides wants to know whether both give the same.
 */
import { grouped, shortList } from '../../model/lists.ts';
import type { AccessChange, AccessItem, Change, Note } from '../../model/plan.ts';
import { subjectOf } from '../../model/plan.ts';
import {
  entitledRoleKey,
  entitledRoleName,
  grantsOf,
  isGrant,
  keyOf,
  permissionSetKey,
  principalText,
} from '../../model/resource.ts';
import type { Assignment, Entitlement, Grant, Key, State } from '../../model/resource.ts';
import { accessBetween } from './access.ts';
import type { AccessContext } from './context.ts';

type ParallelInput = { readonly before: State; readonly after: State; readonly changes: readonly Change[] };

type Line<G extends Grant> = { readonly grants: readonly G[]; readonly who: string; readonly where: string };
/** A role, and the sets beside which its people hold it. */
type Parallel = { readonly role: Line<Entitlement>; readonly sets: readonly Line<Assignment>[] };

const whereOf = (grants: readonly Grant[]): string =>
  [...new Set(grants.map(({ account }) => account))].sort().join('\n');

const linesOf = <G extends Grant>(grants: readonly G[], thingOf: (grant: G) => string): readonly Line<G>[] =>
  [...grouped(grants, (one) => `${principalText(one.principal)}\n${thingOf(one)}`).values()].map((same) => ({
    grants: same,
    who: same[0] === undefined ? '' : principalText(same[0].principal),
    where: whereOf(same),
  }));

/** Of either end, each once. */
const everGiven = ({ before, after }: ParallelInput): readonly Grant[] => [
  ...new Map([before, after].flatMap(grantsOf).map((grant) => [keyOf(grant), grant])).values(),
];

/** The same people, exactly the same accounts. */
const parallelsIn = (input: ParallelInput): readonly Parallel[] => {
  const given = everGiven(input).filter(({ principal }) => principal.orphan !== true);
  const roles = linesOf(
    given.filter((one) => one.kind === 'entitlement'),
    ({ role }) => role,
  );
  if (roles.length === 0) return [];
  const sets = grouped(
    linesOf(
      given.filter((one) => one.kind === 'assignment'),
      ({ permissionSet }) => permissionSet,
    ),
    ({ who, where }) => `${who}\n${where}`,
  );
  return roles.flatMap((role) => {
    const found = sets.get(`${role.who}\n${role.where}`) ?? [];
    const beside = found.toSorted((one, other) => (nameIn(one) < nameIn(other) ? -1 : 1));
    return beside.length === 0 ? [] : [{ role, sets: beside }];
  });
};

/** Whatever either end knows, without anybody who has anything but what is given. */
const giving = ({ before, after }: ParallelInput, grants: readonly Grant[]): State => {
  const known = Object.entries({ ...before, ...after }).filter(([, one]) => !isGrant(one) && one.kind !== 'membership');
  return Object.fromEntries<State[Key]>([...known, ...grants.map((one) => [keyOf(one), one] as const)]);
};

const most = 5;

const actionsIn = (items: readonly AccessItem[]): string =>
  shortList([...new Set(items.flatMap(({ actions }) => actions))], most);

const words: readonly (readonly [keyof Pick<AccessChange, 'lost' | 'gained' | 'changed'>, string])[] = [
  ['lost', 'gives less'],
  ['gained', 'gives more'],
  ['changed', 'gives under other conditions'],
];

/** "gives less: s3:GetObject; gives more: s3:PutObject". */
const difference = (rows: readonly AccessChange[]): string => {
  const parts = words.flatMap(([field, says]) => {
    const items = rows.flatMap((row) => row[field]);
    return items.length === 0 ? [] : [`${says}: ${actionsIn(items)}`];
  });
  return parts.length === 0 ? 'gives the same' : parts.join('; ');
};

const hours = (seconds: number): string => `${Math.round(seconds / 360) / 10} h`;

const sessionWords = ({ before, after }: ParallelInput, set: Assignment, role: Entitlement): string => {
  const [one, other] = [permissionSetKey(set.permissionSet), entitledRoleKey(role)].map(
    (key) => after[key] ?? before[key],
  );
  if (one?.kind !== 'permission-set' || other?.kind !== 'role' || one.sessionDuration === other.maxSessionDuration)
    return '';
  return ` Its sessions last up to ${hours(other.maxSessionDuration)}, those of the set ${hours(one.sessionDuration)}.`;
};

type Compared = { readonly set: Line<Assignment>; readonly rows: readonly AccessChange[] };

const countIn = (rows: readonly AccessChange[]): number =>
  rows
    .flatMap((row) => words.flatMap(([field]) => row[field]))
    .reduce((count, { actions }) => count + actions.length, 0);

const nameIn = ({ grants: [grant] }: Line<Assignment>): string => grant?.permissionSet ?? '';

/** The set that the role is to replace, as far as can be told: the one of its name, or else the one that gives most nearly the same. */
const mostAlike = ({ role, sets }: Parallel, compared: (set: Line<Assignment>) => Compared): Compared | undefined => {
  const [entitlement] = role.grants;
  const name = entitlement === undefined ? '' : entitledRoleName(entitlement).toLowerCase();
  const named = sets.filter((set) => nameIn(set).toLowerCase() === name);
  const [first, ...others] = (named.length > 0 ? named : sets).map(compared);
  if (first === undefined) return undefined;
  return others.reduce((best, one) => (countIn(one.rows) < countIn(best.rows) ? one : best), first);
};

const restWords = (count: number): string => {
  if (count === 0) return '';
  return ` It has ${count} other permission ${count === 1 ? 'set' : 'sets'} there.`;
};

/** Nothing where neither the role nor the set that it is compared with is given or taken. */
const noteOf = (input: ParallelInput, parallel: Parallel, { context, touches }: Noting): readonly Note[] => {
  const { role, sets } = parallel;
  if (![role, ...sets].some(touches)) return [];
  const compared = (set: Line<Assignment>): Compared => {
    const { rows } = accessBetween(giving(input, set.grants), giving(input, role.grants), context);
    return { set, rows: rows.map(({ change }) => change).filter(({ principal }) => principal === role.who) };
  };
  const found = mostAlike(parallel, compared);
  const [assignment, entitlement] = [found?.set.grants[0], role.grants[0]];
  if (found === undefined || assignment === undefined || entitlement === undefined) return [];
  if (!touches(role) && !touches(found.set)) return [];
  const where = shortList(role.where.split('\n'), most);
  const what = `permission set ${assignment.permissionSet} and role ${entitlement.role}`;
  const more = `${sessionWords(input, assignment, entitlement)}${restWords(sets.length - 1)}`;
  return [{ message: `${role.who} and ${what} in ${where}: the role ${difference(found.rows)}.${more}` }];
};

type Noting = { readonly context: AccessContext; readonly touches: (line: Line<Grant>) => boolean };

export const parallelNotes = (input: ParallelInput, context: AccessContext): readonly Note[] => {
  const changing = new Set(input.changes.filter((change) => isGrant(subjectOf(change))).map(({ key }) => key));
  const touches = ({ grants }: Line<Grant>): boolean => grants.some((one) => changing.has(keyOf(one)));
  return parallelsIn(input).flatMap((parallel) => noteOf(input, parallel, { context, touches }));
};
