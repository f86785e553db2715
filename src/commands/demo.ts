/** One person's request, from the pull request to its end date and the drift after it, told on the local AWS in five scenes. */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Files } from '../desired/load.ts';
import type { Outcome } from '../model/cloud.ts';
import { dayBefore, dayMs, dayOf } from '../model/days.ts';
import type { Plan } from '../model/plan.ts';
import { isEmpty } from '../model/plan.ts';
import { UserError } from '../model/problem.ts';
import type { Desired } from '../model/desired.ts';
import { resourcesOf } from '../model/resource.ts';
import { commentText } from '../render/comment-text.ts';
import { outcomesText } from '../render/outcomes.ts';
import { driftText, planText } from '../render/plan-text.ts';
import { pullRequestMarkdown } from '../render/pull-request.ts';
import { tracesText } from '../render/traces.ts';
import { counted } from '../render/words.ts';
import { fileOf } from '../sandbox/store.ts';
import { carryOut, coveredPart } from './apply.ts';
import { expiringCommand } from './expiring.ts';
import { pageOfTrees } from './github/plan.ts';
import { readRepositoryTree } from './github/trees.ts';
import { optionsAgain } from './run/again.ts';
import { connectSandbox } from './run/connect.ts';
import type { CommandContext, ExitCode } from './run/context.ts';
import { styleOf } from './run/context.ts';
import { requestIn, withRequest } from './run/demo-request.ts';
import type { DemoRequest } from './run/demo-request.ts';
import { holdSandbox } from './run/hold-sandbox.ts';
import type { LivePlan } from './run/live-plan.ts';
import { driftOf, planOn } from './run/live-plan.ts';
import { joinByHand } from './run/meddle.ts';
import { oneLineProgress } from './run/progress.ts';
import { desiredOrProblems, repositoryFiles, withFiles } from './run/repository.ts';

/** `past`: the same command a week and a day ago, where nobody has asked yet. */
type DemoStory = {
  readonly context: CommandContext;
  readonly past: CommandContext;
  readonly files: Files;
  readonly request: DemoRequest;
};

/** What a scene leaves behind. Undefined: it did not go as the story says. */
type SceneEnd<T> = Promise<T | undefined>;

const DAYS_AGO = 8;

/** Everything happens then, also what the local AWS writes down. Nothing of the story lies ahead of whoever reads it. */
const longAgo = (context: CommandContext): CommandContext => {
  const { clock } = context;
  const now = new Date(Date.parse(context.now) - DAYS_AGO * dayMs).toISOString();
  return { ...context, now, clock: { ...clock, now: () => clock.now() - DAYS_AGO * dayMs } };
};

const heading = ({ out, paint }: CommandContext, text: string): void => out(paint.bold(`== ${text}`));

/** Some blocks of a text, which blank lines part: what a newcomer wants first stands first in every one. */
const excerpt = (text: string, blocks: readonly number[]): string => {
  const all = text.split('\n\n');
  const rest = all.filter((_, index) => !blocks.includes(index)).join('\n\n');
  return [...blocks.map((index) => all[index] ?? ''), `… ${counted(rest.split('\n').length, 'more line')}`].join(
    '\n\n',
  );
};

/** `none`: the access tests are not asked again of what they were asked of in the scene before. */
const planned = async (context: CommandContext, tests?: 'none'): Promise<LivePlan | undefined> => {
  const desired = await desiredOrProblems(context);
  if (desired === undefined) return undefined;
  const connection = await connectSandbox(context, desired);
  return planOn(context, { connection, desired, ...(tests === undefined ? {} : { tests }) });
};

const isDone = (outcomes: readonly Outcome[], { changes, held }: Plan): boolean =>
  outcomes.length === changes.length + held.length && outcomes.every(({ status }) => status === 'done');

/** Whether all of it was done. */
const applied = async (context: CommandContext, made: LivePlan): Promise<boolean> => {
  const outcomes = await carryOut(context, made, oneLineProgress(context, made.plan));
  context.out(outcomesText(outcomes, made.plan, styleOf(context)));
  return isDone(outcomes, made.plan);
};

