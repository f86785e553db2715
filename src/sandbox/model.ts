/** A service's model: the rules that its API reference gives for each member of each operation's input. */
import type { CallInput } from './core.ts';
import { AwsError } from './core.ts';

type ScalarShape = {
  /** The query protocol has texts alone, JSON has whole numbers and flags too; a time is ISO 8601 or seconds. */
  readonly kind: 'text' | 'number' | 'integer' | 'flag' | 'time';
  /** Characters of a text, or the number itself. */
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly oneOf?: readonly string[];
};

type ListShape = { readonly list: string; readonly min?: number; readonly max?: number };

type MapShape = { readonly map: string; readonly key?: string };

/** Members are written `Name=type`, `Name!=type` when they must be there. A union has exactly one of them. */
type StructureShape = { readonly structure: string; readonly union?: true };

export type ShapeType = ScalarShape | ListShape | MapShape | StructureShape;

export type ServiceModel = {
  readonly types: Readonly<Record<string, ShapeType>>;
  /** Operations with a result, and those that only acknowledge; each with the members of its input. */
  readonly answering: Readonly<Record<string, string>>;
  readonly silent?: Readonly<Record<string, string>>;
  /** STS repeats the value that breaks a rule; IAM hides it. */
  readonly showsValues?: true;
  /** The service's own answer to broken rules; absent: IAM's. */
  readonly refusal?: (broken: readonly BrokenMember[], message: string) => AwsError;
};

type MemberRule = { readonly name: string; readonly required: boolean; readonly type: string };

const rulesOf = (members: string): readonly MemberRule[] =>
  members === ''
    ? []
    : members.split(' ').map((member) => {
        const [left = '', type = ''] = member.split('=');
        return { name: left.replace('!', ''), required: left.endsWith('!'), type };
      });

/** Error texts name members as Java does. */
const lowered = (name: string): string => `${name.charAt(0).toLowerCase()}${name.slice(1)}`;

type ShapeFault = 'type' | 'required' | 'enum' | 'min' | 'max' | 'pattern';

/** The rule that a value breaks, by its kind and in AWS's words. */
type ShapeBreach = { readonly fault: ShapeFault; readonly kind?: ScalarShape['kind']; readonly rule: string };

/** The value and its place come before the rule. */
export type BrokenMember = ShapeBreach & { readonly at: string; readonly value: unknown };

const patterns = new Map<string, RegExp>();

const matches = (pattern: string, value: string): boolean => {
  const known = patterns.get(pattern) ?? new RegExp(`^(?:${pattern})$`, 'u');
  patterns.set(pattern, known);
  return known.test(value);
};

type SizeBounds = { readonly min?: number; readonly max?: number };

const sizeBreach = (size: number, { min, max }: SizeBounds, noun: string): ShapeBreach | undefined => {
  if (size < (min ?? -Infinity))
    return { fault: 'min', rule: `Member must have ${noun} greater than or equal to ${min ?? 0}` };
  return size > (max ?? Infinity)
    ? { fault: 'max', rule: `Member must have ${noun} less than or equal to ${max ?? 0}` }
    : undefined;
};

const wrongType = (noun: string): ShapeBreach => ({ fault: 'type', rule: `Member must be ${noun}` });

const numberBreach = (type: ScalarShape, value: unknown): ShapeBreach | undefined => {
  const isDigits = type.kind === 'number' && typeof value === 'string' && /^-?\d{1,15}$/.test(value);
  const number = isDigits ? Number(value) : value;
  if (typeof number !== 'number' || (type.kind === 'integer' && !Number.isSafeInteger(number)))
    return wrongType('a number');
  return sizeBreach(number, type, 'value');
};

/** As AWS counts: a character outside the basic plane is one. */
const lengthOf = (value: string): number => [...value].length;

const textBreach = (type: ScalarShape, value: unknown): ShapeBreach | undefined => {
  if (typeof value !== 'string') return wrongType('a text');
  if (type.oneOf)
    return type.oneOf.includes(value) ? undefined : { fault: 'enum', rule: 'Member must satisfy enum value set' };
  const size = sizeBreach(lengthOf(value), type, 'length');
  if (size !== undefined) return size;
  if (type.pattern === undefined || matches(type.pattern, value)) return undefined;
  return { fault: 'pattern', rule: `Member must satisfy regular expression pattern: ${type.pattern}` };
};

const isTime = (value: unknown): boolean =>
  typeof value === 'number' ? Number.isFinite(value) : typeof value === 'string' && !Number.isNaN(Date.parse(value));

const scalarBreach = (type: ScalarShape, value: unknown): ShapeBreach | undefined => {
  if (type.kind === 'flag') return typeof value === 'boolean' ? undefined : wrongType('a boolean');
  if (type.kind === 'time') return isTime(value) ? undefined : wrongType('a timestamp');
  const breach = type.kind === 'text' ? textBreach(type, value) : numberBreach(type, value);
  return breach && { ...breach, kind: type.kind };
};

