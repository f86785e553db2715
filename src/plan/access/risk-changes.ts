/** How much each change can hurt, told by what it does to people. */
import { reachStatements } from '../../evaluate/reach/statements.ts';
import { common, isEmptyBits, noBits, union } from '../../evaluate/reach/bits.ts';
import type { Bits } from '../../evaluate/reach/bits.ts';
import { openedIn } from '../../evaluate/reach/delta.ts';
import { grouped, rememberedOf } from '../../model/lists.ts';
import type { Change, EffectiveChange } from '../../model/plan.ts';
import { afterOf, beforeOf, subjectOf } from '../../model/plan.ts';
import type { ConditionBlock, PolicyDocument } from '../../model/policy.ts';
import { statements } from '../../model/policy.ts';
import type {
  Attachment,
  CustomerPolicy,
  Key,
  OidcProvider,
  PermissionSet,
  Resource,
  Role,
  State,
} from '../../model/resource.ts';
import {
  controlPolicyKey,
  isControlPolicy,
  isGuardRail,
  policyTypes,
  principalText,
  resourcesOf,
} from '../../model/resource.ts';
import type { AccessComparison, AccessRow } from './access.ts';
import { joined } from './judgment.ts';
import type { Judgment } from './judgment.ts';
import type { EntranceMove } from './standing.ts';
import { straightToProduction } from './risk-stages.ts';
import type { DeclaredStages } from './risk-stages.ts';
import { rolePrincipal } from './side.ts';
import { isFullAccess } from '../situation/situation.ts';
import { EVERYWHERE } from '../situation/reached-accounts.ts';
import { isOfSettings } from '../situation/settings.ts';
import { judgedSettings } from './effective.ts';

export type ChangeContext = {
  readonly access: AccessComparison;
  readonly before: State;
  readonly after: State;
  /** Touches the way in for emergencies. */
  readonly breaksGlass: (change: Change) => boolean;
  /** Of the roles whose trust opens, by key. */
  readonly trusts: ReadonlyMap<Key, readonly Judgment[]>;
  readonly effective: readonly EffectiveChange[];
  /** Of changed policies of resources, by key. */
  readonly resources: ReadonlyMap<Key, Judgment>;
  readonly moves: readonly EntranceMove[];
  readonly stages: DeclaredStages;
};

/** What a session may do is decided by its tags wherever a policy asks for them, also by policies that nobody reads here. */
const retagged: Judgment = {
  risk: 'high',
  reasons: ['session-tags: decides what policies that ask for aws:PrincipalTag give to whom'],
};

const NOBODY = "no-access: changes nobody's access";
const nobody: Judgment = { risk: 'low', reasons: [NOBODY] };

export const judgedChange = (context: ChangeContext, change: Change): Judgment => {
  if (change.adopts) return { risk: 'low', reasons: ['adoption: only takes into ownership'] };
  const judgment = byKind(context, change);
  if (!context.breaksGlass(change)) return judgment;
  return joined([judgment, { risk: 'critical', reasons: ['break-glass: touches the way in for emergencies'] }]);
};

const byKind = (context: ChangeContext, change: Change): Judgment => {
  const resource = subjectOf(change);
  if (isOfSettings(resource)) return judgedSettings(context.effective, change) ?? nobody;
  if (isControlPolicy(resource)) return ofRail(context, change, resource);
  switch (resource.kind) {
    case 'assignment':
    case 'entitlement':
      return ofRows(rowsOf(context, principalText(resource.principal), [resource.account]), change);
    case 'membership':
      return ofMembership(context, change, resource);
    case 'permission-set':
      return ofSet(context, change, resource.name);
    case 'attachment':
    case 'account':
    case 'policy-type':
      return ofRail(context, change, resource);
    case 'role':
      return ofRole(context, change, resource);
    case 'policy':
      return ofCustomerPolicy(context, change, resource);
    case 'oidc-provider':
      return ofProvider(change, resource);
    case 'group':
    case 'user':
    case 'ou':
      return nobody;
    case 'access-attributes':
      return retagged;
    case 'resource-policy':
      return context.resources.get(change.key) ?? nobody;
  }
};

