/** Who did it, as far as AWS remembers. */
import type { Unread } from './reads.ts';
import type { Key } from './resource.ts';

export type Trace = {
  /** ISO 8601, UTC. */
  readonly at: string;
  /** A person or role, in words. */
  readonly who: string;
  readonly event: string;
  /** IP address, or the AWS service that acted. */
  readonly source: string;
  readonly via: 'console' | 'api';
};

/** A key that is not in `found` was looked for in the last 90 days and not found, unless `unread` says that nobody could look. */
export type Traces = { readonly found: Readonly<Record<Key, Trace>>; readonly unread: readonly Unread[] };
