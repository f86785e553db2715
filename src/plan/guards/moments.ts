/** The states in which a plan can stop that bear on one question: what is done of a few changes, whatever fails. */
import { guardRailKinds } from '../../model/resource.ts';
import type { Change } from '../../model/plan.ts';
import type { DoneBits, Needs } from '../proof/orders.ts';
import { bitOf, isDone, needsOf, ordersOf, requirements } from '../proof/orders.ts';
import { consequences } from '../carry/next.ts';

/** The changes that are done, in the order of the plan. */
export type DoneChanges = readonly Change[];

/** As many states as all orders of so few changes have are looked at one by one. */
const mostExact = 6;

const exactly = (bearing: readonly Change[], needs: Needs): readonly DoneBits[] =>
  ordersOf(
    bearing,
    needs,
    bearing.map(() => undefined),
  ).moments;

type PlanCourse = { readonly all: readonly Change[]; readonly needs: Needs };

/** Some changes and what has to be done before them, and nothing else: no state that has them has less. */
const leastWith = ({ needs }: PlanCourse, bearing: readonly Change[]): ((places: readonly number[]) => DoneBits) => {
  const required = requirements(bearing, needs);
  const whole = (found: DoneBits): DoneBits => {
    const more = required.reduce((mask, one, at) => (isDone(found, at) ? mask | one : mask), found);
    return more === found ? found : whole(more);
  };
  const alone = bearing.map((_, at) => whole(bitOf(at)));
  return (places) => places.reduce((mask, at) => mask | (alone[at] ?? 0n), 0n);
};

/** Everything but a change and what its failure drags along. */
const without = ({ all }: PlanCourse, bearing: readonly Change[], failed: string): DoneBits => {
  const reasons = consequences(all, ({ id }) => id === failed);
  return bearing.reduce((mask, { id }, at) => (id === failed || reasons.has(id) ? mask : mask | bitOf(at)), 0n);
};

const rails: ReadonlySet<Change['kind']> = new Set([...guardRailKinds, 'attachment']);

/**
 * A guard rail denies by its attachment, which waits for the edits of its policy, and by where the account is and what is
 * enabled: so a guard rail and another kind of change, two at a time. Of members it counts that some are left.
 */
const pairsIn = (bearing: readonly Change[]): readonly (readonly number[])[] => {
  const turning = bearing.flatMap(({ kind }, at) => (rails.has(kind) || kind === 'membership' ? [] : [at]));
  return turning.flatMap((one) => bearing.flatMap((_, other) => (other === one ? [] : [[one, other]])));
};

const likely = (course: PlanCourse, bearing: readonly Change[]): readonly DoneBits[] => {
  const least = leastWith(course, bearing);
  const places = bearing.map((_, at) => at);
  const having = (wanted: (change: Change) => boolean): DoneBits =>
    least(places.filter((at) => wanted(bearing[at] as Change)));
  const causes = new Set(bearing.flatMap(({ id }) => [id, ...course.needs(id)]));
  return [
    ...places.map((at) => bitOf(at + 1) - 1n),
    ...places.map((at) => least([at])),
    ...pairsIn(bearing).map(least),
    having(({ action }) => action === 'delete'),
    having(({ action }) => action !== 'create'),
    ...[...causes].map((id) => without(course, bearing, id)),
  ];
};

/** Of the changes that bear on a question, in the order of the plan: the states that are looked at, each once. */
export type Moments = (bearing: readonly Change[]) => readonly DoneChanges[];

export const momentsOver = (all: readonly Change[]): Moments => {
  const course: PlanCourse = { all, needs: needsOf(all, new Map()) };
  const known = new Map<string, readonly DoneChanges[]>();
  return (bearing) => {
    const name = bearing.map(({ id }) => id).join();
    const found =
      known.get(name) ??
      [...new Set(bearing.length <= mostExact ? exactly(bearing, course.needs) : likely(course, bearing))].map(
        (moment) => bearing.filter((_, at) => isDone(moment, at)),
      );
    known.set(name, found);
    return found;
  };
};
