/** `github plan`: what a pull request would do, said on it. The head is data: nothing of it runs. */
import { writeFile } from 'node:fs/promises';
import { publishCheck } from '../../github/check.ts';
import type { PullRequest } from '../../model/github.ts';
import { MARKER_ROOM, putComment } from '../../github/sticky.ts';
import type { Live } from '../../model/cloud.ts';
import type { Plan } from '../../model/plan.ts';
import type { Problem } from '../../model/problem.ts';
import type { RecordOffer } from '../../model/record.ts';
import { planJson } from '../../render/plan-json.ts';
import { GITHUB_LIMIT } from '../../render/plan-markdown.ts';
import { problemsText } from '../../render/problems.ts';
import { offlineMarkdown, problemsMarkdown, pullRequestMarkdown } from '../../render/pull-request.ts';
import { connectCommand, declaredDestination } from '../run/connect.ts';
import type { CommandContext, ExitCode } from '../run/context.ts';
import { checkPlace, planCheck, problemsCheck } from './check.ts';
import { withCommitted, withHead } from './head.ts';
import type { MergedHead } from './head.ts';
import { judgedByOlder } from './older-settings.ts';
import { ratedWith } from '../../approve/between.ts';
import { releasedNotes, releasedPolicies } from '../../approve/released.ts';
import { mattersOf } from '../../approve/matters.ts';
import type { Matter } from '../../approve/matters.ts';
import type { Proposal } from '../../approve/proposal.ts';
import { proposalOf, saidTexts } from '../../approve/proposal.ts';
import { requirementText, requirementsOf } from '../../approve/requirements.ts';
import { offeredRecord } from './kept-record.ts';
import { keepReport } from './report-artifact.ts';
import type { KeptReport } from './report-artifact.ts';
import { sinceApprovals } from './since-approval.ts';
import type { GitHubSite, SiteOptions } from './site.ts';
import { SUMMARY_PAGE, inFolder, isFork, openSite, sayCalls, writeSummary } from './site.ts';
import type { RepositoryTree } from './trees.ts';
import { baseTestsOnHead, failingTests, readRepositoryTree } from './trees.ts';
import { touchedBetween } from './touched.ts';
import { cloudOf, plannedFor, guardRefusal } from '../run/live-plan.ts';
import { readDeclared } from '../run/declared.ts';
import { reportOfPlan } from '../run/report-input.ts';
import { planTests } from '../run/plan-tests.ts';
import { tried } from '../run/tried.ts';

export type GitHubPlanOptions = SiteOptions & {
  readonly pr: number;
  /** The trusted checkout; the tool that runs is built from it. */
  readonly base: string;
  readonly out?: string;
  /** The folder for the report page. */
  readonly report?: string;
  /** Takes nothing from the record of the drift run. */
  readonly wholeRead?: boolean;
};

type PullPlanInput = {
  readonly context: CommandContext;
  readonly site: GitHubSite;
  readonly pull: PullRequest;
  /** The checkout of the base. */
  readonly base: string;
  readonly notes: readonly string[];
  readonly wholeRead?: boolean | undefined;
};

type BaseAndHead = { readonly base: RepositoryTree; readonly head: RepositoryTree };

type LiveQuestion = Pick<PageQuestion, 'context' | 'recordAt'>;

const liveSides = async ({ context, recordAt }: LiveQuestion, { base, head }: BaseAndHead) => {
  const connection = await connectCommand(base.context, base.desired);
  context.err(`Reading ${await declaredDestination(connection, base.desired)}`);
  const released = releasedPolicies(base.desired, head.desired);
  const cloud = cloudOf(connection, {
    ...head.desired,
    resources: [...(head.desired.resources ?? []), ...released],
  });
  const record = await recordAt?.((connection.wall ?? connection.clock.now)());
  const live = await (record === undefined
    ? cloud.read()
    : cloud.readSince(record, touchedBetween(base.desired, head.desired)));
  await connection.save();
  return { live, released };
};

