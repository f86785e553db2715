/** Where each statement of a policy begins and ends in its text, in the order of the document. */

type MatchPosition = { readonly Line: number; readonly Column: number };
export type MatchSpan = { readonly StartPosition: MatchPosition; readonly EndPosition: MatchPosition };

const positionAt = (text: string, index: number): MatchPosition => {
  const before = text.slice(0, index).split('\n');
  return { Line: before.length, Column: (before.at(-1) ?? '').length + 1 };
};

/** Statements are the objects directly in the document or in a list that is. */
const isStatementIn = (open: readonly string[]): boolean => ['{', '{['].includes(open.join(''));

export const statementSpans = (text: string): readonly MatchSpan[] => {
  const spans: MatchSpan[] = [];
  const open: string[] = [];
  let start = 0;
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]]/g)) {
    if (token === '{' || token === '[') {
      if (token === '{' && isStatementIn(open)) start = index;
      open.push(token);
    } else if (token === '}' || token === ']') {
      open.pop();
      if (token === '}' && isStatementIn(open))
        spans.push({ StartPosition: positionAt(text, start), EndPosition: positionAt(text, index + 1) });
    }
  }
  return spans;
};
