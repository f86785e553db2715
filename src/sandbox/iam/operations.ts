/** The imitated IAM of the caller's account. Documents come back URL-encoded. */
import { accessReportOperations } from './access-reports.ts';
import { iamAccountOperations } from './account.ts';
import { authorizationDetails } from './authorization-details.ts';
import { credentialReportOperations } from './credential-report.ts';
import { groupIn, iamGroupOperations } from './groups.ts';
import { policyOperationsOf } from './identity-policies.ts';
import { instanceProfileOperations } from './instance-profiles.ts';
import { oidcOperations } from './oidc-providers.ts';
import { iamPolicyOperations } from './policies.ts';
import { policyVersionOperations } from './policy-versions.ts';
import { iamRoleIn, roleOperations, roleToChange } from './roles.ts';
import { samlOperations } from './saml-providers.ts';
import { serverCertificateOperations } from './server-certificates.ts';
import { serviceCredentialOperations } from './service-credentials.ts';
import { serviceLinkedRoleOperations } from './service-linked-roles.ts';
import { simulationOperations } from './simulation/operations.ts';
import { everyTagOperation } from './tags.ts';
import { uploadOperations } from './uploads.ts';
import { userCredentialOperations } from './user-credentials.ts';
import { userIn, iamUserOperations } from './users.ts';
import { mfaOperations } from './virtual-mfa.ts';
import type { SandboxOperation } from '../core.ts';
import type { SandboxWorld } from '../world.ts';

export const iamOperations: Readonly<Record<string, SandboxOperation<SandboxWorld>>> = {
  ...roleOperations,
  ...policyOperationsOf({ kind: 'Role', find: iamRoleIn, findToChange: roleToChange, inlineQuota: 10_240 }),
  ...iamUserOperations,
  ...userCredentialOperations,
  ...mfaOperations,
  ...uploadOperations,
  ...serviceCredentialOperations,
  ...policyOperationsOf({ kind: 'User', find: userIn, findToChange: userIn, inlineQuota: 2048 }),
  ...iamGroupOperations,
  ...policyOperationsOf({ kind: 'Group', find: groupIn, findToChange: groupIn, inlineQuota: 5120 }),
  ...iamPolicyOperations,
  ...policyVersionOperations,
  ...instanceProfileOperations,
  ...oidcOperations,
  ...samlOperations,
  ...serverCertificateOperations,
  ...serviceLinkedRoleOperations,
  ...everyTagOperation,
  ...iamAccountOperations,
  ...credentialReportOperations,
  ...accessReportOperations,
  ...simulationOperations,
  GetAccountAuthorizationDetails: authorizationDetails,
};
