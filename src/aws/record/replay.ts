/** Answers from a record where nothing can have changed the answer; asks AWS for the rest. */
import type { AwsRecord, RecordedCall } from '../../model/record.ts';
import type { AccountId } from '../../model/resource.ts';
import { isKept, keptOperations, listText, questionText } from './kept.ts';
import { isStale } from './stale-rules.ts';
import type { StaleRule } from './stale-rules.ts';
import type { Tape } from './tape.ts';

type Replay = {
  readonly tape: Tape;
  /** Answers that were taken from the record so far. */
  readonly taken: () => number;
  /** Answers in the record that are not to be taken. */
  readonly stale: () => number;
};

class RecordedError extends Error {}

const answered = ({ answer, error }: RecordedCall): unknown => {
  if (error !== undefined) throw Object.assign(new RecordedError(error), { name: error });
  return { ...answer, $metadata: {} };
};

/** A page that is stale makes its whole list stale: the tokens of the others lead through a list that is no more. */
const staleLists = (calls: readonly RecordedCall[], rules: readonly StaleRule[]): ReadonlySet<string> => {
  const stale = isStale(rules);
  return new Set(calls.filter(stale).map(listText));
};

const ofIam: readonly string[] = keptOperations.iam;

type FreshAnswers = {
  readonly left: Map<string, RecordedCall>;
  readonly accounts: ReadonlySet<AccountId | undefined>;
  readonly stale: number;
};

const freshIn = ({ calls }: AwsRecord, rules: readonly StaleRule[]): FreshAnswers => {
  const stale = staleLists(calls, rules);
  const fresh = calls.filter((call) => !stale.has(listText(call)));
  return {
    left: new Map(fresh.map((call) => [questionText(call), call])),
    accounts: new Set(fresh.filter(({ operation }) => ofIam.includes(operation)).map(({ account }) => account)),
    stale: calls.length - fresh.length,
  };
};

const nothing: FreshAnswers = { left: new Map(), accounts: new Set(), stale: 0 };

/**
 * What is not kept is asked at once; what is kept waits until it is known what moved, and is asked where nobody knows. Each
 * answer is given once: whoever asks again wants to know it anew.
 */
export const replay = (record: AwsRecord, moved: Promise<readonly StaleRule[] | undefined>): Replay => {
  const always: ReadonlySet<string> = new Set(record.fed ? keptOperations.memberships : []);
  const reading = moved.then((rules) => (rules === undefined ? nothing : freshIn(record, rules)));
  let [taken, stale] = [0, 0];
  reading.then((known) => (stale = known.stale)).catch(() => undefined);
  const tape: Tape = {
    answersFor: async (account) => (await reading).accounts.has(account),
    ask: async (question, send) => {
      if (!isKept(question) || always.has(question.operation)) return send();
      const { left } = await reading;
      const text = questionText(question);
      const known = left.get(text);
      if (known === undefined) return send();
      left.delete(text);
      taken += 1;
      return answered(known) as Awaited<ReturnType<typeof send>>;
    },
  };
  return { tape, taken: () => taken, stale: () => stale };
};
