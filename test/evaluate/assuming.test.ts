import { describe, expect, it } from 'vitest';
import type { AccessTest } from '../../src/evaluate/access-test.ts';
import { runTests } from '../../src/evaluate/access-test.ts';
import { ask } from '../../src/evaluate/ask/ask.ts';
import { loadActionResources } from '../../src/evaluate/ask/actions.ts';
import { loadCatalogue } from '../../src/evaluate/catalogue.ts';
import { roleActors, rootActor, setActor } from '../../src/evaluate/actors.ts';
import type { AccessWorld } from '../../src/evaluate/policies-of.ts';
import { createWorld } from '../../src/evaluate/policies-of.ts';
import type { RequestContext } from '../../src/evaluate/request.ts';
import type { PolicyDocument, PrincipalElement, Statement } from '../../src/model/policy.ts';
import type { CustomerPolicy, Resource, Role } from '../../src/model/resource.ts';
import { account, assignment, attachment, desired, document, group, ou, scp, set } from '../support/build.ts';

const NOW = '2026-11-23T12:00:00Z';
const prod = account('Prod', '222222222222', 'Workloads');
const dev = account('Dev', '333333333333');
const allow = (Action: string | readonly string[], Resource = '*', rest: Partial<Statement> = {}): Statement => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...rest,
});
const trusting = (...list: readonly Omit<Statement, 'Effect'>[]): PolicyDocument =>
  document(...list.map((statement) => ({ Effect: 'Allow', Action: 'sts:AssumeRole', ...statement }) as const));
const role = (name: string, parts: Partial<Role> = {}): Role => ({
  kind: 'role',
  account: 'Prod',
  name,
  path: '/gatehouse/',
  trust: trusting({ Principal: { AWS: '333333333333' } }),
  managedPolicies: [],
  customerManagedPolicies: [],
  inlinePolicies: {},
  maxSessionDuration: 3600,
  instanceProfile: false,
  tags: {},
  ...parts,
});
const policy = (name: string, body: PolicyDocument, on = 'Prod'): CustomerPolicy => ({
  kind: 'policy',
  account: on,
  name,
  path: '/gatehouse/',
  document: body,
  tags: {},
});
const arnOf = (name: string, on = prod): string => `arn:aws:iam::${on.id}:role/gatehouse/${name}`;
const target = arnOf('Target');
const everything = { own: document(allow('*')) };

const worldOf = (...resources: readonly Resource[]): AccessWorld =>
  createWorld({
    state: desired([ou('Workloads'), prod, dev, ...resources]).state,
    catalogue: loadCatalogue(),
    origins: {},
    region: 'eu-west-1',
    organization: 'o-securecart0',
    managementAccount: 'Management',
  });

const test = (parts: Partial<AccessTest>): AccessTest => ({
  name: 'it',
  place: { file: 'access/tests/it.yaml', line: 1 },
  as: { role: 'Prod:Caller' },
  accounts: ['Prod'],
  allowed: [],
  denied: [],
  only: false,
  ...parts,
});
const messages = async (world: AccessWorld, parts: Partial<AccessTest>): Promise<readonly string[]> => {
  const results = await runTests([test(parts)], { now: NOW, worldAt: () => world });
  return results.flatMap(({ failures }) => failures.map(({ message }) => message));
};
const holds = async (world: AccessWorld, parts: Partial<AccessTest>): Promise<boolean> =>
  (await messages(world, parts)).length === 0;

/** Both ways, since a decision that depends holds for neither. */
const decisionOn = async (
  world: AccessWorld,
  as: AccessTest['as'],
  parts: { context?: RequestContext; accounts?: string[] } = {},
) => {
  const { context, accounts = ['Prod'] } = parts;
  const asked = { action: 'sts:AssumeRole', resource: target, ...(context === undefined ? {} : { context }) };
  if (await holds(world, { as, accounts, allowed: [asked] })) return 'allowed';
  return (await holds(world, { as, accounts, denied: [asked] })) ? 'denied' : 'depends';
};

