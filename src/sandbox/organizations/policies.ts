/** Policies as documents: made, read, changed and deleted. */
import { AwsError, nextId, type Operation } from '../core.ts';
import { optionalText, own, text } from '../members.ts';
import { checkContent } from './documents.ts';
import { accountIn, listOutput, noSuchPolicy, policyIn, policySummary } from './look.ts';
import { invalidInput } from './refusal.ts';
import type { OrganizationsState, Policy } from './state.ts';
import { tagsIn } from './tags.ts';
import type { World } from '../world.ts';

type Ops = Readonly<Record<string, Operation<World>>>;

/** Policies of one type in an organization ("Quotas and service limits"). */
const maxPolicies: Readonly<Record<string, number>> = {
  SERVICE_CONTROL_POLICY: 10_000,
  RESOURCE_CONTROL_POLICY: 2_000,
};

const output = (state: OrganizationsState, policy: Policy) => ({
  Policy: { PolicySummary: policySummary(state, policy), Content: policy.Content },
});

const ofType = (state: OrganizationsState, type: string): readonly Policy[] =>
  Object.values(state.policies).filter((policy) => policy.Type === type);

const refuseTaken = (state: OrganizationsState, type: string, name: string): void => {
  if (ofType(state, type).some((policy) => policy.Name === name))
    throw new AwsError('DuplicatePolicyException', 'A policy with the same name already exists.');
};

const refuseManaged = (policy: Policy): void => {
  if (policy.AwsManaged) throw invalidInput('IMMUTABLE_POLICY', 'An AWS managed policy cannot be changed.');
};

const createPolicy: Operation<World> = ({ organizations: state, ids }, input) => {
  const Type = text(input, 'Type');
  const Name = text(input, 'Name');
  const Content = text(input, 'Content');
  const tags = tagsIn(input);
  checkContent(Type, Content);
  refuseTaken(state, Type, Name);
  if (ofType(state, Type).length >= (own(maxPolicies, Type) ?? 1_000))
    throw new AwsError('ConstraintViolationException', `You have reached the limit of policies of type ${Type}.`, {
      fields: { Reason: 'POLICY_NUMBER_LIMIT_EXCEEDED' },
    });
  const Id = `p-${nextId(ids, 10, 'abcdefghijklmnopqrstuvwxyz0123456789')}`;
  const policy: Policy = { Id, Name, Description: text(input, 'Description'), Type, AwsManaged: false, Content };
  state.policies[Id] = policy;
  if (tags.length > 0) state.tags[Id] = [...tags];
  return output(state, policy);
};

const updatePolicy: Operation<World> = ({ organizations: state }, input) => {
  const policy = policyIn(state, input);
  refuseManaged(policy);
  const name = optionalText(input, 'Name') ?? policy.Name;
  const content = optionalText(input, 'Content') ?? policy.Content;
  if (name !== policy.Name) refuseTaken(state, policy.Type, name);
  checkContent(policy.Type, content);
  policy.Name = name;
  policy.Content = content;
  policy.Description = optionalText(input, 'Description') ?? policy.Description;
  return output(state, policy);
};

const deletePolicy: Operation<World> = ({ organizations: state }, input) => {
  const policy = policyIn(state, input);
  refuseManaged(policy);
  if ((own(state.attachments, policy.Id) ?? []).length > 0)
    throw new AwsError('PolicyInUseException', 'The policy is attached to one or more entities.');
  Reflect.deleteProperty(state.policies, policy.Id);
  Reflect.deleteProperty(state.attachments, policy.Id);
  Reflect.deleteProperty(state.tags, policy.Id);
  return {};
};

export const policyOperations: Ops = {
  CreatePolicy: createPolicy,
  UpdatePolicy: updatePolicy,
  DeletePolicy: deletePolicy,
  DescribePolicy: ({ organizations: state }, input) => output(state, policyIn(state, input, noSuchPolicy)),
  ListPolicies: ({ organizations: state }, input) =>
    listOutput(
      'Policies',
      ofType(state, text(input, 'Filter')).map((policy) => policySummary(state, policy)),
      input,
    ),
  DescribeEffectivePolicy: () => {
    throw new AwsError('EffectivePolicyNotFoundException', 'There is no effective policy of this type.');
  },
  ListAccountsWithInvalidEffectivePolicy: (_world, input) => ({
    ...listOutput('Accounts', [], input),
    PolicyType: text(input, 'PolicyType'),
  }),
  ListEffectivePolicyValidationErrors: ({ organizations: state }, input) => ({
    ...listOutput('EffectivePolicyValidationErrors', [], input),
    AccountId: accountIn(state, input).Id,
    PolicyType: text(input, 'PolicyType'),
  }),
};
