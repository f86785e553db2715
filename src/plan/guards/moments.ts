/** The states in which a plan can stop that bear on one question: what is done of a few changes, whatever fails. */
import type { Change } from '../../model/plan.ts';
import type { Needs } from '../proof/orders.ts';
import { isDone, needsOf, ordersOf } from '../proof/orders.ts';
import { consequences, isHeldBy } from '../walk.ts';

/** The changes that are done, in the order of the plan. */
export type DoneChanges = readonly Change[];

/** As many states as all orders of so few changes have are looked at one by one. */
const mostExact = 6;

const exactly = (bearing: readonly Change[], needs: Needs): readonly DoneChanges[] =>
  ordersOf(
    bearing,
    needs,
    bearing.map(() => undefined),
  ).moments.map((moment) => bearing.filter((_, at) => isDone(moment, at)));

type Course = { readonly all: readonly Change[]; readonly needs: Needs };

/** A change and what has to be done before it, and nothing else. */
const alone = ({ needs }: Course, bearing: readonly Change[], change: Change): DoneChanges => {
  const earlier = bearing.slice(0, bearing.indexOf(change)).filter((one) => isHeldBy(change, one));
  const wanted = new Set([change, ...earlier].flatMap(({ id }) => [id, ...needs(id)]));
  return bearing.filter(({ id }) => wanted.has(id));
};

/** Everything but a change and what its failure drags along. */
const without = ({ all }: Course, bearing: readonly Change[], failed: string): DoneChanges => {
  const reasons = consequences(all, ({ id }) => id === failed);
  return bearing.filter(({ id }) => id !== failed && !reasons.has(id));
};

const likely = (course: Course, bearing: readonly Change[]): readonly DoneChanges[] => {
  const causes = new Set(bearing.flatMap(({ id }) => [id, ...course.needs(id)]));
  return [
    ...bearing.map((_, at) => bearing.slice(0, at + 1)),
    ...bearing.map((change) => alone(course, bearing, change)),
    ...[...causes].map((id) => without(course, bearing, id)),
  ];
};

/** Of the changes that bear on a question, in the order of the plan: the states that are looked at, each once. */
export type Moments = (bearing: readonly Change[]) => readonly DoneChanges[];

export const momentsOver = (all: readonly Change[]): Moments => {
  const course: Course = { all, needs: needsOf(all, new Map()) };
  const known = new Map<string, readonly DoneChanges[]>();
  const nameOf = (changes: readonly Change[]): string => changes.map(({ id }) => id).join();
  return (bearing) => {
    const name = nameOf(bearing);
    const found =
      known.get(name) ?? (bearing.length <= mostExact ? exactly(bearing, course.needs) : likely(course, bearing));
    const unique = new Map(found.map((one) => [nameOf(one), one]));
    known.set(name, [...unique.values()]);
    return known.get(name) ?? [];
  };
};
