/** How long main gives something, commit by commit, under the names of its tip. */
import { ALWAYS, isSameTerm, termsIn } from '../desired/terms.ts';
import type { Term } from '../desired/terms.ts';
import type { DatedGrant, Desired } from '../model/desired.ts';
import type { Place } from '../model/problem.ts';
import type { Key, Resource, State } from '../model/resource.ts';
import { decodeName, encodeName, groupKey } from '../model/resource.ts';
import { foldedName } from '../plan/situation/spelling.ts';
import type { TreeAt } from './files-changed.ts';
import { underPresentNames } from './labels.ts';

/** What has an end of its own. */
const termed = /^(membership|assignment|role|policy|oidc-provider)\//;

/** What was given to its last day, under the names of the tip. */
export type TermEntry = { readonly resource: Resource; readonly place: Place };

type TreeTerms = {
  readonly said: ReadonlyMap<string, { readonly term: Term; readonly entry?: TermEntry }>;
  /** Groups whose members are all named. */
  readonly managed: ReadonlySet<string>;
};

/** AWS tells neither users nor groups, nor roles of one account, apart by case; the directory knows users by address, too. */
export type IdentityOf = (key: Key) => string;

export const identityIn = (emails: readonly (readonly [string, string])[] = []): IdentityOf => {
  const names = new Map(emails.map(([email, user]) => [foldedName(email), user]));
  const userOf = (text: string): string => encodeName(names.get(foldedName(decodeName(text))) ?? decodeName(text));
  return (key) => {
    if (names.size === 0) return key.toLowerCase();
    return key
      .replace(/^(membership\/[^:]*:)(.*)$/, (_, before: string, user: string) => before + userOf(user))
      .replace(/^(assignment\/user:)([^:]*)/, (_, before: string, user: string) => before + userOf(user))
      .toLowerCase();
  };
};

const lastEnding = (dated: readonly DatedGrant[]): ReadonlyMap<Key, DatedGrant> => {
  const found = new Map<Key, DatedGrant>();
  for (const grant of dated) {
    const before = found.get(grant.key);
    if (grant.until !== undefined && (before?.until ?? '') < grant.until) found.set(grant.key, grant);
  }
  return found;
};

/** The whole of a tree on all days, each key once. */
const allOf = ({ state, dated }: Desired, ending: ReadonlyMap<Key, DatedGrant>): State => ({
  ...state,
  ...Object.fromEntries(dated.map(({ key, resource }) => [key, ending.get(key)?.resource ?? resource])),
});

/** `names`: newer trees that name things otherwise, oldest first. Renames keep the order of the keys. */
const wordsOf = (tree: Desired, names: readonly Desired[], identity: IdentityOf): TreeTerms => {
  const terms = termsIn(tree);
  const ending = lastEnding(tree.dated);
  const whole: Desired = { ...tree, state: allOf(tree, ending) };
  const told = names.reduce(underPresentNames, whole);
  const keys = Object.keys(whole.state);
  const present = Object.entries(told.state);
  const said = keys.flatMap((key, at) => {
    const [toldKey, resource] = (present.length === keys.length ? present[at] : undefined) ?? [key, whole.state[key]];
    const place = ending.get(key)?.place;
    const entry = place === undefined || resource === undefined ? {} : { entry: { resource, place } };
    return termed.test(key) ? [[identity(toldKey), { term: terms.get(key) ?? [], ...entry }] as const] : [];
  });
  const groups = [...told.memberGroups.map(groupKey), ...told.absent.filter((key) => key.startsWith('group/'))];
  return { said: new Map(said), managed: new Set(groups.map(identity)) };
};

/** Members of a group without the `members` key stay members. */
const isLeftAlone = (id: string, { managed }: TreeTerms): boolean => {
  const [, group] = /^membership\/([^:]*):/.exec(id) ?? [];
  return group !== undefined && !managed.has(`group/${group}`);
};

const termIn = (words: TreeTerms, id: string): Term =>
  words.said.get(id)?.term ?? (isLeftAlone(id, words) ? ALWAYS : []);

export type TermChange = {
  /** Commits that may have made it, newest first: of several, those between could not be read. */
  readonly commits: readonly string[];
  readonly before: Term;
  readonly after: Term;
  readonly entry?: TermEntry;
};

const changesBetween = (
  older: TreeTerms,
  newer: TreeTerms,
  commits: readonly string[],
): readonly [string, TermChange][] =>
  [...new Set([...older.said.keys(), ...newer.said.keys()])].flatMap((id) => {
    const [before, after] = [termIn(older, id), termIn(newer, id)];
    if (isSameTerm(before, after)) return [];
    const entry = older.said.get(id)?.entry;
    return [[id, { commits, before, after, ...(entry === undefined ? {} : { entry }) }]];
  });

export type Terms = {
  /** Of what main gives today, by `Identity`. */
  readonly now: (id: string) => Term;
  /** Newest first. */
  readonly changes: ReadonlyMap<string, readonly TermChange[]>;
};

const namesIn = ({ accounts, previously }: Desired): string => JSON.stringify([accounts, previously]);

/** `line`: first-parent commits that touch the folders, newest first. Trees are read one after the other, and none is kept. */
export const termsOf = async (
  desired: Desired,
  {
    line,
    treeAt,
    identity,
  }: { readonly line: readonly string[]; readonly treeAt: TreeAt; readonly identity: IdentityOf },
): Promise<Terms> => {
  const now = wordsOf(desired, [], identity);
  const changes = new Map<string, TermChange[]>();
  let [names, newer, unread]: [readonly Desired[], TreeTerms, string[]] = [[desired], now, line.slice(0, 1)];
  for (const commit of line.slice(1)) {
    const tree = (await treeAt(commit))?.desired;
    if (tree === undefined) {
      unread.push(commit);
      continue;
    }
    const older = wordsOf(tree, names, identity);
    for (const [id, change] of changesBetween(older, newer, unread))
      changes.set(id, [...(changes.get(id) ?? []), change]);
    if (names[0] === undefined || namesIn(tree) !== namesIn(names[0])) names = [tree, ...names];
    [newer, unread] = [older, [commit]];
  }
  return { now: (id) => termIn(now, id), changes };
};
