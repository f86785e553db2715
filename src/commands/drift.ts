import { isEmpty } from '../model/plan.ts';
import type { Plan } from '../model/plan.ts';
import { driftMarkdown, GITHUB_LIMIT } from '../render/plan-markdown.ts';
import { driftText } from '../render/plan-text.ts';
import { endingInVerdict } from '../render/verdict.ts';
import { driftJson, tracesMarkdown, tracesText } from '../render/traces.ts';
import { optionsAgain } from './run/again.ts';
import { keepRecord } from './run/keep-record.ts';
import type { CommandContext, ExitCode } from './run/context.ts';
import { styleOf } from './run/context.ts';
import { driftOf, planLive } from './run/live-plan.ts';
import type { PartOptions } from './run/part.ts';

/** Still short enough for one issue. */
const withTraces = (plan: Plan, traces: string, gatehouse: string): string =>
  `${driftMarkdown(plan, { gatehouse, limit: GITHUB_LIMIT - traces.length - 2 })}\n\n${traces}`;

type DriftOptions = PartOptions & {
  /** The file for the record of the reading. */
  readonly keepReading?: string;
};

/** A plan on what is merged, in other words: how AWS differs from what was agreed, and who made it so. Never writes. */
export const driftCommand = async (context: CommandContext, options: DriftOptions): Promise<ExitCode> => {
  const { keepReading, ...part } = options;
  const made = await planLive(context, { ...part, ...(keepReading === undefined ? {} : { keeps: 'a record' }) });
  if (made === undefined) return 1;
  const { cloud } = made;
  if (keepReading !== undefined) await keepRecord(context, cloud, keepReading);
  const plan = driftOf(made);
  const traces = await cloud.traces(plan.changes);
  await made.connection.save();
  const style = styleOf(context);
  const text = {
    json: () => driftJson(plan, traces),
    markdown: () => withTraces(plan, tracesMarkdown(plan.changes, traces), context.own.command),
    text: () => {
      const told = driftText(plan, { ...style, again: optionsAgain(context, part) });
      const whole = `${told}\n${tracesText(plan.changes, traces, style)}`;
      return endingInVerdict(whole, { plan, voice: 'drift' }, style);
    },
  }[context.options.format];
  context.out(text());
  return isEmpty(plan) ? 0 : 2;
};
