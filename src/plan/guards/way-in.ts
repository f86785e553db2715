/** The reconciler's own roles, as far as they are in the state: what they could do before a plan, they can do after it. */
import { decide } from '../../evaluate/decide.ts';
import { accountOf, roleActors } from '../../evaluate/policies-of.ts';
import type { PlacedRole, World } from '../../evaluate/policies-of.ts';
import { roleKey } from '../../model/resource.ts';
import type { Account } from '../../model/resource.ts';
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
/** `isHome`: one that is assumed from outside, by whom only its own trust says. */
type Keeper = {
  readonly account: string;
  readonly path: string;
  readonly needs: readonly Need[];
  readonly isHome?: true;
};

const mayDo = (action: string, resource: (account: Account) => string = () => '*'): Need => ({
  action,
  says: action,
  holds: (world, { role, account, arn }) => {
    const [actor] = roleActors(world, account, (one) => one === role);
    const request = { action, resource: resource(account), resourceAccount: account.id, principal: arn };
    return (
      actor !== undefined &&
      decide({ ...request, context: always, unknown: ['*'] }, actor.policies).decision === 'allowed'
    );
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
  const atHome = callers.map((path): Keeper => ({ account: home.name, path, needs: homeNeeds, isHome: true }));
  if (memberRole === undefined) return atHome;
  const path = `${(memberRole.path ?? '/').slice(1)}${memberRole.name}`;
  const entering = callers.map((caller) => lettingIn(`arn:aws:iam::${home.id}:role/${caller}`, memberRole.externalId));
  return [...atHome, ...members.map((account): Keeper => ({ account, path, needs: [...memberNeeds, ...entering] }))];
};

const placedIn = ({ world }: PhaseEnd, { account, path }: Keeper): PlacedRole | undefined =>
  world.rolesIn(account).find(({ role }) => `${role.path.slice(1)}${role.name}` === path);

const kinds = ['role', 'policy', 'scp', 'rcp', 'attachment', 'account', 'policy-type'];
const bearsOn = (account: string, { changes }: PhaseEnd): boolean =>
  changes.some(
    ({ kind, reaches = ['*'] }) => kinds.includes(kind) && (reaches.includes(account) || reaches.includes('*')),
  );

const failing = (end: PhaseEnd, needs: readonly Need[], placed: PlacedRole): readonly Need[] =>
  needs.filter(({ holds }) => !holds(end.world, placed));

/** A role that could not do something before is not held to it. */
const refusalOf = (ends: readonly PhaseEnd[], keeper: Keeper): readonly Refusal[] => {
  const [first, ...later] = ends;
  const before = first === undefined ? undefined : placedIn(first, keeper);
  const touching = later.filter((end) => bearsOn(keeper.account, end));
  if (first === undefined || before === undefined || touching.length === 0) return [];
  const needs = keeper.isHome ? [...keeper.needs, trustNeed(before)] : keeper.needs;
  const lacking = new Set(failing(first, keeper.needs, before).map(({ action }) => action));
  for (const end of touching) {
    const placed = placedIn(end, keeper);
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
