import { describe, expect, it } from 'vitest';
import { at, callTo, freshSandbox, management, playground, production, refusalTo, start } from '../support/sandbox.ts';

const scp = (action: string, extra: Record<string, unknown> = {}): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action: action, Resource: '*', ...extra }] });
const rcp = scp('s3:*', { Principal: '*' });

const scene = (settings = {}) => {
  const sandbox = freshSandbox(settings);
  const call = callTo(sandbox);
  const refusal = refusalTo(sandbox);
  const root = sandbox.world().organizations.rootId;
  const ou = (Name: string, ParentId = root): string =>
    at(call('organizations:CreateOrganizationalUnit', { Name, ParentId }), 'OrganizationalUnit.Id') as string;
  const policy = (Name: string, Type = 'SERVICE_CONTROL_POLICY', Content = scp('iam:*')): string =>
    at(
      call('organizations:CreatePolicy', { Name, Type, Content, Description: '' }),
      'Policy.PolicySummary.Id',
    ) as string;
  const attached = (TargetId: string, Filter = 'SERVICE_CONTROL_POLICY'): unknown[] =>
    (at(call('organizations:ListPoliciesForTarget', { TargetId, Filter }), 'Policies') as { Name: string }[]).map(
      ({ Name }) => Name,
    );
  return { sandbox, world: sandbox.world(), call, refusal, root, ou, policy, attached };
};

describe('the tree', () => {
  it('shows State, Paths and no retired Status on an account', () => {
    const { call, root, ou } = scene();
    const workloads = ou('Workloads');
    call('organizations:MoveAccount', {
      AccountId: production,
      SourceParentId: root,
      DestinationParentId: workloads,
    });
    const account = call('organizations:DescribeAccount', { AccountId: production });
    expect(at(account, 'Account.State')).toBe('ACTIVE');
    expect(at(account, 'Account.Status')).toBeUndefined();
    expect(at(account, 'Account.Paths')).toEqual([`o-securecart0/${root}/${workloads}/${production}/`]);
    const unit = call('organizations:DescribeOrganizationalUnit', { OrganizationalUnitId: workloads });
    expect(at(unit, 'OrganizationalUnit.Path')).toBe(`o-securecart0/${root}/${workloads}/`);
  });

  it('finds children and parents from both sides', () => {
    const { call, root, ou } = scene();
    const unit = ou('Workloads');
    const inner = ou('Inner', unit);
    expect(at(call('organizations:ListParents', { ChildId: inner }), 'Parents')).toEqual([
      { Id: unit, Type: 'ORGANIZATIONAL_UNIT' },
    ]);
    expect(at(call('organizations:ListParents', { ChildId: management }), 'Parents')).toEqual([
      { Id: root, Type: 'ROOT' },
    ]);
    expect(
      at(call('organizations:ListChildren', { ParentId: unit, ChildType: 'ORGANIZATIONAL_UNIT' }), 'Children'),
    ).toEqual([{ Id: inner, Type: 'ORGANIZATIONAL_UNIT' }]);
    expect(
      at(call('organizations:ListOrganizationalUnitsForParent', { ParentId: root }), 'OrganizationalUnits.0.Name'),
    ).toBe('Workloads');
    expect(at(call('organizations:ListAccountsForParent', { ParentId: root }), 'Accounts.length')).toBe(3);
  });

  it('nests OUs five deep and not six', () => {
    const { ou, root, refusal } = scene();
    const fifth = ['1', '2', '3', '4', '5'].reduce((parent, name) => ou(name, parent), root);
    expect(refusal('organizations:CreateOrganizationalUnit', { Name: '6', ParentId: fifth })).toBe(
      'ConstraintViolationException/OU_DEPTH_LIMIT_EXCEEDED',
    );
  });

  it('keeps OU names unique under one parent, at creation and at rename', () => {
    const { ou, root, refusal } = scene();
    const first = ou('One');
    const second = ou('Two');
    expect(ou('One', first)).not.toBe(first);
    expect(refusal('organizations:CreateOrganizationalUnit', { Name: 'One', ParentId: root })).toBe(
      'DuplicateOrganizationalUnitException',
    );
    const rename = (Name: string) =>
      refusal('organizations:UpdateOrganizationalUnit', { OrganizationalUnitId: second, Name });
    expect(rename('One')).toBe('DuplicateOrganizationalUnitException');
    expect(rename('Two')).toBe('accepted');
    expect(rename('Three')).toBe('accepted');
  });

  it('deletes an OU only when neither OUs nor accounts are in it', () => {
    const { ou, root, refusal, call } = scene();
    const outer = ou('Outer');
    const inner = ou('Inner', outer);
    const remove = (OrganizationalUnitId: string) =>
      refusal('organizations:DeleteOrganizationalUnit', { OrganizationalUnitId });
    expect(remove(outer)).toBe('OrganizationalUnitNotEmptyException');
    call('organizations:MoveAccount', { AccountId: production, SourceParentId: root, DestinationParentId: inner });
    expect(remove(inner)).toBe('OrganizationalUnitNotEmptyException');
    call('organizations:MoveAccount', { AccountId: production, SourceParentId: inner, DestinationParentId: root });
    expect(remove(inner)).toBe('accepted');
    expect(remove(outer)).toBe('accepted');
    expect(remove(outer)).toBe('OrganizationalUnitNotFoundException');
  });

  it('moves an account only from its true parent to another one that exists', () => {
    const { ou, root, refusal } = scene();
    const one = ou('One');
    const two = ou('Two');
    const move = (SourceParentId: string, DestinationParentId: string, AccountId = production) =>
      refusal('organizations:MoveAccount', { AccountId, SourceParentId, DestinationParentId });
    const nowhere = `ou-${root.slice(2)}-00000000`;
    expect(move(one, two)).toBe('SourceParentNotFoundException');
    expect(move(nowhere, two)).toBe('SourceParentNotFoundException');
    expect(move(root, nowhere)).toBe('DestinationParentNotFoundException');
    expect(move(root, root)).toBe('DuplicateAccountException');
    expect(move(root, one, '999999999999')).toBe('AccountNotFoundException');
    expect(move(root, one)).toBe('accepted');
  });

  it('caps every page at twenty', () => {
    const { call, ou, root, refusal } = scene();
    for (let index = 0; index < 23; index += 1) ou(`unit ${index}`);
    const first = call('organizations:ListOrganizationalUnitsForParent', { ParentId: root });
    expect(at(first, 'OrganizationalUnits.length')).toBe(20);
    const rest = call('organizations:ListOrganizationalUnitsForParent', {
      ParentId: root,
      NextToken: first['NextToken'],
    });
    expect(at(rest, 'OrganizationalUnits.length')).toBe(3);
    expect(rest['NextToken']).toBeUndefined();
    expect(refusal('organizations:ListAccounts', { MaxResults: 21 })).toBe('InvalidInputException/MAX_VALUE_EXCEEDED');
    expect(refusal('organizations:ListAccounts', { NextToken: 'made up' })).toBe(
      'InvalidInputException/INVALID_NEXT_TOKEN',
    );
  });
});

