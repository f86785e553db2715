/** What a permission set or a role can do in one account while some changes are made and others are not. */
import { canAllow } from '../../kinds/control-policies.ts';
import type { NamedPolicy } from '../../evaluate/layers.ts';
import type { Bundle, ReachEngine, ReachableActions } from '../../evaluate/reach/reach.ts';
import { grouped } from '../../model/lists.ts';
import type { Change } from '../../model/plan.ts';
import { afterOf, subjectOf } from '../../model/plan.ts';
import { samePolicy } from '../../model/policy.ts';
import type { PolicyDocument } from '../../model/policy.ts';
import type { Account, Attachment, Key, Resource, State } from '../../model/resource.ts';
import {
  accountKey,
  controlPolicyKey,
  isGrant,
  isGuardRailKind,
  keyOf,
  pathToRoot,
  permissionSetKey,
  resourcesOf,
  targetText,
} from '../../model/resource.ts';
import { chainsOf, sessionRoleText, sessionIn } from '../access/side.ts';
import type { SideContext } from '../access/side.ts';
import { isLooser, isTighter } from '../../change/effect.ts';
import { ofDocument } from '../edit/part-effects.ts';
import { policiesIn } from '../diff/customer-policies.ts';
import { fullAccessOn, isFullAccess } from '../situation/situation.ts';
import { bundlesOver } from './versions.ts';
import type { Bundles, Versions } from './versions.ts';
import type { CountAccounts } from '../situation/account-classes.ts';

export type ProofInput = {
  readonly current: State;
  /** In the order of the plan. */
  readonly changes: readonly Change[];
  readonly context: SideContext & { readonly reach: ReachEngine };
  readonly countIn: CountAccounts;
};

/** One account: the changes of guard rails that bear on it, and what its roles can do once some are made. */
export type PlaceInTime = {
  readonly account: string;
  readonly rails: readonly Change[];
  /** Undefined where the set does not exist yet; `done`: changes of `rails`, of sets and of what they are made of. */
  readonly role: (permissionSet: string, done: readonly Change[]) => ReachableActions | undefined;
  /** Undefined where there is no such role; `done`: changes of `rails`, of roles and of what they are made of. */
  readonly iamRole: (key: Key, done: readonly Change[]) => ReachableActions | undefined;
  /** What the policy of a resource gives somebody through the RCPs alone; `done`: changes of `rails`. */
  readonly named: (policy: NamedPolicy, done: readonly Change[]) => ReachableActions;
  /** Changes of the customer managed policies there that the role or set names at some time. */
  readonly policyChanges: (bearer: Key) => readonly Change[];
  /** The direction of a change of `rails` that can only tighten or only loosen, whatever the others are. */
  readonly direction: (change: Change) => string | undefined;
};

export type PlaceMaker = (account: string) => PlaceInTime | undefined;

/** Of all changes but those of who has what. */
export type PlanRails = {
  readonly at: ReadonlyMap<string, readonly Attachment[]>;
  readonly changesAt: ReadonlyMap<string, readonly Change[]>;
  readonly edits: readonly Change[];
  readonly general: readonly Change[];
  readonly types: readonly Resource[];
  readonly created: ReadonlyMap<Key, Resource>;
  readonly byKey: ReadonlyMap<Key, readonly Change[]>;
  readonly placeOf: ReadonlyMap<Change, number>;
};

const isEdit = (change: Change): boolean =>
  change.action === 'update' &&
  'document' in change.before &&
  'document' in change.after &&
  !samePolicy(change.before.document, change.after.document);

export const planRailsIn = ({ current, changes: all }: Pick<ProofInput, 'current' | 'changes'>): PlanRails => {
  const changes = all.filter((change) => !isGrant(subjectOf(change)) && change.kind !== 'membership');
  return {
    at: grouped(resourcesOf(current, 'attachment'), ({ target }) => targetText(target)),
    changesAt: grouped(
      changes.filter(({ kind }) => kind === 'attachment'),
      (change) => targetText((subjectOf(change) as Attachment).target),
    ),
    edits: changes.filter(isEdit),
    general: changes.filter(({ kind, action }) => kind === 'policy-type' && action === 'create'),
    types: resourcesOf(current, 'policy-type'),
    created: new Map(changes.flatMap((one) => (one.action === 'create' ? [[one.key, one.after]] : []))),
    byKey: grouped(changes, ({ key }) => key),
    placeOf: new Map(changes.map((change, at) => [change, at])),
  };
};

