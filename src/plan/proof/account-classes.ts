/**
 * Accounts through which a plan goes alike: the same guard rails bind them, the same principals have, get or lose the same
 * there, and the changes that do so wait for the same. To exchange two of them changes nothing, so what is proved of one is
 * true of all of them, and an organization is looked at class by class.
 */
import { grouped, remembered } from '../../model/lists.ts';
import { afterOf, beforeOf, subjectOf } from '../../model/plan.ts';
import type { Change, Phase } from '../../model/plan.ts';
import { canonicalPolicy } from '../../model/policy.ts';
import {
  FULL_AWS_ACCESS,
  accountKey,
  controlKinds,
  customerPolicyKey,
  keyOf,
  pathToRoot,
  principalText,
  resourcesOf,
  targetText,
} from '../../model/resource.ts';
import type { Account, Assignment, Kind, PermissionSet, Resource } from '../../model/resource.ts';
import { sessionIn } from '../access/side.ts';
import { namedPolicies } from '../situation/mentions.ts';
import type { PlanRails, ProofInput } from './places.ts';

/** By the name of an account how many it stands for, itself among them: none where another stands for it. */
export type AccountSample = (account: string) => number;
export const everyAccount: AccountSample = () => 1;

type ClassInput = { readonly stage: ProofInput; readonly rails: PlanRails };

type NumberOf = (text: string) => number;

/** The same number for the same text. */
const numbering = (): NumberOf => {
  const known = new Map<string, number>();
  return (text) => {
    const number = known.get(text) ?? known.size;
    known.set(text, number);
    return number;
  };
};

type Marking = {
  readonly mark: (account: string, mark: number) => void;
  readonly accounts: ReadonlyMap<string, number>;
};

const mostMarks = 2 ** 26;

/** Accounts with the same marks in the same order have the same number. */
const marking = (): Marking => {
  const accounts = new Map<string, number>();
  const next = new Map<number, number>();
  return {
    accounts,
    mark: (account, mark) => {
      const step = (accounts.get(account) ?? 0) * mostMarks + mark;
      const number = next.get(step) ?? next.size + 1;
      next.set(step, number);
      accounts.set(account, number);
    },
  };
};

/** FullAWSAccess alone stops nobody. */
const isIdle = (names: readonly string[], changing: readonly Change[]): boolean =>
  changing.length === 0 && names.length === 1 && names[0] === `scp ${FULL_AWS_ACCESS}`;

/** What hangs at a place in the tree and above it, and what changes there. */
const hangingIn = ({ rails }: ClassInput): ((level: string, name: string) => string) => {
  return (level, name) => {
    const hanging = (rails.at.get(level) ?? []).map(({ policy }) => `${policy.kind} ${policy.name}`).sort();
    const changing = rails.changesAt.get(level) ?? [];
    return isIdle(hanging, changing) ? '' : JSON.stringify([name, hanging, changing.map(({ id }) => id)]);
  };
};

/**
 * Which guard rails that reach some accounts reach this one: by that a change that fails holds others. Of one that reaches a
 * single account, that account is seen by itself.
 */
const reachedBy = ({ stage }: ClassInput): ((account: string) => string) => {
  const railKinds: readonly Kind[] = ['attachment', 'policy-type', ...controlKinds];
  const rails = stage.changes.filter(({ kind, reaches = [] }) => railKinds.includes(kind) && reaches.length > 1);
  const sets = rails.map(({ reaches }) => new Set(reaches));
  return (account) => sets.map((set) => (set.has(account) ? '1' : '0')).join('');
};

/** All that binds sessions in the account, whoever has them. */
const placeTexts = (input: ClassInput): ((account: Account) => string) => {
  const { stage } = input;
  const hanging = hangingIn(input);
  const above = remembered((parent: string) =>
    pathToRoot(parent)
      .map((path) => (path === '' ? 'root' : `ou:${path}`))
      .map((level) => hanging(level, level))
      .join('\n'),
  );
  const reached = reachedBy(input);
  return (account) =>
    account.name === stage.context.place.managementAccount
      ? 'management'
      : [
          above(account.parent),
          hanging(targetText({ type: 'account', name: account.name }), 'account'),
          reached(account.name),
        ].join('\n');
};

