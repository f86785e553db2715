/** The pull request that gives a stage of a rollout its day. It says the same on every day on which it is open. */
import type { Plan } from '../model/plan.ts';
import { fitted } from './budget.ts';
import { changesBlock } from './markdown-changes.ts';
import { GITHUB_LIMIT, LEFT_OUT_ROOM, accessBlock, criticalBlock, leftOutText } from './plan-markdown.ts';
import { clip, markdownText, terminal } from './untrusted.ts';
import { counted } from './words.ts';

type StagePage = {
  /** "SCP RequireMfa". */
  readonly policy: string;
  readonly ou: string;
  readonly before: string;
  readonly after: number;
  /** From what main asks for to what it would ask for. */
  readonly between: Plan;
  readonly limit: number;
};

export const stageTitle = ({ policy, ou }: Pick<StagePage, 'policy' | 'ou'>): string =>
  terminal(`Bring ${policy} to ${ou}`);

const lead = ({ policy, ou, before, after }: StagePage): string =>
  [
    `**${markdownText(policy)} has been bound to ${markdownText(before)} for ${counted(after, 'day')}: its next stage is ${markdownText(ou)}.** This gives that stage its \`from\`. Merged, the next apply binds it. Closed without merging, it is not proposed again.`,
    'If you merge it much later than the day it names, write the later day: whoever reads the file takes it for the day since when it binds. The stage after it is proposed by the day of the merge.',
  ].join('\n\n');

/** Never longer than its limit. */
export const stageMarkdown = (page: StagePage): string => {
  const limit = Math.min(page.limit, GITHUB_LIMIT);
  const share = (part: number): number => Math.floor(limit * part);
  const head = lead(page);
  const blocks = [
    criticalBlock(page.between, share(0.2)),
    accessBlock(page.between, 'plan', share(0.3)),
    changesBlock(page.between, 'plan'),
  ];
  const pieces = fitted(blocks, blocks, limit - head.length - LEFT_OUT_ROOM);
  const parts = [head, ...pieces.map(({ text }) => text), leftOutText(pieces, undefined)];
  return clip(parts.filter((part) => part !== '').join('\n\n'), limit);
};

/** What a pull request says whose rollout is gone. */
export const stageWithdrawn =
  'The rollout that this belongs to no longer stands in `scps/bindings.yaml` on main, so that no stage of it is due. Whoever puts it in again gets a new pull request on its day.';

/** What a pull request says whose stage is no longer due. */
export const stageSettled = 'This stage has its day, or is no longer due: main says so.';
