/** Why changes are held: each reason with what it names. held-text.ts says them in words. */
import type { Key } from './resource.ts';

/** Why an approval does not cover a change that was computed again. */
export type ApprovalObjection =
  | { readonly is: 'unapproved' }
  /** What was approved ends in another state. */
  | { readonly is: 'otherwise' }
  | { readonly is: 'came-or-went' }
  /** `value`: of the thing, the one that neither was there nor was approved. */
  | { readonly is: 'strange'; readonly value: string };

/** Another change that is not made holds this one. */
export type ConsequenceReason =
  /** Without a key: what it depends on is not in the plan. */
  | { readonly is: 'dependency'; readonly key?: Key }
  | { readonly is: 'rail'; readonly key: Key }
  | { readonly is: 'revocation'; readonly key: Key };

/** What may not be touched as it stands in AWS. */
export type BlockReason =
  | { readonly is: 'synced-group' }
  | { readonly is: 'other-owner'; readonly owner: string }
  | { readonly is: 'unread'; readonly why: string }
  /** A policy of a resource that is not there. */
  | { readonly is: 'no-resource'; readonly word: string }
  /** A policy of a resource that names a role which is not there: its ARN. */
  | { readonly is: 'no-principal'; readonly role: string }
  /** A rename would take what the settings ignore, or what another owner has tagged. */
  | { readonly is: 'former-ignored'; readonly former: Key }
  | { readonly is: 'former-of-other'; readonly former: Key; readonly owner: string }
  /** `member`: somebody or a group that came from the other directory. */
  | { readonly is: 'fed-directory'; readonly member: string };

/** What AWS would not do, or nobody could undo. */
type DifferenceReason =
  /** Gatehouse reads and judges it, and does not write it. */
  | { readonly is: 'read-only'; readonly word: string }
  /** `user`: a declared member who is not in the directory. */
  | { readonly is: 'maybe-another'; readonly user: string }
  | { readonly is: 'fixed-path'; readonly before: string; readonly after: string }
  | { readonly is: 'taken-name'; readonly by: Key }
  | { readonly is: 'closed-accounts'; readonly accounts: readonly string[] }
  | { readonly is: 'external-group' }
  | { readonly is: 'still-used'; readonly by: readonly Key[] }
  | { readonly is: 'last-policy' };

/** Found while the change is made. */
type WritingReason =
  /** `values`: of the thing, those that are not as the plan saw them; `itself` is its being there. */
  | { readonly is: 'moved'; readonly values: readonly string[] }
  | { readonly is: 'interrupted' }
  | { readonly is: 'account-closed'; readonly account: string };

export type HeldReason =
  | ApprovalObjection
  | ConsequenceReason
  | BlockReason
  /** What the change names, or all of its kind, is blocked. */
  | { readonly is: 'named'; readonly key: Key; readonly because: BlockReason }
  | DifferenceReason
  | { readonly is: 'circle'; readonly other: Key }
  | { readonly is: 'other-credential' }
  /** A stand-in for a move that is not made. */
  | { readonly is: 'no-move' }
  | { readonly is: 'organization-first'; readonly because: ConsequenceReason }
  | { readonly is: 'refused-plan' }
  /** It has ended, and is kept because nobody could come in without it. */
  | { readonly is: 'way-in' }
  | { readonly is: 'stopped-run' }
  | WritingReason;
