/** The imitated IAM of the caller's account. Documents come back URL-encoded. */
import { accessReportOperations } from './access-reports.ts';
import { accountOperations } from './account.ts';
import { authorizationDetails } from './authorization-details.ts';
import { credentialReportOperations } from './credential-report.ts';
import { groupIn, groupOperations } from './groups.ts';
import { policyOperationsOf } from './identity-policies.ts';
import { instanceProfileOperations } from './instance-profiles.ts';
import { oidcOperations } from './oidc-providers.ts';
import { policyOperations } from './policies.ts';
import { policyVersionOperations } from './policy-versions.ts';
import { roleIn, roleOperations, roleToChange } from './roles.ts';
import { samlOperations } from './saml-providers.ts';
import { serverCertificateOperations } from './server-certificates.ts';
import { serviceCredentialOperations } from './service-credentials.ts';
import { serviceLinkedRoleOperations } from './service-linked-roles.ts';
import { simulationOperations } from './simulation/operations.ts';
import { everyTagOperation } from './tags.ts';
import { uploadOperations } from './uploads.ts';
import { userCredentialOperations } from './user-credentials.ts';
import { userIn, userOperations } from './users.ts';
import { mfaOperations } from './virtual-mfa.ts';
import type { Operation } from '../core.ts';
import type { World } from '../world.ts';

export const iamOperations: Readonly<Record<string, Operation<World>>> = {
  ...roleOperations,
  ...policyOperationsOf({ kind: 'Role', find: roleIn, findToChange: roleToChange, inlineQuota: 10_240 }),
  ...userOperations,
  ...userCredentialOperations,
  ...mfaOperations,
  ...uploadOperations,
  ...serviceCredentialOperations,
  ...policyOperationsOf({ kind: 'User', find: userIn, findToChange: userIn, inlineQuota: 2048 }),
  ...groupOperations,
  ...policyOperationsOf({ kind: 'Group', find: groupIn, findToChange: groupIn, inlineQuota: 5120 }),
  ...policyOperations,
  ...policyVersionOperations,
  ...instanceProfileOperations,
  ...oidcOperations,
  ...samlOperations,
  ...serverCertificateOperations,
  ...serviceLinkedRoleOperations,
  ...everyTagOperation,
  ...accountOperations,
  ...credentialReportOperations,
  ...accessReportOperations,
  ...simulationOperations,
  GetAccountAuthorizationDetails: authorizationDetails,
};
