/** The sandbox's start: an organization that people have already worked in by hand. */
import type { DirectoryGroup, IdentityStoreState, DirectoryUser } from './identity-store/state.ts';
import { emptyIdentityStore } from './identity-store/state.ts';
import type { SandboxCall, IdCounter, CallInput, CallOutput, CallerSession } from './core.ts';
import { nextId, nextUuid } from './core.ts';
import { accessApplicationOf } from './account-access/applications.ts';
import { accountAccessIn } from './account-access/look.ts';
import { neglect } from './seed-neglect.ts';
import { makeResources } from './seed-resources-made.ts';
import type { SeededResource } from './seed-resources-made.ts';
import type { SeededMemberRole } from './seed-accounts.ts';
import { openAccounts } from './seed-accounts.ts';
import { fullAccess } from './organizations/full-access.ts';
import type { OrganizationsState, OrganizationPolicy } from './organizations/state.ts';
import { ssoAdminOperations } from './identity-center/operations.ts';
import type { SsoState } from './identity-center/state.ts';
import { emptySso } from './identity-center/state.ts';
import type { SandboxWorld } from './world.ts';
import { defaultSettings } from './world.ts';

type SeededName = { readonly name: string; readonly id: string };

export type SeedInput = {
  readonly organizationId: string;
  /** Identity Center's Region. */
  readonly region: string;
  readonly management: SeededName;
  readonly accounts: readonly SeededName[];
  /** User names. */
  readonly users: readonly string[];
  /** Groups that the corporate directory synchronizes, with the user names of their members. */
  readonly externalGroups: readonly { readonly name: string; readonly members: readonly string[] }[];
  /** By default GatehouseMember under /gatehouse/, without an external id. */
  readonly memberRole?: SeededMemberRole;
  /** Whether somebody looks after the accounts' security, as by default, or nobody ever did. */
  readonly upkeep?: 'kept' | 'neglected';
  /** What teams have made that has a policy, or may have one. */
  readonly resources?: readonly SeededResource[];
};

/** An SCP that nobody declared: somebody's experiment, left on an account. */
const forgotten = (ids: IdCounter): OrganizationPolicy => ({
  Id: `p-${nextId(ids, 10, 'abcdefghijklmnopqrstuvwxyz0123456789')}`,
  Name: 'legacy-deny-large-instances',
  Description: 'made by hand, nobody remembers why',
  Type: 'SERVICE_CONTROL_POLICY',
  AwsManaged: false,
  Content: JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'NoLargeInstances',
        Effect: 'Deny',
        Action: 'ec2:RunInstances',
        Resource: 'arn:aws:ec2:*:*:instance/*',
        Condition: { StringLike: { 'ec2:InstanceType': ['*.24xlarge', '*.metal'] } },
      },
    ],
  }),
});

const emailOf = (name: string): string =>
  `${name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)}@aws.example`;

const accountsOf = (input: SeedInput, rootId: string, now: number): OrganizationsState['accounts'] =>
  Object.fromEntries(
    [input.management, ...input.accounts].map(({ name, id }) => [
      id,
      {
        Id: id,
        Name: name,
        Email: emailOf(name),
        State: 'ACTIVE' as const,
        JoinedMethod: id === input.management.id ? ('INVITED' as const) : ('CREATED' as const),
        JoinedTimestamp: Math.floor(now / 1000),
        parent: rootId,
      },
    ]),
  );

const organizationOf = (input: SeedInput, ids: IdCounter, now: number): OrganizationsState => {
  const rootId = `r-${nextId(ids, 4, 'abcdefghijklmnopqrstuvwxyz0123456789')}`;
  const legacy = forgotten(ids);
  const accounts = accountsOf(input, rootId, now);
  const somewhere = input.accounts.at(-1)?.id ?? rootId;
  return {
    id: input.organizationId,
    management: input.management.id,
    rootId,
    policyTypes: [{ Type: 'SERVICE_CONTROL_POLICY', settled: 'ENABLED', settlesAt: now }],
    ous: {},
    accounts,
    policies: Object.fromEntries([...fullAccess(), legacy].map((policy) => [policy.Id, policy])),
    attachments: { 'p-FullAWSAccess': [rootId, ...Object.keys(accounts)], [legacy.Id]: [somewhere] },
    tags: {},
    delegatedAdministrators: [],
    serviceAccess: ['sso.amazonaws.com', 'account-access.amazonaws.com'].map((ServicePrincipal) => ({
      ServicePrincipal,
      DateEnabled: Math.floor(now / 1000),
    })),
  };
};

const issuer = 'https://idp.securecart.example/scim';

type SeedCounters = { readonly ids: IdCounter; readonly now: number };

const stamps = ({ now }: SeedCounters) => ({ createdAt: now, createdBy: 'scim', updatedAt: now, updatedBy: 'scim' });

/** Sent by a corporate directory, or made by hand where the seed has no group that was. */
type DirectoryOrigin = 'scim' | 'console';

const userOf = (userName: string, making: SeedCounters, origin: DirectoryOrigin): DirectoryUser => {
  const [given = userName] = userName.split('@');
  const external = [{ Issuer: issuer, Id: nextUuid(making.ids) }];
  return {
    ...stamps(making),
    createdBy: origin,
    updatedBy: origin,
    userId: nextUuid(making.ids),
    userName,
    attributes: {
      DisplayName: given,
      Name: { GivenName: given, FamilyName: 'Example' },
      ...(userName.includes('@') ? { Emails: [{ Value: userName, Type: 'work', Primary: true }] } : {}),
    },
    externalIds: origin === 'scim' ? external : [],
  };
};

