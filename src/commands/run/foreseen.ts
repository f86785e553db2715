/** Access tests that will fail on a day that the files name already, said today. */
import { isOfSettings } from '../../plan/situation/settings.ts';
import { onDay, turningDays } from '../../desired/days.ts';
import type { Desired } from '../../model/desired.ts';
import { canonical } from '../../kinds/equal.ts';
import type { Problem } from '../../model/problem.ts';
import type { Key, Resource, State } from '../../model/resource.ts';
import { isRole, readRoleName } from '../../model/role-name.ts';
import type { ReadRepository } from './repository.ts';
import type { ComingFailure, ForeseenChange, TurningDay, DeclaredTestEntry } from './turning-day.ts';
import { dayOf, daysAfter } from '../../model/days.ts';

/** Whoever reads a warning can do something about it; what lies further ahead comes up in time. */
const horizonDays = 400;

const isSame = (one: Resource | undefined, other: Resource | undefined): boolean =>
  one === other || (one !== undefined && other !== undefined && canonical(one) === canonical(other));

const turnsOf = (keys: ReadonlySet<Key>, from: State, to: State): readonly ForeseenChange[] =>
  [...keys]
    .map((key) => ({ key, before: from[key], after: to[key] }))
    .filter(({ before, after }) => !isSame(before, after));

type TestedRequest = NonNullable<DeclaredTestEntry['value']['allowed']>[number];

const actionsOf = (request: TestedRequest): readonly string[] => {
  if (typeof request === 'string') return [request];
  return typeof request.action === 'string' ? [request.action] : request.action;
};

/** Whether a request may be about becoming this role, or made by it: by name, or by a pattern that may mean it. */
const mayMean = (request: TestedRequest, role: string): boolean => {
  if (!actionsOf(request).some((action) => /^(\*|sts:(.*\*|assumerole|tagsession|setsourceidentity))/i.test(action)))
    return false;
  if (typeof request === 'string' || request.resource === undefined) return true;
  const named = JSON.stringify([request.resource, request.context]);
  return named.includes(role) || /role\/[^"]*[*?]|"\*"/.test(named);
};

type TestedSubject = NonNullable<DeclaredTestEntry['value']['as']>;

const isAbout = ({ anyone, group, user, permissionSet, role }: TestedSubject, resource: Resource): boolean => {
  switch (resource.kind) {
    case 'assignment':
    case 'entitlement': {
      const { type, name } = resource.principal;
      // Of a user the groups are not asked here: somebody of them may be in this one.
      if (user !== undefined) return type === 'group' || name === user;
      const isSet = resource.kind === 'assignment' && permissionSet === resource.permissionSet;
      return anyone === true || isSet || (type === 'group' && group === name);
    }
    case 'membership':
      return user === resource.user;
    case 'role': {
      const wanted = role === undefined ? undefined : readRoleName(role);
      return anyone === true || (wanted?.account === resource.account && isRole(resource, wanted));
    }
    default:
      return resource.kind === 'policy';
  }
};

const isIn = (accounts: readonly string[], resource: Resource): boolean =>
  !('account' in resource) || accounts.includes(resource.account);

/** What was there before can break tests of what is allowed, what is there afterwards tests of what is denied. */
const touches = ({ before, after }: ForeseenChange, { value, accounts }: DeclaredTestEntry): boolean => {
  const { as, allowed = [], denied = [], only = false, at } = value;
  if (at !== undefined) return false;
  if (as === undefined) return [before, after].some((resource) => resource !== undefined && isOfSettings(resource));
  // A guard rail only takes away, from whomever it reaches.
  if (after?.kind === 'attachment') return allowed.length > 0;
  const asked = [...(before === undefined ? [] : allowed), ...(after === undefined ? [] : denied)];
  if (asked.length === 0 && !(after !== undefined && only)) return false;
  return [before, after].some((resource) => {
    if (resource === undefined) return false;
    if (resource.kind === 'role' && asked.some((request) => mayMean(request, resource.name))) return true;
    return isIn(accounts, resource) && isAbout(as, resource);
  });
};

/** By day, what turns on it and which tests that may touch; days that touch none are left out. */
const turningDaysOf = (desired: Desired, tests: readonly DeclaredTestEntry[], today: string): readonly TurningDay[] => {
  const last = daysAfter(today, horizonDays);
  const keys = new Set(desired.dated.map(({ key }) => key));
  let before = desired.state;
  return turningDays(desired, today)
    .filter((day) => day <= last)
    .map((day): TurningDay => {
      const then = onDay(desired, day);
      const turns = turnsOf(keys, before, then.state);
      before = then.state;
      const touched = turns.map((turn) => ({ turn, tests: tests.filter((test) => touches(turn, test)) }));
      return { day, desired: then, touched: touched.filter((one) => one.tests.length > 0) };
    })
    .filter(({ touched }) => touched.length > 0);
};

const most = 3;

const turnText = ({ key, after }: ForeseenChange): string => (after === undefined ? `${key} ends` : `${key} begins`);

/** `turns`: the grants that begin or end and may be the reason. */
const problemOf = ({ test, day, turns }: ComingFailure): Problem => {
  const said = turns.slice(0, most).map(turnText);
  const more = turns.length > most ? [`${turns.length - most} more`] : [];
  return {
    file: test.at.file,
    line: test.at.line,
    column: test.at.column ?? 1,
    rule: 'test-will-fail',
    severity: 'warning',
    message: `"${test.value.test}" will fail on ${day}: ${[...said, ...more].join(', ')}`,
    hint: 'Give it `at:`, the day it is asked for, or change the date.',
  };
};

/** Nothing is evaluated, nor the evaluator loaded, where no test is touched. */
export const foreseenFailures = async (
  { desired, tests }: ReadRepository,
  now: string,
): Promise<readonly Problem[]> => {
  if (desired === undefined || desired.dated.length === 0) return [];
  const days = turningDaysOf(desired, tests, dayOf(now));
  if (days.length === 0) return [];
  const { comingFailures } = await import('./foreseen-tests.ts');
  return (await comingFailures(desired, days, now)).map(problemOf);
};
