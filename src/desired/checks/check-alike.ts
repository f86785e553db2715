/** Names that a reader, or a system on the way to AWS, takes for one. */
import type { DeclaredName } from '../declared-names.ts';
import type { SourceFile } from '../load.ts';
import type { ReportFinding } from '../rules.ts';
import { codePoint, quoted } from '../text.ts';

/** Letters of another case and other encodings of the same letter are one (Unicode 15, 3.11 and 3.13). */
const folded = (name: string): string => name.normalize('NFC').toUpperCase().toLowerCase().normalize('NFC');

/** What an editor cannot show. */
const letters = (name: string): string =>
  [...name]
    .filter((letter) => letter > '\u007f')
    .map(codePoint)
    .join(' ') || 'none beyond ASCII';

const difference = (name: string, other: string): string =>
  name.normalize('NFC') === other.normalize('NFC')
    ? `differs only in the encoding of its letters (${letters(name)} for ${letters(other)})`
    : 'differs only in the case of its letters';

const pairs = function* <T>(all: readonly T[], nameOf: (one: T) => string, among: (one: T) => string) {
  const first = new Map<string, T>();
  const known = new Set<string>();
  for (const one of all) {
    const [name, room] = [nameOf(one), among(one)];
    const exact = JSON.stringify([room, name]);
    if (known.has(exact)) continue;
    known.add(exact);
    const fold = JSON.stringify([room, folded(name)]);
    const before = first.get(fold);
    if (before === undefined) first.set(fold, one);
    else yield [one, before] as const;
  }
};

export const checkAlikeNames = (names: readonly DeclaredName[], report: ReportFinding): void => {
  for (const [one, other] of pairs(
    names,
    ({ name }) => name,
    ({ among }) => among,
  )) {
    const { file, line } = other.at();
    const message = `${one.among} ${quoted(one.name)} ${difference(one.name, other.name)} from ${quoted(other.name)} in ${file}:${line}`;
    const hint = 'If they are one, write them alike; if not, give one of them another name.';
    report({ at: one.at(), rule: 'alike-names', message, hint });
  }
};

export const checkAlikeFiles = (files: readonly SourceFile[], report: ReportFinding): void => {
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  for (const [one, other] of pairs(
    sorted,
    ({ path }) => path,
    () => '',
  )) {
    const message = `the path ${difference(one.path, other.path)} from ${quoted(other.path)}`;
    report({
      at: { file: one.path, line: 1, column: 1 },
      rule: 'alike-files',
      message,
      hint: 'Rename one of the files.',
    });
  }
};
