import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isArnLike, isLike } from '../../src/sandbox/sts/glob.ts';
import { roleNamed } from '../../src/sandbox/iam/state.ts';
import { all, code, iamScene as scene, role, trustOf } from '../support/iam.ts';
import { management, playground, production, start } from '../support/sandbox.ts';

const arnOf = (name: string, account = production) => `arn:aws:iam::${account}:role/${name}`;
const assume = (RoleArn: string, more: Record<string, string> = {}) => ({ RoleArn, RoleSessionName: 'me', ...more });
const accountRole = arnOf('OrganizationAccountAccessRole');
const hour = 3_600_000;

/** A role `T` in production with this trust, assumed by whoever. */
const trusting = (Principal: unknown, more: object = {}) => {
  const made = scene();
  made.iam('CreateRole', role('T', { AssumeRolePolicyDocument: trustOf(Principal, more) }), { account: production });
  return { ...made, attempt: (input = {}, by = {}) => code(made.sts('AssumeRole', assume(arnOf('T'), input), by)) };
};

describe('AssumeRole', () => {
  it.each([
    [assume(accountRole), 'accepted'],
    [assume(arnOf('gatehouse/GatehouseMember')), 'accepted'],
    [assume(arnOf('GatehouseMember')), 'AccessDenied'],
    [assume(arnOf('OrganizationAccountAccessRole', management)), 'AccessDenied'],
    [assume(arnOf('Nobody')), 'AccessDenied'],
    [assume(arnOf('OrganizationAccountAccessRole', '999999999999')), 'AccessDenied'],
    [assume(accountRole, { RoleSessionName: 'a b' }), 'ValidationError'],
    [assume(accountRole, { DurationSeconds: '899' }), 'ValidationError'],
    [assume(accountRole, { DurationSeconds: '3601' }), 'ValidationError'],
    [assume(accountRole, { DurationSeconds: '900' }), 'accepted'],
  ])('answers %j with %s', (members, expected) => {
    expect(code(scene().sts('AssumeRole', members))).toBe(expected);
  });

  it.each<[string, unknown, object, string]>([
    ['its account', { AWS: management }, {}, 'accepted'],
    ['its account by root', { AWS: `arn:aws:iam::${management}:root` }, {}, 'accepted'],
    ['another account', { AWS: playground }, {}, 'AccessDenied'],
    ['anybody', '*', {}, 'accepted'],
    ['a service', { Service: 'ec2.amazonaws.com' }, {}, 'AccessDenied'],
    ['a provider', { Federated: 'accounts.google.com' }, { Action: 'sts:AssumeRoleWithWebIdentity' }, 'AccessDenied'],
    ['its account for another action', { AWS: management }, { Action: 'sts:TagSession' }, 'AccessDenied'],
    ['its account for every action', { AWS: management }, { Action: 'STS:Assume*' }, 'accepted'],
    [
      'itself under a condition',
      { AWS: management },
      { Condition: { Bool: { 'aws:SecureTransport': true } } },
      'accepted',
    ],
    ['itself under an unknown operator', { AWS: management }, { Condition: { Odd: { 'aws:x': 'y' } } }, 'AccessDenied'],
    [
      'its organization',
      '*',
      { Condition: { StringEquals: { 'aws:PrincipalOrgID': ['o-other', 'o-securecart0'] } } },
      'accepted',
    ],
    [
      'until a date',
      '*',
      { Condition: { DateLessThan: { 'aws:CurrentTime': '2026-11-22T00:00:00Z' } } },
      'AccessDenied',
    ],
    ['those with MFA', '*', { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } }, 'AccessDenied'],
    ['those without a key', '*', { Condition: { Null: { 'aws:MultiFactorAuthPresent': 'true' } } }, 'accepted'],
    [
      'those without a key or with another value',
      '*',
      { Condition: { StringNotEquals: { 'sts:ExternalId': 'x' } } },
      'accepted',
    ],
    [
      'the administrator by pattern',
      { AWS: management },
      { Condition: { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${management}:role/Adm*` } } },
      'accepted',
    ],
    [
      'a pattern that would have to cross a colon',
      '*',
      { Condition: { ArnLike: { 'aws:PrincipalArn': 'arn:aws:*/Admin' } } },
      'AccessDenied',
    ],
  ])('asks the trust policy: for %s', (_name, Principal, more, expected) => {
    expect(trusting(Principal, more).attempt()).toBe(expected);
  });

  it('asks for the external id', () => {
    const { attempt } = trusting({ AWS: management }, { Condition: { StringEquals: { 'sts:ExternalId': 'secret' } } });
    expect([attempt(), attempt({ ExternalId: 'guess' }), attempt({ ExternalId: 'secret' })]).toEqual([
      'AccessDenied',
      'AccessDenied',
      'accepted',
    ]);
  });

  it('takes session tags only where the trust lets sessions be tagged', () => {
    const tags = { 'Tags.member.1.Key': 'run', 'Tags.member.1.Value': '1' };
    const { sts } = scene();
    expect(code(sts('AssumeRole', assume(accountRole, tags)))).toBe('AccessDenied');
    expect(code(sts('AssumeRole', assume(arnOf('gatehouse/GatehouseMember'), tags)))).toBe('accepted');
  });

  it('lets a denial win, and one that it cannot evaluate too', () => {
    const allowed = { Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole' };
    const attempt = (Condition: object) => {
      const Statement = [allowed, { ...allowed, Effect: 'Deny', Condition }];
      const { iam, sts } = scene();
      const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
      iam('CreateRole', role('T', { AssumeRolePolicyDocument }), { account: production });
      return code(sts('AssumeRole', assume(arnOf('T'))));
    };
    expect(attempt({ StringEquals: { 'aws:PrincipalAccount': management } })).toBe('AccessDenied');
    expect(attempt({ StringEquals: { 'aws:PrincipalAccount': production } })).toBe('accepted');
    expect(attempt({ Odd: { 'aws:PrincipalAccount': production } })).toBe('AccessDenied');
  });

  it('knows a role by its id: one that is made anew under the name is somebody else', () => {
    const { iam, sts } = scene();
    const ci = { AssumeRolePolicyDocument: trustOf({ AWS: management }) };
    const session = () => all(sts('AssumeRole', assume(arnOf('CI', management))), 'AccessKeyId')[0] ?? '';
    iam('CreateRole', role('CI', ci));
    const trust = { AssumeRolePolicyDocument: trustOf({ AWS: arnOf('CI', management) }) };
    iam('CreateRole', role('Deploy', trust), { account: production });
    const attempt = (key?: string) =>
      code(sts('AssumeRole', assume(arnOf('Deploy')), key === undefined ? {} : { key }));
    expect([attempt(), attempt(session())]).toEqual(['AccessDenied', 'accepted']);
    iam('DeleteRole', { RoleName: 'CI' });
    iam('CreateRole', role('CI', ci));
    expect(attempt(session())).toBe('AccessDenied');
  });

  it('remembers when a role was last used', () => {
    const { sts, world, iam } = scene();
    expect(roleNamed(world, production, 'GatehouseMember')?.lastUsed).toBeUndefined();
    sts('AssumeRole', assume(arnOf('gatehouse/GatehouseMember')), { now: start + 5000 });
    const shown = iam('GetRole', { RoleName: 'GatehouseMember' }, { account: production });
    expect(all(shown, 'LastUsedDate')).toEqual(['2026-11-22T00:00:05Z']);
  });
});

describe('a session', () => {
  const opened = (input: Record<string, string> = {}) => {
    const made = scene();
    const [key = ''] = all(made.sts('AssumeRole', assume(accountRole, input)), 'AccessKeyId');
    return { ...made, key };
  };

  it('acts in the account of the role', () => {
    const { sts, key } = opened();
    expect(all(sts('GetCallerIdentity', {}, { key }), 'Arn')).toEqual([
      `arn:aws:sts::${production}:assumed-role/OrganizationAccountAccessRole/me`,
    ]);
  });

  it('ends when its time is over, in the words of each protocol', () => {
    const { iam, key, sandbox } = opened({ DurationSeconds: '900' });
    const list = (now: number) => code(iam('ListRoles', {}, { key, now }));
    expect([list(start + 899_999), list(start + 900_000)]).toEqual(['accepted', 'ExpiredToken']);
    const authorization = `AWS4-HMAC-SHA256 Credential=${key}/20261122/us-east-1/organizations/aws4_request`;
    const headers = { authorization, 'x-amz-target': 'AWSOrganizationsV20161128.ListRoots' };
    const request = { method: 'POST', path: '/', query: {}, headers, body: '{}' };
    expect(sandbox.handle(request, () => start + hour).body).toContain('ExpiredTokenException');
  });

  it('that was never opened is nobody', () => {
    expect(code(scene().iam('ListRoles', {}, { key: 'ASIAIOSFODNN7EXAMPLE' }))).toBe('InvalidClientTokenId');
  });

  it('opens another for an hour at most, however long the role allows', () => {
    const { iam, sts, key } = opened();
    const trust = { AssumeRolePolicyDocument: trustOf({ AWS: production }), MaxSessionDuration: '43200' };
    iam('CreateRole', role('Long', trust), { account: production });
    const attempt = (DurationSeconds: string) =>
      code(sts('AssumeRole', assume(arnOf('Long'), { DurationSeconds }), { key }));
    expect([attempt('3600'), attempt('3601')]).toEqual(['accepted', 'ValidationError']);
  });
});

describe('the wildcards of policies', () => {
  it('match as a regular expression of the same meaning would', () => {
    const piece = fc.constantFrom('a', 'b', '*', '?', ':');
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 8 }),
        fc.array(fc.constantFrom('a', 'b', ':'), { maxLength: 8 }),
        (p, t) => {
          const [pattern, text] = [p.join(''), t.join('')];
          const expression = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`);
          expect(isLike(text, pattern)).toBe(expression.test(text));
        },
      ),
    );
  });

  it('do not cross the parts of an ARN, save in the last', () => {
    expect(isArnLike('arn:aws:iam::1:role/a:b', 'arn:aws:iam::1:role/*')).toBe(true);
    expect(isArnLike('arn:aws:iam::1:role/a', 'arn:aws:*:role/a')).toBe(false);
  });

  it('take hostile patterns in their stride', () => {
    const began = performance.now();
    expect(isLike('a'.repeat(4000), `${'*a'.repeat(400)}b`)).toBe(false);
    expect(performance.now() - began).toBeLessThan(2000);
  });
});
