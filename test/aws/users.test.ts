/** Users of Identity Center's own directory: made once, found when the answer was lost, and never edited or deleted. */
import { describe, expect, it } from 'vitest';
import type { User } from '../../src/model/resource.ts';
import { createSandbox } from '../../src/sandbox/handle.ts';
import { brownfield } from '../../src/sandbox/seed.ts';
import type { SeedInput } from '../../src/sandbox/seed.ts';
import { create, remove, update } from '../contract/changes.ts';
import { bench, catalogue, seed } from './bench.ts';
import type { Bench, BenchOptions } from './bench.ts';

const eve: User = {
  kind: 'user',
  name: 'eve',
  displayName: 'Eve Moneypenny',
  givenName: 'Eve',
  familyName: 'Moneypenny',
  email: 'eve@example.com',
};
const { kind: _, ...profile } = eve;
const team = { kind: 'group', name: 'Team', source: 'identity-center' } as const;

/** A directory of its own, unless the seed says otherwise. */
const roomWith = (more: Partial<SeedInput> = {}, options: BenchOptions = {}): Bench => {
  const world = brownfield({ ...seed, externalGroups: [], ...more }, bench().clock.now());
  return bench({ ...options, sandbox: createSandbox(world, { catalogue }) });
};

describe('a user', () => {
  it('is made and joins a group, and is read with who made it', async () => {
    const room = roomWith();
    const cloud = room.cloudOf();
    await cloud.read();
    room.calls.clear();
    const changes = [create(eve), create(team), create({ kind: 'membership', group: 'Team', user: 'eve' })];
    for (const change of changes) expect(await cloud.apply(change)).toMatchObject({ status: 'done' });
    expect([...room.calls]).toEqual(
      expect.arrayContaining([
        ['identitystore:CreateUser', 1],
        ['identitystore:CreateGroupMembership', 1],
      ]),
    );
    const { state, users, profiles = [], caller = '' } = await cloud.read();
    expect([users.includes('eve'), state['user/eve'], state['membership/Team:eve']?.kind]).toEqual([
      true,
      undefined,
      'membership',
    ]);
    const found = profiles.find(({ name }) => name === 'eve');
    expect(found).toEqual({ ...profile, madeBy: expect.stringContaining(':assumed-role/') as string });
    expect(found?.madeBy).toBe(caller);
  });

  it('is found when the answer was lost, and made but once', async () => {
    const room = roomWith({}, { lose: ['CreateUser'] });
    const cloud = room.cloudOf();
    await cloud.read();
    expect(await cloud.apply(create(eve))).toMatchObject({ status: 'done' });
    expect((await cloud.read()).users.filter((name) => name === 'eve')).toEqual(['eve']);
  });

  it('may have come meanwhile, and is somebody else where it says something else', async () => {
    const room = roomWith();
    const [cloud, other] = [room.cloudOf(), room.cloudOf()];
    await Promise.all([cloud.read(), other.read()]);
    expect(await other.apply(create({ ...eve, displayName: 'Eve M.' }))).toMatchObject({ status: 'done' });
    expect(await cloud.apply(create(eve))).toMatchObject({ status: 'held', reason: 'live moved: it came or went' });
    expect(await cloud.apply(create({ ...eve, displayName: 'Eve M.' }))).toMatchObject({ status: 'done' });
  });

  it('fails with the words of AWS where the address is another one’s', async () => {
    const room = roomWith();
    const cloud = room.cloudOf();
    await cloud.read();
    await cloud.apply(create(eve));
    expect(await cloud.apply(create({ ...eve, name: 'mallory' }))).toMatchObject({
      status: 'failed',
      reason: expect.stringMatching(/^ConflictException.*Duplicate Email/) as string,
    });
  });

  it('is neither edited nor deleted, whatever a plan says', async () => {
    const cloud = roomWith().cloudOf();
    await cloud.read();
    for (const change of [update(eve, { ...eve, displayName: 'E' }), remove(eve)])
      expect(await cloud.apply(change)).toMatchObject({
        status: 'failed',
        reason: expect.stringContaining('of user is not something we do') as string,
      });
  });
});

it('a directory that is fed from elsewhere says by whom', async () => {
  expect((await roomWith().cloudOf().read()).fedBy).toBeUndefined();
  const externalGroups = [{ name: 'Finance', members: [] }];
  expect((await roomWith({ externalGroups }).cloudOf().read()).fedBy).toBe('user "ada@securecart.example"');
});