const setOf = rememberedOf((accounts: readonly string[]): ReadonlySet<string> => new Set(accounts));
const accountsOf = ({ change }: AccessRow): ReadonlySet<string> => setOf(change.accounts);
const rowsByPrincipal = rememberedOf((rows: readonly AccessRow[]) => grouped(rows, ({ change }) => change.principal));

/** The rows of a principal that are about one of the accounts. */
const rowsOf = (
  { access }: ChangeContext,
  principal: string,
  accounts: readonly string[] | typeof EVERYWHERE,
): readonly AccessRow[] => {
  const rows = rowsByPrincipal(access.rows).get(principal) ?? [];
  return accounts === EVERYWHERE ? rows : rows.filter((row) => accounts.some((name) => accountsOf(row).has(name)));
};

const lost: Judgment = { risk: 'low', reasons: ['access-lost: takes away'] };
const ofRow = rememberedOf(({ change }: AccessRow): Judgment =>
  joined([{ risk: change.risk, reasons: change.riskReasons ?? [] }]),
);

/** What is taken away opens nothing, whatever else happens to the same people. */
const ofRows = (rows: readonly AccessRow[], { action }: Change): Judgment => {
  if (rows.length === 0) return nobody;
  if (action === 'delete') return lost;
  const [only, ...others] = rows;
  return only !== undefined && others.length === 0 ? ofRow(only) : joined(rows.map(ofRow));
};

const ofMembership = (
  context: ChangeContext,
  change: Change,
  { group, user }: { group: string; user: string },
): Judgment => {
  const own = rowsOf(context, principalText({ type: 'user', name: user }), EVERYWHERE);
  const shared = rowsOf(context, principalText({ type: 'group', name: group }), EVERYWHERE);
  return ofRows(own.length > 0 ? own : shared, change);
};

const assignmentsBySet = rememberedOf((state: State) =>
  grouped(resourcesOf(state, 'assignment'), ({ permissionSet }) => permissionSet),
);

const ofSet = (context: ChangeContext, change: Change, name: string): Judgment => {
  const held = [context.before, context.after].flatMap((state) => assignmentsBySet(state).get(name) ?? []);
  const holders = grouped(held, ({ principal }) => principalText(principal));
  const rows = [...holders].flatMap(([who, theirs]) =>
    rowsOf(
      context,
      who,
      theirs.map(({ account }) => account),
    ),
  );
  const given = ofRows(rows, change);
  const more = setHandedOut(context, change, held);
  return given === nobody && more.length > 0 ? joined(more) : joined([given, ...more]);
};

/** Longer sessions, a page that they open on, an instance that hands the role out: as much as what they give. */
const handedOut = (rating: Judgment, reason: string): Judgment => ({
  risk: rating.risk,
  reasons: [reason, ...rating.reasons.slice(0, 1)],
});

const roleHandedOut = ({ access }: ChangeContext, before: Resource | undefined, after: Resource | undefined) => {
  if (before?.kind !== 'role' || after?.kind !== 'role') return [];
  const rating = access.ratings.ofRole(after);
  return [
    ...(after.maxSessionDuration > before.maxSessionDuration
      ? [handedOut(rating, 'longer-sessions: sessions of the role last longer')]
      : []),
    ...(after.instanceProfile && !before.instanceProfile
      ? [handedOut(rating, 'instance-profile: whoever may use an instance has what the role has')]
      : []),
  ];
};

const setHandedOut = (
  { access }: ChangeContext,
  change: Change,
  held: readonly { readonly account: string }[],
): readonly Judgment[] => {
  const [before, after] = [beforeOf(change), afterOf(change)];
  if (before?.kind !== 'permission-set' || after?.kind !== 'permission-set') return [];
  const isLonger = after.sessionDuration > before.sessionDuration;
  const isElsewhere = after.relayState !== undefined && after.relayState !== before.relayState;
  const rating = joined(held.map(({ account }) => access.ratings.ofSet(after.name, account)));
  return [
    ...(isLonger ? [handedOut(rating, 'longer-sessions: sessions of the set last longer')] : []),
    ...(isElsewhere ? [handedOut(rating, 'relay-state: sessions of the set begin on another page')] : []),
  ];
};