describe('input that the service model forbids', () => {
  it.each([
    ['CreateOrganizationalUnit', { ParentId: 'r-abcd' }, 'InvalidInputException/INPUT_REQUIRED'],
    ['CreateOrganizationalUnit', { ParentId: 'r-abcd', Name: '' }, 'InvalidInputException/MIN_LENGTH_EXCEEDED'],
    [
      'CreateOrganizationalUnit',
      { ParentId: 'r-abcd', Name: 'x'.repeat(129) },
      'InvalidInputException/MAX_LENGTH_EXCEEDED',
    ],
    ['DescribeAccount', { AccountId: '12345' }, 'InvalidInputException/INVALID_PATTERN'],
    ['DescribeAccount', { AccountId: 222222222222 }, 'SerializationException'],
    ['DescribeAccount', { AccountId: '999999999999' }, 'AccountNotFoundException'],
    ['ListPolicies', { Filter: 'IAM_POLICY' }, 'InvalidInputException/INVALID_ENUM'],
    ['ListPolicies', {}, 'InvalidInputException/INPUT_REQUIRED'],
    ['DescribePolicy', { PolicyId: '__proto__' }, 'InvalidInputException/INVALID_PATTERN'],
    ['DescribeEffectivePolicy', { PolicyType: 'SERVICE_CONTROL_POLICY' }, 'InvalidInputException/INVALID_ENUM'],
    ['DescribeEffectivePolicy', { PolicyType: 'TAG_POLICY' }, 'EffectivePolicyNotFoundException'],
    ['DescribeResourcePolicy', {}, 'ResourcePolicyNotFoundException'],
  ])('%s with %j is %s', (operation, input, expected) => {
    expect(scene().refusal(`organizations:${operation}`, input)).toBe(expected);
  });
});

