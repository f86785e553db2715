/** What the simulation found, each on its own. */
import { describe, expect, it } from 'vitest';
import { walkPlan } from '../../src/commands/walk.ts';
import type { Change, Plan } from '../../src/model/plan.ts';
import { createSandbox } from '../../src/sandbox/handle.ts';
import type { HttpResponse } from '../../src/sandbox/http.ts';
import { brownfield } from '../../src/sandbox/seed.ts';
import { accounts, bench, catalogue, seed } from '../aws/bench.ts';
import { group, membership } from '../support/build.ts';

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
