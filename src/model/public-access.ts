/** What S3's block public access says of policies; its two settings on ACLs are of no concern here. */
export type PublicAccessBlock = {
  /** No public policy can be set. */
  readonly blockPublicPolicy: boolean;
  /** A public policy lets in nobody but AWS services and those of the bucket's account. */
  readonly restrictPublicBuckets: boolean;
};