describe('policies', () => {
  it('puts FullAWSAccess on every new OU, and RCPFullAWSAccess too once its type is enabled', () => {
    const { ou, call, attached, root } = scene();
    expect(attached(ou('Before'))).toEqual(['FullAWSAccess']);
    call('organizations:EnablePolicyType', { RootId: root, PolicyType: 'RESOURCE_CONTROL_POLICY' });
    expect(attached(ou('After'), 'RESOURCE_CONTROL_POLICY')).toEqual(['RCPFullAWSAccess']);
    expect(attached(production, 'RESOURCE_CONTROL_POLICY')).toEqual(['RCPFullAWSAccess']);
    const targets = call('organizations:ListTargetsForPolicy', { PolicyId: 'p-RCPFullAWSAccess' });
    expect(at(targets, 'Targets.length')).toBe(6);
    expect(at(targets, 'Targets.0')).toEqual({
      TargetId: root,
      Arn: `arn:aws:organizations::${management}:root/o-securecart0/${root}`,
      Name: 'Root',
      Type: 'ROOT',
    });
  });

  it('takes ten SCPs on a node, FullAWSAccess included, and never loses the last', () => {
    const { policy, refusal } = scene();
    const attach = (PolicyId: string) => refusal('organizations:AttachPolicy', { PolicyId, TargetId: production });
    const detach = (PolicyId: string) => refusal('organizations:DetachPolicy', { PolicyId, TargetId: production });
    const ids = Array.from({ length: 10 }, (_, index) => policy(`scp ${index}`));
    expect(ids.slice(0, 9).map(attach)).toEqual(Array<string>(9).fill('accepted'));
    expect(attach(ids[9] ?? '')).toBe('ConstraintViolationException/MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED');
    expect(ids.slice(0, 9).map(detach)).toEqual(Array<string>(9).fill('accepted'));
    expect(detach('p-FullAWSAccess')).toBe('ConstraintViolationException/MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED');
  });

  it('takes five RCPs on a node and never detaches RCPFullAWSAccess', () => {
    const { policy, refusal, call, root } = scene();
    call('organizations:EnablePolicyType', { RootId: root, PolicyType: 'RESOURCE_CONTROL_POLICY' });
    const ids = Array.from({ length: 5 }, (_, index) => policy(`rcp ${index}`, 'RESOURCE_CONTROL_POLICY', rcp));
    const answers = ids.map((PolicyId) => refusal('organizations:AttachPolicy', { PolicyId, TargetId: root }));
    expect(answers).toEqual([
      ...Array<string>(4).fill('accepted'),
      'ConstraintViolationException/MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED',
    ]);
    expect(refusal('organizations:DetachPolicy', { PolicyId: 'p-RCPFullAWSAccess', TargetId: root })).toBe(
      'InvalidInputException/NON_DETACHABLE_POLICY',
    );
  });

  it('refuses to attach what is attached and to detach what is not', () => {
    const { policy, refusal } = scene();
    const input = { PolicyId: policy('one'), TargetId: production };
    expect(refusal('organizations:DetachPolicy', input)).toBe('PolicyNotAttachedException');
    expect(refusal('organizations:AttachPolicy', input)).toBe('accepted');
    expect(refusal('organizations:AttachPolicy', input)).toBe('DuplicatePolicyAttachmentException');
    expect(refusal('organizations:AttachPolicy', { ...input, TargetId: '999999999999' })).toBe(
      'TargetNotFoundException',
    );
    expect(refusal('organizations:AttachPolicy', { ...input, PolicyId: 'p-00000000' })).toBe('PolicyNotFoundException');
  });

  it('enables a type asynchronously, and attaches nothing of it before', () => {
    const { policy, refusal, call, root } = scene({
      latencyMs: { assignment: 0, provisioning: 0, policyType: 5000 },
    });
    const type = { RootId: root, PolicyType: 'RESOURCE_CONTROL_POLICY' };
    const attach = { PolicyId: policy('one', 'RESOURCE_CONTROL_POLICY', rcp), TargetId: root };
    const statusAt = (now: number) => at(call('organizations:ListRoots', {}, { now }), 'Roots.0.PolicyTypes.1.Status');
    expect(refusal('organizations:AttachPolicy', attach)).toBe('PolicyTypeNotEnabledException');
    call('organizations:EnablePolicyType', type);
    expect(statusAt(start)).toBe('PENDING_ENABLE');
    expect(refusal('organizations:AttachPolicy', attach)).toBe('PolicyTypeNotEnabledException');
    expect(statusAt(start + 5000)).toBe('ENABLED');
    expect(refusal('organizations:EnablePolicyType', type, { now: start + 5000 })).toBe(
      'PolicyTypeAlreadyEnabledException',
    );
    expect(refusal('organizations:AttachPolicy', attach, { now: start + 5000 })).toBe('accepted');
  });

  it('detaches everything of a type that is disabled', () => {
    const { policy, refusal, call, root, attached } = scene();
    const PolicyId = policy('one');
    const type = { RootId: root, PolicyType: 'SERVICE_CONTROL_POLICY' };
    call('organizations:AttachPolicy', { PolicyId, TargetId: production });
    call('organizations:DisablePolicyType', type);
    expect(attached(production)).toEqual([]);
    expect(refusal('organizations:DisablePolicyType', type)).toBe('PolicyTypeNotEnabledException');
    call('organizations:EnablePolicyType', type);
    expect(attached(production)).toEqual(['FullAWSAccess']);
    expect(refusal('organizations:EnablePolicyType', { ...type, RootId: 'r-0000' })).toBe('RootNotFoundException');
  });

  it('never changes what AWS manages', () => {
    const { refusal } = scene();
    const PolicyId = 'p-FullAWSAccess';
    const immutable = 'InvalidInputException/IMMUTABLE_POLICY';
    expect(refusal('organizations:UpdatePolicy', { PolicyId, Content: scp('s3:*') })).toBe(immutable);
    expect(refusal('organizations:DeletePolicy', { PolicyId })).toBe(immutable);
    expect(refusal('organizations:TagResource', { ResourceId: PolicyId, Tags: [] })).toBe(immutable);
  });

  it('deletes a policy only when it is attached nowhere, and keeps names unique', () => {
    const { policy, refusal, call } = scene();
    const PolicyId = policy('one');
    const other = policy('two');
    const create = { Name: 'one', Type: 'SERVICE_CONTROL_POLICY', Content: scp('s3:*'), Description: '' };
    expect(refusal('organizations:CreatePolicy', create)).toBe('DuplicatePolicyException');
    expect(refusal('organizations:UpdatePolicy', { PolicyId: other, Name: 'one' })).toBe('DuplicatePolicyException');
    call('organizations:AttachPolicy', { PolicyId, TargetId: production });
    expect(refusal('organizations:DeletePolicy', { PolicyId })).toBe('PolicyInUseException');
    call('organizations:DetachPolicy', { PolicyId, TargetId: production });
    expect(refusal('organizations:DeletePolicy', { PolicyId })).toBe('accepted');
    expect(refusal('organizations:CreatePolicy', create)).toBe('accepted');
  });

  it('returns a content byte for byte, and an update leaves out what it does not name', () => {
    const { policy, call } = scene();
    const content = `  ${scp('s3:*')}\n`;
    const PolicyId = policy('one', 'SERVICE_CONTROL_POLICY', content);
    call('organizations:UpdatePolicy', { PolicyId, Description: 'why' });
    const { Policy } = call('organizations:DescribePolicy', { PolicyId });
    expect(Policy).toMatchObject({ Content: content, PolicySummary: { Name: 'one', Description: 'why' } });
  });

  const padded = (size: number, text: string) => text + ' '.repeat(size - text.length);
  const denial = scp('iam:*');
  const twice = (...sids: readonly string[]) =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: sids.map((Sid) => ({ Sid, Effect: 'Deny', Action: 'iam:*', Resource: '*' })),
    });
  it.each([
    ['SERVICE_CONTROL_POLICY', padded(10_240, denial), 'accepted'],
    ['SERVICE_CONTROL_POLICY', padded(10_241, denial), 'ConstraintViolationException/POLICY_CONTENT_LIMIT_EXCEEDED'],
    ['RESOURCE_CONTROL_POLICY', padded(5_120, rcp), 'accepted'],
    ['RESOURCE_CONTROL_POLICY', padded(5_121, rcp), 'ConstraintViolationException/POLICY_CONTENT_LIMIT_EXCEEDED'],
    ['SERVICE_CONTROL_POLICY', 'not JSON', 'MalformedPolicyDocumentException'],
    ['SERVICE_CONTROL_POLICY', '[]', 'MalformedPolicyDocumentException'],
    ['SERVICE_CONTROL_POLICY', '{"Version":"2012-10-17"}', 'MalformedPolicyDocumentException'],
    ['SERVICE_CONTROL_POLICY', '{"Version":"2013-10-17","Statement":[]}', 'MalformedPolicyDocumentException'],
    ['SERVICE_CONTROL_POLICY', denial.replace('Deny', 'deny'), 'MalformedPolicyDocumentException'],
    ['SERVICE_CONTROL_POLICY', denial.replace('Action', 'Actions'), 'MalformedPolicyDocumentException'],
    ['SERVICE_CONTROL_POLICY', scp('s3:*', { NotAction: 's3:Get*' }), 'MalformedPolicyDocumentException'],
    ['SERVICE_CONTROL_POLICY', scp('s3:*', { Principal: '*' }), 'MalformedPolicyDocumentException'],
    ['SERVICE_CONTROL_POLICY', scp('s3:*', { Condition: { Bool: { 'aws:ViaAWSService': 'false' } } }), 'accepted'],
    ['RESOURCE_CONTROL_POLICY', scp('s3:*'), 'MalformedPolicyDocumentException'],
    ['RESOURCE_CONTROL_POLICY', rcp.replace('Deny', 'Allow'), 'MalformedPolicyDocumentException'],
    ['RESOURCE_CONTROL_POLICY', scp('*', { Principal: '*' }), 'MalformedPolicyDocumentException'],
    ['SERVICE_CONTROL_POLICY', scp('DeleteRole'), 'MalformedPolicyDocumentException'],
    ['SERVICE_CONTROL_POLICY', scp('s3:*', { Condition: { BoolIs: { a: 'b' } } }), 'MalformedPolicyDocumentException'],
    ['SERVICE_CONTROL_POLICY', scp('s3:*', { Resource: 'bucket' }), 'MalformedPolicyDocumentException'],
    ['SERVICE_CONTROL_POLICY', twice('Same', 'Same'), 'MalformedPolicyDocumentException'],
    ['SERVICE_CONTROL_POLICY', twice('One', 'Two and more'), 'accepted'],
    ['TAG_POLICY', '{"tags":{}}', 'accepted'],
    ['TAG_POLICY', '{"tags":{"team":{"tag_key":{"@@assign":"Team"},"tag_value":{"@@assign":["a"]}}}}', 'accepted'],
    ['TAG_POLICY', '{"tags":{"team":{"tag_key":{"@@set":"Team"}}}}', 'MalformedPolicyDocumentException'],
    ['TAG_POLICY', '{"tags":{"team":{"tag_key":"Team"}}}', 'MalformedPolicyDocumentException'],
    ['TAG_POLICY', '{"tags":{"team":{"key":{"@@assign":"Team"}}}}', 'MalformedPolicyDocumentException'],
    ['TAG_POLICY', denial, 'MalformedPolicyDocumentException'],
    ['TAG_POLICY', '{"plans":{}}', 'MalformedPolicyDocumentException'],
    ['BACKUP_POLICY', '{"plans":{"daily":{"regions":{"@@append":["eu-west-1"]}}}}', 'accepted'],
    ['AISERVICES_OPT_OUT_POLICY', '{"services":{"@@operators_allowed_for_child_policies":["@@none"]}}', 'accepted'],
    ['AISERVICES_OPT_OUT_POLICY', '{"services":{"default":true}}', 'MalformedPolicyDocumentException'],
    ['S3_POLICY', denial, 'MalformedPolicyDocumentException'],
    ['GUARDDUTY_POLICY', denial, 'MalformedPolicyDocumentException'],
  ])('%s %#: the content is %s', (Type, Content, expected) => {
    const input = { Name: 'one', Description: '', Type, Content };
    expect(scene().refusal('organizations:CreatePolicy', input)).toBe(expected);
  });
});

