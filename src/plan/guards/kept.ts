/** Break-glass keeps what it has today: whatever a plan would take from it, and the way in to its role. */
import type { Decision } from '../../evaluate/decide.ts';
import { setActor } from '../../evaluate/actors.ts';
import type { Actor } from '../../evaluate/actors.ts';
import { accountOf } from '../../evaluate/policies-of.ts';
import type { World } from '../../evaluate/policies-of.ts';
import { common, indicesIn, isEmptyBits, without } from '../../evaluate/reach/bits.ts';
import type { NamedPolicy } from '../../evaluate/layers.ts';
import { reachOver } from '../../evaluate/reach/reach.ts';
import type { Reach, Role } from '../../evaluate/reach/reach.ts';
import { takingsBetween } from '../../evaluate/reach/taken.ts';
import type { Taking } from '../../evaluate/reach/taken.ts';
import { accountKey, fullAccessDocument, permissionSetKey } from '../../model/resource.ts';
import type { PermissionSet } from '../../model/resource.ts';
import type { PolicyDocument } from '../../model/policy.ts';
import { decisionOn, reasonText } from './asking.ts';
import type { Evaluated, PhaseEnd } from './evaluated.ts';
import type { Refusal } from './guard.ts';
import { isSparing, sparedActions } from './spared.ts';

/** A set that is named anew has what it was before. */
const setIn = ({ state }: World, sets: readonly string[]): PermissionSet | undefined => {
  const found = sets.map((name) => state[permissionSetKey(name)]).find((set) => set !== undefined);
  return found?.kind === 'permission-set' ? found : undefined;
};

const actorIn = ({ world }: PhaseEnd, sets: readonly string[], name: string): Actor | undefined => {
  const account = accountOf(world, name);
  const set = setIn(world, sets);
  return account === undefined || set === undefined ? undefined : setActor(world, set.name, account);
};

/** Of a set in some accounts, and of every guard rail. */
const documentsIn = (
  { world, state }: PhaseEnd,
  sets: readonly string[],
  accounts: readonly string[],
): readonly PolicyDocument[] => {
  const own = accounts.flatMap((name): readonly NamedPolicy[] => {
    const account = accountOf(world, name);
    const set = setIn(world, sets);
    if (account === undefined || set === undefined) return [];
    const { identityPolicies = [], boundary = [] } = world.setPolicies(set, account);
    return [...identityPolicies, ...boundary];
  });
  const rails = Object.values(state).flatMap((one) => (one.kind === 'scp' || one.kind === 'rcp' ? [one.document] : []));
  return [...[...new Set(own)].flatMap(({ policy }) => policy ?? []), ...rails];
};

/**
 * The actions that the policies name, as they write them, and one for all others: it is enough to see what a policy takes,
 * and it costs nothing.
 */
const namedActions = { version: 'as named', actions: [] };

const roleOf = ({ policies, account, permissionSet = '' }: Actor, { world }: PhaseEnd, reach: Reach): Role =>
  reach.role(
    reach.identity(policies.identityPolicies ?? [], policies.boundary ?? []),
    reach.chain(world.levels('scp', account), world.levels('rcp', account)),
    {
      accountId: account.id,
      ouPath: account.parent,
      organization: world.organization,
      region: world.region,
      permissionSet,
    },
  );

const places: Readonly<Record<string, string>> = {
  identity: 'its permission set no longer allows it',
  boundary: 'its permissions boundary does not allow it',
};

const reasonOf = (taking: Taking): string => {
  if ('policy' in taking) return `${taking.policy} denies it`;
  const [, kind = '', level = ''] = /^(scp|rcp) (.*)$/.exec(taking.place) ?? [];
  return places[taking.place] ?? `no ${kind.toUpperCase()} at ${level === 'account' ? 'the account' : level} allows it`;
};

const most = 4;
const listed = (texts: readonly string[]): string =>
  texts.length > most ? `${texts.slice(0, most).join(', ')} and ${texts.length - most} more` : texts.join(', ');

const actionsText = (taking: Taking, { universe }: Reach): string =>
  listed(
    indicesIn(taking.actions).flatMap((at) => {
      const action = universe.actions[at];
      if (action === undefined) return [];
      return action.service === 'other' ? ['whatever no policy names'] : [`${action.service}:${action.name}`];
    }),
  );

type Compared = {
  readonly first: PhaseEnd;
  readonly sets: readonly string[];
  readonly reach: Reach;
  readonly now: string;
};