/** The company as its files say, in one line. */
const prepared = async (past: CommandContext): Promise<boolean> => {
  const begun = past.clock.now();
  const made = await planned(past, 'none');
  if (made === undefined) return false;
  const outcomes = await carryOut(past, made, oneLineProgress(past, made.plan));
  const seconds = Math.max(1, Math.round((past.clock.now() - begun) / 1000));
  const changes = counted(made.plan.changes.length, 'change');
  past.out(
    `A local AWS with ${made.live.organization} in it is ready: ${changes} applied in ${counted(seconds, 'second')}.\n`,
  );
  return isDone(outcomes, made.plan);
};

const firstName = ({ user }: DemoRequest): string => user.replace(/@.*$/, '');

const tellRequest = async (story: DemoStory): SceneEnd<Plan> => {
  const { past, files, request } = story;
  heading(past, `1 of 5 · ${dayOf(past.now)}: ${firstName(request)} asks for a week in ${request.group}`);
  past.out(
    [`${request.file}, three lines more:`, ...request.lines.map((line) => past.paint.green(` +  ${line}`))].join('\n'),
  );
  const [base, head] = await Promise.all([
    readRepositoryTree(past),
    readRepositoryTree(withFiles(past, withRequest(files, request))),
  ]);
  if (base.tree === undefined || head.tree === undefined) return undefined;
  const silent = { ...past, err: () => undefined };
  const asked = { context: silent, paths: [request.file], notes: [] };
  const page = await pageOfTrees(asked, { base: base.tree, head: head.tree });
  past.out(`\nThe comment on the pull request:\n${commentText(pullRequestMarkdown(page), styleOf(past))}`);
  return page.plan;
};

const tellApply = async ({ past, files, request }: DemoStory, approved: Plan): SceneEnd<true> => {
  heading(past, '2 of 5 · It is approved and merged: apply does that and nothing else');
  const merged = withFiles(past, withRequest(files, request));
  const made = await planned(merged, 'none');
  if (made === undefined || made.plan.changes.length === 0) return undefined;
  const plan = coveredPart(made.plan, approved);
  if (!(await applied(past, { ...made, plan }))) return undefined;
  past.out('\nWhat ends within ten days:');
  return (await expiringCommand(merged, { within: 10 })) === 0 ? true : undefined;
};

const tellEnd = async (today: CommandContext): SceneEnd<true> => {
  heading(today, `3 of 5 · ${dayOf(today.now)}, the day after its end: nobody does anything`);
  const made = await planned(today);
  if (made === undefined || made.plan.changes.length === 0) return undefined;
  today.out(`The hourly run plans, and applies what has ended:\n`);
  today.out(`${excerpt(planText(made.plan, styleOf(today)), [0, 1])}\n`);
  return (await applied(today, made)) ? true : undefined;
};

const tellDrift = async ({ request }: DemoStory, today: CommandContext): SceneEnd<LivePlan> => {
  heading(today, `4 of 5 · Somebody lets ${firstName(request)} in again by hand: drift says who did it`);
  const desired = await desiredOrProblems(today);
  if (desired === undefined) return undefined;
  const { sandbox, save } = await connectSandbox(today, desired);
  if (sandbox === undefined) return undefined;
  joinByHand({ sandbox, clock: today.clock.now }, desired, request);
  await save();
  const made = await planned(today, 'none');
  if (made === undefined || made.plan.changes.length === 0) return undefined;
  const traces = await made.cloud.traces(made.plan.changes);
  today.out(excerpt(driftText(driftOf(made), styleOf(today)), [0, 2]));
  today.out(tracesText(made.plan.changes, traces, styleOf(today)));
  return made;
};

const tellRevert = async (today: CommandContext, drift: LivePlan): SceneEnd<true> => {
  heading(today, '5 of 5 · The same plan, applied: what nobody agreed to is gone');
  if (!(await applied(today, drift))) return undefined;
  const left = await planned(today, 'none');
  if (left === undefined || !isEmpty(left.plan)) return undefined;
  today.out(`\n${planText(left.plan, styleOf(today)).split('\n\n')[0] ?? ''}`);
  return true;
};

/** The repository, or the example company where there is none. */
const toldOf = async ({ options: { dir }, own, err }: CommandContext): Promise<string> => {
  const names = await readdir(dir);
  if (names.includes('access')) return dir;
  err(`There is no access/ in ${dir}: this is the story of SecureCart, the example that comes with Gatehouse.`);
  return own.folder;
};

