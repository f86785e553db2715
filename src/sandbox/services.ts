/** Every service of the imitated AWS with its operations. */
import type { SandboxOperation } from './core.ts';
import { accessAnalyzerModel } from './access-analyzer/model.ts';
import { accessAnalyzerOperations } from './access-analyzer/operations.ts';
import { cloudTrailOperations } from './cloudtrail/operations.ts';
import { iamModel } from './iam/model.ts';
import { iamOperations } from './iam/operations.ts';
import { ssoAdminModel } from './identity-center/model.ts';
import { identityStoreModel } from './identity-store/model.ts';
import { identityStoreOperations } from './identity-store/operations.ts';
import { organizationsModel } from './organizations/model.ts';
import { organizationsOperations } from './organizations/operations.ts';
import { ssoAdminOperations } from './identity-center/operations.ts';
import type { ServiceModel } from './model.ts';
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
};

const models: Readonly<Record<string, ServiceModel>> = {
  organizations: organizationsModel,
  'sso-admin': ssoAdminModel,
  identitystore: identityStoreModel,
  iam: iamModel,
  sts: stsModel,
  accessanalyzer: accessAnalyzerModel,
};

/** Undefined for CloudTrail, whose operations have an error of their own for each member. */
export const modelOf = (service: string): ServiceModel | undefined =>
  Object.hasOwn(models, service) ? models[service] : undefined;

/** Undefined: the sandbox does not have it. */
export const operationOf = (service: string, operation: string): SandboxOperation<SandboxWorld> | undefined => {
  const table = services[service];
  return table && Object.hasOwn(table, operation) ? table[operation] : undefined;
};