/** By what it gives, by who newly comes to it, and by the boundary that it loses. */
const ofRole = (context: ChangeContext, change: Change, role: Role): Judgment => {
  const given = ofRows(rowsOf(context, rolePrincipal(role), [role.account]), change);
  if (change.action === 'delete') return given;
  const unbound = unboundBy(beforeOf(change), afterOf(change));
  const handed = roleHandedOut(context, beforeOf(change), afterOf(change));
  const more = [...(context.trusts.get(change.key) ?? []), ...unbound, ...handed];
  return given === nobody && more.length > 0 ? joined(more) : joined([given, ...more]);
};

const unboundBy = (before: Resource | undefined, after: Resource | undefined): readonly Judgment[] =>
  before?.kind === 'role' &&
  after?.kind === 'role' &&
  before.permissionsBoundary !== undefined &&
  after.permissionsBoundary === undefined
    ? [{ risk: 'high', reasons: ['boundary-removed: nothing limits the role but its own policies'] }]
    : [];

const names = (bearer: Role | PermissionSet, { path, name }: CustomerPolicy): boolean => {
  const { customerManagedPolicies, permissionsBoundary: boundary } = bearer;
  const own = boundary !== undefined && 'customerManagedPolicy' in boundary ? [boundary.customerManagedPolicy] : [];
  return [...customerManagedPolicies, ...own].some((one) => one.path === path && one.name === name);
};

const rolesByAccount = rememberedOf((state: State) => grouped(resourcesOf(state, 'role'), ({ account }) => account));
const assignmentsByAccount = rememberedOf((state: State) =>
  grouped(resourcesOf(state, 'assignment'), ({ account }) => account),
);

/** By what it does to the roles and the holders of the sets that name it in its account. */
const ofCustomerPolicy = (context: ChangeContext, change: Change, policy: CustomerPolicy): Judgment => {
  const states = [context.before, context.after];
  const roles = states.flatMap((state) => rolesByAccount(state).get(policy.account) ?? []);
  const sets = states.flatMap((state) => resourcesOf(state, 'permission-set')).filter((set) => names(set, policy));
  const held = new Set(sets.map(({ name }) => name));
  const holders = states
    .flatMap((state) => assignmentsByAccount(state).get(policy.account) ?? [])
    .filter((one) => held.has(one.permissionSet));
  const who = new Set([
    ...roles.filter((role) => names(role, policy)).map(rolePrincipal),
    ...holders.map(({ principal }) => principalText(principal)),
  ]);
  const rows = context.access.rows.filter(
    (row) => who.has(row.change.principal) && accountsOf(row).has(policy.account),
  );
  return ofRows(rows, change);
};

/** By itself it lets nobody in; the trust of a role does. */
const ofProvider = (change: Change, { host }: OidcProvider): Judgment =>
  change.action === 'delete'
    ? { risk: 'low', reasons: [`web-identity: tokens of ${host} are no longer taken`] }
    : { risk: 'medium', reasons: [`web-identity: roles of the account may trust tokens of ${host}`] };

/** A guard rail is judged by what opens or closes below it, as far as the rail speaks of those actions. */
const ofRail = (context: ChangeContext, change: Change, resource: Resource): Judgment => {
  if (change.temporary) return { risk: 'medium', reasons: ['guard-rail-temporary: up for the length of this apply'] };
  if (isFullAccess(resource))
    return { risk: 'critical', reasons: ['full-aws-access: decides whether anything is allowed at all'] };
  const reaches = change.reaches ?? [];
  if (reaches.length === 0 || change.phase === 'prepare' || change.phase === 'remove') return nobody;
  const concerned = context.access.rows.filter(
    (row) => reaches.includes(EVERYWHERE) || row.change.accounts.some((name) => reaches.includes(name)),
  );
  const spoken = spokenOf(context, change);
  const whoOf = (bits: (row: AccessRow) => Bits): readonly string[] => [
    ...new Set(concerned.filter((row) => !isEmptyBits(common(bits(row), spoken))).map((row) => row.change.principal)),
  ];
  const moved = movedBy(context, change, resource);
  const opens = [...whoOf(({ delta }) => openedIn(delta)), ...namedBy(context, change), ...moved.opened];
  const closes = [...whoOf(({ delta }) => union(delta.lost, delta.changed)), ...moved.closed];
  if (change.phase === 'relax') return weakened(opens);
  return joined([tightened(closes, resource), ...straightToProduction(context, change, resource)]);
};

