/** Two documents of settings, line by line. */
import { diffArrays } from 'diff';
import { settingsInOrder } from '../model/settings-document.ts';
import type { SettingsDocument } from '../model/settings-document.ts';
import type { DiffLine } from './policy-diff.ts';

/** As people read it: keys by letter, so that another order does not show. */
export const prettySettings = (document: SettingsDocument): readonly string[] =>
  JSON.stringify(settingsInOrder(document), undefined, 2).split('\n');

/** Beyond this many edited lines the two have nothing in common worth aligning. */
const MOST_EDITS = 1_500;

/** Every line of both, unchanged ones included. The comma after a last element is punctuation, not a change. */
export const settingsDiff = (before: SettingsDocument, after: SettingsDocument): readonly DiffLine[] => {
  const [old, next] = [[...prettySettings(before)], [...prettySettings(after)]];
  const plain = (line: string): string => line.replace(/,$/, '');
  const parts = diffArrays(old, next, {
    comparator: (one, other) => plain(one) === plain(other),
    maxEditLength: MOST_EDITS,
  });
  if (parts === undefined)
    return [
      ...old.map((text) => ({ sign: '-', text }) as const),
      ...next.map((text) => ({ sign: '+', text }) as const),
    ];
  return parts.flatMap(({ added, removed, value }) =>
    value.map((text) => ({ sign: added ? '+' : removed ? '-' : ' ', text }) as const),
  );
};
