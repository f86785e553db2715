/** The report with what is asked of it again and again: who holds what where, at which risk. */
import type { Ranges, Report, ReportAccount, ReportGrant, ReportMember, ReportReach, ReportSet } from '../report.ts';

export type Risk = ReportReach['risk'];
export const risks: readonly Risk[] = ['low', 'medium', 'high', 'critical'];

/** What somebody holds: the grant and, of a user who has it by a group, that membership. */
export type Holding = { readonly grant: ReportGrant; readonly through?: ReportMember };

export type Model = {
  readonly report: Report;
  /** By place of the principal. */
  readonly holdings: (who: number) => readonly Holding[];
  readonly membersOf: (group: number) => readonly ReportMember[];
  readonly groupsOf: (user: number) => readonly ReportMember[];
  /** Of a grant that goes, as it was. */
  readonly reachOf: (set: number, account: number, isGone?: 'gone') => ReportReach | undefined;
  readonly riskOf: (grant: ReportGrant, account: number) => Risk;
  /** What hangs above an account, root first. */
  readonly railsAbove: (
    account: ReportAccount,
  ) => readonly { readonly level: string; readonly rails: readonly number[] }[];
  readonly nameOf: (who: number) => string;
  /** Of a set or role that is given, as it is told from all others. */
  readonly givenName: (set: number) => string;
  /** The same, as short as a cell is narrow. */
  readonly givenShort: (set: number) => string;
  /** Without what the names of most sets begin with: a cell is narrow. */
  readonly short: (name: string) => string;
};

export const within = (ranges: Ranges, place: number): boolean => {
  for (let at = 0; at < ranges.length; at += 2)
    if (place >= (ranges[at] ?? 0) && place <= (ranges[at + 1] ?? -1)) return true;
  return false;
};

export const sizeOf = (ranges: Ranges): number => {
  let size = 0;
  for (let at = 0; at < ranges.length; at += 2) size += (ranges[at + 1] ?? 0) - (ranges[at] ?? 0) + 1;
  return size;
};

export const eachOf = (ranges: Ranges, use: (place: number) => void): void => {
  for (let at = 0; at < ranges.length; at += 2)
    for (let place = ranges[at] ?? 0; place <= (ranges[at + 1] ?? -1); place += 1) use(place);
};

export const placesOf = (ranges: Ranges): readonly number[] => {
  const places: number[] = [];
  eachOf(ranges, (place) => places.push(place));
  return places;
};

const listsBy = <T>(items: readonly T[], size: number, place: (item: T) => number): readonly T[][] => {
  const lists = Array.from({ length: size }, (): T[] => []);
  for (const item of items) lists[place(item)]?.push(item);
  return lists;
};

type ReachBySet = readonly ReportReach[][];

const reachIn =
  (now: ReachBySet, old: ReachBySet): Model['reachOf'] =>
  (set, account, isGone) => {
    const find = (list: ReachBySet) => list[set]?.find(({ accounts }) => within(accounts, account));
    return isGone === 'gone' ? (find(old) ?? find(now)) : find(now);
  };

const above = (ou: string): readonly string[] => {
  const parts = ou === '' ? [] : ou.split('/');
  return parts.map((_, at) => parts.slice(0, at + 1).join('/'));
};

const railsIn = ({ rails }: Report): Model['railsAbove'] => {
  const hung = new Map<string, number[]>();
  rails.forEach(({ on }, place) => {
    for (const { type, name, standing } of on)
      if (standing !== 'removed') hung.set(`${type}:${name}`, [...(hung.get(`${type}:${name}`) ?? []), place]);
  });
  return ({ ou, name, kind }) => {
    if (kind === 'management') return [];
    const levels = [['root:', 'Root'], ...above(ou).map((path) => [`ou:${path}`, path]), [`account:${name}`, name]];
    return levels.map(([key = '', level = '']) => ({ level, rails: hung.get(key) ?? [] }));
  };
};

const shortening = (names: readonly string[]): ((name: string) => string) => {
  const counts = new Map<string, number>();
  for (const name of names) {
    const [prefix = ''] = /^[^-_]+[-_](?=.)/.exec(name) ?? [];
    if (prefix !== '') counts.set(prefix, (counts.get(prefix) ?? 0) + 1);
  }
  const common = [...counts].find(([, count]) => count > names.length / 2)?.[0];
  return (name) => (common !== undefined && name.startsWith(common) ? name.slice(common.length) : name);
};

/** No permission set has a blank in its name. */
export const givenNameOf = ({ name, isRole }: ReportSet): string => (isRole ? `role ${name}` : name);

const lastOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

const namesOfGiven = (sets: readonly ReportSet[], short: Model['short']): Pick<Model, 'givenName' | 'givenShort'> => {
  const at = (use: (set: ReportSet) => string) => (place: number) => {
    const set = sets[place];
    return set === undefined ? '' : use(set);
  };
  return {
    givenName: at(givenNameOf),
    givenShort: at(({ name, isRole }) => (isRole ? `role ${lastOf(name)}` : short(name))),
  };
};

export const modelOf = (report: Report): Model => {
  const { principals, sets } = report;
  const own = listsBy(report.grants, principals.length, ({ who }) => who);
  const members = listsBy(report.members, principals.length, ({ group }) => group);
  const groups = listsBy(report.members, principals.length, ({ user }) => user);
  const [now, old] = [undefined, true].map((side) =>
    listsBy(
      report.reaches.filter(({ before }) => before === side),
      sets.length,
      ({ set }) => set,
    ),
  ) as [ReachBySet, ReachBySet];
  const reachOf = reachIn(now, old);
  const short = shortening(sets.flatMap(({ name, isRole }) => (isRole ? [] : [name])));
  return {
    report,
    holdings: (who) => [
      ...(own[who] ?? []).map((grant) => ({ grant })),
      ...(groups[who] ?? []).flatMap((through) => (own[through.group] ?? []).map((grant) => ({ grant, through }))),
    ],
    membersOf: (group) => members[group] ?? [],
    groupsOf: (user) => groups[user] ?? [],
    reachOf,
    riskOf: ({ set, standing }, account) =>
      reachOf(set, account, standing === 'removed' ? 'gone' : undefined)?.risk ?? 'low',
    railsAbove: railsIn(report),
    nameOf: (who) => principals[who]?.name ?? '',
    ...namesOfGiven(sets, short),
    short,
  };
};

/** The earlier of two last days; no day is no end. */
const earlier = (one: string | undefined, other: string | undefined): string | undefined =>
  one === undefined || other === undefined ? (one ?? other) : one < other ? one : other;

export const untilOf = ({ grant, through }: Holding): string | undefined => earlier(grant.until, through?.until);

export const worse = (one: Risk, other: Risk): Risk => (risks.indexOf(one) >= risks.indexOf(other) ? one : other);
