/** No end that was approved is outlived by words that have not the approvals for it, whatever they say and in whichever order. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { agreedTo } from '../../src/approve/agreed-terms.ts';
import type { TermWord } from '../../src/approve/agreed-terms.ts';
import { dayAfter } from '../../src/model/days.ts';
import { isGiven, outlivedEnd, termOf } from '../../src/desired/terms.ts';
import type { Term } from '../../src/desired/terms.ts';

/** What the reviews are enough for: nothing, to take away, to give. */
type Reviews = 'none' | 'low' | 'full';
type Said = { readonly until: number | undefined; readonly reviews: Reviews };
type Span = Said & { readonly isMore: boolean };

const today = '2027-01-01';
const day = (at: number): string => new Date(Date.UTC(2027, 0, 1 + at)).toISOString().slice(0, 10);
const termUntil = (until: number | undefined): Term => termOf([until === undefined ? {} : { until: day(until) }]);

const until = fc.option(fc.integer({ min: 1, max: 12 }), { nil: undefined, freq: 4 });
const said = (...reviews: readonly Reviews[]) => fc.record({ until, reviews: fc.constantFrom(...reviews) });

/** Oldest first. */
const wordsOf = (first: Term, story: readonly Said[]): readonly TermWord<Span>[] =>
  story.map((span, at) => {
    const previous = story[at - 1];
    const [before, after] = [previous === undefined ? first : termUntil(previous.until), termUntil(span.until)];
    return { span: { ...span, isMore: outlivedEnd(before, after, today) !== undefined }, before, after };
  });

const judge = {
  objection: async ({ reviews, isMore }: Span) =>
    Promise.resolve(reviews === 'none' || (isMore && reviews === 'low') ? 'no' : undefined),
  unmet: async ({ reviews }: Span) => Promise.resolve(reviews === 'full' ? undefined : 'more'),
};

const agreed = async (first: Term, story: readonly Said[], on = today): Promise<Term> =>
  (await agreedTo(judge, { words: wordsOf(first, story).toReversed(), first, today: on })).term;

test('the day after it nothing is given any more', async () => {
  let outlived = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 12 }),
      fc.array(said('none', 'low'), { maxLength: 6 }),
      async (end, story) => {
        const [first, next] = [termUntil(end), dayAfter(day(end))];
        if (isGiven(termUntil(story.at(-1)?.until), next)) outlived += 1;
        expect(isGiven(await agreed(first, story, next), next)).toBe(false);
        expect(isGiven(await agreed(first, story), next)).toBe(false);
      },
    ),
    { numRuns: 500 },
  );
  expect(outlived).toBeGreaterThan(50);
});

test('words that have the approvals are all that counts, and nothing is held for them', async () => {
  await fc.assert(
    fc.asyncProperty(
      until,
      fc.array(said('none', 'low', 'full'), { maxLength: 6 }),
      until,
      async (begin, story, last) => {
        // One that says what is there already says nothing of the end.
        fc.pre(story.at(-1)?.until !== last || story.length === 0);
        const whole: readonly Said[] = [...story, { until: last, reviews: 'full' }];
        const term = await agreed(termUntil(begin), whole);
        expect(outlivedEnd(term, termUntil(last), today)).toBeUndefined();
      },
    ),
    { numRuns: 500 },
  );
});

test('words that only take away are not held', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 6 }), async (ends) => {
      const story = ends.toSorted((a, b) => b - a).map((end): Said => ({ until: end, reviews: 'low' }));
      const term = await agreed(termUntil(undefined), story);
      expect(term).toEqual(termUntil(story.at(-1)?.until));
    }),
    { numRuns: 200 },
  );
});
