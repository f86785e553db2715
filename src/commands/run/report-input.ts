/** What a report is made of: the files, what AWS has, or the two sides of a plan. */
import { runTests } from '../../evaluate/access-test.ts';
import type { AccessTestResult } from '../../evaluate/access-test.ts';
import { loadActionCatalogue } from '../../evaluate/action-catalogue.ts';
import { loadCatalogue } from '../../evaluate/catalogue.ts';
import type { AccessWorld } from '../../evaluate/policies-of.ts';
import type { Change, Plan, TestResult } from '../../model/plan.ts';
import { afterOf, beforeOf } from '../../model/plan.ts';
import { UserError } from '../../model/problem.ts';
import type { State } from '../../model/resource.ts';
import { project } from '../../plan/situation/project.ts';
import { situationOf } from '../../plan/situation/situation.ts';
import type { DeclaredWorld } from '../../questions/worlds.ts';
import { liveWorld, testContext } from '../../questions/worlds.ts';
import { testFailureText } from '../../render/tests.ts';
import type { ReportTest } from '../../report/report.ts';
import type { ReportInput } from '../../report/sides.ts';
import { planIn } from '../plan.ts';
import type { CommandContext } from './context.ts';
import { readDeclared } from './declared.ts';
import { driftOf, planLive } from './live-plan.ts';
import type { LivePlan } from './live-plan.ts';

export type ReportSource = {
  readonly live: boolean;
  /** The file of a plan; true: what would be planned now. */
  readonly plan?: string | true;
};

type Common = Pick<ReportInput, 'desired' | 'organization' | 'knowledge' | 'now' | 'notes' | 'origins'>;

const commonOf = (context: CommandContext, { desired }: DeclaredWorld, notes: readonly string[]): Common => ({
  desired,
  origins: desired.origins,
  organization: desired.settings.organization,
  knowledge: { actions: loadActionCatalogue(), policies: loadCatalogue() },
  now: context.now,
  notes,
});

const testOf = (result: AccessTestResult, day: string | undefined): ReportTest => ({
  name: result.name,
  ok: result.ok,
  at: `${result.place.file}:${result.place.line}`,
  ...(day === undefined ? {} : { day }),
  ...(result.ok ? {} : { message: testFailureText(result) }),
});

const testsOn = async (
  context: CommandContext,
  declared: DeclaredWorld,
  world: AccessWorld,
): Promise<readonly ReportTest[]> => {
  const results = await runTests(declared.tests, testContext(context, declared, world));
  return results.map((result, index) => testOf(result, declared.tests[index]?.at));
};

/** A plan says how they go; where they are written the files say. */
const testsOfPlan = ({ tests }: DeclaredWorld, told: readonly TestResult[]): readonly ReportTest[] => {
  const written = new Map(tests.map((test) => [test.name, test] as const));
  return told.map(({ name, ok, message }) => {
    const test = written.get(name);
    return {
      name,
      ok,
      ...(test === undefined ? {} : { at: `${test.place.file}:${test.place.line}` }),
      ...(test?.at === undefined ? {} : { day: test.at }),
      ...(message === undefined ? {} : { message }),
    };
  });
};

const unreadNotes = ({ unread }: Plan): readonly string[] =>
  unread.map(({ scope, reason }) => `Not read: ${scope} (${reason}). What it has is not on this page.`);

export const reportOfLive = async (
  context: CommandContext,
  declared: DeclaredWorld,
  made: LivePlan,
): Promise<ReportInput> => {
  const { live } = made;
  const plan = driftOf(made);
  const world = liveWorld(live, declared.desired);
  return {
    ...commonOf(context, declared, [...unreadNotes(plan), ...live.notes]),
    subject: 'live',
    state: live.state,
    origins: world.origins,
    organization: live.organization,
    tests: await testsOn(context, declared, world),
    plan,
  };
};

type PlanOnLive = Pick<LivePlan, 'live' | 'plan'>;

export const reportOfPlan = (
  context: CommandContext,
  declared: DeclaredWorld,
  { live, plan }: PlanOnLive,
): ReportInput => {
  const before = situationOf(declared.desired, live).current;
  return {
    ...commonOf(context, declared, unreadNotes(plan)),
    subject: 'plan',
    state: project(before, plan.changes),
    before,
    tests: testsOfPlan(declared, plan.tests),
    plan,
  };
};

/** What the plan began with, told by its own changes. */
const undone = (state: State, changes: readonly Change[]): State => {
  const before = new Map(Object.entries(state));
  for (const change of changes) {
    const was = beforeOf(change);
    if (was === undefined) before.delete(change.key);
    else before.set(change.key, was);
  }
  return Object.fromEntries(before);
};

/** The files say the rest, which the plan does not hold: AWS is not read. */
const ofPlanFile = async (context: CommandContext, declared: DeclaredWorld, file: string): Promise<ReportInput> => {
  const plan = await planIn(file, 'shown');
  if (plan.organization !== declared.desired.settings.organization)
    throw new UserError(
      `${file} is a plan of ${plan.organization}; the files are those of ${declared.desired.settings.organization}`,
    );
  const done = Object.fromEntries(plan.changes.flatMap((change) => [[change.key, afterOf(change)] as const]));
  const state = Object.fromEntries(
    Object.entries({ ...declared.desired.state, ...done }).flatMap(([key, one]) =>
      one === undefined ? [] : [[key, one] as const],
    ),
  );
  const note = 'What the plan does not change is as the files say; AWS was not read for this page.';
  return {
    ...commonOf(context, declared, [note, ...unreadNotes(plan)]),
    subject: 'plan',
    state,
    before: undone(state, plan.changes),
    tests: testsOfPlan(declared, plan.tests),
    plan,
  };
};

const fromAws = async (
  context: CommandContext,
  declared: DeclaredWorld,
  make: (context: CommandContext, declared: DeclaredWorld, made: LivePlan) => ReportInput | Promise<ReportInput>,
): Promise<ReportInput | undefined> => {
  const made = await planLive(context);
  if (made === undefined) return undefined;
  await made.connection.save();
  return make(context, declared, made);
};

/** Nothing when the files have errors, which were printed. */
export const reportInput = async (
  context: CommandContext,
  { live, plan }: ReportSource,
): Promise<ReportInput | undefined> => {
  if (live && plan !== undefined) throw new UserError('--live and --plan are two reports: ask for one');
  const declared = await readDeclared(context);
  if (declared === undefined) return undefined;
  if (typeof plan === 'string') return ofPlanFile(context, declared, plan);
  if (plan === true) return fromAws(context, declared, reportOfPlan);
  if (live) return fromAws(context, declared, reportOfLive);
  const world = declared.worldAt(undefined);
  return {
    ...commonOf(context, declared, []),
    subject: 'desired',
    state: declared.desired.state,
    tests: await testsOn(context, declared, world),
  };
};
