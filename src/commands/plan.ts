import { readFile, writeFile } from 'node:fs/promises';
import type { Plan } from '../model/plan.ts';
import { isComplete } from '../model/plan.ts';
import { UserError } from '../model/problem.ts';
import { mergePlans } from '../plan/carry/merge.ts';
import { parsePlan } from '../plan/carry/parse-plan.ts';
import { planJson } from '../render/plan-json.ts';
import { planMarkdown } from '../render/plan-markdown.ts';
import { planText } from '../render/plan-text.ts';
import { endingInVerdict } from '../render/verdict.ts';
import { optionsAgain } from './run/again.ts';
import { keepRecord, recordFrom } from './run/keep-record.ts';
import { shellQuoted } from './run/quoted.ts';
import type { CommandContext, ExitCode } from './run/context.ts';
import { styleOf } from './run/context.ts';
import { planLive, guardRefusal } from './run/live-plan.ts';
import { isPart } from './run/part.ts';
import type { PartOptions } from './run/part.ts';
import { desiredOrProblems } from './run/repository.ts';

type PlanOptions = PartOptions & {
  readonly out?: string;
  readonly detailedExitcode: boolean;
  /** Files of plans to put together instead of reading AWS. */
  readonly merge?: readonly string[];
  /** The file that `--keep-reading` wrote. */
  readonly sinceLastRead?: string;
  /** The file for the record of the reading. */
  readonly keepReading?: string;
};

/** `out`: the file that it was written to. */
type PlanOutput = PartOptions & { readonly out?: string };

export const printPlan = (context: CommandContext, plan: Plan, { out, ...part }: PlanOutput = {}): void => {
  const written = { again: optionsAgain(context, part), ...(out === undefined ? {} : { out: shellQuoted(out) }) };
  const text = {
    json: () => planJson(plan),
    markdown: () => planMarkdown(plan),
    text: () => {
      const style = styleOf(context);
      return endingInVerdict(planText(plan, { ...style, ...written }), { plan, voice: 'plan' }, style);
    },
  }[context.options.format];
  context.out(text());
};

/** Believed as far as its ids prove it whole. */
export const planIn = async (file: string, use: string): Promise<Plan> => {
  const parsed = parsePlan(await readFile(file, 'utf8'));
  if ('problem' in parsed) throw new UserError(`${file} is not a plan that can be ${use}: ${parsed.problem}`);
  return parsed.plan;
};

const merged = async (context: CommandContext, files: readonly string[]): Promise<Plan | undefined> => {
  const desired = await desiredOrProblems(context);
  if (desired === undefined) return undefined;
  return mergePlans(await Promise.all(files.map((file) => planIn(file, 'merged'))), desired);
};

const checkOptions = ({ merge, accounts, shard, keepReading, sinceLastRead }: PlanOptions): void => {
  if (merge !== undefined && isPart({ ...(accounts && { accounts }), ...(shard && { shard }) }))
    throw new UserError('--merge takes plans that were made; it goes with neither --accounts nor --shard');
  if (keepReading !== undefined && (merge ?? sinceLastRead) !== undefined)
    throw new UserError('--keep-reading keeps a whole reading; it goes with neither --merge nor --since-last-read');
};

const fresh = async (context: CommandContext, options: PlanOptions): Promise<Plan | undefined> => {
  const { sinceLastRead: file, keepReading, ...part } = options;
  const made = await planLive(context, {
    ...part,
    ...(file === undefined ? {} : { record: await recordFrom(file) }),
    ...(keepReading === undefined ? {} : { keeps: 'a record' }),
  });
  if (made !== undefined && keepReading !== undefined) await keepRecord(context, made.cloud, keepReading);
  await made?.connection.save();
  return made?.plan;
};

/** What would change, and nothing is written. */
export const planCommand = async (context: CommandContext, options: PlanOptions): Promise<ExitCode> => {
  checkOptions(options);
  const plan = options.merge === undefined ? await fresh(context, options) : await merged(context, options.merge);
  if (plan === undefined) return 1;
  if (options.out !== undefined) await writeFile(options.out, planJson(plan));
  printPlan(context, plan, options);
  if (guardRefusal(plan)) return 3;
  return options.detailedExitcode && !isComplete(plan) ? 2 : 0;
};
