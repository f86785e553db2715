/** The branch that a filled-in review comes to: its pull request, and what was decided. */
import type { Plan } from '../model/plan.ts';
import type { ReviewRow } from '../model/review.ts';
import { fencedDiff } from './file-diff.ts';
import type { EditedFile } from './file-diff.ts';
import { effectText } from './grant-pull.ts';
import { markdownText, terminal, visibleJson } from './untrusted.ts';
import { counted } from './words.ts';

type RemovedRow = Pick<ReviewRow, 'kind' | 'holder' | 'what' | 'where' | 'place'> & { readonly note: string };

export type ReviewOutcome = {
  readonly day: string;
  readonly branch: string;
  readonly commit: string;
  readonly removed: readonly RemovedRow[];
  readonly kept: number;
  /** What rows without a decision are about. */
  readonly undecided: readonly string[];
  /** What is still given by something else, a sentence each. */
  readonly notes: readonly string[];
  readonly files: readonly EditedFile[];
  readonly between: Plan;
};

const removalTitle = ({ removed, day }: Pick<ReviewOutcome, 'removed' | 'day'>): string =>
  `Remove ${counted(removed.length, 'entry', 'entries')} by the access review of ${day}`;

const removedSentence = ({ kind, holder, what, where, note }: RemovedRow): string => {
  const loses = holder.type === 'user' ? 'loses' : 'lose';
  const said =
    kind === 'membership' ? `${what} leaves the group ${holder.name}` : `${holder.name} ${loses} ${what} in ${where}`;
  return note === '' ? said : `${said} · ${note}`;
};

/** Of the commit. */
export const removalMessage = (outcome: Pick<ReviewOutcome, 'removed' | 'day'>): string =>
  [
    removalTitle(outcome),
    '',
    ...outcome.removed.map((row) => terminal(`- ${removedSentence(row)} (${row.place.file}:${row.place.line})`)),
    '',
  ].join('\n');

const removalBody = ({ removed, kept, undecided, notes, files, between }: ReviewOutcome): string =>
  [
    `${counted(removed.length, 'entry', 'entries')} removed, ${kept} kept, ${undecided.length} not decided:`,
    removed.map((row) => `- ${markdownText(removedSentence(row), 1_000)}`).join('\n'),
    `What changes:\n\n${effectText(between)}`,
    notes.map((note) => markdownText(note)).join('\n'),
    fencedDiff(files),
  ]
    .filter((text) => text !== '')
    .join('\n\n');

export const outcomeText = (outcome: ReviewOutcome): string => `${removalTitle(outcome)}\n\n${removalBody(outcome)}`;

export const outcomeJson = (outcome: ReviewOutcome): string => {
  const { branch, commit, removed, kept, undecided, notes, files, between } = outcome;
  const said = {
    branch,
    commit,
    title: removalTitle(outcome),
    text: removalBody(outcome),
    removed: removed.map((row) => ({ sentence: removedSentence(row), file: row.place.file, line: row.place.line })),
    kept,
    undecided,
    notes,
    files: files.map(({ path, text }) => ({ path, change: text === undefined ? 'removed' : 'edited' })),
    grants: between.grants ?? [],
  };
  return visibleJson(JSON.stringify(said, undefined, 2));
};
