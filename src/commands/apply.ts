import { heldChange } from '../model/held-text.ts';
import type { Outcome } from '../model/cloud.ts';
import type { HeldChange, Plan } from '../model/plan.ts';
import { isEmpty } from '../model/plan.ts';
import { UserError } from '../model/problem.ts';
import { beyondShare } from '../plan/carry/budget-share.ts';
import { cover } from '../plan/carry/cover.ts';
import { onlyInAccounts, unfinishedRails } from '../plan/carry/shards.ts';
import { leftOutSentence } from '../render/words.ts';
import { outcomesText } from '../render/outcomes.ts';
import { declaredDestination } from './run/connect.ts';
import type { CommandContext, ExitCode } from './run/context.ts';
import { styleOf } from './run/context.ts';
import { openJournal } from './run/journal.ts';
import type { LivePlan } from './run/live-plan.ts';
import { askedOfPart, endingsOf, planLive, guardRefusal } from './run/live-plan.ts';
import { isPart } from './run/part.ts';
import type { PartOptions } from './run/part.ts';
import { planIn, printPlan } from './plan.ts';
import { showProgress } from './run/progress.ts';
import type { ProgressEvents } from './run/progress.ts';
import { tried } from './run/tried.ts';
import { walkPlan } from './run/walk.ts';
import { dayOf } from '../model/days.ts';

type ApplyOptions = PartOptions & {
  readonly approved?: string;
  readonly yes: boolean;
  readonly detailedExitcode?: boolean;
};

/** The plan with only what was approved; the rest is held by name. */
export const coveredPart = (plan: Plan, approved: Plan): Plan => {
  const { covered, held: uncovered } = cover(plan, approved);
  const held = uncovered.map((one) => heldChange(one, one.objection));
  const allowed = new Set(covered);
  return { ...plan, changes: plan.changes.filter(({ id }) => allowed.has(id)), held: [...plan.held, ...held] };
};

const heldOutcome = ({ id, key, reason }: HeldChange): Outcome => ({ id, key, status: 'held', reason });

const walked = async (
  context: CommandContext,
  made: LivePlan,
  progress: ProgressEvents,
): Promise<readonly Outcome[]> => {
  const { plan, cloud } = made;
  const journal = openJournal(context, {
    fingerprint: plan.fingerprint,
    organization: plan.organization,
  });
  const events = {
    started: (change: Plan['changes'][number]) => {
      journal.started(change);
      progress.started(change);
    },
    settled: (change: Plan['changes'][number], outcome: Outcome) => {
      journal.settled(change, outcome);
      progress.settled(change, outcome);
    },
  };
  try {
    const outcomes = await walkPlan(plan, { cloud, events, interrupt: context.interrupt });
    return [...outcomes.values(), ...plan.held.map(heldOutcome)];
  } finally {
    await progress.finish();
    await journal.close();
  }
};

/** A local AWS that cannot be saved keeps its old state for the next command, so every change counts as failed. */
const unsaved = (outcomes: readonly Outcome[]): readonly Outcome[] =>
  outcomes.map((one) =>
    one.status === 'done' ? { ...one, status: 'failed', reason: 'done, but the local AWS could not be saved' } : one,
  );

/** Writes the plan to AWS, with progress on stderr and a journal in .gatehouse/. */
export const carryOut = async (
  context: CommandContext,
  made: LivePlan,
  progress = showProgress(context, made.plan),
): Promise<readonly Outcome[]> => {
  const { place, save } = made.connection;
  try {
    const outcomes = await walked(context, made, progress);
    return (await tried(context, `${place} could not be saved`, save)) ? outcomes : unsaved(outcomes);
  } catch (error) {
    await tried(context, `${place} could not be saved`, save);
    throw error;
  }
};

const exitOf = (plan: Plan, outcomes: readonly Outcome[]): ExitCode => {
  if (outcomes.some(({ status }) => status === 'failed')) return 1;
  const left = plan.changes.length + plan.held.length - outcomes.length;
  return left > 0 || outcomes.some(({ status }) => status === 'held') ? 3 : 0;
};

/** On request, a pipeline sees that something waits for the directory. */
const leftOutExit = (plan: Plan, { detailedExitcode }: ApplyOptions): ExitCode =>
  detailedExitcode && leftOutSentence(plan) !== undefined ? 2 : 0;

