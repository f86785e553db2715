/** The imitated IAM: roles and policies of the caller's account, read and made. Documents come back URL-encoded. */
import { createPolicy, deletePolicy, policyReads } from './policies.ts';
import { accountReads } from './account.ts';
import { roleOperations } from './roles.ts';
import type { Operation } from '../core.ts';
import type { World } from '../world.ts';

export const iamOperations: Readonly<Record<string, Operation<World>>> = {
  ...roleOperations,
  ...policyReads,
  ...accountReads,
  CreatePolicy: createPolicy,
  DeletePolicy: deletePolicy,
};
