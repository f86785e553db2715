/** What the members of an operation's input must look like: the service model's required members, lengths and patterns. */
import type { CallInput } from './core.ts';

export type InputMember = {
  readonly kind: 'string' | 'integer' | 'list';
  readonly required?: true;
  readonly pattern?: RegExp;
  readonly oneOf?: readonly string[];
  /** Characters of a string, elements of a list, or the number itself. */
  readonly min?: number;
  readonly max?: number;
};

export type InputMembers = Readonly<Record<string, InputMember>>;

export type MemberFault = {
  readonly member: string;
  readonly rule: 'type' | 'required' | 'enum' | 'min' | 'max' | 'pattern';
  readonly kind: InputMember['kind'];
};

const hasKind = (value: unknown, kind: InputMember['kind']): boolean => {
  if (kind === 'string') return typeof value === 'string';
  return kind === 'list' ? Array.isArray(value) : Number.isSafeInteger(value);
};

const sizeOf = (value: unknown): number => {
  if (typeof value === 'number') return value;
  return typeof value === 'string' || Array.isArray(value) ? value.length : 0;
};

const ruleBroken = (value: unknown, member: InputMember): MemberFault['rule'] | undefined => {
  if (value === undefined || value === null) return member.required ? 'required' : undefined;
  if (!hasKind(value, member.kind)) return 'type';
  if (sizeOf(value) < (member.min ?? -Infinity)) return 'min';
  if (sizeOf(value) > (member.max ?? Infinity)) return 'max';
  if (typeof value !== 'string') return undefined;
  if (member.oneOf && !member.oneOf.includes(value)) return 'enum';
  return member.pattern && !member.pattern.test(value) ? 'pattern' : undefined;
};

/** The first member that breaks its rule, in the order of the table. */
export const faultOf = (input: CallInput, members: InputMembers): MemberFault | undefined => {
  for (const [name, member] of Object.entries(members)) {
    const rule = ruleBroken(input[name], member);
    if (rule) return { member: name, rule, kind: member.kind };
  }
  return undefined;
};

/** A string member that `faultOf` has passed; absent: the empty string. */
export const textMember = (input: CallInput, member: string): string => {
  const value = input[member];
  return typeof value === 'string' ? value : '';
};

/** As `text`, but an absent member is undefined. */
export const optionalTextMember = (input: CallInput, member: string): string | undefined => {
  const value = input[member];
  return typeof value === 'string' ? value : undefined;
};

/** The record's own value: a hostile key such as `__proto__` finds nothing. */
export const own = <T>(record: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined;
