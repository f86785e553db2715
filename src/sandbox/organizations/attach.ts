/** Policy types, and what hangs on roots, OUs and accounts. */
import type { SandboxOperation } from '../core.ts';
import { AwsError } from '../core.ts';
import { own, textMember } from '../members.ts';
import {
  arnOf,
  listOutput,
  missingFromOrganization,
  noSuchPolicy,
  organizationPolicyIn,
  policySummary,
  rootOutput,
  targetIn,
  typesNow,
} from './look.ts';
import { constraint, invalidOrganizationsInput } from './refusal.ts';
import type { OrganizationsState, OrganizationPolicy } from './state.ts';
import type { SandboxWorld, WorldOperations } from '../world.ts';

/** Policies of one type directly on one node: 10 SCPs since May 2026, 5 RCPs ("Quotas and service limits"); 10 of a type without a row. */
const fewer: readonly string[] = ['RESOURCE_CONTROL_POLICY', 'AISERVICES_OPT_OUT_POLICY', 'CHATBOT_POLICY'];
const maxAttached = (type: string): number => (fewer.includes(type) ? 5 : 10);

/** The AWS managed policy that AWS attaches everywhere while its type is enabled. */
const defaults: Readonly<Record<string, string>> = {
  SERVICE_CONTROL_POLICY: 'p-FullAWSAccess',
  RESOURCE_CONTROL_POLICY: 'p-RCPFullAWSAccess',
};

const targetsOf = (state: OrganizationsState, policyId: string): readonly string[] =>
  own(state.attachments, policyId) ?? [];

const attach = (state: OrganizationsState, policyId: string, target: string): void => {
  if (targetsOf(state, policyId).includes(target)) return;
  state.attachments[policyId] = [...targetsOf(state, policyId), target];
  // Of AWS's full access nobody asks the order.
  if (!Object.values(defaults).includes(policyId))
    state.attachmentOrder = [...(state.attachmentOrder ?? []), `${policyId} ${target}`];
};

const detach = (state: OrganizationsState, policyId: string, target: string): void => {
  state.attachments[policyId] = targetsOf(state, policyId).filter((id) => id !== target);
  state.attachmentOrder = (state.attachmentOrder ?? []).filter((one) => one !== `${policyId} ${target}`);
};

const attachedTo = (state: OrganizationsState, target: string, type: string): readonly OrganizationPolicy[] =>
  Object.values(state.policies).filter(
    (policy) => policy.Type === type && targetsOf(state, policy.Id).includes(target),
  );

/** A new node carries the full-access policy of every type that is enabled or about to be. */
export const attachDefaults = (state: OrganizationsState, target: string, now: number): void => {
  for (const { Type, Status } of typesNow(state, now)) {
    const policyId = own(defaults, Type);
    if (policyId && Status !== 'PENDING_DISABLE') attach(state, policyId, target);
  }
};

/** A node that goes takes its attachments with it. */
export const detachEverything = (state: OrganizationsState, target: string): void => {
  for (const policyId of Object.keys(state.attachments)) detach(state, policyId, target);
};

const notEnabled = 'This operation can be performed only for enabled policy types.';

const attachPolicy: SandboxOperation<SandboxWorld> = ({ organizations: state }, input, { now }) => {
  const policy = organizationPolicyIn(state, input);
  const target = targetIn(state, input);
  const enabled = typesNow(state, now).some(({ Type, Status }) => Type === policy.Type && Status === 'ENABLED');
  if (!enabled) throw missingFromOrganization('PolicyTypeNotEnabledException', notEnabled);
  if (targetsOf(state, policy.Id).includes(target))
    throw new AwsError('DuplicatePolicyAttachmentException', 'A policy with the specified name is already attached.');
  if (attachedTo(state, target, policy.Type).length >= maxAttached(policy.Type))
    throw constraint(
      'MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED',
      'You have attached the maximum number of policies to the specified target.',
    );
  attach(state, policy.Id, target);
  return {};
};

