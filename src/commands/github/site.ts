/** Where a GitHub command runs: the repository, its checkout, the workflow run. */
import { appendFile } from 'node:fs/promises';
import type { Git } from '../../model/git.ts';
import { openGit } from '../../github/git.ts';
import type { GitHub, PullRequest } from '../../model/github.ts';
import { UserError } from '../../model/problem.ts';
import type { CommandContext } from '../run/context.ts';

export type SiteOptions = { readonly repo?: string };

export type GitHubSite = {
  readonly github: GitHub;
  /** Of the workflow run, for links. */
  readonly url?: string;
};

const isRepository = (text: string): boolean => /^[\w.-]+\/[\w.-]+$/.test(text);

export const openSite = async (context: CommandContext, { repo }: SiteOptions): Promise<GitHubSite> => {
  const repository = repo ?? context.env['GITHUB_REPOSITORY'];
  if (repository === undefined || !isRepository(repository))
    throw new UserError(
      `say which repository with --repo OWNER/NAME${repository === undefined ? '' : `, not ${repository}`}`,
    );
  const { GITHUB_SERVER_URL: server, GITHUB_RUN_ID: run } = context.env;
  const github = await context.createGitHub(repository);
  return { github, ...(server && run ? { url: `${server}/${repository}/actions/runs/${run}` } : {}) };
};

/** A checkout without credentials is let in by the token, which travels in the environment and in no argument. */
const remoteEnv = ({ env }: CommandContext): Readonly<Record<string, string>> => {
  const token = env['GITHUB_TOKEN'] ?? env['GH_TOKEN'];
  const server = env['GITHUB_SERVER_URL'];
  if (token === undefined || server === undefined) return {};
  return {
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: `http.${server}/.extraheader`,
    GIT_CONFIG_VALUE_0: `AUTHORIZATION: basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`,
  };
};

export const gitAt = (context: CommandContext, dir: string): Git => openGit(context.runGit, dir, remoteEnv(context));

/** Where the files of a commit can be read, for links; nothing outside of a job. */
export const filesUrl = ({ env }: CommandContext, { github }: GitHubSite, commit: string): string | undefined => {
  const server = env['GITHUB_SERVER_URL'];
  return server ? `${server}/${github.repository}/blob/${commit}/` : undefined;
};

/** The same command, of other files. */
export const inFolder = (context: CommandContext, dir: string): CommandContext => ({
  ...context,
  options: { ...context.options, dir },
});

/** A fork's jobs have neither a token that writes nor a way into AWS. */
export const isFork = ({ github }: GitHubSite, { headRepository }: PullRequest): boolean =>
  headRepository?.toLowerCase() !== github.repository.toLowerCase();

/** GitHub shows at most 1 MiB of a step's summary and aborts the upload above. */
export const SUMMARY_PAGE = 900_000;

/** The page of the workflow run; nowhere to write to outside of one. */
export const writeSummary = async ({ env }: CommandContext, markdown: string): Promise<void> => {
  const file = env['GITHUB_STEP_SUMMARY'];
  if (file !== undefined && file !== '') await appendFile(file, `${markdown}\n`);
};

/** How many calls GitHub was asked for, on stderr. */
export const sayCalls = ({ err }: CommandContext, { github }: GitHubSite): void => {
  const calls = Object.entries(github.calls());
  const total = calls.reduce((sum, [, count]) => sum + count, 0);
  err(
    `GitHub: ${total} calls${total === 0 ? '' : ` (${calls.map(([route, count]) => `${count} ${route}`).join(', ')})`}`,
  );
};
