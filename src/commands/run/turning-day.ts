/** Days on which what the files give begins or ends, with the access tests that may fail then. */
import type { Understanding } from '../../desired/understand.ts';
import type { Desired } from '../../model/desired.ts';
import type { Key, Resource } from '../../model/resource.ts';

export type DeclaredTestEntry = Understanding['declared']['tests'][number];
/** What begins or ends on a day, compared with the day before. */
export type ForeseenChange = {
  readonly key: Key;
  readonly before: Resource | undefined;
  readonly after: Resource | undefined;
};
/** The tests that may fail because of it. */
type TouchedTests = { readonly turn: ForeseenChange; readonly tests: readonly DeclaredTestEntry[] };
export type TurningDay = { readonly day: string; readonly desired: Desired; readonly touched: readonly TouchedTests[] };
export type ComingFailure = {
  readonly test: DeclaredTestEntry;
  readonly day: string;
  readonly turns: readonly ForeseenChange[];
};
