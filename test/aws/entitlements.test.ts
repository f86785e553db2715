import { describe, expect, it } from 'vitest';
import { putRole } from '../../src/sandbox/iam/state.ts';
import type { SandboxWorld } from '../../src/sandbox/world.ts';
import type { Entitlement, Principal } from '../../src/model/resource.ts';
import { keyOf } from '../../src/model/resource.ts';
import { create, remove } from '../contract/changes.ts';
import { bench, management } from './bench.ts';
import type { BenchOptions } from './bench.ts';

const finance: Principal = { type: 'group', name: 'Directory-Finance' };
const production = '222222222222';

const entitlement = (role = 'gatehouse/Reader', principal: Principal = finance): Entitlement => ({
  kind: 'entitlement',
  principal,
  role,
  account: 'Production',
});

const entitlingTrust = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Service: 'account-access.amazonaws.com' },
      Action: ['sts:AssumeRole', 'sts:SetContext', 'sts:TagSession'],
      Condition: { StringEquals: { 'aws:SourceAccount': management.id } },
    },
  ],
});

type RoleOf = { readonly name?: string; readonly trust?: string };

const withRole = (world: SandboxWorld, { name = 'Reader', trust = entitlingTrust }: RoleOf, now = 0) =>
  putRole(world, { account: production, path: '/gatehouse/', name, trust, now });

const room = async (options: BenchOptions = {}, spoil?: (world: SandboxWorld) => void) => {
  const made = bench(options);
  withRole(made.sandbox.world(), {});
  spoil?.(made.sandbox.world());
  const cloud = made.cloudOf({ entitlements: true });
  const live = await cloud.read();
  made.calls.clear();
  const rows = () => made.sandbox.world().accountAccess?.applications[0]?.entitlements ?? [];
  return { ...made, cloud, live, rows };
};

