/** How much a difference of access can hurt, with the rule that said so. */
import type { Escalation } from '../../evaluate/escalation.ts';
import { passesRole } from '../../evaluate/escalation.ts';
import { common, indicesIn, isEmptyBits, without } from '../../evaluate/reach/bits.ts';
import type { Bits } from '../../evaluate/reach/bits.ts';
import { openedIn } from '../../evaluate/reach/delta.ts';
import type { Delta } from '../../evaluate/reach/delta.ts';
import type { Risk } from '../../model/desired.ts';
import type { AccessCase } from './access-case.ts';
import { joined } from './judgment.ts';
import type { AccountKind, Judgment } from './judgment.ts';
import type { Marks } from './marks.ts';
import type { Newly } from './newly.ts';
import { byRoles, explained } from './risk-roles.ts';
import { compareRisks, highestRisk } from '../../model/risk.ts';

const isProduction = (place: AccountKind): boolean => place !== 'elsewhere';

/** So many are named; the rest is counted. */
const most = 5;

type AccessRule = (marks: Marks, one: AccessCase) => Judgment | undefined;

const administrator: AccessRule = ({ isAdministrator }, { before, after }) => {
  if (!after.some(isAdministrator) || before.some(isAdministrator)) return undefined;
  return { risk: 'critical', reasons: ['administrator: nearly every action on every resource'] };
};

/** A lesser step on some resources only is told by what else its actions are. */
const weightOf = ({ path, bound }: Escalation): Risk => {
  if (path.weight === 'high') return bound === 'certain' ? 'high' : 'medium';
  return bound === 'certain' ? 'critical' : 'high';
};

/** Where it is known which roles can be passed, they tell. */
const isToldByRoles = ({ path, bound }: Escalation, { strangers }: Newly): boolean =>
  passesRole(path) && bound === 'possible' && strangers.passed.length === 0;

const escalation: AccessRule = ({ escalations }, { before, after, place, newly }) => {
  const all = escalations.opened({ before, after, place: place === 'management' ? place : 'elsewhere' });
  const found = all.filter((one) => !isToldByRoles(one, newly));
  if (found.length === 0) return undefined;
  const weighed = found.toSorted((a, b) => compareRisks(weightOf(b), weightOf(a)));
  const reasons = weighed.slice(0, most).map(({ path, bound }) => {
    const how = bound === 'possible' ? ' (on some resources or under conditions)' : '';
    return `escalation: ${path.name}, by ${path.actions.join(' and ')}${how} [${path.source}]`;
  });
  const more = found.length - most;
  const rest = more > 0 ? [`escalation: ${more} more known ${more === 1 ? 'path' : 'paths'}`] : [];
  return { risk: highestRisk(found.map(weightOf)), reasons: [...reasons, ...rest] };
};

const named = (marks: Marks, actions: Bits): string => {
  const names = indicesIn(actions).flatMap((at) => {
    const action = marks.universe.actions[at];
    return action === undefined ? [] : [`${action.service}:${action.name}`];
  });
  const more = names.length - most;
  return more > 1 ? `${names.slice(0, most).join(', ')} and ${more} more` : names.join(', ');
};

const permissionsManagement: AccessRule = (marks, { delta }) => {
  const found = common(openedIn(delta), marks.permissions);
  if (isEmptyBits(found)) return undefined;
  return { risk: 'high', reasons: [`permissions-management: ${named(marks, found)}`] };
};

const dataAccess: AccessRule = (marks, { delta, place }) => {
  const found = common(openedIn(delta), marks.data);
  if (isEmptyBits(found)) return undefined;
  return { risk: isProduction(place) ? 'high' : 'medium', reasons: [`data-access: ${named(marks, found)}`] };
};

const sensitive: AccessRule = (marks, { delta, place }) => {
  const found = without(without(common(openedIn(delta), marks.sensitive), marks.data), marks.permissions);
  if (isEmptyBits(found)) return undefined;
  return { risk: isProduction(place) ? 'high' : 'medium', reasons: [`sensitive-action: ${named(marks, found)}`] };
};

const production: AccessRule = (marks, { delta, place }) => {
  const found = openedIn(delta);
  if (!isProduction(place) || isEmptyBits(found)) return undefined;
  const writes = !isEmptyBits(common(found, marks.writes));
  return {
    risk: writes ? 'high' : 'medium',
    reasons: [`production: ${writes ? 'writes' : 'reads'} in a production account`],
  };
};

const anything: AccessRule = (marks, { delta }) => {
  const found = openedIn(delta);
  if (isEmptyBits(found)) return { risk: 'low', reasons: ['access-lost: only takes away'] };
  const writes = !isEmptyBits(common(found, marks.writes));
  return { risk: writes ? 'medium' : 'low', reasons: [`access-gained: ${writes ? 'writes' : 'reads'}`] };
};

const ways: readonly AccessRule[] = [administrator, escalation];
const kinds: readonly AccessRule[] = [permissionsManagement, dataAccess, sensitive, production];

const withoutBits = (delta: Delta, bits: Bits): Delta => ({
  ...delta,
  gained: without(delta.gained, bits),
  changed: without(delta.changed, bits),
});

/** Of somebody who gains or loses something; the general rule speaks where no other does. */
export const judgedAccess = (marks: Marks, one: AccessCase): Judgment => {
  const roles = byRoles(marks, one);
  const rest: AccessCase = { ...one, delta: withoutBits(one.delta, explained(marks, one)) };
  const by = (rules: readonly AccessRule[]) => rules.flatMap((rule) => rule(marks, rest) ?? []);
  const found = [...by(ways), ...roles, ...by(kinds)];
  const isAllSaid = found.length > roles.length || isEmptyBits(openedIn(rest.delta));
  const general = found.length > 0 && isAllSaid ? [] : [anything(marks, rest)];
  return joined([...found, ...general.flatMap((each) => each ?? [])]);
};
