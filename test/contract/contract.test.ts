/** What the adapter must be able to do wherever it runs: each family is created, shown, changed, shown and deleted. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Change } from '../../src/model/plan.ts';
import { keyOf } from '../../src/model/resource.ts';
import type {
  Account,
  Assignment,
  Attachment,
  GuardRail,
  Group,
  Ou,
  Resource,
  SettingsPolicy,
} from '../../src/model/resource.ts';
import { create, permissionSet, remove, update } from './changes.ts';
import { iamChecks } from './iam-checks.ts';
import { absentPlaces, places } from './places.ts';
import type { Place, Room } from './places.ts';

const scp: GuardRail = {
  kind: 'scp',
  name: 'DenyLeaving',
  description: 'Nobody leaves',
  document: {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Deny', Action: 'organizations:LeaveOrganization', Resource: '*' }],
  },
  owner: 'securecart/aws-access',
  scope: 'all',
};

const rcp: GuardRail = {
  ...scp,
  kind: 'rcp',
  name: 'DenyInsecureTransport',
  document: {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Resource: '*',
        Condition: { BoolIfExists: { 'aws:SecureTransport': 'false' } },
      },
    ],
  },
};

const tagPolicy: SettingsPolicy = {
  kind: 'tag-policy',
  name: 'CostCenters',
  description: 'One spelling',
  settings: { tags: { costcenter: { tag_key: { '@@assign': 'CostCenter' } } } },
  owner: 'securecart/aws-access',
  scope: 'all',
};

const group = (name: string, fields: Partial<Group> = {}): Group => ({
  kind: 'group',
  name,
  source: 'identity-center',
  ...fields,
});
const ou = (path: string): Ou => ({
  kind: 'ou',
  path,
  name: path.split('/').at(-1) ?? '',
  owner: 'securecart/aws-access',
});

const checks = (room: () => Room): Readonly<Record<string, () => Promise<void>>> => {
  const done = async (...changes: readonly Change[]): Promise<void> => {
    for (const change of changes) {
      expect(await room().cloud.apply(change)).toEqual({ id: change.id, key: change.key, status: 'done' });
    }
  };
  const live = async (key: string): Promise<Resource | undefined> => (await room().cloud.read()).state[key];
  const shown = async (resource: Resource): Promise<void> => expect(await live(keyOf(resource))).toEqual(resource);
  const gone = async (resource: Resource): Promise<void> => expect(await live(keyOf(resource))).toBeUndefined();
  return {
    ...iamChecks({ room, done, shown, gone }),
    'an OU is created inside another, renamed and deleted': async () => {
      const [outer, inner, renamed] = [ou('Workloads'), ou('Workloads/Prod'), ou('Workloads/Production')];
      await done(create(outer), create(inner));
      await shown(inner);
      await done(update({ ...renamed, name: 'Prod' }, renamed));
      await shown(renamed);
      await gone(inner);
      await done(remove(renamed), remove(outer));
      await gone(outer);
    },
    'an account moves into an OU and back': async () => {
      const [name] = room().accounts;
      const before = (await live(`account/${name}`)) as Account;
      const there = { ...before, parent: 'Elsewhere' };
      await done(create(ou('Elsewhere')), update(before, there));
      await shown(there);
      await done(update(there, before), remove(ou('Elsewhere')));
      await shown(before);
    },
    'an SCP is created, attached, changed, detached and deleted': async () => {
      const attachment: Attachment = {
        kind: 'attachment',
        policy: { kind: 'scp', name: scp.name },
        target: { type: 'account', name: room().accounts[0] },
      };
      await done(create(scp), create(attachment));
      await shown(scp);
      await shown(attachment);
      const { scope: _scope, ...rest } = scp;
      const changed = { ...rest, description: 'Nobody leaves, ever', document: { ...scp.document, Id: 'second' } };
      await done(update(scp, changed));
      await shown(changed);
      await done(remove(attachment), remove(changed));
      await gone(attachment);
      await gone(changed);
    },
    'an RCP is created and deleted': async () => {
      await done(create({ kind: 'policy-type', type: 'RESOURCE_CONTROL_POLICY' }), create(rcp));
      await shown(rcp);
      await shown({ kind: 'policy-type', type: 'RESOURCE_CONTROL_POLICY' });
      await done(remove(rcp));
      await gone(rcp);
    },
    'a tag policy is created, attached, changed, detached and deleted': async () => {
      const attachment: Attachment = {
        kind: 'attachment',
        policy: { kind: 'tag-policy', name: tagPolicy.name },
        target: { type: 'account', name: room().accounts[0] },
      };
      await done(create({ kind: 'policy-type', type: 'TAG_POLICY' }), create(tagPolicy), create(attachment));
      await shown(tagPolicy);
      await shown(attachment);
      const changed: SettingsPolicy = {
        ...tagPolicy,
        settings: { tags: { team: { tag_key: { '@@assign': 'Team' } } } },
      };
      await done(update(tagPolicy, changed));
      await shown(changed);
      await done(remove(attachment), remove(changed));
      await gone(attachment);
      await gone(changed);
    },
    'a group and its member come and go': async () => {
      const membership = { kind: 'membership', group: 'Developers', user: room().user } as const;
      const developers = group('Developers', { description: 'They write it' });
      await done(create(developers), create(membership));
      await shown(developers);
      await shown(membership);
      await done(remove(membership));
      await gone(membership);
      await done(remove(developers));
      await gone(developers);
    },
    'a group is renamed and its description cleared': async () => {
      const before = group('Ops', { description: 'Old words' });
      const after = group('Operations');
      await done(create(before), update(before, after));
      await shown(after);
      await gone(before);
      await done(remove(after));
    },
    'a permission set has every field, changes and goes': async () => {
      const set = permissionSet('Developer', {
        description: 'Deploys',
        sessionDuration: 5400,
        relayState: 'https://console.aws.amazon.com/',
        tags: { team: 'engineering' },
        managedPolicies: ['arn:aws:iam::aws:policy/ReadOnlyAccess'],
        customerManagedPolicies: [{ name: 'OrdersReader', path: '/gatehouse/' }],
        inlinePolicy: { Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action: 's3:*', Resource: '*' }] },
        permissionsBoundary: { managedPolicy: 'arn:aws:iam::aws:policy/PowerUserAccess' },
        owner: 'securecart/aws-access',
        scope: 'all',
      });
      await done(create(set));
      await shown(set);
      const bare = permissionSet('Developer', {
        sessionDuration: 3600,
        managedPolicies: ['arn:aws:iam::aws:policy/ViewOnlyAccess'],
        permissionsBoundary: { customerManagedPolicy: { name: 'Limit', path: '/' } },
        owner: 'securecart/aws-access',
        scope: 'declared',
      });
      await done(update(set, bare));
      await shown(bare);
      await done(remove(bare));
      await gone(bare);
    },
    'an assignment is made, shown, and revoked': async () => {
      const set = permissionSet('Reader', { managedPolicies: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] });
      const account = room().accounts[1];
      const byUser: Assignment = {
        kind: 'assignment',
        principal: { type: 'user', name: room().user },
        permissionSet: 'Reader',
        account,
      };
      const byGroup: Assignment = { ...byUser, principal: { type: 'group', name: 'Readers' } };
      await done(create(group('Readers')), create(set), create(byUser), create(byGroup));
      await shown(byUser);
      await shown(byGroup);
      await done(remove(byUser), remove(byGroup));
      await gone(byGroup);
      await done(remove(set), remove(group('Readers')));
    },
    'an edit reaches the accounts that have the set': async () => {
      const set = permissionSet('Edited');
      const edited = { ...set, managedPolicies: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] };
      const assignments = room().accounts.map((account): Assignment => ({
        kind: 'assignment',
        principal: { type: 'user', name: room().user },
        permissionSet: 'Edited',
        account,
      }));
      await done(create(set), ...assignments.map(create), update(set, edited));
      await shown(edited);
      await done(...assignments.map(remove), remove(edited));
    },
    'a change applied twice is done once': async () => {
      const set = permissionSet('Twice', { managedPolicies: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] });
      const assignment: Assignment = {
        kind: 'assignment',
        principal: { type: 'group', name: 'Twice' },
        permissionSet: 'Twice',
        account: room().accounts[0],
      };
      const membership = { kind: 'membership', group: 'Twice', user: room().user } as const;
      const attachment: Attachment = {
        kind: 'attachment',
        policy: { kind: 'scp', name: scp.name },
        target: { type: 'ou', path: 'Twice' },
      };
      const all = [ou('Twice'), scp, attachment, group('Twice'), membership, set, assignment];
      await done(...all.flatMap((one) => [create(one), create(one)]));
      for (const one of all) await shown(one);
      await done(...all.reverse().flatMap((one) => [remove(one), remove(one)]));
      for (const one of all) await gone(one);
    },
    'a permission set and its assignment reach AWS': async () => {
      const set = permissionSet('Raw', { managedPolicies: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] });
      const assignment: Assignment = {
        kind: 'assignment',
        principal: { type: 'user', name: room().user },
        permissionSet: 'Raw',
        account: room().accounts[0],
      };
      await done(create(set), create(assignment));
      const sso = await room().clients.ssoAdmin();
      const InstanceArn = (await sso.listInstances({})).Instances?.[0]?.InstanceArn;
      const { PermissionSets = [] } = await sso.listPermissionSets({ InstanceArn });
      const named = await Promise.all(
        PermissionSets.map((PermissionSetArn) => sso.describePermissionSet({ InstanceArn, PermissionSetArn })),
      );
      const raw = named.find(({ PermissionSet }) => PermissionSet?.Name === 'Raw')?.PermissionSet;
      expect(raw).toBeDefined();
      await done(remove(assignment));
      await sso.deletePermissionSet({ InstanceArn, PermissionSetArn: raw?.PermissionSetArn });
    },
  };
};

/** Said in so many words: a check that was not made is not one that passed. */
const leaveOut = (what: string): void => {
  process.stderr.write(`left out: ${what}\n`);
};

const suite = (place: Place): void => {
  let opened: Room | undefined;
  const room = (): Room => {
    if (opened === undefined) throw new Error('not open');
    return opened;
  };
  beforeAll(async () => {
    opened = await place.open();
    await opened.cloud.read();
  });
  afterAll(() => opened?.close());
  for (const [name, check] of Object.entries(checks(room))) {
    const reason = place.lacks[name];
    if (reason === undefined) it(name, check);
    else leaveOut(`${place.name}: ${name}: ${reason}`);
  }
};

describe.each(places)('the adapter on $name', suite);

for (const absent of absentPlaces) leaveOut(absent);
