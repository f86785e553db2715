/** For how long something is given with the approvals that this takes: decided from what each pull request said of it. */
import { commonTerm, isGiven, isSameTerm, outlivedEnd, overSince, termOf } from '../desired/terms.ts';
import type { Term } from '../desired/terms.ts';
import { once } from '../model/lists.ts';

/** What a pull request, or a commit without one, made of a term. */
export type TermWord<Span> = { readonly span: Span; readonly before: Term; readonly after: Term };

export type SpanJudge<Span> = {
  /** Why it does not count; nothing when it does. */
  readonly objection: (span: Span) => Promise<string | undefined>;
  /** What its reviews lack for giving the thing as if anew. */
  readonly unmet: (span: Span) => Promise<string | undefined>;
};

export type Agreed<Span> = {
  readonly term: Term;
  /** To the newest word that gives more than what counts. */
  readonly objection?: { readonly span: Span; readonly why: string; readonly asked: Term };
  /** Whose word it is, where it goes beyond an end. */
  readonly by?: Span;
  /** Whose word it is that main says nothing any more of what had ended: nothing else took it away. */
  readonly dropped?: Span;
};

const outlives = (one: Term, other: Term, today: string): boolean => outlivedEnd(other, one, today) !== undefined;

/** No day up to today of which it could be said that it ended. */
const isSilent = (term: Term, today: string): boolean => !isGiven(term, today) && overSince(term, today) === undefined;

/** Whoever takes an entry out of the files after its last day, or lets it begin later, does not undo that it has ended. */
const dropping = <Span>(older: Agreed<Span>, { span, after }: TermWord<Span>, today: string): Agreed<Span> =>
  overSince(older.term, today) === undefined
    ? { term: after }
    : { term: termOf([...older.term, ...after]), dropped: span };

/** `words`: newest first; `first`: before the oldest of them. Asks of older ones only where they matter. */
type TermStory<Span> = { readonly words: readonly TermWord<Span>[]; readonly first: Term; readonly today: string };

export const agreedTo = async <Span>(judge: SpanJudge<Span>, story: TermStory<Span>): Promise<Agreed<Span>> => {
  const { first, today } = story;
  const [word, ...words] = story.words;
  if (word === undefined) return { term: first };
  const { span, before, after } = word;
  const rest = once(() => agreedTo(judge, { ...story, words }));
  if (isSameTerm(before, after)) return rest();
  const isMore = outlives(after, before, today);
  const why = await judge.objection(span);
  if (why === undefined && isMore) return { term: after, by: span };
  if (why === undefined && isSilent(after, today)) return dropping(await rest(), word, today);
  if (why === undefined && before.length === 0) return { term: after };
  const older = await rest();
  if (!outlives(after, older.term, today))
    return { ...older, term: why === undefined ? after : termOf([...older.term, ...after]) };
  // One that takes away from a word that did not count itself may still give more than the last word that did.
  const lacks = why ?? (await judge.unmet(span));
  if (lacks === undefined) return { term: after, by: span };
  const term = why === undefined ? commonTerm(older.term, after) : older.term;
  return { term, objection: { span, why: lacks, asked: after } };
};
