/** Days on which what the files give begins or ends, with the access tests that may fail then. */
import type { Understanding } from '../../desired/understand.ts';
import type { Desired } from '../../model/desired.ts';
import type { Key, Resource } from '../../model/resource.ts';

export type WrittenTest = Understanding['declared']['tests'][number];
/** What begins or ends on a day, compared with the day before. */
export type Turn = {
  readonly key: Key;
  readonly before: Resource | undefined;
  readonly after: Resource | undefined;
};
/** The tests that may fail because of it. */
type Touched = { readonly turn: Turn; readonly tests: readonly WrittenTest[] };
export type TurningDay = { readonly day: string; readonly desired: Desired; readonly touched: readonly Touched[] };
export type ComingFailure = { readonly test: WrittenTest; readonly day: string; readonly turns: readonly Turn[] };
