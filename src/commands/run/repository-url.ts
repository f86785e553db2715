/** Where the files can be read on GitHub, at the commit that is checked out. */
import { safely } from '../../github/asking-git.ts';
import type { CommandContext } from './context.ts';

type Asking = Pick<CommandContext, 'env' | 'runGit'> & { readonly options: Pick<CommandContext['options'], 'dir'> };

const remote = /^(?:https:\/\/(?:[^@/]+@)?|ssh:\/\/git@|git@)(github\.com)[/:]([\w.-]+\/[\w.-]+?)(?:\.git)?\/?$/;

const asked = async (context: Asking, ...words: readonly string[]): Promise<string | undefined> => {
  const { code, out } = await context.runGit([...safely, ...words], { dir: context.options.dir });
  return code === 0 ? out.trim() : undefined;
};

const homeOf = async (context: Asking): Promise<string | undefined> => {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository } = context.env;
  if (server && repository) return `${server}/${repository}`;
  const [, host, name] = remote.exec((await asked(context, 'remote', 'get-url', 'origin')) ?? '') ?? [];
  return host === undefined || name === undefined ? undefined : `https://${host}/${name}`;
};

/** `https://github.com/acme/aws-access/blob/COMMIT/`; nothing where no such remote is known, or no git. */
export const repositoryUrl = async (context: Asking): Promise<string | undefined> => {
  try {
    const [home, commit, prefix] = await Promise.all([
      homeOf(context),
      asked(context, 'rev-parse', '--verify', 'HEAD'),
      asked(context, 'rev-parse', '--show-prefix'),
    ]);
    if (home === undefined || commit === undefined) return undefined;
    return `${home}/blob/${commit}/${encodeURI(prefix ?? '')}`;
  } catch {
    return undefined;
  }
};