/** Where guard rails of the account hang, on its way from one parent to the other. */
const levelsOf = (account: Account, moves: readonly Change[]): readonly string[] => {
  const parents = [account, ...moves.map(subjectOf)].flatMap((one) => (one.kind === 'account' ? [one.parent] : []));
  const paths = new Set(parents.flatMap(pathToRoot));
  return [...[...paths].map((path) => (path === '' ? 'root' : `ou:${path}`)), `account:${account.name}`];
};

const made = (resources: readonly Resource[], changes: readonly Change[]): State => {
  const state = new Map(resources.map((one) => [keyOf(one), one]));
  for (const change of changes) {
    const after = afterOf(change);
    if (after === undefined) state.delete(change.key);
    else state.set(change.key, after);
  }
  return Object.fromEntries(state);
};

type DocumentHolder = { readonly document: PolicyDocument };
const documentIn = (resource: Resource | undefined): DocumentHolder | undefined =>
  resource !== undefined && 'document' in resource ? resource : undefined;

/** What the document says when its turn has come: what the steps before it leave, whatever the change takes it to be. */
const documentBefore = (base: State, rails: readonly Change[], change: Change): DocumentHolder | undefined => {
  const earlier = rails.slice(0, rails.indexOf(change)).filter(({ key }) => key === change.key);
  const [last] = earlier.slice(-1);
  return documentIn(last === undefined ? base[change.key] : afterOf(last));
};

/** Judged by what the documents say, not by the phase that somebody put the change into. */
const directionOfEdit = (before: DocumentHolder | undefined, change: Change): string | undefined => {
  const after = documentIn(afterOf(change));
  if (before === undefined || after === undefined) return undefined;
  const effect = ofDocument(before.document, after.document);
  if (isTighter(effect)) return isLooser(effect) ? undefined : 'tighter';
  return isLooser(effect) ? 'looser' : 'same';
};

/** Where FullAWSAccess hangs from the first state to the last, lists of allowances are idle and denials add up. */
const directionsAt = (base: State, rails: readonly Change[]): ((change: Change) => string | undefined) => {
  const moving = new Set(rails.map(({ key }) => key));
  const isOpen = ({ policy, target }: Attachment): boolean => {
    const full = keyOf(fullAccessOn(target));
    return !isGuardRailKind(policy.kind) || !canAllow(policy.kind) || (base[full] !== undefined && !moving.has(full));
  };
  const closed = [...Object.values(base), ...rails.map(subjectOf)].some(
    (one) => one.kind === 'attachment' && !isOpen(one),
  );
  return (change) => {
    const subject = subjectOf(change);
    const hangs = subject.kind === 'attachment' && !isFullAccess(subject);
    if (closed || !(hangs || isEdit(change))) return undefined;
    const direction = hangs
      ? change.action === 'create'
        ? 'tighter'
        : 'looser'
      : directionOfEdit(documentBefore(base, rails, change), change);
    return direction === undefined ? undefined : `${direction} in ${change.phase}`;
  };
};

type PlaceFindings = {
  readonly account: Account;
  readonly resources: readonly Resource[];
  readonly rails: readonly Change[];
};

/** Everything that hangs above the account, or will, and the changes of it; none bind the management account. */
const findings = (stage: ProofInput, rails: PlanRails, account: Account): PlaceFindings => {
  const { current, context } = stage;
  if (account.name === context.place.managementAccount) return { account, resources: [account], rails: [] };
  const moves = rails.byKey.get(accountKey(account.name)) ?? [];
  const levels = levelsOf(account, moves);
  const hanging = levels.flatMap((level) => rails.at.get(level) ?? []);
  const attaching = levels.flatMap((level) => rails.changesAt.get(level) ?? []);
  const keys = new Set(
    [...hanging, ...attaching.map((one) => subjectOf(one) as Attachment)].map(({ policy }) => controlPolicyKey(policy)),
  );
  const policies = [...keys].flatMap((key) => current[key] ?? rails.created.get(key) ?? []);
  const at = (change: Change): number => rails.placeOf.get(change) ?? 0;
  const relevant = new Set([
    ...moves,
    ...attaching,
    ...rails.general,
    ...rails.edits.filter(({ key }) => keys.has(key)),
  ]);
  return {
    account,
    resources: [account, ...rails.types, ...hanging, ...policies],
    rails: [...relevant].sort((one, other) => at(one) - at(other)),
  };
};

