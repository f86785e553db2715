/** Answers from a record where nothing can have changed the answer; asks AWS for the rest. */
import type { AwsRecord, RecordedCall } from '../../model/record.ts';
import type { AccountId } from '../../model/resource.ts';
import { keptOperations, listText, questionText } from './kept.ts';
import { isStale } from './stale-rules.ts';
import type { StaleRule } from './stale-rules.ts';
import type { Tape } from './tape.ts';

export type Replay = {
  readonly tape: Tape;
  /** Answers that were taken from the record so far. */
  readonly taken: () => number;
  /** Answers in the record that are not to be taken. */
  readonly stale: number;
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

/** Each answer is given once: whoever asks again wants to know it anew. */
export const replay = ({ calls }: AwsRecord, rules: readonly StaleRule[]): Replay => {
  const stale = staleLists(calls, rules);
  const fresh = calls.filter((call) => !stale.has(listText(call)));
  const left = new Map(fresh.map((call) => [questionText(call), call]));
  const accounts = new Set<AccountId | undefined>(
    fresh.filter(({ operation }) => ofIam.includes(operation)).map(({ account }) => account),
  );
  let taken = 0;
  const tape: Tape = {
    answersFor: (account) => accounts.has(account),
    ask: async (question, send) => {
      const text = questionText(question);
      const known = left.get(text);
      if (known === undefined) return send();
      left.delete(text);
      taken += 1;
      return answered(known) as Awaited<ReturnType<typeof send>>;
    },
  };
  return { tape, taken: () => taken, stale: calls.length - fresh.length };
};
