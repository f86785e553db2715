/** Each file against the schema of its kind. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Ajv, ValidateFunction } from 'ajv';
import { conforms } from './schema/conforms.ts';
import type { JsonSchema } from './schema/conforms.ts';
import type { ReportFinding } from './rules.ts';
import type { FileSchemas } from './schema/schema.ts';
import { fold } from './schema/schema-errors.ts';
import type { SchemaMistake } from './schema/schema-errors.ts';
import type { Path, YamlFile } from './yaml-file.ts';
import { once } from '../model/lists.ts';

export type FileKind = keyof FileSchemas;
/** A file whose form is right; `partly`: but for unknown keys, so that what they were to say is not known. */
export type Typed<K extends FileKind> = {
  readonly kind: K;
  readonly file: YamlFile;
  readonly value: FileSchemas[K];
  readonly partly?: true;
};
export type GroupFile = Typed<'group'>;
export type UserFile = Typed<'user'>;

export const baseSchemas = once(
  () =>
    JSON.parse(readFileSync(new URL('./schemas.json', import.meta.url), 'utf8')) as Readonly<
      Record<FileKind, JsonSchema>
    >,
);
type AjvModule = { readonly Ajv: typeof Ajv };
/** Loaded by the first file that is wrong: ajv costs 50 ms to load and 20 to 60 ms a schema. */
const ajv = once(() => {
  const module = createRequire(import.meta.url)('ajv') as AjvModule;
  return new module.Ajv({ allErrors: true, verbose: true, strict: false, validateSchema: false, logger: false });
});
const compiled = new Map<FileKind, ValidateFunction>();
export const validatorOf = (kind: FileKind): ValidateFunction => {
  const known = compiled.get(kind) ?? ajv().compile(baseSchemas()[kind]);
  compiled.set(kind, known);
  return known;
};

/** Where policy documents stand inside each kind of file. */
const insidePolicy = (kind: FileKind, path: Path): boolean =>
  kind === 'policy-document' ||
  kind === 'settings-document' ||
  ['inlinePolicy', 'inlinePolicies', 'document', 'trustPolicy'].includes(String(path[0])) ||
  ((kind === 'scp' || kind === 'settings-policy') && path[0] === 'policy');

const asPolicyMistake = (kind: FileKind, mistake: SchemaMistake): SchemaMistake =>
  insidePolicy(kind, mistake.path) && mistake.rule !== 'unquoted-account-id'
    ? { ...mistake, rule: 'not-a-policy' }
    : mistake;

/** A copy of the value without the key at the path. */
const without = (value: unknown, [head, ...rest]: Path): unknown => {
  if (Array.isArray(value)) return value.map((item: unknown, index) => (index === head ? without(item, rest) : item));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => rest.length > 0 || key !== String(head));
  return Object.fromEntries(entries.map(([key, item]) => [key, key === String(head) ? without(item, rest) : item]));
};

const mostPassedOver = 20;

/** What is left when unknown keys are passed over: if that is right, the rest of the file is judged all the same. */
const withoutUnknown = (value: unknown, mistakes: readonly SchemaMistake[]): unknown =>
  mistakes.filter(({ rule }) => rule === 'unknown-key').reduce((rest, { path }) => without(rest, path), value);

const reportMistakes = (
  kind: FileKind,
  file: YamlFile,
  { mistakes, report }: { mistakes: readonly SchemaMistake[]; report: ReportFinding },
) => {
  for (const mistake of mistakes) {
    const { path, on, rule, message, hint, accountId } = asPolicyMistake(kind, mistake);
    report({ at: on === 'key' ? file.keyAt(path) : file.at(path), rule, message, hint, accountId });
  }
};

/** The value with its type if the form is right, unknown keys aside; every mistake is reported. */
export const checkForm = <K extends FileKind>(kind: K, file: YamlFile, report: ReportFinding): Typed<K> | undefined => {
  const schema = baseSchemas()[kind];
  const typed = { kind, file, value: file.value as FileSchemas[K] };
  if (conforms(schema, file.value)) return typed;
  const validate = validatorOf(kind);
  if (validate(file.value)) return typed;
  const mistakes = fold(validate.errors ?? [], file.sourceOf).slice(0, 200);
  reportMistakes(kind, file, { mistakes, report });
  // Each is a walk of its own, so a file that is wrong all over is left alone.
  const rest = mistakes.length > mostPassedOver ? file.value : withoutUnknown(file.value, mistakes);
  return conforms(schema, rest) ? { ...typed, value: rest as FileSchemas[K], partly: true } : undefined;
};
