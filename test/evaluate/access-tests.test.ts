import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccessTest, AccessTestResult } from '../../src/evaluate/access-test.ts';
import { runTests } from '../../src/evaluate/access-test.ts';
import { loadActionResources } from '../../src/evaluate/ask/actions.ts';
import type { InquiryContext } from '../../src/evaluate/ask/question.ts';
import type { Inquiry } from '../../src/evaluate/ask/asking.ts';
import { askAllowed, askDenied, notDenied } from '../../src/evaluate/ask/ask.ts';
import { loadCatalogue } from '../../src/evaluate/catalogue.ts';
import { decide } from '../../src/evaluate/decide.ts';
import type { Actor } from '../../src/evaluate/actors.ts';
import { setActor } from '../../src/evaluate/actors.ts';
import type { AccessWorld } from '../../src/evaluate/policies-of.ts';
import { createWorld } from '../../src/evaluate/policies-of.ts';
import type { PolicyDocument, Statement } from '../../src/model/policy.ts';
import type { Resource, State } from '../../src/model/resource.ts';
import { reasonWords } from '../../src/render/why.ts';
import {
  account,
  assignment,
  attachment,
  desired,
  document,
  group,
  membership,
  ou,
  role,
  scp,
  set,
} from '../support/build.ts';

const prod = account('Prod', '222222222222', 'Workloads');
const base: readonly Resource[] = [
  ou('Workloads'),
  prod,
  account('Dev', '333333333333'),
  group('Team'),
  membership('Team', 'ada'),
];

const worldOf = (state: State, region = 'eu-west-1'): AccessWorld =>
  createWorld({
    state,
    catalogue: loadCatalogue(),
    origins: {},
    region,
    organization: 'o-securecart0',
    managementAccount: 'Management',
  });
const stateWith = (...resources: readonly Resource[]): State => desired([...base, ...resources]).state;

/** Team holds a set with these statements in Prod, under an SCP with those. */
const teamWith = (statements: readonly Statement[], denials: readonly Statement[] = []): AccessWorld =>
  worldOf(
    stateWith(
      set('Set', { inlinePolicy: document(...statements) }),
      assignment('group:Team', 'Set', 'Prod'),
      ...(denials.length === 0 ? [] : [scp('Rail', document(...denials)), attachment('Rail', 'ou:Workloads')]),
    ),
  );

const test = (parts: Partial<AccessTest>): AccessTest => ({
  name: 'it',
  place: { file: 'access/tests/it.yaml', line: 1 },
  as: { group: 'Team' },
  accounts: ['Prod'],
  allowed: [],
  denied: [],
  only: false,
  ...parts,
});
const run = async (world: AccessWorld, parts: Partial<AccessTest>): Promise<AccessTestResult> => {
  const [result] = await runTests([test(parts)], { now: '2026-11-23T12:00:00Z', worldAt: () => world });
  if (result === undefined) throw new Error('no result');
  return result;
};

const holds = async (world: AccessWorld, parts: Partial<AccessTest>): Promise<boolean> => (await run(world, parts)).ok;

const allow = (
  Action: string | string[],
  Resource: string | string[] = '*',
  rest: Partial<Statement> = {},
): Statement => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...rest,
});
const deny = (
  Action: string | string[],
  Resource: string | string[] = '*',
  rest: Partial<Statement> = {},
): Statement => ({
  ...allow(Action, Resource, rest),
  Effect: 'Deny',
});
const table = (name: string, region = 'eu-west-1'): string => `arn:aws:dynamodb:${region}:222222222222:table/${name}`;

