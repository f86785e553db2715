/** What an edit changes in a file, as a unified diff inside a fence that nothing in it can close. */
import { structuredPatch } from 'diff';
import { fenceFor, fenceLine } from './untrusted.ts';

/** `before` is undefined for a new file, `text` for one that goes. */
export type EditedFile = {
  readonly path: string;
  readonly before: string | undefined;
  readonly text: string | undefined;
};

const CONTEXT = 2;

/** The lines of a unified diff of one file. */
export const fileDiffLines = ({ path, before, text }: EditedFile): readonly string[] => {
  const { hunks } = structuredPatch(path, path, before ?? '', text ?? '', '', '', { context: CONTEXT });
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
