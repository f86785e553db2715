import type { GuardRailKind } from '../../model/resource.ts';
import type { PolicyDocument } from '../../model/policy.ts';
import type { Place } from '../../model/problem.ts';
import type { Path } from '../yaml-file.ts';

/** What a policy is for decides which elements it may have. */
export type PolicyEntryUse = 'identity' | GuardRailKind | 'trust' | 'resource';
/** A policy document for those who read it closer: where each of its values stands, by its path in the document. */
export type PolicySource = {
  /** What declares it: `permission-set/NAME`, `scp/NAME`, `policy/NAME`, `role/NAME`, `resource-policy/ARN`. */
  readonly owner: string;
  readonly use: PolicyEntryUse;
  readonly document: PolicyDocument;
  /** The key that holds the document, or names its file. */
  readonly named: Place;
  readonly at: (path: Path) => Place;
  readonly keyAt: (path: Path) => Place;
};
