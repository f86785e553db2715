/** `github drift`: main against AWS, told in one issue. Writes nothing to AWS. */
import { writeFile } from 'node:fs/promises';
import { runTests } from '../../evaluate/access-test.ts';
import type { Git } from '../../model/git.ts';
import { MARKER_ROOM } from '../../github/sticky.ts';
import { putDriftIssue } from '../../github/drift-issue.ts';
import type { Plan, TestResult } from '../../model/plan.ts';
import { isEmpty } from '../../model/plan.ts';
import { driftIssueMarkdown, driftTitle } from '../../render/drift-issue.ts';
import type { DriftItem, DriftPage } from '../../render/drift-issue.ts';
import { GITHUB_LIMIT } from '../../render/plan-markdown.ts';
import { planJson } from '../../render/plan-json.ts';
import type { Key } from '../../model/resource.ts';
import { testFailureText } from '../../render/tests.ts';
import { terminal } from '../../render/untrusted.ts';
import { declaredDestination } from '../run/connect.ts';
import type { CommandContext, ExitCode } from '../run/context.ts';
import { withoutDoubtfulMembers } from '../../import/adopt/editing.ts';
import { tryAdopt } from '../run/adopt-many.ts';
import { refusesCommitted } from '../run/committed-files.ts';
import { keepRecord } from '../run/keep-record.ts';
import { adoptDrift } from './drift-adopt.ts';
import { proposeStages } from './drift-stages.ts';
import { coOwnedIn } from '../../approve/co-owners.ts';
import { itemsOf } from '../../approve/fingerprints.ts';
import { isGit, withCommitted } from './head.ts';
import { keepReport } from './report-artifact.ts';
import type { KeptReport } from './report-artifact.ts';
import type { GitHubSite, SiteOptions } from './site.ts';
import { SUMMARY_PAGE, gitAt, inFolder, openSite, sayCalls, writeSummary } from './site.ts';
import type { LivePlan } from '../run/live-plan.ts';
import { driftOf, planLive } from '../run/live-plan.ts';
import { reportOfLive } from '../run/report-input.ts';
import { repositoryFiles } from '../run/repository.ts';
import { liveWorld, testContext } from '../../questions/worlds.ts';
import { readDeclared } from '../run/declared.ts';
import { tried } from '../run/tried.ts';
import { byDanger } from '../../model/risk.ts';

export type GitHubDriftOptions = SiteOptions & {
  readonly out?: string;
  readonly adopt?: boolean;
  /** The file for the record of the reading. */
  readonly keepReading?: string;
  /** The folder for the report page. */
  readonly report?: string;
};

type MainCheckout = { readonly context: CommandContext; readonly site: GitHubSite; readonly git: Git };

const reportOfMain = async (
  { context, site, git }: MainCheckout,
  made: LivePlan,
  { report }: GitHubDriftOptions,
): Promise<KeptReport> =>
  keepReport(
    {
      context,
      site,
      commit: (await git.commit('HEAD')) ?? 'main',
      make: async () => {
        const declared = await readDeclared(context);
        return declared === undefined ? undefined : reportOfLive(context, declared, made);
      },
    },
    report,
  );

/** The access tests, asked of what AWS has. */
const brokenPromises = async (context: CommandContext, { live }: LivePlan): Promise<readonly TestResult[]> => {
  const declared = await readDeclared(context);
  if (declared === undefined) return [];
  const results = await runTests(declared.tests, testContext(context, declared, liveWorld(live, declared.desired)));
  return results
    .filter(({ ok }) => !ok)
    .map((result) => ({ name: result.name, ok: false, message: testFailureText(result) }));
};

const without = (plan: Plan, things: DriftPage['coOwned']): Plan => {
  const keys = new Set(things.map(({ key }) => key));
  return { ...plan, unmanaged: plan.unmanaged.filter(({ key }) => !keys.has(key)) };
};

/** Each is edits of its own, tried on all files: more would take longer than the drift itself. */
const mostEdits = 25;

type TriedAdoption = Pick<DriftItem, 'edits' | 'refused'>;

