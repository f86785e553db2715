/** An organization of a given size in the sandbox's own memory: making it call by call would take longer than reading it. */
import { brownfield } from '../../src/sandbox/seed.ts';
import type { SetDefinition } from '../../src/sandbox/identity-center/state.ts';
import type { SandboxWorld } from '../../src/sandbox/world.ts';
import { MANAGEMENT, NOW, OWNER } from '../support/build.ts';

export type OrganizationSize = {
  readonly accounts: number;
  readonly ous: number;
  readonly guardRails: number;
  readonly sets: number;
  readonly groups: number;
  readonly users: number;
  /** Everybody where there are fewer. */
  readonly membersPerGroup: number;
  /** Of groups, in each account. */
  readonly assignmentsPerAccount: number;
  /** A corporate directory sends users and groups; by default it does. */
  readonly fed?: false;
};

export const managementId = '111111111111';

const range = (count: number): readonly number[] => Array.from({ length: count }, (_, at) => at);
const idOf = (at: number): string => String(200_000_000_000 + at);
const hex = (at: number, width: number): string => at.toString(16).padStart(width, '0');
const uuid = (kind: number, at: number): string => `${hex(kind, 8)}-0000-4000-8000-${hex(at, 12)}`;

const saying = (Effect: 'Allow' | 'Deny', Action: string): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect, Action, Resource: '*' }] });

/** Ten OUs under Root and the others in them; accounts in all of them. */
const plantTree = ({ organizations }: SandboxWorld, { ous, accounts }: OrganizationSize): void => {
  const ouId = (at: number): string => `ou-${organizations.rootId.slice(2)}-${hex(at, 8)}`;
  for (const at of range(ous)) {
    const Id = ouId(at);
    organizations.ous[Id] = { Id, Name: `Unit${at}`, parent: at < 10 ? organizations.rootId : ouId(at % 10) };
    organizations.tags[Id] = [{ Key: 'gatehouse:owner', Value: OWNER }];
    organizations.attachments['p-FullAWSAccess']?.push(Id);
  }
  for (const at of range(accounts)) {
    const account = organizations.accounts[idOf(at)];
    if (account !== undefined) account.parent = ouId(at % ous);
  }
};

const hangGuardRails = ({ organizations }: SandboxWorld, { guardRails, ous }: OrganizationSize): void => {
  const targets = Object.keys(organizations.ous);
  for (const at of range(guardRails)) {
    const Id = `p-${hex(at, 10)}`;
    organizations.policies[Id] = {
      ...{ Id, Name: `Rail${at}`, Description: '', Type: 'SERVICE_CONTROL_POLICY', AwsManaged: false },
      Content: saying('Deny', `iam:Rail${at}*`),
    };
    organizations.tags[Id] = [{ Key: 'gatehouse:owner', Value: OWNER }];
    organizations.attachments[Id] = [targets[at % ous] ?? organizations.rootId];
  }
};

const fillDirectory = ({ identityStore }: SandboxWorld, size: OrganizationSize): void => {
  const { groups, users } = size;
  const membersPerGroup = Math.min(size.membersPerGroup, users);
  const by = size.fed === false ? 'hand' : 'scim';
  const stamps = { createdAt: 0, createdBy: by, updatedAt: 0, updatedBy: by };
  for (const at of range(users)) {
    const userId = uuid(1, at);
    identityStore.users[userId] = { ...stamps, userId, userName: `user${at}`, attributes: {}, externalIds: [] };
  }
  for (const at of range(groups)) {
    const groupId = uuid(2, at);
    const name = { displayName: `Group${at}`, description: null };
    identityStore.groups[groupId] = { ...stamps, ...name, groupId, externalIds: [] };
    for (const member of range(membersPerGroup)) {
      const membershipId = uuid(3, at * membersPerGroup + member);
      const userId = uuid(1, (at * membersPerGroup + member) % users);
      identityStore.memberships[membershipId] = { ...stamps, membershipId, groupId, userId };
    }
  }
};

const definition = (at: number): SetDefinition => ({
  description: `Set ${at}`,
  sessionDuration: 'PT1H',
  relayState: null,
  managedPolicies: ['arn:aws:iam::aws:policy/ReadOnlyAccess'],
  customerManagedPolicies: [],
  inlinePolicy: saying('Allow', 's3:GetObject'),
  boundary: null,
});

/** In each account as many groups as asked, each with a set of its own as long as there are enough. */
const assign = ({ sso }: SandboxWorld, size: OrganizationSize): void => {
  const arns = range(size.sets).map(
    (at) => `arn:aws:sso:::permissionSet/${sso.instanceArn.split('/')[1]}/ps-${hex(at, 16)}`,
  );
  for (const [at, arn] of arns.entries()) {
    const tags = { 'gatehouse:owner': OWNER, 'gatehouse:scope': 'all' };
    sso.permissionSets[arn] = { arn, name: `Set${at}`, createdDate: 0, revision: 1, definition: definition(at), tags };
  }
  const provisioned = new Set<string>();
  for (const account of range(size.accounts))
    for (const nth of range(size.assignmentsPerAccount)) {
      const permissionSetArn = arns[(account * 7 + nth) % size.sets] ?? '';
      const accountId = idOf(account);
      const principalId = uuid(2, (account * 11 + nth * 3) % size.groups);
      sso.assignments.push({ permissionSetArn, accountId, principalType: 'GROUP', principalId });
      const pair = `${permissionSetArn} ${accountId}`;
      if (provisioned.has(pair)) continue;
      provisioned.add(pair);
      const role = { permissionSetArn, accountId, roleName: `AWSReservedSSO_${hex(provisioned.size, 16)}` };
      sso.provisioned.push({ ...role, revision: 1, definition: definition(0) });
    }
};

/** With what the brownfield has by itself: an SCP, two sets and an assignment that nobody declared. */
export const organizationOf = (size: OrganizationSize): SandboxWorld => {
  const seed = {
    organizationId: 'o-securecart0',
    region: 'eu-west-1',
    management: { name: MANAGEMENT, id: managementId },
    accounts: range(size.accounts).map((at) => ({ name: `Account${at}`, id: idOf(at) })),
    users: [],
    externalGroups: size.fed === false ? [] : [{ name: 'Directory', members: ['ada@securecart.example'] }],
    memberRole: { name: 'GatehouseMember', path: '/gatehouse/' },
  };
  const world = brownfield(seed, Date.parse(NOW));
  plantTree(world, size);
  hangGuardRails(world, size);
  fillDirectory(world, size);
  assign(world, size);
  return world;
};
