/** What somebody with too many rights does by hand in the console; the demo's bad afternoon. */
import type { Desired } from '../../model/desired.ts';
import { FULL_AWS_ACCESS, keyOf, resourcesOf } from '../../model/resource.ts';
import type { Assignment, Attachment, PermissionSet } from '../../model/resource.ts';
import type { HandCall } from '../../sandbox/call.ts';
import { callSandbox } from '../../sandbox/call.ts';
import type { SandboxClock, Sandbox } from '../../sandbox/handle.ts';
import { signIn } from '../../sandbox/sts/sign-in.ts';
import type { SandboxWorld } from '../../sandbox/world.ts';

type AnswerRows = readonly Readonly<Record<string, unknown>>[];
type SandboxCaller = (call: HandCall) => Readonly<Record<string, unknown>>;

const browser = { ip: '203.0.113.24', agent: 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36' };

const firstSession = (world: SandboxWorld, permissionSets: readonly string[], now: number): string | undefined => {
  const account = world.organizations.management;
  for (const permissionSet of permissionSets) {
    const key = signIn(world, { account, permissionSet, now });
    if (key !== undefined) return key;
  }
  return undefined;
};

/** Through the console, as whoever holds one of the sets in the management account; as its administrator if nobody does. */
const byHand =
  (sandbox: Sandbox, permissionSets: readonly string[], clock: SandboxClock): SandboxCaller =>
  (call) => {
    const key = firstSession(sandbox.world(), permissionSets, clock());
    const by = key === undefined ? {} : { accessKeyId: key, from: browser };
    const answer = callSandbox(sandbox, { ...call, ...by }, clock);
    if (!answer.ok) throw new Error(`${call.operation}: ${JSON.stringify(answer.output)}`);
    return answer.output as Readonly<Record<string, unknown>>;
  };

const sso = (world: SandboxWorld, operation: string, input: Readonly<Record<string, unknown>>): HandCall => ({
  service: 'sso-admin',
  operation,
  input: { InstanceArn: world.sso.instanceArn, ...input },
});

const permissionSetArn = (world: SandboxWorld, name: string): string =>
  Object.values(world.sso.permissionSets).find((set) => set.name === name)?.arn ?? '';

/** The sets that grant most: by AWS's AdministratorAccess, break-glass apart. */
const administratorSets = (desired: Desired): readonly PermissionSet[] =>
  resourcesOf(desired.state, 'permission-set').filter(
    (set) =>
      set.name !== desired.settings.breakGlass?.permissionSet &&
      set.managedPolicies.some((arn) => arn.endsWith('/AdministratorAccess')),
  );

const productionAccount = (desired: Desired): string | undefined => {
  const members = resourcesOf(desired.state, 'account').filter(({ name }) => name !== desired.managementAccount);
  return (members.find(({ name }) => desired.accountTags[name]?.['env'] === 'prod') ?? members[0])?.name;
};

/** A group that has no such assignment, for somebody to "help out". */
const extraAssignment = (desired: Desired): Assignment | undefined => {
  const [set] = administratorSets(desired);
  const account = productionAccount(desired);
  if (set === undefined || account === undefined) return undefined;
  return resourcesOf(desired.state, 'group')
    .toSorted((one, other) => Number(other.source === 'external') - Number(one.source === 'external'))
    .map((group): Assignment => ({
      kind: 'assignment',
      principal: { type: 'group', name: group.name },
      permissionSet: set.name,
      account,
    }))
    .find((assignment) => !(keyOf(assignment) in desired.state));
};

const assignByHand = (hand: SandboxCaller, { desired, world }: MeddledWorld): string => {
  const extra = extraAssignment(desired);
  if (extra === undefined) return '';
  const group = Object.values(world.identityStore.groups).find(
    ({ displayName }) => displayName === extra.principal.name,
  );
  const id = Object.entries(desired.accounts).find(([, name]) => name === extra.account)?.[0];
  hand(
    sso(world, 'CreateAccountAssignment', {
      TargetId: id,
      TargetType: 'AWS_ACCOUNT',
      PermissionSetArn: permissionSetArn(world, extra.permissionSet),
      PrincipalType: 'GROUP',
      PrincipalId: group?.groupId,
    }),
  );
  return `gave ${extra.principal.name} ${extra.permissionSet} in ${extra.account}`;
};

const guardRail = (desired: Desired): Attachment | undefined =>
  resourcesOf(desired.state, 'attachment').find(
    ({ policy, target }) => policy.name !== FULL_AWS_ACCESS && target.type === 'ou' && target.path.includes('/'),
  ) ?? resourcesOf(desired.state, 'attachment').find(({ policy }) => policy.name !== FULL_AWS_ACCESS);

const targetIdOf = (hand: SandboxCaller, policyId: string, name: string): unknown => {
  const answer = hand({ service: 'organizations', operation: 'ListTargetsForPolicy', input: { PolicyId: policyId } });
  const targets = answer['Targets'] as AnswerRows;
  return (targets.find((target) => target['Name'] === name) ?? targets[0])?.['TargetId'];
};

const detachByHand = (hand: SandboxCaller, { desired, world }: MeddledWorld): string => {
  const rail = guardRail(desired);
  const policy = Object.values(world.organizations.policies).find(({ Name }) => Name === rail?.policy.name);
  if (rail === undefined || policy === undefined) return '';
  const place = rail.target.type === 'ou' ? (rail.target.path.split('/').at(-1) ?? '') : 'Root';
  const TargetId = targetIdOf(hand, policy.Id, place);
  hand({ service: 'organizations', operation: 'DetachPolicy', input: { PolicyId: policy.Id, TargetId } });
  return `took the guard rail ${rail.policy.name} off ${place}`;
};

const widenByHand = (hand: SandboxCaller, { desired, world }: MeddledWorld): string => {
  const set = resourcesOf(desired.state, 'permission-set')
    .filter(({ inlinePolicy, managedPolicies }) => inlinePolicy !== undefined && managedPolicies.length === 0)
    .at(-1);
  if (set?.inlinePolicy === undefined) return '';
  const Statement = [set.inlinePolicy.Statement, { Effect: 'Allow', Action: 's3:*', Resource: '*' }].flat();
  const InlinePolicy = JSON.stringify({ ...set.inlinePolicy, Statement });
  const PermissionSetArn = permissionSetArn(world, set.name);
  hand(sso(world, 'PutInlinePolicyToPermissionSet', { PermissionSetArn, InlinePolicy }));
  hand(sso(world, 'ProvisionPermissionSet', { PermissionSetArn, TargetType: 'ALL_PROVISIONED_ACCOUNTS' }));
  return `let ${set.name} do everything in S3`;
};

type MeddledWorld = { readonly desired: Desired; readonly world: SandboxWorld };

/** Three changes behind the repository's back, and a sentence for each. */
export const meddle = (sandbox: Sandbox, desired: Desired, clock: SandboxClock): readonly string[] => {
  const hand = byHand(
    sandbox,
    administratorSets(desired).map(({ name }) => name),
    clock,
  );
  const scene: MeddledWorld = { desired, world: sandbox.world() };
  return [assignByHand, detachByHand, widenByHand].map((act) => act(hand, scene)).filter((sentence) => sentence !== '');
};
