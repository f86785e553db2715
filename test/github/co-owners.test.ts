import { describe, expect, it } from 'vitest';
import { recordOf, traceOf } from '../../src/aws/trace-events.ts';
import { coOwnedIn } from '../../src/approve/co-owners.ts';
import type { Resource, Kind } from '../../src/model/resource.ts';
import { keyOf, stateOf } from '../../src/model/resource.ts';

const group = (name: string, source: 'external' | 'identity-center'): Resource => ({ kind: 'group', name, source });
const thing = (kind: Kind, key: string) => ({ kind, key });

describe('what Git does not declare', () => {
  it.each([
    ['scp', 'scp/aws-guardrails-AbCdEf', 'AWS Control Tower'],
    ['attachment', 'attachment/scp:aws-guardrails-AbCdEf@ou:Security', 'AWS Control Tower'],
    ['assignment', 'assignment/group:AWSControlTowerAdmins:AWSAdministratorAccess@Audit', 'AWS Control Tower'],
    ['permission-set', 'permission-set/AWSPowerUserAccess', 'AWS'],
    ['assignment', 'assignment/user:ada%40acme.example:JIT-Admin@Production', 'a just-in-time broker'],
  ] as const)('has a known co-owner by its name: %s %s is of %s', (kind, key, owner) => {
    expect(coOwnedIn([thing(kind, key)], {})).toEqual([{ kind, key, owner }]);
  });

  it('is the corporate directory’s where a group came over SCIM, and nobody’s where a person granted it something', () => {
    const [synced, own] = [group('Everybody', 'external'), group('Own', 'identity-center')];
    const things = [
      thing('group', keyOf(synced)),
      thing('group', keyOf(own)),
      thing('assignment', 'assignment/group:Everybody:AdministratorAccess@Production'),
    ];
    expect(coOwnedIn(things, stateOf([synced, own]))).toEqual([
      { kind: 'group', key: 'group/Everybody', owner: 'the corporate directory (SCIM)' },
    ]);
  });
});

describe('who did it', () => {
  it('is the corporate directory where SCIM wrote it, which names nobody', () => {
    const event = {
      eventTime: '2026-11-22T10:41:00Z',
      eventSource: 'identitystore-scim.amazonaws.com',
      eventName: 'DeleteGroup',
      userIdentity: { type: 'WebIdentityUser', accountId: '111111111111' },
      sourceIPAddress: '203.0.113.24',
      userAgent: 'Go-http-client/2.0',
    };
    const record = recordOf({ CloudTrailEvent: JSON.stringify(event) });
    expect(record && traceOf(record)).toMatchObject({ who: 'the corporate directory (SCIM)', via: 'api' });
  });
});
