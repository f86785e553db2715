import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { brownfield } from '../../src/sandbox/seed.ts';
import { fileOf, loadWorld, saver, saveWorld } from '../../src/sandbox/store.ts';
import { at, callTo, freshSandbox, playground, seed, start } from '../support/sandbox.ts';

describe('the brownfield', () => {
  it('is the same every time, ids included, and survives JSON', () => {
    const world = brownfield(seed, start);
    expect(brownfield(seed, start)).toEqual(world);
    expect(JSON.parse(JSON.stringify(world))).toEqual(world);
  });

  it('has every account at Root under FullAWSAccess, and an SCP that nobody declared', () => {
    const sandbox = freshSandbox();
    const call = callTo(sandbox);
    const ParentId = sandbox.world().organizations.rootId;
    expect(at(call('organizations:ListAccountsForParent', { ParentId }), 'Accounts.length')).toBe(3);
    const TargetId = playground;
    const Filter = 'SERVICE_CONTROL_POLICY';
    const { Policies } = call('organizations:ListPoliciesForTarget', { TargetId, Filter });
    expect((Policies as { Name: string }[]).map(({ Name }) => Name)).toEqual([
      'FullAWSAccess',
      'legacy-deny-large-instances',
    ]);
  });

  it('has the users and the external groups with their members, and no other group', () => {
    const sandbox = freshSandbox();
    const call = callTo(sandbox);
    const { identityStoreId: IdentityStoreId, instanceArn: InstanceArn } = sandbox.world().sso;
    const { Groups } = call('identitystore:ListGroups', { IdentityStoreId });
    expect(Groups).toMatchObject([{ DisplayName: 'SecureCart-Developers', ExternalIds: [{}] }]);
    const GroupId = at(Groups, '0.GroupId');
    const members = call('identitystore:ListGroupMemberships', { IdentityStoreId, GroupId });
    expect(at(members, 'GroupMemberships.length')).toBe(2);
    expect(at(call('identitystore:ListUsers', { IdentityStoreId }), 'Users.length')).toBe(2);
    const sets = call('sso-admin:ListPermissionSets', { InstanceArn });
    expect(at(sets, 'PermissionSets.length')).toBe(2);
    const PermissionSetArn = at(sets, 'PermissionSets.0');
    const rows = call('sso-admin:ListAccountAssignments', { InstanceArn, PermissionSetArn, AccountId: playground });
    expect(at(rows, 'AccountAssignments')).toMatchObject([{ PrincipalType: 'USER' }]);
  });

  it('can have no users, no groups and no member accounts', () => {
    const bare = brownfield({ ...seed, accounts: [], users: [], externalGroups: [] }, start);
    expect(Object.keys(bare.organizations.accounts)).toHaveLength(1);
    expect(bare.sso.assignments).toEqual([]);
  });
});

describe('the file', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sandbox-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('is absent at first, and gives back the world that was saved', async () => {
    const inner = join(folder, 'deep', 'er');
    expect(await loadWorld(inner)).toBeUndefined();
    const world = brownfield(seed, start);
    await saveWorld(inner, world);
    expect(await loadWorld(inner)).toEqual(world);
    expect(await readdir(inner)).toEqual(['sandbox.json']);
  });

  it.each(['{', '{}', 'null', '{"version":2}', '{"version":1}'])('is named when it is broken: %s', async (text) => {
    await writeFile(fileOf(folder), text);
    await expect(loadWorld(folder)).rejects.toThrow(`${fileOf(folder)} is not a sandbox`);
  });

  it('is written by a saver that was asked, however often, and holds the last state', async () => {
    const inner = join(folder, 'saved');
    const world = brownfield(seed, start);
    const save = saver(inner, () => world);
    await save.flush();
    expect(await loadWorld(inner)).toBeUndefined();
    save.request();
    save.request();
    world.settings.throttling = true;
    await save.flush();
    expect((await loadWorld(inner))?.settings.throttling).toBe(true);
  });

  it('is written at the next attempt after one that failed', async () => {
    const inner = join(folder, 'blocked');
    await writeFile(inner, 'a file where the folder should be');
    const save = saver(inner, () => brownfield(seed, start));
    save.request();
    await expect(save.flush()).rejects.toThrow('blocked');
    await rm(inner);
    await save.flush();
    expect(await loadWorld(inner)).toBeDefined();
  });
});
