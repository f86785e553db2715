/** What the simulation found, each on its own. */
import { describe, expect, it } from 'vitest';
import { createPoller } from '../../src/aws/pollers.ts';
import { walkPlan } from '../../src/commands/run/walk.ts';
import type { Change, Plan } from '../../src/model/plan.ts';
import { createSandbox } from '../../src/sandbox/handle.ts';
import type { HttpResponse } from '../../src/sandbox/http.ts';
import { brownfield } from '../../src/sandbox/seed.ts';
import { accounts, bench, catalogue, seed } from '../aws/bench.ts';
import { simulatedClock } from '../aws/simulated-clock.ts';
import { assignment, group, membership, set } from '../support/build.ts';

const silent = { started: () => undefined, settled: () => undefined };

describe('a walk', () => {
  it('ends when the last that failed holds all that is left', async () => {
    const base = { risk: 'low', phase: 'grant', action: 'create' } as const;
    const changes: readonly Change[] = [
      { ...base, id: 'a', kind: 'group', key: 'group/G', dependsOn: [], after: group('G') },
      {
        ...base,
        id: 'b',
        kind: 'membership',
        key: 'membership/G:ada',
        dependsOn: ['a'],
        after: membership('G', 'ada'),
      },
    ];
    const cloud = {
      read: () => Promise.reject(new Error('not asked')),
      apply: async ({ id, key }: Change) => ({ id, key, status: 'failed' as const, reason: 'no' }),
    };
    const outcomes = await walkPlan({ changes } as unknown as Plan, { cloud, events: silent });
    expect([...outcomes.values()].map(({ status }) => status)).toEqual(['failed', 'held']);
  });
});

/** Every list of these begins with an empty page. */
const emptyFirst = (operations: readonly string[]) => {
  const sandbox = createSandbox(brownfield(seed, 0), { catalogue });
  const empty: HttpResponse = {
    status: 200,
    headers: { 'content-type': 'application/x-amz-json-1.1' },
    body: '{"Roots":[],"Parents":[],"NextToken":"again."}',
  };
  return {
    ...sandbox,
    handle: (...[request, clock]: Parameters<typeof sandbox.handle>) => {
      const operation = request.headers['x-amz-target']?.split('.')[1] ?? '';
      const isFirst = operations.includes(operation) && !request.body.includes('NextToken');
      return isFirst ? empty : sandbox.handle(request, clock);
    },
  };
};

describe('an empty page with a token', () => {
  it('does not hide the root', async () => {
    const { cloudOf } = bench({ sandbox: emptyFirst(['ListRoots']) });
    expect((await cloudOf().read()).organization).toBe(seed.organizationId);
  });

  it('does not hide the parent of an account that moves', async () => {
    const { cloudOf } = bench({ sandbox: emptyFirst(['ListParents']) });
    const cloud = cloudOf();
    const live = await cloud.read();
    const account = live.state[`account/${accounts[0]?.name}`];
    if (account?.kind !== 'account') throw new Error('the account is missing');
    const change = {
      id: 'm',
      kind: 'account',
      key: 'account/x',
      phase: 'restrict',
      risk: 'low',
      dependsOn: [],
    } as const;
    const ou = { kind: 'ou', path: 'Work', name: 'Work' } as const;
    await cloud.apply({ ...change, id: 'o', kind: 'ou', action: 'create', after: ou });
    const moved = await cloud.apply({
      ...change,
      action: 'update',
      before: account,
      after: { ...account, parent: 'Work' },
    });
    expect(moved.status).toBe('done');
  });
});

describe('an asynchronous operation', () => {
  it('is not taken for failed because reads do not know it yet', async () => {
    const clock = simulatedClock();
    let looks = 0;
    const source = {
      list: async () => [],
      describe: async (id: string) => {
        looks += 1;
        if (looks < 3) throw Object.assign(new Error('who?'), { name: 'ResourceNotFoundException' });
        return { RequestId: id, Status: 'SUCCEEDED' } as const;
      },
    };
    await createPoller(source, clock).settled({ RequestId: 'r', Status: 'IN_PROGRESS' });
    expect(looks).toBe(3);
  });

  it('that nobody ever knows fails after a minute', async () => {
    const clock = simulatedClock();
    const before = clock.now();
    const source = {
      list: async () => [],
      describe: () => Promise.reject(Object.assign(new Error('who?'), { name: 'ResourceNotFoundException' })),
    };
    const settled = createPoller(source, clock).settled({ RequestId: 'r', Status: 'IN_PROGRESS' });
    await expect(settled).rejects.toThrow('who?');
    expect(clock.now() - before).toBeGreaterThanOrEqual(60_000);
    expect(clock.now() - before).toBeLessThan(70_000);
  });
});

describe('several asynchronous operations', () => {
  const progressOf = (id: string) => ({ RequestId: id, Status: 'SUCCEEDED' }) as const;
  const denied = () => Promise.reject(Object.assign(new Error('no'), { name: 'AccessDeniedException' }));
  const begun = (id: string) => ({ RequestId: id, Status: 'IN_PROGRESS' }) as const;

  it('end each for itself when one of them cannot be asked about', async () => {
    const source = { list: async () => [progressOf('b')], describe: denied };
    const { settled } = createPoller(source, simulatedClock());
    const [one, other] = await Promise.allSettled([settled(begun('a')), settled(begun('b'))]);
    expect(one).toMatchObject({ status: 'rejected', reason: { name: 'AccessDeniedException' } });
    expect(other).toMatchObject({ status: 'fulfilled' });
  });

  it('are asked about one by one when they cannot be listed', async () => {
    const source = { list: denied, describe: async (id: string) => progressOf(id) };
    const { settled } = createPoller(source, simulatedClock());
    await expect(Promise.all([settled(begun('a')), settled(begun('b'))])).resolves.toHaveLength(2);
  });
});

describe('a permission set whose provision fails in one account', () => {
  it('has no outcome before its other provisions have ended', async () => {
    const { sandbox, clock, cloudOf } = bench();
    const cloud = cloudOf();
    const whole = set('Reader', { managedPolicies: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] });
    const base = { id: 'x', kind: 'permission-set', key: 'permission-set/Reader', risk: 'low' } as const;
    const change = { ...base, phase: 'grant', dependsOn: [] } as const;
    await cloud.read();
    expect(await cloud.apply({ ...change, action: 'create', after: whole })).toMatchObject({ status: 'done' });
    for (const { name } of accounts.slice(0, 2)) {
      const after = assignment('user:ada@securecart.example', 'Reader', name);
      expect(await cloud.apply({ ...change, kind: 'assignment', action: 'create', after })).toMatchObject({
        status: 'done',
      });
    }
    // Accounts are provisioned one by one: the first fails at once, the second is still at work.
    const { sso, settings } = sandbox.world();
    const first = accounts[0]?.id;
    settings.latencyMs.provisioning = 60_000;
    const answered = cloud.apply({
      ...change,
      action: 'update',
      before: whole,
      after: { ...whole, description: 'new' },
    });
    const failing = clock.sleep(5_000).then(() => {
      for (const request of sso.requests)
        if (request.kind === 'provisioning' && request.target === first && request.status === 'IN_PROGRESS') {
          request.status = 'FAILED';
          request.failureReason = 'no';
        }
    });
    await failing;
    expect((await answered).status).toBe('failed');
    expect(sso.requests.filter(({ status }) => status === 'IN_PROGRESS')).toEqual([]);
  });
});
