/** Former names: what `previously` says, and whether two things claim the same one. */
import type { Place } from '../model/problem.ts';
import type { Key } from '../model/resource.ts';
import type { ReportFinding } from './rules.ts';
import { quoted } from './text.ts';

export type FormerNames = {
  /** Kinds that share a namespace share this word. */
  readonly kind: 'ou' | 'group' | 'control-policy' | 'permission-set';
  readonly key: Key;
  readonly name: string;
  readonly names: readonly string[];
  readonly at: Place;
};

const scopeOf = ({ kind, key }: FormerNames): string => (kind === 'ou' ? key.split('/').slice(0, -1).join('/') : kind);

/** `present` says whether a name of that scope is declared today. */
export const readPreviously = (
  former: readonly FormerNames[],
  present: (former: FormerNames, name: string) => boolean,
  report: ReportFinding,
): Readonly<Record<Key, readonly string[]>> => {
  const claimed = new Map<string, FormerNames>();
  for (const one of former) {
    for (const name of one.names) {
      const claim = `${scopeOf(one)}\n${name}`;
      const other = claimed.get(claim);
      claimed.set(claim, one);
      const taken = present(one, name);
      if (!taken && other === undefined) continue;
      const why = taken ? 'is declared today' : `is also claimed by ${quoted(other?.name ?? '')}`;
      report({
        at: one.at,
        rule: 'previously-taken',
        message: `the former name ${quoted(name)} of ${quoted(one.name)} ${why}`,
      });
    }
  }
  return Object.fromEntries(former.map(({ key, names }) => [key, names]));
};
