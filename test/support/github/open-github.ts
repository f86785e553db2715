/**
 * A GitHub on loopback: real git repositories, GitHub's own words for what it refuses, and GitHub's OpenAPI description
 * as the judge of every request and answer. Git reaches the repositories through the file system.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Fields } from './contract.ts';
import { git } from './git.ts';
import { serve } from './server.ts';
import type {
  Actor,
  App,
  Artifact,
  Fault,
  GitHub,
  Repository,
  RepositorySetup,
  Request,
  Role,
  Run,
  User,
} from './state.ts';
import { newId } from './state.ts';
import { zipOf } from './zip.ts';

type Permissions = Readonly<Record<string, 'read' | 'write'>>;

export type GitHubOptions = {
  /** Who may do what in the repository; everybody else has only what its visibility gives. */
  readonly roles?: Readonly<Record<string, Role>>;
  /** Members by team, `ORGANIZATION/SLUG`. */
  readonly teams?: Readonly<Record<string, readonly string[]>>;
  readonly setup?: Partial<RepositorySetup>;
  readonly owner?: string;
  readonly name?: string;
  /** By default a clock that begins on 2026-11-02 at 08:00 UTC and moves by a second whenever it is read. */
  readonly now?: () => string;
  /** Calls that a token may make before GitHub says that its rate limit is exceeded. */
  readonly limit?: number;
};

export type NewRun = Partial<Pick<Run, 'workflow' | 'event' | 'branch' | 'sha' | 'conclusion' | 'ofFork'>> & {
  readonly actor?: string;
  readonly triggering?: string;
  readonly inputs?: Fields;
};

export type OpenGitHub = {
  readonly url: string;
  readonly repository: Repository;
  readonly state: GitHub;
  /** A person's token. */
  readonly token: (login: string) => string;
  /** The GITHUB_TOKEN of a job with these `permissions:`, as a workflow writes them. */
  readonly jobToken: (permissions: Permissions) => string;
  /** The token of an app's installation on the repository. */
  readonly appToken: (slug: string, permissions: Permissions) => string;
  readonly fork: (login: string) => Promise<Repository>;
  readonly addRun: (run?: NewRun) => Run;
  readonly addArtifact: (run: Run, name: string, files: Readonly<Record<string, string>>) => Artifact;
  readonly fail: (fault: Fault) => void;
  /** Takes faults back that have not happened yet. */
  readonly heal: () => void;
  readonly requests: () => readonly Request[];
  /** What did not fit GitHub's description so far; taking it is saying that it was meant. */
  readonly takeMismatches: () => readonly string[];
  /** Stops; throws when a request or an answer did not fit GitHub's description. */
  readonly close: () => Promise<void>;
};

const actions: App = { id: 15368, slug: 'github-actions', name: 'GitHub Actions' };
const actionsBot: User = { login: 'github-actions[bot]', id: 41898282, type: 'Bot' };

const tickingClock = (): (() => string) => {
  let at = Date.UTC(2026, 10, 2, 8);
  return () => {
    at += 1000;
    return new Date(at).toISOString().replace('.000Z', 'Z');
  };
};

const defaultSetup: RepositorySetup = {
  visibility: 'private',
  rulesets: [],
  protection: {},
  environments: {},
  oidcSubject: { use_default: true, use_immutable_subject: false },
  workflowPermissions: { default_workflow_permissions: 'read', can_approve_pull_request_reviews: false },
  actionsPermissions: { enabled: true, allowed_actions: 'all', sha_pinning_required: false },
  variables: {},
  plan: 'team',
};

const memory = (options: GitHubOptions): GitHub => ({
  root: mkdtempSync(join(tmpdir(), 'github-')),
  now: options.now ?? tickingClock(),
  users: new Map([[actionsBot.login, actionsBot]]),
  tokens: new Map(),
  teams: new Map(Object.entries(options.teams ?? {})),
  repositories: new Map(),
  faults: [],
  requests: [],
  mismatches: [],
  spent: new Map(),
  url: '',
  limit: options.limit ?? 5000,
  lastId: 1000,
});

/** The same login has the same id in every run. */
const idOf = (login: string): number => createHash('sha256').update(login).digest().readUInt32BE(0);

const userNamed = (github: GitHub, login: string, type: User['type'] = 'User'): User => {
  const user = github.users.get(login) ?? { login, id: idOf(login), type };
  github.users.set(login, user);
  return user;
};

type NewRepository = {
  readonly owner: User;
  readonly name: string;
  readonly setup: RepositorySetup;
  readonly parent: Repository | undefined;
  readonly roles: Readonly<Record<string, Role>>;
};

const addRepository = async (github: GitHub, asked: NewRepository): Promise<Repository> => {
  const dir = join(github.root, asked.owner.login, `${asked.name}.git`);
  mkdirSync(dir, { recursive: true });
  await git(dir, 'init', '-q', '--bare', '-b', 'main');
  // As GitHub does: a commit that no branch holds any more can be fetched by its id.
  await git(dir, 'config', 'uploadpack.allowAnySHA1InWant', 'true');
  const empty = {
    issues: [],
    comments: [],
    checks: [],
    statuses: [],
    deployments: [],
    artifacts: [],
    runs: [],
    labels: [],
  };
  const { roles, ...rest } = asked;
  const own = { id: idOf(`${asked.owner.login}/${asked.name}`), dir, createdAt: github.now() };
  const repository: Repository = { ...rest, ...own, ...empty, roles: new Map(Object.entries(roles)) };
  github.repositories.set(`${asked.owner.login}/${asked.name}`, repository);
  return repository;
};

