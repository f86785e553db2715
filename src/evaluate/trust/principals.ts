/** Whom one statement of a trust policy names, and by which values of its conditions. */
import type { ConditionBlock, PrincipalElement } from '../../model/policy.ts';
import { listOf } from '../../model/policy.ts';

/** Of each line whose operator and key, with a space between, are wanted. */
export const valuesOf = (block: ConditionBlock | undefined, wanted: RegExp): readonly string[] =>
  Object.entries(block ?? {}).flatMap(([operator, keys]) =>
    Object.entries(keys).flatMap(([key, values]) =>
      wanted.test(`${operator} ${key}`) ? listOf(values).map(String) : [],
    ),
  );

export const namesIn = (element: PrincipalElement | undefined): readonly (readonly [type: string, name: string])[] => {
  if (element === undefined) return [];
  if (element === '*') return [['AWS', '*']];
  return Object.entries(element).flatMap(([type, names]) => listOf(names).map((name) => [type, name] as const));
};
