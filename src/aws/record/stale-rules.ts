/** Which answers of a record may no longer be what AWS would say. */
import type { RecordedCall } from '../../model/record.ts';
import type { AccountId } from '../../model/resource.ts';
import { keptOperations } from './kept.ts';
import type { KeptGroup } from './kept.ts';

/** Answers to these operations where question or answer names all of these; without names, every one of them. */
export type StaleRule = {
  readonly operations: readonly string[];
  readonly naming?: readonly string[];
  readonly account?: AccountId;
};

export const staleWhere = (groups: readonly KeptGroup[], ...naming: readonly string[]): StaleRule => ({
  operations: groups.flatMap((group): readonly string[] => keptOperations[group]),
  naming,
});

export const staleIam = (account: AccountId): StaleRule => ({ operations: keptOperations.iam, account });

/** Nothing of the record is believed. */
export const allStale: StaleRule = { operations: Object.values(keptOperations).flat() };

const byOperation = (rules: readonly StaleRule[]): ReadonlyMap<string, readonly StaleRule[]> => {
  const found = new Map<string, StaleRule[]>();
  for (const rule of rules)
    for (const operation of rule.operations) {
      const some = found.get(operation) ?? [];
      some.push(rule);
      found.set(operation, some);
    }
  return found;
};

/** By the text of question and answer: ids of AWS are unlike any other text, and one too many is only asked again. */
export const isStale = (rules: readonly StaleRule[]) => {
  const known = byOperation(rules);
  return (call: RecordedCall): boolean => {
    const some = known.get(call.operation) ?? [];
    if (some.length === 0) return false;
    const text = JSON.stringify([call.input, call.answer]);
    return some.some(
      ({ naming = [], account }) =>
        (account === undefined || account === call.account) && naming.every((name) => text.includes(name)),
    );
  };
};
