/** Accounts that close between the plan and its apply, and accounts that were closed before. */
import { describe, expect, it } from 'vitest';
import { isClosed } from '../../src/aws/read-tree.ts';
import type { Outcome } from '../../src/model/cloud.ts';
import type { Change } from '../../src/model/plan.ts';
import type { Assignment } from '../../src/model/resource.ts';
import { create, permissionSet, remove, update } from '../contract/changes.ts';
import { bench, labels, seed } from './bench.ts';
import type { Bench } from './bench.ts';

const everywhere = Object.values(labels);
const set = permissionSet('Wide');
const longer = { ...set, sessionDuration: 7200 };

const assignment = (account: string): Assignment => ({
  kind: 'assignment',
  principal: { type: 'user', name: seed.users[0] ?? '' },
  permissionSet: 'Wide',
  account,
});

const stateOf = (room: Bench, id: string, state: 'SUSPENDED' | 'PENDING_CLOSURE' | 'CLOSED'): void => {
  const account = room.sandbox.world().organizations.accounts[id];
  if (account === undefined) throw new Error(`no account ${id}`);
  account.State = state;
};

type Furnished = Bench & {
  readonly apply: (change: Change) => Promise<Outcome>;
  readonly read: () => Promise<unknown>;
};

/** The set is in all four accounts, one more than are provisioned one by one. */
const furnished = async (): Promise<Furnished> => {
  const room = bench();
  const cloud = room.cloudOf({ permissionSets: ['Wide'] });
  await cloud.read();
  await cloud.apply(create(set));
  for (const account of everywhere) await cloud.apply(create(assignment(account)));
  return { ...room, apply: cloud.apply, read: cloud.read };
};

const sessionsIn = (room: Bench): readonly string[] =>
  room.sandbox
    .world()
    .sso.provisioned.filter(({ roleName }) => roleName.includes('Wide'))
    .map(({ accountId, definition }) => `${accountId} ${definition.sessionDuration}`)
    .sort();

describe('a closed account', () => {
  it.each([
    [{ State: 'SUSPENDED' }, true],
    [{ State: 'PENDING_CLOSURE' }, true],
    [{ State: 'CLOSED' }, true],
    [{ State: 'ACTIVE' }, false],
    [{ State: 'PENDING_ACTIVATION' }, false],
    [{ Status: 'SUSPENDED' }, true],
    [{ Status: 'PENDING_CLOSURE' }, true],
    [{ Status: 'ACTIVE' }, false],
    [{}, false],
  ] as const)('is told by State and by Status: %j is %j', (account, closed) => {
    expect(isClosed(account)).toBe(closed);
  });

  it('keeps no other account from getting what a set has become', async () => {
    const room = await furnished();
    stateOf(room, '333333333333', 'SUSPENDED');
    await room.read();
    expect(await room.apply(update(set, longer))).toMatchObject({ status: 'done' });
    expect(sessionsIn(room).filter((one) => one.endsWith(' PT2H'))).toHaveLength(3);
  });

  it('keeps no other account from it either when it closes after the plan was made', async () => {
    const room = await furnished();
    stateOf(room, '333333333333', 'PENDING_CLOSURE');
    expect(await room.apply(update(set, longer))).toMatchObject({ status: 'done' });
    expect(sessionsIn(room).filter((one) => one.endsWith(' PT2H'))).toHaveLength(3);
  });

  it('holds the assignments in it when it closes after the plan was made', async () => {
    const room = await furnished();
    stateOf(room, '333333333333', 'SUSPENDED');
    const reason = 'account Staging has been closed since the plan was made';
    expect(await room.apply(remove(assignment('Staging')))).toMatchObject({ status: 'held', reason });
    expect(await room.apply(remove(assignment('Sandbox')))).toMatchObject({ status: 'done' });
  });

  it('is named by the set that it has, the policy that hangs on it and the OU that it lies in', async () => {
    const room = await furnished();
    const { organizations } = room.sandbox.world();
    stateOf(room, '444444444444', 'SUSPENDED');
    const live = await room.cloudOf().read();
    const parent = organizations.accounts['444444444444']?.parent ?? '';
    const ou = organizations.ous[parent];
    expect(live.closedWith).toMatchObject({
      'permission-set/Wide': ['Sandbox'],
      'scp/legacy-deny-large-instances': ['Sandbox'],
      ...(ou === undefined ? {} : { [`ou/${ou.Name}`]: ['Sandbox'] }),
    });
  });

  it('that failed for another reason is named, and the others have got it', async () => {
    const room = await furnished();
    const customer = { ...set, customerManagedPolicies: [{ name: 'Missing', path: '/' }] };
    const outcome = await room.apply(update(set, customer));
    expect(outcome).toMatchObject({
      status: 'failed',
      reason: expect.stringMatching(/in Production: .*; in Staging: /) as string,
    });
  });
});
