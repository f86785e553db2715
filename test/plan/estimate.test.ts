import { describe, expect, it } from 'vitest';
import { estimateOf } from '../../src/plan/estimate.ts';
import { create, permissionSet, remove, update } from '../contract/changes.ts';
import { assignment, entitlement, group, scp } from '../support/build.ts';

const calls = (...changes: Parameters<typeof estimateOf>[0]): number => estimateOf(changes).calls;
const [ada, bob] = ['user:ada', 'user:bob'].map((one) => assignment(one, 'Reader', 'Dev'));
const elsewhere = assignment('user:ada', 'Reader', 'Test');
if (ada === undefined || bob === undefined) throw new Error('two assignments');

describe('the estimate of calls', () => {
  it('counts one list for the assignments of a set in an account', () => {
    expect(calls(create(ada))).toBe(3);
    expect(calls(create(ada), remove(bob))).toBe(5);
    expect(calls(create(ada), create(elsewhere))).toBe(6);
  });

  it('counts no list for a set that the plan makes', () => {
    expect(calls(create(permissionSet('Reader')), create(ada), create(bob))).toBe(5);
  });

  it('counts what is read again before it is changed or deleted', () => {
    expect(calls(create(scp('DenyS3')))).toBe(1);
    const on = entitlement('group:G', 'Reader', 'Dev');
    expect([calls(create(on)), calls(remove(on))]).toEqual([2, 2]);
    expect(calls(remove(scp('DenyS3')))).toBe(3);
    expect(calls(update(group('G'), group('G')))).toBe(2);
    expect(calls(update(permissionSet('A'), permissionSet('A', { description: 'x' })))).toBe(16);
    expect(calls(update(permissionSet('A'), permissionSet('A', { tags: { team: 'x' } })))).toBe(13);
  });
});
