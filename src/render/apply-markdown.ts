/** What became of an apply on main, for a pull request, a run's page and a status line. */
import type { Outcome } from '../model/cloud.ts';
import type { Risk } from '../model/desired.ts';
import type { Plan } from '../model/plan.ts';
import { fitted, listBlock } from './budget.ts';
import type { TextBlock } from './budget.ts';
import { sentenceByChange, sentencesOf } from './change-sentences.ts';
import { GITHUB_LIMIT, LEFT_OUT_ROOM, leftOutText, safeLink } from './plan-markdown.ts';
import { clip, codeSpan, keySpan, markdownText } from './untrusted.ts';
import { counted, enumerated, number } from './words.ts';

/** `fingerprint`: starts the apply workflow by hand for this one and what it depends on; `who`: who made it so. */
export type HeldItem = {
  readonly key: string;
  readonly reason: string;
  readonly risk?: Risk;
  readonly fingerprint?: string;
  readonly who?: string;
};

export type ApplyPage = {
  readonly sha: string;
  /** The plan whose sentences say what the keys do. */
  readonly told: Pick<Plan, 'changes' | 'grants'>;
  readonly done: readonly string[];
  readonly failed: readonly Outcome[];
  readonly held: readonly HeldItem[];
  /** Of everything held. */
  readonly fingerprint?: string;
  /** Of what waits for a user or group that AWS does not have. */
  readonly leftOut?: string;
  /** Refusals of guards and access tests; then nothing was done but what has ended. */
  readonly refusals: readonly string[];
  /** Access tests that fail because something ended on its day; they refuse nothing. */
  readonly broken?: readonly string[];
  /** Whole sentences. */
  readonly notes?: readonly string[];
  readonly link?: string;
  readonly limit?: number;
};

export const applySentence = ({ done, failed, held, refusals }: ApplyPage): string => {
  if (refusals.length > 0) {
    const ended = done.length > 0 ? `; only what has ended was done: ${number(done.length)}` : '';
    return `Refused: ${counted(refusals.length, 'guard or access test', 'guards and access tests')}${ended}`;
  }
  const counts = [
    ...(done.length > 0 ? [`${number(done.length)} done`] : []),
    ...(failed.length > 0 ? [`${number(failed.length)} failed`] : []),
    ...(held.length > 0 ? [`${number(held.length)} held`] : []),
  ];
  return counts.length === 0 ? 'Nothing was left to do' : `Applied: ${enumerated(counts)}`;
};

/** "Ops (3 people) get Admin in Production. `KEY`: why not": the sentence where the plan has one. */
const itemWords = (page: ApplyPage): ((one: { readonly key: string; readonly reason?: string }) => string) => {
  const changes = new Map(page.told.changes.map((change) => [change.key, change]));
  const words = sentenceByChange(page.told, 'plan');
  return ({ key, reason = '' }) => {
    const change = changes.get(key);
    const said = change === undefined ? undefined : words(change);
    return `- ${said === undefined ? '' : `${markdownText(said, 400)}. `}${keySpan(key)}: ${markdownText(reason, 600)}`;
  };
};

const heldLine = ({ risk, fingerprint, who }: HeldItem, words: string): string =>
  [
    words,
    ...(risk === 'critical' || risk === 'high' ? [`**${risk}**`] : []),
    ...(who === undefined ? [] : [markdownText(who, 300)]),
    ...(fingerprint === undefined ? [] : [`fingerprint ${codeSpan(fingerprint)}`]),
  ].join('; ');

const byHand = ({ fingerprint, held }: ApplyPage): string => {
  if (fingerprint === undefined || held.every((item) => item.fingerprint === undefined)) return '';
  return `To have what is held done all the same, somebody whom the settings list starts the apply workflow by hand on main with the fingerprint of one item, or of all of them: ${codeSpan(fingerprint)}`;
};

const folded = (title: string, keys: readonly string[]): TextBlock =>
  listBlock(
    20_000,
    {
      before: `<details><summary>${title} (${number(keys.length)})</summary>\n\n`,
      items: keys.map((key) => `- ${keySpan(key)}`),
      after: '\n\n</details>',
    },
    (rest) => counted(rest, 'change'),
  );

const doneBlock = ({ told, done }: ApplyPage): TextBlock =>
  listBlock(
    10_000,
    { before: '**Done**\n\n', items: sentencesOf(told, done).map((text) => `- ${markdownText(text, 400)}`) },
    (rest) => counted(rest, 'sentence about what is done', 'sentences about what is done'),
  );

const list = (title: string, items: readonly string[]): TextBlock =>
  listBlock(20_000, { before: `**${title}**\n\n`, items }, (rest) => counted(rest, 'entry', 'entries'));

export const applyMarkdown = (page: ApplyPage): string => {
  const limit = page.limit ?? GITHUB_LIMIT;
  const link = safeLink(page.link);
  const waits = page.leftOut === undefined ? '' : ` ${page.leftOut}.`;
  const notes = (page.notes ?? []).map((text) => ` ${text}`).join('');
  const head = `**${applySentence(page)}.** Main is ${codeSpan(page.sha.slice(0, 12))}.${waits}${notes}`;
  const words = itemWords(page);
  const blocks = [
    list(
      'Refused',
      page.refusals.map((text) => `- ${markdownText(text, 600)}`),
    ),
    list(
      'Access tests that a date broke',
      (page.broken ?? []).map((text) => `- ${markdownText(text, 600)}`),
    ),
    list(
      'Failed',
      page.failed.map((one) => words(one)),
    ),
    list(
      'Held',
      page.held.map((one) => heldLine(one, words(one))),
    ),
    doneBlock(page),
    folded('Done, by key', page.done),
  ];
  const hand = byHand(page);
  const pieces = fitted(blocks, blocks, limit - head.length - hand.length - LEFT_OUT_ROOM - (link ?? '').length);
  const parts = [head, ...pieces.map(({ text }) => text), hand, leftOutText(pieces, link)];
  return clip(parts.filter((part) => part !== '').join('\n\n'), limit);
};
