/** What became of an apply, and lines for its log. */
import type { Outcome, OutcomeStatus } from '../model/cloud.ts';
import { keyText } from '../model/resource.ts';
import type { Change, Plan } from '../model/plan.ts';
import { changeWords, signs } from './change-detail.ts';
import { sentenceByChange, sentencesOf } from './change-sentences.ts';
import { foldedItems, item, paragraph, section } from './page.ts';
import type { PageStyle } from './page.ts';
import { terminal } from './untrusted.ts';
import { counted, enumerated, leftOutSentence, number } from './words.ts';

/** One line for a log: sign, key and what they do not say. */
export const changeLine = (change: Change): string =>
  terminal([`${signs[change.action]} ${keyText(change.key)}`, ...changeWords(change)].join('  '));

/** One line for a log: "done + KEY", "failed - KEY: AWS's reason". */
export const outcomeLine = (outcome: Outcome, change: Change | undefined): string => {
  const what = change === undefined ? terminal(keyText(outcome.key)) : changeLine(change);
  return `${outcome.status} ${what}${outcome.reason === undefined ? '' : `: ${terminal(outcome.reason)}`}`;
};

const withStatus = (outcomes: readonly Outcome[], status: OutcomeStatus): readonly Outcome[] =>
  outcomes.filter((outcome) => outcome.status === status);

const MOST = 50;

const listed = (outcomes: readonly Outcome[], plan: Plan, style: PageStyle): readonly string[] => {
  const changes = new Map(plan.changes.map((change) => [change.id, change]));
  const words = sentenceByChange(plan, 'plan');
  const lineOf = ({ id, key, reason = 'no reason given' }: Outcome): readonly string[] => {
    const change = changes.get(id);
    const said = change === undefined ? undefined : words(change);
    const what = said === undefined ? keyText(key) : style.verbose === 'all' ? `${said} (${keyText(key)})` : said;
    return item(change === undefined ? '·' : signs[change.action], `${what}: ${reason}`, style);
  };
  return foldedItems(outcomes, MOST, { style, lines: lineOf });
};

const MOST_DONE = 6;

const doneLines = (outcomes: readonly Outcome[], plan: Plan, style: PageStyle): readonly string[] => {
  const told = sentencesOf(
    plan,
    outcomes.map(({ key }) => key),
  );
  return foldedItems(told, MOST_DONE, { style, lines: (text) => item('·', text, style) });
};

const sentence = (outcomes: readonly Outcome[], plan: Plan): string => {
  const counts = (['done', 'failed', 'held'] as const)
    .map((status) => [status, withStatus(outcomes, status).length] as const)
    .filter(([, count]) => count > 0)
    .map(([status, count]) => `${number(count)} ${status}`);
  const wanted = plan.changes.length + plan.held.length;
  const untried = wanted - outcomes.length;
  const all = untried > 0 ? [...counts, `${number(untried)} not tried`] : counts;
  return `Of ${counted(wanted, 'change')}: ${enumerated(all)}.`;
};

const nextStep = (outcomes: readonly Outcome[], plan: Plan): string => {
  if (withStatus(outcomes, 'failed').length > 0)
    return 'Mend what AWS refused and run the same apply again: what is done stays done, the rest is tried again.';
  if (withStatus(outcomes, 'held').length > 0)
    return 'What is held is not done. Plan again to see it; approve it or mend what holds it, then apply.';
  if (outcomes.length < plan.changes.length + plan.held.length)
    return 'Run the same apply again: it goes on where it stopped.';
  const leftOut = leftOutSentence(plan);
  return leftOut === undefined
    ? 'AWS is what Git says. Open sessions keep their old access until they end.'
    : `AWS is not yet what Git says: ${leftOut}. The next apply goes on once the directory has them.`;
};

/** A summary for the end of an apply: counts, every failed and held change with its reason, and what to do next. */
export const outcomesText = (outcomes: readonly Outcome[], plan: Plan, style: PageStyle): string => {
  if (plan.changes.length === 0 && outcomes.length === 0) return 'Nothing was to be done.';
  const [failed, held] = [withStatus(outcomes, 'failed'), withStatus(outcomes, 'held')];
  const clean = failed.length === 0 && held.length === 0;
  return [
    ...paragraph(sentence(outcomes, plan), style, clean ? style.paint.green : style.paint.bold),
    ...section('Done', doneLines(withStatus(outcomes, 'done'), plan, style), style),
    ...section('Failed', listed(failed, plan, style).map(style.paint.red), style),
    ...section('Held', listed(held, plan, style).map(style.paint.yellow), style),
    '',
    ...paragraph(nextStep(outcomes, plan), style),
  ].join('\n');
};
