/** Each object is read again before it is written: what somebody else did to it meanwhile is neither undone nor built upon. */
import { describe, expect, it } from 'vitest';
import type { Cloud, Outcome } from '../../src/model/cloud.ts';
import type { Change } from '../../src/model/plan.ts';
import { keyOf } from '../../src/model/resource.ts';
import type {
  Account,
  Assignment,
  ControlPolicy,
  Group,
  Ou,
  PermissionSet,
  Resource,
} from '../../src/model/resource.ts';
import { create, permissionSet, remove, update } from '../contract/changes.ts';
import { accounts, bench, owner } from './bench.ts';
import type { Bench } from './bench.ts';

const policyArn = (name: string): string => `arn:aws:iam::aws:policy/${name}`;
const deny = (action: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Deny' as const, Action: action, Resource: '*' }],
});

const ou: Ou = { kind: 'ou', path: 'Workloads', name: 'Workloads', owner };
const scp: ControlPolicy = {
  kind: 'scp',
  name: 'Rail',
  description: 'A rail',
  document: deny('s3:*'),
  owner,
  scope: 'all',
};
const group: Group = { kind: 'group', name: 'Developers', description: 'They write it', source: 'identity-center' };
const set = permissionSet('Reader', { managedPolicies: [policyArn('ReadOnlyAccess')], owner, scope: 'all' });
const assignment = (account: string, user = 'eve'): Assignment => ({
  kind: 'assignment',
  principal: { type: 'user', name: `${user}@securecart.example` },
  permissionSet: set.name,
  account,
});
const membership = { kind: 'membership', group: group.name, user: 'eve@securecart.example' } as const;

type Scene = Bench & { readonly ours: Cloud; readonly theirs: Cloud };

/** Two applies on one AWS that have both read what `there` lists. */
const scene = async (...there: readonly Resource[]): Promise<Scene> => {
  const room = bench();
  const [first, ours, theirs] = [room.cloudOf(), room.cloudOf(), room.cloudOf()];
  await first.read();
  for (const one of there) expect(await first.apply(create(one))).toMatchObject({ status: 'done' });
  await ours.read();
  await theirs.read();
  room.calls.clear();
  return { ...room, ours, theirs };
};

const writes = ({ calls }: Bench): readonly string[] =>
  [...calls.keys()].filter((operation) => !/:(List|Describe|Get|IsMember)/.test(operation));

const live = async (room: Bench, resource: Resource): Promise<Resource | undefined> =>
  (await room.cloudOf().read()).state[keyOf(resource)];

type Case = {
  readonly before: Resource;
  readonly theirs: Resource;
  readonly after: Resource;
  readonly moved: string;
};

const cases: Readonly<Record<string, Case>> = {
  'an OU': { before: ou, theirs: { ...ou, owner: 'somebody/else' }, after: { ...ou, name: 'Work' }, moved: 'owner' },
  'an SCP': {
    before: scp,
    theirs: { ...scp, document: deny('ec2:*') },
    after: { ...scp, document: deny('rds:*') },
    moved: 'document',
  },
  'a group': {
    before: group,
    theirs: { ...group, description: 'By hand' },
    after: { ...group, description: 'They run it' },
    moved: 'description',
  },
  'a permission set': {
    before: set,
    theirs: { ...set, managedPolicies: [policyArn('AdministratorAccess'), ...set.managedPolicies] },
    after: { ...set, description: 'Reads' },
    moved: `managedPolicies ${policyArn('AdministratorAccess')}`,
  },
};

/** A renamed OU comes under its new path. */
const aimed = ({ before, after }: Case): readonly [Resource, Resource] =>
  before.kind === 'ou' && after.kind === 'ou'
    ? [
        { ...before, path: after.name },
        { ...after, path: after.name },
      ]
    : [before, after];

