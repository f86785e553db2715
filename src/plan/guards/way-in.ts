/** The reconciler's own roles, as far as they are in the state: what they could do before a plan, they can do after it. */
import { guardRailKinds } from '../../model/resource.ts';
import type { Decision } from '../../evaluate/decide.ts';
import { roleActors } from '../../evaluate/actors.ts';
import type { NamedPolicy } from '../../evaluate/layers.ts';
import { allowingAll } from '../../evaluate/layers.ts';
import { accountOf } from '../../evaluate/policies-of.ts';
import type { PlacedRole, AccessWorld } from '../../evaluate/policies-of.ts';
import type { Desired, Settings } from '../../model/desired.ts';
import { remembered, rememberedOf } from '../../model/lists.ts';
import type { PolicyDocument } from '../../model/policy.ts';
import { roleKey } from '../../model/resource.ts';
import type { Account, Role } from '../../model/resource.ts';
import type { Situation } from '../situation/situation.ts';
import { foundAlike } from './account-sample.ts';
import { decisionOn, hasRcps, decisionText } from './asking.ts';
import { reachedThrough } from '../situation/reached-accounts.ts';
import type { Evaluated, PhaseEnd } from './phase-ends.ts';
import type { GuardRefusal } from './guard.ts';
import { entering, isTrusted, shutOut } from './let-in.ts';
import type { RoleStanding } from './let-in.ts';

/** One thing that a role has to be able to do; `says` is for people, `lacks` why it is not so. */
type KeptNeed = {
  readonly action: string;
  readonly says: string;
  readonly lacks: (standing: RoleStanding) => string | undefined;
};

/**
 * `calls`: what it does itself; `lets`: whom it has to let in. `isHome`: one that is assumed from outside, by whom only its
 * own trust says.
 */
type KeptRole = {
  readonly account: string;
  readonly path: string;
  readonly calls: readonly KeptNeed[];
  readonly lets: readonly KeptNeed[];
  readonly isHome?: true;
};

const lackOf = (decision: Decision): string | undefined =>
  decision.decision === 'allowed' ? undefined : ` (${decisionText(decision)})`;

type CalledResource = {
  readonly resource: string;
  readonly account: Pick<Account, 'id'>;
  readonly resourcePolicy?: NamedPolicy;
};

const mayDo = (action: string, on: (own: Account) => CalledResource): KeptNeed => ({
  action,
  says: action,
  lacks: ({ world, placed: { role, account, arn } }) => {
    const [actor] = roleActors(world, account, (one) => one === role);
    const own = actor?.policies ?? { identityPolicies: [allowingAll], scps: world.levels('scp', account) };
    const { resourcePolicy, ...called } = on(account);
    return lackOf(decisionOn(world, { action, principal: arn, ...called }, { ...own, resourcePolicy }));
  },
});

const anything = (account: Account): CalledResource => ({ resource: '*', account });
const someRole = (account: Account): CalledResource => ({
  resource: `arn:aws:iam::${account.id}:role/gatehouse/Some`,
  account,
});
const memberNeeds: readonly KeptNeed[] = [
  mayDo('iam:GetAccountAuthorizationDetails', anything),
  ...['iam:CreateRole', 'iam:PutRolePolicy', 'iam:UpdateAssumeRolePolicy', 'iam:DeleteRole'].map((action) =>
    mayDo(action, someRole),
  ),
];

const homeNeeds: readonly KeptNeed[] = [
  ...['organizations:ListAccounts', 'sso:ListAccountAssignments', 'identitystore:ListGroups'],
  ...['sso:CreateAccountAssignment', 'sso:DeleteAccountAssignment', 'organizations:AttachPolicy'],
].map((action) => mayDo(action, anything));

/** Whom it lets in is the other role's own affair. */
const openTrust: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action: 'sts:*' }],
};

const enteringOthers = (path: string, account: Pick<Account, 'id'>): KeptNeed =>
  mayDo('sts:AssumeRole', () => ({
    resource: `arn:aws:iam::${account.id}:role/${path}`,
    account,
    resourcePolicy: { name: 'its trust', policy: openTrust },
  }));

type MemberRoleSetting = NonNullable<Settings['memberRole']>;

