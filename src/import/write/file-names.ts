/** File names for things of any name: distinct on every file system, and the same whatever else is written. */
import { createHash } from 'node:crypto';

const longest = 60;
/** What Windows keeps for devices, and what the folders keep for themselves. */
const taken = /^(con|prn|aux|nul|com\d|lpt\d|bindings)$/;

const kebab = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, longest)
    .replace(/^-+|-+$/g, '');

/** A company's name in front of nearly every name says nothing: `SecureCart-` of `SecureCart-DevOps`. */
const commonPrefix = (names: readonly string[]): string => {
  const counts = new Map<string, number>();
  for (const name of names) {
    const prefix = /^[A-Za-z0-9]+[-_. ]/.exec(name)?.[0];
    if (prefix !== undefined) counts.set(prefix, (counts.get(prefix) ?? 0) + 1);
  }
  const [most] = [...counts].sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1));
  return most !== undefined && most[1] >= 3 && most[1] * 2 > names.length ? most[0] : '';
};

const digest = (name: string): string => createHash('sha256').update(name).digest('hex').slice(0, 12);

export type FileIdentity = { readonly name: string; readonly identity: string };

/**
 * Identity -> file name without ending. Where two would meet, and where nothing is left of a name, each carries a digest of
 * its identity.
 */
export const fileNames = (things: readonly FileIdentity[], fallback: string): ReadonlyMap<string, string> => {
  const prefix = commonPrefix(things.map(({ name }) => name));
  const plain = things.map(({ name, identity }) => {
    const short = name.startsWith(prefix) ? name.slice(prefix.length) : name;
    return { identity, slug: kebab(short) || kebab(name) || fallback, whole: kebab(short) !== '' };
  });
  const times = new Map<string, number>();
  for (const { slug } of plain) times.set(slug, (times.get(slug) ?? 0) + 1);
  return new Map(
    plain.map(({ identity, slug, whole }) => {
      const isFree = whole && times.get(slug) === 1 && !taken.test(slug);
      return [identity, isFree ? slug : `${slug}-${digest(identity)}`] as const;
    }),
  );
};
