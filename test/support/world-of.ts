/** A sandbox that holds a given state of the model, as if people had made it by hand. */
import type { Live } from '../../src/model/cloud.ts';
import {
  FULL_AWS_ACCESS,
  controlPoliciesOf,
  isGuardRail,
  parentPath,
  policyTypes,
  resourcesOf,
} from '../../src/model/resource.ts';
import type { ControlPolicy, Ownership, PermissionSet, State, Target } from '../../src/model/resource.ts';
import { nextId, nextUuid } from '../../src/sandbox/core.ts';
import { brownfield } from '../../src/sandbox/seed.ts';
import { writeReservedRole } from '../../src/sandbox/identity-center/roles.ts';
import type { SetDefinition } from '../../src/sandbox/identity-center/state.ts';
import type { SandboxWorld } from '../../src/sandbox/world.ts';

const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';
const by = (now: number) => ({ createdAt: now, createdBy: 'hand', updatedAt: now, updatedBy: 'hand' });

const tagsOf = ({ owner, scope }: Ownership): Readonly<Record<string, string>> => ({
  ...(owner === undefined ? {} : { 'gatehouse:owner': owner }),
  ...(scope === undefined ? {} : { 'gatehouse:scope': scope }),
});

const tagList = (ownership: Ownership) => Object.entries(tagsOf(ownership)).map(([Key, Value]) => ({ Key, Value }));

type Making = {
  readonly world: SandboxWorld;
  readonly state: State;
  readonly now: number;
  readonly ids: Map<string, string>;
};

/** The id of what a key names; throws when the state does not hold together. */
const idOf = ({ ids }: Making, key: string): string => {
  const id = ids.get(key);
  if (id === undefined) throw new Error(`the state names ${key} and does not have it`);
  return id;
};

const addTree = (making: Making): void => {
  const { world, state, ids } = making;
  const { organizations } = world;
  ids.set('ou/', organizations.rootId);
  for (const ou of resourcesOf(state, 'ou').toSorted((a, b) => a.path.split('/').length - b.path.split('/').length)) {
    const Id = `ou-${organizations.rootId.slice(2)}-${nextId(world.ids, 8, letters)}`;
    ids.set(`ou/${ou.path}`, Id);
    organizations.ous[Id] = { Id, Name: ou.name, parent: idOf(making, `ou/${parentPath(ou.path)}`) };
    organizations.tags[Id] = tagList({ ...(ou.owner === undefined ? {} : { owner: ou.owner }) });
  }
  for (const account of resourcesOf(state, 'account')) {
    ids.set(`account/${account.name}`, account.id);
    const there = organizations.accounts[account.id];
    if (there !== undefined) there.parent = idOf(making, `ou/${account.parent}`);
  }
};

const addPolicy = ({ world, ids }: Making, policy: ControlPolicy): void => {
  const Id = `p-${nextId(world.ids, 10, letters)}`;
  ids.set(`${policy.kind}/${policy.name}`, Id);
  world.organizations.tags[Id] = tagList(policy);
  world.organizations.policies[Id] = {
    Id,
    Name: policy.name,
    Description: policy.description,
    Type: policyTypes[policy.kind],
    AwsManaged: false,
    Content: JSON.stringify(isGuardRail(policy) ? policy.document : policy.settings),
  };
};

const targetId = (making: Making, target: Target): string => {
  if (target.type === 'root') return idOf(making, 'ou/');
  return idOf(making, target.type === 'ou' ? `ou/${target.path}` : `account/${target.name}`);
};

const addPolicies = (making: Making): void => {
  const { world, state, now, ids } = making;
  const { organizations } = world;
  for (const policy of controlPoliciesOf(state)) addPolicy(making, policy);
  ids.set(`scp/${FULL_AWS_ACCESS}`, `p-${FULL_AWS_ACCESS}`);
  organizations.policyTypes = resourcesOf(state, 'policy-type').map(({ type }) => ({
    Type: type,
    settled: 'ENABLED' as const,
    settlesAt: now,
  }));
  const scps = organizations.policyTypes.some(({ Type }) => Type === policyTypes.scp);
  for (const id of Object.keys(organizations.attachments))
    if (id === `p-${FULL_AWS_ACCESS}` || !scps) organizations.attachments[id] = [];
  for (const { policy, target } of resourcesOf(state, 'attachment')) {
    const id = idOf(making, `${policy.kind}/${policy.name}`);
    organizations.attachments[id] = [...(organizations.attachments[id] ?? []), targetId(making, target)];
  }
};