/** Which documents stand, in this account, behind the names that sets have for customer managed policies. */
const policyTexts = ({ stage, rails }: ClassInput): ((account: Account) => string) => {
  const isSet = (one: Resource | undefined): one is PermissionSet => one?.kind === 'permission-set';
  const changed = stage.changes.flatMap((one) => [beforeOf(one), afterOf(one)].filter(isSet));
  const sets = [...resourcesOf(stage.current, 'permission-set'), ...changed];
  const named = new Map(sets.flatMap(namedPolicies).map((one) => [`${one.path}${one.name}`, one]));
  return ({ name: account }) =>
    [...named.values()]
      .map((policy) => {
        const key = customerPolicyKey({ ...policy, account });
        const found = stage.current[key];
        const ids = (rails.byKey.get(key) ?? []).map(({ id }) => id);
        return JSON.stringify([found?.kind === 'policy' ? canonicalPolicy(found.document) : null, ids]);
      })
      .join('\n');
};

/** Who has, gets or loses a set in an account. */
type AssignedFate = { readonly assignment: Assignment; readonly change?: Change };

const fatesOf = ({ current, changes }: ProofInput): readonly AssignedFate[] => {
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

const waitsIn = ({ changes }: ProofInput): Waits => {
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
const waitTexts = ({ stage }: ClassInput, numberOf: NumberOf): ((change: Change) => string) => {
  const { awaited, waiting } = waitsIn(stage);
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
  let lines = 0;
  const numberOf = remembered((_who: string) => remembered((_set: string) => (lines += 1)));
  const ofLine = ({ assignment: { principal, permissionSet }, change }: AssignedFate): string => {
    const who = principal.orphan ? principalText(principal) : `${principal.type} ${principal.name}`;
    return `${numberOf(who)(permissionSet)} ${change === undefined ? '' : waits(change)}`;
  };
  const groups = grouped(fates, ofLine);
  return [...groups.values()].map((all) => all.map(({ assignment }) => assignment.account));
};

/** What the statements that tell accounts apart say to the holders of sets there. */
const askedTexts = ({ stage }: ClassInput, fates: readonly AssignedFate[]): ((account: Account) => string) => {
  const { reach } = stage.context;
  if (!reach.tellsAccountsApart()) return () => '';
  const sets = grouped(fates, ({ assignment }) => assignment.account);
  return (account) => {
    const names = new Set((sets.get(account.name) ?? []).map(({ assignment }) => assignment.permissionSet));
    const session = sessionIn(account, stage.context);
    return [...names]
      .sort()
      .map((permissionSet) => `${permissionSet} ${reach.said({ ...session, permissionSet })}`)
      .join('\n');
  };
};

const ordinary: readonly Phase[] = ['prepare', 'grant', 'revoke', 'remove'];

/** Whether the exchange of two accounts is what is said above: no account has two steps of one thing, or a guard rail's phase. */
const isPlain = ({ stage, rails }: ClassInput): boolean =>
  stage.changes.every(({ kind, key, phase, action }) => {
    if (kind === 'assignment')
      return action !== 'update' && ordinary.includes(phase) && rails.byKey.get(key)?.length === 1;
    return (kind !== 'membership' && kind !== 'permission-set') || ordinary.includes(phase);
  });

/** One account of each class, which stands for all of them. */
export const accountSampleOf = (input: ClassInput): AccountSample => {
  if (!isPlain(input)) return everyAccount;
  const { stage, rails } = input;
  const { mark, accounts } = marking();
  const numberOf = numbering();
  const fates = fatesOf(stage);
  const [place, policies, asked] = [placeTexts(input), policyTexts(input), askedTexts(input, fates)];
  for (const account of resourcesOf(stage.current, 'account')) {
    const own = rails.byKey.has(accountKey(account.name)) ? account.name : '';
    mark(account.name, numberOf(JSON.stringify([place(account), policies(account), asked(account), own])));
  }
  for (const [line, list] of linesOf(fates, waitTexts(input, numberOf)).entries())
    for (const account of list) if (accounts.has(account)) mark(account, line);
  const classes = grouped(accounts.keys(), (name) => accounts.get(name));
  const weights = new Map([...classes.values()].map((all) => [all[0] ?? '', all.length]));
  return (account) => (accounts.has(account) ? (weights.get(account) ?? 0) : 1);
};
