/** The AWS managed policies, as far as the product ships them. */
import type { PolicyDocument } from './policy.ts';

export type ManagedPolicy = {
  readonly name: string;
  readonly arn: string;
  readonly version: string;
  readonly document: PolicyDocument;
};

/** `date` is the day of the snapshot. What is not in it is unknown, never "allows nothing". */
export type Catalogue = {
  readonly date: string;
  readonly names: readonly string[];
  readonly byName: (name: string) => ManagedPolicy | undefined;
  readonly byArn: (arn: string) => ManagedPolicy | undefined;
};
