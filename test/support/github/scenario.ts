/** What people do: clone, edit, push, open, review, merge; and what a job of Actions finds in its environment. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Fields, Json } from './contract.ts';
import { git, gitAs } from './git.ts';
import type { OpenGitHub } from './open-github.ts';
import type { Repository, Run } from './state.ts';
import { fullName } from './state.ts';

export type Answer = {
  readonly status: number;
  readonly body: Fields;
  readonly headers: Headers;
  /** The id of what the call made or found. */
  readonly id: number;
};

/** One call by hand with a token; never throws for what GitHub refuses. */
export const callAs =
  (github: OpenGitHub, token: string) =>
  async (operation: string, body?: Fields): Promise<Answer> => {
    const [method = 'GET', path = ''] = operation.split(' ');
    const response = await fetch(`${github.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
    const answered = isJson ? (JSON.parse(text === '' ? '{}' : text) as Fields) : { text };
    const { status, headers } = response;
    return { status, headers, body: answered, id: Number(answered['id']) };
  };

const must = async (answer: Promise<Answer>): Promise<Fields> => {
  const { status, body } = await answer;
  if (status >= 300) throw new Error(`GitHub answered ${status}: ${JSON.stringify(body)}`);
  return body;
};

export type Clone = {
  readonly dir: string;
  readonly git: (...words: string[]) => Promise<string>;
  /** Starts a branch from another, by default from main as GitHub has it now. */
  readonly branch: (name: string, from?: string) => Promise<void>;
  readonly write: (path: string, text: string) => void;
  readonly remove: (path: string) => void;
  /** Commits everything and pushes the branch; the sha of the commit. */
  readonly push: (message: string, ...words: string[]) => Promise<string>;
};

/** A clone of the repository, or of somebody's fork, in which a person works. */
export const cloneAs = async (
  github: OpenGitHub,
  login: string,
  repository: Repository = github.repository,
): Promise<Clone> => {
  const dir = mkdtempSync(join(github.state.root, `${login}-`));
  const email = `${login}@users.noreply.github.example`;
  const mine = (...words: string[]): Promise<string> =>
    gitAs({ name: login, email, at: github.state.now() }, dir)(words);
  await git(github.state.root, 'clone', '-q', repository.dir, dir);
  return {
    dir,
    git: mine,
    branch: async (name, from = 'origin/main') => {
      await mine('fetch', '-q', 'origin');
      await mine('switch', '-q', '-C', name, '--no-track', from);
    },
    write: (path, text) => {
      mkdirSync(dirname(join(dir, path)), { recursive: true });
      writeFileSync(join(dir, path), text);
    },
    remove: (path) => rmSync(join(dir, path), { recursive: true }),
    push: async (message, ...words) => {
      await mine('add', '-A');
      await mine('commit', '-q', '--allow-empty', '-m', message);
      await mine('push', '-q', ...words, 'origin', 'HEAD');
      return mine('rev-parse', 'HEAD');
    },
  };
};

/** The first commit on main: what these folders and files hold. */
export const seedMain = async (github: OpenGitHub, folders: Readonly<Record<string, string>>): Promise<string> => {
  const clone = await cloneAs(github, 'ada');
  await clone.git('switch', '-q', '--orphan', 'main');
  for (const [name, source] of Object.entries(folders)) cpSync(source, join(clone.dir, name), { recursive: true });
  return clone.push('Begin');
};

type Proposal = {
  readonly by: string;
  readonly branch: string;
  readonly title?: string;
  readonly body?: string;
  readonly files: Readonly<Record<string, string | null>>;
  /** By default a branch of the repository itself. */
  readonly fork?: Repository;
};

/** Writes (or, for null, removes) files on a new branch, pushes it and opens a pull request; its number. */
export const propose = async (github: OpenGitHub, proposal: Proposal): Promise<number> => {
  const { by, branch, fork } = proposal;
  const clone = await cloneAs(github, by, fork);
  await clone.branch(branch);
  for (const [path, text] of Object.entries(proposal.files)) {
    if (text === null) clone.remove(path);
    else clone.write(path, text);
  }
  const title = proposal.title ?? branch;
  await clone.push(title);
  return openPull(github, by, {
    title,
    head: fork === undefined ? branch : `${by}:${branch}`,
    body: proposal.body ?? '',
  });
};

const openPull = async (github: OpenGitHub, by: string, pull: Fields): Promise<number> => {
  const body = await must(callAs(github, github.token(by))(`POST ${pathOf(github)}/pulls`, { base: 'main', ...pull }));
  return Number(body['number']);
};

export const review = async (
  github: OpenGitHub,
  by: string,
  asked: { readonly number: number } & Fields,
): Promise<void> => {
  const { number, ...body } = asked;
  const path = `${pathOf(github)}/pulls/${number}/reviews`;
  await must(callAs(github, github.token(by))(`POST ${path}`, { event: 'APPROVE', ...body }));
};

/** Merges; the sha of main afterwards. */
export const merge = async (
  github: OpenGitHub,
  by: string,
  asked: { readonly number: number } & Fields,
): Promise<string> => {
  const { number, ...body } = asked;
  const path = `${pathOf(github)}/pulls/${number}/merge`;
  const merged = await must(callAs(github, github.token(by))(`PUT ${path}`, { merge_method: 'merge', ...body }));
  return merged['sha'] as Json as string;
};

export const pathOf = (github: OpenGitHub): string => `/repos/${fullName(github.repository)}`;

/** The environment that Actions gives to a job of this run. */
export const jobEnvironment = (github: OpenGitHub, run: Run, token: string): Readonly<Record<string, string>> => ({
  CI: 'true',
  GITHUB_ACTIONS: 'true',
  GITHUB_API_URL: github.url,
  GITHUB_SERVER_URL: 'https://github.example',
  GITHUB_REPOSITORY: fullName(github.repository),
  GITHUB_RUN_ID: String(run.id),
  GITHUB_RUN_ATTEMPT: '1',
  GITHUB_EVENT_NAME: run.event,
  GITHUB_WORKFLOW: run.workflow,
  GITHUB_ACTOR: run.actor.login,
  GITHUB_TRIGGERING_ACTOR: run.triggering.login,
  GITHUB_REF: `refs/heads/${run.branch}`,
  GITHUB_REF_NAME: run.branch,
  GITHUB_SHA: run.sha,
  GITHUB_TOKEN: token,
});
