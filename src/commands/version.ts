/** What `--version` says; with `--verbose` also of which day each list of AWS's is. */
import { datedLists, oldestInDays, staleLists } from '../evaluate/dated-lists.ts';

export const versionText = async (version: string, now: string): Promise<string> => {
  const lists = await datedLists();
  const stale = new Set(staleLists(lists, now));
  const lines = lists.map((list) => {
    const note = stale.has(list) ? `, older than ${oldestInDays} days` : '';
    return `  ${list.date}  ${list.name} (${list.source})${note}`;
  });
  return [version, 'What AWS documents, as of:', ...lines].join('\n');
};
