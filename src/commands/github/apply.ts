/** `github apply`: carries out on AWS what merged pull requests approved, and what somebody approves by hand. */
import { heldChange } from '../../model/held-text.ts';
import { writeFile } from 'node:fs/promises';
import type { Outcome } from '../../model/cloud.ts';
import type { HeldChange, Plan } from '../../model/plan.ts';
import { isRefusing } from '../../model/plan.ts';
import { UserError } from '../../model/problem.ts';
import type { Traces } from '../../model/trace.ts';
import { cover } from '../../plan/carry/cover.ts';
import type { UncoveredChange } from '../../plan/carry/cover.ts';
import { planJson } from '../../render/plan-json.ts';
import { endedTestText, endedTests } from '../../render/summary.ts';
import { problemsText } from '../../render/problems.ts';
import { applyMarkdown } from '../../render/apply-markdown.ts';
import { leftOutSentence } from '../../render/words.ts';
import { carryOut } from '../apply.ts';
import { refusesCommitted } from '../run/committed-files.ts';
import { connectCommand, declaredDestination } from '../run/connect.ts';
import type { CommandContext, ExitCode } from '../run/context.ts';
import type { Approved } from '../../approve/approved.ts';
import type { Backer } from '../../approve/asked-again.ts';
import { heldByEffect } from '../../approve/asked-again.ts';
import { ratedAlone } from '../../approve/between.ts';
import { reviewVerdict } from '../../approve/reviews.ts';
import { remembered } from '../../model/lists.ts';
import type { Key } from '../../model/resource.ts';
import { approvedChanges } from '../../approve/approved.ts';
import type { ByHandOptions } from './by-hand.ts';
import { approvedByHand, requireStarters } from './by-hand.ts';
import { filesAt, passingTreesOf, cachedTreesOf } from './commits.ts';
import { planOfOnly } from '../../approve/fingerprints.ts';
import type { KeptEnds } from '../../approve/kept-ends.ts';
import { MOST_TREES, keptEnds } from '../../approve/kept-ends.ts';
import { judgedByOlder } from './older-settings.ts';
import type { Deployed, Tip } from '../../approve/main.ts';
import { deployedOn, recentSpans, remembering, tipOfMain, walkOf } from '../../approve/main.ts';
import type { ApplyReport } from './report.ts';
import { applyPageOf, publishReport } from './report.ts';
import type { GitHubSite, SiteOptions } from './site.ts';
import { gitAt, openSite, sayCalls } from './site.ts';
import type { MainBranch, MainSpan } from '../../approve/spans.ts';
import type { RepositoryTree } from './trees.ts';
import { readRepositoryTree } from './trees.ts';
import { withFiles } from '../run/repository.ts';
import type { LivePlan } from '../run/live-plan.ts';
import { askedOfPart, endingsOf, planOn, plannedAnew, guardRefusal } from '../run/live-plan.ts';
import { tried } from '../run/tried.ts';

export type GitHubApplyOptions = SiteOptions & ByHandOptions & { readonly out?: string };

type ApplyInput = {
  readonly context: CommandContext;
  readonly site: GitHubSite;
  readonly tip: Tip;
  readonly tree: RepositoryTree;
  readonly options: GitHubApplyOptions;
};

type JudgedPlan = {
  readonly approved: Approved;
  /** What may be done, with the rest held by name. */
  readonly plan: Plan;
  /** What is held for want of an approval. */
  readonly heldPlan: Plan;
};

/** Of what nobody approved, the runs of pull requests say more. */
const heldBy = (one: UncoveredChange, { reasons }: Approved): HeldChange => {
  const { id, key, objection } = one;
  const known = objection.is === 'unapproved' ? reasons.get(key) : undefined;
  return known === undefined ? heldChange(one, objection) : { id, key, reason: known };
};

/** By hand decides for its keys; the runs of pull requests for the others. */
const judged = (made: LivePlan, approved: Approved, byHand: Plan | undefined): JudgedPlan => {
  const own = new Set(byHand?.changes.map(({ key }) => key));
  const changes = [...approved.changes.filter(({ key }) => !own.has(key)), ...(byHand?.changes ?? [])];
  const { covered, held } = cover(made.plan, planOfOnly(made.plan, changes));
  const allowed = new Set(covered);
  const told = held.map((one) => heldBy(one, approved));
  return {
    approved,
    plan: {
      ...made.plan,
      changes: made.plan.changes.filter(({ id }) => allowed.has(id)),
      held: [...made.plan.held, ...told],
    },
    heldPlan: planOfOnly(
      made.plan,
      made.plan.changes.filter(({ id }) => !allowed.has(id)),
    ),
  };
};