describe.each(Object.entries(cases))('%s that somebody else changed since the plan', (_, one) => {
  it('is held with the value that moved, and nothing is written', async () => {
    const room = await scene(one.before);
    await room.theirs.apply(update(one.before, one.theirs));
    room.calls.clear();
    expect(await room.ours.apply(update(...aimed(one)))).toMatchObject({
      status: 'held',
      reason: `live moved: ${one.moved}`,
    });
    expect(await room.ours.apply(remove(one.before))).toMatchObject({ status: 'held' });
    expect(writes(room)).toEqual([]);
    expect(await live(room, one.before)).toEqual(one.theirs);
  });

  it('is done without a write when it is already what was asked for', async () => {
    const room = await scene(one.before);
    await room.theirs.apply(update(one.before, one.theirs));
    room.calls.clear();
    expect(await room.ours.apply(update(one.before, one.theirs))).toMatchObject({ status: 'done' });
    expect(writes(room)).toEqual([]);
  });

  it('is held when it is gone, and its deletion is done', async () => {
    const room = await scene(one.before);
    await room.theirs.apply(remove(one.before));
    room.calls.clear();
    expect(await room.ours.apply(update(...aimed(one)))).toMatchObject({
      status: 'held',
      reason: 'live moved: it came or went',
    });
    expect(await room.ours.apply(remove(one.before))).toMatchObject({ status: 'done' });
    expect(writes(room)).toEqual([]);
  });

  it('is held when another of its name appeared where it was to be created', async () => {
    const room = await scene();
    await room.theirs.apply(create(one.theirs));
    expect(await room.ours.apply(create(one.before))).toMatchObject({ status: 'held' });
    expect(await live(room, one.before)).toEqual(one.theirs);
  });

  it('is done when what appeared where it was to be created is the same', async () => {
    const room = await scene();
    await room.theirs.apply(create(one.before));
    expect(await room.ours.apply(create(one.before))).toMatchObject({ status: 'done' });
    expect(await live(room, one.before)).toEqual(one.before);
  });
});

describe('what changed only to what the plan passes through', () => {
  it('is not held: an edit that was killed half-way goes on', async () => {
    const room = await scene(set, assignment('Production'));
    const after: PermissionSet = { ...set, description: 'Reads', managedPolicies: [policyArn('ViewOnlyAccess')] };
    const half: PermissionSet = { ...set, managedPolicies: [policyArn('ReadOnlyAccess'), policyArn('ViewOnlyAccess')] };
    await room.theirs.apply(update(set, half));
    expect(await room.ours.apply(update(set, after))).toMatchObject({ status: 'done' });
    expect(await live(room, set)).toEqual(after);
  });

  it('is not held: an SCP goes its two steps though reads lag behind', async () => {
    const room = await scene(scp);
    Object.assign(room.sandbox.world().settings, { readAfterWriteDelayMs: 60_000 });
    const [middle, after] = [
      { ...scp, document: deny('*') },
      { ...scp, document: deny('rds:*') },
    ];
    expect(await room.ours.apply(update(scp, middle))).toMatchObject({ status: 'done' });
    expect(await room.ours.apply(update(middle, after))).toMatchObject({ status: 'done' });
    expect(await room.ours.apply(update(after, scp))).toMatchObject({ status: 'done' });
    await room.clock.sleep(60_001);
    expect(await live(room, scp)).toEqual(scp);
  });

  it('is provisioned where whoever edited it has not done so yet', async () => {
    const room = await scene(set, assignment('Production'));
    const after: PermissionSet = { ...set, description: 'Reads' };
    await room.theirs.apply(update(set, after));
    for (const role of room.sandbox.world().sso.provisioned)
      if (role.roleName.includes(set.name)) Object.assign(role, { revision: 0 });
    room.calls.clear();
    expect(await room.ours.apply(update(set, after))).toMatchObject({ status: 'done' });
    expect(writes(room)).toEqual(['sso-admin:ProvisionPermissionSet']);
    expect(await live(room, set)).toEqual(after);
  });
});

describe('an account that somebody else moved', () => {
  it('stays where it is', async () => {
    const [here, there] = [ou, { ...ou, path: 'Elsewhere', name: 'Elsewhere' }];
    const room = await scene(here, there);
    const name = accounts[0]?.name ?? '';
    const before = (await room.ours.read()).state[`account/${name}`] as Account;
    await room.theirs.apply(update(before, { ...before, parent: 'Elsewhere' }));
    const outcome = await room.ours.apply(update(before, { ...before, parent: 'Workloads' }));
    expect(outcome).toMatchObject({ status: 'held', reason: 'live moved: parent' });
    expect(await live(room, before)).toMatchObject({ parent: 'Elsewhere' });
  });
});

describe('a move whose answer was lost', () => {
  it('is done when AWS says that the account is there already', async () => {
    const room = bench({ lose: ['MoveAccount'] });
    const cloud = room.cloudOf();
    await cloud.read();
    await cloud.apply(create(ou));
    const before = (await cloud.read()).state[`account/${accounts[0]?.name}`] as Account;
    const after = { ...before, parent: ou.path };
    expect(await cloud.apply(update(before, after))).toMatchObject({ status: 'done' });
    expect(await live(room, before)).toEqual(after);
  });
});

describe('a group that appeared where one was to be created', () => {
  it('is held when it has members, who would get what is assigned to it', async () => {
    const room = await scene();
    await room.theirs.apply(create(group));
    await room.theirs.apply(create(membership));
    expect(await room.ours.apply(create(group))).toMatchObject({ status: 'held', reason: 'live moved: members' });
  });
});

