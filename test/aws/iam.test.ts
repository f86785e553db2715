import { describe, expect, it } from 'vitest';

import { keyOf } from '../../src/model/resource.ts';
import type { CustomerPolicy, OidcProvider, Resource, Role } from '../../src/model/resource.ts';
import type { PolicyDocument } from '../../src/model/policy.ts';
import type { Cloud, Live } from '../../src/model/cloud.ts';
import { iamOf, putRole, putUser } from '../../src/sandbox/iam/state.ts';
import { create, remove, update } from '../contract/changes.ts';
import { accounts, bench, management, owner } from './bench.ts';
import type { Bench, BenchOptions } from './bench.ts';

// The matchers are of type any.
const containing = (text: string): unknown => expect.stringContaining(text);
const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);

const iam = { accounts: 'all', policies: [] } as const;
const production = accounts[0]?.id ?? '';

const saying = (Effect: 'Allow' | 'Deny', ...Action: string[]): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: [{ Effect, Action, Resource: '*' }],
});

const trusting = (...names: string[]): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: names.map((name) => ({
    Effect: 'Allow',
    Principal: name.includes('.') ? { Service: name } : { AWS: `arn:aws:iam::${name}:root` },
    Action: 'sts:AssumeRole',
  })),
});

const role = (fields: Partial<Role> = {}): Role => ({
  kind: 'role',
  account: 'Production',
  name: 'DeploymentRole',
  path: '/gatehouse/',
  description: 'Deploys',
  trust: trusting(management.id),
  managedPolicies: ['arn:aws:iam::aws:policy/ReadOnlyAccess'],
  customerManagedPolicies: [],
  inlinePolicies: { deploy: saying('Allow', 's3:PutObject'), never: saying('Deny', 's3:DeleteObject') },
  permissionsBoundary: { managedPolicy: 'arn:aws:iam::aws:policy/PowerUserAccess' },
  maxSessionDuration: 7200,
  instanceProfile: false,
  tags: { team: 'shop' },
  owner,
  ...fields,
});

const policy = (fields: Partial<CustomerPolicy> = {}): CustomerPolicy => ({
  kind: 'policy',
  account: 'Production',
  name: 'OrdersReader',
  path: '/gatehouse/',
  document: saying('Allow', 'dynamodb:GetItem'),
  tags: {},
  owner,
  ...fields,
});

const provider: OidcProvider = {
  kind: 'oidc-provider',
  account: 'Production',
  host: 'token.actions.githubusercontent.com',
  clientIds: ['sts.amazonaws.com'],
  owner,
};

type Prepared = Bench & { readonly cloud: Cloud; readonly read: () => Promise<Live> };

const prepared = async (options: BenchOptions = {}): Promise<Prepared> => {
  const room = bench(options);
  const cloud = room.cloudOf({ iam });
  await cloud.read();
  return { ...room, cloud, read: () => cloud.read() };
};

const live = async (room: Prepared, resource: Resource): Promise<Resource | undefined> =>
  (await room.read()).state[keyOf(resource)];

const done = async (room: Prepared, ...changes: Parameters<Cloud['apply']>[0][]): Promise<void> => {
  for (const change of changes) {
    const { id, key } = change;
    expect(await room.cloud.apply(change)).toEqual({ id, key, status: 'done' });
  }
};

