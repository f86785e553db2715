/** Whom no guard rail may lock out. */
import type { Place } from '../../model/problem.ts';
import type { PolicyDocument } from '../../model/policy.ts';

/** What somebody must be able to do; `ID` in an ARN stands for the account. */
export type EssentialAction = { readonly action: string; readonly resource: string };
/** Somebody whom no guard rail may stop. */
export type EssentialPrincipal = {
  readonly id: 'break-glass' | 'reconciler';
  readonly name: string;
  readonly arn: string;
  readonly needs: readonly EssentialAction[];
  /** Where they act; every member account without it. */
  readonly account?: string;
  /** For requests to services that have Regions. */
  readonly region: string;
};

export type KeeperBoundary = {
  readonly keeper: EssentialPrincipal['id'];
  readonly name: string;
  readonly document: PolicyDocument;
  readonly at: Place;
};

/** A target without FullAWSAccess: only what its own SCPs allow is possible below it. */
export type AllowList = {
  readonly target: string;
  readonly keys: readonly string[];
  readonly accounts: readonly string[];
};
