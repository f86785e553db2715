/** One change made to AWS. Every writer may be asked for the same change twice. */
import type { Change } from '../model/plan.ts';
import { afterOf, beforeOf, subjectOf } from '../model/plan.ts';
import { controlKinds, isControlPolicy, isOfIam } from '../model/resource.ts';
import type { Resource, ResourcePolicy } from '../model/resource.ts';
import { lookAtAws } from './look.ts';
import { renameIn } from './ids.ts';
import { isArrived } from './moved.ts';
import { createAttributes, updateAttributes } from './access-attributes.ts';
import { createAssignment, deleteAssignment } from './write-assignments.ts';
import { createEntitlement, deleteEntitlement } from './write-entitlements.ts';
import {
  createGroup,
  createMembership,
  createUser,
  deleteGroup,
  deleteMembership,
  updateGroup,
} from './write-identity-store.ts';
import { writeIam } from './write-iam.ts';
import { writeResourcePolicy } from './write-resource-policies.ts';
import { createOu, deleteOu, enablePolicyType, moveAccount, updateOu } from './write-organization.ts';
import { createPermissionSet, deletePermissionSet, updatePermissionSet } from './write-permission-sets.ts';
import { attachPolicy, createPolicy, deletePolicy, detachPolicy, updatePolicy } from './write-policies.ts';
import { iamLane, organizationLane } from './writing.ts';
import type { WriteContext } from './writing.ts';

/** A plan that asks for what the product never does: to create an account, to disable a policy type. */
const never = (action: string, kind: string): Error => new Error(`${action} of ${kind} is not something we do`);

const create = (writing: WriteContext, after: Resource): Promise<void> => {
  if (isControlPolicy(after)) return createPolicy(writing, after);
  switch (after.kind) {
    case 'policy-type':
      return enablePolicyType(writing, after);
    case 'ou':
      return createOu(writing, after);
    case 'attachment':
      return attachPolicy(writing, after);
    case 'group':
      return createGroup(writing, after);
    case 'user':
      return createUser(writing, after);
    case 'membership':
      return createMembership(writing, after);
    case 'permission-set':
      return createPermissionSet(writing, after);
    case 'assignment':
      return createAssignment(writing, after);
    case 'entitlement':
      return createEntitlement(writing, after);
    case 'access-attributes':
      return createAttributes(writing, after);
    case 'account':
    case 'role':
    case 'policy':
    case 'oidc-provider':
    case 'resource-policy':
      throw never('create', after.kind);
  }
};

const update = (writing: WriteContext, before: Resource, after: Resource): Promise<void> => {
  if (before.kind === 'account' && after.kind === 'account') return moveAccount(writing, before, after);
  if (before.kind === 'ou' && after.kind === 'ou') return updateOu(writing, before, after);
  if (isControlPolicy(before) && isControlPolicy(after)) return updatePolicy(writing, before, after);
  if (before.kind === 'group' && after.kind === 'group') return updateGroup(writing, before, after);
  if (before.kind === 'permission-set' && after.kind === 'permission-set') {
    return updatePermissionSet(writing, before, after);
  }
  if (after.kind === 'access-attributes') return updateAttributes(writing, after);
  throw never('update', after.kind);
};

const remove = (writing: WriteContext, before: Resource): Promise<void> => {
  if (isControlPolicy(before)) return deletePolicy(writing, before);
  switch (before.kind) {
    case 'ou':
      return deleteOu(writing, before);
    case 'attachment':
      return detachPolicy(writing, before);
    case 'group':
      return deleteGroup(writing, before);
    case 'membership':
      return deleteMembership(writing, before);
    case 'permission-set':
      return deletePermissionSet(writing, before);
    case 'assignment':
      return deleteAssignment(writing, before);
    case 'entitlement':
      return deleteEntitlement(writing, before);
    case 'policy-type':
    case 'account':
    case 'user':
    case 'role':
    case 'policy':
    case 'oidc-provider':
    case 'resource-policy':
    case 'access-attributes':
      throw never('delete', before.kind);
  }
};

const policyIn = (resource: Resource | undefined): ResourcePolicy | undefined =>
  resource?.kind === 'resource-policy' ? resource : undefined;

const writeOut = async (writing: WriteContext, change: Change): Promise<void> => {
  if (isOfIam(subjectOf(change))) return writeIam(writing, change);
  if (change.kind === 'resource-policy')
    return writeResourcePolicy(writing, { before: policyIn(beforeOf(change)), after: policyIn(afterOf(change)) });
  if (change.action === 'create') return create(writing, change.after);
  if (change.action === 'delete') return remove(writing, change.before);
  return update(writing, change.before, change.after);
};

/**
 * Read again before it is written, and left alone when somebody else has been there. What this run wrote itself, AWS may
 * show as it was for a while: that is no reason to hold it, nor to believe that nothing is left to do.
 */
const isDone = async (writing: WriteContext, change: Change): Promise<boolean> => {
  const look = await lookAtAws(writing, change);
  if (!look.asked) return false;
  const passed = writing.passed.get(change.key) ?? [];
  const arrived = isArrived(look.live, { states: [beforeOf(change), ...passed], after: afterOf(change) });
  return arrived && passed.length === 0;
};

const carryOut = async (writing: WriteContext, change: Change): Promise<void> => {
  writing.begin();
  const isThere = await isDone(writing, change);
  if (!isThere) await writeOut(writing, change);
  renameIn(writing.ids, beforeOf(change), afterOf(change));
  if (!isThere) writing.passed.set(change.key, [...(writing.passed.get(change.key) ?? []), beforeOf(change)]);
};

const ofOrganizations: readonly string[] = ['policy-type', 'ou', 'account', ...controlKinds, 'attachment'];

/** Sets and assignments wait for lanes of their own. */
const turnOf = ({ lanes, identityStoreSlots, iamSlots }: WriteContext, change: Change) => {
  const [{ kind, id }, subject] = [change, subjectOf(change)];
  if (isOfIam(subject))
    return (work: () => Promise<void>) => lanes.run(iamLane(subject.account, id), () => iamSlots.run(work));
  if (kind === 'resource-policy') return iamSlots.run;
  if (ofOrganizations.includes(kind)) return (work: () => Promise<void>) => lanes.run(organizationLane, work);
  if (kind === 'group' || kind === 'user' || kind === 'membership') return identityStoreSlots.run;
  return (work: () => Promise<void>) => work();
};

/** Throws what AWS threw when it refuses, or names what the change needs and AWS does not have. */
export const write = (writing: WriteContext, change: Change): Promise<void> =>
  turnOf(writing, change)(() => carryOut(writing, change));
