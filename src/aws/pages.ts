/** Lists that AWS gives in pages, and calls that may overlap. */
import type { ReadEvent, ReadStage } from '../model/reads.ts';

export type RowPage<Row> = { readonly rows: readonly Row[] | undefined; readonly next: string | undefined };
export type PageToken = { readonly NextToken?: string };

/**
 * Every row of every page. Only the token says whether there is more: Organizations answers an empty page with a token
 * now and then (the notes on each of its List operations).
 */
export const allPages = async <Row>(page: (token: PageToken) => Promise<RowPage<Row>>): Promise<readonly Row[]> => {
  const rows: Row[] = [];
  let token: string | undefined;
  do {
    const answer: RowPage<Row> = await page(token === undefined ? {} : { NextToken: token });
    rows.push(...(answer.rows ?? []));
    token = answer.next === undefined || answer.next === '' ? undefined : answer.next;
  } while (token !== undefined);
  return rows;
};

/** More would only wait for the buckets. */
const inFlight = 24;

/** As `Promise.all(items.map(work))`, with at most 24 at a time; results in the order of the items. */
export const mapBounded = async <Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> => {
  const results = new Array<Result>(items.length);
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(inFlight, items.length) }, worker));
  return results;
};

/** Work that begins before anybody awaits it. Whoever does is told of its failure; nobody has to, where another failed first. */
export const begun = <T>(work: Promise<T>): Promise<T> => {
  work.catch(() => undefined);
  return work;
};

/** Whoever wants to know how far reading is. */
export type ReadListener = { readonly onRead?: (event: ReadEvent) => void };
type CountedStage = { readonly items: readonly unknown[] | number; readonly stage: ReadStage };

/** Tells how many there are, and of each when it has been read. */
export const counting = ({ onRead }: ReadListener, { items, stage }: CountedStage) => {
  const total = typeof items === 'number' ? items : items.length;
  let done = 0;
  onRead?.({ stage, done, total });
  return async <Result>(reading: Promise<Result>): Promise<Result> => {
    const result = await reading;
    done += 1;
    onRead?.({ stage, done, total });
    return result;
  };
};
