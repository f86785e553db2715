import { describe, expect, it } from 'vitest';
import type { BucketLevel } from '../../src/sandbox/throttle.ts';
import { charge } from '../../src/sandbox/throttle.ts';
import { at, callTo, freshSandbox, management, production, refusalTo, start } from '../support/sandbox.ts';

describe('throttling', () => {
  const calls = (count: number, name: string, seconds: number, account = management) => {
    const [service = '', operation = ''] = name.split(':');
    return Array.from({ length: count }, () => ({
      call: { service, operation, account, region: 'eu-west-1' },
      at: start + seconds * 1000,
    }));
  };
  const passed = (...groups: ReturnType<typeof calls>[]): number => {
    const buckets: Record<string, BucketLevel> = {};
    return groups.flat().filter(({ call, at: now }) => {
      try {
        charge(buckets, { ...call, now }, { speed: 1 });
        return true;
      } catch {
        return false;
      }
    }).length;
  };

  it.each([
    ['organizations:ListRoots', 2, 1],
    ['organizations:DescribePolicy', 2, 2],
    ['organizations:AttachPolicy', 3, 2],
    ['organizations:ListAccounts', 12, 8],
    ['organizations:ListTagsForResource', 15, 10],
    ['sso-admin:ListInstances', 20, 20],
    ['identitystore:ListGroups', 20, 20],
    ['iam:ListRoles', 30, 15],
    ['cloudtrail:LookupEvents', 2, 2],
  ])('%s has a burst of %i and then %i a second', (name, burst, perSecond) => {
    expect(passed(calls(100, name, 0))).toBe(burst);
    expect(passed(calls(100, name, 0), calls(100, name, 1))).toBe(burst + Math.min(burst, perSecond));
  });

  it('counts sso-admin as one bucket and every API of the identity store by itself', () => {
    expect(passed(calls(20, 'sso-admin:ListInstances', 0), calls(20, 'sso-admin:ListPermissionSets', 0))).toBe(20);
    expect(passed(calls(20, 'identitystore:ListGroups', 0), calls(20, 'identitystore:ListUsers', 0))).toBe(40);
  });

  it('counts accounts apart, up to what the organization has in all', () => {
    const both = [calls(10, 'organizations:ListRoots', 0), calls(10, 'organizations:ListRoots', 0, production)];
    expect(passed(...both)).toBe(3);
  });

  it('counts the IAM of each account apart, however its operations are called', () => {
    const both = [calls(20, 'iam:ListRoles', 0), calls(20, 'iam:GetRole', 0), calls(20, 'iam:GetRole', 0, production)];
    expect(passed(...both)).toBe(50);
  });

  it('refills nothing when the clock goes back', () => {
    expect(passed(calls(5, 'organizations:ListRoots', 60), calls(5, 'organizations:ListRoots', 0))).toBe(2);
  });

  it('answers with each service’s own error, and only when it is switched on', () => {
    const sandbox = freshSandbox({ throttling: true });
    const refusal = refusalTo(sandbox);
    const { identityStoreId: IdentityStoreId } = sandbox.world().sso;
    const last = (name: string, input = {}) => Array.from({ length: 30 }, () => refusal(name, input)).at(-1);
    expect(last('organizations:ListRoots')).toBe('TooManyRequestsException');
    expect(last('sso-admin:ListInstances')).toBe('ThrottlingException');
    expect(last('identitystore:ListGroups', { IdentityStoreId })).toBe('ThrottlingException');
    const unlimited = refusalTo(freshSandbox());
    expect(Array.from({ length: 30 }, () => unlimited('organizations:ListRoots')).at(-1)).toBe('accepted');
  });

  it('counts every call in the request log, refused ones too', () => {
    const sandbox = freshSandbox({ throttling: true });
    const refusal = refusalTo(sandbox);
    for (let index = 0; index < 5; index += 1) refusal('organizations:ListRoots');
    expect(sandbox.world().requestLog).toEqual({ 'organizations:ListRoots': 5 });
  });
});

describe('empty pages', () => {
  it('come with every fifth list call and lead back to the page', () => {
    const sandbox = freshSandbox({ emptyPages: true });
    const call = callTo(sandbox);
    const sizes = Array.from({ length: 10 }, () => at(call('organizations:ListAccounts'), 'Accounts.length'));
    expect(sizes).toEqual([3, 3, 3, 3, 0, 3, 3, 3, 3, 0]);
  });

  it('lose nothing in the middle of a list', () => {
    const call = callTo(freshSandbox({ emptyPages: true }));
    const walk = (): string[] => {
      const found: string[] = [];
      let NextToken: unknown;
      do {
        const page = call('organizations:ListAccounts', { MaxResults: 1, ...(NextToken ? { NextToken } : {}) });
        found.push(...(page['Accounts'] as { Id: string }[]).map(({ Id }) => Id));
        ({ NextToken } = page);
      } while (NextToken);
      return found;
    };
    const first = walk();
    expect(first).toHaveLength(3);
    expect([walk(), walk(), walk()]).toEqual([first, first, first]);
  });
});

describe('read after write', () => {
  it('shows the old state until the delay is over, while writes see the new one', () => {
    const sandbox = freshSandbox({ readAfterWriteDelayMs: 2000 });
    const call = callTo(sandbox);
    const ParentId = sandbox.world().organizations.rootId;
    const unitsAt = (now: number) =>
      at(call('organizations:ListOrganizationalUnitsForParent', { ParentId }, { now }), 'OrganizationalUnits.length');
    call('organizations:CreateOrganizationalUnit', { ParentId, Name: 'One' });
    call('organizations:CreateOrganizationalUnit', { ParentId, Name: 'Two' }, { now: start + 1000 });
    expect(unitsAt(start + 1999)).toBe(0);
    expect(unitsAt(start + 2000)).toBe(1);
    expect(unitsAt(start + 3000)).toBe(2);
    expect(
      refusalTo(sandbox)('organizations:CreateOrganizationalUnit', { ParentId, Name: 'Two' }, { now: start + 1000 }),
    ).toBe('DuplicateOrganizationalUnitException');
  });
});
