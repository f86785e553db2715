/** Values of a live resource that none of its expected states has: somebody else changed it. */
import { comparableFields } from './equal.ts';
import { formOf } from './fields.ts';
import type { Resource } from '../model/resource.ts';

/** One value of a resource by its path: a policy of a list and a tag are values of their own. */
type ComparedValues = ReadonlyMap<string, string>;

const isPair = (item: unknown): item is readonly [string, string] => Array.isArray(item) && item.length === 2;

const elementOf = (field: string, item: unknown): readonly [string, string] =>
  isPair(item) ? [`${field} ${item[0]}`, item[1]] : [`${field} ${String(item)}`, 'present'];

const fieldValues = (field: string, value: unknown): readonly (readonly [string, string])[] => {
  if (value === null) return [];
  return Array.isArray(value) ? value.map((item) => elementOf(field, item)) : [[field, JSON.stringify(value)]];
};

/**
 * Progress, such as `outdatedIn`, is left out: it says how far AWS has got with an edit, not what was asked for, and a run that was killed
 * between the edit and the provision must be able to go on.
 */
const valuesOf = (resource: Resource | undefined): ComparedValues => {
  if (resource === undefined) return new Map();
  const fields = Object.entries(comparableFields(resource)).filter(
    ([field]) => formOf(resource.kind, field) !== 'progress',
  );
  return new Map([['itself', 'present'], ...fields.flatMap(([field, value]) => fieldValues(field, value))]);
};

/**
 * Paths of the values of `live` that no state has, such as `description`, `tags team`, or `itself` for what came or went;
 * `undefined` stands for absence.
 */
export const strangeValues = (
  live: Resource | undefined,
  states: readonly (Resource | undefined)[],
): readonly string[] => {
  const [found, known] = [valuesOf(live), states.map(valuesOf)];
  const paths = new Set([found, ...known].flatMap((values) => [...values.keys()]));
  return [...paths].filter((path) => !known.some((values) => values.get(path) === found.get(path)));
};
