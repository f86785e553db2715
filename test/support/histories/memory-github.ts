/** A GitHub that lives in memory: its pull requests, what people do with them, and the port through which the product asks. */
import type { Deployment, GitHub, GitHubUser, PullRequest, Review } from '../../../src/model/github.ts';
import { never } from '../mortal.ts';
import type { MemoryGit } from './memory-git.ts';
import type { Texts } from './merge-text.ts';

export type MergeMethod = 'merge' | 'squash' | 'rebase';

export type Pull = {
  readonly number: number;
  readonly author: string;
  /** Of its head, oldest first. */
  head: string;
  base: string;
  reviews: { readonly by: string; state: Review['state']; readonly commit: string; readonly at: string }[];
  baseChanges: string[];
  state: 'open' | 'closed' | 'merged';
  mergedAt: string | undefined;
  /** Of main, first the one before it. */
  span: { readonly base: string; readonly end: string } | undefined;
  /** Commits of main that GitHub attributes to it. */
  landed: readonly string[];
};

/** `can`: may write. */
export type Member = { readonly login: string; readonly can: boolean; readonly bot?: true };

type Comment = { readonly id: number; readonly issue: number; body: string };

export type Ground = {
  readonly git: MemoryGit;
  readonly members: readonly Member[];
  readonly now: () => string;
  /** What main holds in the beginning. */
  readonly files: Texts;
};

export type MemoryGitHub = {
  readonly pulls: Map<number, Pull>;
  readonly branches: Map<string, string>;
  readonly deployments: (Deployment & { succeeded: boolean })[];
  readonly runs: { readonly id: number; readonly event: string; readonly actor: string; readonly triggering: string }[];
  readonly main: () => string;
  readonly push: (branch: string, sha: string) => void;
  readonly open: (pull: { readonly by: string; readonly head: string; readonly base: string }) => Pull;
  readonly review: (pull: Pull, by: string, state: Review['state']) => void;
  readonly dismiss: (pull: Pull, index: number) => void;
  readonly changeBase: (pull: Pull, branch: string) => void;
  /** Whether it could. */
  readonly merge: (pull: Pull, by: string, method: MergeMethod) => boolean;
  /** Somebody merges it on their own machine, with this in the merge commit, and pushes main. */
  readonly mergeByHand: (pull: Pull, by: string, files: Texts) => void;
  readonly startRun: (event: string, actor: string, triggering?: string) => number;
  /** `alive`: no call of a dead process arrives. */
  readonly port: (alive: () => boolean) => GitHub;
};

const JOB: GitHubUser = { login: 'github-actions[bot]', id: 41_898_282, bot: true };

const commitsOf = (git: MemoryGit, pull: Pull, main: string): readonly string[] =>
  git.between(pull.span?.base ?? main, pull.head);

type Landed = { readonly end: string; readonly landed: readonly string[] };

const rebased = (git: MemoryGit, main: string, commits: readonly string[]): Landed | undefined => {
  let tip = main;
  const landed: string[] = [];
  for (const sha of commits) {
    const files = git.replayed(sha, tip);
    if (files === undefined) return undefined;
    const { author } = git.find(sha);
    tip = git.commit({ files, parents: [tip], ...(author === undefined ? {} : { author }) });
    landed.push(tip);
  }
  return { end: tip, landed };
};

const landing = (
  git: MemoryGit,
  { main, head, by }: { main: string; head: string; by: string },
  method: MergeMethod,
) => {
  const commits = git.between(main, head);
  // A commit that merges main into the branch cannot be replayed alone.
  const isStraight = commits.every((sha) => git.find(sha).parents.length === 1);
  if (method === 'rebase') return isStraight ? rebased(git, main, commits) : undefined;
  const files = git.merged(main, head);
  if (files === undefined) return undefined;
  const end = git.commit({ files, parents: method === 'merge' ? [main, head] : [main], author: by });
  return { end, landed: [end] };
};

/** What is not asked in these histories; a call of it is a mistake of the history. */
const unasked = (name: string) => (): never => {
  throw new Error(`nobody taught the GitHub in memory to answer ${name}`);
};

const mortal = (port: GitHub, alive: () => boolean): GitHub => {
  const mortalCall = ([name, call]: readonly [string, unknown]): readonly [string, unknown] => {
    if (typeof call !== 'function' || name === 'calls') return [name, call];
    const ask = call as (...words: readonly unknown[]) => Promise<unknown>;
    return [name, async (...words: readonly unknown[]) => (alive() ? ask(...words) : never<unknown>())];
  };
  return Object.fromEntries(Object.entries(port).map(mortalCall)) as GitHub;
};