/** AssumeRole as the reconciler calls it: a session has the name of the one that opens it. */
const callOf = (caller: string, { externalId, sessionTags = {} }: MemberRoleSetting) => ({
  principal: caller,
  context: {
    'sts:RoleSessionName': `gatehouse-${caller.slice(caller.lastIndexOf('/') + 1)}-1`,
    ...(externalId === undefined ? {} : { 'sts:ExternalId': externalId }),
    ...Object.fromEntries(Object.entries(sessionTags).map(([name, value]) => [`aws:RequestTag/${name}`, value])),
  },
});

const lettingIn = (caller: string, role: MemberRoleSetting): readonly KeptNeed[] => {
  const call = callOf(caller, role);
  const asked = ['sts:AssumeRole', ...(role.sessionTags === undefined ? [] : ['sts:TagSession'])];
  const needed = asked.map((action): KeptNeed => ({
    action: `${action} by ${caller}`,
    says: `letting in ${caller}`,
    lacks: (standing) => lackOf(entering(standing, { ...call, action })),
  }));
  // What a session brings along (tags, a source identity) is for the trust to say: it is no guard rail's to stop.
  const brought = ['sts:TagSession', 'sts:SetSourceIdentity'].filter((action) => !asked.includes(action));
  const open = brought.map((action): KeptNeed => ({
    action: `${action} by ${caller}`,
    says: `letting in ${caller} with ${action}`,
    lacks: (standing) => {
      const one = { ...call, action };
      if (!hasRcps(standing.world, standing.placed.account)) return undefined;
      return isTrusted(standing, one) ? lackOf(entering(standing, one)) : undefined;
    },
  }));
  return [...needed, ...open];
};

