import { describe, expect, it } from 'vitest';
import { all, code, iamScene } from '../support/iam.ts';
import { management } from '../support/sandbox.ts';

type Form = Readonly<Record<string, string>>;

const policy = (...Statement: object[]): string => JSON.stringify({ Version: '2012-10-17', Statement });
const reads = { Effect: 'Allow', Action: 's3:Get*', Resource: 'arn:aws:s3:::orders/*' };
const secret = { Effect: 'Deny', Action: '*', Resource: 'arn:aws:s3:::orders/secret/*' };
const withMfa = { ...reads, Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } };
const custom = (document: string, Action: string, more: Form = {}): Form => ({
  'PolicyInputList.member.1': document,
  'ActionNames.member.1': Action,
  'ResourceArns.member.1': 'arn:aws:s3:::orders/1',
  ...more,
});
const mfa = (value: string): Form => ({
  'ContextEntries.member.1.ContextKeyName': 'aws:MultiFactorAuthPresent',
  'ContextEntries.member.1.ContextKeyValues.member.1': value,
});

describe('the policy simulator', () => {
  it.each<[Form, string]>([
    [custom(policy(reads), 's3:GetObject'), 'allowed'],
    [custom(policy(reads), 's3:PutObject'), 'implicitDeny'],
    [
      custom(policy(reads, secret), 's3:GetObject', { 'ResourceArns.member.1': 'arn:aws:s3:::orders/secret/1' }),
      'explicitDeny',
    ],
    [custom(policy(withMfa), 's3:GetObject', mfa('true')), 'allowed'],
    [custom(policy(withMfa), 's3:GetObject', mfa('false')), 'implicitDeny'],
    [custom(policy(withMfa), 's3:GetObject'), 'implicitDeny'],
    [
      custom(policy(reads), 's3:GetObject', {
        'PermissionsBoundaryPolicyInputList.member.1': policy({ ...reads, Action: 'sqs:*' }),
      }),
      'implicitDeny',
    ],
  ])('answers %o with %s', (members, decision) => {
    expect(all(iamScene().iam('SimulateCustomPolicy', members), 'EvalDecision')).toEqual([decision]);
  });

  it('names the statement that decides, and the keys that it misses', () => {
    const body = iamScene().iam('SimulateCustomPolicy', custom(policy(secret, withMfa), 's3:GetObject', mfa('true')));
    const start = policy(secret, withMfa).indexOf('{"Effect":"Allow"') + 1;
    expect(all(body, 'Column').slice(0, 2)).toEqual([String(start), String(policy(secret, withMfa).length - 1)]);
    const without = iamScene().iam('SimulateCustomPolicy', custom(policy(withMfa), 's3:GetObject'));
    expect(without).toContain('<MissingContextValues><member>aws:MultiFactorAuthPresent</member>');
  });

  it('reads what a user has of its own and through groups', () => {
    const { iam } = iamScene();
    iam('CreateUser', { UserName: 'ada' });
    iam('CreateGroup', { GroupName: 'g' });
    iam('AddUserToGroup', { UserName: 'ada', GroupName: 'g' });
    const PolicySourceArn = `arn:aws:iam::${management}:user/ada`;
    const ask = {
      PolicySourceArn,
      'ActionNames.member.1': 's3:GetObject',
      'ResourceArns.member.1': 'arn:aws:s3:::orders/1',
    };
    const decision = () => all(iam('SimulatePrincipalPolicy', ask), 'EvalDecision')[0];
    expect(decision()).toBe('implicitDeny');
    iam('PutGroupPolicy', { GroupName: 'g', PolicyName: 'read', PolicyDocument: policy(reads) });
    expect(decision()).toBe('allowed');
    iam('PutUserPermissionsBoundary', {
      UserName: 'ada',
      PermissionsBoundary: 'arn:aws:iam::aws:policy/ReadOnlyAccess',
    });
    iam('PutUserPolicy', { UserName: 'ada', PolicyName: 'not', PolicyDocument: policy({ ...secret, Resource: '*' }) });
    expect(decision()).toBe('explicitDeny');
    const granting = iam('ListPoliciesGrantingServiceAccess', {
      Arn: PolicySourceArn,
      'ServiceNamespaces.member.1': 's3',
    });
    expect([all(granting, 'PolicyName'), all(granting, 'EntityName')]).toEqual([['read'], ['g']]);
    const [JobId = ''] = all(iam('GenerateServiceLastAccessedDetails', { Arn: PolicySourceArn }), 'JobId');
    expect(all(iam('GetServiceLastAccessedDetails', { JobId }), 'ServiceNamespace')).toEqual(['s3']);
  });

  it('refuses a document that is none, and a principal that is not there', () => {
    const { iam } = iamScene();
    expect(code(iam('SimulateCustomPolicy', custom('{}', 's3:GetObject')))).toBe('MalformedPolicyDocument');
    const PolicySourceArn = `arn:aws:iam::${management}:role/None`;
    expect(code(iam('SimulatePrincipalPolicy', { PolicySourceArn, 'ActionNames.member.1': 's3:*' }))).toBe(
      'NoSuchEntity',
    );
  });
});
