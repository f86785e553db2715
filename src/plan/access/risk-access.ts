/** How much a difference of access can hurt, with the rule that said so. */
import { targetsOf } from '../../evaluate/action-resources.ts';
import { escalationsIn } from '../../evaluate/escalation.ts';
import type { Escalation, Escalations } from '../../evaluate/escalation.ts';
import { common, countBits, indicesIn, isEmptyBits, union, without } from '../../evaluate/reach/bits.ts';
import type { KnownAction } from '../../evaluate/action-catalogue.ts';
import type { Bits } from '../../evaluate/reach/bits.ts';
import type { Delta } from '../../evaluate/reach/delta.ts';
import { dataActions } from '../../evaluate/reach/data-actions.ts';
import { sensitiveActions } from '../../evaluate/reach/sensitive.ts';
import { standingsAt } from '../../evaluate/reach/standing.ts';
import type { StandingOf } from '../../evaluate/reach/standing.ts';
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
  readonly standing: StandingOf;
  readonly escalations: Escalations;
  readonly isAdministrator: (role: Role) => boolean;
};

/** The Service Authorization Reference calls some reads "Permissions management", glue:GetQuery for one: they manage none. */
const isRead = (name: string): boolean => /^(Get|List|Describe|BatchGet|Search|View|Validate|Test)[A-Z]/.test(name);

/** `now`: ISO 8601, for conditions on dates. */
export const marksOf = (universe: Universe, now: string): Marks => {
  const standing = standingsAt(universe, now);
  const isWrite = ({ level, name }: KnownAction): boolean =>
    level !== 'Read' && level !== 'List' && !(level === 'Permissions management' && isRead(name));
  return {
    universe,
    sensitive: universe.matching(sensitiveActions),
    data: universe.matching(dataActions),
    permissions: universe.where((action) => action.level === 'Permissions management' && isWrite(action)),
    writes: universe.where(isWrite),
    standing,
    escalations: escalationsIn({ universe, standing }),
    isAdministrator: administrators(universe, standing),
  };
};

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
  readonly place: AccountKind;
};

/** `management`: where Identity Center and the organization are managed; it counts as production too. */
export type AccountKind = 'management' | 'production' | 'elsewhere';
const isProduction = (place: AccountKind): boolean => place !== 'elsewhere';

/** So many are named; the rest is counted. */
const most = 5;

type Rule = (marks: Marks, one: Case) => Judgment | undefined;

/** This part of everything that AWS can do, on every resource and under no condition, is what an administrator has. */
const administratorShare = 0.9;

/** Of all actions, and of those that work on resources: a pattern of ARNs leaves only the others out. */
const sharesOf = ({ actions }: Universe, isFree: (at: number) => boolean): readonly number[] => {
  const worksOn = actions.map((action) => {
    const { required, optional } = targetsOf(action);
    return required.length + optional.length > 0;
  });
  const free = actions.map((_, at) => isFree(at));
  const both = free.filter((yes, at) => yes && worksOn[at]).length;
  return [free.filter(Boolean).length / actions.length, both / worksOn.filter(Boolean).length];
};

/** By what the set gives: guard rails make an administrator a smaller one, not none. */
const administrators = (universe: Universe, standing: StandingOf): Marks['isAdministrator'] => {
  const isMost = (bits: Bits): boolean => countBits(bits) >= administratorShare * universe.size;
  const known = new WeakMap<Role, boolean>();
  const decided = ({ own, possible, gates }: Role): boolean => {
    if (![own.possible, possible].every(isMost)) return false;
    if (isMost(own.certain)) return true;
    const its = gates.filter(({ place }) => place === 'identity' || place === 'boundary');
    return sharesOf(universe, (at) => standing(its, at) === 'free').some((share) => share >= administratorShare);
  };
  return (role) => {
    const is = known.get(role) ?? decided(role);
    known.set(role, is);
    return is;
  };
};

const administrator: Rule = ({ isAdministrator }, { before, after }) => {
  if (!after.some(isAdministrator) || before.some(isAdministrator)) return undefined;
  return { risk: 'critical', reasons: ['administrator: nearly every action on every resource'] };
};

/** A lesser step on some resources only is told by what else its actions are. */
const weightOf = ({ path, bound }: Escalation): Risk => {
  if (path.weight === 'high') return bound === 'certain' ? 'high' : 'medium';
  return bound === 'certain' ? 'critical' : 'high';
};

const escalation: Rule = ({ escalations }, { before, after, place }) => {
  const found = escalations({ before, after, place: place === 'management' ? place : 'elsewhere' });
  if (found.length === 0) return undefined;
  const weighed = found.toSorted((a, b) => levels.indexOf(weightOf(b)) - levels.indexOf(weightOf(a)));
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
  return { risk: isProduction(place) ? 'high' : 'medium', reasons: [`data-access: ${named(marks, found)}`] };
};

const sensitive: Rule = (marks, { delta, place }) => {
  const found = without(without(common(opened(delta), marks.sensitive), marks.data), marks.permissions);
  if (isEmptyBits(found)) return undefined;
  return { risk: isProduction(place) ? 'high' : 'medium', reasons: [`sensitive-action: ${named(marks, found)}`] };
};

const production: Rule = (marks, { delta, place }) => {
  const found = opened(delta);
  if (!isProduction(place) || isEmptyBits(found)) return undefined;
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

/** No service has this name: what may be passed to it may be passed to any. */
const anyService = { key: 'iam:passedtoservice', value: 'any-service.amazonaws.com' };

type Wanted = { readonly action: string; readonly stands: (role: Role, at: number) => boolean };

const opensTo = (marks: Marks, { delta, after }: Case, { action, stands }: Wanted): boolean => {
  const [at] = indicesIn(common(opened(delta), marks.universe.matching([action])));
  return at !== undefined && after.some((role) => stands(role, at));
};

const passRole: Rule = (marks, one) => {
  const stands = ({ gates }: Role, at: number) => marks.standing(gates, at, anyService) !== 'never';
  const isOpen = opensTo(marks, one, { action: 'iam:PassRole', stands });
  return isOpen ? { risk: 'high', reasons: ['pass-role: iam:PassRole, to any service'] } : undefined;
};

const assumeRole: Rule = (marks, one) => {
  const stands = ({ gates }: Role, at: number) => marks.standing(gates, at) === 'free';
  const isOpen = opensTo(marks, one, { action: 'sts:AssumeRole', stands });
  return isOpen ? { risk: 'high', reasons: ['assume-role: sts:AssumeRole on every role that lets them in'] } : undefined;
};

const rules: readonly Rule[] = [administrator, escalation, passRole, assumeRole, permissionsManagement, dataAccess, sensitive, production];

/** Of somebody who gains or loses something; the general rule speaks where no other does. */
export const judged = (marks: Marks, one: Case): Judgment => {
  const found = rules.flatMap((rule) => rule(marks, one) ?? []);
  return joined(found.length > 0 ? found : [anything(marks, one)].flatMap((each) => each ?? []));
};