type PlaceContext = { readonly context: ProofInput['context']; readonly versions: Versions; readonly bundles: Bundles };
type Chained = { readonly chain: Bundle; readonly account: Account };

const chainsIn = ({ context }: PlaceContext, { account, resources, rails }: PlaceFindings) => {
  const known = new Map<string, Chained>();
  return (done: readonly Change[]): Chained => {
    const steps = rails.filter((change) => done.includes(change));
    const name = steps.map(({ id }) => id).join();
    const state = known.get(name) === undefined ? made(resources, steps) : {};
    const here = state[accountKey(account.name)];
    const place = here?.kind === 'account' ? here : account;
    const found = known.get(name) ?? { chain: chainsOf(state, context)(place), account: place };
    known.set(name, found);
    return found;
  };
};

const rolesIn = (making: PlaceContext, found: PlaceFindings): Pick<PlaceInTime, 'role' | 'iamRole' | 'named'> => {
  const { context, versions, bundles } = making;
  const { account } = found;
  const chainAt = chainsIn(making, found);
  return {
    named: (policy, done) => {
      const { chain, account: here } = chainAt(done);
      const rcps = chain.filter(({ place }) => place.startsWith('rcp '));
      return context.reach.role(context.reach.identity([policy], []), rcps, {
        ...sessionIn(here, context),
        named: true,
      });
    },
    role: (permissionSet, done) => {
      const key = permissionSetKey(permissionSet);
      // A set that is only made now is there before anybody holds it.
      const set = versions.at(key, done) ?? versions.ever(key)[0];
      if (set?.kind !== 'permission-set') return undefined;
      const { chain, account: here } = chainAt(done);
      return context.reach.role(bundles(set, account.name, done), chain, {
        ...sessionIn(here, context),
        permissionSet,
      });
    },
    iamRole: (key, done) => {
      const role = versions.at(key, done);
      if (role?.kind !== 'role') return undefined;
      const { chain, account: here } = chainAt(done);
      const subject = { ...sessionIn(here, context), role: sessionRoleText(role) };
      return context.reach.role(bundles(role, account.name, done), chain, subject);
    },
  };
};

/** The same words in another order, or other tags, are felt by nobody. */
const isFelt = (change: Change): boolean =>
  change.action !== 'update' ||
  change.before.kind !== 'policy' ||
  change.after.kind !== 'policy' ||
  !samePolicy(change.before.document, change.after.document);

const policyChangesIn =
  ({ versions }: PlaceContext, { account }: PlaceFindings): PlaceInTime['policyChanges'] =>
  (bearer) => {
    const keys = versions
      .ever(bearer)
      .flatMap((one) => (one.kind === 'role' || one.kind === 'permission-set' ? policiesIn(one, account.name) : []));
    return [...new Set(keys)].flatMap(versions.changesOf).filter(isFelt);
  };

/** Accounts are made once each. */
export const placesIn = (stage: ProofInput, rails: PlanRails, versions: Versions): PlaceMaker => {
  const { context, current } = stage;
  const making: PlaceContext = { context, versions, bundles: bundlesOver(context, versions) };
  const known = new Map<string, PlaceInTime | undefined>();
  return (name) => {
    if (known.has(name)) return known.get(name);
    const account = current[accountKey(name)];
    if (account?.kind !== 'account') return undefined;
    const found = findings(stage, rails, account);
    const place: PlaceInTime = {
      account: name,
      rails: found.rails,
      ...rolesIn(making, found),
      policyChanges: policyChangesIn(making, found),
      direction: directionsAt(made(found.resources, []), found.rails),
    };
    known.set(name, place);
    return place;
  };
};
