/** Main, span by span, newest first: what each pull request changed, and whether it counts as approved. */
import type { Git } from '../model/git.ts';
import type { Commit, MainRange } from './history.ts';
import { pullOfCommit } from './history.ts';
import type { GitHub, PullRequest } from '../model/github.ts';
import type { JudgedSpan } from './runs.ts';
import { dayOf } from '../model/days.ts';
import type { Desired } from '../model/desired.ts';
import { canonical } from '../kinds/equal.ts';
import { once } from '../model/lists.ts';
import type { Key } from '../model/resource.ts';
import { decodeName } from '../model/resource.ts';
import type { RuledTree, TreeAt } from './files-changed.ts';
import { underPresentNames } from './labels.ts';
import { proposalOf } from './proposal.ts';
import { requirementsOf } from './requirements.ts';
import { reviewVerdict } from './reviews.ts';

export type MainSpan = JudgedSpan & { readonly pull: PullRequest | undefined };

export type MainBranch = {
  readonly git: Git;
  readonly github: GitHub;
  readonly branch: string;
  readonly treeAt: TreeAt;
  readonly now: string;
  /** What main asks for: older trees are told under its names. */
  readonly desired: Desired;
};

/** Whether it is asked for, and how; `absent` and managed members ask for it to be gone. */
const wish = (desired: Desired, key: Key): string => {
  const resource = desired.state[key];
  const group = key.startsWith('membership/') ? decodeName(key.slice('membership/'.length).split(':')[0] ?? '') : '';
  return JSON.stringify([
    resource === undefined ? null : canonical(resource),
    desired.absent.includes(key),
    desired.memberGroups.includes(group),
  ]);
};

/** The day after which it is not asked for any more, where that day has passed. */
const endIn = ({ ended, state }: Desired, key: Key): string | undefined =>
  ended.find((entry) => entry.key === key)?.until ?? (state[key] === undefined ? undefined : 'not over');

type SpanEnds = { readonly base: Desired; readonly end: Desired };

const endsOf = async ({ treeAt, desired }: MainBranch, span: MainRange): Promise<SpanEnds | undefined> => {
  const [base, end] = [await treeAt(span.base), await treeAt(span.end)];
  if (base === undefined || end === undefined) return undefined;
  return { base: underPresentNames(base.desired, desired), end: underPresentNames(end.desired, desired) };
};

/** The tree that was reviewed is the tree that is on main, as git merges base and final head. */
const isWhatWasReviewed = async (
  { git }: MainBranch,
  span: MainRange,
  pull: PullRequest,
): Promise<string | undefined> => {
  const head = (await git.commit(pull.headSha)) ?? (await fetched(git, pull));
  if (head === undefined) return `its final head ${pull.headSha.slice(0, 7)} cannot be fetched`;
  const merged = await git.merged(span.base, head);
  if (merged === undefined) return 'git cannot merge its base and its final head';
  return (await git.folderIds(merged)) === (await git.folderIds(span.end))
    ? undefined
    : 'main does not hold what its base and its final head come to';
};

const fetched = async (git: Git, { number, headSha }: PullRequest): Promise<string | undefined> =>
  (await git.fetchPull(number)) ? git.commit(headSha) : undefined;

type RuledTrees = { readonly base: RuledTree; readonly head: RuledTree };
type Needed = { readonly id: string; readonly needed: ReturnType<typeof requirementsOf> };
const needs = new WeakMap<Desired, WeakMap<Desired, Needed>>();

/** What leads from one tree to another on a day takes the same, whoever asks. */
const neededBetween = ({ now }: MainBranch, trees: RuledTrees, paths: readonly string[]): Needed['needed'] => {
  const [base, end] = [trees.base.desired, trees.head.desired];
  const from = needs.get(base) ?? new WeakMap<Desired, Needed>();
  needs.set(base, from);
  const id = JSON.stringify([dayOf(now), paths]);
  const found = from.get(end);
  if (found?.id === id) return found.needed;
  const needed = requirementsOf(proposalOf(trees, { paths, now }), [base, end]);
  from.set(end, { id, needed });
  return needed;
};

