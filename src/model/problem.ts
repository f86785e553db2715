/** Something wrong in the files, with its place. */

/** A path relative to the repository, 1-based line and column. */
export type Place = { readonly file: string; readonly line: number; readonly column?: number };

export type Severity = 'error' | 'warning' | 'note';
export type Problem = {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  readonly hint?: string;
};

/** Something a user caused and can mend: printed as one line, without a stack. */
export class UserError extends Error {
  override readonly name = 'UserError';
}
