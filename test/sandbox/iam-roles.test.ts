import { describe, expect, it } from 'vitest';
import { all, code, documents, iamScene as scene, identityPolicy, role, trustOf } from '../support/iam.ts';
import { management, playground, production, start } from '../support/sandbox.ts';

const administrator = 'arn:aws:iam::aws:policy/AdministratorAccess';
const arnOf = (name: string, account = management) => `arn:aws:iam::${account}:role/${name}`;
const trusting = (...AWS: string[]) => ({ AssumeRolePolicyDocument: trustOf({ AWS }) });
const principalsOf = (body: string) =>
  documents(body, 'AssumeRolePolicyDocument').flatMap((document) => {
    const { Statement } = document as { Statement: { Principal: { AWS: string | string[] } }[] };
    return Statement.flatMap(({ Principal }) => Principal.AWS);
  });

describe('a role', () => {
  it('is made with everything at once, changed, and shows what it became', () => {
    const { iam } = scene();
    const tag = { 'Tags.member.1.Key': 'team', 'Tags.member.1.Value': 'a' };
    const made = iam('CreateRole', role('Deploy', { Description: 'old', PermissionsBoundary: administrator, ...tag }));
    expect([all(made, 'PermissionsBoundaryArn'), all(made, 'Key')]).toEqual([[administrator], ['team']]);
    iam('UpdateRole', { RoleName: 'Deploy', Description: 'new', MaxSessionDuration: '7200' });
    iam('DeleteRolePermissionsBoundary', { RoleName: 'Deploy' });
    iam('TagRole', { RoleName: 'Deploy', 'Tags.member.1.Key': 'TEAM', 'Tags.member.1.Value': 'b' });
    iam('UpdateAssumeRolePolicy', { RoleName: 'Deploy', PolicyDocument: trustOf({ AWS: '*' }) });
    const now = iam('GetRole', { RoleName: 'Deploy' });
    expect(
      ['Description', 'MaxSessionDuration', 'PermissionsBoundaryArn', 'Key', 'Value'].map((e) => all(now, e)),
    ).toEqual([['new'], ['7200'], [], ['TEAM'], ['b']]);
    expect(principalsOf(now)).toEqual(['*']);
    iam('UntagRole', { RoleName: 'Deploy', 'TagKeys.member.1': 'team' });
    expect(all(iam('ListRoleTags', { RoleName: 'Deploy' }), 'Key')).toEqual([]);
  });

  it('keeps its description when an update says nothing of it', () => {
    const { iam } = scene();
    iam('CreateRole', role('Kept', { Description: 'stays', MaxSessionDuration: '7200' }));
    iam('UpdateRole', { RoleName: 'Kept' });
    const now = iam('GetRole', { RoleName: 'Kept' });
    expect([all(now, 'Description'), all(now, 'MaxSessionDuration')]).toEqual([['stays'], ['7200']]);
  });

  it('has inline and attached policies that come and go', () => {
    const { iam } = scene();
    iam('CreateRole', role('R'));
    const of = (PolicyName: string) => ({ RoleName: 'R', PolicyName });
    iam('PutRolePolicy', { ...of('b'), PolicyDocument: identityPolicy });
    iam('PutRolePolicy', { ...of('a'), PolicyDocument: identityPolicy });
    expect(all(iam('ListRolePolicies', { RoleName: 'R' }), 'member')).toEqual(['a', 'b']);
    expect(documents(iam('GetRolePolicy', of('a')), 'PolicyDocument')).toEqual([JSON.parse(identityPolicy)]);
    iam('AttachRolePolicy', { RoleName: 'R', PolicyArn: administrator });
    expect(code(iam('AttachRolePolicy', { RoleName: 'R', PolicyArn: administrator }))).toBe('accepted');
    expect(all(iam('ListAttachedRolePolicies', { RoleName: 'R' }), 'PolicyArn')).toEqual([administrator]);
    expect(code(iam('DeleteRole', { RoleName: 'R' }))).toBe('DeleteConflict');
    iam('DetachRolePolicy', { RoleName: 'R', PolicyArn: administrator });
    expect(code(iam('DetachRolePolicy', { RoleName: 'R', PolicyArn: administrator }))).toBe('NoSuchEntity');
    expect(code(iam('DeleteRole', { RoleName: 'R' }))).toBe('DeleteConflict');
    iam('DeleteRolePolicy', of('a'));
    iam('DeleteRolePolicy', of('b'));
    expect(code(iam('DeleteRolePolicy', of('b')))).toBe('NoSuchEntity');
    expect(code(iam('DeleteRole', { RoleName: 'R' }))).toBe('accepted');
  });

  const long = (length: number) => identityPolicy.replace('s3:*', `s3:${'s'.repeat(length)}`);
  const attach = (PolicyArn: string): [string, Record<string, string>] => ['AttachRolePolicy', { PolicyArn }];
  it.each([
    ['PutRolePolicy', { PolicyName: 'p', PolicyDocument: trustOf('*') }, 'MalformedPolicyDocument'],
    ['PutRolePolicy', { PolicyName: 'p', PolicyDocument: '{}' }, 'MalformedPolicyDocument'],
    ['PutRolePolicy', { PolicyName: 'p', PolicyDocument: long(10_300) }, 'LimitExceeded'],
    ['PutRolePolicy', { PolicyName: 'p', PolicyDocument: `${identityPolicy}${' '.repeat(20_000)}` }, 'accepted'],
    ['UpdateAssumeRolePolicy', { PolicyDocument: identityPolicy }, 'MalformedPolicyDocument'],
    [
      'UpdateAssumeRolePolicy',
      { PolicyDocument: trustOf({ Service: 'ec2.amazonaws.com' }, { Sid: 'x'.repeat(2000) }) },
      'LimitExceeded',
    ],
    [...attach(`arn:aws:iam::${management}:policy/None`), 'NoSuchEntity'],
    [...attach('arn:aws:iam::aws:policy/Unknown'), 'NoSuchEntity'],
    ['PutRolePermissionsBoundary', { PermissionsBoundary: 'arn:aws:iam::aws:policy/Unknown' }, 'NoSuchEntity'],
    ['DeleteRolePermissionsBoundary', {}, 'NoSuchEntity'],
    ['UpdateRole', { MaxSessionDuration: '1' }, 'ValidationError'],
    ['GetRolePolicy', { PolicyName: 'none' }, 'NoSuchEntity'],
  ])('answers %s of %j with %s', (operation, members, expected) => {
    const { iam } = scene();
    iam('CreateRole', role('R'));
    expect(code(iam(operation, { RoleName: 'R', ...members }))).toBe(expected);
  });

  it('takes ten attached policies and no eleventh', () => {
    const { iam } = scene();
    iam('CreateRole', role('Full'));
    const attached = Array.from({ length: 11 }, (_, index) => {
      iam('CreatePolicy', { PolicyName: `P${index}`, PolicyDocument: identityPolicy });
      return code(
        iam('AttachRolePolicy', { RoleName: 'Full', PolicyArn: `arn:aws:iam::${management}:policy/P${index}` }),
      );
    });
    expect(attached).toEqual([...Array<string>(10).fill('accepted'), 'LimitExceeded']);
  });

  it('of Identity Center is changed by nobody', () => {
    const { iam } = scene();
    const by = { account: playground };
    const [RoleName = ''] = all(iam('ListRoles', { PathPrefix: '/aws-reserved/' }, by), 'RoleName');
    const change = (operation: string, more = {}) => code(iam(operation, { RoleName, ...more }, by));
    expect([
      change('UpdateAssumeRolePolicy', { PolicyDocument: trustOf('*') }),
      change('PutRolePolicy', { PolicyName: 'p', PolicyDocument: identityPolicy }),
      change('AttachRolePolicy', { PolicyArn: administrator }),
      change('TagRole', { 'Tags.member.1.Key': 'a', 'Tags.member.1.Value': 'b' }),
      change('GetRole'),
    ]).toEqual([...Array<string>(4).fill('UnmodifiableEntity'), 'accepted']);
  });

  it('is carried into EC2 by one instance profile, which holds it fast', () => {
    const { iam } = scene();
    iam('CreateRole', role('Images'));
    iam('CreateRole', role('Other'));
    const of = { InstanceProfileName: 'Images', RoleName: 'Images' };
    iam('CreateInstanceProfile', { InstanceProfileName: 'Images' });
    expect(code(iam('CreateInstanceProfile', { InstanceProfileName: 'IMAGES' }))).toBe('EntityAlreadyExists');
    expect(code(iam('AddRoleToInstanceProfile', of))).toBe('accepted');
    expect(code(iam('AddRoleToInstanceProfile', { ...of, RoleName: 'Other' }))).toBe('LimitExceeded');
    expect(all(iam('ListInstanceProfilesForRole', { RoleName: 'Images' }), 'InstanceProfileName')).toEqual(['Images']);
    const details = iam('GetAccountAuthorizationDetails', { 'Filter.member.1': 'Role' });
    expect(all(details, 'InstanceProfileName')).toEqual(['Images']);
    expect(code(iam('DeleteRole', { RoleName: 'Images' }))).toBe('DeleteConflict');
    expect(code(iam('DeleteInstanceProfile', of))).toBe('DeleteConflict');
    iam('RemoveRoleFromInstanceProfile', of);
    expect(code(iam('RemoveRoleFromInstanceProfile', of))).toBe('NoSuchEntity');
    expect([code(iam('DeleteInstanceProfile', of)), code(iam('DeleteRole', of))]).toEqual(['accepted', 'accepted']);
  });
});

