/** What is asked of GitHub and said to it; everything else about its API stays in github/client.ts and github/connection.ts. */

export type GitHubUser = { readonly login: string; readonly id: number; readonly bot: boolean };

export type PullRequest = {
  readonly number: number;
  readonly author: GitHubUser;
  readonly baseBranch: string;
  readonly headSha: string;
  /** `owner/name` of where the head lives; nothing when that fork was deleted. */
  readonly headRepository: string | undefined;
  /** ISO 8601; nothing until it is merged. */
  readonly mergedAt: string | undefined;
  readonly mergeCommit: string | undefined;
};

export type ReviewState = 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'DISMISSED' | 'PENDING';
export type Review = {
  readonly id: number;
  readonly user: GitHubUser | undefined;
  readonly state: ReviewState;
  /** The head that was reviewed. */
  readonly commit: string;
  /** ISO 8601; reviews are listed in this order. */
  readonly submittedAt: string;
};

/** Who wrote the commits of a pull request, as far as GitHub says it. */
export type Authorship = {
  /** Of authors and committers. */
  readonly logins: readonly string[];
  /** Commits that GitHub attributes to nobody. */
  readonly unattributed: readonly string[];
  /** GitHub lists no more than 250 commits of a pull request. */
  readonly isWhole: boolean;
};

export type Comment = { readonly id: number; readonly body: string; readonly user: GitHubUser | undefined };

export type Issue = Comment & { readonly number: number; readonly state: 'open' | 'closed'; readonly title: string };

export type Annotation = {
  readonly path: string;
  readonly line: number;
  readonly level: 'notice' | 'warning' | 'failure';
  readonly title: string;
  readonly message: string;
};
export type CheckRun = {
  readonly name: string;
  readonly sha: string;
  readonly conclusion: 'success' | 'failure' | 'neutral';
  readonly title: string;
  readonly summary: string;
  readonly annotations: readonly Annotation[];
  readonly url?: string;
};

export type CommitStatus = {
  readonly sha: string;
  readonly state: 'success' | 'failure' | 'error' | 'pending';
  readonly context: string;
  readonly description: string;
  readonly url?: string;
};

export type Deployment = {
  readonly id: number;
  readonly sha: string;
  readonly payload: unknown;
  /** ISO 8601. */
  readonly createdAt: string;
};
export type NewDeployment = {
  readonly sha: string;
  readonly description: string;
  readonly payload: Readonly<Record<string, unknown>>;
};
export type DeploymentEnd = {
  readonly id: number;
  readonly description: string;
  readonly state: 'success' | 'failure';
  readonly url?: string;
};

/** `isWhole`: fewer than GitHub takes, so that none of ours was refused. */
export type Descriptions = { readonly texts: readonly string[]; readonly isWhole: boolean };

export type WorkflowRun = {
  readonly event: string;
  readonly branch: string;
  readonly actor: string;
  readonly triggeringActor: string;
};

/** What GitHub itself says of a run: whoever starts one cannot choose it. */
export type FinishedRun = {
  readonly id: number;
  readonly event: string;
  readonly branch: string;
  readonly conclusion: string;
  /** Whether what ran lies in this repository, and not in a fork. */
  readonly isOwn: boolean;
};

/** `digest` is GitHub's own, of the zip as it was kept: `sha256:…`; nothing for artifacts of older actions. */
export type RunArtifact = {
  readonly id: number;
  readonly name: string;
  readonly bytes: number;
  readonly digest: string | undefined;
};

export type TeamMembership = 'member' | 'not-a-member' | 'unreadable';

/** `message`: GitHub's own words where it refuses. */
export type GitHubReply = {
  readonly status: number;
  readonly data: unknown;
  readonly message: string;
  /** The call never came as far as GitHub. */
  readonly isUnreached?: boolean;
};

export type BranchCommit = {
  readonly sha: string;
  readonly author: GitHubUser | undefined;
  readonly committer: GitHubUser | undefined;
  readonly message: string;
};

/** `text` is undefined for a file that goes. */
export type FileEdit = { readonly path: string; readonly text: string | undefined };

export type NewCommit = { readonly parent: string; readonly message: string; readonly files: readonly FileEdit[] };

