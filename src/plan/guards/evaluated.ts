/** Guards that ask who may do what: at the end of every phase, by decision. */
import { guardRailKinds } from '../../model/resource.ts';
import type { Decision } from '../../evaluate/decide.ts';
import type { NamedPolicy, PolicyLayers } from '../../evaluate/layers.ts';
import { allowingAll } from '../../evaluate/layers.ts';
import { setActor } from '../../evaluate/actors.ts';
import { accountOf } from '../../evaluate/policies-of.ts';
import type { AccessWorld } from '../../evaluate/policies-of.ts';
import type { Desired } from '../../model/desired.ts';
import { statements } from '../../model/policy.ts';
import type { Account, State } from '../../model/resource.ts';
import {
  accountKey,
  controlPolicyKey,
  keyOf,
  ouKey,
  permissionSetKey,
  resourcesOf,
  targetText,
} from '../../model/resource.ts';
import { foundAlike } from './account-sample.ts';
import { decisionOn, decisionText } from './asking.ts';
import type { Guard, GuardRefusal } from './guard.ts';
import { lossRefusals } from './kept.ts';
import { resourceGuards } from './resources.ts';
import { wayInRefusals } from './way-in.ts';
import { isFullAccess, scpType, targetsIn } from '../situation/situation.ts';
import { reachedThrough } from '../situation/reached-accounts.ts';
import type { Evaluated, PhaseEnd } from './phase-ends.ts';
import { shortList } from '../../model/lists.ts';

type RepairNeed = { readonly action: string; readonly resource: (account: Account) => string };

const onRole: RepairNeed['resource'] = ({ id }) => `arn:aws:iam::${id}:role/Some`;
const anything: RepairNeed['resource'] = () => '*';

/** What repairs an account that nobody can get into any more. */
const emergency: readonly RepairNeed[] = [
  { action: 'sts:GetCallerIdentity', resource: anything },
  { action: 'iam:PutRolePolicy', resource: onRole },
  { action: 'iam:UpdateAssumeRolePolicy', resource: onRole },
  { action: 's3:DeleteBucketPolicy', resource: () => 'arn:aws:s3:::some-bucket' },
  { action: 'kms:PutKeyPolicy', resource: ({ id }) => `arn:aws:kms:us-east-1:${id}:key/some` },
];

const emergencyInManagement: readonly RepairNeed[] = [
  ...emergency,
  { action: 'organizations:DetachPolicy', resource: anything },
  { action: 'sso:CreateAccountAssignment', resource: anything },
];

