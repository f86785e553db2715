/** Each file against the schema of its kind. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Ajv, ValidateFunction } from 'ajv';
import { conforms } from './conforms.ts';
import type { JsonSchema } from './conforms.ts';
import type { Report } from './rules.ts';
import type { FileSchemas } from './schema.ts';
import { fold } from './schema-errors.ts';
import type { Mistake } from './schema-errors.ts';
import type { Path, YamlFile } from './yaml-file.ts';

export type FileKind = keyof FileSchemas;
/** A file whose form is right. */
export type Typed<K extends FileKind> = { readonly kind: K; readonly file: YamlFile; readonly value: FileSchemas[K] };

const once = <T>(make: () => T): (() => T) => {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
};

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
  ['inlinePolicy', 'inlinePolicies', 'document'].includes(String(path[0])) ||
  (kind === 'scp' && path[0] === 'policy');

const asPolicyMistake = (kind: FileKind, mistake: Mistake): Mistake =>
  insidePolicy(kind, mistake.path) && mistake.rule !== 'unquoted-account-id'
    ? { ...mistake, rule: 'not-a-policy' }
    : mistake;

/** The value with its type if the form is right; otherwise every mistake is reported. */
export const checkForm = <K extends FileKind>(kind: K, file: YamlFile, report: Report): Typed<K> | undefined => {
  const typed = { kind, file, value: file.value as FileSchemas[K] };
  if (conforms(baseSchemas()[kind], file.value)) return typed;
  const validate = validatorOf(kind);
  if (validate(file.value)) return typed;
  for (const mistake of fold(validate.errors ?? [], file.sourceOf)) {
    const { path, on, rule, message, hint } = asPolicyMistake(kind, mistake);
    report({ at: on === 'key' ? file.keyAt(path) : file.at(path), rule, message, hint });
  }
  return undefined;
};
