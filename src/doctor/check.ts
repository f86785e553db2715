/** One thing that a real set-up needs, and how it stands. */
import type { Fact } from '../model/set-up.ts';

/** `failure`: it will not work, or is not safe. `unknown`: it could not be read, and the message says by whom it can. */
export type CheckStatus = 'ok' | 'warning' | 'failure' | 'unknown';

export type Check = {
  readonly id: string;
  readonly area: 'repository' | 'GitHub' | 'AWS';
  readonly status: CheckStatus;
  readonly message: string;
  readonly hint?: string;
};

export type CheckVerdict = Pick<Check, 'status' | 'message' | 'hint'>;

export const fine = (message: string): CheckVerdict => ({ status: 'ok', message });
export const warn = (message: string, hint: string): CheckVerdict => ({ status: 'warning', message, hint });
export const wrong = (message: string, hint: string): CheckVerdict => ({ status: 'failure', message, hint });

/** Judges a fact; one that could not be read is neither good nor bad. */
export const judgedFact = <T>(fact: Fact<T>, judge: (value: T) => CheckVerdict): CheckVerdict =>
  'value' in fact ? judge(fact.value) : { status: 'unknown', message: fact.unreadable };
