/** A service's model: the rules that its API reference gives for each member of each operation's input. */
import { AwsError, type Input } from './core.ts';

type Scalar = {
  readonly kind: 'text' | 'number';
  /** Characters of a text, or the number itself. */
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly oneOf?: readonly string[];
};

type List = { readonly list: string; readonly min?: number; readonly max?: number };

/** Members are written `Name=type`, `Name!=type` when they must be there. */
type Structure = { readonly structure: string };

export type Type = Scalar | List | Structure;

export type ServiceModel = {
  readonly types: Readonly<Record<string, Type>>;
  /** Operations with a result, and those that only acknowledge; each with the members of its input. */
  readonly answering: Readonly<Record<string, string>>;
  readonly silent: Readonly<Record<string, string>>;
  /** STS repeats the value that breaks a rule; IAM hides it. */
  readonly showsValues?: true;
};

type Rule = { readonly name: string; readonly required: boolean; readonly type: string };

const rulesOf = (members: string): readonly Rule[] =>
  members === ''
    ? []
    : members.split(' ').map((member) => {
        const [left = '', type = ''] = member.split('=');
        return { name: left.replace('!', ''), required: left.endsWith('!'), type };
      });

/** Error texts name members as Java does. */
const lowered = (name: string): string => `${name.charAt(0).toLowerCase()}${name.slice(1)}`;

/** The rules that a value breaks, in AWS's words; the value and its place come before them. */
type Broken = { readonly at: string; readonly value: unknown; readonly rule: string };

const patterns = new Map<string, RegExp>();

const matches = (pattern: string, value: string): boolean => {
  const known = patterns.get(pattern) ?? new RegExp(`^(?:${pattern})$`, 'u');
  patterns.set(pattern, known);
  return known.test(value);
};

const sizeRule = (size: number, { min, max }: { readonly min?: number; readonly max?: number }, noun: string) => {
  if (size < (min ?? -Infinity)) return `Member must have ${noun} greater than or equal to ${min ?? 0}`;
  return size > (max ?? Infinity) ? `Member must have ${noun} less than or equal to ${max ?? 0}` : undefined;
};

const numberRule = (type: Scalar, value: unknown): string | undefined => {
  const number = typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number') return 'Member must be a number';
  return sizeRule(number, type, 'value');
};

const scalarRule = (type: Scalar, value: unknown): string | undefined => {
  if (type.kind === 'number') return numberRule(type, value);
  if (typeof value !== 'string') return 'Member must be a text';
  if (type.oneOf) return type.oneOf.includes(value) ? undefined : 'Member must satisfy enum value set';
  const size = sizeRule(value.length, type, 'length');
  if (size !== undefined) return size;
  if (type.pattern === undefined || matches(type.pattern, value)) return undefined;
  return `Member must satisfy regular expression pattern: ${type.pattern}`;
};

/** For an element of a list AWS names every rule of its type, not the broken one. */
const everyRule = ({ min, max, pattern, oneOf }: Scalar): string => {
  if (oneOf) return 'Member must satisfy enum value set';
  const rules = [
    ...(max === undefined ? [] : [`Member must have length less than or equal to ${max}`]),
    ...(min === undefined ? [] : [`Member must have length greater than or equal to ${min}`]),
    ...(pattern === undefined
      ? []
      : [`Member must satisfy regular expression pattern: ${pattern}`, 'Member must not be null']),
  ];
  return `Member must satisfy constraint: [${rules.join(', ')}]`;
};

const plain: Readonly<Record<string, Scalar>> = {
  text: { kind: 'text' },
  integer: { kind: 'number' },
  boolean: { kind: 'text', oneOf: ['true', 'false'] },
};

const typeNamed = ({ types }: ServiceModel, name: string): Type | undefined => plain[name] ?? types[name];

type Place = { readonly model: ServiceModel; readonly at: string };

/** An empty list arrives as an empty text. */
const itemsOf = (value: unknown): readonly unknown[] | undefined => {
  if (value === '') return [];
  return Array.isArray(value) ? (value as unknown[]) : undefined;
};

const brokenInList = (value: unknown, type: List, { model, at }: Place): readonly Broken[] => {
  const items = itemsOf(value);
  if (!items) return [{ at, value, rule: 'Member must be a list' }];
  const size = sizeRule(items.length, type, 'length');
  if (size !== undefined) return [{ at, value, rule: size }];
  const element = typeNamed(model, type.list);
  if (element && 'kind' in element)
    return items.some((item) => scalarRule(element, item) !== undefined)
      ? [{ at, value, rule: everyRule(element) }]
      : [];
  return items.flatMap((item, index) => brokenIn(item, type.list, { model, at: `${at}.${index + 1}.member` }));
};

const isObject = (value: unknown): value is Input =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const brokenIn = (value: unknown, name: string, place: Place): readonly Broken[] => {
  const type = typeNamed(place.model, name);
  if (!type) return [];
  if ('list' in type) return brokenInList(value, type, place);
  if ('structure' in type)
    return brokenMembers(isObject(value) ? value : {}, type.structure, { ...place, at: `${place.at}.` });
  const rule = scalarRule(type, value);
  return rule === undefined ? [] : [{ at: place.at, value, rule }];
};

const brokenMembers = (input: Input, members: string, { model, at }: Place): readonly Broken[] =>
  rulesOf(members).flatMap(({ name, required, type }) => {
    const value = input[name];
    const here = { model, at: `${at}${lowered(name)}` };
    if (value !== undefined && value !== null) return brokenIn(value, type, here);
    return required ? [{ at: here.at, value: null, rule: 'Member must not be null' }] : [];
  });

const membersOf = ({ answering, silent }: ServiceModel, operation: string): string | undefined => {
  if (Object.hasOwn(answering, operation)) return answering[operation];
  return Object.hasOwn(silent, operation) ? silent[operation] : undefined;
};

const shown = ({ showsValues }: ServiceModel, { value }: Broken): string => {
  if (!showsValues) return '';
  return typeof value === 'string' ? ` '${value}'` : ` ${JSON.stringify(value)}`;
};

/** AWS names several broken rules in the order of a Java hash table of sixteen buckets, as recorded answers show. */
const bucketOf = (text: string): number => {
  let hash = 0;
  for (const mark of text) hash = (Math.imul(hash, 31) + mark.charCodeAt(0)) | 0;
  return (hash ^ (hash >>> 16)) & 15;
};

/** Throws the ValidationError that AWS answers to members which its model forbids. */
export const checkInput = (model: ServiceModel, operation: string, input: Input): void => {
  const members = membersOf(model, operation);
  const broken = members === undefined ? [] : brokenMembers(input, members, { model, at: '' });
  if (broken.length === 0) return;
  const texts = [...broken]
    .sort((a, b) => bucketOf(a.at) - bucketOf(b.at))
    .map((one) => `Value${shown(model, one)} at '${one.at}' failed to satisfy constraint: ${one.rule}`);
  throw new AwsError(
    'ValidationError',
    `${broken.length} validation error${broken.length === 1 ? '' : 's'} detected: ${texts.join('; ')}`,
  );
};

/** Whether the operation's answer has a result element, empty or not. */
export const hasResult = ({ answering }: ServiceModel, operation: string): boolean =>
  Object.hasOwn(answering, operation);
