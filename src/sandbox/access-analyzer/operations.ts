/** The imitated IAM Access Analyzer: analyzers, their findings and the checks of policies. */
import type { Operation } from '../core.ts';
import { text } from '../members.ts';
import type { World } from '../world.ts';
import { analyzerOperations } from './analyzers.ts';
import { checkOperations } from './checks.ts';
import { findingOperations } from './findings.ts';
import { pageOf } from './look.ts';
import { validatePolicy } from './validate-policy.ts';

export const accessAnalyzerOperations: Readonly<Record<string, Operation<World>>> = {
  ...analyzerOperations,
  ...findingOperations,
  ...checkOperations,
  ValidatePolicy: (_world, input, call) =>
    pageOf('findings', validatePolicy(text(input, 'policyDocument'), call.catalogue), input),
};
