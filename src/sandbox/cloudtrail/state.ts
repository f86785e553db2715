/** What the imitated CloudTrail remembers. */

import type { IdCounter } from '../core.ts';

/** One API call that wrote something, or tried to. */
export type TrailEvent = {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly account: string;
  readonly region: string;
  readonly source: string;
  readonly name: string;
  readonly principalArn: string;
  readonly userId: string;
  readonly roleArn?: string;
  readonly accessKeyId: string;
  readonly console?: true;
  readonly ip: string;
  readonly agent: string;
  /** In CloudTrail's spelling: members begin in lower case. */
  readonly request: unknown;
  readonly response: unknown;
  readonly error?: { readonly code: string; readonly message: string };
};

export type Trail = {
  readonly Name: string;
  readonly TrailARN: string;
  readonly HomeRegion: string;
  readonly S3BucketName: string;
  readonly CloudWatchLogsLogGroupArn?: string;
  readonly IncludeGlobalServiceEvents: boolean;
  IsMultiRegionTrail: boolean;
  IsOrganizationTrail: boolean;
  LogFileValidationEnabled: boolean;
  isLogging: boolean;
  /** Milliseconds since the epoch: when it was last started. */
  startedAt?: number;
  /** Milliseconds since the epoch. */
  stoppedAt?: number;
};

export type TrailState = {
  /** Their own sequence, so that being watched changes no other id. */
  readonly ids: IdCounter;
  /** Oldest first. */
  readonly events: TrailEvent[];
  /** Account id to the trails that were made there; a trail of the organization shows in every account. */
  readonly trails: Record<string, Trail[]>;
  /** Answers of Logs Insights by the id of the query. */
  queries?: Readonly<Record<string, readonly string[]>>;
};
