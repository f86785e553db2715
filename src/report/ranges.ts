/** Places in a list, written short. */
import type { Ranges } from './report.ts';

export const rangesOf = (places: readonly number[]): Ranges => {
  const ranges: number[] = [];
  for (const place of places.toSorted((one, other) => one - other)) {
    const last = ranges.at(-1);
    if (last !== undefined && place <= last + 1) ranges[ranges.length - 1] = place;
    else ranges.push(place, place);
  }
  return ranges;
};

export const placesInRange = (ranges: Ranges): readonly number[] =>
  ranges.flatMap((first, at) =>
    at % 2 === 1 ? [] : Array.from({ length: (ranges[at + 1] ?? first) - first + 1 }, (_, step) => first + step),
  );
