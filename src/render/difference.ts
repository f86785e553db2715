/** Who gets and who loses what between two commits or two plans, in the words of the plan. */
import type { Plan } from '../model/plan.ts';
import { dateSentences } from './date-changes.ts';
import { decisionBlock, sentencesBlock } from './decision-table.ts';
import { decisionLineText, decisionSection, sentenceSection } from './decision-lines.ts';
import { decisionsOf } from './decisions.ts';
import { EFFECTIVE_TITLE, effectiveSentences } from './effective-words.ts';
import { foldedItems, item, paragraph, section } from './page.ts';
import type { PageStyle } from './page.ts';
import { otherSentences, railSentences } from './plan-sentences.ts';
import { markdownText, visibleJson } from './untrusted.ts';
import { counted } from './words.ts';

/** One direction. `said`: sentences about the files themselves, such as settings and access tests. */
export type DifferencePart = { readonly title: string; readonly plan: Plan; readonly said: readonly string[] };

export const isSame = ({ plan, said }: DifferencePart): boolean =>
  plan.changes.length === 0 &&
  plan.access.length === 0 &&
  (plan.grants ?? []).length === 0 &&
  (plan.dates ?? []).length === 0 &&
  said.length === 0;

const NOTHING = 'Nobody gets or loses anything.';
const MOST_LINES = 6;
const MARKDOWN_ROOM = 30_000;

const changesText = ({ plan }: DifferencePart): string => `${counted(plan.changes.length, 'change')} in AWS in all.`;

const datesIn = ({ plan }: DifferencePart): readonly string[] => dateSentences(plan.dates ?? []);

const listed = (title: string, sentences: readonly string[], style: PageStyle): readonly string[] =>
  section(title, foldedItems(sentences, MOST_LINES, { style, lines: (text) => item('·', text, style) }), style);

const partText = (part: DifferencePart, style: PageStyle): readonly string[] => [
  ...paragraph(part.title, style, style.paint.bold),
  ...decisionSection(part.plan, 'plan', style),
  ...sentenceSection(part.plan, 'plan', style),
  ...listed(EFFECTIVE_TITLE, effectiveSentences(part.plan), style),
  ...listed('On other days', datesIn(part), style),
  ...listed('In the files themselves', part.said, style),
  '',
  ...paragraph(changesText(part), style),
];

/** A part that holds nothing is not told. */
export const differenceText = (parts: readonly DifferencePart[], style: PageStyle): string => {
  const told = parts.filter((part) => !isSame(part));
  if (told.length === 0) return NOTHING;
  return told.map((part) => partText(part, style).join('\n')).join('\n\n');
};

const markdownList = (title: string, sentences: readonly string[]): string =>
  sentences.length === 0 ? '' : `**${title}**\n\n${sentences.map((text) => `- ${markdownText(text, 600)}`).join('\n')}`;

const partMarkdown = (part: DifferencePart): string =>
  [
    `## ${markdownText(part.title)}`,
    decisionsOf(part.plan, 'plan').length === 0
      ? ''
      : decisionBlock(part.plan, 'plan', MARKDOWN_ROOM).fit(MARKDOWN_ROOM).text,
    sentencesBlock(part.plan, 'plan', MARKDOWN_ROOM).fit(MARKDOWN_ROOM).text,
    markdownList(EFFECTIVE_TITLE, effectiveSentences(part.plan)),
    markdownList('On other days', datesIn(part)),
    markdownList('In the files themselves', part.said),
    changesText(part),
  ]
    .filter((text) => text !== '')
    .join('\n\n');

export const differenceMarkdown = (parts: readonly DifferencePart[]): string => {
  const told = parts.filter((part) => !isSame(part));
  return told.length === 0 ? NOTHING : told.map(partMarkdown).join('\n\n');
};

/** All that it comes to, the riskiest first. Raw text. */
export const differenceSentences = (part: DifferencePart): readonly string[] => [
  ...decisionsOf(part.plan, 'plan').map(decisionLineText),
  ...railSentences(part.plan, 'plan'),
  ...otherSentences(part.plan, 'plan'),
  ...effectiveSentences(part.plan),
  ...datesIn(part),
  ...part.said,
];

const partJson = (part: DifferencePart) => {
  const { plan, title } = part;
  return {
    title,
    sentences: differenceSentences(part),
    grants: plan.grants ?? [],
    access: plan.access,
    dates: plan.dates ?? [],
    keys: [...new Set(plan.changes.map(({ key }) => key))],
  };
};

export const differenceJson = (parts: readonly DifferencePart[]): string =>
  visibleJson(JSON.stringify({ same: parts.every(isSame), parts: parts.map(partJson) }, undefined, 2));
