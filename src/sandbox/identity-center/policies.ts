/** What a permission set grants: managed and customer managed policies, the inline policy, the boundary. */
import { quotas } from '../../model/quotas.ts';
import type { Call, Input, Operation } from '../core.ts';
import { required } from './input.ts';
import { conflict, notFound, overQuota, permissionSetOf, requireRightToChange } from './lookup.ts';
import { paged } from './page.ts';
import { edit } from './permission-sets.ts';
import { policyName } from './roles.ts';
import type { Definition, PermissionSet, PolicyReference } from './state.ts';
import { boundaryFrom, inlinePolicy, managedPolicyArnRule, policyReference } from './values.ts';
import type { World } from '../world.ts';

const editable = (world: World, input: Input, call: Call): PermissionSet => {
  const set = permissionSetOf(world, input);
  requireRightToChange(world, call, set.arn);
  return set;
};

/** Managed and customer managed policies share one quota (Identity Center quotas page). */
const refuseFull = ({ managedPolicies, customerManagedPolicies }: Definition): void => {
  if (managedPolicies.length + customerManagedPolicies.length >= quotas.policiesPerPermissionSet)
    throw overQuota(`You have exceeded the limit of ${quotas.policiesPerPermissionSet} policies for a permission set`);
};

// The spellings of the texts below are AWS's.
const idOf = ({ arn }: PermissionSet): string => arn.slice(arn.lastIndexOf('/') + 1);

const attachManaged: Operation<World> = (world, input, call) => {
  const set = editable(world, input, call);
  const arn = required(input, 'ManagedPolicyArn', managedPolicyArnRule);
  if (!call.catalogue.has(arn)) throw notFound(`Policy does not exist with ARN: ${arn}`);
  if (set.definition.managedPolicies.includes(arn))
    throw conflict(
      `Permission set with id ${idOf(set)} already has a typed link attachment to a manged policy with ${arn}`,
    );
  refuseFull(set.definition);
  edit(set, { managedPolicies: [...set.definition.managedPolicies, arn] });
  return {};
};

const detachManaged: Operation<World> = (world, input, call) => {
  const set = editable(world, input, call);
  const arn = required(input, 'ManagedPolicyArn', managedPolicyArnRule);
  if (!set.definition.managedPolicies.includes(arn)) throw notFound(`Could not find ManagedPolicy with arn ${arn}`);
  edit(set, { managedPolicies: set.definition.managedPolicies.filter((other) => other !== arn) });
  return {};
};

const listManaged: Operation<World> = (world, input) =>
  paged(
    input,
    'AttachedManagedPolicies',
    permissionSetOf(world, input).definition.managedPolicies.map((Arn) => ({ Name: policyName(Arn), Arn })),
  );

const same = (one: PolicyReference, other: PolicyReference): boolean =>
  one.Name === other.Name && one.Path === other.Path;

/** A reference is not looked up: each account must have such a policy when the set is provisioned there. */
const attachCustomer: Operation<World> = (world, input, call) => {
  const set = editable(world, input, call);
  const reference = policyReference(input);
  const attached = set.definition.customerManagedPolicies;
  if (attached.some((other) => same(other, reference)))
    throw conflict(
      `Given customer managed policy with name: ${reference.Name}  and path ${reference.Path} already attached`,
    );
  refuseFull(set.definition);
  edit(set, { customerManagedPolicies: [...attached, reference] });
  return {};
};

const detachCustomer: Operation<World> = (world, input, call) => {
  const set = editable(world, input, call);
  const reference = policyReference(input);
  const attached = set.definition.customerManagedPolicies;
  if (!attached.some((other) => same(other, reference)))
    throw notFound(
      `Given managed policy with name: ${reference.Name}  and path ${reference.Path} does not exist on PermissionSet`,
    );
  edit(set, { customerManagedPolicies: attached.filter((other) => !same(other, reference)) });
  return {};
};

const listCustomer: Operation<World> = (world, input) =>
  paged(input, 'CustomerManagedPolicyReferences', permissionSetOf(world, input).definition.customerManagedPolicies);

const putInline: Operation<World> = (world, input, call) => {
  edit(editable(world, input, call), { inlinePolicy: inlinePolicy(input) });
  return {};
};

/** A set without an inline policy answers an empty text, not an error. */
const getInline: Operation<World> = (world, input) => ({
  InlinePolicy: permissionSetOf(world, input).definition.inlinePolicy ?? '',
});

const deleteInline: Operation<World> = (world, input, call) => {
  edit(editable(world, input, call), { inlinePolicy: null });
  return {};
};

const putBoundary: Operation<World> = (world, input, call) => {
  const set = editable(world, input, call);
  const boundary = boundaryFrom(input);
  if ('ManagedPolicyArn' in boundary && !call.catalogue.has(boundary.ManagedPolicyArn))
    throw notFound(`Policy ${boundary.ManagedPolicyArn} does not exist or is not attachable.`);
  edit(set, { boundary });
  return {};
};

const getBoundary: Operation<World> = (world, input) => {
  const set = permissionSetOf(world, input);
  if (!set.definition.boundary) throw notFound(`PermissionSet ${set.arn} does not have a permissions boundary`);
  return { PermissionsBoundary: set.definition.boundary };
};

const deleteBoundary: Operation<World> = (world, input, call) => {
  const set = editable(world, input, call);
  if (!set.definition.boundary) throw notFound(`PermissionSet ${set.arn} does not have a permissions boundary`);
  edit(set, { boundary: null });
  return {};
};

export const policyOperations: Readonly<Record<string, Operation<World>>> = {
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