const addDirectory = (making: Making): void => {
  const { world, state, now, ids } = making;
  const { identityStore } = world;
  for (const user of Object.values(identityStore.users)) ids.set(`user/${user.userName}`, user.userId);
  for (const group of Object.values(identityStore.groups)) ids.set(`group/${group.displayName}`, group.groupId);
  for (const group of resourcesOf(state, 'group').filter(({ source }) => source !== 'external')) {
    const groupId = nextUuid(world.ids);
    ids.set(`group/${group.name}`, groupId);
    const description = group.description ?? null;
    identityStore.groups[groupId] = { ...by(now), groupId, displayName: group.name, description, externalIds: [] };
  }
  for (const { group, user } of resourcesOf(state, 'membership')) {
    const membershipId = nextUuid(world.ids);
    const [groupId, userId] = [idOf(making, `group/${group}`), idOf(making, `user/${user}`)];
    identityStore.memberships[membershipId] = { ...by(now), membershipId, groupId, userId };
  }
};

const definitionOf = (set: PermissionSet): SetDefinition => ({
  description: set.description ?? null,
  sessionDuration: `PT${set.sessionDuration / 3600}H`,
  relayState: set.relayState ?? null,
  managedPolicies: set.managedPolicies,
  customerManagedPolicies: set.customerManagedPolicies.map(({ name, path }) => ({ Name: name, Path: path })),
  inlinePolicy: set.inlinePolicy === undefined ? null : JSON.stringify(set.inlinePolicy),
  boundary: null,
});

const addAccess = (making: Making): void => {
  const { world, state, now, ids } = making;
  const { sso } = world;
  for (const set of resourcesOf(state, 'permission-set')) {
    const arn = sso.instanceArn.replace(':instance/', ':permissionSet/') + `/ps-${nextId(world.ids, 16)}`;
    ids.set(`permission-set/${set.name}`, arn);
    const tags = { ...set.tags, ...tagsOf(set) };
    sso.permissionSets[arn] = {
      ...{ arn, name: set.name, createdDate: now, revision: 1 },
      ...{ definition: definitionOf(set), tags },
    };
  }
  for (const { principal, permissionSet, account } of resourcesOf(state, 'assignment')) {
    const permissionSetArn = idOf(making, `permission-set/${permissionSet}`);
    const accountId = idOf(making, `account/${account}`);
    const principalType = principal.type === 'group' ? 'GROUP' : 'USER';
    const principalId = idOf(making, `${principal.type}/${principal.name}`);
    sso.assignments.push({ permissionSetArn, accountId, principalType, principalId });
    const set = sso.permissionSets[permissionSetArn];
    const known = sso.provisioned.some(
      (role) => role.permissionSetArn === permissionSetArn && role.accountId === accountId,
    );
    if (set !== undefined && !known) writeReservedRole(world, set, { accountId, now, request: nextUuid(world.ids) });
  }
};

/** `now` is milliseconds since the epoch. Besides the state it holds what the brownfield always has and nobody declared. */
export const worldOf = (live: Live, region: string, now: number): SandboxWorld => {
  const accounts = resourcesOf(live.state, 'account');
  const management = accounts.find(({ id }) => id === live.managementAccountId);
  const world = brownfield(
    {
      organizationId: live.organization,
      region,
      management: { name: management?.name ?? 'Management', id: live.managementAccountId },
      accounts: accounts.filter((one) => one !== management),
      users: live.users,
      externalGroups: resourcesOf(live.state, 'group')
        .filter(({ source }) => source === 'external')
        .map(({ name }) => ({ name, members: live.users.slice(0, 1) })),
    },
    now,
  );
  const making: Making = { world, state: live.state, now, ids: new Map() };
  addTree(making);
  addPolicies(making);
  addDirectory(making);
  addAccess(making);
  return world;
};
