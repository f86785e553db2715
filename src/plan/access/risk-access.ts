/** How much a difference of access can hurt, with the rule that said so. */
import { escalationsIn } from '../../evaluate/escalation.ts';
import type { Escalations } from '../../evaluate/escalation.ts';
import { common, countBits, indicesIn, isEmptyBits, union, without } from '../../evaluate/reach/bits.ts';
import type { Bits } from '../../evaluate/reach/bits.ts';
import type { Delta } from '../../evaluate/reach/delta.ts';
import { dataActions, sensitiveActions } from '../../evaluate/reach/sensitive.ts';
import type { Universe } from '../../evaluate/reach/universe.ts';
import type { Role } from '../../evaluate/reach/reach.ts';
import type { Risk } from '../../model/desired.ts';

/** `reasons`: each begins with the id of its rule. */
export type Judgment = { readonly risk: Risk; readonly reasons: readonly string[] };

export type Marks = {
  readonly universe: Universe;
  readonly sensitive: Bits;
  readonly data: Bits;
  readonly permissions: Bits;
  readonly writes: Bits;
  readonly escalations: Escalations;
};

export const marksOf = (universe: Universe): Marks => ({
  universe,
  sensitive: universe.matching(sensitiveActions),
  data: universe.matching(dataActions),
  permissions: universe.where(({ level }) => level === 'Permissions management'),
  writes: universe.where(({ level }) => level !== 'Read' && level !== 'List'),
  escalations: escalationsIn(universe),
});

const levels: readonly Risk[] = ['low', 'medium', 'high', 'critical'];
const highestRisk = (risks: readonly Risk[]): Risk =>
  levels[Math.max(0, ...risks.map((risk) => levels.indexOf(risk)))] ?? 'low';

export const joined = (judgments: readonly Judgment[]): Judgment => ({
  risk: highestRisk(judgments.map(({ risk }) => risk)),
  reasons: [...new Set(judgments.flatMap(({ reasons }) => reasons))],
});

export type Case = {
  readonly delta: Delta;
  readonly before: readonly Role[];
  readonly after: readonly Role[];
  readonly place: 'production' | 'elsewhere';
};

/** So many are named; the rest is counted. */
const most = 5;

type Rule = (marks: Marks, one: Case) => Judgment | undefined;

/** This part of everything that AWS can do, on every resource and under no condition, is what an administrator has. */
const administratorShare = 0.9;

/** By what the set gives: guard rails make an administrator a smaller one, not none. */
const administrator: Rule = ({ universe }, { before, after }) => {
  const isOne = ({ own, possible }: Role): boolean =>
    [own.certain, possible].every((bits) => countBits(bits) >= administratorShare * universe.size);
  if (!after.some(isOne) || before.some(isOne)) return undefined;
  return { risk: 'critical', reasons: ['administrator: nearly every action on every resource'] };
};

const escalation: Rule = ({ escalations }, { before, after }) => {
  const found = escalations(before, after);
  if (found.length === 0) return undefined;
  const certain = found.some(({ bound }) => bound === 'certain');
  const reasons = found.slice(0, most).map(({ path, bound }) => {
    const how = bound === 'possible' ? ' (on some resources or under conditions)' : '';
    return `escalation: ${path.name}, by ${path.actions.join(' and ')}${how} [${path.source}]`;
  });
  const more = found.length - most;
  const rest = more > 0 ? [`escalation: ${more} more known ${more === 1 ? 'path' : 'paths'}`] : [];
  return { risk: certain ? 'critical' : 'high', reasons: [...reasons, ...rest] };
};

const named = (marks: Marks, actions: Bits): string => {
  const names = indicesIn(actions).flatMap((at) => {
    const action = marks.universe.actions[at];
    return action === undefined ? [] : [`${action.service}:${action.name}`];
  });
  const more = names.length - most;
  return more > 1 ? `${names.slice(0, most).join(', ')} and ${more} more` : names.join(', ');
};

/** Gained, or under conditions that are not only stricter. */
export const opened = ({ gained, changed, narrowed }: Delta): Bits => union(gained, without(changed, narrowed));

const permissionsManagement: Rule = (marks, { delta }) => {
  const found = common(opened(delta), marks.permissions);
  if (isEmptyBits(found)) return undefined;
  return { risk: 'high', reasons: [`permissions-management: ${named(marks, found)}`] };
};

const dataAccess: Rule = (marks, { delta, place }) => {
  const found = common(opened(delta), marks.data);
  if (isEmptyBits(found)) return undefined;
  return { risk: place === 'production' ? 'high' : 'medium', reasons: [`data-access: ${named(marks, found)}`] };
};

const sensitive: Rule = (marks, { delta, place }) => {
  const found = without(without(common(opened(delta), marks.sensitive), marks.data), marks.permissions);
  if (isEmptyBits(found)) return undefined;
  return { risk: place === 'production' ? 'high' : 'medium', reasons: [`sensitive-action: ${named(marks, found)}`] };
};

const production: Rule = (marks, { delta, place }) => {
  const found = opened(delta);
  if (place !== 'production' || isEmptyBits(found)) return undefined;
  const writes = !isEmptyBits(common(found, marks.writes));
  return {
    risk: writes ? 'high' : 'medium',
    reasons: [`production: ${writes ? 'writes' : 'reads'} in a production account`],
  };
};

const anything: Rule = (marks, { delta }) => {
  const found = opened(delta);
  if (isEmptyBits(found)) return { risk: 'low', reasons: ['access-lost: only takes away'] };
  const writes = !isEmptyBits(common(found, marks.writes));
  return { risk: writes ? 'medium' : 'low', reasons: [`access-gained: ${writes ? 'writes' : 'reads'}`] };
};

const rules: readonly Rule[] = [administrator, escalation, permissionsManagement, dataAccess, sensitive, production];

/** Of somebody who gains or loses something; the general rule speaks where no other does. */
export const judged = (marks: Marks, one: Case): Judgment => {
  const found = rules.flatMap((rule) => rule(marks, one) ?? []);
  return joined(found.length > 0 ? found : [anything(marks, one)].flatMap((each) => each ?? []));
};