/** Whom a pipeline or a person comes in by is not known, so that of each kind somebody must be left. */
const trustNeed = (before: RoleStanding): KeptNeed => ({
  action: 'being assumed',
  says: 'letting in those that assume it now',
  lacks: (standing) => {
    const [first] = shutOut(before, standing);
    return first === undefined ? undefined : (/ \(.*/.exec(first)?.[0] ?? '');
  },
});

type KnownAccount = Pick<Account, 'id' | 'name'>;
type ReconcilerPlaces = {
  readonly settings: Settings;
  readonly home: KnownAccount;
  readonly members: readonly KnownAccount[];
};

/** By the account that they are in. */
type Keepers = (account: string) => readonly KeptRole[];

const keepersOf = ({ settings, home, members }: ReconcilerPlaces): Keepers => {
  const { reconciler, memberRole } = settings;
  const callers = reconciler === undefined ? [] : [reconciler.plan, reconciler.apply];
  const path = memberRole === undefined ? '' : `${(memberRole.path ?? '/').slice(1)}${memberRole.name}`;
  const others = memberRole === undefined ? [] : members.slice(0, 1).map((account) => enteringOthers(path, account));
  const atHome = callers.map((caller): KeptRole => ({
    account: home.name,
    path: caller,
    calls: [...homeNeeds, ...others],
    lets: [],
    isHome: true,
  }));
  if (memberRole === undefined) return (account) => (account === home.name ? atHome : []);
  const lets = callers.flatMap((caller) => lettingIn(`arn:aws:iam::${home.id}:role/${caller}`, memberRole));
  const names = new Set(members.map(({ name }) => name));
  return (account) => [
    ...(account === home.name ? atHome : []),
    ...(names.has(account) ? [{ account, path, calls: memberNeeds, lets }] : []),
  ];
};

const membersBeside = ({ accounts }: Desired, home: string): readonly KnownAccount[] =>
  Object.entries(accounts).flatMap(([id, name]) => (name === home ? [] : [{ id, name }]));

/** Asked of every moment of every account. */
const keepersOnce = rememberedOf(({ desired }: Pick<Situation, 'desired'>) =>
  remembered((home: string) => {
    const [name = '', id = ''] = JSON.parse(home) as readonly string[];
    return keepersOf({ settings: desired.settings, home: { name, id }, members: membersBeside(desired, name) });
  }),
);

const placedIn = ({ world }: PhaseEnd, { account, path }: KeptRole): PlacedRole | undefined =>
  world.rolesIn(account).find(({ role }) => `${role.path.slice(1)}${role.name}` === path);

const noRole: Omit<Role, 'account' | 'path' | 'name'> = {
  kind: 'role',
  trust: { Version: '2012-10-17', Statement: [] },
  managedPolicies: [],
  customerManagedPolicies: [],
  inlinePolicies: {},
  maxSessionDuration: 3600,
  instanceProfile: false,
  tags: {},
};

const reaches = reachedThrough(['role', 'policy', ...guardRailKinds, 'attachment', 'account', 'policy-type']);
const bearsOn = (account: string, { changes }: PhaseEnd): boolean => reaches(changes, account);

const needsOf = ({ calls, lets, isHome }: KeptRole, before: RoleStanding): readonly KeptNeed[] =>
  isHome ? [...calls, ...lets, trustNeed(before)] : [...calls, ...lets];

type Lacking = { readonly action: string; readonly says: string };

const failing = (standing: RoleStanding, needs: readonly KeptNeed[]): readonly Lacking[] =>
  needs.flatMap(({ action, says, lacks }) => {
    const reason = lacks(standing);
    return reason === undefined ? [] : [{ action, says: `${says}${reason}` }];
  });

/** Where no role of an account was seen, only what guard rails take from one is known. */
const unseen = ({ world }: PhaseEnd, { account: name, path, isHome }: KeptRole): PlacedRole | undefined => {
  const account = accountOf(world, name);
  if (account === undefined || isHome || world.rolesIn(name).length > 0) return undefined;
  const trust = { name: 'its trust', policy: openTrust };
  const [, folder = '', role = path] = /^(.*\/)?([^/]+)$/.exec(path) ?? [];
  const resource = { ...noRole, account: name, path: `/${folder}`, name: role };
  return { role: resource, account, arn: `arn:aws:iam::${account.id}:role/${path}`, trust };
};

/** A keeper as it stands at first; `lacking`: what it could not do even then. */
type KeptStart = {
  readonly found: boolean;
  readonly before: PlacedRole;
  readonly needs: readonly KeptNeed[];
  readonly lacking: ReadonlySet<string>;
};

const startOf = (first: PhaseEnd, keeper: KeptRole): KeptStart | undefined => {
  const found = placedIn(first, keeper);
  const before = found ?? unseen(first, keeper);
  if (before === undefined) return undefined;
  const standing = { world: first.world, placed: before };
  const needs = needsOf(keeper, standing);
  const lacking = new Set(failing(standing, needs).map(({ action }) => action));
  return { found: found !== undefined, before, needs, lacking };
};

/** Many states are compared with one and the same first. */
const starts = new WeakMap<AccessWorld, Map<string, KeptStart | undefined>>();

const knownStart = (first: PhaseEnd, keeper: KeptRole): KeptStart | undefined => {
  const known = starts.get(first.world) ?? new Map<string, KeptStart | undefined>();
  starts.set(first.world, known);
  const name = `${keeper.account} ${keeper.path}`;
  if (!known.has(name)) known.set(name, startOf(first, keeper));
  return known.get(name);
};

/** A role that could not do something before is not held to it. */
const refusalOf = (ends: readonly PhaseEnd[], keeper: KeptRole): readonly GuardRefusal[] => {
  const [first, ...later] = ends;
  const touching = later.filter((end) => bearsOn(keeper.account, end));
  const start = first === undefined || touching.length === 0 ? undefined : knownStart(first, keeper);
  if (start === undefined) return [];
  const { found, before, needs, lacking } = start;
  for (const end of touching) {
    const placed = found ? placedIn(end, keeper) : before;
    const wrong =
      placed === undefined
        ? [{ says: 'being there' }]
        : failing({ world: end.world, placed }, needs).filter(({ action }) => !lacking.has(action));
    if (wrong.length === 0) continue;
    const what = [...new Set(wrong.map(({ says }) => says))].join(', ');
    const message = `${keeper.path} in ${keeper.account} would lose ${what} ${end.when}. It is the reconciler's way in: leave its trust, policies and boundary as they are, and except it in guard rails.`;
    return [{ key: roleKey(before.role), kind: 'role', message }];
  }
  return [];
};

/** One refusal for each role that a plan would weaken, in any account or in one. */
export const wayInRefusals = (
  { situation, ends, sample }: Omit<Evaluated, 'today'>,
  only?: string,
): readonly GuardRefusal[] => {
  const { settings, managementAccount, accounts } = situation.desired;
  const [first] = ends;
  const home = first && accountOf(first.world, settings.delegatedAdministrator ?? managementAccount);
  if (home === undefined) return [];
  const keepers = keepersOnce(situation)(JSON.stringify([home.name, home.id]));
  const ask = (account: string): readonly GuardRefusal[] =>
    keepers(account).flatMap((keeper) => refusalOf(ends, keeper));
  if (only !== undefined) return ask(only);
  const others = Object.values(accounts).filter((name) => name !== home.name);
  return foundAlike([home.name, ...others], sample, ask);
};
