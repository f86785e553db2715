/** Three-valued logic: an answer that hangs on condition keys nobody knows carries the names of those keys. */

export type UnknownTruth = { readonly keys: readonly string[] };
export type Truth = boolean | UnknownTruth;

export function unknown(...keys: readonly string[]): UnknownTruth {
  return { keys };
}

export function and(left: Truth, right: Truth): Truth {
  if (left === false || right === false) return false;
  if (left === true) return right;
  return right === true ? left : merge(left, right);
}

export function or(left: Truth, right: Truth): Truth {
  if (left === true || right === true) return true;
  if (left === false) return right;
  return right === false ? left : merge(left, right);
}

export function not(value: Truth): Truth {
  return typeof value === 'boolean' ? !value : value;
}

/** True for an empty list; stops at the first false. */
export function everyTruth<Item>(items: readonly Item[], test: (item: Item) => Truth): Truth {
  let result: Truth = true;
  for (const item of items) {
    result = and(result, test(item));
    if (result === false) return false;
  }
  return result;
}

/** False for an empty list; stops at the first true. */
export function someTruth<Item>(items: readonly Item[], test: (item: Item) => Truth): Truth {
  let result: Truth = false;
  for (const item of items) {
    result = or(result, test(item));
    if (result === true) return true;
  }
  return result;
}

function merge(left: UnknownTruth, right: UnknownTruth): UnknownTruth {
  return { keys: [...new Set([...left.keys, ...right.keys])] };
}
