/** What a pull request does otherwise than the head that somebody approved: by what both commits ask for, without AWS. */
import { earlierApprovals } from '../../approve/ballot.ts';
import type { RuledTree } from '../../approve/files-changed.ts';
import { proposalOf } from '../../approve/proposal.ts';
import type { Git } from '../../model/git.ts';
import type { PullRequest } from '../../model/github.ts';
import { grouped } from '../../model/lists.ts';
import type { DifferencePart } from '../../render/difference.ts';
import type { SinceApproval } from '../../render/since-approval.ts';
import type { CommandContext } from '../run/context.ts';
import { isGit } from './head.ts';
import { gitAt, inFolder } from './site.ts';
import type { GitHubSite } from './site.ts';
import { readRepositoryTree, withTreeOf } from './trees.ts';

type SinceInput = {
  /** Its folder holds the head. */
  readonly context: CommandContext;
  readonly site: GitHubSite;
  readonly pull: PullRequest;
  /** The checkout of the base. */
  readonly base: string;
};

type ApprovedCommit = { readonly commit: string; readonly logins: readonly string[] };

/** More heads that somebody approved are of no use to anybody. */
const MOST_COMMITS = 2;

/** Only of people who may write here: the approval of a passer-by says nothing, and counts for nothing. */
const approvedCommits = async ({ site: { github }, pull }: SinceInput): Promise<readonly ApprovedCommit[]> => {
  const { number, author, headSha: head } = pull;
  const reviews = await github.reviews(number);
  if (reviews.every(({ commit }) => commit === head)) return [];
  const isDismissed = reviews.some(({ state }) => state === 'DISMISSED');
  const [stale, written, baseChanges] = await Promise.all([
    isDismissed ? github.staleApprovals(number) : [],
    github.authorship(number),
    github.baseChanges(number),
  ]);
  const found = earlierApprovals({ reviews, stale }, { author, authors: written.logins, head, baseChanges });
  const writers = await Promise.all(found.map(async (one) => ((await github.canWrite(one.login)) ? [one] : [])));
  const commits = grouped(writers.flat(), ({ commit }) => commit);
  return [...commits]
    .map(([commit, all]) => ({ commit, logins: all.map(({ login }) => login) }))
    .slice(0, MOST_COMMITS);
};

const treeAt = async (context: CommandContext, git: Git, treeish: string): Promise<RuledTree | undefined> =>
  withTreeOf(git, treeish, async (folder) => (await readRepositoryTree(inFolder(context, folder))).tree);

/** Both merged with the base as it is now, so that what others merged meanwhile is no difference. */
const comparable = async (git: Git, tip: string | undefined, commits: readonly [string, string]) => {
  if (tip === undefined) return commits;
  const [approved, head] = [await git.merged(tip, commits[0]), await git.merged(tip, commits[1])];
  return approved === undefined || head === undefined ? commits : ([approved, head] as const);
};

const partOf = async (input: SinceInput, commit: string): Promise<DifferencePart | string> => {
  const { context, pull, base } = input;
  const git = gitAt(context, context.options.dir);
  const isHere = (await git.commit(commit)) !== undefined || (await git.fetchCommit(commit));
  if (!isHere) return 'GitHub does not have that commit any more';
  const tip = await gitAt(context, base).commit('HEAD');
  const known = tip === undefined ? undefined : await git.commit(tip);
  const [from, to] = await comparable(git, known, [commit, pull.headSha]);
  const [approved, head] = await Promise.all([treeAt(context, git, from), treeAt(context, git, to)]);
  if (approved === undefined) return 'the files of that commit have errors';
  if (head === undefined) return 'the files have errors';
  const paths = await git.changedPaths(from, to);
  const { plan, dates, said } = proposalOf({ base: approved, head }, { paths, now: context.now });
  return {
    title: '',
    plan: dates.length === 0 ? plan : { ...plan, dates },
    said: said.map(({ text, risk }) => `${text} (${risk})`),
  };
};

/** Of each earlier head that somebody approved whose approval would count there, newest first. */
export const sinceApprovals = async (input: SinceInput): Promise<readonly SinceApproval[]> => {
  const { context } = input;
  const commits = await approvedCommits(input);
  if (commits.length === 0 || !(await isGit(context, context.options.dir))) return [];
  return Promise.all(commits.map(async (one) => ({ ...one, part: await partOf(input, one.commit) })));
};
