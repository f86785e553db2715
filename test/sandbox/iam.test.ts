import { describe, expect, it } from 'vitest';
import { iamOf, putRole, removeRole } from '../../src/sandbox/iam/state.ts';
import { all, code, documents, iamScene as scene, identityPolicy as document, role, trustOf } from '../support/iam.ts';
import { management, playground, production, start } from '../support/sandbox.ts';

describe('IAM', () => {
  it('is one per account', () => {
    const { iam } = scene();
    iam('CreateRole', role('Here'));
    expect(all(iam('ListRoles'), 'RoleName')).toEqual(['Admin', 'Here']);
    expect(all(iam('ListRoles', {}, { account: production }), 'RoleName')).toEqual([
      'GatehouseMember',
      'OrganizationAccountAccessRole',
    ]);
  });

  it('shows the role that Identity Center made, and lets nobody delete it', () => {
    const { iam } = scene();
    const [name = ''] = all(iam('ListRoles', { PathPrefix: '/aws-reserved/' }, { account: playground }), 'RoleName');
    expect(name).toMatch(/^AWSReservedSSO_legacy-admins_[0-9a-f]{16}$/);
    const attached = iam('ListAttachedRolePolicies', { RoleName: name }, { account: playground });
    expect(all(attached, 'PolicyArn')).toEqual(['arn:aws:iam::aws:policy/AdministratorAccess']);
    expect(code(iam('DeleteRole', { RoleName: name }, { account: playground }))).toBe('UnmodifiableEntity');
  });

  it.each([
    [role('ok', { Path: '/a/b/' }), 'accepted'],
    [role('TAKEN'), 'EntityAlreadyExists'],
    [role('x'.repeat(65)), 'ValidationError'],
    [role('a b'), 'ValidationError'],
    [role('ok', { Path: 'a' }), 'ValidationError'],
    [role('ok', { MaxSessionDuration: '3599' }), 'ValidationError'],
    [role('ok', { AssumeRolePolicyDocument: '{' }), 'MalformedPolicyDocument'],
    [role('ok', { AssumeRolePolicyDocument: '{"Statement":[]}' }), 'MalformedPolicyDocument'],
    [{ RoleName: 'ok' }, 'ValidationError'],
    [role('ok', { 'Tags.member.1.Key': 'a', 'Tags.member.1.Value': '' }), 'accepted'],
    [role('ok', { 'Tags.member.1.Key': 'a' }), 'ValidationError'],
    [role('__proto__'), 'accepted'],
  ])('answers CreateRole %# with %s', (members, expected) => {
    const { iam } = scene();
    iam('CreateRole', role('taken'));
    expect(code(iam('CreateRole', members))).toBe(expected);
  });

  it('reads the members of a list in the order of their numbers', () => {
    const { iam } = scene();
    const tag = (index: number, Key: string) => ({
      [`Tags.member.${index}.Key`]: Key,
      [`Tags.member.${index}.Value`]: '',
    });
    const made = iam('CreateRole', role('Tagged', { ...tag(10, 'last'), ...tag(2, 'second'), ...tag(1, 'first') }));
    expect(all(made, 'Key')).toEqual(['first', 'second', 'last']);
  });

  it('encodes documents as RFC 3986 does, the star too', () => {
    const { iam } = scene();
    const [text = ''] = all(
      iam('CreateRole', role('Encoded', { AssumeRolePolicyDocument: trustOf('*', { Action: 'sts:*' }) })),
      'AssumeRolePolicyDocument',
    );
    expect(text).toContain('%22sts%3A%2A%22');
  });

  it('deletes a role only when nothing hangs on it', () => {
    const { iam, world } = scene();
    const made = { account: management, path: '/', trust: document, now: start };
    putRole(world, { ...made, name: 'Inline', inline: { one: document } });
    putRole(world, {
      ...made,
      name: 'Attached',
      attached: [{ PolicyName: 'p', PolicyArn: 'arn:aws:iam::aws:policy/p' }],
    });
    putRole(world, { ...made, name: 'Bare' });
    const remove = (RoleName: string) => code(iam('DeleteRole', { RoleName }));
    expect(['Inline', 'Attached', 'Bare', 'Bare'].map(remove)).toEqual([
      'DeleteConflict',
      'DeleteConflict',
      'accepted',
      'NoSuchEntity',
    ]);
    const [inline] = documents(iam('GetRolePolicy', { RoleName: 'Inline', PolicyName: 'one' }), 'PolicyDocument');
    expect(inline).toEqual(JSON.parse(document));
  });

  it('keeps the id of a role that is put again, and forgets one that is removed', () => {
    const { world } = scene();
    const made = { account: management, name: 'One', path: '/', trust: document, now: start };
    const first = putRole(world, made);
    expect(putRole(world, { ...made, now: start + 1 })).toEqual(first);
    removeRole(world, management, 'ONE');
    expect(Object.keys(iamOf(world, management).roles)).toEqual(['role/admin']);
    expect(putRole(world, made).RoleId).not.toBe(first.RoleId);
  });

  it('makes, finds and deletes customer managed policies beside those of the catalogue', () => {
    const { iam } = scene();
    const PolicyArn = `arn:aws:iam::${management}:policy/x/Reader`;
    const input = { PolicyName: 'Reader', Path: '/x/', PolicyDocument: document };
    expect(code(iam('CreatePolicy', input))).toBe('accepted');
    expect(code(iam('CreatePolicy', { ...input, Path: '/y/', PolicyName: 'READER' }))).toBe('EntityAlreadyExists');
    expect(all(iam('ListPolicies', { Scope: 'Local' }), 'Arn')).toEqual([PolicyArn]);
    expect(all(iam('ListPolicies'), 'Arn')).toHaveLength(5);
    const version = iam('GetPolicyVersion', { PolicyArn, VersionId: 'v1' });
    expect(decodeURIComponent(all(version, 'Document')[0] ?? '')).toBe(document);
    expect(code(iam('GetPolicyVersion', { PolicyArn, VersionId: 'v2' }))).toBe('NoSuchEntity');
    expect(all(iam('ListPolicyVersions', { PolicyArn }), 'VersionId')).toEqual(['v1']);
    const billing = 'arn:aws:iam::aws:policy/job-function/Billing';
    expect(all(iam('GetPolicy', { PolicyArn: billing }), 'Path')).toEqual(['/job-function/']);
    expect(code(iam('DeletePolicy', { PolicyArn: billing }))).toBe('AccessDenied');
    expect(code(iam('DeletePolicy', { PolicyArn }))).toBe('accepted');
    expect(code(iam('GetPolicy', { PolicyArn }))).toBe('NoSuchEntity');
  });

  it('gives everything at once, in pages, by filter', () => {
    const { iam } = scene();
    iam('CreateRole', role('A', { Description: 'not here' }));
    iam('CreatePolicy', { PolicyName: 'P', PolicyDocument: document });
    const whole = iam('GetAccountAuthorizationDetails');
    expect([all(whole, 'RoleName'), all(whole, 'PolicyName')]).toEqual([
      ['Admin', 'A'],
      ['AdministratorAccess', 'P', 'AdministratorAccess'],
    ]);
    expect(whole).not.toContain('not here');
    const first = iam('GetAccountAuthorizationDetails', { MaxItems: '2' });
    expect([all(first, 'IsTruncated'), all(first, 'RoleName')]).toEqual([['true'], ['Admin', 'A']]);
    const second = iam('GetAccountAuthorizationDetails', { MaxItems: '2', Marker: all(first, 'Marker')[0] ?? '' });
    expect([all(second, 'IsTruncated'), all(second, 'PolicyName')]).toEqual([['false'], ['P', 'AdministratorAccess']]);
    const roles = iam('GetAccountAuthorizationDetails', { 'Filter.member.1': 'Role' });
    expect([all(roles, 'RoleName'), all(roles, 'PolicyName')]).toEqual([['Admin', 'A'], ['AdministratorAccess']]);
    expect(iam('GetAccountSummary')).toContain('<entry><key>Roles</key><value>2</value></entry>');
  });
});