const detachPolicy: SandboxOperation<SandboxWorld> = ({ organizations: state }, input) => {
  const policy = organizationPolicyIn(state, input);
  const target = targetIn(state, input);
  if (policy.Id === 'p-RCPFullAWSAccess')
    throw invalidOrganizationsInput('NON_DETACHABLE_POLICY', 'RCPFullAWSAccess cannot be detached.');
  if (!targetsOf(state, policy.Id).includes(target))
    throw missingFromOrganization('PolicyNotAttachedException', "The policy isn't attached to the specified target.");
  if (policy.Type === 'SERVICE_CONTROL_POLICY' && attachedTo(state, target, policy.Type).length === 1)
    throw constraint(
      'MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED',
      'You cannot remove the last service control policy from an entity.',
    );
  detach(state, policy.Id, target);
  return {};
};

const targetOutput = (state: OrganizationsState, id: string) => {
  const unit = own(state.ous, id);
  if (unit) return { TargetId: id, Arn: arnOf(state, 'ou', id), Name: unit.Name, Type: 'ORGANIZATIONAL_UNIT' };
  const account = own(state.accounts, id);
  if (account) return { TargetId: id, Arn: arnOf(state, 'account', id), Name: account.Name, Type: 'ACCOUNT' };
  return { TargetId: id, Arn: arnOf(state, 'root', id), Name: 'Root', Type: 'ROOT' };
};

const rootIn = (state: OrganizationsState, rootId: string): void => {
  if (rootId !== state.rootId)
    throw missingFromOrganization('RootNotFoundException', "You specified a root that doesn't exist.");
};

const everyNode = (state: OrganizationsState): readonly string[] => [
  state.rootId,
  ...Object.keys(state.ous),
  ...Object.keys(state.accounts),
];

const statusOf = (state: OrganizationsState, type: string, now: number): string | undefined =>
  typesNow(state, now).find(({ Type }) => Type === type)?.Status;

const settleLater = (
  world: SandboxWorld,
  type: { Type: string; settled: 'ENABLED' | 'DISABLED' },
  now: number,
): void => {
  const { organizations: state, settings } = world;
  const others = state.policyTypes.filter(({ Type }) => Type !== type.Type);
  state.policyTypes = [...others, { ...type, settlesAt: now + settings.latencyMs.policyType }];
};

const enablePolicyType: SandboxOperation<SandboxWorld> = (world, input, { now }) => {
  const state = world.organizations;
  rootIn(state, textMember(input, 'RootId'));
  const Type = textMember(input, 'PolicyType');
  const status = statusOf(state, Type, now);
  if (status === 'PENDING_DISABLE')
    throw new AwsError('PolicyChangesInProgressException', 'Changes to the policy type are in progress.');
  if (status) throw new AwsError('PolicyTypeAlreadyEnabledException', 'The specified policy type is already enabled.');
  settleLater(world, { Type, settled: 'ENABLED' }, now);
  const policyId = own(defaults, Type);
  if (policyId) for (const node of everyNode(state)) attach(state, policyId, node);
  return { Root: rootOutput(state, now) };
};

// Disabling a type detaches all of its policies; enabling it again brings back only the full-access one.
const disablePolicyType: SandboxOperation<SandboxWorld> = (world, input, { now }) => {
  const state = world.organizations;
  rootIn(state, textMember(input, 'RootId'));
  const Type = textMember(input, 'PolicyType');
  const status = statusOf(state, Type, now);
  if (!status) throw missingFromOrganization('PolicyTypeNotEnabledException', notEnabled);
  if (status !== 'ENABLED')
    throw new AwsError('PolicyChangesInProgressException', 'Changes to the policy type are in progress.');
  settleLater(world, { Type, settled: 'DISABLED' }, now);
  for (const policy of Object.values(state.policies))
    if (policy.Type === Type) for (const target of targetsOf(state, policy.Id)) detach(state, policy.Id, target);
  return { Root: rootOutput(state, now) };
};

export const attachmentOperations: WorldOperations = {
  AttachPolicy: attachPolicy,
  DetachPolicy: detachPolicy,
  EnablePolicyType: enablePolicyType,
  DisablePolicyType: disablePolicyType,
  ListTargetsForPolicy: ({ organizations: state }, input) =>
    listOutput(
      'Targets',
      targetsOf(state, organizationPolicyIn(state, input, noSuchPolicy).Id).map((id) => targetOutput(state, id)),
      input,
    ),
  ListPoliciesForTarget: ({ organizations: state }, input) =>
    listOutput(
      'Policies',
      attachedTo(state, targetIn(state, input), textMember(input, 'Filter')).map((policy) =>
        policySummary(state, policy),
      ),
      input,
    ),
};