describe('tags', () => {
  const tags = (count: number) => Array.from({ length: count }, (_, index) => ({ Key: `k${index}`, Value: '' }));
  it('are set, replaced, listed and removed on every kind of resource', () => {
    const { call, ou, policy, root } = scene();
    for (const ResourceId of [root, ou('One'), production, policy('one')]) {
      call('organizations:TagResource', {
        ResourceId,
        Tags: [
          { Key: 'a', Value: '1' },
          { Key: 'b', Value: '2' },
        ],
      });
      call('organizations:TagResource', { ResourceId, Tags: [{ Key: 'a', Value: '3' }] });
      call('organizations:UntagResource', { ResourceId, TagKeys: ['b'] });
      expect(at(call('organizations:ListTagsForResource', { ResourceId }), 'Tags')).toEqual([{ Key: 'a', Value: '3' }]);
    }
  });

  it.each([
    [tags(50), 'accepted'],
    [tags(51), 'ConstraintViolationException/MAX_TAG_LIMIT_EXCEEDED'],
    [[...tags(1), ...tags(1)], 'InvalidInputException/DUPLICATE_TAG_KEY'],
    [[{ Key: 'aws:x', Value: '' }], 'InvalidInputException/INVALID_SYSTEM_TAGS_PARAMETER'],
    [[{ Key: '', Value: '' }], 'InvalidInputException/MIN_LENGTH_EXCEEDED'],
    [[{ Key: 'a', Value: 'x'.repeat(257) }], 'InvalidInputException/MAX_LENGTH_EXCEEDED'],
    [[{ Key: 'a;', Value: '' }], 'InvalidInputException/INVALID_PATTERN'],
    [[{ Key: 'a' }], 'InvalidInputException/INPUT_REQUIRED'],
    [['a'], 'SerializationException'],
  ])('%# end as %s', (Tags, expected) => {
    const { refusal } = scene();
    expect(refusal('organizations:TagResource', { ResourceId: production, Tags })).toBe(expected);
  });

  it('are fifty in all, however many calls bring them', () => {
    const { call, refusal } = scene();
    const tag = (Tags: unknown) => refusal('organizations:TagResource', { ResourceId: production, Tags });
    call('organizations:TagResource', { ResourceId: production, Tags: tags(50) });
    expect(tag([{ Key: 'k0', Value: 'replaced' }])).toBe('accepted');
    expect(tag([{ Key: 'one more', Value: '' }])).toBe('ConstraintViolationException/MAX_TAG_LIMIT_EXCEEDED');
  });

  it('come with the creation, or nothing is created', () => {
    const { call, refusal, root } = scene();
    const input = { ParentId: root, Name: 'One' };
    expect(refusal('organizations:CreateOrganizationalUnit', { ...input, Tags: [{ Key: 'aws:x', Value: '' }] })).toBe(
      'InvalidInputException/INVALID_SYSTEM_TAGS_PARAMETER',
    );
    const made = call('organizations:CreateOrganizationalUnit', { ...input, Tags: [{ Key: 'a', Value: 'b' }] });
    const ResourceId = at(made, 'OrganizationalUnit.Id');
    expect(at(call('organizations:ListTagsForResource', { ResourceId }), 'Tags')).toEqual([{ Key: 'a', Value: 'b' }]);
  });
});

