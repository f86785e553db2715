import { describe, expect, it } from 'vitest';
import { all, code, iamScene, identityPolicy, role, trustOf } from '../support/iam.ts';
import { management, start } from '../support/sandbox.ts';

type Form = Readonly<Record<string, string>>;

const RoleArn = `arn:aws:iam::${management}:role/R`;
const assume = (more: Form = {}): Form => ({ RoleArn, RoleSessionName: 'me', ...more });
const tag = (Key: string, index = 1): Form => ({
  [`Tags.member.${index}.Key`]: Key,
  [`Tags.member.${index}.Value`]: 'v',
});
const trust = trustOf({ AWS: management }, { Action: ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'] });

const scene = () => {
  const made = iamScene();
  made.iam('CreateRole', role('R', { AssumeRolePolicyDocument: trust }));
  return made;
};

const refusal = (body: string): string => `${code(body)}: ${all(body, 'Message')[0] ?? ''}`;

describe('AssumeRole', () => {
  it.each<[Form, string]>([
    [{ RoleArn: 'nothing-valid-in-here' }, 'ValidationError: nothing-valid-in-here is invalid'],
    [{ RoleArn: 'arn::b:::something/test-role' }, 'ValidationError: arn::b:::something/test-role is invalid'],
    [{ RoleArn: 'arn:aws:iam::111111111111:' }, 'ValidationError: arn:aws:iam::111111111111: is invalid'],
    [
      { 'TransitiveTagKeys.member.1': 'x' },
      'InvalidParameterValue: The specified transitive tag key must be included in the requested tags.',
    ],
    [
      { ...tag('x'), ...tag('X', 2) },
      'InvalidParameterValue: Duplicate tag keys found. Please note that Tag keys are case insensitive.',
    ],
    [
      { DurationSeconds: '7200' },
      'ValidationError: The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    ],
    [{ Policy: '{}' }, 'MalformedPolicyDocument: Syntax errors in policy.'],
  ])('refuses %o', (members, words) => {
    expect(refusal(scene().sts('AssumeRole', assume(members)))).toBe(words);
  });

  it('hands transitive tags on, which the next session cannot replace', () => {
    const { sts } = scene();
    const first = sts('AssumeRole', assume({ ...tag('team'), 'TransitiveTagKeys.member.1': 'team' }));
    const [key = ''] = all(first, 'AccessKeyId');
    expect(refusal(sts('AssumeRole', assume(tag('TEAM')), { key }))).toContain('conflicts with a transitive tag key');
    expect(code(sts('AssumeRole', assume(tag('other')), { key }))).toBe('accepted');
  });

  it('says what a session policy takes of its space, and keeps the source identity', () => {
    const { sts } = scene();
    const body = sts('AssumeRole', assume({ Policy: identityPolicy, SourceIdentity: 'ada' }));
    expect([all(body, 'PackedPolicySize').length, all(body, 'SourceIdentity')]).toEqual([1, ['ada']]);
    expect(all(sts('AssumeRole', assume()), 'PackedPolicySize')).toEqual([]);
  });
});

describe('tokens', () => {
  it('of a session are for those who have none', () => {
    const { sts } = scene();
    const [key = ''] = all(sts('GetSessionToken'), 'AccessKeyId');
    expect(all(sts('GetCallerIdentity', {}, { key }), 'Arn')).toEqual(all(sts('GetCallerIdentity'), 'Arn'));
    expect(refusal(sts('GetSessionToken', {}, { key }))).toContain(
      'Cannot call GetSessionToken with session credentials',
    );
    expect(all(sts('GetFederationToken', { Name: 'bob' }), 'Arn')).toEqual([
      `arn:aws:sts::${management}:federated-user/bob`,
    ]);
  });

  const claims = (more: object = {}) => ({ iss: 'https://ci.example', sub: 'repo:x', aud: 'sts', ...more });
  const jwt = (body: object) => `e30.${Buffer.from(JSON.stringify(body)).toString('base64url')}.x`;

  it.each<[string, object, string]>([
    ['the trusted subject', {}, 'accepted'],
    ['another subject', { sub: 'repo:y' }, 'AccessDenied'],
    ['another audience', { aud: 'other' }, 'InvalidIdentityToken'],
    ['an issuer that IAM does not know', { iss: 'https://other.example' }, 'InvalidIdentityToken'],
    ['a token that has ended', { exp: start / 1000 }, 'ExpiredTokenException'],
  ])('of OpenID Connect open a role for %s: %o', (_who, more, expected) => {
    const { iam, sts } = iamScene();
    iam('CreateOpenIDConnectProvider', { Url: 'https://ci.example', 'ClientIDList.member.1': 'sts' });
    const Federated = `arn:aws:iam::${management}:oidc-provider/ci.example`;
    const Condition = { StringEquals: { 'ci.example:sub': 'repo:x' } };
    const document = trustOf({ Federated }, { Action: 'sts:AssumeRoleWithWebIdentity', Condition });
    iam('CreateRole', role('R', { AssumeRolePolicyDocument: document }));
    const answer = sts('AssumeRoleWithWebIdentity', assume({ WebIdentityToken: jwt(claims(more)) }));
    expect(code(answer)).toBe(expected);
    expect(all(answer, 'SubjectFromWebIdentityToken')).toEqual(expected === 'accepted' ? ['repo:x'] : []);
  });
});
