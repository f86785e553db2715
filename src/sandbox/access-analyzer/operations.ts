/** The imitated IAM Access Analyzer: analyzers, their findings and the checks of policies. */
import type { SandboxOperation } from '../core.ts';
import { textMember } from '../members.ts';
import type { SandboxWorld } from '../world.ts';
import { analyzerOperations } from './analyzers.ts';
import { checkOperations } from './checks.ts';
import { findingOperations } from './findings.ts';
import { analyzerPage } from './look.ts';
import { validatePolicy } from './validate-policy.ts';

export const accessAnalyzerOperations: Readonly<Record<string, SandboxOperation<SandboxWorld>>> = {
  ...analyzerOperations,
  ...findingOperations,
  ...checkOperations,
  ValidatePolicy: (_world, input, call) =>
    analyzerPage('findings', validatePolicy(textMember(input, 'policyDocument'), call.catalogue), input),
};