describe('the IAM of the declared accounts', () => {
  it('is read with three calls for an account, and none for a role', async () => {
    const room = await prepared();
    for (const name of ['A', 'B', 'C']) await done(room, create(role({ name })));
    const { reads, unread } = await room.read();
    expect(unread).toEqual([]);
    const all = accounts.length + 1;
    expect(reads.calls).toMatchObject({
      'iam:GetAccountAuthorizationDetails': all,
      'iam:ListRoles': all,
      'iam:ListOpenIDConnectProviders': all,
    });
    expect(Object.keys(reads.calls).filter((name) => name.startsWith('iam:'))).toHaveLength(3);
  });

  it('counts exactly the calls that AWS was sent', async () => {
    const room = await prepared();
    const before = { ...room.sandbox.world().requestLog };
    const { reads } = await bench({ sandbox: room.sandbox }).cloudOf({ iam }).read();
    const sent = Object.entries(room.sandbox.world().requestLog).map(([name, count]) => [
      name,
      count - (before[name] ?? 0),
    ]);
    expect(reads.calls).toEqual(Object.fromEntries(sent.filter(([, count]) => count !== 0)));
    expect(reads.calls['sts:AssumeRole']).toBe(accounts.length);
  });

  it('is not read when nobody asks for it', async () => {
    const { reads } = await bench().cloudOf().read();
    expect(Object.keys(reads.calls).filter((name) => /^(iam|sts:AssumeRole)/.test(name))).toEqual([]);
  });

  it('leaves out the roles of AWS', async () => {
    const room = await prepared();
    const now = room.clock.now();
    for (const path of ['/aws-reserved/sso.amazonaws.com/', '/aws-service-role/config.amazonaws.com/']) {
      putRole(room.sandbox.world(), { account: production, name: `Of${path.length}`, path, trust: '{}', now });
    }
    expect(Object.keys((await room.read()).state).filter((key) => key.startsWith('role/Production:Of'))).toEqual([]);
  });

  it('names a role whose trust is no policy, and reads the others', async () => {
    const room = await prepared();
    await done(room, create(role()));
    const now = room.clock.now();
    putRole(room.sandbox.world(), { account: production, name: 'Odd', path: '/', trust: 'no policy', now });
    const { unread, state } = await room.read();
    expect(unread).toEqual([{ scope: 'role/Production:Odd', reason: containing('trust policy') }]);
    expect(state[keyOf(role())]).toEqual(role());
  });

  it('has IAM users with what they and their groups hold, at no call more', async () => {
    const room = await prepared();
    const { calls } = (await room.read()).reads;
    const now = new Date(room.clock.now()).toISOString();
    const text = JSON.stringify(saying('Allow', 's3:GetObject'));
    const attached = { PolicyName: 'ReadOnlyAccess', PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' };
    const world = room.sandbox.world();
    putUser(world, production, {
      Path: '/staff/',
      UserName: 'dora',
      UserId: 'AIDADORA',
      Arn: `arn:aws:iam::${production}:user/staff/dora`,
      CreateDate: now,
      Tags: [],
      inline: { own: text, odd: 'no policy' },
      attached: [],
      keys: [],
      mfa: [],
      PermissionsBoundary: `arn:aws:iam::${production}:policy/rails/Edge`,
    });
    iamOf(world, production).groups = {
      owners: {
        Path: '/',
        GroupName: 'owners',
        GroupId: 'AGPAOWNERS',
        Arn: `arn:aws:iam::${production}:group/owners`,
        CreateDate: now,
        inline: {},
        attached: [attached],
        Tags: [],
        members: ['AIDADORA'],
      },
    };
    const { iamUsers, reads, unread } = await room.read();
    expect([iamUsers, unread]).toEqual([
      [
        {
          name: 'dora',
          account: 'Production',
          path: '/staff/',
          managedPolicies: [],
          customerManagedPolicies: [],
          inlinePolicies: { own: saying('Allow', 's3:GetObject'), odd: null },
          groups: [
            {
              name: 'owners',
              managedPolicies: ['arn:aws:iam::aws:policy/ReadOnlyAccess'],
              customerManagedPolicies: [],
              inlinePolicies: {},
            },
          ],
          permissionsBoundary: { customerManagedPolicy: { path: '/rails/', name: 'Edge' } },
        },
      ],
      [],
    ]);
    expect(reads.calls).toEqual(calls);
  });

  it('says as what the accounts are entered when no member role is named', async () => {
    const { notes } = await bench().cloudOf({ iam }).read();
    expect(notes).toEqual([containing('OrganizationAccountAccessRole')]);
  });
});

describe('an account that cannot be entered', () => {
  const memberRole = { name: 'ShopMember', path: '/gatehouse/', externalId: 'shop-42' };
  const trust = JSON.stringify({
    ...trusting(management.id),
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${management.id}:root` },
        Action: 'sts:AssumeRole',
        Condition: { StringEquals: { 'sts:ExternalId': 'shop-42' } },
      },
    ],
  });

  const furnished = (): Bench => {
    const room = bench();
    for (const { id } of accounts.slice(1)) {
      putRole(room.sandbox.world(), {
        account: id,
        name: memberRole.name,
        path: memberRole.path,
        trust,
        now: room.clock.now(),
        attached: [{ PolicyName: 'AdministratorAccess', PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' }],
      });
    }
    return room;
  };

  it('is unread by name, and stops no other', async () => {
    const { unread, state, notes } = await furnished()
      .cloudOf({ iam: { ...iam, memberRole } })
      .read();
    expect(unread).toEqual([{ scope: 'iam/Production', reason: matching(/^sts:AssumeRole failed: AccessDenied: /) }]);
    expect(Object.keys(state)).toContain('role/Staging:ShopMember');
    expect(notes).toEqual([]);
  });

  it('is each of them when the external ID is wrong', async () => {
    const wrong = { ...iam, memberRole: { ...memberRole, externalId: 'another' } };
    const { unread } = await furnished().cloudOf({ iam: wrong }).read();
    expect(unread.map(({ scope }) => scope)).toEqual(['iam/Production', 'iam/Staging', 'iam/Sandbox']);
  });

  it('is not entered at all when it is not asked for', async () => {
    const { unread, reads } = await furnished()
      .cloudOf({ iam: { ...iam, accounts: ['Staging'], memberRole } })
      .read();
    expect(unread).toEqual([]);
    expect(reads.calls['sts:AssumeRole']).toBe(1);
  });

  it('is the management account when somebody else calls', async () => {
    const sandbox = furnished().sandbox;
    const services = ['sso.amazonaws.com', 'organizations.amazonaws.com'];
    sandbox.world().organizations.delegatedAdministrators.push({ account: production, services, since: 0 });
    const delegate = bench({ accessKeyId: `AKIASANDBOX${production}`, sandbox });
    const { unread, state } = await delegate.cloudOf({ iam }).read();
    expect(unread.find(({ scope }) => scope === 'iam/Management')?.reason).toMatch(/credentials of its own/);
    expect(Object.keys(state).filter((key) => key.startsWith('role/Production:'))).not.toEqual([]);
  });

  it('is one whose IAM denies the reading', async () => {
    const { unread } = await bench({ deny: 'GetAccountAuthorizationDetails' }).cloudOf({ iam }).read();
    expect(unread).toHaveLength(accounts.length + 1);
    expect(unread[0]?.reason).toMatch(/^iam:GetAccountAuthorizationDetails failed: AccessDenied/);
  });

  it('is a failure of the whole run when the caller himself is not known any more', async () => {
    const room = bench({ refuse: { operation: 'AssumeRole', times: 99, body: 'ExpiredToken' } });
    await expect(room.cloudOf({ iam }).read()).rejects.toThrow(/sts:AssumeRole failed: ExpiredToken.*Sign in again/);
  });
});

describe('a session in another account', () => {
  it('is opened once, kept, and opened anew before it ends', async () => {
    const room = await prepared();
    await done(room, create(role()));
    const opened = room.calls.get('sts:AssumeRole') ?? 0;
    await done(room, update(role(), role({ description: 'One' })));
    expect(room.calls.get('sts:AssumeRole')).toBe(opened);
    await room.clock.sleep(56 * 60_000);
    await done(room, update(role({ description: 'One' }), role({ description: 'Two' })));
    expect(room.calls.get('sts:AssumeRole')).toBe(opened + 1);
  });
});

describe('what is written to IAM', () => {
  it('is read back as it was asked for, and goes', async () => {
    const room = await prepared();
    const attached = role({
      customerManagedPolicies: [{ name: 'OrdersReader', path: '/gatehouse/' }],
      instanceProfile: true,
    });
    for (const resource of [policy(), provider, attached]) await done(room, create(resource));
    for (const resource of [policy(), provider, attached]) expect(await live(room, resource)).toEqual(resource);
    const changed = role({
      trust: trusting('ec2.amazonaws.com'),
      managedPolicies: ['arn:aws:iam::aws:policy/ViewOnlyAccess'],
      inlinePolicies: { deploy: saying('Allow', 's3:GetObject') },
      permissionsBoundary: { customerManagedPolicy: { name: 'OrdersReader', path: '/gatehouse/' } },
      maxSessionDuration: 3600,
      tags: { cost: '42' },
    });
    await done(room, update(attached, changed));
    expect(await live(room, changed)).toEqual(changed);
    const audiences = { ...provider, clientIds: ['https://github.com/securecart', 'other'] };
    await done(room, update(provider, audiences));
    expect(await live(room, provider)).toEqual(audiences);
    await done(room, remove(changed), remove(policy()), remove(audiences));
    for (const resource of [policy(), provider, role()]) expect(await live(room, resource)).toBeUndefined();
    expect(iamOf(room.sandbox.world(), production).instanceProfiles).toEqual({});
  });

  it('is done once when it is asked for twice', async () => {
    const room = await prepared();
    const [next, document] = [role({ description: 'Next' }), saying('Allow', 'dynamodb:Query')];
    const all = [
      create(policy()),
      create(provider),
      create(role()),
      update(role(), next),
      update(policy(), policy({ document })),
      remove(next),
      remove(policy({ document })),
      remove(provider),
    ];
    for (const change of all) await done(room, change, change);
  });

  it('is found out when the answer was lost', async () => {
    const lost = [
      'CreateRole',
      'PutRolePolicy',
      'AttachRolePolicy',
      'CreateInstanceProfile',
      'AddRoleToInstanceProfile',
      'CreatePolicy',
      'CreatePolicyVersion',
      'DeletePolicy',
      'DeleteRole',
      'CreateOpenIDConnectProvider',
    ];
    const room = await prepared({ lose: lost });
    const one = role({ instanceProfile: true });
    const next = policy({ document: saying('Allow', 'dynamodb:Query') });
    await done(room, create(policy()), create(provider), create(one), update(policy(), next));
    for (const resource of [next, provider, one]) expect(await live(room, resource)).toEqual(resource);
    expect(
      iamOf(room.sandbox.world(), production).policies[`arn:aws:iam::${production}:policy/gatehouse/OrdersReader`]
        ?.versions,
    ).toHaveLength(2);
    await done(room, remove(one), remove(next));
    for (const resource of [next, one]) expect(await live(room, resource)).toBeUndefined();
  });

  it('is held with the value that moved', async () => {
    const room = await prepared();
    await done(room, create(role()), create(policy()));
    const change = update(role({ description: 'Was' }), role({ description: 'Will be' }));
    expect(await room.cloud.apply(change)).toMatchObject({ status: 'held', reason: 'live moved: description' });
    const stranger = role({ tags: {}, inlinePolicies: {} });
    expect(await room.cloud.apply(remove(stranger))).toMatchObject({
      status: 'held',
      reason: containing('inlinePolicies deploy'),
    });
    const document = saying('Allow', 'dynamodb:*');
    expect(
      await room.cloud.apply(update(policy({ document }), policy({ document: saying('Allow', 'dynamodb:Query') }))),
    ).toMatchObject({
      status: 'held',
      reason: 'live moved: document',
    });
    expect(await live(room, role())).toEqual(role());
  });

  it('is held when somebody else made a role of that name meanwhile', async () => {
    const room = await prepared();
    const trust = JSON.stringify(trusting('999999999999'));
    putRole(room.sandbox.world(), { account: production, name: 'DeploymentRole', path: '/gatehouse/', trust, now: 0 });
    expect(await room.cloud.apply(create(role()))).toMatchObject({ status: 'held' });
    expect(iamOf(room.sandbox.world(), production).roles['role/deploymentrole']?.attached).toEqual([]);
  });

  it('waits for a principal that was made a moment ago, and fails with what IAM says of one that is not', async () => {
    const room = await prepared();
    Object.assign(room.sandbox.world().settings, { principalDelayMs: 30_000 });
    const trusted = `arn:aws:iam::${production}:role/gatehouse/CIRole`;
    const trust: PolicyDocument = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { AWS: trusted }, Action: 'sts:AssumeRole' }],
    };
    const start = room.clock.now();
    await done(room, create(role({ name: 'CIRole' })), create(role({ trust })));
    expect(room.clock.now() - start).toBeGreaterThan(29_000);
    const nobody = JSON.parse(JSON.stringify(trust).replace('CIRole', 'NoSuchRole')) as PolicyDocument;
    const outcome = await room.cloud.apply(update(role({ trust }), role({ trust: nobody })));
    expect(outcome).toMatchObject({
      status: 'failed',
      reason: matching(/MalformedPolicyDocument.*[Ii]nvalid principal/),
    });
    expect(room.clock.now() - start).toBeLessThan(300_000);
  });

  it('shows a trust whose role was deleted as broken, and rewrites it', async () => {
    const room = await prepared();
    const ci = role({ name: 'CIRole' });
    const trust: PolicyDocument = {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: `arn:aws:iam::${production}:role/gatehouse/CIRole` },
          Action: 'sts:AssumeRole',
        },
      ],
    };
    await done(room, create(ci), create(role({ trust })), remove(ci), create(ci));
    const broken = (await live(room, role())) as Role;
    expect(JSON.stringify(broken.trust)).toMatch(/AROA/);
    await done(room, update(broken, role({ trust })));
    expect(await live(room, role())).toEqual(role({ trust }));
  });

  it('keeps five versions of a policy, and never drops the one in use', async () => {
    const room = await prepared();
    const documents = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((letter) => saying('Allow', `s3:${letter}`));
    await done(room, create(policy({ document: documents[0] ?? saying('Allow', 's3:*') })));
    for (const [at, document] of documents.slice(1).entries()) {
      const before = policy({ document: documents[at] ?? document });
      await done(room, update(before, policy({ document })));
    }
    const [made] = Object.values(iamOf(room.sandbox.world(), production).policies);
    expect(made?.versions.map(({ VersionId }) => VersionId)).toEqual(['v7', 'v6', 'v5', 'v4', 'v3']);
    expect(made?.DefaultVersionId).toBe('v7');
    await done(room, remove(policy({ document: documents.at(-1) ?? saying('Allow', 's3:*') })));
    expect(await live(room, policy())).toBeUndefined();
  });

  it('fails by the name of the role that still uses a policy', async () => {
    const room = await prepared();
    const user = role({ customerManagedPolicies: [{ name: 'OrdersReader', path: '/gatehouse/' }] });
    await done(room, create(policy()), create(user));
    expect(await room.cloud.apply(remove(policy()))).toMatchObject({
      status: 'failed',
      reason: 'it is still attached to role DeploymentRole',
    });
  });

  it('comes one at a time in an account, and in all accounts at once', async () => {
    const room = await prepared();
    const started: string[] = [];
    const names = ['Production', 'Staging', 'Sandbox'];
    const all = names.flatMap((account) => ['A', 'B'].map((name) => role({ account, name })));
    const outcomes = await Promise.all(
      all.map(async (one) => {
        const outcome = await room.cloud.apply(create(one));
        started.push(one.account);
        return outcome;
      }),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(all.map(() => 'done'));
    expect(new Set(started.slice(0, 3))).toEqual(new Set(names));
  });
});
