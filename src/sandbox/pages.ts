/** One page of a list. The occasional empty page is not made here: handle.ts makes it for every service alike. */

type PageRequest = {
  /** The input's NextToken, whatever the caller sent. */
  readonly token: unknown;
  /** The input's MaxResults; absent: the cap. */
  readonly size: unknown;
  readonly cap: number;
};

type ItemPage<T> = { readonly items: readonly T[]; readonly nextToken: string | undefined };

const offsetOf = (token: unknown): number => {
  if (token === undefined || token === null) return 0;
  if (typeof token !== 'string') return -1;
  const text = Buffer.from(token, 'base64url').toString('latin1');
  return /^from \d{1,9}$/.test(text) ? Number(text.slice(5)) : -1;
};

/** Undefined when the token is none of ours. */
export const takePage = <T>(all: readonly T[], request: PageRequest): ItemPage<T> | undefined => {
  const start = offsetOf(request.token);
  if (start < 0) return undefined;
  const size = typeof request.size === 'number' ? Math.min(request.size, request.cap) : request.cap;
  const end = start + Math.max(1, size);
  const nextToken = end < all.length ? Buffer.from(`from ${end}`, 'latin1').toString('base64url') : undefined;
  return { items: all.slice(start, end), nextToken };
};