const groupOf = (name: string, making: SeedCounters): DirectoryGroup => ({
  ...stamps(making),
  groupId: nextUuid(making.ids),
  displayName: name,
  description: null,
  externalIds: [{ Issuer: issuer, Id: nextUuid(making.ids) }],
});

/** User names and external groups, those that only a group names included. */
const directoryOf = (input: SeedInput, identityStoreId: string, making: SeedCounters): IdentityStoreState => {
  const store = emptyIdentityStore(identityStoreId);
  const names = [...new Set([...input.users, ...input.externalGroups.flatMap(({ members }) => members)])];
  const origin = input.externalGroups.length > 0 ? 'scim' : 'console';
  const users = new Map(names.map((name) => [name, userOf(name, making, origin)]));
  for (const user of users.values()) store.users[user.userId] = user;
  for (const { name, members } of input.externalGroups) {
    const group = groupOf(name, making);
    store.groups[group.groupId] = group;
    for (const member of new Set(members)) {
      const membershipId = nextUuid(making.ids);
      const userId = users.get(member)?.userId ?? '';
      store.memberships[membershipId] = { ...stamps(making), membershipId, groupId: group.groupId, userId };
    }
  }
  return store;
};

const instanceOf = (input: SeedInput, ids: IdCounter, now: number): SsoState =>
  emptySso({
    instanceArn: `arn:aws:sso:::instance/ssoins-${nextId(ids, 16)}`,
    identityStoreId: `d-${nextId(ids, 10)}`,
    ownerAccountId: input.management.id,
    region: input.region,
    createdDate: now,
  });

/** The calls that somebody made by hand, long ago: whatever policy they name exists. */
const byHand = (world: SandboxWorld, now: number) => {
  const catalogue = { has: () => true, arns: () => [], arnOf: () => undefined, document: () => undefined };
  const account = world.organizations.management;
  const principalArn = `arn:aws:sts::${account}:assumed-role/Admin/console`;
  const caller: CallerSession = { account, principalArn, userId: 'AROASANDBOXADMINROLE0:console' };
  return (operation: string, input: CallInput): CallOutput => {
    const call: SandboxCall = {
      service: 'sso-admin',
      operation,
      caller,
      account,
      accessKeyId: '',
      source: { ip: '127.0.0.1', agent: '-' },
      principalArn,
      region: world.sso.region,
      now,
      catalogue,
    };
    const made = ssoAdminOperations[operation]?.(world, { InstanceArn: world.sso.instanceArn, ...input }, call);
    return made ?? {};
  };
};

const arnIn = (output: CallOutput): unknown =>
  (output['PermissionSet'] as { PermissionSetArn?: unknown }).PermissionSetArn;

/** Two permission sets that nobody declared, one of them held by the first user in the last account. */
const handMade = (world: SandboxWorld, input: SeedInput, now: number): void => {
  const call = byHand(world, now);
  const admins = arnIn(call('CreatePermissionSet', { Name: 'legacy-admins', Description: 'before our time' }));
  const ManagedPolicyArn = 'arn:aws:iam::aws:policy/AdministratorAccess';
  call('AttachManagedPolicyToPermissionSet', { PermissionSetArn: admins, ManagedPolicyArn });
  const contractors = arnIn(call('CreatePermissionSet', { Name: 'tmp-contractors', SessionDuration: 'PT12H' }));
  const InlinePolicy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: ['s3:Get*', 's3:List*'], Resource: '*' }],
  });
  call('PutInlinePolicyToPermissionSet', { PermissionSetArn: contractors, InlinePolicy });
  const user = Object.values(world.identityStore.users)[0];
  const TargetId = input.accounts.at(-1)?.id;
  if (!user || TargetId === undefined) return;
  call('CreateAccountAssignment', {
    PermissionSetArn: admins,
    TargetId,
    TargetType: 'AWS_ACCOUNT',
    PrincipalType: 'USER',
    PrincipalId: user.userId,
  });
  call('ListAccountAssignmentCreationStatus', {});
};

/** The same input gives the same world, ids included. `now` is milliseconds since the epoch. */
export const brownfield = (input: SeedInput, now: number): SandboxWorld => {
  const ids: IdCounter = { next: 0 };
  const sso = instanceOf(input, ids, now);
  const world: SandboxWorld = {
    version: 1,
    seedTime: now,
    settings: defaultSettings(),
    ids,
    organizations: organizationOf(input, ids, now),
    sso,
    identityStore: directoryOf(input, sso.identityStoreId, { ids, now }),
    iam: {},
    sessions: {},
    cloudTrail: { ids: { next: 0 }, events: [], trails: {} },
    accessAnalyzer: {},
    resources: {},
    buckets: {},
    requestLog: {},
  };
  openAccounts(world, input.memberRole ?? { name: 'GatehouseMember', path: '/gatehouse/' }, now);
  handMade(world, input, now);
  accountAccessIn(world).applications = [accessApplicationOf(world, { instanceArn: sso.instanceArn, now })];
  makeResources(world, input.resources ?? [], now);
  if (input.upkeep === 'neglected') neglect(world, now);
  return world;
};
