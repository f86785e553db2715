/** Policies as documents: made, read, changed and deleted. */
import type { SandboxOperation } from '../core.ts';
import { AwsError, nextId } from '../core.ts';
import { optionalTextMember, own, textMember } from '../members.ts';
import { checkContent } from './documents.ts';
import { describeEffectivePolicy } from './effective.ts';
import { accountIn, listOutput, noSuchPolicy, organizationPolicyIn, policySummary } from './look.ts';
import { invalidOrganizationsInput } from './refusal.ts';
import type { OrganizationsState, OrganizationPolicy } from './state.ts';
import { organizationTagsIn } from './tags.ts';
import type { SandboxWorld, WorldOperations } from '../world.ts';

/** Policies of one type in an organization ("Quotas and service limits"). */
const maxPolicies: Readonly<Record<string, number>> = {
  SERVICE_CONTROL_POLICY: 10_000,
  RESOURCE_CONTROL_POLICY: 2_000,
};

const output = (state: OrganizationsState, policy: OrganizationPolicy) => ({
  Policy: { PolicySummary: policySummary(state, policy), Content: policy.Content },
});

const ofType = (state: OrganizationsState, type: string): readonly OrganizationPolicy[] =>
  Object.values(state.policies).filter((policy) => policy.Type === type);

const refuseTaken = (state: OrganizationsState, type: string, name: string): void => {
  if (ofType(state, type).some((policy) => policy.Name === name))
    throw new AwsError('DuplicatePolicyException', 'A policy with the same name already exists.');
};

const refuseManaged = (policy: OrganizationPolicy): void => {
  if (policy.AwsManaged)
    throw invalidOrganizationsInput('IMMUTABLE_POLICY', 'An AWS managed policy cannot be changed.');
};

const createPolicy: SandboxOperation<SandboxWorld> = ({ organizations: state, ids }, input) => {
  const Type = textMember(input, 'Type');
  const Name = textMember(input, 'Name');
  const Content = textMember(input, 'Content');
  const tags = organizationTagsIn(input);
  checkContent(Type, Content);
  refuseTaken(state, Type, Name);
  if (ofType(state, Type).length >= (own(maxPolicies, Type) ?? 1_000))
    throw new AwsError('ConstraintViolationException', `You have reached the limit of policies of type ${Type}.`, {
      fields: { Reason: 'POLICY_NUMBER_LIMIT_EXCEEDED' },
    });
  const Id = `p-${nextId(ids, 10, 'abcdefghijklmnopqrstuvwxyz0123456789')}`;
  const policy: OrganizationPolicy = {
    Id,
    Name,
    Description: textMember(input, 'Description'),
    Type,
    AwsManaged: false,
    Content,
  };
  state.policies[Id] = policy;
  if (tags.length > 0) state.tags[Id] = [...tags];
  return output(state, policy);
};

const updatePolicy: SandboxOperation<SandboxWorld> = ({ organizations: state }, input) => {
  const policy = organizationPolicyIn(state, input);
  refuseManaged(policy);
  const name = optionalTextMember(input, 'Name') ?? policy.Name;
  const content = optionalTextMember(input, 'Content') ?? policy.Content;
  if (name !== policy.Name) refuseTaken(state, policy.Type, name);
  checkContent(policy.Type, content);
  policy.Name = name;
  policy.Content = content;
  policy.Description = optionalTextMember(input, 'Description') ?? policy.Description;
  return output(state, policy);
};

const deletePolicy: SandboxOperation<SandboxWorld> = ({ organizations: state }, input) => {
  const policy = organizationPolicyIn(state, input);
  refuseManaged(policy);
  if ((own(state.attachments, policy.Id) ?? []).length > 0)
    throw new AwsError('PolicyInUseException', 'The policy is attached to one or more entities.');
  Reflect.deleteProperty(state.policies, policy.Id);
  Reflect.deleteProperty(state.attachments, policy.Id);
  Reflect.deleteProperty(state.tags, policy.Id);
  return {};
};

export const organizationPolicyOperations: WorldOperations = {
  CreatePolicy: createPolicy,
  UpdatePolicy: updatePolicy,
  DeletePolicy: deletePolicy,
  DescribePolicy: ({ organizations: state }, input) => output(state, organizationPolicyIn(state, input, noSuchPolicy)),
  ListPolicies: ({ organizations: state }, input) =>
    listOutput(
      'Policies',
      ofType(state, textMember(input, 'Filter')).map((policy) => policySummary(state, policy)),
      input,
    ),
  DescribeEffectivePolicy: describeEffectivePolicy,
  ListAccountsWithInvalidEffectivePolicy: (_world, input) => ({
    ...listOutput('Accounts', [], input),
    PolicyType: textMember(input, 'PolicyType'),
  }),
  ListEffectivePolicyValidationErrors: ({ organizations: state }, input) => ({
    ...listOutput('EffectivePolicyValidationErrors', [], input),
    AccountId: accountIn(state, input).Id,
    PolicyType: textMember(input, 'PolicyType'),
  }),
};
