/** What a guard is: a question to a whole plan that refuses it by name. */
import { isAbsoluteGuard } from '../../model/guard.ts';
import type { GuardId } from '../../model/guard.ts';
import type { Change, GuardResult, Note } from '../../model/plan.ts';
import type { Kind, State } from '../../model/resource.ts';
import type { OrderGap } from '../phases/draft.ts';
import type { CountAccounts } from '../situation/account-classes.ts';
import type { Situation } from '../situation/situation.ts';

export type Guarded = {
  readonly situation: Situation;
  readonly changes: readonly Change[];
  /** Live after these changes. */
  readonly result: State;
  readonly gaps: readonly OrderGap[];
  /** YYYY-MM-DD, UTC. */
  readonly today: string;
  /** Of a plan for a sample of the accounts, for how many each stands. */
  readonly countIn?: CountAccounts;
};

export type GuardRefusal = {
  /** What is wrong and what to do. */
  readonly message: string;
  readonly kind?: Kind;
  readonly key?: string;
  readonly count?: number;
};

export type Guard<Of = Guarded> = {
  readonly id: GuardId;
  /** What is true when nobody refuses. */
  readonly fine: string;
  readonly refusals: (guarded: Of) => readonly GuardRefusal[];
};

type DatedSituation = { readonly situation: Pick<Situation, 'desired'>; readonly today: string };

const exceptionFor = ({ situation, today }: DatedSituation, guard: Guard<never>, refusal: GuardRefusal) =>
  isAbsoluteGuard(guard.id)
    ? undefined
    : situation.desired.settings.exceptions.find(
        (one) =>
          one.guard === guard.id &&
          one.until >= today &&
          (one.kind === undefined || one.kind === refusal.kind) &&
          (one.key === undefined || one.key === refusal.key) &&
          (one.count === undefined || (refusal.count ?? 0) <= one.count),
      );

export const isLifted = (dated: DatedSituation, guard: Guard<never>, refusal: GuardRefusal): boolean =>
  exceptionFor(dated, guard, refusal) !== undefined;

/** One entry per guard that agrees, one per reason of each that refuses. */
export const resultsOf = <Of extends DatedSituation>(
  guards: readonly Guard<Of>[],
  guarded: Of,
): readonly GuardResult[] =>
  guards.flatMap((guard): readonly GuardResult[] => {
    const refused = guard.refusals(guarded).filter((refusal) => exceptionFor(guarded, guard, refusal) === undefined);
    if (refused.length === 0) return [{ id: guard.id, ok: true, message: guard.fine }];
    return refused.map(({ message }) => ({ id: guard.id, ok: false, message }));
  });

/** What an exception lets through is said as loudly as what it would have refused. */
export const liftedNotes = <Of extends DatedSituation>(guards: readonly Guard<Of>[], guarded: Of): readonly Note[] => {
  const excepted = new Set(guarded.situation.desired.settings.exceptions.map(({ guard }) => guard));
  const asked = guards.filter(({ id }) => excepted.has(id));
  return asked.flatMap((guard) =>
    guard.refusals(guarded).flatMap((refusal) => {
      const lifted = exceptionFor(guarded, guard, refusal);
      if (lifted === undefined) return [];
      const { until, reason } = lifted;
      return [{ message: `critical: guard ${guard.id} is lifted until ${until} (${reason}): ${refusal.message}` }];
    }),
  );
};
