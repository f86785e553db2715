import { isEmpty } from '../model/plan.ts';
import { planJson } from '../render/plan-json.ts';
import { driftMarkdown } from '../render/plan-markdown.ts';
import { driftText } from '../render/plan-text.ts';
import type { Context, Exit } from './context.ts';
import { styleOf } from './context.ts';
import { planLive } from './live-plan.ts';

/** A plan on what is merged, in other words: how AWS differs from what was agreed. Never writes. */
export const driftCommand = async (context: Context): Promise<Exit> => {
  const made = await planLive(context);
  if (made === undefined) return 1;
  await made.connection.save();
  const text = {
    json: () => planJson(made.plan),
    markdown: () => driftMarkdown(made.plan),
    text: () => driftText(made.plan, styleOf(context)),
  }[context.options.format];
  context.out(text());
  return isEmpty(made.plan) ? 0 : 2;
};
