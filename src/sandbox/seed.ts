/** The sandbox's start: an organization that people have already worked in by hand. */
import { emptyIdentityStore, type Group, type IdentityStoreState, type User } from './identity-store/state.ts';
import { nextId, nextUuid, type Call, type Ids, type Input, type Output, type Session } from './core.ts';
import { neglect } from './seed-neglect.ts';
import { openAccounts, type MemberRole } from './seed-accounts.ts';
import { fullAccess } from './organizations/full-access.ts';
import type { OrganizationsState, Policy } from './organizations/state.ts';
import { ssoAdminOperations } from './identity-center/operations.ts';
import { emptySso, type SsoState } from './identity-center/state.ts';
import { defaultSettings, type World } from './world.ts';

type Named = { readonly name: string; readonly id: string };

export type SeedInput = {
  readonly organizationId: string;
  /** Identity Center's Region. */
  readonly region: string;
  readonly management: Named;
  readonly accounts: readonly Named[];
  /** User names. */
  readonly users: readonly string[];
  /** Groups that the corporate directory synchronizes, with the user names of their members. */
  readonly externalGroups: readonly { readonly name: string; readonly members: readonly string[] }[];
  /** By default GatehouseMember under /gatehouse/, without an external id. */
  readonly memberRole?: MemberRole;
  /** Whether somebody looks after the accounts' security, as by default, or nobody ever did. */
  readonly upkeep?: 'kept' | 'neglected';
};

/** An SCP that nobody declared: somebody's experiment, left on an account. */
const forgotten = (ids: Ids): Policy => ({
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

const organizationOf = (input: SeedInput, ids: Ids, now: number): OrganizationsState => {
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
    serviceAccess: [{ ServicePrincipal: 'sso.amazonaws.com', DateEnabled: Math.floor(now / 1000) }],
  };
};

const issuer = 'https://idp.securecart.example/scim';

type Making = { readonly ids: Ids; readonly now: number };

const stamps = ({ now }: Making) => ({ createdAt: now, createdBy: 'scim', updatedAt: now, updatedBy: 'scim' });

/** Sent by a corporate directory, or made by hand where the seed has no group that was. */
type Origin = 'scim' | 'console';

const userOf = (userName: string, making: Making, origin: Origin): User => {
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

const groupOf = (name: string, making: Making): Group => ({
  ...stamps(making),
  groupId: nextUuid(making.ids),
  displayName: name,
  description: null,
  externalIds: [{ Issuer: issuer, Id: nextUuid(making.ids) }],
});

/** User names and external groups, those that only a group names included. */
const directoryOf = (input: SeedInput, identityStoreId: string, making: Making): IdentityStoreState => {
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

const instanceOf = (input: SeedInput, ids: Ids, now: number): SsoState =>
  emptySso({
    instanceArn: `arn:aws:sso:::instance/ssoins-${nextId(ids, 16)}`,
    identityStoreId: `d-${nextId(ids, 10)}`,
    ownerAccountId: input.management.id,
    region: input.region,
    createdDate: now,
  });

/** The calls that somebody made by hand, long ago: whatever policy they name exists. */
const byHand = (world: World, now: number) => {
  const catalogue = { has: () => true, arns: () => [], arnOf: () => undefined, document: () => undefined };
  const account = world.organizations.management;
  const principalArn = `arn:aws:sts::${account}:assumed-role/Admin/console`;
  const caller: Session = { account, principalArn, userId: 'AROASANDBOXADMINROLE0:console' };
  return (operation: string, input: Input): Output => {
    const call: Call = {
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

const arnIn = (output: Output): unknown => (output['PermissionSet'] as { PermissionSetArn?: unknown }).PermissionSetArn;

/** Two permission sets that nobody declared, one of them held by the first user in the last account. */
const handMade = (world: World, input: SeedInput, now: number): void => {
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
export const brownfield = (input: SeedInput, now: number): World => {
  const ids: Ids = { next: 0 };
  const sso = instanceOf(input, ids, now);
  const world: World = {
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
    buckets: {},
    requestLog: {},
  };
  openAccounts(world, input.memberRole ?? { name: 'GatehouseMember', path: '/gatehouse/' }, now);
  handMade(world, input, now);
  if (input.upkeep === 'neglected') neglect(world, now);
  return world;
};
