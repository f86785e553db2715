/** Choices of a repeatable history. */
import { randomOf } from '../faults.ts';

export type Chance = {
  readonly below: (count: number) => number;
  /** Undefined of nothing. */
  readonly one: <T>(items: readonly T[]) => T | undefined;
  /** Of a list that is not empty. */
  readonly of: <T>(first: T, ...others: readonly T[]) => T;
  readonly percent: (often: number) => boolean;
};

export const chanceOf = (seed: number): Chance => {
  const random = randomOf(seed);
  const one = <T>(items: readonly T[]): T | undefined => items[random(Math.max(1, items.length))];
  return {
    below: random,
    one,
    of: (first, ...others) => one([first, ...others]) ?? first,
    percent: (often) => random(100) < often,
  };
};