const isTypeOfRcps = (resource: Resource): boolean =>
  resource.kind === 'policy-type' && resource.type === policyTypes.rcp;

const movedNames = (moves: readonly EntranceMove[]): readonly string[] => [...new Set(moves.map(({ who }) => who))];

/** Whom roles below trust: no SCP lets them in or keeps them out. */
const movedBy = ({ moves }: ChangeContext, { reaches = [] }: Change, resource: Resource) => {
  const kind = resource.kind === 'attachment' ? resource.policy.kind : resource.kind;
  const isOfRcps = kind === 'rcp' || kind === 'account' || isTypeOfRcps(resource);
  const concerned = isOfRcps
    ? moves.filter(({ account }) => reaches.includes(EVERYWHERE) || reaches.includes(account))
    : [];
  return {
    opened: movedNames(concerned.filter(({ opens }) => opens)),
    closed: movedNames(concerned.filter(({ opens }) => !opens)),
  };
};

/** Whoever signs in without Identity Center: no row tells of them. */
const outsiders: readonly (readonly [who: string, arn: RegExp])[] = [
  ['root users', /:root$/],
  ['IAM users', /:user\//],
];

/** Root users and IAM users whom a denial names that is no longer there. */
const namedBy = ({ before, after }: ChangeContext, change: Change): readonly string[] => {
  const denialsOf = (state: State, resource: Resource | undefined) =>
    documentOf(state, resource)
      .flatMap((policy) => statements(policy))
      .filter(({ Effect }) => Effect === 'Deny')
      .map((statement) => JSON.stringify(statement.Condition ?? {}));
  const kept = new Set(denialsOf(after, afterOf(change)));
  const gone = denialsOf(before, beforeOf(change)).filter((condition) => !kept.has(condition));
  const named = gone.flatMap((condition) =>
    Object.entries(JSON.parse(condition) as ConditionBlock).flatMap(([operator, keys]) =>
      Object.entries(keys).flatMap(([key, value]) =>
        /^(arn|string)(like|equals)/i.test(operator) && key.toLowerCase() === 'aws:principalarn' ? [value].flat() : [],
      ),
    ),
  );
  return outsiders.flatMap(([who, arn]) => (named.some((value) => arn.test(String(value))) ? [who] : []));
};

const weakened = (who: readonly string[]): Judgment =>
  who.length > 0
    ? { risk: 'critical', reasons: [`guard-rail-weakened: opens something to ${few(who)}`] }
    : { risk: 'high', reasons: ['guard-rail-weakened: nobody gains by it today'] };

const tightened = (who: readonly string[], { kind }: Resource): Judgment => {
  if (who.length > 0) return { risk: 'high', reasons: [`guard-rail-tightened: takes something from ${few(who)}`] };
  const risk = kind === 'policy-type' ? 'high' : 'medium';
  return { risk, reasons: ['guard-rail-tightened: nobody loses by it today'] };
};

const most = 3;
const few = (who: readonly string[]): string =>
  who.length > most + 1 ? `${who.slice(0, most).join(', ')} and ${who.length - most} more` : who.join(', ');

/** The actions that the rail's documents speak of; everything, for what is no single document. */
const spokenOf = ({ access, before, after }: ChangeContext, change: Change): Bits => {
  const { universe } = access.marks;
  const documents = [
    ...[beforeOf(change)].flatMap((resource) => documentOf(before, resource)),
    ...[afterOf(change)].flatMap((resource) => documentOf(after, resource)),
  ];
  if (documents.length === 0) return universe.all;
  return documents
    .flatMap((policy) => reachStatements({ name: '', policy }, universe))
    .reduce(
      (bits, { actions, effect }) => union(bits, effect === 'Allow' ? universe.all : actions),
      noBits(universe.size),
    );
};

const documentOf = (state: State, resource: Resource | undefined): readonly PolicyDocument[] => {
  if (isGuardRail(resource)) return [resource.document];
  return resource?.kind === 'attachment' ? attached(state, resource) : [];
};

const attached = (state: State, { policy }: Attachment): readonly PolicyDocument[] => {
  const found = state[controlPolicyKey(policy)];
  return isGuardRail(found) ? [found.document] : [];
};
