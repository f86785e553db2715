/** The AWS managed policies, as far as the product ships them. */
import type { PolicyDocument } from './policy.ts';

/** `date` is the day of the snapshot. What is not in it is unknown, never "allows nothing". */
export type Catalogue = {
  readonly date: string;
  readonly names: () => readonly string[];
  readonly arnOf: (name: string) => string | undefined;
  readonly has: (arn: string) => boolean;
  readonly document: (arn: string) => PolicyDocument | undefined;
  /** The number of the version in the snapshot. */
  readonly version?: (arn: string) => number;
};
