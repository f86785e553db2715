/** What an access review is made of: the files of the commit that is checked out, its history, and GitHub if it is asked. */
import { backingFrom } from '../../approve/backing.ts';
import { fileKindOf } from '../../desired/documents.ts';
import type { Files } from '../../desired/load.ts';
import { takenLines } from '../../desired/names.ts';
import { neverReached } from '../../github/connection.ts';
import { repoOf } from '../../import/edit/repo.ts';
import type { Repo } from '../../import/edit/repo.ts';
import { reviewLines } from '../../import/review/review-rows.ts';
import type { ReviewLine } from '../../import/review/review-rows.ts';
import { reviewScopeOf } from '../../import/review/review-scope.ts';
import type { ReviewScope } from '../../import/review/review-scope.ts';
import { grantTrail } from '../../import/review/trail.ts';
import type { GrantTrail, TrailFile } from '../../import/review/trail.ts';
import { dayOf } from '../../model/days.ts';
import type { Desired } from '../../model/desired.ts';
import type { Git, HistoryCommit } from '../../model/git.ts';
import { UserError } from '../../model/problem.ts';
import type { AccessReview, GrantBacking, GrantCommit, ReviewRow } from '../../model/review.ts';
import { isGit } from '../github/head.ts';
import { gitAt, inFolder, openSite } from '../github/site.ts';
import { withTreeOf } from '../github/trees.ts';
import type { CommandContext } from './context.ts';
import { desiredOrProblems, repositoryFiles } from './repository.ts';

export type CommittedAccess = {
  readonly git: Git;
  readonly head: string;
  readonly files: Files;
  readonly desired: Desired;
  readonly repo: Repo;
};

/** Nothing when the files have errors, which were printed. Throws UserError where there is no history. */
export const committedAccess = async (context: CommandContext): Promise<CommittedAccess | undefined> => {
  const { dir } = context.options;
  if (!(await isGit(context, dir)))
    throw new UserError(
      `${dir} is not the top of a git checkout: a review is of what is committed, and of its history`,
    );
  const git = gitAt(context, dir);
  const head = await git.commit('HEAD');
  if (head === undefined) throw new UserError(`${dir} has no commit yet: a review is of what is committed`);
  return withTreeOf(git, head, async (folder) => {
    const there = inFolder(context, folder);
    const desired = await desiredOrProblems(there);
    if (desired === undefined) return undefined;
    const files = await repositoryFiles(there);
    return { git, head, files, desired, repo: repoOf(files.files) };
  });
};

/** Files whose history tells of grants; what else the folders hold is not looked at. */
const isTold = ({ path }: { readonly path: string }): boolean =>
  ['group', 'user', 'permission-set', 'organization'].includes(fileKindOf(path) ?? '') && !path.endsWith('.json');

const AT_ONCE = 500;

type HistoryPart = HistoryCommit & { readonly isShallow: boolean };

const commitOf = ({ sha, committedAt, subject, isFirst, isShallow }: HistoryPart): GrantCommit => ({
  sha,
  day: dayOf(committedAt),
  subject,
  ...(isFirst && isShallow ? { isCut: true as const } : {}),
});

/** Back to where the last entry has begun; files are read some hundred commits at a time. */
const followed = async ({ git, head, files }: CommittedAccess): Promise<GrantTrail> => {
  const trail = grantTrail(files.files.filter(isTold));
  const [commits, isShallow] = [await git.history(head), await git.isShallow()];
  for (let at = 0; at < commits.length && trail.isFollowing(); at += AT_ONCE) {
    const some = commits.slice(at, at + AT_ONCE).map((one) => ({ ...one, isShallow, files: one.files.filter(isTold) }));
    const ids = some.flatMap((one) => one.files.flatMap(({ before }) => before ?? []));
    const texts = await git.texts([...new Set(ids)]);
    for (const one of some) {
      const before = one.files.map(({ path, before: id }): TrailFile => ({ path, text: textOf(texts, id) }));
      if (trail.isFollowing()) trail.step(commitOf(one), before);
    }
  }
  return trail;
};

