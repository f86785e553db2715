/** What a file has to be forgiven as it was found: each rule that it breaks is silenced beside the line, to be checked. */
import { lintFiles } from '../desired/lint-files.ts';
import type { Files } from '../desired/load.ts';
import { understand } from '../desired/understand.ts';
import { loadCatalogue } from '../evaluate/catalogue.ts';
import { silenceableRules } from '../evaluate/lint/rules.ts';
import type { Problem } from '../model/problem.ts';
import type { AdoptedFile } from './adopt/files.ts';

type WrittenFile = { readonly path: string; readonly text: string };
type AddedSilence = { readonly line: number; readonly rule: string };

const silenceLine = (line: string, rule: string): string =>
  `${/^ */.exec(line)?.[0] ?? ''}# gatehouse: allow ${rule} because it was found like this at the import; to be checked`;

const silenced = <F extends WrittenFile>(file: F, silences: readonly AddedSilence[]): F => {
  if (silences.length === 0) return file;
  const lines = file.text.split('\n').flatMap((line, index) => {
    const rules = new Set(silences.filter((one) => one.line === index + 1).map(({ rule }) => rule));
    return [...[...rules].sort().map((rule) => silenceLine(line, rule)), line];
  });
  return { ...file, text: lines.join('\n') };
};

/** With what the linter says. */
export const judge = async (files: Files, now: string) => {
  const catalogue = loadCatalogue();
  const understanding = understand(files, { catalogue, now });
  const linted = await lintFiles(files, understanding, catalogue);
  return { understanding, problems: [...understanding.problems, ...linted.problems] };
};

export const isError = ({ severity }: Problem): boolean => severity === 'error';
export const canSilence = ({ rule }: Problem): boolean => silenceableRules.includes(rule);

export const withSilences = <F extends WrittenFile>(
  rendered: readonly F[],
  problems: readonly Problem[],
): readonly F[] => {
  const forgiven = problems.filter((problem) => isError(problem) && canSilence(problem));
  return rendered.map((file) =>
    silenced(
      file,
      forgiven.filter((problem) => problem.file === file.path),
    ),
  );
};

/** Of changed files those that are new, with what they have to be forgiven: what people wrote is theirs. */
export const forgiven = async (
  before: Files,
  changes: readonly AdoptedFile[],
  now: string,
): Promise<readonly AdoptedFile[]> => {
  const known = new Set(before.files.map(({ path }) => path));
  const changed = new Set(changes.map(({ path }) => path));
  const written = changes.flatMap(({ path, text }) => (text === undefined ? [] : [{ path, text }]));
  const files = [...before.files.filter(({ path }) => !changed.has(path)), ...written];
  const { problems } = await judge({ ...before, files }, now);
  const fresh = withSilences(
    written.filter(({ path }) => !known.has(path)),
    problems,
  );
  return changes.map((change) => fresh.find(({ path }) => path === change.path) ?? change);
};
