/** Input members of AWS Organizations, from its service model (2016-11-28). */
import { AwsError, type Input } from '../core.ts';
import { faultOf, type Fault, type Member, type Members } from '../members.ts';

const policyTypes = [
  'SERVICE_CONTROL_POLICY',
  'RESOURCE_CONTROL_POLICY',
  'TAG_POLICY',
  'BACKUP_POLICY',
  'AISERVICES_OPT_OUT_POLICY',
  'CHATBOT_POLICY',
  'DECLARATIVE_POLICY_EC2',
  'SECURITYHUB_POLICY',
  'INSPECTOR_POLICY',
  'UPGRADE_ROLLOUT_POLICY',
  'BEDROCK_POLICY',
  'S3_POLICY',
  'NETWORK_SECURITY_DIRECTOR_POLICY',
];

const root = 'r-[0-9a-z]{4,32}';
const ou = 'ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}';
const account = '\\d{12}';
const policy = 'p-[0-9a-zA-Z_]{8,128}';

const id = (...forms: string[]): Member => ({
  kind: 'string',
  required: true,
  max: 130,
  pattern: new RegExp(`^(?:${forms.join('|')})$`),
});
const named = (max: number): Member => ({ kind: 'string', min: 1, max });
const required = (member: Member): Member => ({ ...member, required: true });
const type = (values: readonly string[]): Member => ({ kind: 'string', required: true, oneOf: values });

const tags: Member = { kind: 'list' };
const target = id(root, account, ou);
const { required: _, ...optionalTarget } = target;
const parent = id(root, ou);
const resource = id(root, account, ou, policy, 'rp-[0-9a-zA-Z_]{4,128}', 'rt-[0-9a-zA-Z_]{8,32}');
const servicePrincipal: Member = { kind: 'string', min: 1, max: 128, pattern: /^[\w+=,.@-]*$/ };
const page: Members = {
  NextToken: { kind: 'string', max: 100_000 },
  MaxResults: { kind: 'integer', min: 1, max: 20 },
};

const members: Readonly<Record<string, Members>> = {
  ListRoots: page,
  ListOrganizationalUnitsForParent: { ParentId: parent, ...page },
  DescribeOrganizationalUnit: { OrganizationalUnitId: id(ou) },
  ListChildren: { ParentId: parent, ChildType: type(['ACCOUNT', 'ORGANIZATIONAL_UNIT']), ...page },
  ListParents: { ChildId: id(account, ou), ...page },
  ListAccounts: page,
  ListAccountsForParent: { ParentId: parent, ...page },
  DescribeAccount: { AccountId: id(account) },
  CreateOrganizationalUnit: { ParentId: parent, Name: required(named(128)), Tags: tags },
  UpdateOrganizationalUnit: { OrganizationalUnitId: id(ou), Name: named(128) },
  DeleteOrganizationalUnit: { OrganizationalUnitId: id(ou) },
  MoveAccount: { AccountId: id(account), SourceParentId: parent, DestinationParentId: parent },
  ListPolicies: { Filter: type(policyTypes), ...page },
  DescribePolicy: { PolicyId: id(policy) },
  CreatePolicy: {
    Content: { kind: 'string', required: true, min: 1 },
    Description: { kind: 'string', required: true, max: 512 },
    Name: required(named(128)),
    Type: type(policyTypes),
    Tags: tags,
  },
  UpdatePolicy: {
    PolicyId: id(policy),
    Name: named(128),
    Description: { kind: 'string', max: 512 },
    Content: { kind: 'string', min: 1 },
  },
  DeletePolicy: { PolicyId: id(policy) },
  AttachPolicy: { PolicyId: id(policy), TargetId: target },
  DetachPolicy: { PolicyId: id(policy), TargetId: target },
  ListTargetsForPolicy: { PolicyId: id(policy), ...page },
  ListPoliciesForTarget: { TargetId: target, Filter: type(policyTypes), ...page },
  EnablePolicyType: { RootId: id(root), PolicyType: type(policyTypes) },
  DisablePolicyType: { RootId: id(root), PolicyType: type(policyTypes) },
  TagResource: { ResourceId: resource, Tags: required(tags) },
  UntagResource: { ResourceId: resource, TagKeys: required(tags) },
  ListTagsForResource: { ResourceId: resource, NextToken: { kind: 'string', max: 100_000 } },
  ListDelegatedAdministrators: { ServicePrincipal: servicePrincipal, ...page },
  ListDelegatedServicesForAccount: { AccountId: id(account), ...page },
  RegisterDelegatedAdministrator: { AccountId: id(account), ServicePrincipal: required(servicePrincipal) },
  DeregisterDelegatedAdministrator: { AccountId: id(account), ServicePrincipal: required(servicePrincipal) },
  ListAWSServiceAccessForOrganization: page,
  // EffectivePolicyType has neither SCPs nor RCPs.
  DescribeEffectivePolicy: { PolicyType: type(policyTypes.slice(2)), TargetId: optionalTarget },
};

const reasons: Readonly<Record<Exclude<Fault['rule'], 'type'>, string>> = {
  required: 'INPUT_REQUIRED',
  enum: 'INVALID_ENUM',
  min: 'MIN_LENGTH_EXCEEDED',
  max: 'MAX_LENGTH_EXCEEDED',
  pattern: 'INVALID_PATTERN',
};

const messages: Readonly<Record<Exclude<Fault['rule'], 'type'>, string>> = {
  required: 'You must provide a value for',
  enum: 'You specified an invalid value for',
  min: 'You provided a value below the minimum length or value for',
  max: 'You provided a value above the maximum length or value for',
  pattern: 'You provided a value that does not match the required pattern for',
};

/** InvalidInputException, with the reason that programs read. */
export const invalidInput = (reason: string, message: string): AwsError =>
  new AwsError('InvalidInputException', message, { fields: { Reason: reason } });

const reasonOf = (rule: Exclude<Fault['rule'], 'type'>, kind: Member['kind']): string =>
  kind === 'integer' ? reasons[rule].replace('LENGTH', 'VALUE') : reasons[rule];

/** Throws what Organizations answers to an input that its model forbids. */
export const checkInput = (operation: string, input: Input): void => {
  const fault = faultOf(input, members[operation] ?? {});
  if (!fault) return;
  if (fault.rule === 'type') throw new AwsError('SerializationException', `${fault.member} has the wrong type.`);
  throw invalidInput(reasonOf(fault.rule, fault.kind), `${messages[fault.rule]} ${fault.member}.`);
};