/** A key's policy has to agree; AWS's own default lets the account decide (KMS Developer Guide, "Default key policy"). */
const keyPolicy = ({ id }: Account): NamedPolicy => ({
  name: "the key's policy",
  policy: {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${id}:root` }, Action: 'kms:*', Resource: '*' }],
  },
});

type GuardAsker = { readonly arn: string; readonly policies: PolicyLayers; readonly account: Account };

const decisionOf = (
  world: AccessWorld,
  { arn, policies, account }: GuardAsker,
  { action, resource }: RepairNeed,
): Decision =>
  decisionOn(
    world,
    { principal: arn, action, resource: resource(account), account },
    {
      ...policies,
      rcps: world.levels('rcp', account),
      ...(action.startsWith('kms:') ? { resourcePolicy: keyPolicy(account) } : {}),
    },
  );

const refusedNeeds = (world: AccessWorld, asker: GuardAsker, needs: readonly RepairNeed[]): readonly string[] =>
  needs.flatMap((need) => {
    const decision = decisionOf(world, asker, need);
    return decision.decision === 'allowed' ? [] : [`${need.action} (${decisionText(decision)})`];
  });

const reaches = reachedThrough([
  'policy-type',
  ...guardRailKinds,
  'attachment',
  'account',
  'permission-set',
  'assignment',
]);
const bearsOn = (account: string, { changes }: PhaseEnd): boolean => reaches(changes, account);

type Glass = { readonly group: string; readonly permissionSet: string };

export const administratorAccess = 'arn:aws:iam::aws:policy/AdministratorAccess';

const missingIn = ({ group, permissionSet }: Glass, account: string, { state }: PhaseEnd): readonly string[] => {
  const set = state[permissionSetKey(permissionSet)];
  const assigned = keyOf({ kind: 'assignment', principal: { type: 'group', name: group }, permissionSet, account });
  if (set?.kind !== 'permission-set') return [`permission set ${permissionSet}`];
  return [
    ...(set.managedPolicies.includes(administratorAccess) ? [] : [`AdministratorAccess in ${permissionSet}`]),
    ...(state[assigned] === undefined ? ['its assignment'] : []),
    ...(set.outdatedIn.includes(account) ? [`the last version of ${permissionSet}, which is not provisioned`] : []),
  ];
};

/** Which of what repairs an account whoever holds the set there may not do; each begins with the action. */
export const emergencyRefused = (world: AccessWorld, permissionSet: string, account: Account): readonly string[] => {
  const actor = setActor(world, permissionSet, account);
  if (actor === undefined) return [];
  return refusedNeeds(world, { ...actor, account }, emergencyNeeds(world, account));
};

const emergencyNeeds = ({ managementAccount }: AccessWorld, { name }: Account): readonly RepairNeed[] =>
  name === managementAccount ? emergencyInManagement : emergency;

export const emergencyActions = (world: AccessWorld, account: Account): readonly string[] =>
  emergencyNeeds(world, account).map(({ action }) => action);

const glassIn = (glass: Glass, name: string, end: PhaseEnd): readonly string[] => {
  const account = accountOf(end.world, name);
  if (account === undefined) return [];
  const missing = missingIn(glass, name, end);
  return missing.length > 0 ? missing : emergencyRefused(end.world, glass.permissionSet, account);
};

const most = 4;

type AccountFailure = { readonly account: string; readonly when: string; readonly wrong: readonly string[] };
type AccountQuestion = (account: string, end: PhaseEnd) => readonly string[];

/** A plan that builds or repairs a way in may take its time; from when it stands, it must stand. */
const failureOf = (ends: readonly PhaseEnd[], account: string, ask: AccountQuestion): readonly AccountFailure[] => {
  let stood = false;
  for (const end of ends) {
    const isEnd = end === ends[0] || end === ends.at(-1);
    if (!isEnd && !bearsOn(account, end)) continue;
    const wrong = ask(account, end);
    if (wrong.length > 0 && (stood || end === ends.at(-1))) return [{ account, when: end.when, wrong }];
    stood = wrong.length === 0;
  }
  return [];
};

/** Accounts that fail alike are said together. */
const together = (
  failures: readonly AccountFailure[],
  text: (accounts: string, one: AccountFailure) => string,
): readonly GuardRefusal[] => {
  const groups = new Map<string, AccountFailure[]>();
  for (const failure of failures) {
    const name = JSON.stringify([failure.when, failure.wrong]);
    groups.set(name, [...(groups.get(name) ?? []), failure]);
  }
  return [...groups.values()].flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    const accounts = shortList(
      [first, ...others].map(({ account }) => account),
      most,
      '; ',
    );
    return [{ key: accountKey(first.account), message: text(accounts, first) }];
  });
};

const breakGlass: Guard<Evaluated>['refusals'] = ({ situation: { desired }, ends, sample }) => {
  const glass = desired.settings.breakGlass;
  if (glass === undefined) return [];
  const ask: AccountQuestion = (account, end) => glassIn(glass, account, end);
  const failures = foundAlike(Object.values(desired.accounts), sample, (account) => failureOf(ends, account, ask));
  return together(failures, glassText);
};

const glassText = (accounts: string, { when, wrong }: AccountFailure): string =>
  `Break-glass would not work in ${accounts} ${when}: ${shortList(wrong, most, '; ')}. Except its roles by their protected path in the guard rail, or restore what is missing.`;

/** Calls of the two roles in the account where they live when a delegated administrator runs them. */
const reconcilerNeeds: readonly RepairNeed[] = [
  ...['sts:GetCallerIdentity', 'organizations:DescribeOrganization', 'organizations:ListAccounts'],
  ...['sso:ListInstances', 'sso:ListAccountAssignments', 'identitystore:ListGroups'],
].map((action) => ({ action, resource: anything }));
const applyNeeds: readonly RepairNeed[] = [
  ...reconcilerNeeds,
  ...['sso:CreateAccountAssignment', 'sso:DeleteAccountAssignment', 'sso:ProvisionPermissionSet'].map((action) => ({
    action,
    resource: anything,
  })),
  { action: 'identitystore:CreateGroupMembership', resource: anything },
];

/** Only guard rails can take from a role what its own policies, which are not ours, give. */
const roleAsker = (world: AccessWorld, account: Account, path: string): GuardAsker => ({
  arn: `arn:aws:iam::${account.id}:role/${path}`,
  account,
  policies: { identityPolicies: [allowingAll], scps: world.levels('scp', account) },
});

type HomeNeed = {
  readonly path: string;
  readonly home: string;
  readonly refused: (world: AccessWorld) => readonly string[];
};

const homeNeeds = ({ settings }: Desired): readonly HomeNeed[] => {
  const { delegatedAdministrator: home, reconciler: roles } = settings;
  if (home === null || roles === undefined) return [];
  const pairs = [
    [roles.plan, reconcilerNeeds],
    [roles.apply, applyNeeds],
  ] as const;
  return pairs.map(([path, needs]) => ({
    path,
    home,
    refused: (world) => {
      const account = accountOf(world, home);
      return account === undefined ? [] : refusedNeeds(world, roleAsker(world, account, path), needs);
    },
  }));
};

/** What guard rails take from the plan and apply role where a delegated administrator runs them. */
export const homeRefused = (desired: Desired, world: AccessWorld): readonly string[] =>
  homeNeeds(desired).flatMap(({ path, refused }) => refused(world).map((wrong) => `${path}: ${wrong}`));

const reconciler: Guard<Evaluated>['refusals'] = ({ situation: { desired }, ends }) =>
  homeNeeds(desired).flatMap(({ path, home, refused }) =>
    failureOf(ends, home, (_name, { world }) => refused(world)).map(({ when, wrong }) => ({
      key: accountKey(home),
      message: `${path} in ${home} could not work ${when}: ${shortList(wrong, most, '; ')}. Except role/${path} in the guard rail.`,
    })),
  );

/** Names of the targets where nothing at all is allowed. */
export const closedTargets = (state: State): readonly string[] => {
  if (state[scpType] === undefined) return [];
  const allowing = new Set(
    resourcesOf(state, 'attachment').flatMap((attachment) => {
      const policy = state[controlPolicyKey(attachment.policy)];
      const allows = policy?.kind === 'scp' && statements(policy.document).some(({ Effect }) => Effect === 'Allow');
      return allows || isFullAccess(attachment) ? [targetText(attachment.target)] : [];
    }),
  );
  return targetsIn(state)
    .filter((target) => !allowing.has(targetText(target)))
    .map((target) => (target.type === 'ou' ? ouKey(target.path) : targetText(target)));
};

/** A target that allowed nothing before is somebody else's doing, and may be meant (a quarantine). */
const allowLists: Guard<Evaluated>['refusals'] = ({ situation, ends }) => {
  const before = new Set(closedTargets(situation.current));
  const relevant = ends.filter(({ changes }) =>
    changes.some(({ kind }) => ['attachment', 'scp', 'ou', 'policy-type'].includes(kind)),
  );
  return relevant.flatMap(({ state, when }) =>
    closedTargets(state)
      .filter((target) => !before.has(target))
      .map((target) => ({
        key: target,
        message: `Nothing would be allowed below ${target} ${when}: no SCP there allows anything. Attach FullAWSAccess or an allow-list first.`,
      })),
  );
};

export const evaluatedGuards: readonly Guard<Evaluated>[] = [
  {
    id: 'break-glass-access',
    fine: 'Break-glass works in every account at the end of every phase.',
    refusals: (evaluated) => [...breakGlass(evaluated), ...lossRefusals(evaluated)],
  },
  {
    id: 'reconciler-access',
    fine: 'The reconciler keeps its way in.',
    refusals: (evaluated) => [...reconciler(evaluated), ...wayInRefusals(evaluated)],
  },
  {
    id: 'allow-list',
    fine: 'Something is allowed at every target.',
    refusals: allowLists,
  },
  ...resourceGuards,
];
