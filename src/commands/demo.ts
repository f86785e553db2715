/** The whole story on the local AWS, told to somebody who has just installed this. */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Outcome } from '../model/cloud.ts';
import type { Desired } from '../model/desired.ts';
import { isEmpty } from '../model/plan.ts';
import { outcomesText } from '../render/outcomes.ts';
import { driftText, planText } from '../render/plan-text.ts';
import { tracesText } from '../render/traces.ts';
import { fileOf } from '../sandbox/store.ts';
import { carryOut } from './apply.ts';
import { optionsAgain } from './run/again.ts';
import type { CommandConnection } from './run/connect.ts';
import { connectSandbox } from './run/connect.ts';
import type { CommandContext, ExitCode } from './run/context.ts';
import { styleOf } from './run/context.ts';
import type { LivePlan } from './run/live-plan.ts';
import { driftOf, planOn } from './run/live-plan.ts';
import { holdSandbox } from './run/hold-sandbox.ts';
import { meddle } from './run/meddle.ts';
import { desiredOrProblems } from './run/repository.ts';

type DemoStory = {
  readonly context: CommandContext;
  readonly connection: CommandConnection;
  readonly desired: Desired;
};

const heading = ({ context }: DemoStory, text: string): void => context.out(`\n${context.paint.bold(`== ${text}`)}\n`);

const planned = ({ context, connection, desired }: DemoStory): Promise<LivePlan> =>
  planOn(context, { connection, desired });

const options = ({ context }: DemoStory) => ({ ...styleOf(context), again: optionsAgain(context) });

const longest = 48;

/** The beginning of a long text; what a newcomer wants first stands first in every plan. */
const beginning = (text: string, rest: string): string => {
  const lines = text.split('\n');
  const left = lines.length - longest;
  return left <= longest / 4 ? text : [...lines.slice(0, longest), '', `… and ${left} more lines: ${rest}`].join('\n');
};

const applied = async (story: DemoStory, made: LivePlan): Promise<readonly Outcome[]> => {
  const outcomes = await carryOut(story.context, made);
  story.context.out(outcomesText(outcomes, made.plan, options(story)));
  return outcomes;
};

const tellMeddling = (story: DemoStory): void => {
  const { context, connection, desired } = story;
  heading(story, 'Meanwhile, somebody in the console');
  if (connection.sandbox === undefined) return;
  for (const sentence of meddle(connection.sandbox, desired, context.clock.now)) context.out(`  - ${sentence}`);
};

/** On a state of its own: the one of the story has moved on when this is read. */
const wholePlan = ({ context }: DemoStory): string => {
  const options = { ...context.options, sandbox: '.gatehouse/other' };
  return `${context.own.command} plan${optionsAgain({ ...context, options })} prints them all`;
};

/** Plan, apply, plan again; returns whether nothing was left. */
const tellFirstApply = async (story: DemoStory): Promise<boolean> => {
  heading(story, 'The plan: what the repository says against what AWS has');
  const first = await planned(story);
  story.context.out(beginning(planText(first.plan, options(story)), wholePlan(story)));
  heading(story, 'Apply');
  await applied(story, first);
  heading(story, 'Plan again');
  const second = await planned(story);
  story.context.out(planText(second.plan, options(story)));
  return isEmpty(second.plan);
};

const tellDrift = async (story: DemoStory): Promise<boolean> => {
  tellMeddling(story);
  heading(story, 'Drift: how AWS differs from what was agreed');
  const drift = await planned(story);
  story.context.out(driftText(driftOf(drift), options(story)));
  const traces = await drift.cloud.traces(drift.plan.changes);
  story.context.out(tracesText(drift.plan.changes, traces, options(story)));
  heading(story, 'Revert: the same plan, applied');
  await applied(story, drift);
  return isEmpty((await planned(story)).plan) && !isEmpty(drift.plan);
};

const settledWords = 'Nothing is left to do: AWS is again what the repository says.';

/** Told of the example, from a folder that holds no repository: files of the package are not to be edited. */
const whereToBegin = ({ own: { command } }: CommandContext): string =>
  [
    settledWords,
    `  the example, to edit   ${command} init --example --repo acme/try`,
    `  your own AWS           ${command} init --from-aws --repo OWNER/NAME, with a read-only credential`,
  ].join('\n');

const whereNext = (story: DemoStory): string =>
  [
    settledWords,
    `  give somebody access  ${story.context.own.command} grant SecureCart-Developers SecureCart-ReadOnly SecureCart-Staging`,
    `  see what it does      ${story.context.own.command} plan${optionsAgain(story.context)}`,
    `  make it so            ${story.context.own.command} apply${optionsAgain(story.context)}`,
    `  your own AWS          README.md, "Your own organization": read-only first`,
  ].join('\n');

/** The repository, or the example company where there is none. */
const toldOf = async ({ options: { dir }, own, err }: CommandContext): Promise<string> => {
  const names = await readdir(dir);
  if (names.includes('access')) return dir;
  err(`There is no access/ in ${dir}: this is the story of SecureCart, the example that comes with Gatehouse.`);
  return own.folder;
};

/** Exit 0 only when both plans at the ends of the story were empty. */
export const demoCommand = async (context: CommandContext): Promise<ExitCode> => {
  const folder = join(context.options.dir, '.gatehouse', 'demo');
  const dir = await toldOf(context);
  const inFolder: CommandContext = {
    ...context,
    options: { ...context.options, dir, sandbox: folder, format: 'text' },
  };
  await holdSandbox(inFolder, folder);
  await rm(fileOf(folder), { force: true });
  const desired = await desiredOrProblems(inFolder);
  if (desired === undefined) return 1;
  const story: DemoStory = { context: inFolder, connection: await connectSandbox(inFolder, desired), desired };
  const settled = await tellFirstApply(story);
  const reverted = settled && (await tellDrift(story));
  await story.connection.save();
  heading(story, reverted ? 'Where to go next' : 'Something is left to do');
  const next = dir === context.options.dir ? whereNext(story) : whereToBegin(context);
  context.out(reverted ? next : 'The plan above is not empty: please file an issue with this output.');
  return reverted ? 0 : 1;
};
