/** Break-glass keeps what it has today: whatever a plan would take from it, and the way in to its role. */
import { guardRailKinds } from '../../model/resource.ts';
import { spelledByAws } from '../../evaluate/action-catalogue.ts';
import type { Decision } from '../../evaluate/decide.ts';
import { setActor } from '../../evaluate/actors.ts';
import type { Actor } from '../../evaluate/actors.ts';
import { accountOf } from '../../evaluate/policies-of.ts';
import type { AccessWorld } from '../../evaluate/policies-of.ts';
import { common, indicesIn, isEmptyBits, without } from '../../evaluate/reach/bits.ts';
import { reachOver } from '../../evaluate/reach/reach.ts';
import type { ReachEngine, ReachableActions } from '../../evaluate/reach/reach.ts';
import { takingsBetween } from '../../evaluate/reach/taken.ts';
import type { Taking } from '../../evaluate/reach/taken.ts';
import type { Catalogue } from '../../model/catalogue.ts';
import { afterOf } from '../../model/plan.ts';
import type { Change } from '../../model/plan.ts';
import { accountKey, isGuardRail, permissionSetKey } from '../../model/resource.ts';
import { fullAccessDocument } from '../../model/policy.ts';
import type { PermissionSet, Resource } from '../../model/resource.ts';
import { reachedThrough } from '../situation/reached-accounts.ts';
import type { Situation } from '../situation/situation.ts';
import { foundAlike } from './account-sample.ts';
import { decisionOn, hasRcps, decisionText } from './asking.ts';
import type { Evaluated, PhaseEnd } from './phase-ends.ts';
import type { GuardRefusal } from './guard.ts';
import { isSparing, sparedActions } from './spared.ts';
import { shortList } from '../../model/lists.ts';

/** A set that is named anew has what it was before. */
const setIn = ({ state }: AccessWorld, sets: readonly string[]): PermissionSet | undefined => {
  const found = sets.map((name) => state[permissionSetKey(name)]).find((set) => set !== undefined);
  return found?.kind === 'permission-set' ? found : undefined;
};

const actorIn = (world: AccessWorld, sets: readonly string[], name: string): Actor | undefined => {
  const account = accountOf(world, name);
  const set = setIn(world, sets);
  return account === undefined || set === undefined ? undefined : setActor(world, set.name, account);
};

type CustomerPolicyBearer = Pick<PermissionSet, 'customerManagedPolicies' | 'permissionsBoundary'>;

/** The customer policies of a set or role, its boundary among them, by name. */
export const policiesNamedBy = ({
  customerManagedPolicies,
  permissionsBoundary: boundary,
}: CustomerPolicyBearer): readonly string[] => [
  ...customerManagedPolicies.map(({ name }) => name),
  ...(boundary !== undefined && 'customerManagedPolicy' in boundary ? [boundary.customerManagedPolicy.name] : []),
];

/** Of each version of the sets, and of every guard rail. */
const documentsOf = (resources: readonly Resource[], sets: readonly string[], catalogue: Catalogue) => {
  const versions = resources.flatMap((one) => (one.kind === 'permission-set' && sets.includes(one.name) ? [one] : []));
  const named = new Set(versions.flatMap(policiesNamedBy));
  const own = versions.flatMap(({ inlinePolicy, managedPolicies, permissionsBoundary: boundary }) => {
    const limit = boundary !== undefined && 'managedPolicy' in boundary ? [boundary.managedPolicy] : [];
    return [inlinePolicy, ...[...managedPolicies, ...limit].map((arn) => catalogue.document(arn))];
  });
  const others = resources.flatMap((one) => {
    if (one.kind === 'policy') return named.has(one.name) ? [one.document] : [];
    return isGuardRail(one) ? [one.document] : [];
  });
  return [...own, ...others].filter((one) => one !== undefined);
};

/**
 * The actions that the policies name, as they write them, and one for all others: it is enough to see what a policy takes,
 * and it costs nothing.
 */
const namedActions = { version: 'as named', actions: [] };

const roleOf = (
  { policies, account, permissionSet = '' }: Actor,
  world: AccessWorld,
  reach: ReachEngine,
): ReachableActions =>
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

const actionsText = (taking: Taking, { universe }: ReachEngine): string =>
  shortList(
    indicesIn(taking.actions).flatMap((at) => {
      const action = universe.actions[at];
      // A lone star is what no policy names, and all that they name.
      if (action === undefined || action.service === '') return [];
      return action.service === 'other'
        ? ['whatever no policy names']
        : [spelledByAws(`${action.service}:${action.name}`)];
    }),
    most,
  );

type GlassComparison = { readonly sets: readonly string[]; readonly reach: ReachEngine; readonly now: string };
/** Two worlds, the earlier one first. */
type WorldPair = readonly [first: AccessWorld, next: AccessWorld];

