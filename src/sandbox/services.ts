/** Every service of the imitated AWS with its operations. */
import type { SandboxOperation } from './core.ts';
import { accessAnalyzerModel } from './access-analyzer/model.ts';
import { accessAnalyzerOperations } from './access-analyzer/operations.ts';
import { accessApplicationOperations } from './account-access/applications.ts';
import { entitlementOperations } from './account-access/entitlements.ts';
import { accountAccessModel } from './account-access/model.ts';
import { cloudTrailOperations } from './cloudtrail/operations.ts';
import { ecrModel } from './ecr/model.ts';
import { ecrOperations } from './ecr/operations.ts';
import { iamModel } from './iam/model.ts';
import { iamOperations } from './iam/operations.ts';
import { ssoAdminModel } from './identity-center/model.ts';
import { identityStoreModel } from './identity-store/model.ts';
import { identityStoreOperations } from './identity-store/operations.ts';
import { kmsModel } from './kms/model.ts';
import { kmsOperations } from './kms/operations.ts';
import { lambdaModel } from './lambda/model.ts';
import { lambdaOperations } from './lambda/operations.ts';
import { logsOperations } from './logs/operations.ts';
import { organizationsModel } from './organizations/model.ts';
import { organizationsOperations } from './organizations/operations.ts';
import { ssoAdminOperations } from './identity-center/operations.ts';
import type { ServiceModel } from './model.ts';
import { s3Operations } from './s3/operations.ts';
import { s3ControlOperations } from './s3/public-access.ts';
import { secretsManagerModel } from './secrets-manager/model.ts';
import { secretsManagerOperations } from './secrets-manager/operations.ts';
import { snsModel } from './sns/model.ts';
import { snsOperations } from './sns/operations.ts';
import { sqsModel } from './sqs/model.ts';
import { sqsOperations } from './sqs/operations.ts';
import { stsModel } from './sts/model.ts';
import { stsOperations } from './sts/operations.ts';
import type { SandboxWorld } from './world.ts';

export const services: Readonly<Record<string, Readonly<Record<string, SandboxOperation<SandboxWorld>>>>> = {
  organizations: organizationsOperations,
  'sso-admin': ssoAdminOperations,
  identitystore: identityStoreOperations,
  iam: iamOperations,
  sts: stsOperations,
  cloudtrail: cloudTrailOperations,
  accessanalyzer: accessAnalyzerOperations,
  s3: s3Operations,
  s3control: s3ControlOperations,
  sns: snsOperations,
  kms: kmsOperations,
  secretsmanager: secretsManagerOperations,
  sqs: sqsOperations,
  lambda: lambdaOperations,
  ecr: ecrOperations,
  logs: logsOperations,
  'account-access': { ...accessApplicationOperations, ...entitlementOperations },
};

const models: Readonly<Record<string, ServiceModel>> = {
  organizations: organizationsModel,
  'sso-admin': ssoAdminModel,
  identitystore: identityStoreModel,
  iam: iamModel,
  sts: stsModel,
  accessanalyzer: accessAnalyzerModel,
  sns: snsModel,
  kms: kmsModel,
  secretsmanager: secretsManagerModel,
  sqs: sqsModel,
  lambda: lambdaModel,
  ecr: ecrModel,
  'account-access': accountAccessModel,
};

/** Undefined for CloudTrail, Logs and S3, whose operations have an error of their own for each member. */
export const modelOf = (service: string): ServiceModel | undefined =>
  Object.hasOwn(models, service) ? models[service] : undefined;

/** Undefined: the sandbox does not have it. */
export const operationOf = (service: string, operation: string): SandboxOperation<SandboxWorld> | undefined => {
  const table = services[service];
  return table && Object.hasOwn(table, operation) ? table[operation] : undefined;
};
