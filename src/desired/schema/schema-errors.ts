/** What ajv says about one file, folded into one readable line per mistake. */
import type { ErrorObject } from 'ajv';
import type { RuleId } from '../rules.ts';
import { suggestion } from '../suggest.ts';
import { characterName } from '../checks/characters.ts';
import { listed, printable, quoted, yamlWord } from '../text.ts';
import { daysMeant, keyMeant, listMeant } from './meant.ts';
import type { Path } from '../yaml-file.ts';

/** A mistake at a path: of a value, or of a key. */
export type SchemaMistake = {
  readonly path: Path;
  readonly on: 'value' | 'key';
  readonly rule: RuleId;
  readonly message: string;
  readonly hint?: string | undefined;
  /** The key that is missing, or the known key that an unknown one is nearly. */
  readonly meant?: string | undefined;
  /** The allowed value that was nearly written. */
  readonly value?: string;
  /** The id, where the name of its account belongs. */
  readonly accountId?: string;
};
type SchemaNode = {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly const?: unknown;
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly 'x-rule'?: RuleId;
  readonly 'x-says'?: string;
};
/** The source text of a scalar at a path. */
type SourceOf = (path: Path) => string | undefined;

const pathOf = (pointer: string): Path =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));

const labelOf = (path: Path): string => {
  const last = path.at(-1);
  if (last === undefined) return 'the file';
  if (typeof last === 'string') return printable(last);
  const name = path.at(-2);
  return name === undefined ? `entry ${last + 1}` : `entry ${last + 1} of ${printable(String(name))}`;
};

const typeWords: Readonly<Record<string, string>> = {
  string: 'text',
  array: 'a list',
  object: 'a map',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  null: 'null',
};
const wordsOfType = (type: unknown): string => typeWords[String(type)] ?? printable(String(type));

const typeOf = (data: unknown): string => {
  if (data === null) return 'empty';
  if (Array.isArray(data)) return 'a list';
  return wordsOfType(typeof data);
};

const schemaOf = (error: ErrorObject): SchemaNode => (error.parentSchema ?? {}) as SchemaNode;
const param = (error: ErrorObject, name: string): unknown => (error.params as Record<string, unknown>)[name];

/** The duration that somebody who typed a bare number meant: seconds, as AWS counts them, or hours. */
const durationHint = (number: number): string => {
  const minutes = number <= 12 ? number * 60 : number / 60;
  if (!Number.isInteger(minutes) || minutes < 60 || minutes > 720)
    return 'Write a duration from "1h" to "12h", or "PT1H".';
  return minutes % 60 === 0
    ? `Write "${minutes / 60}h" or "PT${minutes / 60}H".`
    : `Write "${minutes}m" or "PT${minutes}M".`;
};

/** Accounts are named by name everywhere but in the tree, which gives their ids, and in policy documents. */
const namesAccount = (path: Path): boolean => {
  const [before, last] = [path.at(-2), path.at(-1)];
  const key = typeof last === 'number' ? before : last;
  return ['accounts', 'except', 'account', 'resourceAccount', 'delegatedAdministrator'].includes(String(key));
};

/** A number loses its leading zeros while it is typed, too. */
const unquotedId = (path: Path, source: string): SchemaMistake => ({
  path,
  on: 'value',
  rule: 'unquoted-account-id',
  message: `${source} is a number; an account id needs quotes`,
  ...(namesAccount(path)
    ? { hint: "Write the account's name.", accountId: source.padStart(12, '0') }
    : { hint: `Write "${source}".` }),
});

/** The value as text, where it is a scalar. */
const scalarText = (data: unknown): string | undefined =>
  typeof data === 'string' || typeof data === 'number' || typeof data === 'boolean' ? String(data) : undefined;

const dateHint = (written: string): string | undefined => {
  const days = daysMeant(written);
  return days.length === 0 ? undefined : `Write ${days.join(' or ')}.`;
};

/** The value in the form that is asked for, where that can be told. */
const typeHint = ({ data }: ErrorObject, expected: string, source: string | undefined): string | undefined => {
  const value = scalarText(data);
  if (expected === 'a list') {
    if (data === null) return 'Delete the key, or write [].';
    return value === undefined
      ? 'Each entry begins with "- ".'
      : `Write ${printable(listMeant(source ?? value), 300)}.`;
  }
  if (expected !== 'text') return undefined;
  const only = Array.isArray(data) && data.length === 1 ? scalarText(data[0]) : undefined;
  if (only !== undefined) return `Write ${yamlWord(only)}.`;
  return value === undefined || source === undefined || source === '' ? undefined : `Write "${printable(source)}".`;
};