export const memoryGitHub = ({ git, members, now, files }: Ground): MemoryGitHub => {
  const pulls = new Map<number, Pull>();
  const begun = git.commit({ files, parents: [], author: 'ada' });
  const branches = new Map([['main', begun]]);
  const deployments: MemoryGitHub['deployments'] = [];
  const statuses: { readonly sha: string; readonly context: string; readonly text: string }[] = [];
  const comments: Comment[] = [];
  const runs: MemoryGitHub['runs'] = [];
  let ids = 0;
  const nextId = (): number => (ids += 1);

  const main = (): string => branches.get('main') ?? '';
  const personOf = (login: string): GitHubUser => ({
    login,
    id: members.findIndex((one) => one.login === login) + 1,
    bot: members.some((one) => one.login === login && one.bot === true),
  });
  const found = (number: number): Pull => {
    const pull = pulls.get(number);
    if (pull === undefined) throw new Error(`there is no pull request #${number}`);
    return pull;
  };
  const told = (pull: Pull): PullRequest => ({
    number: pull.number,
    author: personOf(pull.author),
    baseBranch: pull.base,
    headSha: pull.head,
    headRepository: 'shop/aws-access',
    mergedAt: pull.mergedAt,
    mergeCommit: pull.span?.end,
  });
  const close = (pull: Pull, span: { base: string } & Landed): void => {
    branches.set('main', span.end);
    Object.assign(pull, { state: 'merged', mergedAt: now(), span, landed: span.landed });
  };
  const holds = (pull: Pull, sha: string): boolean =>
    pull.landed.includes(sha) || commitsOf(git, pull, main()).includes(sha);

  const port: GitHub = {
    repository: 'shop/aws-access',
    branchHead: async (branch) => branches.get(branch) ?? '',
    defaultBranch: async () => 'main',
    pull: async (number) => told(found(number)),
    pullFiles: unasked('pullFiles'),
    authorship: async (number) => {
      const pull = found(number);
      const commits = commitsOf(git, pull, main()).map(git.find);
      return {
        logins: [...new Set(commits.flatMap(({ author }) => author ?? []))],
        unattributed: commits.filter(({ author }) => author === undefined).map(({ sha }) => sha),
        isWhole: true,
      };
    },
    reviews: async (number) =>
      found(number).reviews.map(({ by, state, commit, at }, index) => ({
        id: index + 1,
        user: personOf(by),
        state,
        commit,
        submittedAt: at,
      })),
    staleApprovals: async () => [],
    baseChanges: async (number) => found(number).baseChanges,
    pullsOf: async (sha) => [...pulls.values()].filter((pull) => holds(pull, sha)).map(told),
    canWrite: async (login) => members.some((one) => one.login === login && one.can),
    teamMembership: async () => 'unreadable',
    isOwn: async (user) => user?.login === JOB.login,
    comments: async (number) =>
      comments.filter(({ issue }) => issue === number).map(({ id, body }) => ({ id, body, user: JOB })),
    createComment: async (issue, body) => {
      comments.push({ id: nextId(), issue, body });
      return JOB;
    },
    updateComment: async (id, body) => {
      const comment = comments.find((one) => one.id === id);
      if (comment !== undefined) comment.body = body;
    },
    createCheck: unasked('createCheck'),
    addAnnotations: unasked('addAnnotations'),
    createStatus: async ({ sha, context, description }) => {
      if (description.length > 140) throw new Error('GitHub takes 140 characters');
      statuses.push({ sha, context, text: description });
    },
    statusTexts: async (sha, context) => ({
      texts: statuses.filter((one) => one.sha === sha && one.context === context).map(({ text }) => text),
      isWhole: true,
    }),
    issues: unasked('issues'),
    createIssue: unasked('createIssue'),
    updateIssue: unasked('updateIssue'),
    deployments: async () => deployments.toReversed(),
    hasSucceeded: async ({ id }) => deployments.some((one) => one.id === id && one.succeeded),
    createDeployment: async ({ sha, payload }) => {
      const id = nextId();
      deployments.push({ id, sha, payload: structuredClone(payload), createdAt: now(), succeeded: false });
      return id;
    },
    endDeployment: async ({ id, state }) => {
      const deployment = deployments.find((one) => one.id === id);
      if (deployment !== undefined && state === 'success') deployment.succeeded = true;
    },
    finishedRuns: unasked('finishedRuns'),
    runArtifacts: unasked('runArtifacts'),
    artifactZip: unasked('artifactZip'),
    workflowRun: async (id) => {
      const run = runs.find((one) => one.id === id);
      if (run === undefined) throw new Error(`there is no run ${id}`);
      return { event: run.event, branch: 'main', actor: run.actor, triggeringActor: run.triggering };
    },
    ask: unasked('ask'),
    calls: () => ({}),
    branchTip: unasked('branchTip'),
    commitsAhead: unasked('commitsAhead'),
    commitFiles: unasked('commitFiles'),
    createBranch: unasked('createBranch'),
    moveBranch: unasked('moveBranch'),
    deleteBranch: unasked('deleteBranch'),
    pullsFrom: unasked('pullsFrom'),
    openBranches: unasked('openBranches'),
    createPull: unasked('createPull'),
    updatePull: unasked('updatePull'),
  };

  return {
    pulls,
    branches,
    deployments,
    runs,
    main,
    push: (branch, sha) => {
      branches.set(branch, sha);
    },
    open: ({ by, head, base }) => {
      const pull: Pull = {
        number: nextId(),
        author: by,
        head,
        base,
        reviews: [],
        baseChanges: [],
        state: 'open',
        mergedAt: undefined,
        span: undefined,
        landed: [],
      };
      pulls.set(pull.number, pull);
      return pull;
    },
    review: (pull, by, state) => {
      pull.reviews.push({ by, state, commit: pull.head, at: now() });
    },
    dismiss: (pull, index) => {
      const review = pull.reviews[index];
      if (review !== undefined) review.state = 'DISMISSED';
    },
    changeBase: (pull, branch) => {
      pull.base = branch;
      pull.baseChanges.push(now());
    },
    merge: (pull, by, method) => {
      const base = main();
      const made = pull.base === 'main' ? landing(git, { main: base, head: pull.head, by }, method) : undefined;
      if (made === undefined || made.end === base) return false;
      close(pull, { base, ...made });
      return true;
    },
    mergeByHand: (pull, by, merged) => {
      const base = main();
      const end = git.commit({ files: merged, parents: [base, pull.head], author: by });
      close(pull, { base, end, landed: [end] });
    },
    startRun: (event, actor, triggering = actor) => {
      const id = nextId();
      runs.push({ id, event, actor, triggering });
      return id;
    },
    port: (alive) => mortal(port, alive),
  };
};
