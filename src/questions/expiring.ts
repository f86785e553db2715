/** What begins and what ends soon, a row for each entry of a file. */
import { dayOf, daysAfter } from '../model/days.ts';
import type { DatedGrant, Desired } from '../model/desired.ts';
import { grouped } from '../model/lists.ts';
import type { Place } from '../model/problem.ts';
import type { Resource } from '../model/resource.ts';
import { keyOf } from '../model/resource.ts';
import { undatedStage } from '../model/rollout.ts';

/**
 * `day`: the first valid one of what begins, the last valid one of what ends, and of a stage that has no day yet the first on
 * which it is due: `due` is over only when somebody has given it a day.
 */
export type Turning = {
  readonly day: string;
  readonly what: 'begins' | 'ends' | 'due';
  readonly resources: readonly Resource[];
  readonly until?: string;
  readonly reason?: string;
  readonly place: Place;
};

type Turn = Omit<Turning, 'resources'> & { readonly resource: Resource };

const beginning = ({ resource, from, until, reason, place }: DatedGrant): readonly Turn[] =>
  from === undefined
    ? []
    : [{ day: from, what: 'begins', resource, place, ...(until && { until }), ...(reason && { reason }) }];

/** Of several entries that give the same the later end counts, so only what settles for today ends. */
const ends = ({ ending, state, terms }: Desired): readonly Turn[] =>
  ending.flatMap(({ key, until, place }): readonly Turn[] => {
    const [resource, reason] = [state[key], terms[key]?.reason];
    return resource === undefined ? [] : [{ day: until, what: 'ends', resource, place, ...(reason && { reason }) }];
  });

const dueStages = ({ rollouts }: Desired): readonly Turn[] =>
  rollouts.flatMap((rollout): readonly Turn[] => {
    const next = undatedStage(rollout);
    if (next === undefined) return [];
    const { target, place } = next.stage;
    return [{ day: next.day, what: 'due', resource: { kind: 'attachment', policy: rollout.policy, target }, place }];
  });

export const turningsOf = (desired: Desired, { now, within }: { readonly now: string; readonly within: number }) => {
  const today = dayOf(now);
  const last = daysAfter(today, within);
  const turns = [
    ...desired.dated.flatMap(beginning).filter(({ day }) => day > today),
    ...ends(desired).filter(({ day }) => day >= today),
    ...dueStages(desired),
  ].filter(({ day }) => day <= last);
  const alike = grouped(turns, ({ day, what, place }) => JSON.stringify([day, what, place.file, place.line]));
  return [...alike.values()]
    .flatMap((same): readonly Turning[] => {
      const [first] = same;
      if (first === undefined) return [];
      const { resource: _resource, ...said } = first;
      return [{ ...said, resources: same.map(({ resource }) => resource) }];
    })
    .toSorted((one, other) => (orderOf(one) < orderOf(other) ? -1 : 1));
};

const orderOf = ({ day, what, resources: [first] }: Turning): string =>
  `${day} ${what} ${first === undefined ? '' : keyOf(first)}`;
