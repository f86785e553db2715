/** What the imitated account access manager remembers. Times are milliseconds since the epoch. */
import type { IdCounter } from '../core.ts';

export type EntitledPrincipalId = { readonly groupId: string } | { readonly userId: string };

export type SandboxEntitlement = {
  readonly id: string;
  readonly principal: EntitledPrincipalId;
  readonly roleArn: string;
  readonly createdAt: number;
};

export type AccessApplication = {
  readonly arn: string;
  readonly instanceArn: string;
  /** Of the application that Identity Center shows for it. */
  readonly identityCenterArn: string;
  readonly createdAt: number;
  /** Until then it is being made. */
  readonly activeAt: number;
  tags: Readonly<Record<string, string>>;
  entitlements: readonly SandboxEntitlement[];
};

export type AccountAccessState = {
  readonly ids: IdCounter;
  applications: readonly AccessApplication[];
  /** When the writes that are still being carried out are done. */
  outstanding: readonly number[];
};

/** Ids of its own, so that what other services make is called the same with it and without. */
export const emptyAccountAccess = (): AccountAccessState => ({
  ids: { next: 7_000_000 },
  applications: [],
  outstanding: [],
});