const objectionTo = async (main: MainBranch, span: MainRange): Promise<string | undefined> => {
  const { pull } = span;
  if (pull === undefined) return 'no merged pull request brought it';
  const [base, end] = [await main.treeAt(span.base), await main.treeAt(span.end)];
  if (base === undefined || end === undefined) return 'its files have errors';
  const wrong = await isWhatWasReviewed(main, span, pull);
  if (wrong !== undefined) return wrong;
  const paths = await main.git.changedPaths(span.base, span.end);
  const needed = neededBetween(main, { base, head: end }, paths);
  const { ok, missing } = await reviewVerdict(main.github, pull, needed);
  return ok ? undefined : missing.join('; ');
};

const judgedOnce = async (main: MainBranch, span: MainRange): Promise<MainSpan> => {
  const ends = await endsOf(main, span);
  const { pull, base, end } = span;
  return {
    base,
    end,
    pull,
    name: pull === undefined ? `commit ${end.slice(0, 7)}` : `pull request #${pull.number}`,
    changes: (key) => ends === undefined || wish(ends.base, key) !== wish(ends.end, key),
    // The first commit moved no end: there was none before it, and nobody could review it.
    ends: (key) => base !== '' && (ends === undefined || endIn(ends.base, key) !== endIn(ends.end, key)),
    objection: once(() => objectionTo(main, span)),
  };
};

const known = new WeakMap<MainBranch, Map<string, Promise<MainSpan>>>();

/** Each span of main is judged once in a run, whoever walks back along it. */
const judged = (main: MainBranch, span: MainRange): Promise<MainSpan> => {
  const spans = known.get(main) ?? new Map<string, Promise<MainSpan>>();
  known.set(main, spans);
  const id = `${span.base} ${span.end} ${span.pull?.number ?? ''}`;
  const found = spans.get(id) ?? judgedOnce(main, span);
  spans.set(id, found);
  return found;
};

export type CommitLine = { readonly shas: readonly string[]; readonly touching: ReadonlySet<string> };

/** Commits that touch no folder are asked about only while they may belong to the pull request of a newer one. */
async function* spansOn(main: MainBranch, { shas, touching }: CommitLine): AsyncGenerator<MainRange> {
  let open: MainRange | undefined;
  for (const [index, sha] of shas.entries()) {
    if (open?.pull === undefined && !touching.has(sha)) continue;
    const commit: Commit = { sha, parent: shas[index + 1] ?? '', pulls: await main.github.pullsOf(sha) };
    const pull = pullOfCommit(commit, main.branch);
    if (open?.pull !== undefined && pull?.number === open.pull.number) open = { ...open, base: commit.parent };
    else {
      if (open !== undefined) yield open;
      open = touching.has(sha) ? { base: commit.parent, end: sha, pull } : undefined;
    }
  }
  if (open !== undefined) yield open;
}

/** Walks back from the tip. */
export async function* judgedSpans(main: MainBranch, line: CommitLine): AsyncGenerator<MainSpan> {
  for await (const span of spansOn(main, line)) yield await judged(main, span);
}

/** The span that a commit of main belongs to; each is judged once. Of a pull request that was merged commit by commit, all of it. */
export const spanFinder = (main: MainBranch, shas: readonly string[]): ((sha: string) => Promise<MainSpan>) => {
  const ages = new Map(shas.map((sha, age) => [sha, age]));
  const pullAt = async (age: number): Promise<PullRequest | undefined> => {
    const sha = shas[age];
    if (sha === undefined) return undefined;
    return pullOfCommit({ sha, parent: shas[age + 1] ?? '', pulls: await main.github.pullsOf(sha) }, main.branch);
  };
  return async (sha) => {
    const age = ages.get(sha) ?? 0;
    const pull = await pullAt(age);
    const isSame = async (other: number): Promise<boolean> =>
      pull !== undefined && other >= 0 && (await pullAt(other))?.number === pull.number;
    let [newest, oldest] = [age, age];
    while (pull?.mergeCommit !== shas[newest] && (await isSame(newest - 1))) newest -= 1;
    while (await isSame(oldest + 1)) oldest += 1;
    const end = shas[newest] ?? sha;
    return judged(main, { base: shas[oldest + 1] ?? '', end, pull });
  };
};
