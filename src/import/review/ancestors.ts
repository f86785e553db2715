/** Which entry of an older version of a file each entry of the newer one has grown out of. */
import type { DeclaredOrganization } from '../../desired/declared-organization.ts';
import { findOu } from '../../desired/organization.ts';
import { once } from '../../model/lists.ts';
import { reachedBy } from '../edit/targets.ts';
import { allWordsOf } from './review-entries.ts';
import type { HolderEntries, ReviewEntry } from './review-entries.ts';

/** A file of a group or user at a commit, with what its words mean there. */
type HolderVersion = {
  readonly holder: HolderEntries;
  /** Read only where words alone do not tell. */
  readonly organization: () => DeclaredOrganization | undefined;
};

/** `isSame`: it said the same, but for the order of its words and what accounts are called. */
export type Ancestor = { readonly index: number; readonly isSame: boolean };

type Reading = {
  readonly entries: readonly ReviewEntry[];
  /** All that it says, with accounts by id. */
  readonly byId: (entry: ReviewEntry) => string;
  /** Ids of the accounts, and the OUs that it names: an OU may have no account yet. */
  readonly reach: (entry: ReviewEntry) => ReadonlySet<string>;
};

const readingOf = ({ holder, organization }: HolderVersion): Reading => {
  const read = once(organization);
  const idOf = (name: string): string => read()?.accounts.get(name)?.id ?? name;
  return {
    entries: holder.entries,
    byId: (entry) => allWordsOf(entry, idOf),
    reach: ({ target }) => {
      const known = read();
      if (known === undefined) return new Set([...(target.accounts ?? []), ...(target.ous ?? [])]);
      const ids = reachedBy(holder.file, known)(target).map(idOf);
      return new Set([...ids, ...(target.ous ?? []).map((word) => `ou ${findOu(word, known) ?? word}`)]);
    },
  };
};

type Pairing = { readonly newer: Reading; readonly older: Reading; readonly found: Map<number, Ancestor> };

const takenIn = ({ found }: Pairing): ReadonlySet<number> => new Set([...found.values()].map(({ index }) => index));

/** One for one. */
const pairSame = (pairing: Pairing, words: (reading: Reading, entry: ReviewEntry) => string): void => {
  const { newer, older, found } = pairing;
  const taken = takenIn(pairing);
  const left = new Map<string, number[]>();
  for (const [index, entry] of older.entries.entries()) {
    if (taken.has(index)) continue;
    const key = words(older, entry);
    left.set(key, [...(left.get(key) ?? []), index]);
  }
  for (const [index, entry] of newer.entries.entries()) {
    const same = found.has(index) ? undefined : left.get(words(newer, entry))?.shift();
    if (same !== undefined) found.set(index, { index: same, isSame: true });
  }
};

type Likeness = { readonly newer: number; readonly older: number; readonly common: number; readonly isWithin: boolean };

/** A membership is of one user; an assignment is the same grant only as far as it reaches the same. */
const likenessOf = ({ newer, older }: Pairing, at: readonly [number, number]): readonly Likeness[] => {
  const [one, other] = [newer.entries[at[0]], older.entries[at[1]]];
  if (one === undefined || other === undefined || one.kind !== other.kind || one.what !== other.what) return [];
  const alike = { newer: at[0], older: at[1] };
  if (one.kind === 'membership') return [{ ...alike, common: 1, isWithin: true }];
  const [now, before] = [newer.reach(one), older.reach(other)];
  const common = [...now].filter((id) => before.has(id)).length;
  return common === 0 ? [] : [{ ...alike, common, isWithin: common === now.size }];
};

const openPairs = (pairing: Pairing): readonly (readonly [number, number])[] => {
  const { newer, older, found } = pairing;
  const taken = takenIn(pairing);
  const old = [...older.entries.keys()].filter((index) => !taken.has(index));
  return [...newer.entries.keys()]
    .filter((index) => !found.has(index))
    .flatMap((index) => old.map((before) => [index, before] as const));
};

/** One for one where both have changed; beyond that, only what gives nothing more than the older one gave. */
const pairAlike = (pairing: Pairing): void => {
  const { found } = pairing;
  const all = openPairs(pairing).flatMap((at) => likenessOf(pairing, at));
  const taken = new Set<number>();
  for (const { newer, older } of all.toSorted((one, other) => other.common - one.common)) {
    if (found.has(newer) || taken.has(older)) continue;
    taken.add(older);
    found.set(newer, { index: older, isSame: false });
  }
  for (const { newer, older, isWithin } of all)
    if (isWithin && !found.has(newer)) found.set(newer, { index: older, isSame: false });
};

/** By the index of each newer entry; nothing for what the older version does not give. */
export const ancestorsOf = (newer: HolderVersion, older: HolderVersion): ReadonlyMap<number, Ancestor> => {
  const pairing: Pairing = { newer: readingOf(newer), older: readingOf(older), found: new Map() };
  const isDone = (): boolean => openPairs(pairing).length === 0;
  pairSame(pairing, (_, entry) => allWordsOf(entry));
  if (!isDone()) pairSame(pairing, (reading, entry) => reading.byId(entry));
  if (!isDone()) pairAlike(pairing);
  return pairing.found;
};
