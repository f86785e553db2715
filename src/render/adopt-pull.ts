/** The pull request that would make main say what AWS has: what, who did it and when, and what access that accepts. */
import type { Risk } from '../model/desired.ts';
import type { Plan } from '../model/plan.ts';
import type { Key } from '../model/resource.ts';
import type { Traces } from '../model/trace.ts';
import { fitted, listBlock } from './budget.ts';
import type { TextBlock } from './budget.ts';
import { changesBlock } from './markdown-changes.ts';
import { GITHUB_LIMIT, accessBlock, criticalBlock, leftOutText, LEFT_OUT_ROOM } from './plan-markdown.ts';
import { traceWords } from './traces.ts';
import { clip, keySpan, markdownText } from './untrusted.ts';
import { counted } from './words.ts';

export type AdoptPage = {
  readonly risk: Risk;
  /** What drifted and is taken. */
  readonly keys: readonly Key[];
  /** What had to be taken along. */
  readonly along: readonly Key[];
  readonly refused: readonly { readonly key: Key; readonly reason: string }[];
  readonly traces: Traces;
  /** From what main asks for to what it would ask for. */
  readonly between: Plan;
  /** Number of the drift issue. */
  readonly issue?: number;
  readonly limit?: number;
};

export const adoptTitle = ({ risk, keys }: Pick<AdoptPage, 'risk' | 'keys'>): string =>
  `Adopt drift: ${counted(keys.length, `difference`)} of risk ${risk}`;

const whoWords = (key: Key, { found }: Traces): string =>
  Object.hasOwn(found, key) && found[key] !== undefined
    ? markdownText(traceWords(found[key]))
    : 'nobody found in the last 90 days';

const list = (before: string, items: readonly string[], room: { cap: number; word: string }): TextBlock =>
  listBlock(room.cap, { before, items }, (rest) => counted(rest, room.word));

const blocksOf = (page: AdoptPage, share: (part: number) => number): readonly TextBlock[] => {
  const who = page.keys.map((key) => `- ${keySpan(key, 300)} ${whoWords(key, page.traces)}`);
  const along = page.along.map((key) => `- ${keySpan(key, 300)}`);
  const refused = page.refused.map(({ key, reason }) => `- ${keySpan(key, 300)}: ${markdownText(reason)}`);
  return [
    criticalBlock(page.between, share(0.15)),
    list('### Who did it\n\n', who, { cap: share(0.25), word: 'difference' }),
    accessBlock(page.between, 'plan', share(0.2)),
    list('### Taken along, because it is named\n\n', along, { cap: share(0.05), word: 'thing' }),
    list('### Refused\n\nThese stay in the drift issue:\n\n', refused, { cap: share(0.15), word: 'refusal' }),
    changesBlock(page.between, 'plan'),
  ];
};

const lead = ({ keys, risk, issue }: AdoptPage): string =>
  [
    `**${counted(keys.length, 'difference')} of risk ${risk}, made in AWS and not in Git.** Merging this makes main say what AWS has; it writes nothing to AWS. What is not merged stays in the drift issue${issue === undefined ? '' : `, #${issue}`}, to be reverted from there. Closed without merging, these same edits are not proposed again.`,
    'Gatehouse keeps this branch up to date by force until somebody else commits to it.',
  ].join('\n\n');

/** Never longer than GitHub allows. */
export const adoptMarkdown = (page: AdoptPage): string => {
  const limit = page.limit ?? GITHUB_LIMIT;
  const head = lead(page);
  const blocks = blocksOf(page, (part) => Math.floor(limit * part));
  const pieces = fitted(blocks, blocks, limit - head.length - LEFT_OUT_ROOM);
  const parts = [head, ...pieces.map(({ text }) => text), leftOutText(pieces, undefined)];
  return clip(parts.filter((part) => part !== '').join('\n\n'), limit);
};

/** What a pull request says of which nothing is left. */
export const adoptedNothing = 'Nothing of this differs any more: main and AWS say the same.';