export type BranchPull = {
  readonly number: number;
  readonly author: GitHubUser | undefined;
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
  /** This repository's own branches that an open pull request asks to merge. */
  readonly openBranches: () => Promise<readonly string[]>;
  readonly createPull: (pull: PullText & { readonly branch: string; readonly base: string }) => Promise<number>;
  readonly updatePull: (number: number, pull: PullText & { readonly state?: 'closed' }) => Promise<void>;
};

/** One repository on GitHub. Every call throws an Error of one line when GitHub refuses it. */
export type GitHub = Branches & {
  readonly repository: string;
  readonly branchHead: (branch: string) => Promise<string>;
  readonly defaultBranch: () => Promise<string>;
  readonly pull: (number: number) => Promise<PullRequest>;
  /** Every path that it touches, old names of renamed files too; '*' where GitHub lists no more of them. */
  readonly pullFiles: (number: number) => Promise<readonly string[]>;
  readonly authorship: (number: number) => Promise<Authorship>;
  readonly reviews: (number: number) => Promise<readonly Review[]>;
  /** Ids of approvals that GitHub itself took back because commits were pushed; nobody else did. */
  readonly staleApprovals: (number: number) => Promise<readonly number[]>;
  /** When it came to be about something else than before, its base being another branch or forced elsewhere; ISO 8601. */
  readonly baseChanges: (number: number) => Promise<readonly string[]>;
  readonly pullsOf: (sha: string) => Promise<readonly PullRequest[]>;
  readonly canWrite: (login: string) => Promise<boolean>;
  readonly teamMembership: (team: string, login: string) => Promise<TeamMembership>;
  /** Whether something was written with the token that is in use. */
  readonly isOwn: (user: GitHubUser | undefined) => Promise<boolean>;
  readonly comments: (number: number) => Promise<readonly Comment[]>;
  /** As whom it was written. */
  readonly createComment: (number: number, body: string) => Promise<GitHubUser | undefined>;
  readonly updateComment: (id: number, body: string) => Promise<void>;
  readonly createCheck: (check: CheckRun) => Promise<number>;
  /** Appends; GitHub takes 50 annotations in one request. */
  readonly addAnnotations: (id: number, check: CheckRun) => Promise<void>;
  readonly createStatus: (status: CommitStatus) => Promise<void>;
  /** Of the statuses of a commit in one context: those that a job or this token wrote. GitHub has no call that deletes one. */
  readonly statusTexts: (sha: string, context: string) => Promise<Descriptions>;
  readonly issues: (label: string) => Promise<readonly Issue[]>;
  readonly createIssue: (issue: IssueText) => Promise<number>;
  readonly updateIssue: (number: number, issue: IssueText & { readonly state: 'open' | 'closed' }) => Promise<void>;
  /** Those of a job or of this token, newest first. */
  readonly deployments: () => Promise<readonly Deployment[]>;
  /** Whether a job or this token ever said `success` of it; what is said later takes nothing back. */
  readonly hasSucceeded: (deployment: Deployment) => Promise<boolean>;
  /** Its id. */
  readonly createDeployment: (deployment: NewDeployment) => Promise<number>;
  readonly endDeployment: (end: DeploymentEnd) => Promise<void>;
  readonly workflowRun: (id: number) => Promise<WorkflowRun>;
  /** Those of a workflow on a branch that ended, newest first; the newest hundred. */
  readonly finishedRuns: (workflow: string, branch: string) => Promise<readonly FinishedRun[]>;
  /** Of a run, newest first. */
  readonly runArtifacts: (run: number) => Promise<readonly RunArtifact[]>;
  readonly artifactZip: (id: number) => Promise<Uint8Array>;
  /** A GET that only the doctor makes; what GitHub refuses is an answer too, with `data` undefined. */
  readonly ask: (path: string, parameters?: Readonly<Record<string, string>>) => Promise<GitHubReply>;
  /** How often each call was made so far, as `METHOD /path/{parameter}`. */
  readonly calls: () => Readonly<Record<string, number>>;
};

export type IssueText = { readonly title: string; readonly body: string; readonly labels: readonly string[] };