/** Drift is reported even if an edit fails: the page then shows the command instead of a diff. */
const editsFor = async (context: CommandContext, { live, desired }: LivePlan, key: Key): Promise<TriedAdoption> => {
  const files = await repositoryFiles(context);
  try {
    const made = await tryAdopt(context, { files, live: withoutDoubtfulMembers(live, desired, [key]) }, [key]);
    if (typeof made === 'string') return { refused: made };
    const before = new Map(files.files.map(({ path, text }) => [path, text]));
    return { edits: made.files.map((file) => ({ ...file, before: before.get(file.path) })) };
  } catch (error) {
    context.err(`${terminal(key)} was not edited: ${error instanceof Error ? terminal(error.message) : ''}`);
    return {};
  }
};

/** The items, the most dangerous first, with the edits that would adopt them. */
const withEdits = async (context: CommandContext, made: LivePlan): Promise<readonly DriftItem[]> => {
  const items = itemsOf(made.plan).toSorted((a, b) => byDanger(a.change, b.change));
  const told: DriftItem[] = [];
  for (const item of items) {
    const isTried = told.length < mostEdits && item.change.temporary !== true;
    told.push({ ...item, ...(isTried ? await editsFor(context, made, item.change.key) : {}) });
  }
  return told;
};

const pageOf = async (
  { context, site: { url } }: MainCheckout,
  made: LivePlan,
  report: string | undefined,
): Promise<DriftPage> => {
  const coOwned = coOwnedIn(made.plan.unmanaged, made.live.state);
  return {
    plan: without(made.plan, coOwned),
    items: await withEdits(context, made),
    traces: await made.cloud.traces(made.plan.changes),
    broken: await brokenPromises(context, made),
    coOwned,
    checkedAt: context.now,
    gatehouse: context.own.command,
    ...(url === undefined ? {} : { link: url }),
    ...(report === undefined ? {} : { report }),
  };
};

const labelsOf = ({ plan, broken }: DriftPage): readonly string[] => [
  ...new Set(plan.changes.map(({ risk }) => `risk: ${risk}`)),
  ...(broken.length > 0 ? ['broken promise'] : []),
];

/** Without it the next plans read whole: no reason to call this look for drift a failure. */
const keepReadingIn = async (context: CommandContext, { cloud }: LivePlan, file: string | undefined): Promise<void> => {
  if (file !== undefined) await tried(context, file, () => keepRecord(context, cloud, file));
};

const told = async (main: MainCheckout, options: GitHubDriftOptions): Promise<ExitCode> => {
  const { context, site, git } = main;
  const { keepReading } = options;
  const made = await planLive(context, keepReading === undefined ? {} : { keeps: 'a record' });
  if (made === undefined) return 1;
  context.err(`Read ${await declaredDestination(made.connection, made.desired)}`);
  const drift = driftOf(made);
  const reported = await reportOfMain(main, made, options);
  const page = await pageOf(main, { ...made, plan: drift }, reported.link);
  await made.connection.save();
  const { out } = options;
  const kept = out === undefined || (await tried(context, out, () => writeFile(out, planJson(made.plan))));
  await keepReadingIn(context, made, keepReading);
  const drifts = !isEmpty(made.plan) || page.broken.length > 0;
  const summary = driftIssueMarkdown({ ...page, limit: SUMMARY_PAGE });
  const summed = await tried(context, 'the page of the run', () => writeSummary(context, summary));
  const body = driftIssueMarkdown({ ...page, limit: GITHUB_LIMIT - MARKER_ROOM });
  context.out(context.options.format === 'json' ? planJson(drift) : body);
  const text = { title: driftTitle(page), body, labels: labelsOf(page) };
  const issue = await putDriftIssue(site.github, { ...text, drifts: drifts ? 'drift' : 'no drift' });
  if (options.adopt === true) {
    for (const line of await adoptDrift(context, made, { site, git, traces: page.traces, issue })) context.err(line);
    for (const line of await proposeStages(context, made, { site, git })) context.err(terminal(line));
  }
  sayCalls(context, site);
  if (!kept || !summed || !reported.ok) return 1;
  return drifts ? 2 : 0;
};

/** 0 no drift, 2 drift, 1 the files have errors. */
export const githubDriftCommand = async (context: CommandContext, options: GitHubDriftOptions): Promise<ExitCode> => {
  const site = await openSite(context, options);
  const { dir } = context.options;
  if ((await isGit(context, dir)) && (await refusesCommitted(context, gitAt(context, dir), 'HEAD'))) return 1;
  return withCommitted(context, dir, (files) =>
    told({ context: inFolder(context, files), site, git: gitAt(context, dir) }, options),
  );
};