describe('who calls', () => {
  const delegation = { AccountId: production, ServicePrincipal: 'sso.amazonaws.com' };
  it('lets a member account see the organization and nothing else', () => {
    const { refusal } = scene();
    const from = { account: playground };
    expect(refusal('organizations:DescribeOrganization', {}, from)).toBe('accepted');
    expect(refusal('organizations:ListAccounts', {}, from)).toBe('AccessDeniedException');
  });

  it('lets a delegated administrator read but not build the tree', () => {
    const { call, refusal, root } = scene();
    call('organizations:RegisterDelegatedAdministrator', delegation);
    const from = { account: production };
    expect(refusal('organizations:ListAccounts', {}, from)).toBe('accepted');
    expect(refusal('organizations:CreateOrganizationalUnit', { ParentId: root, Name: 'x' }, from)).toBe(
      'AccessDeniedException',
    );
    const listed = call('organizations:ListDelegatedAdministrators', { ServicePrincipal: 'sso.amazonaws.com' });
    expect(at(listed, 'DelegatedAdministrators.0.Id')).toBe(production);
    const services = call('organizations:ListDelegatedServicesForAccount', { AccountId: production });
    expect(at(services, 'DelegatedServices.0.ServicePrincipal')).toBe('sso.amazonaws.com');
    expect(refusal('organizations:RegisterDelegatedAdministrator', delegation)).toBe(
      'AccountAlreadyRegisteredException',
    );
    call('organizations:DeregisterDelegatedAdministrator', delegation);
    expect(refusal('organizations:ListAccounts', {}, from)).toBe('AccessDeniedException');
    expect(refusal('organizations:DeregisterDelegatedAdministrator', delegation)).toBe('AccountNotRegisteredException');
  });

  it.each([
    ['the management account', { AccountId: management }, 'CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR'],
    ['a suspended account', { AccountId: playground }, 'CANNOT_REGISTER_SUSPENDED_ACCOUNT_AS_DELEGATED_ADMINISTRATOR'],
    ['for a service without access', { ServicePrincipal: 'guardduty.amazonaws.com' }, 'SERVICE_ACCESS_NOT_ENABLED'],
    ['for no service', { ServicePrincipal: 'securecart.example' }, 'UNRECOGNIZED_SERVICE_PRINCIPAL'],
    ['for a service that has one', {}, 'MAX_DELEGATED_ADMINISTRATORS_FOR_SERVICE_LIMIT_EXCEEDED'],
  ])('never registers %s', (_, changed, reason) => {
    const { world, refusal } = scene();
    Object.assign(world.organizations.accounts[playground] ?? {}, { State: 'SUSPENDED' });
    world.organizations.delegatedAdministrators = [
      { account: '444444444444', services: ['sso.amazonaws.com'], since: 0 },
    ];
    const code = reason.startsWith('UNREC') ? 'InvalidInputException' : 'ConstraintViolationException';
    expect(refusal('organizations:RegisterDelegatedAdministrator', { ...delegation, ...changed })).toBe(
      `${code}/${reason}`,
    );
  });

  it('gives a service access, and takes it while nobody administers it and no policy type needs it', () => {
    const { call, refusal, root } = scene();
    const principals = () =>
      (at(call('organizations:ListAWSServiceAccessForOrganization'), 'EnabledServicePrincipals') as object[]).map(
        (row) => (row as { ServicePrincipal: string }).ServicePrincipal,
      );
    const tags = { ServicePrincipal: 'tagpolicies.tag.amazonaws.com' };
    const seeded = ['sso.amazonaws.com', 'account-access.amazonaws.com'];
    call('organizations:EnableAWSServiceAccess', tags);
    call('organizations:EnableAWSServiceAccess', tags);
    expect(principals()).toEqual([...seeded, tags.ServicePrincipal]);
    call('organizations:EnablePolicyType', { RootId: root, PolicyType: 'TAG_POLICY' });
    expect(refusal('organizations:DisableAWSServiceAccess', tags)).toBe(
      'ConstraintViolationException/POLICY_TYPE_ENABLED_FOR_THIS_SERVICE',
    );
    call('organizations:DisablePolicyType', { RootId: root, PolicyType: 'TAG_POLICY' });
    call('organizations:RegisterDelegatedAdministrator', delegation);
    const sso = { ServicePrincipal: delegation.ServicePrincipal };
    expect(refusal('organizations:DisableAWSServiceAccess', sso)).toBe(
      'ConstraintViolationException/DELEGATED_ADMINISTRATOR_EXISTS_FOR_THIS_SERVICE',
    );
    call('organizations:DisableAWSServiceAccess', tags);
    expect(principals()).toEqual(seeded);
  });
});