/** What is no text is a file with errors, and no file that is missing. */
const textOf = (texts: ReadonlyMap<string, string>, id: string | undefined): string | undefined =>
  id === undefined ? undefined : (texts.get(id) ?? '');

export type ReviewOptions = { readonly of?: string; readonly repo?: string };

type Backings = { readonly repository?: string; readonly of: (sha: string) => Promise<GrantBacking> };

/** GitHub is asked where somebody says which repository, or a workflow runs that may. */
const backingsFor = async (context: CommandContext, { repo }: ReviewOptions): Promise<Backings> => {
  const { env } = context;
  const isInWorkflow = env['GITHUB_REPOSITORY'] && (env['GITHUB_TOKEN'] ?? env['GH_TOKEN']);
  if (repo === undefined && !isInWorkflow) return { of: () => Promise.resolve({ is: 'not asked' }) };
  const { github } = await openSite(context, repo === undefined ? {} : { repo });
  return { repository: github.repository, of: backingFrom(github, neverReached) };
};

const LANES = 6;

/** Several at a time, in any order. */
const askedFor = async (shas: readonly string[], { of }: Backings): Promise<ReadonlyMap<string, GrantBacking>> => {
  const found = new Map<string, GrantBacking>();
  const left = [...new Set(shas)];
  const lane = async (): Promise<void> => {
    for (let sha = left.shift(); sha !== undefined; sha = left.shift()) found.set(sha, await of(sha));
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return found;
};

type LineCourse = { readonly line: ReviewLine; readonly since: GrantCommit; readonly changed: GrantCommit };

const courseOf = (trail: GrantTrail, line: ReviewLine): LineCourse => {
  const course = trail.courseOf(line.place.file, line.index);
  const [changed, since] = [course[0], course.at(-1)];
  if (changed === undefined || since === undefined)
    throw new Error(`no commit brought ${line.place.file}:${line.place.line}`);
  return { line, since, changed };
};

const rowOf = ({ line, since, changed }: LineCourse, backings: ReadonlyMap<string, GrantBacking>): ReviewRow => {
  const { index: _index, entry: _entry, ...said } = line;
  const backing = (sha: string): GrantBacking => backings.get(sha) ?? { is: 'not asked' };
  return {
    ...said,
    since: { ...since, backing: backing(since.sha) },
    changed: { ...changed, backing: backing(changed.sha) },
  };
};

const scopeWords = (scope: ReviewScope): Partial<Pick<AccessReview, 'of' | 'ofSet'>> => {
  if (scope.is === 'all') return {};
  const kind = scope.is === 'place' ? '' : `${scope.is === 'permission-set' ? 'permission set' : scope.is} `;
  return {
    of: `${kind}${scope.name}`,
    ...(scope.is === 'permission-set' || scope.is === 'role' ? { ofSet: true as const } : {}),
  };
};

/** Nothing when the files have errors, which were printed. */
export const accessReview = async (
  context: CommandContext,
  options: ReviewOptions,
): Promise<AccessReview | undefined> => {
  const committed = await committedAccess(context);
  if (committed === undefined) return undefined;
  const scope = reviewScopeOf(committed, options.of);
  if (options.of !== undefined && scope.is !== 'all')
    for (const line of takenLines([[options.of, scope.name.replace(/^OU /, '')]])) context.err(line);
  const today = dayOf(context.now);
  const { lines, ended } = reviewLines({ ...committed, today }, scope);
  const trail = await followed(committed);
  const courses = lines.map((line) => courseOf(trail, line));
  const backings = await backingsFor(context, options);
  const found = await askedFor(
    courses.flatMap(({ since, changed }) => [since.sha, changed.sha]),
    backings,
  );
  return {
    commit: committed.head,
    day: today,
    ...scopeWords(scope),
    ...(backings.repository === undefined ? {} : { repository: backings.repository }),
    rows: courses.map((course) => rowOf(course, found)),
    ended,
  };
};
