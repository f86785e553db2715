/** The Condition element: every operator AND every key; several values of one key are alternatives. */

import type { ConditionBlock } from '../model/policy.ts';
import { listOf } from '../model/policy.ts';
import type { ValueComparison } from './operators.ts';
import { findOperator } from './operators.ts';
import type { Truth } from './truth.ts';
import { everyTruth, not, someTruth, unknown } from './truth.ts';
import type { ContextLookup, Syntax, ContextValues } from './variables.ts';
import { isUnknown } from './variables.ts';

export type Condition = (lookup: ContextLookup) => Truth;

type Quantifier = 'one' | 'forallvalues' | 'foranyvalue';
export type OperatorName = { readonly base: string; readonly quantifier: Quantifier; readonly ifExists: boolean };
type CompiledTest = OperatorName & {
  readonly key: string;
  readonly negated: boolean;
  readonly comparisons: readonly ValueComparison[];
};

export function compileConditions(
  block: ConditionBlock | undefined,
  variables: Syntax['variables'],
): readonly Condition[] {
  return Object.entries(block ?? {}).flatMap(([name, keys]) =>
    Object.entries(keys).map(([key, values]) =>
      compileTest({ name, key: key.toLowerCase(), values: listOf(values).map(String) }, variables),
    ),
  );
}

/** Is this the name of a condition operator, with any set prefix and `IfExists`? */
export function isOperator(name: string): boolean {
  const { base } = readOperatorName(name);
  return base === 'null' || findOperator(base) !== undefined;
}

type ConditionEntry = { readonly name: string; readonly key: string; readonly values: readonly string[] };

/** An operator that does not exist decides nothing: the answer hangs on it by name. */
function compileTest(entry: ConditionEntry, variables: Syntax['variables']): Condition {
  const read = readOperatorName(entry.name);
  if (read.base === 'null') return (lookup) => testNull(entry.values, lookup(entry.key));
  const operator = findOperator(read.base);
  if (!operator) return () => unknown(`operator:${entry.name}`);
  const comparisons = entry.values.map((value) => operator.compare(value, variables));
  const test: CompiledTest = { ...read, key: entry.key, negated: operator.negated, comparisons };
  return (lookup) => evaluateTest(test, lookup);
}

function evaluateTest(test: CompiledTest, lookup: ContextLookup): Truth {
  const values = lookup(test.key);
  if (isUnknown(values)) return values;
  if (values === undefined || values.length === 0) return missing(test);
  const holds = (value: string): Truth => {
    const matched = someTruth(test.comparisons, (comparison) => comparison(value, lookup));
    return test.negated ? not(matched) : matched;
  };
  return combine(test, values, holds);
}

/**
 * Set operators see no values in an empty string (IAM User Guide, "Set operators for multivalued context keys").
 * Without one, several values match if any does, and fail a negated operator if any does.
 */
function combine(test: CompiledTest, list: readonly string[], holds: (value: string) => Truth): Truth {
  if (test.quantifier === 'one') return test.negated ? everyTruth(list, holds) : someTruth(list, holds);
  const set = list.every((value) => value === '') ? [] : list;
  return test.quantifier === 'forallvalues' ? everyTruth(set, holds) : someTruth(set, holds);
}

/** A key that is not there: negated operators and ForAllValues hold, ForAnyValue never does, IfExists always does. */
function missing(test: CompiledTest): boolean {
  if (test.ifExists || test.quantifier === 'forallvalues') return true;
  return test.quantifier === 'one' && test.negated;
}

/** `Null`: "true" wants the key absent, "false" wants it present with a value. */
function testNull(wanted: readonly string[], values: ContextValues): Truth {
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