/** Told of the example, from a folder that holds no repository: files of the package are not to be edited. */
const whereToBegin = ({ own: { command } }: CommandContext): readonly string[] => [
  `  the example, to edit   ${command} init --example --repo acme/try`,
  `  your own AWS           ${command} init --from-aws --repo OWNER/NAME`,
];

const tried = { group: 'SecureCart-Ops', set: 'SecureCart-ReadOnly', account: 'SecureCart-Dev' };

const hasExample = ({ state }: Desired): boolean =>
  resourcesOf(state, 'group').some(({ name }) => name === tried.group) &&
  resourcesOf(state, 'permission-set').some(({ name }) => name === tried.set);

const whereNext = async (context: CommandContext): Promise<readonly string[]> => {
  const { command } = context.own;
  const desired = await desiredOrProblems(context);
  if (desired === undefined) return [];
  const again = optionsAgain(context);
  return [
    ...(hasExample(desired) ? [`  ${command} grant ${tried.group} ${tried.set} ${tried.account}`] : []),
    `  ${command} plan${again}`,
    `  ${command} apply${again} --yes`,
    `  ${command} who-can iam:CreateUser ${desired.managementAccount}`,
    '  your own AWS, read-only first: README.md, "Three commands for your own"',
  ];
};

/** Whether to go on: Enter, on a terminal; elsewhere nobody is waited for. */
const turned = async (context: CommandContext): Promise<boolean> => {
  const { readKey, interrupt, out } = context;
  if (interrupt.aborted) return false;
  for (;;) {
    const key = await readKey?.('Enter goes on, q ends ');
    if (key === undefined || /^[\r\n]/.test(key)) break;
    if (/^[qQ\u0003\u0004]/.test(key)) return false;
  }
  out('\n');
  return !interrupt.aborted;
};

type Told = ExitCode | 'left';

/** `left`: whoever listened has gone; each scene ends with the local AWS saved. */
const toldIn = async (story: DemoStory): Promise<Told> => {
  const today = withFiles(story.context, withRequest(story.files, story.request));
  const approved = await tellRequest(story);
  if (approved === undefined) return 1;
  if (!(await turned(today))) return 'left';
  if ((await tellApply(story, approved)) === undefined) return 1;
  if (!(await turned(today))) return 'left';
  if ((await tellEnd(today)) === undefined) return 1;
  if (!(await turned(today))) return 'left';
  const drift = await tellDrift(story, today);
  if (drift === undefined) return 1;
  if (!(await turned(today))) return 'left';
  return (await tellRevert(today, drift)) === undefined ? 1 : 0;
};

const noGroup =
  'The story is of somebody who asks to be in a group, and no file in access/groups/ lists members, one a line.';

const storyOf = async (context: CommandContext): Promise<DemoStory | undefined> => {
  const files = await repositoryFiles(context);
  const past = withFiles(longAgo(context), files);
  const desired = await desiredOrProblems(past);
  if (desired === undefined) return undefined;
  const request = requestIn(desired, files, dayBefore(dayOf(context.now)));
  if (request === undefined) throw new UserError(noGroup);
  return { context, past, files, request };
};

const ended = (context: CommandContext, told: Told, next: readonly string[]): ExitCode => {
  const { out, own, interrupt } = context;
  const left = told === 'left' || interrupt.aborted;
  if (left) out(`The story ends here; ${own.command} demo begins it anew.`);
  else if (told === 0) out(['', 'Where to go next:', ...next].join('\n'));
  else out('This is not how the story goes: please file an issue with this output.');
  return left ? 0 : told;
};

/** Exit 0 when all went as told, or whoever listened left. */
export const demoCommand = async (context: CommandContext): Promise<ExitCode> => {
  const sandbox = join(context.options.dir, '.gatehouse', 'demo');
  const dir = await toldOf(context);
  const here: CommandContext = { ...context, options: { ...context.options, dir, sandbox, format: 'text' } };
  await holdSandbox(here, sandbox);
  await rm(fileOf(sandbox), { force: true });
  const story = await storyOf(here);
  if (story === undefined) return 1;
  const told = (await prepared(story.past)) ? await toldIn(story) : 1;
  const next = dir === context.options.dir ? await whereNext(here) : whereToBegin(context);
  return ended(here, told, next);
};
