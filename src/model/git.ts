/** What a first-parent commit changed in the folders. */
export type HistoryCommit = {
  readonly sha: string;
  /** ISO 8601. */
  readonly committedAt: string;
  readonly subject: string;
  /** No commit before it is here. */
  readonly isFirst: boolean;
  /** `before`: the id of the file as it was; nothing where there was none. */
  readonly files: readonly { readonly path: string; readonly before: string | undefined }[];
};

/** What is asked of a git repository. */
export type Git = {
  /** The commit a name stands for, or nothing when it is not here. */
  readonly commit: (name: string) => Promise<string | undefined>;
  /** First-parent commits that touch the folders, newest first, from `head` back. */
  readonly touching: (head: string, most: number) => Promise<readonly string[]>;
  /** First-parent commits from `head` back, newest first. */
  readonly line: (head: string, most: number) => Promise<readonly string[]>;
  /** Object ids of the three folders of a commit or tree, '' for one that is not there. */
  readonly folderIds: (treeish: string) => Promise<string>;
  /** The tree of a merge that git makes of two commits; nothing when they conflict. */
  readonly merged: (base: string, head: string) => Promise<string | undefined>;
  /** Every path that differs, old names too. */
  readonly changedPaths: (from: string, to: string) => Promise<readonly string[]>;
  /** Every path of a commit or tree; without one, of what is about to be committed. */
  readonly paths: (treeish?: string) => Promise<readonly string[]>;
  readonly isShallow: () => Promise<boolean>;
  /** First-parent commits that touch the folders, newest first, from `head` back. */
  readonly history: (head: string) => Promise<readonly HistoryCommit[]>;
  /** Files by their ids, those left out that are no text or too large to be read. */
  readonly texts: (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>;
  /** Brings the final head of a pull request here; whether it could. */
  readonly fetchPull: (number: number) => Promise<boolean>;
  /** Brings a commit here that no branch need hold any more, by its whole id; whether it could. */
  readonly fetchCommit: (sha: string) => Promise<boolean>;
  /** Writes the three folders of a commit or tree into an empty folder, byte for byte as they are stored. */
  readonly exportTo: (treeish: string, target: string) => Promise<void>;
};
