/** What a difference of access is judged by. */
import type { Delta } from '../../evaluate/reach/delta.ts';
import type { ReachableActions } from '../../evaluate/reach/reach.ts';
import type { AccountKind } from './judgment.ts';
import type { Newly } from './newly.ts';

export type AccessCase = {
  readonly delta: Delta;
  readonly before: readonly ReachableActions[];
  readonly after: readonly ReachableActions[];
  readonly place: AccountKind;
  /** The roles that they newly come to. */
  readonly newly: Newly;
};