/** What the text must be where quotes around what is written would not make it right. */
const wordsBeyondQuotes = (error: ErrorObject, source: string | undefined): string | undefined => {
  const { pattern, 'x-says': says, 'x-rule': rule } = schemaOf(error);
  if (source === undefined || pattern === undefined || rule === 'bad-date' || scalarText(error.data) === undefined)
    return undefined;
  return new RegExp(pattern, 'u').test(source) ? undefined : says;
};

const wrongType = (error: ErrorObject, expected: string, source: string | undefined): SchemaMistake => {
  const path = pathOf(error.instancePath);
  const base = { path, on: 'value' } as const;
  if (expected === 'text' && source !== undefined && /^[0-9]{9,12}$/.test(source)) return unquotedId(path, source);
  if (schemaOf(error)['x-rule'] === 'bad-duration' && typeof error.data === 'number')
    return {
      ...base,
      rule: 'bad-duration',
      message: `${labelOf(path)} must be a duration as text, not a number`,
      hint: durationHint(error.data),
    };
  const says = wordsBeyondQuotes(error, source);
  if (says !== undefined)
    return { ...base, rule: 'wrong-type', message: `${labelOf(path)} must be ${says}, not ${typeOf(error.data)}` };
  const message = `${labelOf(path)} must be ${expected}, not ${typeOf(error.data)}`;
  const hint = schemaOf(error)['x-rule'] === 'bad-date' ? dateHint(source ?? '') : undefined;
  return { ...base, rule: 'wrong-type', message, hint: hint ?? typeHint(error, expected, source) };
};

/** A pattern that is a set of characters refuses one of them; any other at least takes only ASCII, where one stands out. */
const refusedIn = (text: string, pattern: string | undefined): string | undefined => {
  const isSet = pattern !== undefined && /^\^\[(\\.|[^\]\\])+\][*+]\$$/.test(pattern);
  const takes = isSet ? new RegExp(pattern, 'u') : /^[ -~]$/;
  const refused = [...text].find((character) => !takes.test(character));
  return refused !== undefined && (isSet || refused > '~') ? refused : undefined;
};

/** `near`: the one of the allowed values that is nearly written. */
const valueHint = (schema: SchemaNode, text: string | undefined, near: string | undefined): string | undefined => {
  if (near !== undefined) return `Did you mean ${near}?`;
  return schema['x-rule'] === 'bad-date' && text !== undefined ? dateHint(text) : undefined;
};

const refusedWords = (error: ErrorObject, text: string | undefined): string => {
  if (error.keyword !== 'pattern' || text === undefined) return '';
  const refused = refusedIn(text, schemaOf(error).pattern);
  return refused === undefined ? '' : ` (the ${characterName(refused)})`;
};

const valueMistake = (error: ErrorObject, rule: RuleId, says: string): SchemaMistake => {
  const schema = schemaOf(error);
  const path = pathOf(error.instancePath);
  const key = error.propertyName;
  const text = key ?? scalarText(error.data);
  const near = schema.enum === undefined || text === undefined ? undefined : suggestion(text, schema.enum);
  const which = refusedWords(error, text);
  const not = text === undefined || key !== undefined ? which : `, not ${quoted(text)}${which}`;
  return {
    path: key === undefined ? path : [...path, key],
    on: key === undefined ? 'value' : 'key',
    rule: schema['x-rule'] ?? rule,
    message: `${key === undefined ? labelOf(path) : quoted(key)} must be ${says}${not}`,
    hint: valueHint(schema, text, near),
    ...(near === undefined || key !== undefined ? {} : { value: near }),
  };
};

const unknownKey = (error: ErrorObject): SchemaMistake => {
  const key = String(param(error, 'additionalProperty'));
  const known = Object.keys(schemaOf(error).properties ?? {});
  const near = keyMeant(key, known) ?? suggestion(key, known);
  const allowed = known.length === 0 || known.length > 16 ? undefined : `The keys here are ${listed(known, 16)}.`;
  return {
    path: [...pathOf(error.instancePath), key],
    on: 'key',
    rule: 'unknown-key',
    message: `unknown key ${quoted(key)}`,
    hint: near === undefined ? allowed : `Did you mean ${near}?`,
    meant: near,
  };
};

const missingKey = (error: ErrorObject): SchemaMistake => {
  const meant = String(param(error, 'missingProperty'));
  return {
    path: pathOf(error.instancePath),
    on: 'value',
    rule: 'missing-key',
    message: `${meant} is missing`,
    meant,
  };
};

const repeated = (error: ErrorObject): SchemaMistake => {
  const path = pathOf(error.instancePath);
  const index = Number(param(error, 'i'));
  const item: unknown = Array.isArray(error.data) ? error.data[index] : undefined;
  return {
    path: [...path, index],
    on: 'value',
    rule: 'declared-twice',
    message: `${typeof item === 'string' ? quoted(item) : 'the entry'} stands twice in ${labelOf(path)}`,
  };
};