describe('allowed', () => {
  const orders = teamWith([allow('dynamodb:GetItem', 'arn:aws:dynamodb:*:*:table/orders*')]);
  it.each([
    ['on some resource when none is named', 'dynamodb:GetItem', true],
    ['on the whole of a pattern', { action: 'dynamodb:GetItem', resource: table('orders-*') }, true],
    ['not where the pattern is wider than the grant', { action: 'dynamodb:GetItem', resource: table('order*') }, false],
    ['on each of several resources', { action: 'dynamodb:GetItem', resource: [table('orders'), table('x')] }, false],
    ['for each of several actions', { action: ['dynamodb:GetItem', 'dynamodb:Query'] }, false],
    ['for every action of a wildcard', { action: 'dynamodb:GetIt*' }, true],
    ['not for a wildcard of which one is missing', { action: 'dynamodb:Get*' }, false],
  ])('%s', async (_, request, ok) => {
    expect(await holds(orders, { allowed: [request] })).toBe(ok);
  });

  it('takes a star for the Region as the Region of the settings', async () => {
    const here = teamWith([allow('dynamodb:GetItem', table('*'))]);
    expect(await holds(here, { allowed: [{ action: 'dynamodb:GetItem', resource: table('x', '*') }] })).toBe(true);
    expect(await holds(here, { allowed: [{ action: 'dynamodb:GetItem', resource: table('x', 'us-east-1') }] })).toBe(
      false,
    );
  });

  it('takes a star for the account as the account that is asked about', async () => {
    const here = teamWith([allow('dynamodb:GetItem', table('*'))]);
    const resource = 'arn:aws:dynamodb:eu-west-1:*:table/x';
    expect(await holds(here, { allowed: [{ action: 'dynamodb:GetItem', resource }] })).toBe(true);
  });

  it('an action without a resource type is allowed by the ARN that its documentation shows', async () => {
    // IAM User Guide, "IAM JSON policy elements: Statement": s3:ListAllMyBuckets on arn:aws:s3:::*.
    const listing = (resource: string) => teamWith([allow('s3:ListAllMyBuckets', resource)]);
    expect(await holds(listing('arn:aws:s3:::*'), { allowed: ['s3:ListAllMyBuckets'] })).toBe(true);
    expect(await holds(listing('arn:aws:s3:::orders'), { allowed: ['s3:ListAllMyBuckets'] })).toBe(false);
    expect(await holds(listing('*'), { allowed: ['s3:ListAllMyBuckets'] })).toBe(true);
  });

  it('what AWS decides itself is no matter of policies', async () => {
    const world = teamWith([allow('*')]);
    const reserved = 'arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*';
    expect(await holds(world, { denied: [{ action: 'iam:PutRolePolicy', resource: reserved }] })).toBe(true);
    expect(await holds(world, { denied: [{ action: 'iam:PutRolePolicy', resource: 'arn:aws:iam::*:role/*' }] })).toBe(
      false,
    );
    expect(await holds(teamWith([]), { allowed: ['sts:GetCallerIdentity'] })).toBe(true);
    expect(await holds(teamWith([]), { denied: ['*'] })).toBe(true);
  });

  it('is not shown while a Deny takes a part of the pattern', async () => {
    const world = teamWith([allow('s3:GetObject')], [deny('s3:GetObject', 'arn:aws:s3:::b/secret*')]);
    expect(await holds(world, { allowed: [{ action: 's3:GetObject', resource: 'arn:aws:s3:::b/*' }] })).toBe(false);
    expect(await holds(world, { allowed: [{ action: 's3:GetObject', resource: 'arn:aws:s3:::b/public*' }] })).toBe(
      true,
    );
    expect(await holds(world, { allowed: ['s3:GetObject'] })).toBe(true);
  });

  it('needs one of the sets that a group or user holds', async () => {
    const world = worldOf(
      stateWith(
        set('One', { inlinePolicy: document(allow('s3:GetObject')) }),
        set('Two', { inlinePolicy: document(allow('sqs:SendMessage')) }),
        assignment('group:Team', 'One', 'Prod'),
        assignment('user:ada', 'Two', 'Prod'),
      ),
    );
    const both = ['s3:GetObject', 'sqs:SendMessage'];
    expect(await holds(world, { as: { user: 'ada' }, allowed: both })).toBe(true);
    expect(await holds(world, { as: { group: 'Team' }, allowed: both })).toBe(false);
    expect(await holds(world, { as: { group: 'Team' }, allowed: both, accounts: ['Dev'] })).toBe(false);
  });
});

