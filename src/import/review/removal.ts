/** Entries taken out of their files, each whole and with nothing else. */
import { withoutEmptyUser } from '../edit/new-files.ts';
import { removed, valueAt } from '../edit/range.ts';
import { withField } from '../edit/reconcile.ts';
import { isRefused, textIn, withFile } from '../edit/repo.ts';
import type { Edited, Repo } from '../edit/repo.ts';
import { grouped } from '../../model/lists.ts';
import type { ReviewLine } from './review-rows.ts';

const indexOf = ({ entry }: ReviewLine): number => Number(entry.path.at(-1));

/** Without the key the members would not be managed any more; an empty list says that there are none. */
const withoutMembers = (text: string): string =>
  withField(text, { key: 'members', value: [], after: ['group', 'description', 'source'] }, 'yaml');

/** From the last to the first, so that the indexes of the others hold. */
const withoutLines = (text: string, lines: readonly ReviewLine[]): string => {
  const members = lines.filter(({ kind }) => kind === 'membership');
  const all = valueAt(text, ['members']);
  const isAll = members.length > 0 && Array.isArray(all) && all.length === members.length;
  const rest = isAll ? lines.filter(({ kind }) => kind !== 'membership') : lines;
  return rest
    .toSorted((one, other) => indexOf(other) - indexOf(one))
    .reduce((next, { entry }) => removed(next, entry.path), isAll ? withoutMembers(text) : text);
};

export const withoutEntries = (repo: Repo, lines: readonly ReviewLine[]): Edited => {
  let next: Repo = repo;
  for (const [path, inFile] of grouped(lines, ({ place }) => place.file)) {
    const edited = withFile(next, path, withoutLines(textIn(next, path), inFile));
    const [holder] = inFile.map(({ holder: one }) => one);
    const without = holder === undefined ? edited : withoutEmptyUser(edited, holder);
    if (isRefused(without)) return without;
    next = without;
  }
  return next;
};
