/** Why an approval does not cover a change that was computed again. */
export type ApprovalObjection =
  | { readonly is: 'unapproved' }
  /** What was approved ends in another state. */
  | { readonly is: 'otherwise' }
  | { readonly is: 'came-or-went' }
  /** `value`: of the thing, the one that neither was there nor was approved. */
  | { readonly is: 'strange'; readonly value: string }
  /** It needs another change that is not covered; `reason`: a sentence. */
  | { readonly is: 'consequence'; readonly reason: string };