type Row = {
  readonly name: string;
  readonly trust: Omit<Statement, 'Effect'>;
  /** Where the caller lives, and what it may do. */
  readonly from?: 'Prod' | 'Dev';
  readonly own?: Role['inlinePolicies'];
  readonly boundary?: PolicyDocument;
  readonly context?: RequestContext;
  readonly expected: 'allowed' | 'denied' | 'depends';
};
const caller = (on = prod): PrincipalElement => ({ AWS: arnOf('Caller', on) });
const rows: readonly Row[] = [
  { name: 'who is named in the same account needs nothing else', trust: { Principal: caller() }, expected: 'allowed' },
  {
    name: 'who is named in the same account is limited by its boundary',
    trust: { Principal: caller() },
    boundary: document(allow('s3:*')),
    expected: 'denied',
  },
  { name: 'the account that is named only delegates', trust: { Principal: { AWS: prod.id } }, expected: 'denied' },
  {
    name: 'the account that is named lets in whom it allows',
    trust: { Principal: { AWS: `arn:aws:iam::${prod.id}:root` } },
    own: everything,
    expected: 'allowed',
  },
  {
    name: 'nobody comes in whom the trust does not name, whatever their own policies say',
    trust: { Principal: { AWS: arnOf('Other') } },
    own: everything,
    expected: 'denied',
  },
  {
    name: 'another account needs both: the trust alone does not do',
    trust: { Principal: caller(dev) },
    from: 'Dev',
    expected: 'denied',
  },
  {
    name: 'another account needs both, and has them',
    trust: { Principal: caller(dev) },
    from: 'Dev',
    own: everything,
    expected: 'allowed',
  },
  {
    name: 'another account that allows only another role does not have both',
    trust: { Principal: caller(dev) },
    from: 'Dev',
    own: { own: document(allow('sts:AssumeRole', arnOf('Other'))) },
    expected: 'denied',
  },
  {
    name: 'a condition on the caller is decided',
    trust: {
      Principal: { AWS: dev.id },
      Condition: { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/gatehouse/C*' } },
    },
    from: 'Dev',
    own: everything,
    expected: 'allowed',
  },
  {
    name: 'a condition on the caller that it does not meet is decided too',
    trust: { Principal: { AWS: dev.id }, Condition: { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/ci/*' } } },
    from: 'Dev',
    own: everything,
    expected: 'denied',
  },
  {
    name: 'an external ID is not known unless it is said',
    trust: { Principal: { AWS: dev.id }, Condition: { StringEquals: { 'sts:ExternalId': 'e' } } },
    from: 'Dev',
    own: everything,
    expected: 'depends',
  },
  {
    name: 'an external ID that is said decides',
    trust: { Principal: { AWS: dev.id }, Condition: { StringEquals: { 'sts:ExternalId': 'e' } } },
    from: 'Dev',
    own: everything,
    context: { 'sts:ExternalId': 'e' },
    expected: 'allowed',
  },
  {
    name: 'a role has no MFA',
    trust: { Principal: caller(), Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } },
    expected: 'denied',
  },
  {
    name: 'a trust that speaks of tags alone lets nobody in',
    trust: { Principal: caller(), Action: 'sts:TagSession' },
    expected: 'denied',
  },
];

describe('who becomes a role', () => {
  it.each(rows)('$name', async ({ trust, from = 'Prod', own = {}, boundary, context, expected }) => {
    const limited = { permissionsBoundary: { customerManagedPolicy: { name: 'B', path: '/gatehouse/' } } };
    const world = worldOf(
      role('Target', { trust: trusting(trust) }),
      role('Caller', { account: from, inlinePolicies: own, ...(boundary === undefined ? {} : limited) }),
      ...(boundary === undefined ? [] : [policy('B', boundary, from)]),
    );
    const parts = { accounts: [from], ...(context === undefined ? {} : { context }) };
    expect(await decisionOn(world, { role: `${from}:Caller` }, parts)).toBe(expected);
  });

  it('a holder of a permission set comes by the reserved path, and nobody else of the account', async () => {
    const reserved =
      'arn:aws:iam::333333333333:role/aws-reserved/sso.amazonaws.com/*AWSReservedSSO_Ops_????????????????';
    const world = worldOf(
      role('Target', {
        trust: trusting({ Principal: { AWS: dev.id }, Condition: { ArnLike: { 'aws:PrincipalArn': reserved } } }),
      }),
      group('Team'),
      ...['Ops', 'Other'].map((name) => set(name, { inlinePolicy: document(allow('sts:AssumeRole')) })),
      assignment('group:Team', 'Ops', 'Dev'),
      assignment('group:Team', 'Other', 'Dev'),
    );
    expect(await decisionOn(world, { permissionSet: 'Ops' }, { accounts: ['Dev'] })).toBe('allowed');
    expect(await decisionOn(world, { permissionSet: 'Other' }, { accounts: ['Dev'] })).toBe('denied');
    expect(await decisionOn(world, { anyone: true, except: [{ permissionSet: 'Ops' }] }, { accounts: ['Dev'] })).toBe(
      'denied',
    );
  });

  it('a guard rail above the caller stops it', async () => {
    const world = worldOf(
      role('Target', { trust: trusting({ Principal: caller() }) }),
      role('Caller'),
      scp('Rail', document({ Effect: 'Deny', Action: 'sts:AssumeRole', Resource: '*' })),
      attachment('Rail', 'ou:Workloads'),
    );
    expect(await decisionOn(world, { role: 'Prod:Caller' })).toBe('denied');
  });

  it('an account that trusts everybody lets its own people in without a policy of theirs', async () => {
    const world = worldOf(role('Target', { trust: trusting({ Principal: { AWS: '*' } }) }), role('Caller'));
    expect(await decisionOn(world, { role: 'Prod:Caller' })).toBe('allowed');
    expect(await holds(world, { denied: ['*'] })).toBe(false);
    expect(await holds(world, { denied: ['sts:*'] })).toBe(false);
    expect(await holds(world, { denied: ['s3:*', 'sts:GetAccessKeyInfo'] })).toBe(true);
    expect(await holds(world, { denied: [{ action: '*', resource: 'arn:aws:iam::*:role/gatehouse/T*' }] })).toBe(false);
    expect(await holds(world, { denied: [{ action: '*', resource: 'arn:aws:iam::*:role/other/*' }] })).toBe(true);
  });

  it('"only" counts what a trust policy gives', async () => {
    const world = worldOf(
      role('Target', { trust: trusting({ Principal: caller() }) }),
      role('Caller', { inlinePolicies: { own: document(allow('s3:GetObject', 'arn:aws:s3:::b/*')) } }),
    );
    const allowed = [{ action: 's3:GetObject', resource: 'arn:aws:s3:::b/*' }];
    const [message, ...others] = await messages(world, { allowed, only: true });
    expect(others).toEqual([]);
    expect(message).toContain(`sts:AssumeRole on ${target}`);
    const both = [...allowed, { action: 'sts:AssumeRole', resource: target }];
    expect(await messages(world, { allowed: both, only: true })).toEqual([]);
  });

  it('of a role that no state has nobody knows whom it trusts', async () => {
    const world = worldOf(role('Caller', { inlinePolicies: everything }));
    expect(await decisionOn(world, { role: 'Prod:Caller' })).toBe('depends');
  });

  it('the root user becomes no role', async () => {
    const world = worldOf(role('Target', { trust: trusting({ Principal: { AWS: prod.id } }) }));
    expect(await decisionOn(world, { rootUser: true })).toBe('denied');
  });

  it('`allowed` without a resource finds the role whose trust names the asker', async () => {
    const world = worldOf(
      role('Target', { trust: trusting({ Principal: caller(dev) }) }),
      role('Caller', { account: 'Dev', inlinePolicies: everything }),
    );
    const [actor] = roleActors(world, dev);
    if (actor === undefined) throw new Error('no actor');
    const asker = { world, now: NOW, resources: await loadActionResources(['sts:AssumeRole']) };
    expect(ask(asker, actor, { action: 'sts:AssumeRole' })).toMatchObject({ decision: 'allowed', resource: target });
  });
});

const github = 'token.actions.githubusercontent.com';
const ofGithub = (sub: string, rest: RequestContext = {}): RequestContext => ({
  [`${github}:aud`]: 'sts.amazonaws.com',
  [`${github}:sub`]: sub,
  ...rest,
});
const githubTrust = (subject: string, issuer = github): Omit<Statement, 'Effect'> => ({
  Principal: { Federated: `arn:aws:iam::${prod.id}:oidc-provider/${issuer}` },
  Action: 'sts:AssumeRoleWithWebIdentity',
  Condition: { StringEquals: { [`${issuer}:aud`]: 'sts.amazonaws.com' }, StringLike: { [`${issuer}:sub`]: subject } },
});
const webIdentity = async (trust: PolicyDocument, context: RequestContext | undefined): Promise<string> => {
  const world = worldOf(role('Target', { trust }));
  const asked = {
    action: 'sts:AssumeRoleWithWebIdentity',
    resource: target,
    ...(context === undefined ? {} : { context }),
  };
  const as = { anyone: true } as const;
  if (await holds(world, { as, allowed: [asked] })) return 'allowed';
  return (await holds(world, { as, denied: [asked] })) ? 'denied' : 'depends';
};

describe('a web identity', () => {
  const main = 'repo:securecart/shop:ref:refs/heads/main';
  it('is let in by its claims alone, whoever asks', async () => {
    expect(await webIdentity(trusting(githubTrust(main)), ofGithub(main))).toBe('allowed');
  });
  it.each([
    ['another branch', ofGithub('repo:securecart/shop:ref:refs/heads/other')],
    ['another repository', ofGithub('repo:stranger/shop:ref:refs/heads/main')],
    ['another audience', ofGithub(main, { [`${github}:aud`]: 'elsewhere' })],
    ['another issuer', { 'gitlab.com:sub': main, 'gitlab.com:aud': 'sts.amazonaws.com' }],
  ])('of %s is not', async (_what, context) => {
    expect(await webIdentity(trusting(githubTrust(main)), context)).toBe('denied');
  });
  it('of whom nothing is said depends on its claims', async () => {
    expect(await webIdentity(trusting(githubTrust(main)), undefined)).toBe('depends');
  });
  it('is not let in where the trust names no provider', async () => {
    expect(await webIdentity(trusting({ Principal: { AWS: dev.id } }), undefined)).toBe('denied');
  });
  it('of one of several providers is not known', async () => {
    const trust = trusting(githubTrust(main), githubTrust('*', 'gitlab.com'));
    expect(await webIdentity(trust, undefined)).toBe('depends');
    expect(await webIdentity(trust, ofGithub('repo:stranger/x'))).toBe('denied');
  });
  it('gains nothing from an actor who may do everything', async () => {
    const world = worldOf(
      role('Target', { trust: trusting(githubTrust(main)) }),
      role('Caller', { inlinePolicies: everything }),
    );
    const denied = [{ action: 'sts:AssumeRoleWithWebIdentity', resource: target, context: ofGithub('repo:x/y') }];
    expect(await holds(world, { denied })).toBe(true);
  });
});

describe('a caller from outside', () => {
  const trust = trusting(
    { Principal: { Service: 'ec2.amazonaws.com' } },
    { Principal: { AWS: '101010101010' }, Condition: { StringEquals: { 'sts:ExternalId': 'e' } } },
  );
  const world = worldOf(role('Target', { trust }));
  const as = { anyone: true } as const;
  const stranger = { 'aws:PrincipalArn': 'arn:aws:iam::101010101010:role/delivery' };
  it.each([
    ['a service that is trusted', { 'aws:PrincipalServiceName': 'ec2.amazonaws.com' }, 'allowed'],
    ['a service that is not', { 'aws:PrincipalServiceName': 'lambda.amazonaws.com' }, 'denied'],
    ['a third party with its external ID', { ...stranger, 'sts:ExternalId': 'e' }, 'allowed'],
    ['a third party with another one', { ...stranger, 'sts:ExternalId': 'f' }, 'denied'],
    ['a third party whose ID is not said', stranger, 'depends'],
    ['a fourth party', { 'aws:PrincipalArn': 'arn:aws:iam::202020202020:role/x', 'sts:ExternalId': 'e' }, 'denied'],
  ])('%s', async (_who, context, expected) => {
    expect(await decisionOn(world, as, { context })).toBe(expected);
  });
});

describe('a role as a principal', () => {
  it('has its inline, managed and customer managed policies inside its boundary', async () => {
    const world = worldOf(
      role('Caller', {
        inlinePolicies: { own: document(allow('s3:GetObject', 'arn:aws:s3:::b/*')) },
        managedPolicies: ['arn:aws:iam::aws:policy/IAMReadOnlyAccess'],
        customerManagedPolicies: [{ name: 'Orders', path: '/gatehouse/' }],
        permissionsBoundary: { customerManagedPolicy: { name: 'B', path: '/gatehouse/' } },
      }),
      policy('Orders', document(allow('dynamodb:GetItem'))),
      policy('B', document(allow(['s3:*', 'dynamodb:*']))),
    );
    expect(await messages(world, { allowed: ['s3:GetObject', 'dynamodb:GetItem'], denied: ['iam:GetRole'] })).toEqual(
      [],
    );
  });
  it('depends on a policy that its account does not have', async () => {
    const orders = { customerManagedPolicies: [{ name: 'Orders', path: '/gatehouse/' }] };
    const world = worldOf(role('Caller', orders), policy('Orders', document(allow('dynamodb:*')), 'Dev'));
    const [message] = await messages(world, { denied: ['dynamodb:GetItem'] });
    expect(message).toContain('depends on policy:Orders');
  });
  it('acts in its own account alone, and may be named with its path', async () => {
    const world = worldOf(role('Caller', { inlinePolicies: everything }));
    expect(await holds(world, { accounts: ['Dev'], denied: ['*'] })).toBe(true);
    expect(await holds(world, { as: { role: 'Prod:gatehouse/Caller' }, allowed: ['s3:ListBucket'] })).toBe(true);
    expect(await holds(world, { as: { role: 'Prod:other/Caller' }, denied: ['*'] })).toBe(true);
  });
  it('is one of anyone, unless it is excepted or not declared', async () => {
    const world = worldOf(
      role('Caller', { inlinePolicies: { own: document(allow('sts:AssumeRole', 'arn:aws:iam::1:role/x')) } }),
      scp(
        'Rail',
        document({
          Effect: 'Deny',
          Action: '*',
          Resource: '*',
          Condition: { ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/gatehouse/*' } },
        }),
      ),
      attachment('Rail', 'ou:Workloads'),
    );
    const denied = ['sts:AssumeRole'];
    expect(await holds(world, { as: { anyone: true }, denied })).toBe(false);
    expect(await holds(world, { as: { anyone: true, except: [{ role: 'Prod:Caller' }] }, denied })).toBe(true);
    expect(await holds({ ...world, declares: () => false }, { as: { anyone: true }, denied })).toBe(true);
  });
  it('lends a permission set the customer managed policy of each account', async () => {
    const world = worldOf(
      group('Team'),
      set('Set', { customerManagedPolicies: [{ name: 'Orders', path: '/gatehouse/' }] }),
      ...['Prod', 'Dev'].map((on) => assignment('group:Team', 'Set', on)),
      policy('Orders', document(allow('dynamodb:GetItem'))),
      policy('Orders', document(allow('s3:GetObject')), 'Dev'),
    );
    const as = { permissionSet: 'Set' };
    expect(await holds(world, { as, allowed: ['dynamodb:GetItem'], denied: ['s3:*'] })).toBe(true);
    expect(await holds(world, { as, accounts: ['Dev'], denied: ['dynamodb:*'], allowed: ['s3:GetObject'] })).toBe(true);
    expect(setActor(world, 'Set', prod)?.policies.identityPolicies).toBe(
      setActor(world, 'Set', prod)?.policies.identityPolicies,
    );
    expect(rootActor(world, prod).policies.identityPolicies).toBeUndefined();
  });
});
