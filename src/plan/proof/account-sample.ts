/**
 * Accounts through which a plan goes alike: the same guard rails bind them, the same principals have, get or lose the same
 * there, and the changes that do so wait for the same. To exchange two of them changes nothing, so what is proved of one is
 * true of all of them, and an organization is looked at class by class.
 */
import { afterOf, beforeOf, subjectOf } from '../../model/plan.ts';
import type { Change, Phase } from '../../model/plan.ts';
import { accountKey, controlKinds, keyOf, principalText, resourcesOf } from '../../model/resource.ts';
import type { Account, Assignment, Kind, PermissionSet, Resource, State } from '../../model/resource.ts';
import { askedTexts } from '../access/side.ts';
import { policyTexts, railTexts } from '../situation/place-texts.ts';
import { everyAccount, lineNumbering, numbering, sampleOf } from '../situation/account-classes.ts';
import type { AccountSample, NumberOf } from '../situation/account-classes.ts';
import { planRailsIn } from './places.ts';
import type { PlanRails, ProofInput } from './places.ts';
import { remembered, rememberedOf } from '../../model/lists.ts';

export type PlanCourse = Pick<ProofInput, 'current' | 'changes'> & { readonly managementAccount: string };
type PlanCourseInput = PlanCourse & { readonly rails: PlanRails };

/**
 * Which guard rails that reach some accounts reach this one: by that a change that fails holds others. Of one that reaches a
 * single account, that account is seen by itself.
 */
const reachedBy = ({ changes: all }: PlanCourseInput): ((account: string) => string) => {
  const railKinds: readonly Kind[] = ['attachment', 'policy-type', ...controlKinds];
  const rails = all.filter(({ kind, reaches = [] }) => railKinds.includes(kind) && reaches.length > 1);
  const sets = rails.map(({ reaches }) => new Set(reaches));
  return (account) => sets.map((set) => (set.has(account) ? '1' : '0')).join('');
};

/** All that binds sessions in the account, whoever has them. */
const placeTexts = (input: PlanCourseInput): ((account: Account) => string) => {
  const { current, changes, rails, managementAccount } = input;
  const idsOf = (changes: readonly Change[] = []): readonly string[] => changes.map(({ id }) => id);
  const hanging = railTexts((level) => ({
    hanging: rails.at.get(level) ?? [],
    more: idsOf(rails.changesAt.get(level)),
  }));
  const isSet = (one: Resource | undefined): one is PermissionSet => one?.kind === 'permission-set';
  const changed = changes.flatMap((one) => [beforeOf(one), afterOf(one)].filter(isSet));
  const sets = [...resourcesOf(current, 'permission-set'), ...changed];
  const policies = policyTexts(sets, (key) => ({ found: current[key], more: idsOf(rails.byKey.get(key)) }));
  const reached = reachedBy(input);
  const entitled = new Set(
    [...resourcesOf(current, 'entitlement'), ...changes.map(subjectOf)].flatMap((one) =>
      one.kind === 'entitlement' ? [one.account] : [],
    ),
  );
  return (account) => {
    const { name } = account;
    const bound = name === managementAccount ? ['management'] : [hanging(account), reached(name)];
    // Roles are each account's own.
    const isApart = rails.byKey.has(accountKey(name)) || entitled.has(name);
    return JSON.stringify([...bound, policies(name), isApart ? name : '']);
  };
};

/** Who has, gets or loses a set in an account. */
type AssignedFate = { readonly assignment: Assignment; readonly change?: Change };

const fatesOf = ({ current, changes }: Pick<ProofInput, 'current' | 'changes'>): readonly AssignedFate[] => {
  const own = changes.filter(({ kind }) => kind === 'assignment');
  const goes = new Map(own.filter(({ action }) => action !== 'create').map((one) => [one.key, one] as const));
  const there = resourcesOf(current, 'assignment').map((assignment): AssignedFate => {
    const change = goes.size === 0 ? undefined : goes.get(keyOf(assignment));
    return change === undefined ? { assignment } : { assignment, change };
  });
  const coming = own.flatMap((change): readonly AssignedFate[] =>
    change.action === 'create' && change.after.kind === 'assignment' ? [{ assignment: change.after, change }] : [],
  );
  return [...there, ...coming];
};

/** Only an assignment's change is an account's own. */
const accountIn = (change: Change): string | undefined => {
  const subject = subjectOf(change);
  return subject.kind === 'assignment' ? subject.account : undefined;
};

const lineText = ({ principal, permissionSet }: Assignment): string => `${principalText(principal)}\n${permissionSet}`;

type Waits = {
  /** Changes of assignments that something waits for. */
  readonly awaited: ReadonlyMap<string, Change>;
  /** By the id of such a change the ids of those in other accounts, or in none, that wait for it. */
  readonly waiting: ReadonlyMap<string, readonly string[]>;
};