const agreed = async (context: CommandContext, options: ApplyOptions): Promise<boolean> => {
  if (options.yes || options.approved !== undefined) return true;
  if (!context.interactive) {
    context.err('refused: there is no terminal to ask on, and neither --yes nor --approved was given');
    return false;
  }
  return (await context.ask('Type "yes" to write this to AWS: ')).trim() === 'yes';
};

const report = (context: CommandContext, plan: Plan, outcomes: readonly Outcome[]): void => {
  if (context.options.format === 'json') context.out(JSON.stringify({ event: 'end', outcomes }));
  else context.out(outcomesText(outcomes, plan, styleOf(context)));
};

/**
 * A part of the accounts is written apart from the organization, and only where its guard rails stand as the files say.
 * Nothing when they do not, which was said.
 */
const chosen = (context: CommandContext, made: LivePlan, options: PartOptions): LivePlan | undefined => {
  const { shard } = options;
  if (!isPart(options) || shard?.index === 0) return made;
  const [first, ...others] = unfinishedRails(made.plan);
  if (first === undefined) return { ...made, plan: onlyInAccounts(made.plan) };
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  context.err(
    `refused: the organization's own part comes first, and has ${first}${more} to do: apply it with --shard 0/${shard?.of ?? 1}`,
  );
  const ends = { ...made, plan: onlyInAccounts(endingsOf(made).plan) };
  return ends.plan.changes.length === 0 ? undefined : ends;
};

type ApprovalOptions = PartOptions & { readonly approved: Plan | undefined };

/** Shards share the limit of deletions: together they delete no more than one run may. */
const isWithinShare = (
  context: CommandContext,
  { plan, desired }: LivePlan,
  { approved, ...part }: ApprovalOptions,
): boolean => {
  if (!isPart(part) || part.shard?.index === 0) return true;
  const beyond = beyondShare({ plan, approved, desired, today: dayOf(context.now) });
  for (const message of beyond) context.err(`refused: ${message}`);
  return beyond.length === 0;
};

/** While AWS was read: then nothing is in flight, and nobody waits for a plan. */
const isInterrupted = ({ interrupt, err }: CommandContext): boolean => {
  if (interrupt.aborted) err('Nothing was begun.');
  return interrupt.aborted;
};

/** A refused plan is not carried out, except for grants whose end has come. */
const toCarryOut = (context: CommandContext, made: LivePlan, approving: ApprovalOptions): LivePlan =>
  guardRefusal(made.plan) || !isWithinShare(context, made, approving) ? endingsOf(made) : made;

const carriedOut = async (context: CommandContext, made: LivePlan, options: ApplyOptions): Promise<ExitCode> => {
  if (isEmpty(made.plan)) return leftOutExit(made.plan, options);
  context.err(`About to write to ${await declaredDestination(made.connection, made.desired)}`);
  if (made.plan.changes.length > 0 && !(await agreed(context, options))) return 3;
  const outcomes = await carryOut(context, made);
  report(context, made.plan, outcomes);
  return exitOf(made.plan, outcomes) || leftOutExit(made.plan, options);
};

/** Carries the plan out: what was approved, never more. */
export const applyCommand = async (context: CommandContext, options: ApplyOptions): Promise<ExitCode> => {
  if (context.options.nowIsGiven && context.options.sandbox === undefined)
    throw new UserError('apply takes --now only together with --sandbox: AWS is written to today');
  const approved = options.approved === undefined ? undefined : await planIn(options.approved, 'approved');
  const whole = await planLive(context, options);
  if (whole === undefined || isInterrupted(context)) return 1;
  const first = chosen(context, whole, options);
  if (first === undefined) return 3;
  const part = approved === undefined ? first : { ...first, plan: coveredPart(first.plan, approved) };
  const made = part === whole ? whole : askedOfPart(part);
  if (context.options.format !== 'json') printPlan(context, made.plan);
  await made.connection.save();
  const going = toCarryOut(context, made, { ...options, approved });
  const isRefused = going !== made;
  if (isRefused && going.plan.changes.length === 0) return 3;
  const exit = await carriedOut(context, going, options);
  return isRefused && exit !== 1 ? 3 : exit;
};
