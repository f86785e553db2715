/** Which runs of merged pull requests stand behind a key. Decides from plain data; design, section 5, "Approved". */

/** A span that changed some keys, with whether it counts as approved. */
export type JudgedSpan = {
  readonly base: string;
  readonly end: string;
  /** "pull request #12" or "commit 0123456". */
  readonly name: string;
  readonly changed: ReadonlySet<string>;
  /** Why it does not count; nothing when it does. */
  readonly objection: string | undefined;
};

/** A successful deployment: how many commits of main are newer, and the keys it did not get done. */
export type Record = { readonly age: number; readonly open: ReadonlySet<string> };

export type History = {
  /** Newest first. */
  readonly spans: readonly JudgedSpan[];
  readonly records: readonly Record[];
  /** How many commits of main are newer than this one. */
  readonly ageOf: (sha: string) => number;
};

export type Approval =
  | { readonly approved: true; readonly from: string; readonly spans: readonly JudgedSpan[] }
  | { readonly approved: false; readonly reason: string };

const held = (reason: string): Approval => ({ approved: false, reason });

/** Done once, and not to be done again on the same word: what differs now came later. */
const isSpent = (key: string, last: JudgedSpan, { records, ageOf }: History): boolean =>
  records.some(({ age, open }) => age <= ageOf(last.end) && !open.has(key));

/**
 * The shortest unbroken run of counting pull requests, up to main, at whose base the key was as it is live. `isAt` is asked
 * with a commit: whether live equals what that commit asks for, or a step from there.
 */
export const approvalOf = async (
  key: string,
  history: History,
  isAt: (commit: string) => Promise<boolean>,
): Promise<Approval> => {
  const spans = history.spans.filter(({ changed }) => changed.has(key));
  const [last] = spans;
  if (last === undefined) return held('drift: no merged pull request asks for it');
  if (isSpent(key, last, history)) return held(`drift: ${last.name} was carried out, and AWS changed since`);
  const run: JudgedSpan[] = [];
  for (const span of spans) {
    if (span.objection !== undefined) return held(`${span.name} does not count: ${span.objection}`);
    run.push(span);
    if (await isAt(span.base)) return { approved: true, from: span.base, spans: run };
  }
  return held('live moved: AWS has neither what was there when it was approved nor what was approved');
};