const waitsIn = ({ changes }: PlanCourseInput): Waits => {
  const needed = new Set(changes.flatMap(({ dependsOn }) => dependsOn));
  const own = changes.filter(({ kind, id }) => kind === 'assignment' && needed.has(id));
  const awaited = new Map(own.map((change) => [change.id, change] as const));
  const waiting = new Map<string, string[]>();
  for (const change of awaited.size === 0 ? [] : changes)
    for (const id of change.dependsOn) {
      const one = awaited.get(id);
      if (one === undefined || accountIn(one) === accountIn(change)) continue;
      const list = waiting.get(id);
      if (list === undefined) waiting.set(id, [change.id]);
      else list.push(change.id);
    }
  return { awaited, waiting };
};

/**
 * What a change of an assignment waits for, and what elsewhere waits for it. Changes of other accounts are named one by
 * one, so that accounts of one class wait for the same of them, or for none.
 */
const waitTexts = (input: PlanCourseInput, numberOf: NumberOf): ((change: Change) => string) => {
  const { awaited, waiting } = waitsIn(input);
  const own = (one: Change): string => {
    const subject = subjectOf(one);
    return `${one.action} ${subject.kind === 'assignment' ? lineText(subject) : ''}`;
  };
  return (change) => {
    const needs = change.dependsOn.map((id) => {
      const one = awaited.get(id);
      return numberOf(one !== undefined && accountIn(one) === accountIn(change) ? own(one) : id);
    });
    const others = (waiting.get(change.id) ?? []).map(numberOf);
    return `${change.action} ${change.phase} ${needs.sort().join()} ${others.sort().join()}`;
  };
};

/** The accounts of each line: a principal, a set, and what becomes of them there. */
const linesOf = (fates: readonly AssignedFate[], waits: (change: Change) => string): readonly (readonly string[])[] => {
  const lineOf = lineNumbering();
  const lines = new Map<string, string[]>();
  for (const { assignment, change } of fates) {
    const { principal, permissionSet, account } = assignment;
    const name = `${lineOf(principal, permissionSet)} ${change === undefined ? '' : waits(change)}`;
    const list = lines.get(name);
    if (list === undefined) lines.set(name, [account]);
    else list.push(account);
  }
  return [...lines.values()];
};

const ordinary: readonly Phase[] = ['prepare', 'grant', 'revoke', 'remove'];

/** Whether the exchange of two accounts is what is said above: no account has two steps of one thing, or a guard rail's phase. */
const isPlain = ({ changes }: PlanCourseInput): boolean => {
  const gone = new Set(
    changes.flatMap(({ kind, action, key }) => (kind === 'assignment' && action === 'delete' ? [key] : [])),
  );
  return changes.every(({ kind, key, phase, action }) => {
    if (kind === 'assignment')
      return ordinary.includes(phase) && action !== 'update' && (action === 'delete' || !gone.has(key));
    return (kind !== 'membership' && kind !== 'permission-set') || ordinary.includes(phase);
  });
};

type CourseMarks = {
  readonly textOf: (account: Account) => string;
  readonly lines: readonly (readonly string[])[];
};

/** What tells accounts apart through the course of a plan; nothing where that cannot be said. Proof and guards ask it. */
const courseMarksOf = rememberedOf((changes: readonly Change[]) =>
  rememberedOf((current: State) =>
    remembered((managementAccount: string): CourseMarks | undefined => {
      const input = { current, changes, rails: planRailsIn({ current, changes }), managementAccount };
      if (!isPlain(input)) return undefined;
      return { textOf: placeTexts(input), lines: linesOf(fatesOf(input), waitTexts(input, numbering())) };
    }),
  ),
);

/** One account of each class, which stands for all of them; `more`: what else tells accounts apart. */
export const courseSampleOf = (
  { current, changes, managementAccount }: PlanCourse,
  accounts: readonly Account[],
  more: (account: Account) => string,
): AccountSample => {
  const marks = courseMarksOf(changes)(current)(managementAccount);
  if (marks === undefined) return everyAccount;
  const { textOf, lines } = marks;
  return sampleOf({ texts: accounts.map((one) => [one.name, `${textOf(one)}\n${more(one)}`]), lines });
};

/** The same, with what statements say to whoever has a set in the account. */
export const proofSampleOf = ({ current, changes, context }: ProofInput): AccountSample => {
  const marks = courseMarksOf(changes)(current)(context.place.managementAccount);
  if (marks === undefined) return everyAccount;
  const asked = askedTexts(context, () => fatesOf({ current, changes }).map(({ assignment }) => assignment));
  const { textOf, lines } = marks;
  const accounts = resourcesOf(current, 'account');
  return sampleOf({ texts: accounts.map((one) => [one.name, `${textOf(one)}\n${asked(one)}`]), lines });
};
