/** The whole state of the imitated AWS: one value that survives JSON. */
import type { AccountAccessState } from './account-access/state.ts';
import type { AnalyzerState } from './access-analyzer/state.ts';
import type { TrailState } from './cloudtrail/state.ts';
import type { IdCounter, SandboxOperation, CallerSession } from './core.ts';
import type { IamAccount } from './iam/state.ts';
import type { IdentityStoreState } from './identity-store/state.ts';
import type { OrganizationsState } from './organizations/state.ts';
import type { SsoState } from './identity-center/state.ts';
import type { ResourceHolder } from './resources/state.ts';
import type { BucketLevel } from './throttle.ts';

export type SandboxSettings = {
  /** How long AWS's asynchronous operations take, in milliseconds; 0: done at the first look. */
  latencyMs: { assignment: number; provisioning: number; policyType: number; account?: number };
  /** Whether the documented token buckets are enforced. */
  throttling: boolean;
  /** Reads show the state as it was this long ago; 0: at once. */
  readAfterWriteDelayMs: number;
  /** Whether every fifth list call answers an empty page that has a token. */
  emptyPages: boolean;
  /** How long after its creation a role or user is refused as a principal of a trust policy. */
  principalDelayMs: number;
  /** How long a credential report is being made. */
  credentialReportMs: number;
  /** How long after a call CloudTrail shows it. */
  trailDelayMs: number;
};

export type SandboxWorld = {
  readonly version: 1;
  /** Milliseconds since the epoch. */
  readonly seedTime: number;
  readonly settings: SandboxSettings;
  readonly ids: IdCounter;
  readonly organizations: OrganizationsState;
  readonly sso: SsoState;
  readonly identityStore: IdentityStoreState;
  /** Account id to that account's IAM. */
  readonly iam: Record<string, IamAccount>;
  /** Access key id to the session that AssumeRole opened with it. */
  readonly sessions: Record<string, CallerSession>;
  readonly cloudTrail: TrailState;
  /** Account id to its analyzers. */
  readonly accessAnalyzer: Record<string, AnalyzerState>;
  /** Account id to what it has that has a resource policy. */
  readonly resources: Record<string, ResourceHolder>;
  /** Sandboxes of older releases lack it. */
  accountAccess?: AccountAccessState;
  readonly buckets: Record<string, BucketLevel>;
  /** `service:Operation` to the number of calls answered, throttled ones included. */
  readonly requestLog: Record<string, number>;
};

export const defaultSettings = (): SandboxSettings => ({
  latencyMs: { assignment: 0, provisioning: 0, policyType: 0 },
  throttling: false,
  readAfterWriteDelayMs: 0,
  emptyPages: false,
  principalDelayMs: 0,
  credentialReportMs: 0,
  trailDelayMs: 0,
});

/** The operations of one service, by their names. */
export type WorldOperations = Readonly<Record<string, SandboxOperation<SandboxWorld>>>;