const refusalsOf = ({ guards, tests }: Plan): readonly string[] => [
  ...guards.filter(({ ok }) => !ok).map(({ id, message }) => `${id}: ${message}`),
  ...tests.filter(isRefusing).map(({ name, message }) => `access test ${name}: ${message ?? 'fails'}`),
];

const judgeByHand = async ({ context, site, tip, options }: ApplyInput, made: LivePlan): Promise<Plan | undefined> => {
  const byHand = await approvedByHand(options);
  if (byHand === undefined) return undefined;
  const keys = new Set(byHand.changes.map(({ key }) => key));
  const changes = made.plan.changes.filter(({ key }) => keys.has(key));
  const started = { github: site.github, branch: tip.branch };
  const asked = [...changes, ...ratedAlone(made, changes, [])];
  await requireStarters(context, started, { changes: asked, desired: made.desired, live: made.live });
  return byHand;
};

const mainOf = ({ context, site, tip, tree }: ApplyInput): MainBranch => ({
  git: tip.git,
  github: remembering(site.github),
  branch: tip.branch,
  treeAt: cachedTreesOf(tip.git, context.now),
  now: context.now,
  desired: tree.desired,
});

type OnMain = { readonly main: MainBranch; readonly deployed: Deployed };
type AppliedPlan = { readonly outcomes: readonly Outcome[]; readonly judged: JudgedPlan };

/** Guards are asked again of what is to be written: what they saw in the whole plan may be held. */
const done = async (scene: ApplyInput, made: LivePlan, found: JudgedPlan): Promise<AppliedPlan> => {
  const allowed = askedOfPart({ ...made, plan: found.plan });
  const judged = { ...found, plan: allowed.plan };
  const going = guardRefusal(allowed.plan) ? endingsOf(allowed) : allowed;
  if (going.plan.changes.length === 0) return { outcomes: [], judged };
  return { outcomes: await carryOut(scene.context, going), judged };
};

/** What was not even tried, because somebody stopped the run, is held as far as the record goes. */
const untried = ({ outcomes, judged: { plan } }: AppliedPlan): readonly HeldChange[] => {
  const tried = new Set(outcomes.map(({ id }) => id));
  return plan.changes.filter(({ id }) => !tried.has(id)).map((one) => heldChange(one, { is: 'stopped-run' }));
};

const spansToTell = (recent: readonly MainSpan[], others: readonly MainSpan[]): readonly MainSpan[] => [
  ...new Map([...recent, ...others].map((span) => [span.end, span])).values(),
];

const exitOf = (report: ApplyReport, took: unknown): ExitCode => {
  const { failed, held, refusals } = report.page;
  if (failed.length > 0 || !took) return 1;
  return held.length + refusals.length > 0 ? 3 : 0;
};

/** The outcome is reported whether or not CloudTrail answers. */
const tracesOf = async ({ cloud }: LivePlan, { changes }: Plan): Promise<Traces> => {
  try {
    return await cloud.traces(changes);
  } catch {
    return { found: {}, unread: [] };
  }
};

/** What a pull request took out of the settings judges its own changes. */
const judgedBySpans = async (
  { context: { now } }: ApplyInput,
  made: LivePlan,
  { main, spans }: { readonly main: MainBranch; readonly spans: readonly MainSpan[] },
): Promise<LivePlan> => {
  const trees = await Promise.all(spans.map(({ base }) => main.treeAt(base)));
  const olders = trees.flatMap((tree) => tree?.desired ?? []);
  const { desired, live } = made;
  return { ...made, plan: judgedByOlder(made.plan, { desired, live, now }, olders) };
};

const backerOf = async ({ git, github, treeAt }: MainBranch, span: MainSpan): Promise<Backer | undefined> => {
  const { pull } = span;
  const [base, end] = [await treeAt(span.base), await treeAt(span.end)];
  if (pull === undefined || base === undefined || end === undefined) return undefined;
  return {
    name: span.name,
    base: base.desired,
    end: end.desired,
    paths: await git.changedPaths(span.base, span.end),
    verdict: (needed) => reviewVerdict(github, pull, needed),
  };
};

