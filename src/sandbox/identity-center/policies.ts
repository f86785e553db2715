/** What a permission set grants: managed and customer managed policies, the inline policy, the boundary. */
import { quotas } from '../../model/quotas.ts';
import type { SandboxCall, CallInput, SandboxOperation } from '../core.ts';
import { requiredInput } from './input.ts';
import { ssoConflict, ssoNotFound, ssoOverQuota, permissionSetOf, requireRightToChange } from './lookup.ts';
import { paged } from './page.ts';
import { edit } from './permission-sets.ts';
import { policyName } from './roles.ts';
import type { SetDefinition, SsoPermissionSet, PolicyReference } from './state.ts';
import { boundaryFrom, inlinePolicy, managedPolicyArnRule, policyReference } from './values.ts';
import type { SandboxWorld } from '../world.ts';

const editable = (world: SandboxWorld, input: CallInput, call: SandboxCall): SsoPermissionSet => {
  const set = permissionSetOf(world, input);
  requireRightToChange(world, call, set.arn);
  return set;
};

/** Managed and customer managed policies share one quota (Identity Center quotas page). */
const refuseFull = ({ managedPolicies, customerManagedPolicies }: SetDefinition): void => {
  if (managedPolicies.length + customerManagedPolicies.length >= quotas.policiesPerPermissionSet)
    throw ssoOverQuota(
      `You have exceeded the limit of ${quotas.policiesPerPermissionSet} policies for a permission set`,
    );
};

// The spellings of the texts below are AWS's.
const idOf = ({ arn }: SsoPermissionSet): string => arn.slice(arn.lastIndexOf('/') + 1);

const attachManaged: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const set = editable(world, input, call);
  const arn = requiredInput(input, 'ManagedPolicyArn', managedPolicyArnRule);
  if (!call.catalogue.has(arn)) throw ssoNotFound(`Policy does not exist with ARN: ${arn}`);
  if (set.definition.managedPolicies.includes(arn))
    throw ssoConflict(
      `Permission set with id ${idOf(set)} already has a typed link attachment to a manged policy with ${arn}`,
    );
  refuseFull(set.definition);
  edit(set, { managedPolicies: [...set.definition.managedPolicies, arn] });
  return {};
};

const detachManaged: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const set = editable(world, input, call);
  const arn = requiredInput(input, 'ManagedPolicyArn', managedPolicyArnRule);
  if (!set.definition.managedPolicies.includes(arn)) throw ssoNotFound(`Could not find ManagedPolicy with arn ${arn}`);
  edit(set, { managedPolicies: set.definition.managedPolicies.filter((other) => other !== arn) });
  return {};
};

const listManaged: SandboxOperation<SandboxWorld> = (world, input) =>
  paged(
    input,
    'AttachedManagedPolicies',
    permissionSetOf(world, input).definition.managedPolicies.map((Arn) => ({ Name: policyName(Arn), Arn })),
  );

const same = (one: PolicyReference, other: PolicyReference): boolean =>
  one.Name === other.Name && one.Path === other.Path;

/** A reference is not looked up: each account must have such a policy when the set is provisioned there. */
const attachCustomer: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const set = editable(world, input, call);
  const reference = policyReference(input);
  const attached = set.definition.customerManagedPolicies;
  if (attached.some((other) => same(other, reference)))
    throw ssoConflict(
      `Given customer managed policy with name: ${reference.Name}  and path ${reference.Path} already attached`,
    );
  refuseFull(set.definition);
  edit(set, { customerManagedPolicies: [...attached, reference] });
  return {};
};

const detachCustomer: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const set = editable(world, input, call);
  const reference = policyReference(input);
  const attached = set.definition.customerManagedPolicies;
  if (!attached.some((other) => same(other, reference)))
    throw ssoNotFound(
      `Given managed policy with name: ${reference.Name}  and path ${reference.Path} does not exist on PermissionSet`,
    );
  edit(set, { customerManagedPolicies: attached.filter((other) => !same(other, reference)) });
  return {};
};

const listCustomer: SandboxOperation<SandboxWorld> = (world, input) =>
  paged(input, 'CustomerManagedPolicyReferences', permissionSetOf(world, input).definition.customerManagedPolicies);

const putInline: SandboxOperation<SandboxWorld> = (world, input, call) => {
  edit(editable(world, input, call), { inlinePolicy: inlinePolicy(input) });
  return {};
};

/** A set without an inline policy answers an empty text, not an error. */
const getInline: SandboxOperation<SandboxWorld> = (world, input) => ({
  InlinePolicy: permissionSetOf(world, input).definition.inlinePolicy ?? '',
});

const deleteInline: SandboxOperation<SandboxWorld> = (world, input, call) => {
  edit(editable(world, input, call), { inlinePolicy: null });
  return {};
};

const putBoundary: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const set = editable(world, input, call);
  const boundary = boundaryFrom(input);
  if ('ManagedPolicyArn' in boundary && !call.catalogue.has(boundary.ManagedPolicyArn))
    throw ssoNotFound(`Policy ${boundary.ManagedPolicyArn} does not exist or is not attachable.`);
  edit(set, { boundary });
  return {};
};

const getBoundary: SandboxOperation<SandboxWorld> = (world, input) => {
  const set = permissionSetOf(world, input);
  if (!set.definition.boundary) throw ssoNotFound(`PermissionSet ${set.arn} does not have a permissions boundary`);
  return { PermissionsBoundary: set.definition.boundary };
};

const deleteBoundary: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const set = editable(world, input, call);
  if (!set.definition.boundary) throw ssoNotFound(`PermissionSet ${set.arn} does not have a permissions boundary`);
  edit(set, { boundary: null });
  return {};
};

export const setPolicyOperations: Readonly<Record<string, SandboxOperation<SandboxWorld>>> = {
  AttachManagedPolicyToPermissionSet: attachManaged,
  DetachManagedPolicyFromPermissionSet: detachManaged,
  ListManagedPoliciesInPermissionSet: listManaged,
  AttachCustomerManagedPolicyReferenceToPermissionSet: attachCustomer,
  DetachCustomerManagedPolicyReferenceFromPermissionSet: detachCustomer,
  ListCustomerManagedPolicyReferencesInPermissionSet: listCustomer,
  PutInlinePolicyToPermissionSet: putInline,
  GetInlinePolicyForPermissionSet: getInline,
  DeleteInlinePolicyFromPermissionSet: deleteInline,
  PutPermissionsBoundaryToPermissionSet: putBoundary,
  GetPermissionsBoundaryForPermissionSet: getBoundary,
  DeletePermissionsBoundaryFromPermissionSet: deleteBoundary,
};
