/** The organization's resource policy: which member accounts may do what ("Delegated administrator for AWS Organizations"). */
import type { SandboxCall, SandboxOperation, CallOutput } from '../core.ts';
import { nextId } from '../core.ts';
import type { PolicyStatement } from '../iam/grammar/syntax.ts';
import { isObject, parsePolicy, textsOf } from '../iam/grammar/syntax.ts';
import { textMember } from '../members.ts';
import { isLike } from '../sts/glob.ts';
import type { SandboxWorld, WorldOperations } from '../world.ts';
import { missingFromOrganization } from './look.ts';
import { invalidOrganizationsInput } from './refusal.ts';
import type { OrganizationsState } from './state.ts';
import { organizationTagsIn } from './tags.ts';

const principalsOf = ({ Principal }: PolicyStatement): readonly string[] =>
  isObject(Principal) ? textsOf(Principal['AWS']) : textsOf(Principal);

const isAccount = (principal: string): boolean =>
  principal === '*' || /^(\d{12}|arn:aws:iam::\d{12}:(root|(role|user)\/.+))$/.test(principal);

const statementsOf = (content: string): readonly PolicyStatement[] => {
  try {
    return parsePolicy(content).statements;
  } catch {
    throw invalidOrganizationsInput(
      'INVALID_RESOURCE_POLICY_JSON',
      'The provided policy document is not a valid resource policy.',
    );
  }
};

const check = (content: string): void => {
  for (const statement of statementsOf(content)) {
    const principals = principalsOf(statement);
    if (principals.length === 0 || !principals.every(isAccount))
      throw invalidOrganizationsInput('INVALID_PRINCIPAL', 'You specified an invalid principal element in the policy.');
    const actions = textsOf(statement['Action']);
    if (actions.length === 0 || !actions.every((action) => action.toLowerCase().startsWith('organizations:')))
      throw invalidOrganizationsInput(
        'UNSUPPORTED_ACTION_IN_RESOURCE_POLICY',
        'The policy has an action that a resource policy of an organization does not support.',
      );
  }
};

const output = (state: OrganizationsState): CallOutput => {
  const { resourcePolicy: policy } = state;
  if (!policy) throw missingFromOrganization('ResourcePolicyNotFoundException', "We can't find a resource policy.");
  const Arn = `arn:aws:organizations::${state.management}:resourcepolicy/${state.id}/${policy.Id}`;
  return { ResourcePolicy: { ResourcePolicySummary: { Id: policy.Id, Arn }, Content: policy.Content } };
};

const put: SandboxOperation<SandboxWorld> = ({ organizations: state, ids }, input) => {
  const Content = textMember(input, 'Content');
  const tags = organizationTagsIn(input);
  check(Content);
  const Id = state.resourcePolicy?.Id ?? `rp-${nextId(ids, 10, 'abcdefghijklmnopqrstuvwxyz0123456789')}`;
  state.resourcePolicy = { Id, Content };
  if (tags.length > 0) state.tags[Id] = [...tags];
  return output(state);
};

const remove: SandboxOperation<SandboxWorld> = ({ organizations: state }) => {
  output(state);
  if (state.resourcePolicy) Reflect.deleteProperty(state.tags, state.resourcePolicy.Id);
  delete state.resourcePolicy;
  return {};
};

const names = (principal: string, account: string): boolean => principal === '*' || principal.includes(account);

const isSaid = (statement: PolicyStatement, { account, operation }: SandboxCall): boolean =>
  principalsOf(statement).some((principal) => names(principal, account)) &&
  textsOf(statement['Action']).some((action) =>
    isLike(`organizations:${operation}`.toLowerCase(), action.toLowerCase()),
  );

/** Whether the policy lets a member account do it; its conditions and resources are not looked at. */
export const isDelegated = ({ resourcePolicy }: OrganizationsState, call: SandboxCall): boolean => {
  const said =
    resourcePolicy === undefined ? [] : statementsOf(resourcePolicy.Content).filter((one) => isSaid(one, call));
  return said.length > 0 && said.every(({ Effect }) => Effect === 'Allow');
};

export const resourcePolicyOperations: WorldOperations = {
  PutResourcePolicy: put,
  DescribeResourcePolicy: ({ organizations: state }) => output(state),
  DeleteResourcePolicy: remove,
};
