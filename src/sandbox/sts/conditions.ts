/** Conditions of trust policies, as far as the trusts of roles use them. */
import { isArnLike, isLike } from './glob.ts';

/** Condition keys in lower case to their values; an absent key is not in the request. */
export type ConditionFacts = Readonly<Record<string, string>>;

type StringTest = (actual: string, expected: string) => boolean;

const date = (text: string): number => (/^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text));

const tests: Readonly<Record<string, StringTest>> = {
  StringEquals: (actual, expected) => actual === expected,
  StringEqualsIgnoreCase: (actual, expected) => actual.toLowerCase() === expected.toLowerCase(),
  StringLike: isLike,
  ArnEquals: isArnLike,
  ArnLike: isArnLike,
  Bool: (actual, expected) => actual === expected.toLowerCase(),
  NumericEquals: (actual, expected) => Number(actual) === Number(expected),
  NumericLessThan: (actual, expected) => Number(actual) < Number(expected),
  NumericLessThanEquals: (actual, expected) => Number(actual) <= Number(expected),
  DateLessThan: (actual, expected) => date(actual) < date(expected),
  DateLessThanEquals: (actual, expected) => date(actual) <= date(expected),
  DateGreaterThan: (actual, expected) => date(actual) > date(expected),
  DateGreaterThanEquals: (actual, expected) => date(actual) >= date(expected),
};

const negations: Readonly<Record<string, string>> = {
  StringNotEquals: 'StringEquals',
  StringNotEqualsIgnoreCase: 'StringEqualsIgnoreCase',
  StringNotLike: 'StringLike',
  ArnNotEquals: 'ArnEquals',
  ArnNotLike: 'ArnLike',
};

const valuesOf = (value: unknown): readonly string[] => [value].flat().map(String);

type OperatorEntry = { readonly operator: string; readonly key: string; readonly value: unknown };

/** Undefined: an operator that is not known here. */
const holds = ({ operator, key, value }: OperatorEntry, facts: ConditionFacts): boolean | undefined => {
  const name = key.toLowerCase();
  const actual = Object.hasOwn(facts, name) ? facts[name] : undefined;
  if (operator === 'Null') return valuesOf(value).includes(String(actual === undefined));
  const plain = operator.replace(/IfExists$/, '');
  if (actual === undefined && plain !== operator) return true;
  const positive = Object.hasOwn(negations, plain) ? negations[plain] : undefined;
  const test = tests[positive ?? plain];
  if (test === undefined || !Object.hasOwn(tests, positive ?? plain)) return undefined;
  // A negated operator is true when the key is not in the request.
  if (actual === undefined) return positive !== undefined;
  const matches = valuesOf(value).some((expected) => test(actual, expected));
  return positive === undefined ? matches : !matches;
};

const entriesOf = (condition: unknown): readonly OperatorEntry[] => {
  if (typeof condition !== 'object' || condition === null) return [];
  return Object.entries(condition).flatMap(([operator, block]) =>
    Object.entries((block ?? {}) as Record<string, unknown>).map(([key, value]) => ({ operator, key, value })),
  );
};

/** True or false where it is known; undefined when it hangs on an operator that is not. */
export const conditionHolds = (condition: unknown, facts: ConditionFacts): boolean | undefined => {
  const results = entriesOf(condition).map((entry) => holds(entry, facts));
  if (results.includes(false)) return false;
  return results.includes(undefined) ? undefined : true;
};