const planOfBoth = async (
  question: LiveQuestion,
  trees: BaseAndHead,
): Promise<{ readonly plan: Plan; readonly live: Live; readonly dropped: readonly string[] }> => {
  const { base, head } = trees;
  const { context } = question;
  const { live, released } = await liveSides(question, trees);
  const desired = ratedWith(head.desired, base.desired);
  const judged = judgedByOlder(plannedFor(desired, live, context.now), { desired, live, now: context.now }, [
    base.desired,
  ]);
  const { broken, dropped } = await baseTestsOnHead(base, head);
  const tests = await planTests(head.context, live, base.context);
  const failing = new Set(tests.filter(({ ok }) => !ok).map(({ name }) => name));
  const more = broken
    .filter(({ name }) => !failing.has(name))
    .map((test) => ({ ...test, name: `${test.name} (as the base has it)` }));
  const notes = [...judged.notes, ...releasedNotes(released, live)];
  return { plan: { ...judged, notes, tests: [...tests, ...more] }, live, dropped };
};

const droppedText = (name: string): string =>
  `access test "${name}", as the base has it, does not hold on the head, which changes or removes it`;

type PullPage = Parameters<typeof pullRequestMarkdown>[0];
type PlannedPull = PullPage & { readonly paths: readonly string[]; readonly live: Live };

/** Of the plan as it is printed, where AWS may not be yet what the base asks for. */
const ownMatters = ({ plan: { changes }, scenery }: Proposal, plan: Plan): readonly Matter[] => {
  const keys = new Set(changes.map(({ key }) => key));
  return mattersOf(scenery)({ changes: plan.changes.filter(({ key }) => keys.has(key)), access: [] });
};

/** `paths`: what the pull request touches. */
type PageQuestion = Pick<PullPlanInput, 'context' | 'notes'> & {
  readonly paths: readonly string[];
  /** What may be taken from an earlier reading, at a moment; without it AWS is read whole. */
  readonly recordAt?: (now: number) => Promise<RecordOffer>;
};

/** The page of any two trees, wherever they come from. */
export const pageOfTrees = async (question: PageQuestion, trees: BaseAndHead): Promise<PlannedPull> => {
  const { context, notes, paths } = question;
  const { base, head } = trees;
  const { plan, live, dropped } = await planOfBoth(question, trees);
  const proposal = proposalOf(trees, { paths, now: context.now, live });
  const keys = new Set(proposal.plan.changes.map(({ key }) => key));
  const own = ownMatters(proposal, plan);
  const needed = requirementsOf({ ...proposal, matters: [...proposal.matters, ...own] }, [base.desired, head.desired]);
  const { dates } = proposal;
  return {
    plan: { ...plan, ...(dates.length === 0 ? {} : { dates }) },
    ...saidTexts(proposal.said),
    approvals: needed.map(requirementText),
    others: plan.changes.map(({ key }) => key).filter((key) => !keys.has(key)),
    notes: [...notes, ...dropped.map(droppedText)],
    since: [],
    paths,
    live,
  };
};

const pageOf = async (input: PullPlanInput, trees: BaseAndHead): Promise<PlannedPull> => {
  const { context, site, pull, notes, wholeRead } = input;
  const paths = await site.github.pullFiles(pull.number);
  const record = wholeRead ? {} : { recordAt: (now: number) => offeredRecord(site.github, now) };
  return {
    ...(await pageOfTrees({ context, notes, paths, ...record }, trees)),
    since: await sinceApprovals(input),
    ...(site.url === undefined ? {} : { link: site.url }),
  };
};

/** Comment, check, page of the run and file; the file first, so that it is there whatever GitHub answers. */
const publish = async (
  { context, site, pull }: PullPlanInput,
  page: PlannedPull,
  { out }: GitHubPlanOptions,
): Promise<boolean> => {
  const kept = out === undefined || (await tried(context, out, () => writeFile(out, planJson(page.plan))));
  const summary = pullRequestMarkdown({ ...page, limit: SUMMARY_PAGE });
  const summed = await tried(context, 'the page of the run', () => writeSummary(context, summary));
  const body = pullRequestMarkdown({ ...page, limit: GITHUB_LIMIT - MARKER_ROOM });
  context.out(context.options.format === 'json' ? planJson(page.plan) : body);
  await putComment(site.github, pull.number, { purpose: 'plan', body });
  await publishCheck(site.github, { ...planCheck(page.plan, body, page.paths), ...checkPlace('plan', site, pull) });
  return kept && summed;
};

