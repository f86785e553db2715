/** The head of a pull request as it would be on main: merged with the base, so that a stale head takes nothing back. */
import { safely } from '../../github/asking-git.ts';
import type { Git } from '../../model/git.ts';
import type { PullRequest } from '../../model/github.ts';
import { UserError } from '../../model/problem.ts';
import type { Problem } from '../../model/problem.ts';
import { committedProblems } from '../run/committed-files.ts';
import type { CommandContext } from '../run/context.ts';
import { gitAt } from './site.ts';
import { withTreeOf } from './trees.ts';

export type MergedHead =
  | {
      readonly dir: string;
      readonly notes: readonly string[];
      /** Files in its tree that must not be committed. */
      readonly committed: readonly Problem[];
    }
  /** It does not merge with the base. */
  | 'conflict';

/** The top of a checkout: of a folder inside of one, commits say nothing under these names. */
export const isGit = async (context: CommandContext, dir: string): Promise<boolean> => {
  const { code, out } = await context.runGit([...safely, 'rev-parse', '--show-prefix'], { dir });
  return code === 0 && out.trim() === '';
};

/** The folders as they are committed, lent: what lies in a work tree has gone through the `.gitattributes` of the tree. */
export const withCommitted = async <T>(
  context: CommandContext,
  dir: string,
  use: (dir: string) => Promise<T>,
): Promise<T> => {
  const head = (await isGit(context, dir)) ? await gitAt(context, dir).commit('HEAD') : undefined;
  return head === undefined ? use(dir) : withTreeOf(gitAt(context, dir), head, use);
};

type HeadUse<T> = (head: MergedHead) => Promise<T>;

const withTree = async <T>(
  git: Git,
  tree: string,
  use: (head: Omit<Exclude<MergedHead, 'conflict'>, 'notes'>) => Promise<T>,
) => {
  const committed = await committedProblems(git, tree);
  return withTreeOf(git, tree, (dir) => use({ dir, committed }));
};

type HeadLocation = { readonly pull: PullRequest; readonly base: string };

const withMerged = async <T>(context: CommandContext, { pull, base }: HeadLocation, use: HeadUse<T>): Promise<T> => {
  const { dir } = context.options;
  const git = gitAt(context, dir);
  const head = await git.commit(pull.headSha);
  if (head === undefined)
    throw new UserError(
      `${dir} does not hold ${pull.headSha.slice(0, 7)}, the head of pull request #${pull.number}: it moved on, and its own run plans it`,
    );
  const tip = await gitAt(context, base).commit('HEAD');
  const known = tip === undefined ? undefined : await git.commit(tip);
  if (known === undefined) {
    const note = 'the head is planned as it is: its checkout does not hold the base (fetch-depth: 0 brings it)';
    return withTree(git, head, (tree) => use({ ...tree, notes: [note] }));
  }
  const merged = await git.merged(known, head);
  return merged === undefined ? use('conflict') : withTree(git, merged, (tree) => use({ ...tree, notes: [] }));
};

/** `--dir` is a checkout that holds the head, or a plain folder that is taken as it is. */
export const withHead = async <T>(context: CommandContext, where: HeadLocation, use: HeadUse<T>): Promise<T> => {
  const { dir } = context.options;
  if (await isGit(context, dir)) return withMerged(context, where, use);
  return use({ dir, committed: [], notes: ['the head is planned as it is: it is no git checkout'] });
};