/** Without the changes whose reviews do not meet the requirements on AWS as it is now. */
const askedAgain = async (
  made: LivePlan,
  approved: Approved,
  { main, byHand }: { readonly main: MainBranch; readonly byHand: Plan | undefined },
): Promise<JudgedPlan> => {
  const backed = remembered((span: MainSpan) => backerOf(main, span));
  const behind = new Map<Key, readonly Backer[]>();
  const own = new Set(byHand?.changes.map(({ key }) => key));
  for (const [key, spans] of approved.spans) {
    const backers = (await Promise.all(spans.map(backed))).filter((one) => one !== undefined);
    if (!own.has(key)) behind.set(key, backers);
  }
  const without = (held: ReadonlyMap<Key, string>): JudgedPlan =>
    judged(
      made,
      {
        ...approved,
        changes: approved.changes.filter(({ key }) => !held.has(key)),
        reasons: new Map([...approved.reasons, ...held]),
      },
      byHand,
    );
  const ground = { plan: made.plan, desired: made.desired, live: made.live, now: main.now };
  return without(await heldByEffect(ground, behind, (held) => without(held).plan.changes));
};

const endsOf = async (
  { context: { now }, tip }: ApplyInput,
  made: LivePlan,
  { main, deployed }: OnMain,
): Promise<KeptEnds> =>
  keptEnds({
    main,
    desired: made.desired,
    live: made.live,
    shas: deployed.shas,
    touching: await tip.git.touching(tip.sha, MOST_TREES + 1),
    treeAt: passingTreesOf(tip.git, now),
  });

const endsNote = `Ends that were moved before the newest ${MOST_TREES} changes of the files were not looked at.`;

const applied = async (scene: ApplyInput, read: LivePlan): Promise<ExitCode> => {
  const { context, site, tip, options } = scene;
  const [main, deployed] = [mainOf(scene), await deployedOn(tip)];
  const ends = await endsOf(scene, read, { main, deployed });
  const planned = ends.desired === read.desired ? read : plannedAnew(read, ends.desired, context.now);
  const byHand = await judgeByHand(scene, planned);
  const { isOver, isDropped } = ends;
  const today = { ...planned, now: context.now, treeAt: main.treeAt, isOver, isDropped };
  const approved = await approvedChanges(today, await walkOf(main, deployed));
  const spans = spansToTell(await recentSpans(main, deployed), [...[...approved.spans.values()].flat(), ...ends.spans]);
  const made = await judgedBySpans(scene, planned, { main, spans });
  const result = await done(scene, made, await askedAgain(made, approved, { main, byHand }));
  const { heldPlan, plan } = result.judged;
  const { out } = options;
  const kept =
    out === undefined ||
    (await tried(context, `${out}, the plan of what is held`, () => writeFile(out, planJson(heldPlan))));
  const refusals = refusalsOf(plan);
  const held = [...plan.held, ...ends.held, ...(refusals.length > 0 ? [] : untried(result))];
  const leftOut = leftOutSentence(made.plan);
  const page = {
    ...applyPageOf(tip, {
      told: made.plan,
      outcomes: result.outcomes,
      held,
      heldPlan,
      traces: await tracesOf(made, heldPlan),
    }),
    refusals,
    broken: endedTests(made.plan).map(endedTestText),
    ...(leftOut === undefined ? {} : { leftOut }),
    ...(ends.isWhole ? {} : { notes: [endsNote] }),
    ...(site.url === undefined ? {} : { link: site.url }),
  };
  const report: ApplyReport = { tip, deployed, page, spans, notBegun: made.desired.notBegun };
  context.out(applyMarkdown(page));
  const took = await publishReport(context, site, report);
  sayCalls(context, site);
  return exitOf(report, took && kept);
};

const onMain = async (
  context: CommandContext,
  { site, tip }: Pick<ApplyInput, 'site' | 'tip'>,
  options: GitHubApplyOptions,
): Promise<ExitCode> => {
  const { problems, tree } = await readRepositoryTree(withFiles(context, await filesAt(tip.git, tip.sha)));
  if (tree === undefined) {
    context.err(problemsText(problems, context.paint));
    return 1;
  }
  const connection = await connectCommand(context, tree.desired);
  context.err(`About to write to ${await declaredDestination(connection, tree.desired)}`);
  const made = await planOn(tree.context, { connection, desired: tree.desired });
  await connection.save();
  return applied({ context, site, tip, tree, options }, made);
};

export const githubApplyCommand = async (context: CommandContext, options: GitHubApplyOptions): Promise<ExitCode> => {
  if (context.options.nowIsGiven && context.options.sandbox === undefined)
    throw new UserError('apply takes --now only together with --sandbox: AWS is written to today');
  const site = await openSite(context, options);
  const tip = await tipOfMain(gitAt(context, context.options.dir), site.github);
  if (tip === undefined) {
    context.err('main has moved on since this checkout was made: the run for its newest commit applies it');
    return 0;
  }
  if (await refusesCommitted(context, tip.git, tip.sha)) return 1;
  return onMain(context, { site, tip }, options);
};