const lengthMistake = (error: ErrorObject): SchemaMistake => {
  const limit = Number(param(error, 'limit'));
  const path = pathOf(error.instancePath);
  const isLength = error.keyword.endsWith('Length');
  const [one, many] = isLength ? ['character', 'characters'] : ['entry', 'entries'];
  const word = error.keyword.startsWith('max') ? 'at most' : 'at least';
  const name = error.propertyName;
  return {
    path: name === undefined ? path : [...path, name],
    on: name === undefined ? 'value' : 'key',
    rule: isLength ? 'too-long' : 'too-many',
    message: `${name === undefined ? labelOf(path) : quoted(name)} must have ${word} ${limit} ${limit === 1 ? one : many}`,
  };
};

const mistakeOf = (error: ErrorObject, sourceOf: SourceOf): SchemaMistake => {
  const schema = schemaOf(error);
  switch (error.keyword) {
    case 'type':
      return wrongType(error, wordsOfType(param(error, 'type')), sourceOf(pathOf(error.instancePath)));
    case 'additionalProperties':
      return unknownKey(error);
    case 'required':
      return missingKey(error);
    case 'enum':
      return valueMistake(error, 'wrong-value', schema['x-says'] ?? listed(schema.enum ?? []).replace(' and ', ' or '));
    case 'uniqueItems':
      return repeated(error);
    case 'minLength':
    case 'maxLength':
    case 'minItems':
    case 'maxItems':
      return lengthMistake(error);
    case 'minimum':
      return valueMistake(error, 'wrong-value', `at least ${String(param(error, 'limit'))}`);
    default:
      return valueMistake(error, 'wrong-value', schema['x-says'] ?? `valid (${error.keyword})`);
  }
};

const isChild = (error: ErrorObject, union: ErrorObject): boolean =>
  error !== union &&
  error.schemaPath.startsWith(`${union.schemaPath}/`) &&
  (error.instancePath === union.instancePath || error.instancePath.startsWith(`${union.instancePath}/`));

const branchOf = (error: ErrorObject, union: ErrorObject): string =>
  error.schemaPath.slice(union.schemaPath.length + 1).split('/')[0] ?? '';

const missesType =
  (union: ErrorObject) =>
  (error: ErrorObject): boolean =>
    error.keyword === 'type' && error.instancePath === union.instancePath;

/** The branch that the writer meant: of the right type, then with the fewest mistakes. */
const foldUnion = (
  union: ErrorObject,
  children: readonly ErrorObject[],
  sourceOf: SourceOf,
): readonly SchemaMistake[] => {
  const branches = [...new Set(children.map((child) => branchOf(child, union)))].map((name) => {
    const errors = children.filter((child) => branchOf(child, union) === name);
    return { wrong: errors.find(missesType(union)), errors };
  });
  const meant = branches
    .filter(({ wrong }) => wrong === undefined)
    .sort((a, b) => a.errors.length - b.errors.length)[0];
  if (meant !== undefined) return fold(meant.errors, sourceOf);
  const types = branches.flatMap(({ wrong }) => (wrong === undefined ? [] : [wordsOfType(param(wrong, 'type'))]));
  const source = sourceOf(pathOf(union.instancePath));
  const digits = types.includes('text') && source !== undefined && /^[0-9]{9,12}$/.test(source);
  return [wrongType(union, digits ? 'text' : [...new Set(types)].join(' or '), source)];
};

/** A missing key is not said when the same map has an unknown key that is nearly it. */
const withoutEchoes = (mistakes: readonly SchemaMistake[]): readonly SchemaMistake[] => {
  const keyAt = (path: Path, key: string): string => JSON.stringify([...path, key]);
  const nearlyThere = new Set(
    mistakes.flatMap(({ rule, path, meant }) =>
      rule === 'unknown-key' && meant !== undefined ? [keyAt(path.slice(0, -1), meant)] : [],
    ),
  );
  return mistakes.filter(
    ({ rule, path, meant }) => rule !== 'missing-key' || meant === undefined || !nearlyThere.has(keyAt(path, meant)),
  );
};

/** Only so many errors are folded: folding compares each union with the errors inside it (quadratic). */
const mostErrors = 3_000;

export const fold = (all: readonly ErrorObject[], sourceOf: SourceOf): readonly SchemaMistake[] => {
  const errors = all.slice(0, mostErrors).filter(({ keyword }) => keyword !== 'propertyNames');
  const unions = errors.filter(({ keyword }) => keyword === 'anyOf');
  const outer = unions.filter((union) => !unions.some((other) => isChild(union, other)));
  const folded = outer.flatMap((union) =>
    foldUnion(
      union,
      errors.filter((error) => isChild(error, union)),
      sourceOf,
    ),
  );
  const inside = (error: ErrorObject): boolean => outer.some((union) => error === union || isChild(error, union));
  return withoutEchoes([...folded, ...errors.filter((e) => !inside(e)).map((error) => mistakeOf(error, sourceOf))]);
};
