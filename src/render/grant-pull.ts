/** The pull request of one grant given or taken: its title, and a text in Markdown that says what the plan will. */
import type { GrantTerms } from '../model/desired.ts';
import type { Plan } from '../model/plan.ts';
import { decisionLineText } from './decision-lines.ts';
import { decisionsOf } from './decisions.ts';
import type { EditedFile } from './file-diff.ts';
import { fencedDiff } from './file-diff.ts';
import { daysOf } from './grant-sentences.ts';
import { otherSentences, railSentences } from './plan-sentences.ts';
import { markdownText, terminal, visibleJson } from './untrusted.ts';

export type GrantPage = {
  readonly action: 'give' | 'take';
  readonly who: string;
  /** "SecureCart-ReadOnly", "role CentralLogsReader". */
  readonly what: string;
  readonly where: string;
  readonly terms: GrantTerms;
  /** What else is to be known, a sentence each. */
  readonly notes: readonly string[];
  readonly files: readonly EditedFile[];
  /** From what the files asked for to what they ask for now. */
  readonly between: Plan;
};

const grantTitle = ({ action, who, what, where, terms }: GrantPage): string => {
  const days = daysOf(terms);
  return terminal(
    action === 'give'
      ? `Give ${who} ${what} in ${where}${days === '' ? '' : ` ${days}`}`
      : `Take ${what} in ${where} from ${who}`,
  );
};

const sentencesOf = (between: Plan): readonly string[] => [
  ...decisionsOf(between, 'plan').map((decision) => decisionLineText(decision)),
  ...railSentences(between, 'plan'),
  ...otherSentences(between, 'plan'),
];

/** What an edit changes, in Markdown, a line each. */
export const effectText = (between: Plan): string => {
  const sentences = sentencesOf(between);
  return sentences.length === 0
    ? 'Nothing changes today: only what begins or ends on another day.'
    : sentences.map((sentence) => `- ${markdownText(sentence, 1_000)}`).join('\n');
};

/** The body of the pull request, in Markdown. */
const grantBody = (page: GrantPage): string => {
  const paragraphs = [
    page.terms.reason === undefined ? '' : markdownText(page.terms.reason),
    effectText(page.between),
    page.notes.map((note) => markdownText(note)).join('\n'),
    fencedDiff(page.files),
  ];
  return paragraphs.filter((text) => text !== '').join('\n\n');
};

export const grantText = (page: GrantPage): string => `${grantTitle(page)}\n\n${grantBody(page)}`;

export const grantJson = (page: GrantPage): string => {
  const files = page.files.map(({ path, before, text }) => ({
    path,
    change: before === undefined ? 'added' : text === undefined ? 'removed' : 'edited',
  }));
  const { grants = [] } = page.between;
  return visibleJson(JSON.stringify({ title: grantTitle(page), text: grantBody(page), files, grants }, undefined, 2));
};