const takenIn = (compared: GlassComparison, account: string, [first, next]: WorldPair): readonly string[] => {
  const { sets, reach, now } = compared;
  const [before, after] = [actorIn(first, sets, account), actorIn(next, sets, account)];
  if (before === undefined || after === undefined) return [];
  const { universe } = reach;
  const spared = universe.matching(sparedActions());
  return takingsBetween({
    before: roleOf(before, first, reach),
    after: roleOf(after, next, reach),
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

const signingIn = (world: AccessWorld, { arn, account }: Actor, action: string): Decision => {
  const provider = `arn:aws:iam::${account.id}:saml-provider/AWSSSO_0123456789abcdef_DO_NOT_DELETE`;
  const allowing = { Effect: 'Allow', Principal: { Federated: provider }, Action: signIn } as const;
  const trust = { name: 'its trust', policy: { Version: '2012-10-17', Statement: [allowing] } } as const;
  const policies = { resourcePolicy: trust, rcps: world.levels('rcp', account) };
  return decisionOn(world, { principal: provider, action, resource: arn, account }, policies);
};

/** Where no set stood before, the way in to the one that comes is asked of the guard rails as they were. */
const shutIn = (sets: readonly string[], account: string, [first, next]: WorldPair): readonly string[] => {
  const after = actorIn(next, sets, account);
  const old = accountOf(first, account);
  if (after === undefined || old === undefined || !hasRcps(next, after.account)) return [];
  return signIn.flatMap((action) => {
    if (signingIn(first, { ...after, account: old }, action).decision !== 'allowed') return [];
    const decision = signingIn(next, after, action);
    return decision.decision === 'allowed' ? [] : [`${action}, by which people sign in (${decisionText(decision)})`];
  });
};

type LossGround = Pick<Evaluated, 'situation' | 'today'> & { readonly catalogue: Catalogue };

/** What break-glass has in an account in the first of two worlds and not in the next, in words. */
export type Losses = (account: string, course: WorldPair) => readonly string[];

/** `changes`: all by which any of the worlds that are asked about came from what there is. */
export const lossesOver = (ground: LossGround, changes: readonly Change[]): Losses => {
  const { situation, today, catalogue } = ground;
  const { breakGlass } = situation.desired.settings;
  if (breakGlass === undefined) return () => [];
  const sets = setsOf(situation, breakGlass.permissionSet);
  const resources = [...Object.values(situation.current), ...changes.flatMap((change) => afterOf(change) ?? [])];
  const documents = documentsOf(resources, sets, catalogue);
  const reach = reachOver(namedActions, new Set([fullAccessDocument, ...documents]));
  const compared = { sets, reach, now: `${today}T00:00:00.000Z` };
  return (account, course) => [...new Set([...takenIn(compared, account, course), ...shutIn(sets, account, course)])];
};

/** The calls by which people sign in to break-glass that are denied in the second world and not in the first. */
export const signInLosses = (situation: Situation, account: string, course: WorldPair): readonly string[] => {
  const { breakGlass } = situation.desired.settings;
  return breakGlass === undefined ? [] : shutIn(setsOf(situation, breakGlass.permissionSet), account, course);
};

const setsOf = ({ desired }: Situation, name: string): readonly string[] => {
  const before = desired.previously[permissionSetKey(name)] ?? [];
  return [name, ...before];
};

const reaches = reachedThrough(['policy-type', ...guardRailKinds, 'attachment', 'account', 'permission-set', 'policy']);
const bearsOn = (account: string, { changes }: PhaseEnd): boolean => reaches(changes, account);

type Loss = { readonly account: string; readonly text: string };

export const lossText = (lost: readonly string[]): string => lost.slice(0, most).join('; ');

const howToKeep =
  'Except its roles by their protected path, or leave its set as it is; docs/guards.md lists what a guard rail may take from it.';

const refusalOf = (text: string, [first = '', ...others]: readonly string[]): GuardRefusal => ({
  key: accountKey(first),
  message: `Break-glass would lose in ${shortList([first, ...others], most)} ${text}. ${howToKeep}`,
});

/** Accounts that lose the same are said together. */
export const lossRefusals = (evaluated: Evaluated): readonly GuardRefusal[] => {
  const { situation, ends } = evaluated;
  const [first, ...later] = ends;
  const accounts = Object.values(situation.desired.accounts).filter((one) => later.some((end) => bearsOn(one, end)));
  if (first === undefined || accounts.length === 0) return [];
  const { catalogue } = first.world;
  const losses = lossesOver(
    { ...evaluated, catalogue },
    later.flatMap(({ changes }) => changes),
  );
  const found = foundAlike(accounts, evaluated.sample, (account): readonly Loss[] => {
    for (const { world, when } of later.filter((end) => bearsOn(account, end))) {
      const lost = losses(account, [first.world, world]);
      if (lost.length > 0) return [{ account, text: `${when}: ${lossText(lost)}` }];
    }
    return [];
  });
  const texts = [...new Set(found.map(({ text }) => text))];
  return texts.map((text) =>
    refusalOf(
      text,
      found.filter((one) => one.text === text).map(({ account }) => account),
    ),
  );
};
