import { describe, expect, it } from 'vitest';
import { whereAmI } from '../../src/aws/identity.ts';
import type { Role } from '../../src/model/resource.ts';
import { keyOf } from '../../src/model/resource.ts';
import { createSandbox } from '../../src/sandbox/handle.ts';
import { brownfield } from '../../src/sandbox/seed.ts';
import { create } from '../contract/changes.ts';
import { bench, catalogue, labels, management, owner, seed } from './bench.ts';

const iam = { accounts: 'all', policies: [] } as const;

/** An account that belongs to no organization. */
const alone = () => {
  const world = brownfield({ ...seed, organizationId: management.id, accounts: [] }, Date.UTC(2026, 10, 23));
  return bench({ sandbox: createSandbox(world, { catalogue }) });
};

const role: Role = {
  kind: 'role',
  account: 'Management',
  name: 'Developer',
  path: '/gatehouse/',
  trust: {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
  },
  managedPolicies: [],
  customerManagedPolicies: [],
  inlinePolicies: {},
  maxSessionDuration: 3600,
  instanceProfile: false,
  tags: {},
  owner,
};

describe('an account of no organization', () => {
  it('is its own organization, with roles and nothing else, and that is said', async () => {
    const room = alone();
    const cloud = room.cloudOf({ iam });
    const live = await cloud.read();
    expect(live).toMatchObject({
      organization: management.id,
      managementAccountId: management.id,
      absent: ['organization', 'identity-center'],
      notes: [expect.stringContaining('belongs to no organization')],
      unread: [],
    });
    const kinds = new Set(Object.values(live.state).map(({ kind }) => kind));
    expect([...kinds].filter((kind) => !['account', 'role', 'policy'].includes(kind))).toEqual([]);
    expect(Object.keys(live.reads.calls).filter((name) => /^(sso|identitystore|sts:Assume)/.test(name))).toEqual([]);
    expect(await cloud.apply(create(role))).toMatchObject({ status: 'done' });
    expect((await cloud.read()).state[keyOf(role)]).toEqual(role);
  });

  it('is where the credentials lead', async () => {
    expect(await whereAmI(alone().clients)).toMatchObject({
      account: management.id,
      organization: management.id,
      managementAccount: management.id,
    });
  });
});

describe('an organization without Identity Center', () => {
  it('is read without it, and that is said', async () => {
    const room = bench({ answer: { operation: 'ListInstances', body: '{"Instances":[]}' } });
    const live = await room.cloudOf({ labels }).read();
    expect(live).toMatchObject({
      absent: ['identity-center'],
      notes: [expect.stringContaining('Identity Center is not in use')],
    });
    expect(Object.keys(live.state)).toContain('attachment/scp:FullAWSAccess@root');
    expect(Object.keys(live.state).filter((key) => /^(group|permission-set)\//.test(key))).toEqual([]);
  });
});