describe('an entitlement', () => {
  it.each<Principal>([finance, { type: 'user', name: 'ada@securecart.example' }])(
    'is made, read back and deleted: $type',
    async (principal) => {
      const { cloud, rows } = await room();
      const wanted = entitlement('gatehouse/Reader', principal);
      expect(await cloud.apply(create(wanted))).toMatchObject({ status: 'done' });
      expect((await cloud.read()).state[keyOf(wanted)]).toEqual(wanted);
      expect(await cloud.apply(remove(wanted))).toMatchObject({ status: 'done' });
      expect(rows()).toEqual([]);
      expect((await cloud.read()).state[keyOf(wanted)]).toBeUndefined();
    },
  );

  it('is there once, whoever asks for it twice, and one that is gone already is deleted', async () => {
    const { cloud, rows, calls } = await room();
    expect(await cloud.apply(create(entitlement()))).toMatchObject({ status: 'done' });
    expect(await cloud.apply(create(entitlement()))).toMatchObject({ status: 'done' });
    expect(rows()).toHaveLength(1);
    expect(calls.get('account-access:CreateEntitlement')).toBe(1);
    expect(await cloud.apply(remove(entitlement()))).toMatchObject({ status: 'done' });
    expect(await cloud.apply(remove(entitlement()))).toMatchObject({ status: 'done' });
    expect(calls.get('account-access:DeleteEntitlement')).toBe(1);
  });

  it.each(['CreateEntitlement', 'DeleteEntitlement'])('is not doubled when the answer of %s is lost', async (lost) => {
    const { cloud, rows } = await room({ lose: [lost] });
    expect(await cloud.apply(create(entitlement()))).toMatchObject({ status: 'done' });
    expect(rows()).toHaveLength(1);
    expect(await cloud.apply(remove(entitlement()))).toMatchObject({ status: 'done' });
    expect(rows()).toEqual([]);
  });

  it('waits for a role that AWS cannot verify yet, for two minutes at most', async () => {
    const { sandbox, clock, cloud } = await room();
    const { settings } = sandbox.world();
    withRole(sandbox.world(), { name: 'New' }, clock.now());
    Object.assign(settings, { principalDelayMs: 60_000 });
    const start = clock.now();
    expect(await cloud.apply(create(entitlement('gatehouse/New')))).toMatchObject({ status: 'done' });
    expect(clock.now() - start).toBeGreaterThanOrEqual(60_000);
    const shut = '{"Version":"2012-10-17","Statement":[]}';
    withRole(sandbox.world(), { name: 'Shut', trust: shut });
    const again = clock.now();
    const outcome = await cloud.apply(create(entitlement('gatehouse/Shut')));
    expect(outcome).toMatchObject({ status: 'failed' });
    expect(outcome.reason).toMatch(/verifying role/);
    expect(clock.now() - again).toBeLessThan(200_000);
  });

  it('is refused for the twenty-first group of a role', async () => {
    const { sandbox, cloud } = await room();
    const [application] = sandbox.world().accountAccess?.applications ?? [];
    const roleArn = `arn:aws:iam::${production}:role/gatehouse/Reader`;
    if (application)
      application.entitlements = Array.from({ length: 20 }, (_, at) => ({
        id: `e-${at}`,
        principal: { groupId: `g-${at}` },
        roleArn,
        createdAt: 0,
      }));
    const outcome = await cloud.apply(create(entitlement()));
    expect(outcome.reason).toMatch(/ServiceQuotaExceeded/);
  });

  it('is written fifteen at a time', async () => {
    const { sandbox, cloud, rows } = await room();
    const names = Array.from({ length: 40 }, (_, at) => `Many${at}`);
    names.forEach((name) => withRole(sandbox.world(), { name }));
    Object.assign(sandbox.world().settings, {
      latencyMs: { ...sandbox.world().settings.latencyMs, assignment: 500 },
      throttling: true,
    });
    const outcomes = await Promise.all(names.map((name) => cloud.apply(create(entitlement(`gatehouse/${name}`)))));
    expect(outcomes.filter(({ status }) => status !== 'done')).toEqual([]);
    expect(rows()).toHaveLength(40);
  });

  it('of a deleted group is read as an orphan, and deleted', async () => {
    const { sandbox, cloud, rows } = await room();
    await cloud.apply(create(entitlement()));
    const { groups } = sandbox.world().identityStore;
    for (const [id, { displayName }] of Object.entries(groups)) if (displayName === finance.name) delete groups[id];
    const { state } = await cloud.read();
    const [orphan] = Object.values(state).flatMap((one) => (one?.kind === 'entitlement' ? [one] : []));
    expect(orphan?.principal).toMatchObject({ type: 'group', orphan: true });
    if (orphan) expect(await cloud.apply(remove(orphan))).toMatchObject({ status: 'done' });
    expect(rows()).toEqual([]);
  });
});

describe('account access manager that has no application', () => {
  const none = (world: SandboxWorld) => {
    if (world.accountAccess) world.accountAccess.applications = [];
  };

  it('is nothing to somebody who declares no entitlement', async () => {
    const made = bench();
    none(made.sandbox.world());
    const live = await made.cloudOf().read();
    expect(live).toMatchObject({ unread: [], accountAccess: 'none' });
    expect(live.notes.filter((note) => note.includes('account access'))).toEqual([]);
  });

  it('is not read, for somebody who declares one: nothing of it is done', async () => {
    const { live, cloud } = await room({}, none);
    expect(live.unread).toEqual([
      { scope: 'account-access', reason: expect.stringMatching(/no application/) as string },
    ]);
    expect(await cloud.apply(create(entitlement()))).toMatchObject({ status: 'failed' });
  });

  it('that does not answer is a note, or unread for somebody who declares one', async () => {
    const { live } = await room({ deny: 'ListEntitlements' });
    expect(live.unread).toEqual([{ scope: 'account-access', reason: expect.stringMatching(/AccessDenied/) as string }]);
    const undeclared = await bench({ deny: 'ListEntitlements' }).cloudOf().read();
    expect(undeclared.unread).toEqual([]);
    expect(undeclared.notes).toEqual([expect.stringMatching(/by account access manager is not known: .*AccessDenied/)]);
  });
});