describe('a set that appeared where one was to be created', () => {
  it('is held when it is assigned, so that nobody gets what is put into it', async () => {
    const bare = permissionSet(set.name, { owner, scope: 'all' });
    const room = await scene();
    await room.theirs.apply(create(bare));
    await room.theirs.apply(create(assignment('Production')));
    expect(await room.ours.apply(create(set))).toMatchObject({ status: 'held' });
    expect(await live(room, set)).toEqual(bare);
  });

  it('is completed when it is what a create leaves that was killed', async () => {
    const room = await scene();
    await room.theirs.apply(create(permissionSet(set.name, { owner, scope: 'all' })));
    expect(await room.ours.apply(create(set))).toMatchObject({ status: 'done' });
    expect(await live(room, set)).toEqual(set);
  });
});

describe('a member who was taken out and in again', () => {
  it('is taken out all the same', async () => {
    const room = await scene(group, membership);
    await room.theirs.apply(remove(membership));
    await room.theirs.apply(create(membership));
    expect(await room.ours.apply(remove(membership))).toMatchObject({ status: 'done' });
    expect(await live(room, membership)).toBeUndefined();
  });
});

describe('assignments', () => {
  const everybody = ['ada', 'bob', 'eve'];

  it('cost one list per set and account, and none for a set that this run created', async () => {
    const room = await scene(set);
    const all = accounts.flatMap(({ name }) => everybody.map((user) => create(assignment(name, user))));
    await Promise.all(all.map((change) => room.ours.apply(change)));
    expect(room.calls.get('sso-admin:ListAccountAssignments')).toBe(accounts.length);
    const fresh = await scene();
    await fresh.ours.apply(create(set));
    await Promise.all(all.map((change) => fresh.ours.apply(change)));
    expect(fresh.calls.get('sso-admin:ListAccountAssignments')).toBeUndefined();
    expect(fresh.calls.get('sso-admin:CreateAccountAssignment')).toBe(all.length);
  });

  it('that somebody else made or revoked meanwhile are done without a write', async () => {
    const [made, revoked] = [assignment('Production'), assignment('Staging')];
    const room = await scene(set, revoked);
    await room.theirs.apply(create(made));
    await room.theirs.apply(remove(revoked));
    room.calls.clear();
    expect(await room.ours.apply(create(made))).toMatchObject({ status: 'done' });
    expect(await room.ours.apply(remove(revoked))).toMatchObject({ status: 'done' });
    expect(writes(room)).toEqual([]);
  });

  it('are looked at again by each batch', async () => {
    const room = await scene(set);
    expect(await room.ours.apply(create(assignment('Production')))).toMatchObject({ status: 'done' });
    expect(await room.ours.apply(remove(assignment('Production')))).toMatchObject({ status: 'done' });
    expect(await live(room, assignment('Production'))).toBeUndefined();
  });
});

/** Both at once, one call of the one between two of the other. */
const racing = async (room: Scene, mine: Change, other: Change): Promise<readonly [Outcome, Outcome]> =>
  Promise.all([room.ours.apply(mine), room.theirs.apply(other)]);

describe('two applies at once', () => {
  it('that ask for the same end both reach it', async () => {
    const room = await scene(set, assignment('Production'));
    const after: PermissionSet = { ...set, description: 'Reads', managedPolicies: [policyArn('ViewOnlyAccess')] };
    const outcomes = await racing(room, update(set, after), update(set, after));
    expect(outcomes.map(({ status }) => status)).toEqual(['done', 'done']);
    expect(await live(room, set)).toEqual(after);
  });

  it('that ask for different ends are not both told that theirs is done', async () => {
    const room = await scene(set, assignment('Production'));
    const [one, other] = ['AdministratorAccess', 'PowerUserAccess'].map((name): PermissionSet => ({
      ...set,
      managedPolicies: [policyArn(name)],
    }));
    if (one === undefined || other === undefined) throw new Error('two ends');
    const outcomes = await racing(room, update(set, one), update(set, other));
    expect(outcomes.filter(({ status }) => status === 'done').length).toBeLessThan(2);
    const held = outcomes.filter(({ status }) => status === 'held');
    expect(held.length).toBeGreaterThan(0);
    for (const { reason } of held) expect(reason).toMatch(/^live moved: managedPolicies /);
    // What neither asked for reached no account.
    const roles = room.sandbox.world().sso.provisioned.filter(({ roleName }) => roleName.includes(set.name));
    const allowed = [set, one, other].map(({ managedPolicies }) => managedPolicies);
    for (const { definition } of roles) expect(allowed).toContainEqual([...definition.managedPolicies]);
  });
});