/** For an element of a list AWS names every rule of its type, not the broken one. */
const everyRule = ({ min, max, pattern, oneOf }: ScalarShape): string => {
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

const plain: Readonly<Record<string, ShapeType>> = {
  text: { kind: 'text' },
  integer: { kind: 'number' },
  boolean: { kind: 'text', oneOf: ['true', 'false'] },
  whole: { kind: 'integer' },
  flag: { kind: 'flag' },
  time: { kind: 'time' },
  object: { structure: '' },
};

const typeNamed = ({ types }: ServiceModel, name: string): ShapeType | undefined => plain[name] ?? types[name];

type ShapePlace = { readonly model: ServiceModel; readonly at: string };

/** An empty list arrives as an empty text from the query protocol. */
const itemsOf = (value: unknown, { silent }: ServiceModel): readonly unknown[] | undefined => {
  if (value === '' && silent) return [];
  return Array.isArray(value) ? (value as unknown[]) : undefined;
};

const brokenInList = (value: unknown, type: ListShape, { model, at }: ShapePlace): readonly BrokenMember[] => {
  const items = itemsOf(value, model);
  if (!items) return [{ at, value, ...wrongType('a list') }];
  const size = sizeBreach(items.length, type, 'length');
  if (size !== undefined) return [{ at, value, ...size }];
  const element = typeNamed(model, type.list);
  if (element && 'kind' in element) {
    const breach = items.map((item) => scalarBreach(element, item)).find((one) => one !== undefined);
    return breach === undefined ? [] : [{ ...breach, at, value, rule: everyRule(element) }];
  }
  return items.flatMap((item, index) => brokenIn(item, type.list, { model, at: `${at}.${index + 1}.member` }));
};

const isObject = (value: unknown): value is CallInput =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const brokenInMap = (value: unknown, type: MapShape, { model, at }: ShapePlace): readonly BrokenMember[] => {
  if (!isObject(value)) return [{ at, value, ...wrongType('a map') }];
  return Object.entries(value).flatMap(([key, item]) => [
    ...(type.key === undefined ? [] : brokenIn(key, type.key, { model, at: `${at}.key` })),
    ...brokenIn(item, type.map, { model, at: `${at}.${key}.member` }),
  ]);
};

const brokenInStructure = (
  value: unknown,
  type: StructureShape,
  { model, at }: ShapePlace,
): readonly BrokenMember[] => {
  // In the query protocol a structure without members does not show.
  if (!isObject(value) && !model.silent) return [{ at, value, ...wrongType('a structure') }];
  const members = isObject(value) ? value : {};
  const given = rulesOf(type.structure).filter(({ name }) => (members[name] ?? undefined) !== undefined);
  if (type.union && given.length !== 1)
    return [{ at, value, fault: 'required', rule: 'Member must have exactly one member' }];
  return brokenMembers(members, type.structure, { model, at: `${at}.` });
};

const brokenIn = (value: unknown, name: string, place: ShapePlace): readonly BrokenMember[] => {
  const type = typeNamed(place.model, name);
  if (!type) return [];
  if ('list' in type) return brokenInList(value, type, place);
  if ('map' in type) return brokenInMap(value, type, place);
  if ('structure' in type) return brokenInStructure(value, type, place);
  const breach = scalarBreach(type, value);
  return breach === undefined ? [] : [{ ...breach, at: place.at, value }];
};

const brokenMembers = (input: CallInput, members: string, { model, at }: ShapePlace): readonly BrokenMember[] =>
  rulesOf(members).flatMap(({ name, required, type }) => {
    const value = input[name];
    const here = { model, at: `${at}${lowered(name)}` };
    if (value !== undefined && value !== null) return brokenIn(value, type, here);
    return required ? [{ at: here.at, value: null, fault: 'required', rule: 'Member must not be null' }] : [];
  });

const membersOf = ({ answering, silent = {} }: ServiceModel, operation: string): string | undefined => {
  if (Object.hasOwn(answering, operation)) return answering[operation];
  return Object.hasOwn(silent, operation) ? silent[operation] : undefined;
};

const shown = ({ showsValues }: ServiceModel, { value }: BrokenMember): string => {
  if (!showsValues) return '';
  return typeof value === 'string' ? ` '${value}'` : ` ${JSON.stringify(value)}`;
};

/** AWS names several broken rules in the order of a Java hash table of sixteen buckets, as recorded answers show. */
const bucketOf = (text: string): number => {
  let hash = 0;
  for (const mark of text) hash = (Math.imul(hash, 31) + mark.charCodeAt(0)) | 0;
  return (hash ^ (hash >>> 16)) & 15;
};

/** Throws what AWS answers to members which its model forbids. */
export const checkInput = (model: ServiceModel, operation: string, input: CallInput): void => {
  const members = membersOf(model, operation);
  const broken = members === undefined ? [] : brokenMembers(input, members, { model, at: '' });
  if (broken.length === 0) return;
  const texts = [...broken]
    .sort((a, b) => bucketOf(a.at) - bucketOf(b.at))
    .map((one) => `Value${shown(model, one)} at '${one.at}' failed to satisfy constraint: ${one.rule}`);
  const message = `${broken.length} validation error${broken.length === 1 ? '' : 's'} detected: ${texts.join('; ')}`;
  throw model.refusal?.(broken, message) ?? new AwsError('ValidationError', message);
};

/** Whether the operation's answer has a result element, empty or not. */
export const hasResult = ({ answering }: ServiceModel, operation: string): boolean =>
  Object.hasOwn(answering, operation);
