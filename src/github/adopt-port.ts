/** What adopting drift asks of GitHub: branches, commits made without a checkout, and pull requests of our own. */
import type { Person } from './port.ts';

export type BranchCommit = {
  readonly sha: string;
  readonly author: Person | undefined;
  readonly committer: Person | undefined;
  readonly message: string;
};

/** `text` is undefined for a file that goes. */
export type FileEdit = { readonly path: string; readonly text: string | undefined };

export type NewCommit = { readonly parent: string; readonly message: string; readonly files: readonly FileEdit[] };

export type BranchPull = {
  readonly number: number;
  readonly author: Person | undefined;
  readonly title: string;
  readonly body: string;
  readonly state: 'open' | 'closed' | 'merged';
};

export type PullText = { readonly title: string; readonly body: string };

export type Branches = {
  /** The commit that the branch is at; nothing where there is no such branch. */
  readonly branchTip: (branch: string) => Promise<string | undefined>;
  /** What the branch holds and the base does not, oldest first. */
  readonly commitsAhead: (base: string, branch: string) => Promise<readonly BranchCommit[]>;
  /** A commit that no branch is at yet: the files of its parent with these edits. Returns its id. */
  readonly commitFiles: (commit: NewCommit) => Promise<string>;
  readonly createBranch: (branch: string, sha: string) => Promise<void>;
  /** Whatever it was at before. */
  readonly moveBranch: (branch: string, sha: string) => Promise<void>;
  readonly deleteBranch: (branch: string) => Promise<void>;
  /** Pull requests of this repository's own branch, newest first. */
  readonly pullsFrom: (branch: string) => Promise<readonly BranchPull[]>;
  readonly createPull: (pull: PullText & { readonly branch: string; readonly base: string }) => Promise<number>;
  readonly updatePull: (number: number, pull: PullText & { readonly state?: 'closed' }) => Promise<void>;
};
