/** Each file against the schema of its kind. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Ajv, ValidateFunction } from 'ajv';
import { asMeant } from './as-meant.ts';
import { conforms } from './schema/conforms.ts';
import type { JsonSchema } from './schema/conforms.ts';
import type { ReportFinding } from './rules.ts';
import type { FileSchemas } from './schema/schema.ts';
import { fold } from './schema/schema-errors.ts';
import type { SchemaMistake } from './schema/schema-errors.ts';
import type { Path, YamlFile } from './yaml-file.ts';
import { once } from '../model/lists.ts';

export type FileKind = keyof FileSchemas;
/** A file whose form is right; `partly`: but for misspelled words: it is read as it was meant, and decides nothing. */
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
  (kind === 'resources' && path[2] === 'policy') ||
  ((kind === 'scp' || kind === 'settings-policy') && path[0] === 'policy');

const asPolicyMistake = (kind: FileKind, mistake: SchemaMistake): SchemaMistake =>
  insidePolicy(kind, mistake.path) && mistake.rule !== 'unquoted-account-id'
    ? { ...mistake, rule: 'not-a-policy' }
    : mistake;

const mostPassedOver = 20;
const isRepairable = ({ rule, value }: SchemaMistake): boolean => rule === 'unknown-key' || value !== undefined;

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

/** Each says each thing once: what could not be repaired is found again in what was. */
const onceEach = (report: ReportFinding): ReportFinding => {
  const said = new Set<string>();
  return (finding) => {
    const { at, rule, message } = finding;
    const id = JSON.stringify([at.line, at.column, rule, message]);
    if (said.has(id)) return;
    said.add(id);
    report(finding);
  };
};

/** Under a key that was misspelled there may be another. */
const mostRepairs = 3;

/** The value with its type if the form is right, misspelled words aside; every mistake is reported. */
export const checkForm = <K extends FileKind>(kind: K, file: YamlFile, report: ReportFinding): Typed<K> | undefined => {
  const schema = baseSchemas()[kind];
  const typedAs = (one: YamlFile): Typed<K> => ({ kind, file: one, value: one.value as FileSchemas[K] });
  if (conforms(schema, file.value)) return typedAs(file);
  const validate = validatorOf(kind);
  const say = onceEach(report);
  let meant = file;
  for (let repairs = 0; repairs <= mostRepairs; repairs += 1) {
    if (validate(meant.value)) return repairs === 0 ? typedAs(file) : { ...typedAs(meant), partly: true };
    const mistakes = fold(validate.errors ?? [], meant.sourceOf).slice(0, 200);
    reportMistakes(kind, meant, { mistakes, report: say });
    // Each repair is a walk of its own, so a file that is wrong all over is left alone.
    if (mistakes.length > mostPassedOver || !mistakes.some(isRepairable)) return undefined;
    meant = asMeant(meant, mistakes);
  }
  return undefined;
};