describe('settings policies', () => {
  const guardDuty = (status: string): string =>
    JSON.stringify({ guardduty: { enablement: { default: { foundational: { status: { '@@assign': status } } } } } });
  const later = { now: start + 60_000 };
  const inUse = (PolicyType: string) => {
    const made = scene();
    made.call('organizations:EnablePolicyType', { RootId: made.root, PolicyType });
    return made;
  };

  it.each([
    ['GUARDDUTY_POLICY', '{"securityhub":{}}'],
    ['NETWORK_SECURITY_DIRECTOR_POLICY', '{"network_security":{}}'],
    ['S3_POLICY', '{"s3_attributes":{"public_access_block_configuration":"all"}}'],
    ['AISERVICES_OPT_OUT_POLICY', '{"services":{"default":{"opt_out_policy":{"@@set":"optOut"}}}}'],
  ])('of type %s is no %s', (Type, Content) => {
    const { refusal } = scene();
    expect(refusal('organizations:CreatePolicy', { Name: 'P', Type, Content, Description: '' })).toBe(
      'MalformedPolicyDocumentException',
    );
  });

  it.each([
    ['AISERVICES_OPT_OUT_POLICY', 2_500, 'services'],
    ['TAG_POLICY', 10_000, 'tags'],
  ])('of type %s has at most %i characters, as sent', (Type, most, element) => {
    const { call, refusal } = scene();
    const sized = (size: number) => {
      const content = (text: string) => JSON.stringify({ [element]: { default: { tag_key: { '@@assign': text } } } });
      return { Name: `P${size}`, Type, Content: content('x'.repeat(size - content('').length)), Description: '' };
    };
    expect(at(call('organizations:CreatePolicy', sized(most)), 'Policy.PolicySummary.Type')).toBe(Type);
    expect(refusal('organizations:CreatePolicy', sized(most + 1))).toBe(
      'ConstraintViolationException/POLICY_CONTENT_LIMIT_EXCEEDED',
    );
  });

  it('hang five to a target where AWS says five, and not while their type is disabled', () => {
    const { call, refusal, root, policy } = inUse('CHATBOT_POLICY');
    const content = JSON.stringify({ chatbot: { platforms: { slack: { client: { '@@assign': 'disabled' } } } } });
    const ids = [1, 2, 3, 4, 5, 6].map((at) => policy(`P${at}`, 'CHATBOT_POLICY', content));
    for (const PolicyId of ids.slice(0, 5)) call('organizations:AttachPolicy', { PolicyId, TargetId: root }, later);
    expect(refusal('organizations:AttachPolicy', { PolicyId: ids[5], TargetId: root }, later)).toBe(
      'ConstraintViolationException/MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED',
    );
    const other = policy('Tags', 'TAG_POLICY', '{"tags":{}}');
    expect(refusal('organizations:AttachPolicy', { PolicyId: other, TargetId: root }, later)).toBe(
      'PolicyTypeNotEnabledException',
    );
  });

  it('are taken in the order of attachment, which a detachment changes', () => {
    const { call, root, policy } = inUse('GUARDDUTY_POLICY');
    const [one, other] = [
      policy('One', 'GUARDDUTY_POLICY', guardDuty('enabled')),
      policy('Two', 'GUARDDUTY_POLICY', guardDuty('disabled')),
    ];
    for (const PolicyId of [one, other]) call('organizations:AttachPolicy', { PolicyId, TargetId: root }, later);
    const effective = () => {
      const asked = { PolicyType: 'GUARDDUTY_POLICY', TargetId: playground };
      return at(call('organizations:DescribeEffectivePolicy', asked, later), 'EffectivePolicy.PolicyContent');
    };
    expect(effective()).toContain('"enabled"');
    call('organizations:DetachPolicy', { PolicyId: one, TargetId: root }, later);
    call('organizations:AttachPolicy', { PolicyId: one, TargetId: root }, later);
    expect(effective()).toContain('"disabled"');
  });

  it('have an effective policy of accounts alone, and none while nothing hangs above them', () => {
    const { call, refusal, root } = inUse('GUARDDUTY_POLICY');
    const asking = (TargetId: string, now = later) =>
      refusal('organizations:DescribeEffectivePolicy', { PolicyType: 'GUARDDUTY_POLICY', TargetId }, now);
    expect(asking(production)).toBe('EffectivePolicyNotFoundException');
    expect(asking(root)).toBe('InvalidInputException/TARGET_NOT_SUPPORTED');
    expect(asking('999999999999')).toBe('TargetNotFoundException');
    expect(at(call('organizations:ListRoots', {}, later), 'Roots.0.PolicyTypes.1.Type')).toBe('GUARDDUTY_POLICY');
  });
});