describe('a trust policy', () => {
  it('names roles and users that exist, accounts, services and providers', () => {
    const { iam } = scene();
    iam('CreateRole', role('There', { Path: '/x/' }), { account: production });
    const create = (name: string, Principal: unknown) =>
      code(iam('CreateRole', role(name, { AssumeRolePolicyDocument: trustOf(Principal) })));
    const provider = `arn:aws:iam::${management}:oidc-provider/token.actions.githubusercontent.com`;
    const answers = [
      { AWS: arnOf('x/There', production) },
      { AWS: arnOf('There', production) },
      { AWS: [arnOf('None', production), management] },
      { AWS: arnOf('Unknowable', '999999999999') },
      { AWS: 'AROAAAAAAAAAAAAAAAAAA' },
      { AWS: arnOf('*', production) },
      { AWS: 'somebody' },
      { AWS: production },
      { Service: ['ec2.amazonaws.com', 'lambda.amazonaws.com'] },
      { Service: 'ec2' },
      { Federated: provider },
      { Somebody: 'x' },
    ].map((principal, index) => create(`R${index}`, principal));
    const no = 'MalformedPolicyDocument';
    const yes = 'accepted';
    expect(answers).toEqual([yes, no, no, yes, no, no, no, yes, yes, no, yes, no]);
  });

  it('shows an account by its root, except in the answer to its making', () => {
    const { iam } = scene();
    const made = iam('CreateRole', role('R', trusting(production, '*')));
    expect(principalsOf(made)).toEqual([production, '*']);
    expect(principalsOf(iam('GetRole', { RoleName: 'R' }))).toEqual([`arn:aws:iam::${production}:root`, '*']);
  });

  it('shows a dead id once the role is deleted, even when a new one has its name', () => {
    const { iam } = scene();
    const id = all(iam('CreateRole', role('Trusted')), 'RoleId')[0];
    iam('CreateRole', role('Trusting', trusting(arnOf('Trusted'))));
    const shown = () => principalsOf(iam('GetRole', { RoleName: 'Trusting' }));
    expect(shown()).toEqual([arnOf('Trusted')]);
    iam('DeleteRole', { RoleName: 'Trusted' });
    expect(shown()).toEqual([id]);
    iam('CreateRole', role('Trusted'));
    expect(shown()).toEqual([id]);
    iam('UpdateAssumeRolePolicy', { RoleName: 'Trusting', PolicyDocument: trustOf({ AWS: arnOf('Trusted') }) });
    expect(shown()).toEqual([arnOf('Trusted')]);
  });

  it('does not know a role that was made a moment ago, when the settings say so', () => {
    const { iam } = scene({ principalDelayMs: 10_000 });
    iam('CreateRole', role('Young'));
    const attempt = (now: number) => code(iam('CreateRole', role(`At${now}`, trusting(arnOf('Young'))), { now }));
    expect([attempt(start + 9999), attempt(start + 10_000)]).toEqual(['MalformedPolicyDocument', 'accepted']);
  });
});

