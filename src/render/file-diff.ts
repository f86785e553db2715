/** What an edit changes in a file, as a unified diff inside a fence that nothing in it can close. */
import { structuredPatch } from 'diff';
import { endsInCrlf } from '../model/lines.ts';
import { fenceFor, fenceLine } from './untrusted.ts';

/** `before` is undefined for a new file, `text` for one that goes. */
export type EditedFile = {
  readonly path: string;
  readonly before: string | undefined;
  readonly text: string | undefined;
};

const CONTEXT = 2;

/** Line ends that are the same on both sides are no difference, and are not shown as one. */
const withoutCrlf = (before: string, text: string): readonly [string, string] =>
  [before, text].every((side) => side === '' || endsInCrlf(side))
    ? [before.replaceAll('\r\n', '\n'), text.replaceAll('\r\n', '\n')]
    : [before, text];

/** The lines of a unified diff of one file. */
export const fileDiffLines = ({ path, before, text }: EditedFile): readonly string[] => {
  const [old, now] = withoutCrlf(before ?? '', text ?? '');
  const { hunks } = structuredPatch(path, path, old, now, '', '', { context: CONTEXT });
  return [
    before === undefined ? '--- /dev/null' : `--- a/${path}`,
    text === undefined ? '+++ /dev/null' : `+++ b/${path}`,
    ...hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
      `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`,
      ...lines,
    ]),
  ];
};

/** The diffs of all the files in one fence. */
export const fencedDiff = (files: readonly EditedFile[]): string => {
  const lines = files.flatMap(fileDiffLines).map((line) => fenceLine(line));
  const fence = fenceFor(lines);
  return [`${fence}diff`, ...lines, fence].join('\n');
};
