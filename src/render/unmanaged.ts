/** What nobody declares, as it is listed: an account has dozens of roles that its services made. */
import { kindRows } from '../kinds/kinds.ts';
import type { KeyedThing, Plan, Unmanaged } from '../model/plan.ts';
import { decodeName, keyText } from '../model/resource.ts';
import { counted, countedKind, foldedList, kindCounts, number } from './words.ts';

const isOfAccount = ({ kind }: Pick<KeyedThing, 'kind'>): boolean => kindRows[kind].api === 'iam';

/** More of one kind in one account are counted. */
const MOST_NAMED = 3;

/** `role/ACCOUNT:` of `role/ACCOUNT:NAME`. */
const placeOf = ({ key }: KeyedThing): string => key.slice(0, key.indexOf(':') + 1);

const accountIn = (place: string): string => {
  const name = place.slice(place.indexOf('/') + 1, -1);
  return /^~\d{12}$/.test(name) ? name : decodeName(name);
};

/** "1 of 60 permission sets, 12 of 6,000 assignments": the kinds of which something is not ours; nothing when all is. */
export const coverageText = (coverage: Plan['coverage']): string | undefined => {
  const partly = coverage.filter(({ managed, total }) => managed < total);
  if (partly.length === 0) return undefined;
  return `Managed: ${partly.map(({ kind, managed, total }) => `${number(managed)} of ${countedKind(total, kind)}`).join(', ')}`;
};

/** What the files do not say of a set or policy that they declare: somebody's line was removed, or was never there. */
export const keptOf = ({ unmanaged }: Plan): readonly Unmanaged[] =>
  unmanaged.filter(({ keptBy }) => keptBy !== undefined);

export const othersOf = ({ unmanaged }: Plan): readonly Unmanaged[] =>
  unmanaged.filter(({ keptBy }) => keptBy === undefined);

export const keptTitle = (plan: Plan): string =>
  `Removed here or never declared, still in AWS, not ours to take away: ${kindCounts(keptOf(plan))}`;

const keepersIn = (plan: Plan): readonly string[] => [...new Set(keptOf(plan).flatMap(({ keptBy = [] }) => keptBy))];

/** The setting that lets Gatehouse delete it. */
export const keptAdvice = (plan: Plan): string =>
  `They go when access/settings.yaml names ${keepersIn(plan).length === 1 ? 'the key' : 'the keys'} under adopt: ${foldedList(keepersIn(plan), 5)}`;

/** A key each; of many roles, policies or providers of one account a line that counts them, where the first would stand. */
export const unmanagedTexts = (unmanaged: Plan['unmanaged']): readonly string[] => {
  const groups = new Map<string, KeyedThing[]>();
  for (const thing of unmanaged) {
    const group = isOfAccount(thing) ? placeOf(thing) : thing.key;
    groups.set(group, [...(groups.get(group) ?? []), thing]);
  }
  return [...groups].flatMap(([place, things]) => {
    const [first] = things;
    if (first === undefined || !isOfAccount(first) || things.length <= MOST_NAMED)
      return things.map(({ key }) => keyText(key));
    const names = things.slice(0, MOST_NAMED).map(({ key }) => keyText(key.slice(place.length)));
    return [
      `${countedKind(things.length, first.kind)} in ${accountIn(place)}: ${names.join(', ')} … and ${counted(things.length - MOST_NAMED, 'more', 'more')}`,
    ];
  });
};
