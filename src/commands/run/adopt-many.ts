/** As many keys as can be adopted, and why the others cannot. */
import type { Files } from '../../desired/load.ts';
import { UserError } from '../../model/problem.ts';
import type { Key, State } from '../../model/resource.ts';
import { adoptedFiles } from '../../import/adopt/files.ts';
import type { Adopted, AdoptedFile } from '../../import/adopt/files.ts';
import { RefusedAdoption } from '../../import/adopt/refused-adoption.ts';
import { checkLint, withChanges } from '../adopt.ts';
import type { CommandContext } from './context.ts';

export type RefusedKey = { readonly key: Key; readonly reason: string };
export type AdoptedKeys = {
  readonly files: Files;
  /** With what had to be taken along. */
  readonly keys: readonly Key[];
  readonly refused: readonly RefusedKey[];
};

type AdoptionSource = { readonly files: Files; readonly live: State };

/** Adopted, or why not, in one line without the key. */
export const tryAdopt = async (
  context: CommandContext,
  { files, live }: AdoptionSource,
  keys: readonly Key[],
): Promise<Adopted | string> => {
  try {
    const adopted = adoptedFiles({ files, keys, live, now: context.now, fold: 'no-fold' });
    await checkLint(context, files, adopted);
    return adopted;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return error instanceof RefusedAdoption ? error.reason : error.message;
  }
};

/** More attempts than this take minutes; the next run begins where this one ended. */
const mostAttempts = 300;

/** All at once, else each half by itself, each on what the one before has made of the files. */
export const adoptMany = async (
  context: CommandContext,
  from: AdoptionSource,
  keys: readonly Key[],
): Promise<AdoptedKeys> => {
  const refused: RefusedKey[] = [];
  const taken = new Set<Key>();
  const waiting: (readonly Key[])[] = [keys];
  let { files } = from;
  for (let attempt = 0; waiting.length > 0; attempt += 1) {
    const some = (waiting.pop() ?? []).filter((key) => !taken.has(key));
    if (some.length === 0) continue;
    const made = attempt < mostAttempts ? await tryAdopt(context, { ...from, files }, some) : 'too many at once';
    if (typeof made !== 'string') {
      files = withChanges(files, made.files);
      for (const key of made.keys) taken.add(key);
    } else if (some.length === 1 || attempt >= mostAttempts)
      refused.push(...some.map((key) => ({ key, reason: made })));
    else waiting.push(some.slice(Math.ceil(some.length / 2)), some.slice(0, Math.ceil(some.length / 2)));
  }
  return { files, keys: [...taken].sort(), refused };
};

/** Files that differ, by path. */
export const changedFiles = (before: Files, after: Files): readonly AdoptedFile[] => {
  const [old, now] = [before, after].map(({ files }) => new Map(files.map(({ path, text }) => [path, text])));
  const paths = [...new Set([...(old?.keys() ?? []), ...(now?.keys() ?? [])])].sort();
  return paths.flatMap((path) => (old?.get(path) === now?.get(path) ? [] : [{ path, text: now?.get(path) }]));
};