type ReportedPull = { readonly page: PlannedPull; readonly head: CommandContext };

const reported = (
  { context, site, pull }: PullPlanInput,
  { page: { plan, live }, head }: ReportedPull,
  { report }: GitHubPlanOptions,
): Promise<KeptReport> =>
  keepReport(
    {
      context,
      site,
      commit: pull.headSha,
      make: async () => {
        const declared = await readDeclared(head);
        return declared === undefined ? undefined : reportOfPlan(head, declared, { plan, live });
      },
    },
    report,
  );

/** No plan: why, in Markdown of ours, and what is wrong in the files. */
const publishNoPlan = async (
  { context, site, pull }: PullPlanInput,
  lead: string,
  problems: readonly Problem[],
): Promise<ExitCode> => {
  context.err(problems.length > 0 ? problemsText(problems, context.paint) : lead);
  const body = problemsMarkdown(lead, problems, { limit: GITHUB_LIMIT - MARKER_ROOM });
  await writeSummary(context, body);
  await putComment(site.github, pull.number, { purpose: 'plan', body });
  await publishCheck(site.github, { ...problemsCheck(body, problems), ...checkPlace('plan', site, pull) });
  return 1;
};

/** A fork gets neither AWS nor a token that writes: its files are validated and tested, and the run's page says so. */
const offline = async (context: CommandContext, headContext: CommandContext, why: string): Promise<ExitCode> => {
  const { problems, tree } = await readRepositoryTree(headContext);
  const failing = tree === undefined ? [] : await failingTests(tree);
  const lead = `${why} The files were validated and the access tests run; AWS was not asked.`;
  const text = offlineMarkdown(lead, problems, failing);
  context.out(text);
  await writeSummary(context, text);
  if (tree === undefined) return 1;
  return failing.length > 0 ? 3 : 0;
};

type PlannedHead = Exclude<MergedHead, 'conflict'>;

const planned = async (
  scene: PullPlanInput,
  { dir, committed }: PlannedHead,
  options: GitHubPlanOptions,
): Promise<ExitCode> => {
  const { context } = scene;
  const head = inFolder(context, dir);
  if (committed.length > 0)
    return publishNoPlan(scene, '**There is no plan: the pull request commits what only tools make.**', committed);
  const [base, ahead] = await Promise.all([
    readRepositoryTree(inFolder(context, options.base)),
    readRepositoryTree(head),
  ]);
  if (ahead.tree === undefined)
    return publishNoPlan(scene, '**The files have errors, so there is no plan.**', ahead.problems);
  if (base.tree === undefined)
    return offline(context, head, 'The files of the base have errors: nothing says which AWS may be asked.');
  const page = await pageOf(scene, { base: base.tree, head: ahead.tree });
  const kept = await reported(scene, { page, head }, options);
  const published = await publish(
    scene,
    { ...page, ...(kept.link === undefined ? {} : { report: kept.link }) },
    options,
  );
  if (!published || !kept.ok) return 1;
  return guardRefusal(page.plan) ? 3 : 0;
};

const conflictText = '**There is no plan: the pull request conflicts with its base.** Merge the base into it first.';

export const githubPlanCommand = async (context: CommandContext, options: GitHubPlanOptions): Promise<ExitCode> => {
  const site = await openSite(context, options);
  const pull = await site.github.pull(options.pr);
  if (isFork(site, pull))
    return offline(context, inFolder(context, context.options.dir), 'This pull request comes from a fork.');
  const exit = await withHead(context, { pull, base: options.base }, (head) => {
    const input = { context, site, pull, base: options.base, wholeRead: options.wholeRead };
    if (head === 'conflict') return publishNoPlan({ ...input, notes: [] }, conflictText, []);
    return withCommitted(context, options.base, (base) =>
      planned({ ...input, notes: head.notes }, head, { ...options, base }),
    );
  });
  sayCalls(context, site);
  return exit;
};
