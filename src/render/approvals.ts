/** Who has approved and who is missing, in Markdown. */
import { markdownText } from './untrusted.ts';

type ApprovalVerdict = {
  readonly verdict: {
    readonly ok: boolean;
    readonly approvers: readonly string[];
    readonly missing: readonly string[];
    readonly ignored: readonly string[];
  };
  readonly needed: readonly string[];
};

const list = (title: string, items: readonly string[]): readonly string[] =>
  items.length === 0 ? [] : [[`**${title}**`, '', ...items.map((text) => `- ${markdownText(text, 600)}`)].join('\n')];

export const approvalsMarkdown = ({ verdict, needed }: ApprovalVerdict): string => {
  const { ok, approvers, missing, ignored } = verdict;
  const lead = ok
    ? `Approved by ${approvers.map((login) => markdownText(login)).join(' and ')}, on the final head.`
    : 'Not approved yet.';
  return [lead, ...list('Missing', missing), ...list('Does not count', ignored), ...list('Needed', needed)].join(
    '\n\n',
  );
};
