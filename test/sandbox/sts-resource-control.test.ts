import { describe, expect, it } from 'vitest';
import { signIn } from '../../src/sandbox/sts/sign-in.ts';
import { code, iamScene, role, trustOf } from '../support/iam.ts';
import { management, playground, production, start } from '../support/sandbox.ts';

const day = 86_400_000;
const now = start + day;

/** The organization with this RCP on a target. */
const under = (target: string | undefined, statement: object) => {
  const scene = iamScene();
  const { organizations: state } = scene.world;
  state.policyTypes.push({ Type: 'RESOURCE_CONTROL_POLICY', settlesAt: start, settled: 'ENABLED' });
  const Content = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Deny', Principal: '*', Resource: '*', ...statement }],
  });
  state.policies['p-no'] = {
    Id: 'p-no',
    Name: 'No',
    Description: '',
    Type: 'RESOURCE_CONTROL_POLICY',
    AwsManaged: false,
    Content,
  };
  state.attachments['p-no'] = [target ?? state.rootId];
  const enter = (account: string, more = {}) =>
    code(
      scene.sts(
        'AssumeRole',
        { RoleArn: `arn:aws:iam::${account}:role/OrganizationAccountAccessRole`, RoleSessionName: 'me', ...more },
        { now },
      ),
    );
  return { ...scene, enter };
};
const assume = { Action: 'sts:AssumeRole' };

describe('an RCP over a role', () => {
  it.each<[string, string | undefined, object, string]>([
    ['of AssumeRole on the root', undefined, assume, 'AccessDenied'],
    ['of AssumeRole on the account', production, assume, 'AccessDenied'],
    ['of AssumeRole on another account', playground, assume, 'accepted'],
    ['of every call of STS, in other letters', undefined, { Action: 'STS:*' }, 'AccessDenied'],
    ['of everything but reading', undefined, { Action: undefined, NotAction: 's3:Get*' }, 'AccessDenied'],
    ['of another call', undefined, { Action: 'sts:AssumeRoleWithSAML' }, 'accepted'],
    ['of another role', undefined, { ...assume, Resource: 'arn:aws:iam::*:role/Other' }, 'accepted'],
    [
      'that excepts the organization',
      undefined,
      { ...assume, Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-securecart0' } } },
      'accepted',
    ],
    ['under an operator nobody knows', undefined, { ...assume, Condition: { Odd: { 'aws:x': 'y' } } }, 'AccessDenied'],
  ])('%s', (_, target, statement, expected) => {
    expect(under(target, statement).enter(production)).toBe(expected);
  });

  it('binds a session tag by an action of its own', () => {
    const tags = { 'Tags.member.1.Key': 'a', 'Tags.member.1.Value': 'b' };
    const scene = under(undefined, { Action: 'sts:TagSession' });
    scene.iam(
      'CreateRole',
      role('T', { AssumeRolePolicyDocument: trustOf({ AWS: management }, { Action: 'sts:*' }) }),
      {
        account: production,
      },
    );
    const input = { RoleArn: `arn:aws:iam::${production}:role/T`, RoleSessionName: 'me' };
    expect(code(scene.sts('AssumeRole', input, { now }))).toBe('accepted');
    expect(code(scene.sts('AssumeRole', { ...input, ...tags }, { now }))).toBe('AccessDenied');
  });

  it('does not bind the management account, nor anybody before its type is enabled', () => {
    const scene = under(undefined, assume);
    scene.iam('CreateRole', role('T', { AssumeRolePolicyDocument: trustOf({ AWS: management }) }));
    const input = { RoleArn: `arn:aws:iam::${management}:role/T`, RoleSessionName: 'me' };
    expect(code(scene.sts('AssumeRole', input, { now }))).toBe('accepted');
    scene.world.organizations.policyTypes.pop();
    expect(scene.enter(production)).toBe('accepted');
  });

  it('keeps people from signing in through the access portal', () => {
    const person = { account: playground, permissionSet: 'legacy-admins', now };
    expect(signIn(under(undefined, assume).world, person)).toBeDefined();
    expect(signIn(under(undefined, { Action: 'sts:AssumeRoleWithSAML' }).world, person)).toBeUndefined();
  });
});
