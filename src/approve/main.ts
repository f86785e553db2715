/** Main as the apply finds it: its line of commits, what was deployed, and the walk back along it. */
import type { Git } from '../model/git.ts';
import type { GitHub } from '../model/github.ts';
import type { DeploymentRecord, History } from './runs.ts';
import { remembered } from '../model/lists.ts';
import { UserError } from '../model/problem.ts';
import type { MainBranch, MainSpan } from './spans.ts';
import { judgedSpans } from './spans.ts';
import type { HistoryWalk } from './approved.ts';

/** Of the commit status in which an apply says what it did. */
export const APPLY_CONTEXT = 'gatehouse/apply';
export const recordText = (deployment: number): string => ` (deployment ${deployment})`;
const deploymentsIn = (description: string): readonly number[] => {
  const [, id] = / \(deployment (\d+)\)$/.exec(description) ?? [];
  return id === undefined ? [] : [Number(id)];
};

const MOST_COMMITS = 2_000;
/** Older merges than these are no reason for a change of today. */
const MOST_SPANS = 60;

export type Tip = { readonly git: Git; readonly github: GitHub; readonly branch: string; readonly sha: string };

/** Throws UserError when the checkout cannot serve; nothing when main has moved on since it was made. */
export const tipOfMain = async (git: Git, github: GitHub): Promise<Tip | undefined> => {
  const sha = await git.commit('HEAD');
  if (sha === undefined) throw new UserError('apply needs a git checkout of main');
  if (await git.isShallow()) throw new UserError('apply reads the history of main: check it out with fetch-depth: 0');
  const branch = await github.defaultBranch();
  return (await github.branchHead(branch)) === sha ? { git, github, branch, sha } : undefined;
};

const openKeys = (payload: unknown): ReadonlySet<string> => {
  const { open } = (typeof payload === 'object' && payload !== null ? payload : {}) as { readonly open?: unknown };
  return new Set(Array.isArray(open) ? open.filter((key) => typeof key === 'string') : []);
};

/** Whether no key is open in all of them. */
const isClosed = ([first, ...others]: readonly DeploymentRecord[]): boolean =>
  first !== undefined && ![...first.open].some((key) => others.every(({ open }) => open.has(key)));

export type Deployed = {
  readonly records: readonly DeploymentRecord[];
  readonly shas: readonly string[];
  readonly ages: ReadonlyMap<string, number>;
  /** Of our deployments. */
  readonly ids: ReadonlySet<number>;
};

/**
 * Deployments of commits that are on main; what was deployed from elsewhere says nothing of it. From the newest commit back,
 * until every key is said to be done by one of them: then older ones say nothing more.
 */
export const deployedOn = async ({ git, github, sha }: Tip): Promise<Deployed> => {
  const shas = await git.line(sha, MOST_COMMITS);
  const ages = new Map(shas.map((one, age) => [one, age]));
  const deployments = await github.deployments();
  const known = deployments.flatMap((one) => {
    const age = ages.get(one.sha);
    return age === undefined ? [] : [{ one, age }];
  });
  const records: DeploymentRecord[] = [];
  for (const { one, age } of known.toSorted((a, b) => a.age - b.age)) {
    if (!(await github.hasSucceeded(one))) continue;
    records.push({ age, open: openKeys(one.payload) });
    if (isClosed(records)) break;
  }
  return { records, shas, ages, ids: new Set(deployments.map(({ id }) => id)) };
};

/** One call for each. */
const MOST_STATUS_READS = 100;

/**
 * Whoever may write deletes deployments, and nobody a commit status: ours name the deployment that was made with them, so
 * that one which is gone is missed. A commit without our status is one on which no apply came to its record.
 */
const lossesOf = (github: GitHub, { shas, ids }: Deployed): History['lostSince'] => {
  const lossAt = remembered(async (sha: string): Promise<string | undefined> => {
    const { texts, isWhole } = await github.statusTexts(sha, APPLY_CONTEXT);
    if (!isWhole) return `${sha.slice(0, 7)} has too many commit statuses to tell what was applied there`;
    const missing = texts.flatMap(deploymentsIn).filter((id) => !ids.has(id));
    // A run that came to its end meanwhile has made its deployment after they were listed.
    const since = new Set(missing.length === 0 ? [] : (await github.deployments()).map(({ id }) => id));
    const gone = missing.find((id) => !since.has(id));
    return gone === undefined
      ? undefined
      : `the record of what was applied at ${sha.slice(0, 7)}, deployment ${gone}, is gone`;
  });
  return async (age) => {
    if (age >= MOST_STATUS_READS) return `it was merged ${age} commits ago: too many to read what was applied since`;
    for (const sha of shas.slice(0, age + 1)) {
      const loss = await lossAt(sha);
      if (loss !== undefined) return loss;
    }
    return undefined;
  };
};

/** Each step of the walk knows one more span. */
export const walkOf = async (main: MainBranch, deployed: Deployed): Promise<HistoryWalk> => {
  const { records, shas, ages } = deployed;
  const lostSince = lossesOf(main.github, deployed);
  const touching = new Set(await main.git.touching(shas[0] ?? '', MOST_COMMITS));
  const coming = judgedSpans(main, { shas, touching });
  const spans: MainSpan[] = [];
  const ageOf = (sha: string): number => ages.get(sha) ?? Number.POSITIVE_INFINITY;
  const next = async (): Promise<History<MainSpan> | undefined> => {
    const found = spans.length < MOST_SPANS ? await coming.next() : { done: true as const, value: undefined };
    if (found.done === true || found.value === undefined) return undefined;
    spans.push(found.value);
    return { spans: [...spans], records, ageOf, depth: ageOf(found.value.base), lostSince };
  };
  return { next };
};

/** Pull requests that came to main after the last deployment that is recorded; where none is, the last one alone. */
export const recentSpans = async (
  main: MainBranch,
  { records, shas, ages }: Deployed,
): Promise<readonly MainSpan[]> => {
  const touching = new Set(await main.git.touching(shas[0] ?? '', MOST_COMMITS));
  const recorded = Math.min(...records.map(({ age }) => age));
  const found: MainSpan[] = [];
  for await (const span of judgedSpans(main, { shas, touching })) {
    if ((ages.get(span.end) ?? Number.POSITIVE_INFINITY) >= recorded) break;
    found.push(span);
    if (recorded === Number.POSITIVE_INFINITY || found.length === MOST_SPANS) break;
  }
  return found;
};

/** Nothing about a commit, a pull request or a person is asked for twice in one run. */
export const remembering = (github: GitHub): GitHub => {
  const membersOf = remembered((team: string) => remembered((login: string) => github.teamMembership(team, login)));
  return {
    ...github,
    pullsOf: remembered((sha: string) => github.pullsOf(sha)),
    reviews: remembered((number: number) => github.reviews(number)),
    authorship: remembered((number: number) => github.authorship(number)),
    baseChanges: remembered((number: number) => github.baseChanges(number)),
    canWrite: remembered((login: string) => github.canWrite(login)),
    teamMembership: (team, login) => membersOf(team)(login),
  };
};