describe('an OIDC provider', () => {
  it('is made, widened, narrowed, tagged and deleted', () => {
    const { iam } = scene();
    const host = 'token.actions.githubusercontent.com';
    const input = { Url: `https://${host}`, 'ClientIDList.member.1': 'sts.amazonaws.com' };
    const [OpenIDConnectProviderArn = ''] = all(
      iam('CreateOpenIDConnectProvider', { ...input, 'Tags.member.1.Key': 'a', 'Tags.member.1.Value': 'b' }),
      'OpenIDConnectProviderArn',
    );
    const it_ = { OpenIDConnectProviderArn };
    expect(OpenIDConnectProviderArn).toBe(`arn:aws:iam::${management}:oidc-provider/${host}`);
    expect(code(iam('CreateOpenIDConnectProvider', input))).toBe('EntityAlreadyExists');
    iam('AddClientIDToOpenIDConnectProvider', { ...it_, ClientID: 'more' });
    iam('RemoveClientIDFromOpenIDConnectProvider', { ...it_, ClientID: 'sts.amazonaws.com' });
    iam('UntagOpenIDConnectProvider', { ...it_, 'TagKeys.member.1': 'a' });
    iam('TagOpenIDConnectProvider', { ...it_, 'Tags.member.1.Key': 'c', 'Tags.member.1.Value': 'd' });
    const now = iam('GetOpenIDConnectProvider', it_);
    expect([all(now, 'Url'), all(now, 'Key')]).toEqual([[host], ['c']]);
    expect(now).toContain('<ClientIDList><member>more</member></ClientIDList>');
    expect(all(iam('ListOpenIDConnectProviders'), 'Arn')).toEqual([OpenIDConnectProviderArn]);
    iam('DeleteOpenIDConnectProvider', it_);
    expect(code(iam('GetOpenIDConnectProvider', it_))).toBe('NoSuchEntity');
    expect(code(iam('CreateOpenIDConnectProvider', { ...input, Url: 'http://insecure' }))).toBe('ValidationError');
  });
});
