import { writeFile } from 'node:fs/promises';
import type { Plan } from '../model/plan.ts';
import { isEmpty } from '../model/plan.ts';
import { planJson } from '../render/plan-json.ts';
import { planMarkdown } from '../render/plan-markdown.ts';
import { planText } from '../render/plan-text.ts';
import type { Context, Exit } from './context.ts';
import { styleOf } from './context.ts';
import { planLive, refused } from './live-plan.ts';

type PlanOptions = { readonly out?: string; readonly detailedExitcode: boolean };

export const printPlan = (context: Context, plan: Plan, out?: string): void => {
  const written = out === undefined ? {} : { out };
  const text = {
    json: () => planJson(plan),
    markdown: () => planMarkdown(plan),
    text: () => planText(plan, { ...styleOf(context), ...written }),
  }[context.options.format];
  context.out(text());
};

/** What would change, and nothing is written. */
export const planCommand = async (context: Context, options: PlanOptions): Promise<Exit> => {
  const made = await planLive(context);
  if (made === undefined) return 1;
  await made.connection.save();
  printPlan(context, made.plan, options.out);
  if (options.out !== undefined) await writeFile(options.out, planJson(made.plan));
  if (refused(made.plan)) return 3;
  return options.detailedExitcode && !isEmpty(made.plan) ? 2 : 0;
};
