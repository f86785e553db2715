/** The Condition element: every operator AND every key; several values of one key are alternatives. */

import type { ConditionBlock, ConditionValue, OneOrMany } from '../model/policy.ts';
import { findOperator, type Comparison } from './operators.ts';
import { every, not, some, unknown, type Truth } from './truth.ts';
import { isUnknown, type Lookup, type Syntax, type Values } from './variables.ts';

export type Condition = (lookup: Lookup) => Truth;

type Quantifier = 'one' | 'forallvalues' | 'foranyvalue';
export type OperatorName = { readonly base: string; readonly quantifier: Quantifier; readonly ifExists: boolean };
type Test = OperatorName & {
  readonly key: string;
  readonly negated: boolean;
  readonly comparisons: readonly Comparison[];
};

export function compileConditions(
  block: ConditionBlock | undefined,
  variables: Syntax['variables'],
): readonly Condition[] {
  return Object.entries(block ?? {}).flatMap(([name, keys]) =>
    Object.entries(keys).map(([key, values]) =>
      compileTest({ name, key: key.toLowerCase(), values: listOf(values) }, variables),
    ),
  );
}

/** Is this the name of a condition operator, with any set prefix and `IfExists`? */
export function isOperator(name: string): boolean {
  const { base } = readOperatorName(name);
  return base === 'null' || findOperator(base) !== undefined;
}

type Entry = { readonly name: string; readonly key: string; readonly values: readonly string[] };

/** An operator that does not exist decides nothing: the answer hangs on it by name. */
function compileTest(entry: Entry, variables: Syntax['variables']): Condition {
  const read = readOperatorName(entry.name);
  if (read.base === 'null') return (lookup) => testNull(entry.values, lookup(entry.key));
  const operator = findOperator(read.base);
  if (!operator) return () => unknown(`operator:${entry.name}`);
  const comparisons = entry.values.map((value) => operator.compare(value, variables));
  const test: Test = { ...read, key: entry.key, negated: operator.negated, comparisons };
  return (lookup) => evaluateTest(test, lookup);
}

function evaluateTest(test: Test, lookup: Lookup): Truth {
  const values = lookup(test.key);
  if (isUnknown(values)) return values;
  if (values === undefined || values.length === 0) return missing(test);
  const holds = (value: string): Truth => {
    const matched = some(test.comparisons, (comparison) => comparison(value, lookup));
    return test.negated ? not(matched) : matched;
  };
  return combine(test, values, holds);
}

/**
 * Set operators see no values in an empty string (IAM User Guide, "Set operators for multivalued context keys").
 * Without one, several values match if any does, and fail a negated operator if any does.
 */
function combine(test: Test, list: readonly string[], holds: (value: string) => Truth): Truth {
  if (test.quantifier === 'one') return test.negated ? every(list, holds) : some(list, holds);
  const set = list.every((value) => value === '') ? [] : list;
  return test.quantifier === 'forallvalues' ? every(set, holds) : some(set, holds);
}

/** A key that is not there: negated operators and ForAllValues hold, ForAnyValue never does, IfExists always does. */
function missing(test: Test): boolean {
  if (test.ifExists || test.quantifier === 'forallvalues') return true;
  return test.quantifier === 'one' && test.negated;
}

/** `Null`: "true" wants the key absent, "false" wants it present with a value. */
function testNull(wanted: readonly string[], values: Values): Truth {
  if (isUnknown(values)) return values;
  const absent = (values ?? []).every((value) => value === '');
  return wanted.some((want) => want.toLowerCase() === String(absent));
}

/** The parts of an operator's name, in lower case. */
export function readOperatorName(name: string): OperatorName {
  const lower = name.toLowerCase();
  const colon = lower.indexOf(':');
  const prefix = lower.slice(0, Math.max(colon, 0));
  const quantifier = prefix === 'forallvalues' || prefix === 'foranyvalue' ? prefix : 'one';
  const plain = quantifier === 'one' ? lower : lower.slice(colon + 1);
  const ifExists = plain.endsWith('ifexists') && plain !== 'nullifexists';
  return { base: ifExists ? plain.slice(0, -'ifexists'.length) : plain, quantifier, ifExists };
}

function listOf(values: OneOrMany<ConditionValue>): readonly string[] {
  return (Array.isArray(values) ? (values as readonly ConditionValue[]) : [values as ConditionValue]).map(String);
}
