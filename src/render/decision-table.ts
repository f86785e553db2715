/** The table that people decide by, in Markdown, and what guard rails and names do, in words. */
import type { Plan } from '../model/plan.ts';
import { listBlock } from './budget.ts';
import type { TextBlock } from './budget.ts';
import { decisionsOf } from './decisions.ts';
import type { PlanDecision } from './decisions.ts';
import { otherSentences, railSentences } from './plan-sentences.ts';
import { refusalText } from './summary.ts';
import type { SummaryVoice } from './summary.ts';
import { codeSpan, markdownText } from './untrusted.ts';
import { counted } from './words.ts';

const MOST_ROWS = 200;

type Column = { readonly head: string; readonly cell: (decision: PlanDecision) => string };

const strong = ['critical', 'high'];
const riskCell = ({ risk, rules }: PlanDecision): string => {
  const word = strong.includes(risk) ? `**${risk}**` : risk;
  return rules.length === 0 ? word : `${word}: ${markdownText(rules.join(', '), 160)}`;
};

const fileText = (file: string): string => file.slice(file.lastIndexOf('/') + 1);

/** Beside a reason neither code nor the whole path: no browser wraps them, and they would push the risk out of 700 px. */
const whyCell = ({ why, place }: PlanDecision): string => {
  if (place === undefined) return why === '' ? '' : markdownText(why, 160);
  const line = String(place.line);
  return why === ''
    ? codeSpan(`${place.file}:${line}`, 120)
    : `${markdownText(why, 160)} ${markdownText(`${fileText(place.file)}:${line}`, 120)}`;
};

const columns = (voice: SummaryVoice): readonly Column[] => [
  { head: 'Who', cell: ({ who }) => markdownText(who, 240) },
  { head: voice === 'drift' ? 'Has or lacks' : 'Gets or loses', cell: ({ what }) => markdownText(what, 300) },
  { head: 'Where', cell: ({ where }) => markdownText(where, 240) },
  { head: 'Until', cell: ({ until }) => markdownText(until, 60) },
  { head: 'Why', cell: whyCell },
  { head: 'Risk', cell: riskCell },
];

/** A column of which no row says anything is not shown. */
const shownColumns = (decisions: readonly PlanDecision[], voice: SummaryVoice): readonly Column[] =>
  columns(voice).filter(({ cell }) => decisions.some((decision) => cell(decision) !== ''));

const titles: Readonly<Record<SummaryVoice, string>> = {
  plan: '### Who gets and who loses access',
  drift: '### Who has more and who has less than was agreed',
};

const rowOf = (cells: readonly string[]): string =>
  `| ${cells.map((text) => (text === '' ? '·' : text)).join(' | ')} |`;

/** The riskiest rows first; what does not fit is counted. */
export const decisionBlock = (plan: Plan, voice: SummaryVoice, cap: number): TextBlock => {
  const decisions = decisionsOf(plan, voice);
  const shown = shownColumns(decisions, voice);
  const head = [rowOf(shown.map(({ head: name }) => name)), rowOf(shown.map(() => '---'))].join('\n');
  const items = decisions.slice(0, MOST_ROWS).map((decision) => rowOf(shown.map(({ cell }) => cell(decision))));
  return listBlock(cap, { before: `${titles[voice]}\n\n${head}\n`, items }, (rest) =>
    counted(rest + Math.max(0, decisions.length - MOST_ROWS), 'row of access', 'rows of access'),
  );
};

/** What guard rails do, then moves, new names and roles: a sentence each. */
export const sentencesBlock = (plan: Plan, voice: SummaryVoice, cap: number): TextBlock => {
  const sentences = [...railSentences(plan, voice), ...otherSentences(plan, voice)];
  return listBlock(
    cap,
    {
      before: voice === 'drift' ? '**Also different**\n\n' : '**Also**\n\n',
      items: sentences.map((text) => `- ${markdownText(text, 400)}.`),
    },
    (rest) => counted(rest, 'other change'),
  );
};

/** One line: refused, or what it needs. `approvals`: sentences; undefined where nobody asks for any. */
export const verdictLine = (plan: Plan, approvals: readonly string[] | undefined): string => {
  const refused = refusalText(plan);
  if (refused !== undefined) return `**Refused: ${markdownText(refused, 400)}.**`;
  if (approvals === undefined || plan.changes.length === 0) return '';
  if (approvals.length === 0) return '**Ready.** The settings demand no approval of it.';
  return `**Ready: it needs approval.** ${approvals.map((text) => markdownText(text, 400)).join('; ')}.`;
};
