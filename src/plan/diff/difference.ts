import type { HeldReason } from '../../model/held.ts';
import type { Key, Resource } from '../../model/resource.ts';

/** One key that will not stay as it is; `held` says why it has to. */
export type ResourceDifference = {
  readonly key: Key;
  readonly before: Resource | undefined;
  readonly after: Resource | undefined;
  readonly held?: HeldReason;
};
