/** Changes to the IAM of one account. */
import type { Change } from '../model/plan.ts';
import { afterOf, beforeOf } from '../model/plan.ts';
import { isOfIam } from '../model/resource.ts';
import type { OfIam, Resource } from '../model/resource.ts';
import { createCustomerPolicy, deleteCustomerPolicy, updateCustomerPolicy } from './write-customer-policies.ts';
import { createOidcProvider, deleteOidcProvider, updateOidcProvider } from './write-oidc.ts';
import { createRole, deleteRole, updateRole } from './write-roles.ts';
import type { WriteContext } from './writing.ts';

const create = (writing: WriteContext, after: OfIam): Promise<void> => {
  if (after.kind === 'role') return createRole(writing, after);
  return after.kind === 'policy' ? createCustomerPolicy(writing, after) : createOidcProvider(writing, after);
};

const remove = (writing: WriteContext, before: OfIam): Promise<void> => {
  if (before.kind === 'role') return deleteRole(writing, before);
  return before.kind === 'policy' ? deleteCustomerPolicy(writing, before) : deleteOidcProvider(writing, before);
};

const update = (writing: WriteContext, before: OfIam, after: OfIam): Promise<void> => {
  if (before.kind === 'role' && after.kind === 'role') return updateRole(writing, before, after);
  if (before.kind === 'policy' && after.kind === 'policy') return updateCustomerPolicy(writing, before, after);
  if (before.kind === 'oidc-provider' && after.kind === 'oidc-provider') {
    return updateOidcProvider(writing, before, after);
  }
  throw new Error(`${before.kind} cannot become ${after.kind}`);
};

const iamOnly = (resource: Resource | undefined): OfIam | undefined =>
  resource !== undefined && isOfIam(resource) ? resource : undefined;

/** Each writer looks for itself at what is there. */
export const writeIam = async (writing: WriteContext, change: Change): Promise<void> => {
  const [before, after] = [iamOnly(beforeOf(change)), iamOnly(afterOf(change))];
  if (after === undefined) return before === undefined ? undefined : remove(writing, before);
  return before === undefined ? create(writing, after) : update(writing, before, after);
};
