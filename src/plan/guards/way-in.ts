/** The reconciler's own roles, as far as they are in the state: what they could do before a plan, they can do after it. */
import { decide } from '../../evaluate/decide.ts';
import { roleActors } from '../../evaluate/actors.ts';
import { accountOf } from '../../evaluate/policies-of.ts';
import type { PlacedRole, World } from '../../evaluate/policies-of.ts';
import { fullAccessDocument, roleKey } from '../../model/resource.ts';
import type { Account, Role } from '../../model/resource.ts';
import type { Settings } from '../../model/desired.ts';
import type { Refusal } from './guard.ts';
import { always, letsIn, shutOut } from './let-in.ts';
import type { Evaluated, PhaseEnd } from './evaluated.ts';

/** One thing that a role has to be able to do; `says` is for people. */
type Need = {
  readonly action: string;
  readonly says: string;
  readonly holds: (world: World, role: PlacedRole) => boolean;
};
/**
 * `calls`: what it does itself; `lets`: whom it has to let in. `isHome`: one that is assumed from outside, by whom only its
 * own trust says.
 */
type Keeper = {
  readonly account: string;
  readonly path: string;
  readonly calls: readonly Need[];
  readonly lets: readonly Need[];
  readonly isHome?: true;
};

const everything = [{ name: 'its own policies', policy: fullAccessDocument }];

const mayDo = (action: string, resource: (account: Account) => string = () => '*'): Need => ({
  action,
  says: action,
  holds: (world, { role, account, arn }) => {
    const [actor] = roleActors(world, account, (one) => one === role);
    const policies = actor?.policies ?? { identityPolicies: everything, scps: world.levels('scp', account) };
    const request = { action, resource: resource(account), resourceAccount: account.id, principal: arn };
    return decide({ ...request, context: always, unknown: ['*'] }, policies).decision === 'allowed';
  },
});

const someRole = ({ id }: Account): string => `arn:aws:iam::${id}:role/gatehouse/Some`;
const memberNeeds: readonly Need[] = [
  mayDo('iam:GetAccountAuthorizationDetails'),
  ...['iam:CreateRole', 'iam:PutRolePolicy', 'iam:UpdateAssumeRolePolicy', 'iam:DeleteRole'].map((action) =>
    mayDo(action, someRole),
  ),
];
const homeNeeds: readonly Need[] = [
  ...['organizations:ListAccounts', 'sso:ListAccountAssignments', 'identitystore:ListGroups', 'sts:AssumeRole'],
  ...['sso:CreateAccountAssignment', 'sso:DeleteAccountAssignment', 'organizations:AttachPolicy'],
].map((action) => mayDo(action, action === 'sts:AssumeRole' ? someRole : undefined));

const lettingIn = (caller: string, externalId: string | undefined): Need => ({
  action: `sts:AssumeRole by ${caller}`,
  says: `letting in ${caller}`,
  holds: (_world, placed) =>
    letsIn(placed, {
      action: 'sts:AssumeRole',
      principal: caller,
      context: externalId === undefined ? {} : { 'sts:ExternalId': externalId },
    }),
});

/** Whom a pipeline or a person comes in by is not known, so that of each kind somebody must be left. */
const trustNeed = (before: PlacedRole): Need => ({
  action: 'being assumed',
  says: 'letting in those that assume it now',
  holds: (_world, placed) => shutOut(before, placed).length === 0,
});

const keepersOf = ({ settings, home, members }: { settings: Settings; home: Account; members: readonly string[] }) => {
  const { reconciler, memberRole } = settings;
  const callers = reconciler === undefined ? [] : [reconciler.plan, reconciler.apply];
  const atHome = callers.map((path): Keeper => ({
    account: home.name,
    path,
    calls: homeNeeds,
    lets: [],
    isHome: true,
  }));
  if (memberRole === undefined) return atHome;
  const path = `${(memberRole.path ?? '/').slice(1)}${memberRole.name}`;
  const entering = callers.map((caller) => lettingIn(`arn:aws:iam::${home.id}:role/${caller}`, memberRole.externalId));
  return [...atHome, ...members.map((account): Keeper => ({ account, path, calls: memberNeeds, lets: entering }))];
};

const placedIn = ({ world }: PhaseEnd, { account, path }: Keeper): PlacedRole | undefined =>
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

const kinds = ['role', 'policy', 'scp', 'rcp', 'attachment', 'account', 'policy-type'];
const bearsOn = (account: string, { changes }: PhaseEnd): boolean =>
  changes.some(
    ({ kind, reaches = ['*'] }) => kinds.includes(kind) && (reaches.includes(account) || reaches.includes('*')),
  );

const needsOf = ({ calls, lets, isHome }: Keeper, found: PlacedRole | undefined): readonly Need[] => {
  if (found === undefined) return calls;
  return isHome ? [...calls, ...lets, trustNeed(found)] : [...calls, ...lets];
};

const failing = (end: PhaseEnd, needs: readonly Need[], placed: PlacedRole): readonly Need[] =>
  needs.filter(({ holds }) => !holds(end.world, placed));

/** Where no role of an account was seen, only what guard rails take from one is known. */
const unseen = ({ world }: PhaseEnd, { account: name, path, isHome }: Keeper): PlacedRole | undefined => {
  const account = accountOf(world, name);
  if (account === undefined || isHome || world.rolesIn(name).length > 0) return undefined;
  const trust = { name: 'its trust', policy: null };
  const [, folder = '', role = path] = /^(.*\/)?([^/]+)$/.exec(path) ?? [];
  const resource = { ...noRole, account: name, path: `/${folder}`, name: role };
  return { role: resource, account, arn: `arn:aws:iam::${account.id}:role/${path}`, trust };
};

/** A role that could not do something before is not held to it. */
const refusalOf = (ends: readonly PhaseEnd[], keeper: Keeper): readonly Refusal[] => {
  const [first, ...later] = ends;
  const touching = later.filter((end) => bearsOn(keeper.account, end));
  if (first === undefined || touching.length === 0) return [];
  const found = placedIn(first, keeper);
  const before = found ?? unseen(first, keeper);
  if (before === undefined) return [];
  const needs = needsOf(keeper, found);
  const lacking = new Set(failing(first, needs, before).map(({ action }) => action));
  for (const end of touching) {
    const placed = found === undefined ? before : placedIn(end, keeper);
    const wrong = placed === undefined ? [] : failing(end, needs, placed).filter(({ action }) => !lacking.has(action));
    if (placed !== undefined && wrong.length === 0) continue;
    const what = placed === undefined ? 'being there' : wrong.map(({ says }) => says).join(', ');
    const message = `${keeper.path} in ${keeper.account} would lose ${what} ${end.when}. It is the reconciler's way in: leave its trust, policies and boundary as they are, and except it in guard rails.`;
    return [{ key: roleKey(before.role), kind: 'role', message }];
  }
  return [];
};

/** One refusal for each role that a plan would weaken. */
export const wayInRefusals = ({ situation: { desired }, ends }: Evaluated): readonly Refusal[] => {
  const { settings, managementAccount, accounts } = desired;
  const [first] = ends;
  const home = first && accountOf(first.world, settings.delegatedAdministrator ?? managementAccount);
  if (home === undefined) return [];
  const members = Object.values(accounts).filter((name) => name !== home.name);
  return keepersOf({ settings, home, members }).flatMap((keeper) => refusalOf(ends, keeper));
};