const forkOf = async (github: GitHub, parent: Repository, login: string): Promise<Repository> => {
  const owner = userNamed(github, login);
  const setup = { ...defaultSetup, visibility: parent.setup.visibility };
  const fork = await addRepository(github, { owner, name: parent.name, setup, parent, roles: { [login]: 'admin' } });
  await git(fork.dir, 'fetch', '-q', parent.dir, '+refs/heads/*:refs/heads/*');
  return fork;
};

const issueToken = (github: GitHub, actor: Actor): string => {
  const token = `ghs_fake${newId(github)}`;
  github.tokens.set(token, actor);
  return token;
};

/** `pull-requests` in a workflow is `pull_requests` in the API; every token reads metadata. */
const spelled = (permissions: Permissions): Permissions =>
  Object.fromEntries(Object.entries(permissions).map(([name, level]) => [name.replaceAll('-', '_'), level]));

const appTokenOf = (github: GitHub, slug: string, actor: Pick<Actor, 'permissions' | 'repository'>): string => {
  const user = userNamed(github, `${slug}[bot]`, 'Bot');
  return issueToken(github, { ...actor, user, app: { id: idOf(slug) % 1_000_000, slug, name: slug } });
};

const runOf = (github: GitHub, repository: Repository, run: NewRun): Run => {
  const actor = userNamed(github, run.actor ?? 'ada');
  const added: Run = {
    id: newId(github),
    number: repository.runs.length + 1,
    workflow: run.workflow ?? 'plan.yml',
    event: run.event ?? 'pull_request',
    branch: run.branch ?? 'main',
    sha: run.sha ?? '',
    actor,
    triggering: run.triggering === undefined ? actor : userNamed(github, run.triggering),
    inputs: run.inputs ?? {},
    ...(run.ofFork === undefined ? {} : { ofFork: run.ofFork }),
    at: github.now(),
    status: run.conclusion === undefined ? 'in_progress' : 'completed',
    conclusion: run.conclusion ?? null,
  };
  repository.runs.push(added);
  return added;
};

type NewArtifact = { readonly run: Run; readonly name: string; readonly files: Readonly<Record<string, string>> };

const artifactOf = (github: GitHub, repository: Repository, asked: NewArtifact): Artifact => {
  const zip = zipOf(asked.files);
  const digest = `sha256:${createHash('sha256').update(zip).digest('hex')}`;
  const { name, run } = asked;
  const artifact = { id: newId(github), name, run: run.id, zip, digest, at: github.now(), expired: false };
  repository.artifacts.push(artifact);
  return artifact;
};

const listen = async (github: GitHub): Promise<() => Promise<void>> => {
  const server = serve(github);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  github.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    rmSync(github.root, { recursive: true, force: true });
  };
};

const openedOn = (github: GitHub, repository: Repository, stop: () => Promise<void>): OpenGitHub => ({
  url: github.url,
  repository,
  state: github,
  token: (login) => issueToken(github, { user: userNamed(github, login) }),
  jobToken: (permissions) =>
    issueToken(github, {
      user: actionsBot,
      app: actions,
      permissions: spelled(permissions),
      repository: `${repository.owner.login}/${repository.name}`,
    }),
  appToken: (slug, permissions) =>
    appTokenOf(github, slug, {
      permissions: spelled(permissions),
      repository: `${repository.owner.login}/${repository.name}`,
    }),
  fork: (login) => forkOf(github, repository, login),
  addRun: (run = {}) => runOf(github, repository, run),
  addArtifact: (run, name, files) => artifactOf(github, repository, { run, name, files }),
  fail: (fault) => void github.faults.push({ fault, seen: 0 }),
  heal: () => void github.faults.splice(0),
  requests: () => [...github.requests],
  takeMismatches: () => github.mismatches.splice(0),
  close: async () => {
    await stop();
    if (github.mismatches.length > 0) throw new Error(`not as GitHub describes it:\n${github.mismatches.join('\n')}`);
  },
});

/** One organization with one repository, `securecart/aws-access` unless said, that has no commit yet. */
export const openGitHub = async (options: GitHubOptions = {}): Promise<OpenGitHub> => {
  const github = memory(options);
  const owner = userNamed(github, options.owner ?? 'securecart', 'Organization');
  const roles = options.roles ?? { ada: 'admin', grace: 'write', linus: 'write', eve: 'read' };
  for (const login of [...Object.keys(roles), ...[...github.teams.values()].flat()]) userNamed(github, login);
  const setup = { ...defaultSetup, ...options.setup };
  const name = options.name ?? 'aws-access';
  const repository = await addRepository(github, { owner, name, setup, parent: undefined, roles });
  return openedOn(github, repository, await listen(github));
};
