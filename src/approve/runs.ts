/** Which runs of merged pull requests stand behind a key. Decides from plain data; design, section 5, "Approved". */

/** A span of main that is a merged pull request, or a commit that came without one. */
export type JudgedSpan = {
  readonly base: string;
  readonly end: string;
  /** "pull request #12" or "commit 0123456". */
  readonly name: string;
  readonly changes: (key: string) => boolean;
  /** Whether it says another end of an entry that is over now. */
  readonly ends: (key: string) => boolean;
  /** Why it does not count as approved; nothing when it does. Asked only of spans that matter. */
  readonly objection: () => Promise<string | undefined>;
};

/** A successful deployment: how many commits of main are newer, and the keys that it did not get done. */
export type DeploymentRecord = { readonly age: number; readonly open: ReadonlySet<string> };

/** What is known of main so far, walking back. */
export type History<Span extends JudgedSpan = JudgedSpan> = {
  /** Newest first. */
  readonly spans: readonly Span[];
  readonly records: readonly DeploymentRecord[];
  /** How many commits of main are newer than this one. */
  readonly ageOf: (sha: string) => number;
  /** How many commits of main are newer than what was not looked at yet. */
  readonly depth: number;
  /** Why it cannot be known what was done at this age and later: a record that was made is gone. Nothing when all are there. */
  readonly lostSince: (age: number) => Promise<string | undefined>;
};

export type RunApproval<Span extends JudgedSpan = JudgedSpan> =
  | { readonly is: 'approved'; readonly from: string; readonly spans: readonly Span[] }
  | { readonly is: 'held'; readonly reason: string }
  /** Pull requests that count asked for it, and AWS is at the base of none of them; older commits may tell, or no more. */
  | { readonly is: 'open' | 'elsewhere'; readonly run: readonly Span[] };

const held = (reason: string): RunApproval<never> => ({ is: 'held', reason });

/** Done once, and not to be done again on the same word: what differs now came later. */
const isSpent = (key: string, age: number, { records }: Pick<History, 'records'>): boolean =>
  records.some((record) => record.age <= age && !record.open.has(key));

/**
 * The shortest unbroken run of counting pull requests, up to main, at whose base the key was as it is live. `isAt` is asked
 * with a commit: whether live equals what that commit asks for, or a step from there.
 */
export const approvalOf = async <Span extends JudgedSpan>(
  key: string,
  history: History<Span>,
  isAt: (commit: string) => Promise<boolean>,
): Promise<RunApproval<Span>> => {
  const spans = history.spans.filter(({ changes }) => changes(key));
  const [last] = spans;
  if (last === undefined)
    return isSpent(key, history.depth, history)
      ? held('drift: AWS changed since main was carried out')
      : { is: 'open', run: [] };
  if (isSpent(key, history.ageOf(last.end), history))
    return held(`drift: ${last.name} was carried out, and AWS changed since`);
  const run: Span[] = [];
  for (const span of spans) {
    const objection = await span.objection();
    if (objection !== undefined && run.length > 0) return { is: 'elsewhere', run };
    if (objection !== undefined) return held(`${span.name} does not count: ${objection}`);
    run.push(span);
    if (!(await isAt(span.base))) continue;
    const lost = await history.lostSince(history.ageOf(last.end));
    return lost === undefined ? { is: 'approved', from: span.base, spans: run } : held(lost);
  }
  return { is: 'open', run };
};

/** An entry that is over goes without a word, unless the word that ended it does not count. */
export const endOf = async <Span extends JudgedSpan>(
  key: string,
  { spans }: History<Span>,
): Promise<RunApproval<Span>> => {
  const span = spans.find(({ ends }) => ends(key));
  if (span === undefined) return { is: 'open', run: [] };
  const objection = await span.objection();
  return objection === undefined
    ? { is: 'approved', from: span.base, spans: [] }
    : held(`the day it ended on came with ${span.name}, which does not count: ${objection}`);
};

/** The same of what main says nothing of any more: AWS may have got it back by hand since it was taken away. */
export const droppedEndOf = async <Span extends JudgedSpan>(
  key: string,
  history: History<Span>,
): Promise<RunApproval<Span>> => {
  const span = history.spans.find(({ ends }) => ends(key));
  return isSpent(key, span === undefined ? history.depth : history.ageOf(span.end), history)
    ? held('drift: it had ended and was taken away, and AWS changed since')
    : endOf(key, history);
};

/** What it comes to when there are no older commits to ask. */
export const unapproved = (run: readonly JudgedSpan[]): string =>
  run.length === 0
    ? 'drift: no merged pull request asks for it'
    : 'live moved: AWS has neither what was there when it was approved nor what was approved';