describe('denied', () => {
  const orders = teamWith([allow('dynamodb:GetItem', 'arn:aws:dynamodb:*:*:table/orders*')]);
  it.each([
    ['on no resource when none is named', 'dynamodb:GetItem', false],
    ['on a pattern that the grant does not touch', { action: 'dynamodb:*', resource: table('customers*') }, true],
    ['not on a pattern that it touches', { action: 'dynamodb:*', resource: table('o*') }, false],
    ['for every action of a service', 's3:*', true],
    ['for every action', '*', false],
  ])('%s', async (_, request, ok) => {
    expect(await holds(orders, { denied: [request] })).toBe(ok);
  });

  it('sees that a Deny covers all that is granted, though not all that was asked', async () => {
    const world = teamWith([allow('s3:*', 'arn:aws:s3:::b/x*')], [deny('s3:*', 'arn:aws:s3:::b/*')]);
    expect(await holds(world, { denied: ['s3:GetObject', 's3:*', '*'] })).toBe(true);
  });

  it('reads NotAction and NotResource', async () => {
    const world = teamWith([
      { Effect: 'Allow', NotAction: ['iam:*'], Resource: '*' },
      { Effect: 'Deny', Action: 's3:*', NotResource: 'arn:aws:s3:::b/*' },
    ]);
    expect(await holds(world, { denied: ['iam:*', { action: 's3:GetObject', resource: 'arn:aws:s3:::c/*' }] })).toBe(
      true,
    );
    expect(await holds(world, { denied: ['iam:*', 's3:GetObject'] })).toBe(false);
    expect(await holds(world, { allowed: [{ action: 's3:GetObject', resource: 'arn:aws:s3:::b/*' }] })).toBe(true);
  });

  it('binds the root user by SCPs alone', async () => {
    const root = { as: { rootUser: true } as const, denied: ['s3:GetObject'] };
    expect(await holds(teamWith([]), root)).toBe(false);
    expect(await holds(teamWith([], [deny('*')]), root)).toBe(true);
  });

  it('is not shown by an SCP for the management account, which none binds', async () => {
    const world = worldOf(stateWith(scp('Rail', document(deny('*'))), attachment('Rail', 'root')));
    const root = { as: { rootUser: true } as const, denied: ['s3:GetObject'] };
    expect(await holds(world, { ...root, accounts: ['Prod', 'Dev'] })).toBe(true);
    expect(await holds(world, { ...root, accounts: ['Management'] })).toBe(false);
  });
});

