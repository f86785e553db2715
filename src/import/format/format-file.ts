/** The files of a repository in the manner of `import`. */
import { checkForm } from '../../desired/check-form.ts';
import type { FileKind, Typed } from '../../desired/check-form.ts';
import { readOfFile } from '../../desired/documents.ts';
import type { Files, SourceFile } from '../../desired/load.ts';
import { collector, sortProblems } from '../../desired/rules.ts';
import type { ReportFinding } from '../../desired/rules.ts';
import { parseFile } from '../../desired/yaml-file.ts';
import type { Problem } from '../../model/problem.ts';
import { silent } from '../edit/repo.ts';
import { orderedData, wholeForm } from '../write/key-order.ts';
import { commentsIn, formattedYaml } from './format-yaml.ts';

const isJson = ({ path }: SourceFile): boolean => /\.json$/i.test(path);

/** What a file says, whatever the order of its keys. */
const meaningOf = (file: SourceFile, kind: FileKind): string =>
  JSON.stringify(orderedData(wholeForm(kind, parseFile(file, silent)?.value)));

/** No text is put in the place of another that says anything else, or that has a comment which it lacks. */
const isSafe = (before: SourceFile, text: string, kind: FileKind): boolean =>
  meaningOf(before, kind) === meaningOf({ ...before, text }, kind) &&
  (isJson(before) || commentsIn(before.text).join('\n') === commentsIn(text).join('\n'));

const typedOf = (file: SourceFile, report: ReportFinding): Typed<FileKind> | undefined => {
  if (!isJson(file)) return readOfFile(file, report)?.typed;
  const parsed = parseFile(file, report);
  return parsed && checkForm('policy-document', parsed, report);
};

/** The text as it is to be, or the mistakes for which the file is left alone. */
export const formattedFile = (file: SourceFile): string | readonly Problem[] => {
  const { report, problems } = collector();
  const typed = typedOf(file, report);
  const errors = problems().filter(({ severity }) => severity === 'error');
  if (typed === undefined || errors.length > 0) return errors;
  const form = wholeForm(typed.kind, typed.file.value);
  const text = isJson(file) ? `${JSON.stringify(orderedData(form), undefined, 2)}\n` : formattedYaml(file.text, form);
  return isSafe(file, text, typed.kind) ? text : file.text;
};

export type FormattedFiles = {
  /** How many were read. */
  readonly count: number;
  /** Those whose text is to be another. */
  readonly changed: readonly { readonly path: string; readonly before: string; readonly text: string }[];
  /** Of the files that are left alone. */
  readonly problems: readonly Problem[];
};

export const formattedFiles = ({ files, problems: unread }: Files): FormattedFiles => {
  const results = files.map((file) => ({ file, result: formattedFile(file) }));
  return {
    count: files.length,
    changed: results.flatMap(({ file: { path, text: before }, result }) =>
      typeof result === 'string' && result !== before ? [{ path, before, text: result }] : [],
    ),
    problems: sortProblems([
      ...unread.filter(({ severity }) => severity === 'error'),
      ...results.flatMap(({ result }) => (typeof result === 'string' ? [] : result)),
    ]),
  };
};
