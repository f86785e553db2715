/** The imitated IAM of the caller's account. Documents come back URL-encoded. */
import { accountOperations } from './account.ts';
import { credentialReportOperations } from './credential-report.ts';
import { policyOperationsOf } from './identity-policies.ts';
import { instanceProfileOperations } from './instance-profiles.ts';
import { oidcOperations } from './oidc-providers.ts';
import { policyOperations } from './policies.ts';
import { policyVersionOperations } from './policy-versions.ts';
import { roleIn, roleOperations, roleToChange } from './roles.ts';
import { everyTagOperation } from './tags.ts';
import { userIn, userOperations } from './users.ts';
import type { Operation } from '../core.ts';
import type { World } from '../world.ts';

export const iamOperations: Readonly<Record<string, Operation<World>>> = {
  ...roleOperations,
  ...policyOperationsOf({ kind: 'Role', find: roleIn, findToChange: roleToChange, inlineQuota: 10_240 }),
  ...userOperations,
  ...policyOperationsOf({ kind: 'User', find: userIn, findToChange: userIn, inlineQuota: 2048 }),
  ...policyOperations,
  ...policyVersionOperations,
  ...instanceProfileOperations,
  ...oidcOperations,
  ...everyTagOperation,
  ...accountOperations,
  ...credentialReportOperations,
};
