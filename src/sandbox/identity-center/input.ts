/** Reading the members of a request under the constraints of AWS's service models. */
import type { CallInput } from '../core.ts';
import { AwsError } from '../core.ts';

export type InputRule = {
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: RegExp;
  readonly values?: readonly string[];
};

export const invalidSsoInput = (message: string): AwsError => new AwsError('ValidationException', message);

const broken = (text: string, rule: InputRule): string | null => {
  const length = [...text].length;
  if (length < (rule.min ?? 0)) return `Member must have length greater than or equal to ${rule.min}`;
  if (length > (rule.max ?? Infinity)) return `Member must have length less than or equal to ${rule.max}`;
  if (rule.pattern && !rule.pattern.test(text))
    return `Member must satisfy regular expression pattern: ${rule.pattern.source}`;
  if (rule.values && !rule.values.includes(text))
    return `Member must satisfy enum value set: [${rule.values.join(', ')}]`;
  return null;
};

const constraint = (name: string, failure: string): AwsError =>
  invalidSsoInput(
    `1 validation error detected: Value at '${name.charAt(0).toLowerCase()}${name.slice(1)}' ` +
      `failed to satisfy constraint: ${failure}`,
  );

/** The text of a member, null when it is absent; ValidationException when it breaks its rule. */
export const optionalInput = (input: CallInput, name: string, rule: InputRule = {}): string | null => {
  const value = input[name];
  if (value === undefined || value === null) return null;
  if (typeof value !== 'string') throw constraint(name, 'Member must be a string');
  const failure = broken(value, rule);
  if (failure !== null) throw constraint(name, failure);
  return value;
};

/** The text of a member that must be there. */
export const requiredInput = (input: CallInput, name: string, rule: InputRule = {}): string => {
  const value = optionalInput(input, name, rule);
  if (value === null) throw constraint(name, 'Member must not be null');
  return value;
};

/** One of a fixed set of words. */
export const word = <Word extends string>(input: CallInput, name: string, words: readonly Word[]): Word => {
  const text = requiredInput(input, name);
  const found = words.find((known) => known === text);
  if (found === undefined) throw constraint(name, `Member must satisfy enum value set: [${words.join(', ')}]`);
  return found;
};

export const isRecord = (value: unknown): value is CallInput =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A structure, null when it is absent. */
export const structure = (input: CallInput, name: string): CallInput | null => {
  const value = input[name];
  if (value === undefined || value === null) return null;
  if (!isRecord(value)) throw constraint(name, 'Member must be a structure');
  return value;
};

/** A list with at least `min` and at most `max` elements; absent counts as empty. */
export const list = (input: CallInput, name: string, rule: InputRule = {}): readonly unknown[] => {
  const value: unknown = input[name] ?? [];
  if (!Array.isArray(value)) throw constraint(name, 'Member must be a list');
  if (value.length < (rule.min ?? 0))
    throw constraint(name, `Member must have length greater than or equal to ${rule.min}`);
  if (value.length > (rule.max ?? Infinity))
    throw constraint(name, `Member must have length less than or equal to ${rule.max}`);
  return value;
};

/** A list of structures. */
export const structures = (input: CallInput, name: string, rule: InputRule = {}): readonly CallInput[] =>
  list(input, name, rule).map((value) => {
    if (!isRecord(value)) throw constraint(name, 'Member must be a structure');
    return value;
  });

/** The members that are neither null nor undefined: awsJson leaves absent members out. */
export const present = (output: CallInput): CallInput =>
  Object.fromEntries(Object.entries(output).filter(([, value]) => value !== null && value !== undefined));

/** awsJson writes timestamps as seconds. */
export const seconds = (milliseconds: number): number => milliseconds / 1000;
