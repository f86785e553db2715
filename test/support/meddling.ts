/** Somebody with too many rights, at a bad moment: one change by hand, of whatever there is. */
import { callSandbox } from '../../src/sandbox/call.ts';
import type { HandCall } from '../../src/sandbox/call.ts';
import type { RandomBelow } from './faults.ts';
import type { Sandbox } from '../../src/sandbox/handle.ts';
import type { SandboxWorld } from '../../src/sandbox/world.ts';

type Scene = { readonly world: SandboxWorld; readonly one: <T>(items: readonly T[]) => T | undefined };
type Input = Readonly<Record<string, unknown>>;
/** Undefined when there is nothing to do it to. */
type Deed = (scene: Scene) => HandCall | undefined;

const deny = (action: string): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action: action, Resource: '*' }] });

const sso = ({ world }: Scene, operation: string, input: Input): HandCall => ({
  service: 'sso-admin',
  operation,
  input: { InstanceArn: world.sso.instanceArn, ...input },
});

const store = ({ world }: Scene, operation: string, input: Input): HandCall => ({
  service: 'identitystore',
  operation,
  input: { IdentityStoreId: world.identityStore.identityStoreId, ...input },
});

const organizations = (operation: string, input: Input): HandCall => ({ service: 'organizations', operation, input });

const anySet = ({ world, one }: Scene) => one(Object.values(world.sso.permissionSets));
const anyUser = ({ world, one }: Scene) => one(Object.values(world.identityStore.users));
const anyRail = ({ world, one }: Scene) =>
  one(Object.values(world.organizations.policies).filter(({ AwsManaged }) => !AwsManaged));
const anyGroup = ({ world, one }: Scene) =>
  one(Object.values(world.identityStore.groups).filter(({ externalIds }) => externalIds.length === 0));
const anyMember = ({ world, one }: Scene) =>
  one(Object.keys(world.organizations.accounts).filter((id) => id !== world.organizations.management));

const assign: Deed = (scene) => {
  const [set, account, group, user] = [anySet(scene), anyMember(scene), anyGroup(scene), anyUser(scene)];
  const principal = scene.one([
    { PrincipalType: 'GROUP', PrincipalId: group?.groupId },
    { PrincipalType: 'USER', PrincipalId: user?.userId },
  ]);
  const where = { PermissionSetArn: set?.arn, TargetType: 'AWS_ACCOUNT', TargetId: account };
  return sso(scene, 'CreateAccountAssignment', { ...where, ...principal });
};

const unassign: Deed = (scene) => {
  const found = scene.one(scene.world.sso.assignments);
  if (found === undefined) return undefined;
  const { permissionSetArn, accountId, principalType, principalId } = found;
  const where = { PermissionSetArn: permissionSetArn, TargetType: 'AWS_ACCOUNT', TargetId: accountId };
  return sso(scene, 'DeleteAccountAssignment', { ...where, PrincipalType: principalType, PrincipalId: principalId });
};

const onSet =
  (operation: string, input: Input): Deed =>
  (scene) =>
    sso(scene, operation, { PermissionSetArn: anySet(scene)?.arn, ...input });

const join: Deed = (scene) =>
  store(scene, 'CreateGroupMembership', {
    GroupId: anyGroup(scene)?.groupId,
    MemberId: { UserId: anyUser(scene)?.userId },
  });

const leave: Deed = (scene) => {
  const MembershipId = scene.one(Object.keys(scene.world.identityStore.memberships));
  return store(scene, 'DeleteGroupMembership', { MembershipId });
};

const describeGroup: Deed = (scene) =>
  store(scene, 'UpdateGroup', {
    GroupId: anyGroup(scene)?.groupId,
    Operations: [{ AttributePath: 'description', AttributeValue: 'changed by hand' }],
  });

const detach: Deed = (scene) => {
  const rail = anyRail(scene);
  const TargetId = scene.one(scene.world.organizations.attachments[rail?.Id ?? ''] ?? []);
  return organizations('DetachPolicy', { PolicyId: rail?.Id, TargetId });
};

const move: Deed = (scene) => {
  const { rootId, ous, accounts } = scene.world.organizations;
  const AccountId = anyMember(scene);
  const DestinationParentId = scene.one([rootId, ...Object.keys(ous)]);
  return organizations('MoveAccount', {
    AccountId,
    SourceParentId: accounts[AccountId ?? '']?.parent,
    DestinationParentId,
  });
};

const deeds: readonly Deed[] = [
  assign,
  unassign,
  unassign,
  join,
  leave,
  describeGroup,
  detach,
  move,
  onSet('PutInlinePolicyToPermissionSet', { InlinePolicy: deny('iam:*') }),
  onSet('AttachManagedPolicyToPermissionSet', { ManagedPolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' }),
  onSet('DeletePermissionSet', {}),
  (scene) => sso(scene, 'CreatePermissionSet', { Name: `by-hand-${scene.one(['1', '2', '3'])}` }),
  (scene) => store(scene, 'DeleteGroup', { GroupId: anyGroup(scene)?.groupId }),
  (scene) => organizations('AttachPolicy', { PolicyId: anyRail(scene)?.Id, TargetId: anyMember(scene) }),
  (scene) => organizations('UpdatePolicy', { PolicyId: anyRail(scene)?.Id, Content: deny('rds:*') }),
];

/** Does it at once, even what AWS does asynchronously; what the sandbox refuses was not done. */
export const meddle = (sandbox: Sandbox, random: RandomBelow, now: number): void => {
  const world = sandbox.world();
  const scene: Scene = { world, one: (items) => items[random(Math.max(1, items.length))] };
  const call = deeds[random(deeds.length)]?.(scene);
  if (call === undefined) return;
  const before = world.sso.requests.length;
  callSandbox(sandbox, call, () => now);
  const begun = world.sso.requests.at(-1);
  if (world.sso.requests.length > before && begun !== undefined)
    world.sso.requests.splice(-1, 1, { ...begun, dueAt: now });
};
