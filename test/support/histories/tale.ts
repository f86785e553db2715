/** A history while it is told: what people and the reconciler act on, and what is written down of it. */
import type { Key } from '../../../src/model/resource.ts';
import type { Chance } from './chance.ts';
import { asked } from './chronicle.ts';
import type { Entry } from './chronicle.ts';
import type { Ended, Theatre } from './reconciler.ts';

export type Tale = Theatre & {
  readonly chance: Chance;
  readonly seed: number;
  readonly folder: string;
  readonly entries: Entry[];
  agreed: ReadonlyMap<Key, number>;
  /** Ids of the groups that were there in the beginning or that an apply made. */
  readonly own: Set<string>;
  readonly violations: string[];
  readonly tally: Map<string, number>;
  readonly story: string[];
  readonly say: (line: string) => void;
  /** Somebody was at AWS by hand, or the record of an apply was taken away. */
  readonly touched: { aws: boolean; record: boolean; times: number; applied: string };
  runs: number;
  /** The last apply, where it wrote nothing and nothing disturbed it: in the same state it would say the same. */
  calm: { readonly state: string; readonly ended: Ended } | undefined;
};

/** Each line as it happens. */
export const tell = ({ say, story }: Tale, line: string): void => {
  story.push(line);
  say(line);
};

export const count = ({ tally }: Tale, what: string, often = 1): void =>
  void tally.set(what, (tally.get(what) ?? 0) + often);

export const note = (tale: Tale, what: string, more = ''): void => {
  count(tale, what);
  tell(tale, `${new Date(tale.clock.now()).toISOString().slice(0, 16)} ${what}${more === '' ? '' : `: ${more}`}`);
};

export const today = ({ clock }: Tale): string => new Date(clock.now()).toISOString().slice(0, 10);
export const nowOf = ({ clock }: Tale): string => new Date(clock.now()).toISOString();
export const labelsOf = (tale: Tale): Readonly<Record<string, string>> =>
  asked(tale.git.filesOf(tale.github.main()), nowOf(tale))?.accounts ?? {};
