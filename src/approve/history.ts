/** The first-parent history of main as spans: a merged pull request each, or a commit that came without one. */
import type { PullRequest } from '../model/github.ts';

export type Commit = { readonly sha: string; readonly parent: string; readonly pulls: readonly PullRequest[] };

export type MainRange = {
  /** The commit before the first one. */
  readonly base: string;
  /** The last commit. */
  readonly end: string;
  /** Nothing for what was pushed without a pull request. */
  readonly pull: PullRequest | undefined;
};

/**
 * GitHub also names pull requests that merely contain a commit: only those merged into this branch made it part of main, and
 * of several the one whose merge commit it is.
 */
export const pullOfCommit = ({ sha, pulls }: Commit, branch: string): PullRequest | undefined => {
  const merged = pulls.filter(({ mergedAt, baseBranch }) => mergedAt !== undefined && baseBranch === branch);
  return merged.length < 2 ? merged[0] : merged.find(({ mergeCommit }) => mergeCommit === sha);
};
