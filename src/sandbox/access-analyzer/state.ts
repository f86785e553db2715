/** What the imitated Access Analyzer remembers of one account. */
import type { JsonObject } from '../core.ts';

export type AnalyzerType =
  | 'ACCOUNT'
  | 'ORGANIZATION'
  | 'ACCOUNT_UNUSED_ACCESS'
  | 'ORGANIZATION_UNUSED_ACCESS'
  | 'ACCOUNT_INTERNAL_ACCESS'
  | 'ORGANIZATION_INTERNAL_ACCESS';

/** Findings that meet all of the filter are archived as they are made. */
export type ArchiveRule = {
  readonly ruleName: string;
  filter: JsonObject;
  readonly createdAt: string;
  updatedAt: string;
};

export type Analyzer = {
  readonly arn: string;
  readonly name: string;
  readonly type: AnalyzerType;
  readonly region: string;
  /** ISO 8601, UTC; so are all dates here. */
  readonly createdAt: string;
  status: 'ACTIVE' | 'CREATING' | 'DISABLED' | 'FAILED';
  // Sandboxes of older releases lack these.
  tags?: Readonly<Record<string, string>>;
  configuration?: JsonObject;
  archiveRules?: readonly ArchiveRule[];
};

export type AnalyzerFindingType =
  'ExternalAccess' | 'UnusedIAMRole' | 'UnusedIAMUserAccessKey' | 'UnusedIAMUserPassword' | 'UnusedPermission';

export type StoredFinding = {
  readonly id: string;
  readonly analyzerArn: string;
  readonly findingType: AnalyzerFindingType;
  readonly resource: string;
  readonly resourceType: string;
  readonly resourceOwnerAccount: string;
  readonly createdAt: string;
  status: 'ACTIVE' | 'ARCHIVED' | 'RESOLVED';
  /** The member of FindingDetails that belongs to the type. */
  readonly details: Readonly<Record<string, unknown>>;
};

export type AnalyzerState = { readonly analyzers: Analyzer[]; readonly findings: StoredFinding[] };
