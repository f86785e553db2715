/** One thing that a real set-up needs, and how it stands. */

/** `failure`: it will not work, or is not safe. `unknown`: it could not be read, and the message says by whom it can. */
export type CheckStatus = 'ok' | 'warning' | 'failure' | 'unknown';

export type Check = {
  readonly id: string;
  readonly area: 'repository' | 'GitHub' | 'AWS';
  readonly status: CheckStatus;
  readonly message: string;
  readonly hint?: string;
};

/** What was asked of a server, or why it did not answer. */
export type Fact<T> = { readonly value: T } | { readonly unreadable: string };

export type Verdict = Pick<Check, 'status' | 'message' | 'hint'>;

export const fine = (message: string): Verdict => ({ status: 'ok', message });
export const warn = (message: string, hint: string): Verdict => ({ status: 'warning', message, hint });
export const wrong = (message: string, hint: string): Verdict => ({ status: 'failure', message, hint });

/** Judges a fact; one that could not be read is neither good nor bad. */
export const judged = <T>(fact: Fact<T>, judge: (value: T) => Verdict): Verdict =>
  'value' in fact ? judge(fact.value) : { status: 'unknown', message: fact.unreadable };