describe('a condition key that nobody knows', () => {
  const conditional = teamWith([
    allow('s3:GetObject', '*', { Condition: { StringEquals: { 's3:ExistingObjectTag/open': 'yes' } } }),
  ]);
  it('fails both sides until the test says it', async () => {
    const context = (value: string) => ({ action: 's3:GetObject', context: { 's3:ExistingObjectTag/open': value } });
    expect(await holds(conditional, { allowed: ['s3:GetObject'] })).toBe(false);
    expect(await holds(conditional, { denied: ['s3:GetObject'] })).toBe(false);
    expect(await holds(conditional, { allowed: [context('yes')], denied: [context('no')] })).toBe(true);
  });

  it.each([
    ['aws:SecureTransport', { Bool: { 'aws:SecureTransport': 'true' } }],
    ['aws:ViaAWSService', { Bool: { 'aws:ViaAWSService': 'false' } }],
    ['aws:PrincipalIsAWSService', { Bool: { 'aws:PrincipalIsAWSService': 'false' } }],
    ['aws:MultiFactorAuthPresent', { Bool: { 'aws:MultiFactorAuthPresent': 'false' } }],
    ['aws:RequestedRegion', { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } }],
    ['aws:ResourceAccount', { StringEquals: { 'aws:ResourceAccount': '222222222222' } }],
    ['aws:PrincipalAccount', { StringEquals: { 'aws:PrincipalAccount': '222222222222' } }],
    ['aws:PrincipalOrgID', { StringEquals: { 'aws:PrincipalOrgID': 'o-securecart0' } }],
    ['aws:PrincipalArn', { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*' } }],
    ['aws:CurrentTime', { DateLessThan: { 'aws:CurrentTime': '2026-11-24T00:00:00Z' } }],
  ])('%s is always known', async (_, Condition) => {
    expect(await holds(teamWith([allow('s3:GetObject', '*', { Condition })]), { allowed: ['s3:GetObject'] })).toBe(
      true,
    );
  });

  it('the Region is that of the resource', async () => {
    const world = teamWith(
      [allow('*')],
      [deny('*', '*', { Condition: { StringNotEquals: { 'aws:RequestedRegion': 'eu-west-1' } } })],
    );
    const asked = (region: string) => ({ action: 'dynamodb:GetItem', resource: table('x', region) });
    expect(await holds(world, { allowed: [asked('eu-west-1')], denied: [asked('us-east-1')] })).toBe(true);
  });
});

describe('who is asked', () => {
  it('the role of a set has its Region in its path, but in us-east-1', () => {
    const state = stateWith(set('Set'), assignment('group:Team', 'Set', 'Prod'));
    const arn = (region: string) => setActor(worldOf(state, region), 'Set', prod)?.arn;
    expect(arn('eu-west-1')).toMatch(
      /:role\/aws-reserved\/sso\.amazonaws\.com\/eu-west-1\/AWSReservedSSO_Set_[0-9a-f]{16}$/,
    );
    expect(arn('us-east-1')).toMatch(/:role\/aws-reserved\/sso\.amazonaws\.com\/AWSReservedSSO_Set_[0-9a-f]{16}$/);
  });

  it('anyone is the root user, every set assigned there, and two strangers', async () => {
    const result = await run(teamWith([allow('*')]), { as: { anyone: true }, denied: ['s3:GetObject'] });
    expect(result.failures.map(({ principal }) => principal)).toEqual([
      'root',
      'permission-set:Set',
      'any IAM user with AdministratorAccess',
      'any role with AdministratorAccess',
    ]);
    const except = [{ permissionSet: 'Set' }, { rootUser: true } as const];
    const others = await run(teamWith([allow('*')]), { as: { anyone: true, except }, denied: ['s3:GetObject'] });
    expect(others.failures).toHaveLength(2);
  });

  it('a level without FullAWSAccess or another SCP that allows denies', async () => {
    const { 'attachment/scp:FullAWSAccess@ou:Workloads': _gone, ...state } = stateWith(
      set('Set', { inlinePolicy: document(allow('*')) }),
      assignment('group:Team', 'Set', 'Prod'),
    );
    expect(await holds(worldOf(state), { denied: ['*'] })).toBe(true);
  });

  it('a policy whose document nobody has makes it depend', async () => {
    const state = stateWith(
      set('Set', { customerManagedPolicies: [{ name: 'OrdersReader', path: '/' }] }),
      assignment('group:Team', 'Set', 'Prod'),
    );
    const result = await run(worldOf(state), { denied: ['s3:GetObject'] });
    expect(result.failures[0]?.dependsOn).toEqual(['policy:OrdersReader']);
  });
});

describe('whose resource it is', () => {
  const world = teamWith([allow('*')]);
  it("another account's resource depends on a policy that nobody has, unless this side denies", async () => {
    const asked = { action: 's3:GetObject', resource: 'arn:aws:s3:::b/k', resourceAccount: 'Dev' };
    expect(await holds(world, { allowed: [asked] })).toBe(false);
    expect(await holds(world, { denied: [asked] })).toBe(false);
    expect(await holds(teamWith([allow('sqs:*')]), { denied: [asked] })).toBe(true);
  });

  it('a key of the same account has the default key policy, whom a role trusts is not known', async () => {
    expect(await holds(world, { allowed: ['kms:PutKeyPolicy', 'sts:GetCallerIdentity'] })).toBe(true);
    expect((await run(world, { allowed: ['sts:AssumeRole'] })).failures[0]?.dependsOn).toEqual([
      "the role's trust policy",
    ]);
    expect(await holds(teamWith([allow('s3:*')]), { denied: ['sts:AssumeRole'] })).toBe(true);
  });

  it('a policy that is in no state is called assumed, not live', async () => {
    const said = async (test: Parameters<typeof run>[1]): Promise<readonly string[]> =>
      (await run(world, test)).failures.flatMap(({ reasons }) => reasons.map(reasonWords));
    expect(await said({ denied: ['kms:PutKeyPolicy'] })).toContainEqual(
      "Allow in default key policy, statement 1 (the resource's policy; assumed)",
    );
    expect(await said({ as: { anyone: true }, denied: ['s3:GetObject'] })).toContainEqual(
      'Allow in AdministratorAccess, statement 1 (identity policy; assumed)',
    );
  });
});

describe('only', () => {
  const world = teamWith([allow(['dynamodb:GetItem', 'dynamodb:Query'], 'arn:aws:dynamodb:*:*:table/orders*')]);
  const asked = { action: ['dynamodb:GetItem', 'dynamodb:Query'], resource: 'arn:aws:dynamodb:*:*:table/orders*' };
  it('holds when nothing else is possible', async () => {
    expect(await holds(world, { allowed: [asked], only: true })).toBe(true);
  });
  it('fails on another action, and on another resource', async () => {
    expect(await holds(world, { allowed: [{ ...asked, action: 'dynamodb:GetItem' }], only: true })).toBe(false);
    expect(await holds(world, { allowed: [{ ...asked, resource: table('orders-1*') }], only: true })).toBe(false);
  });
  it('lets an action that is allowed without a resource work on any', async () => {
    const both = [asked, 'dynamodb:GetItem', 'dynamodb:Query'];
    expect(await holds(world, { allowed: both.slice(1), only: true })).toBe(true);
    expect(
      await holds(world, { allowed: [{ ...asked, resource: table('orders') }, ...both.slice(1)], only: true }),
    ).toBe(true);
  });
});

/** The law: what is said of a set is what the exact evaluator says of each request in it. */
describe('an answer about a pattern', () => {
  const part = fc.constantFrom('a', 'b', 'ab', 'a*', '*', '?b', 'a*b', '*a');
  const objects = part.map((name) => `arn:aws:s3:::k/${name}`);
  const resource = fc.oneof(objects, fc.constantFrom('*', 'arn:aws:s3:::*', 'arn:aws:s3:::k/${aws:PrincipalAccount}*'));
  const action = fc.constantFrom('s3:GetObject', 's3:PutObject', 's3:*', 's3:Get*', '*');
  const asks = fc.constantFrom('s3:GetObject', 's3:PutObject', 's3:*Object', 's3:Get*');
  const condition = fc.constantFrom<Statement['Condition'] | undefined>(
    undefined,
    undefined,
    { StringEquals: { 'aws:SourceVpc': 'v' } },
    { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } },
  );
  const statement = fc
    .record({
      Effect: fc.constantFrom('Allow', 'Deny'),
      action,
      resource,
      condition,
      flip: fc.constantFrom('', 'A', 'R'),
    })
    .map(({ Effect, action: Action, resource: Resource, condition: Condition, flip }): Statement => ({
      Effect,
      ...(flip === 'A' ? { NotAction: Action } : { Action }),
      ...(flip === 'R' ? { NotResource: Resource } : { Resource }),
      ...(Condition === undefined ? {} : { Condition }),
    }));
  const policy: fc.Arbitrary<PolicyDocument> = fc
    .array(statement, { minLength: 1, maxLength: 3 })
    .map((statements) => document(...statements));
  const names = ['a', 'b', 'ab', 'aab', 'bb', 'aa', 'cb', 'c', '222222222222x'];

  it('is what is decided for each of its resources and actions', async () => {
    const resources = await loadActionResources(['s3:GetObject', 's3:PutObject']);
    fc.assert(
      fc.property(
        policy,
        policy,
        objects,
        asks,
        fc.constantFrom('v', 'w', undefined),
        (one, rail, asked, does, vpc) => {
          const asking: Inquiry = { action: does, resource: asked };
          const actor: Actor = {
            name: 'it',
            arn: 'arn:aws:iam::222222222222:role/R',
            kind: 'role',
            account: prod,
            policies: {
              identityPolicies: [{ name: 'one', policy: one }],
              scps: [
                {
                  level: 'Root',
                  policies: [
                    { name: 'full', policy: document(allow('*')) },
                    { name: 'rail', policy: rail },
                  ],
                },
              ],
            },
          };
          const asker: InquiryContext = { world: worldOf(stateWith()), resources, now: '2026-11-23T12:00:00Z' };
          const wild = asked.slice('arn:aws:s3:::k/'.length);
          const inside = names.filter((name) =>
            new RegExp(`^${wild.replaceAll('*', '.*').replaceAll('?', '.')}$`).test(name),
          );
          const actions = ['s3:GetObject', 's3:PutObject'].filter((name) =>
            new RegExp(`^${does.replace('*', '.*')}$`).test(name),
          );
          const said = [askAllowed, askDenied].map((ask) => ask(asker, actor, asking).decision);
          expect(notDenied(asker, actor, asking) === undefined).toBe(said[1] === 'denied');
          for (const name of inside)
            for (const each of actions) {
              const context = {
                'aws:RequestedRegion': 'eu-west-1',
                ...(vpc === undefined ? {} : { 'aws:SourceVpc': vpc }),
              };
              const exact = decide(
                { action: each, resource: `arn:aws:s3:::k/${name}`, principal: actor.arn, context },
                actor.policies,
              ).decision;
              if (said[0] === 'allowed') expect(exact).toBe('allowed');
              if (said[1] === 'denied') expect(exact).toBe('denied');
            }
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe('of what is not there', () => {
  const place = 'arn:aws:iam::222222222222:role/gatehouse/Vendor';
  const administrator = set('Set', { inlinePolicy: document(allow('*')) });
  const state = stateWith(administrator, assignment('group:Team', 'Set', 'Prod'));
  const goneKeys = ['role/Prod:Vendor', 'policy/Prod:/+Reader'];
  const gone = (key: string): boolean => goneKeys.includes(key);
  const after = createWorld({ ...worldOf(state), gone });
  const assume = { action: 'sts:AssumeRole', resource: place };

  it('a role that has ended is assumed by nobody, for sure', async () => {
    expect(await holds(after, { denied: [assume] })).toBe(true);
    const { ok, failures } = await run(after, { allowed: [assume] });
    expect(ok).toBe(false);
    expect(failures[0]?.message).toContain('is denied (nobody may assume a role that is not there), must be allowed');
  });

  it('a role that no file speaks of may be there', async () => {
    expect(await holds(worldOf(state), { denied: [assume] })).toBe(false);
    expect(await holds(worldOf(state), { allowed: [assume] })).toBe(false);
    expect(await holds(after, { denied: [{ ...assume, resource: `${place}s` }] })).toBe(false);
  });

  it('a role that has ended asks for nothing, whoever trusts it', async () => {
    const open = role('Open', 'Prod', {
      path: '/gatehouse/',
      trust: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS: place }, Action: 'sts:*' }] },
    });
    const asking = {
      action: 'sts:AssumeRole',
      resource: 'arn:aws:iam::222222222222:role/gatehouse/Open',
      context: { 'aws:PrincipalArn': place },
    };
    const trusted = worldOf({ ...state, ...desired([open]).state });
    expect(await holds(trusted, { denied: [asking] })).toBe(false);
    expect(await holds({ ...trusted, gone }, { denied: [asking] })).toBe(true);
  });

  it('a role as the one who asks has nothing, and the test says that it is not there', async () => {
    const as = { role: 'Prod:Vendor' };
    expect(await holds(after, { as, denied: ['*'] })).toBe(true);
    const { failures } = await run(after, { as, allowed: ['s3:GetObject'] });
    expect(failures[0]?.message).toBe(
      'role:Prod:Vendor in Prod: s3:GetObject is denied (that role is not there), must be allowed',
    );
  });

  it.each([{ group: 'Gone' }, { user: 'gone' }, { permissionSet: 'Gone' }])('%o has nothing', async (as) => {
    expect(await holds(after, { as, denied: ['*'] })).toBe(true);
    expect(await holds(after, { as, allowed: ['s3:GetObject'] })).toBe(false);
  });

  it('an account that is not there lets nobody do anything', async () => {
    expect(await holds(after, { accounts: ['Gone'], denied: ['*'] })).toBe(true);
    expect(await holds(after, { accounts: ['Gone'], allowed: ['s3:GetObject'] })).toBe(false);
  });

  it('a customer policy that has ended gives nothing; one that no file speaks of may', async () => {
    const holder = set('Set', { customerManagedPolicies: [{ name: 'Reader', path: '/' }] });
    const held = stateWith(holder, assignment('group:Team', 'Set', 'Prod'));
    expect(await holds(worldOf(held), { denied: ['s3:GetObject'] })).toBe(false);
    const ended = createWorld({ ...worldOf(held), gone });
    expect(await holds(ended, { denied: ['s3:GetObject'] })).toBe(true);
  });
});