const takenIn = (compared: Compared, account: string, end: PhaseEnd): readonly string[] => {
  const { first, sets, reach, now } = compared;
  const [old, next] = [actorIn(first, sets, account), actorIn(end, sets, account)];
  if (old === undefined || next === undefined) return [];
  const { universe } = reach;
  const spared = universe.matching(sparedActions);
  return takingsBetween({
    before: roleOf(old, first, reach),
    after: roleOf(next, end, reach),
    size: universe.size,
    spares: (denial) => isSparing(denial, now),
  }).flatMap((taking) => {
    const actions = without(common(taking.actions, universe.all), spared);
    return isEmptyBits(actions) ? [] : [`${actionsText({ ...taking, actions }, reach)} (${reasonOf(taking)})`];
  });
};

/**
 * Identity Center's provider calls these on the role that a person takes (IAM User Guide, "Creating a role for SAML 2.0
 * federation"): the resource of the call lies in the account, so RCPs bind it.
 */
const signIn = ['sts:AssumeRoleWithSAML', 'sts:TagSession'];

const signingIn = (world: World, { arn, account }: Actor, action: string): Decision => {
  const provider = `arn:aws:iam::${account.id}:saml-provider/AWSSSO_0123456789abcdef_DO_NOT_DELETE`;
  const allowing = { Effect: 'Allow', Principal: { Federated: provider }, Action: signIn } as const;
  const trust = { name: 'its trust', policy: { Version: '2012-10-17', Statement: [allowing] } } as const;
  const policies = { resourcePolicy: trust, rcps: world.levels('rcp', account) };
  return decisionOn(world, { principal: provider, action, resource: arn, account }, policies);
};

/** Where no set stood before, the way in to the one that comes is asked of the guard rails as they were. */
const shutIn = ({ first, sets }: Compared, account: string, end: PhaseEnd): readonly string[] => {
  const next = actorIn(end, sets, account);
  const old = accountOf(first.world, account);
  if (next === undefined || old === undefined) return [];
  return signIn.flatMap((action) => {
    if (signingIn(first.world, { ...next, account: old }, action).decision !== 'allowed') return [];
    const decision = signingIn(end.world, next, action);
    return decision.decision === 'allowed' ? [] : [`${action}, by which people sign in (${reasonText(decision)})`];
  });
};

const kinds = ['policy-type', 'scp', 'rcp', 'attachment', 'account', 'permission-set', 'policy'];
const bearsOn = (account: string, { changes }: PhaseEnd): boolean =>
  changes.some(
    ({ kind, reaches = ['*'] }) => kinds.includes(kind) && (reaches.includes(account) || reaches.includes('*')),
  );

type Loss = { readonly account: string; readonly text: string };

const lossOf = (compared: Compared, account: string, ends: readonly PhaseEnd[]): readonly Loss[] => {
  for (const end of ends) {
    if (!bearsOn(account, end)) continue;
    const lost = [...new Set([...takenIn(compared, account, end), ...shutIn(compared, account, end)])];
    if (lost.length > 0) return [{ account, text: `${end.when}: ${lost.slice(0, most).join('; ')}` }];
  }
  return [];
};

const refusalOf = (text: string, [first = '', ...others]: readonly string[]): Refusal => ({
  key: accountKey(first),
  message: `Break-glass would lose in ${listed([first, ...others])} ${text}. Except its roles by their protected path, or leave its set as it is; docs/guards.md lists what a guard rail may take from it.`,
});

const setsOf = ({ situation: { desired } }: Evaluated, name: string): readonly string[] => {
  const before = desired.previously[permissionSetKey(name)] ?? [];
  return [name, ...before];
};

/** Accounts that lose the same are said together. */
export const lossRefusals = (evaluated: Evaluated): readonly Refusal[] => {
  const { situation, ends, today } = evaluated;
  const { breakGlass } = situation.desired.settings;
  const [first, ...later] = ends;
  const accounts = Object.values(situation.desired.accounts).filter((one) => later.some((end) => bearsOn(one, end)));
  if (breakGlass === undefined || first === undefined || accounts.length === 0) return [];
  const sets = setsOf(evaluated, breakGlass.permissionSet);
  const documents = ends.flatMap((end) => documentsIn(end, sets, accounts));
  const reach = reachOver(namedActions, new Set([fullAccessDocument, ...documents]));
  const compared = { first, sets, reach, now: `${today}T00:00:00.000Z` };
  const losses = accounts.flatMap((account) => lossOf(compared, account, later));
  const texts = [...new Set(losses.map(({ text }) => text))];
  return texts.map((text) =>
    refusalOf(
      text,
      losses.filter((one) => one.text === text).map(({ account }) => account),
    ),
  );
};
