/** What a pull request does otherwise than the head that somebody approved, on the comment with its plan. */
import { listBlock } from './budget.ts';
import type { TextBlock } from './budget.ts';
import { differenceSentences } from './difference.ts';
import type { DifferencePart } from './difference.ts';
import { codeSpan, markdownText } from './untrusted.ts';
import { counted, enumerated } from './words.ts';

/** Nothing of it is said by the pull request: GitHub knows who approved which commit, and git what the commit holds. */
export type SinceApproval = {
  readonly logins: readonly string[];
  readonly commit: string;
  /** A sentence where nobody can say what changed. */
  readonly part: DifferencePart | string;
};

const SHORT = 7;

const sinceText = ({ logins, commit }: SinceApproval): string =>
  `since ${enumerated(logins.map((login) => markdownText(login, 60)))} approved (${codeSpan(commit.slice(0, SHORT))})`;

const nothingText = (since: SinceApproval, changes: number): string => {
  const rest = changes === 0 ? '' : `; ${counted(changes, 'other change')} in AWS`;
  return `Nothing about access changed ${sinceText(since)}${rest}.`;
};

const whole = (text: string): TextBlock => ({ cap: 2_000, fit: (room) => ({ text: text.length <= room ? text : '' }) });

export const sinceBlock = (since: SinceApproval, cap: number): TextBlock => {
  const { part } = since;
  if (typeof part === 'string') return whole(`What changed ${sinceText(since)} is not known: ${markdownText(part)}.`);
  const sentences = differenceSentences(part);
  if (sentences.length === 0) return whole(nothingText(since, part.plan.changes.length));
  return listBlock(
    cap,
    {
      before: `### What changed ${sinceText(since)}\n\n`,
      items: sentences.map((text) => `- ${markdownText(text, 600)}`),
    },
    (rest) => counted(rest, 'change since an approval', 'changes since an approval'),
  );
};
