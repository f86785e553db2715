/**
 * What IAM refuses as a policy and in which words. The words are those of answers that AWS gave and others recorded
 * (https://github.com/localstack/localstack, tests/aws/services/iam, snapshots of 2026); the documents are our own.
 */
import { describe, expect, it } from 'vitest';
import { loadCatalogue } from '../../src/evaluate/catalogue.ts';
import { checkInlineDocument } from '../../src/sandbox/iam/grammar/identity.ts';
import { all, code, iamScene, role, trustOf } from '../support/iam.ts';

type Fields = Readonly<Record<string, unknown>>;

const plain: Fields = { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: '*' };
const policy = (Statement: unknown, more: Fields = {}): string =>
  JSON.stringify({ Version: '2012-10-17', ...more, Statement });
const one = (more: Fields): string => policy({ ...plain, ...more });
const when = (operator: string, value: unknown): string =>
  one({ Condition: { [operator]: { 'aws:CurrentTime': value } } });
const on = (Resource: unknown): string => one({ Resource });

const answerTo = (PolicyDocument: string): string => {
  const body = iamScene().iam('CreatePolicy', { PolicyName: 'P', PolicyDocument });
  const [message] = all(body, 'Message');
  return message === undefined ? 'accepted' : `${code(body)}: ${message.replaceAll('&quot;', '"')}`;
};

const syntax = 'Syntax errors in policy.';
const tooOld = 'Policy document must be version 2012-10-17 or greater.';
const legacy = 'The policy failed legacy parsing';
const noVendor = 'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.';
const noResource = 'Policy statement must contain resources.';

describe('a managed policy', () => {
  it.each([
    ['not JSON', '{"Version"', syntax],
    ['a list', '[]', syntax],
    ['no statement', policy([]), syntax],
    ['an unknown element', policy(plain, { Comment: '' }), syntax],
    ['an unknown element of a statement', one({ Actions: 's3:*' }), syntax],
    ['an unknown version', policy(plain, { Version: '2020-01-01' }), syntax],
    ['an Id that is no text', policy(plain, { Id: 4 }), syntax],
    ['another effect', one({ Effect: 'Permit' }), syntax],
    ['Action and NotAction', one({ NotAction: 's3:*' }), syntax],
    ['Resource and NotResource', one({ NotResource: '*' }), syntax],
    ['an action that is no text', one({ Action: [1] }), syntax],
    ['a condition that is a list', one({ Condition: [] }), syntax],
    ['an unknown operator', when('StringIs', 'x'), syntax],
    ['an operator with two prefixes', when('ForAllValues:ForAnyValue:StringLike', 'x'), syntax],
    ['a Null that is IfExists', when('NullIfExists', 'true'), syntax],
    ['a value that is an object', when('StringEquals', { a: 'b' }), syntax],
    ['no version', JSON.stringify({ Statement: plain }), tooOld],
    ['the old version', policy(plain, { Version: '2008-10-17' }), tooOld],
    ['an effect in other case', one({ Effect: 'ALLOW' }), legacy],
    ['a date that is none', when('DateLessThan', 'tomorrow'), legacy],
    ['a month that is none', when('DateEquals', '2026-13-01'), legacy],
    ['an ARN with too few parts', on('arn:aws:sqs::queue'), legacy],
    ['an ARN without a service', on('arn:aws:::1:x'), legacy],
    [
      'the same Sid twice',
      policy([plain, plain].map((each) => ({ ...each, Sid: 'A' }))),
      'Statement IDs (SID) in a single policy must be unique.',
    ],
    ['no action', policy({ Effect: 'Deny', Resource: '*' }), 'Policy statement must contain actions.'],
    ['an empty list of actions', one({ Action: [] }), 'Policy statement must contain actions.'],
    ['an empty list of resources', on([]), noResource],
    ['no resource, and an action without a service', policy({ Effect: 'Allow', Action: 'x' }), noResource],
    ['an action without a service', one({ Action: ['s3:*', 'ListUsers'] }), noVendor],
    ['two colons', one({ Action: 's3:Get:Object' }), 'Actions/Condition can contain only one colon.'],
    ['a service with a blank', one({ Action: 's 3:*' }), 'Vendor s 3 is not valid'],
    ['a bare name', on(['*', 'bucket']), 'Resource bucket must be in ARN format or "*".'],
    ['an unknown partition', on('arn:azure:s3:::b'), 'Partition "azure" is not valid for resource "arn:azure:s3:::b".'],
    ['a short ARN of an unknown partition', on('arn:x:y'), 'Partition "x" is not valid for resource "arn:x:y:*:*:*".'],
    ['a bare partition', on('arn:aws'), 'Resource vendor must be fully qualified and cannot contain regexes.'],
    [
      'an IAM ARN with a Region',
      on('arn:aws:iam:eu-west-1:1:role/r'),
      'IAM resource arn:aws:iam:eu-west-1:1:role/r cannot contain region information.',
    ],
    [
      'a bucket with a Region',
      on('arn:aws:s3:eu-west-1::b'),
      'Resource arn:aws:s3:eu-west-1::b can not contain region information.',
    ],
    ['a principal', one({ Principal: '*' }), 'Policy document should not specify a principal.'],
  ])('is refused for %s', (_what, document, words) => {
    expect(answerTo(document)).toBe(`MalformedPolicyDocument: ${words}`);
  });

  it('is refused for a resource of IAM that has no type', () => {
    expect(answerTo(on('arn:aws:iam::111111111111:ada'))).toContain('IAM resource path must either be "*", root, or');
  });

  it.each([
    on(['arn:aws:iam::*:root', 'arn:aws:iam::111111111111:r*', 'arn:aws:s3:eu-west-1:1:accesspoint/a', 'arn:aws:sqs']),
    one({ Action: ['*', 'new-service.v2:Do It'] }),
    one({ Condition: {} }),
    one({ Condition: { NoOperator: {} } }),
    when('DateGreaterThan', ['2026', '2026-01-31T23:59:59.5Z', '2026-01-01T10:00+02:00', '1767225600']),
    when('ForAnyValue:StringLikeIfExists', ['a', true, 5]),
    policy(
      [
        { ...plain, Sid: '' },
        { ...plain, Sid: '' },
      ],
      { Id: 'x' },
    ),
  ])('may be %s', (document) => {
    expect(answerTo(document)).toBe('accepted');
  });
});

