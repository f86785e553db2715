/** The lines that people decide by, in a terminal. */
import type { Plan } from '../model/plan.ts';
import { decisionsOf, riskText } from './decisions.ts';
import type { PlanDecision } from './decisions.ts';
import { otherEffectiveSentences } from './effective-words.ts';
import { grantSentence } from './grant-sentences.ts';
import { foldedItems, item, section } from './page.ts';
import type { PageStyle } from './page.ts';
import { otherSentences, railSentences } from './plan-sentences.ts';
import type { SummaryVoice } from './summary.ts';
import { number } from './words.ts';

/** The first apply of an organization is to fit two screens of 24 lines. */
const MOST_DECISIONS = 5;
const MOST_SENTENCES = 3;

const brushes = { critical: 'red', high: 'yellow', medium: 'bold', low: 'dim' } as const;

/** "Ops (3 people) get Admin in Production until 2027-01-31 · SEC-9 (critical: administrator)". */
export const decisionLineText = (decision: PlanDecision): string =>
  `${grantSentence(decision)} (${riskText(decision)})`;

const sign = ({ what }: PlanDecision): string => {
  if (/^(gets?|joins?|can do more|may assume role)\b/.test(what)) return '+';
  return /^(loses?|leaves?|can do less|may no longer)\b/.test(what) ? '-' : '~';
};

const titles: Readonly<Record<SummaryVoice, string>> = {
  plan: 'Who gets (+) and who loses (-)',
  drift: 'Who has more and who has less than was agreed',
};

export const decisionSection = (plan: Plan, voice: SummaryVoice, style: PageStyle): readonly string[] => {
  const decisions = decisionsOf(plan, voice);
  const lines = foldedItems(decisions, MOST_DECISIONS, {
    style,
    lines: (decision) =>
      item(voice === 'plan' ? sign(decision) : '·', decisionLineText(decision), style).map(
        style.paint[brushes[decision.risk]],
      ),
  });
  return section(`${titles[voice]} (${number(decisions.length)})`, lines, style);
};

export const sentenceSection = (plan: Plan, voice: SummaryVoice, style: PageStyle): readonly string[] => {
  const settings = voice === 'plan' && style.verbose !== 'all' ? otherEffectiveSentences(plan) : [];
  const sentences = [...railSentences(plan, voice), ...otherSentences(plan, voice), ...settings];
  const lines = foldedItems(sentences, MOST_SENTENCES, { style, lines: (text) => item('·', text, style) });
  return section(`Also (${number(sentences.length)})`, lines, style);
};
