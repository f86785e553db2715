/** Lists and memos that every room needs: it asks large states the same question many times. */

/** Memoizes a function without arguments. */
export const once = <T>(make: () => T): (() => T) => {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
};

/** Memoizes by argument; a call that throws is made again, a promise that rejects is kept. */
export const remembered = <K, T>(make: (asked: K) => T): ((asked: K) => T) => {
  const known = new Map<K, { readonly made: T }>();
  return (asked) => {
    const found = known.get(asked) ?? { made: make(asked) };
    known.set(asked, found);
    return found.made;
  };
};

/** Memoizes by object, for as long as the object is in use; such an object must never change. */
export const rememberedOf = <O extends object, T>(make: (asked: O) => T): ((asked: O) => T) => {
  const known = new WeakMap<O, { readonly made: T }>();
  return (asked) => {
    const found = known.get(asked) ?? { made: make(asked) };
    known.set(asked, found);
    return found.made;
  };
};

/** Groups by name in one pass, groups and members in the order of the items; an item without a name is left out. */
export const grouped = <K, T>(items: Iterable<T>, name: (item: T) => K | undefined): ReadonlyMap<K, readonly T[]> => {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = name(item);
    if (key === undefined) continue;
    const list = groups.get(key);
    if (list === undefined) groups.set(key, [item]);
    else list.push(item);
  }
  return groups;
};

/** `a, b and 3 more` where there are more than `most`. */
export const shortList = (texts: readonly string[], most: number, separator = ', '): string =>
  texts.length > most
    ? `${texts.slice(0, most).join(separator)} and ${texts.length - most} more`
    : texts.join(separator);