describe('an inline policy', () => {
  it.each([
    ['PutRolePolicy', 'RoleName'],
    ['PutUserPolicy', 'UserName'],
    ['PutGroupPolicy', 'GroupName'],
  ])('of %s is held to the same grammar, but may be of the old version', (operation, name) => {
    const { iam } = iamScene();
    iam('CreateRole', role('X'));
    iam('CreateUser', { UserName: 'X' });
    iam('CreateGroup', { GroupName: 'X' });
    const put = (PolicyDocument: string) =>
      all(iam(operation, { [name]: 'X', PolicyName: 'p', PolicyDocument }), 'Message');
    expect(put(one({ Action: 'x' }))).toEqual([noVendor]);
    expect([put(JSON.stringify({ Statement: plain })), put(policy(plain, { Version: '2008-10-17' }))]).toEqual([
      [],
      [],
    ]);
  });

  it('may be any that AWS itself wrote', () => {
    const catalogue = loadCatalogue();
    const refused = catalogue.names().filter((name) => {
      try {
        checkInlineDocument(JSON.stringify(catalogue.document(catalogue.arnOf(name) ?? '')));
        return false;
      } catch {
        return true;
      }
    });
    expect(catalogue.names().length).toBeGreaterThan(1000);
    expect(refused).toEqual([]);
  });
});

describe('a trust policy', () => {
  const ec2 = { Service: 'ec2.amazonaws.com' };
  const onlySts = 'AssumeRole policy may only specify STS AssumeRole actions.';
  it.each([
    ['not json', 'This policy contains invalid Json'],
    [trustOf(ec2, { Action: 's3:GetObject' }), onlySts],
    [trustOf(ec2, { Action: ['sts:AssumeRole', 'sts:GetCallerIdentity'] }), onlySts],
    [trustOf(ec2, { Action: '*' }), onlySts],
    [trustOf(ec2, { Resource: '*' }), 'Has prohibited field Resource'],
    [trustOf(undefined), 'Missing required field Principal'],
    [trustOf(ec2, { Action: undefined }), 'Missing required field Action'],
    [trustOf(ec2, { Condition: { Equals: { 'sts:ExternalId': 'x' } } }), syntax],
  ])('%s is refused in AWS’s words', (trust, words) => {
    const { iam } = iamScene();
    expect(all(iam('CreateRole', role('R', { AssumeRolePolicyDocument: trust })), 'Message')).toEqual([words]);
    iam('CreateRole', role('S'));
    expect(all(iam('UpdateAssumeRolePolicy', { RoleName: 'S', PolicyDocument: trust }), 'Message')).toEqual([words]);
  });

  it.each(['sts:TagSession', 'sts:SetSourceIdentity', 'sts:SetContext', 'STS:assumerole*', 'sts:*'])(
    'may speak of %s',
    (Action) => {
      const trust = trustOf(ec2, { Action });
      expect(code(iamScene().iam('CreateRole', role('R', { AssumeRolePolicyDocument: trust })))).toBe('accepted');
    },
  );
});
