/** What the fake GitHub remembers. It is changed in place, as a server's memory is. */
import type { Fields } from './contract.ts';

export type Role = 'read' | 'triage' | 'write' | 'maintain' | 'admin';
export type User = { readonly login: string; readonly id: number; readonly type: 'User' | 'Bot' | 'Organization' };
export type App = { readonly id: number; readonly slug: string; readonly name: string };

/** Who calls: a person, or an app's installation with the permissions it was given (a job's GITHUB_TOKEN is one). */
export type Actor = {
  readonly user: User;
  readonly app?: App;
  readonly permissions?: Readonly<Record<string, 'read' | 'write'>>;
  readonly repository?: string;
};

export type Review = {
  readonly id: number;
  readonly user: User;
  state: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'DISMISSED' | 'PENDING';
  body: string;
  readonly commit: string;
  readonly submittedAt: string;
};

/** One line of the timeline of a pull request. */
export type PullEvent = {
  readonly id: number;
  readonly event:
    | 'base_ref_changed'
    | 'base_ref_force_pushed'
    | 'head_ref_force_pushed'
    | 'closed'
    | 'reopened'
    | 'convert_to_draft'
    | 'ready_for_review'
    | 'review_dismissed';
  readonly actor: User;
  readonly at: string;
  /** `commit`: the push that made it stale; null where somebody dismissed it. */
  readonly dismissed?: { readonly review: number; readonly state: Review['state']; readonly commit: string | null };
};

export type Pull = {
  readonly number: number;
  readonly head: { readonly repository: Repository; readonly ref: string };
  readonly reviews: Review[];
  readonly events: PullEvent[];
  draft: boolean;
  baseRef: string;
  baseSha: string;
  /** Where the base was when it was last looked at. */
  baseTip: string;
  headSha: string;
  /** Who last moved the head, as far as the commit's e-mail tells. */
  pusher: string;
  mergedAt: string | null;
  mergedBy: User | null;
  mergeCommit: string | null;
  /** The commits by which the pull request reached its base. */
  landed: readonly string[];
};

export type Issue = {
  readonly id: number;
  readonly number: number;
  readonly author: User;
  readonly app: App | undefined;
  readonly createdAt: string;
  title: string;
  body: string | null;
  state: 'open' | 'closed';
  stateReason: 'completed' | 'reopened' | 'not_planned' | 'duplicate' | null;
  updatedAt: string;
  closedAt: string | null;
  locked: boolean;
  labels: string[];
  assignees: readonly string[];
  /** An issue with this is a pull request. */
  pull?: Pull;
};

export type Comment = {
  readonly id: number;
  readonly issue: number;
  readonly author: User;
  readonly app: App | undefined;
  readonly createdAt: string;
  updatedAt: string;
  body: string;
};

export type CheckRun = {
  readonly id: number;
  readonly headSha: string;
  readonly app: App;
  name: string;
  status: string;
  conclusion: string | null;
  startedAt: string;
  completedAt: string | null;
  detailsUrl: string | null;
  externalId: string;
  output: { title: string | null; summary: string | null; text: string | null };
  readonly annotations: Fields[];
};

export type Status = {
  readonly id: number;
  readonly sha: string;
  readonly creator: User;
  readonly state: string;
  readonly context: string;
  readonly description: string | null;
  readonly targetUrl: string | null;
  readonly at: string;
};

export type DeploymentStatus = {
  readonly id: number;
  readonly creator: User;
  readonly state: string;
  readonly description: string;
  readonly environment: string;
  readonly logUrl: string;
  readonly at: string;
};

export type Deployment = {
  readonly id: number;
  readonly sha: string;
  readonly ref: string;
  readonly task: string;
  readonly environment: string;
  readonly description: string | null;
  readonly payload: Fields | string;
  readonly creator: User;
  readonly app: App | undefined;
  readonly at: string;
  readonly statuses: DeploymentStatus[];
};

export type Artifact = {
  readonly id: number;
  readonly name: string;
  readonly run: number;
  readonly zip: Buffer;
  readonly digest: string;
  readonly at: string;
  expired: boolean;
};

export type Run = {
  readonly id: number;
  readonly number: number;
  readonly workflow: string;
  readonly event: string;
  readonly branch: string;
  readonly sha: string;
  readonly actor: User;
  readonly triggering: User;
  readonly inputs: Fields;
  readonly at: string;
  /** What ran lies in a fork, whose branch may have any name. */
  readonly ofFork?: true;
  status: 'queued' | 'in_progress' | 'completed';
  conclusion: 'success' | 'failure' | 'cancelled' | null;
};

export type Label = {
  readonly id: number;
  readonly name: string;
  readonly color: string;
  readonly description: string;
};

/** What an administrator sets up; the shapes are GitHub's own. */
export type RepositorySetup = {
  visibility: 'public' | 'private';
  /** Rulesets as the API gives them, without ids and sources. */
  rulesets: readonly Fields[];
  /** Branch protection by branch, as the API gives it. */
  protection: Readonly<Record<string, Fields>>;
  /** Environments by name. */
  environments: Readonly<
    Record<string, { readonly branches?: readonly string[]; readonly reviewers?: readonly string[] }>
  >;
  oidcSubject: Fields;
  workflowPermissions: Fields;
  actionsPermissions: Fields;
  /** Variables of Actions by name. */
  variables: Readonly<Record<string, string>>;
  /** Features that the plan of the organization lacks answer as GitHub does: 403 "Upgrade to …". */
  plan: 'free' | 'team' | 'enterprise';
};

export type Repository = {
  readonly id: number;
  readonly owner: User;
  readonly name: string;
  /** The bare git repository behind it. */
  readonly dir: string;
  readonly createdAt: string;
  readonly parent: Repository | undefined;
  readonly setup: RepositorySetup;
  readonly roles: Map<string, Role>;
  readonly issues: Issue[];
  readonly comments: Comment[];
  readonly checks: CheckRun[];
  readonly statuses: Status[];
  readonly deployments: Deployment[];
  readonly artifacts: Artifact[];
  readonly runs: Run[];
  readonly labels: Label[];
};

/** How a call fails: an answer instead of the work, or the work done and its answer lost. */
export type Fault = {
  /** `METHOD path` of the description; without it any call. */
  readonly operation?: string;
  /** Which of the calls that match, counted from 1 from now on. */
  readonly nth?: number;
  /** How many in a row; 1 unless said. */
  readonly times?: number;
  readonly as: 401 | 403 | 404 | 429 | 500 | 502 | 503 | 'reset' | 'lost-answer';
};

export type Request = {
  readonly operation: string;
  readonly path: string;
  readonly login: string;
  readonly status: number;
};

export type GitHub = {
  readonly root: string;
  readonly now: () => string;
  readonly users: Map<string, User>;
  readonly tokens: Map<string, Actor>;
  readonly teams: Map<string, readonly string[]>;
  readonly repositories: Map<string, Repository>;
  readonly faults: { readonly fault: Fault; seen: number }[];
  readonly requests: Request[];
  /** What did not fit GitHub's description, in words; a test that leaves one behind fails when it closes the fake. */
  readonly mismatches: string[];
  readonly spent: Map<string, number>;
  url: string;
  limit: number;
  lastId: number;
};

export const newId = (github: GitHub): number => {
  github.lastId += 1;
  return github.lastId;
};

export const fullName = (repository: Repository): string => `${repository.owner.login}/${repository.name}`;
