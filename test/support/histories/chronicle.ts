/** What really happened on main, as nobody but the history itself knows it, and who approved it: for the judge alone. */
import { understand } from '../../../src/desired/understand.ts';
import { loadCatalogue } from '../../../src/evaluate/catalogue.ts';
import type { Desired } from '../../../src/model/desired.ts';
import { canonical } from '../../../src/kinds/equal.ts';
import type { Key, Resource, State } from '../../../src/model/resource.ts';
import { accountLabelOfId, decodeName, keyOf, stateOf } from '../../../src/model/resource.ts';
import { rekey } from '../../../src/plan/situation/rekey.ts';
import type { MemoryGit } from './memory-git.ts';
import type { Member, Pull } from './memory-github.ts';
import type { Texts } from './merge-text.ts';

/** A piece of main; `honest`: what came to main is what git makes of its base and its head. */
export type Entry = {
  readonly base: string;
  readonly end: string;
  readonly pull?: Pull;
  readonly honest: boolean;
};

const isRead = (path: string): boolean => /^(access|permission-sets|scps)\/.*\.(ya?ml|json)$/i.test(path);

const known = new Map<string, Desired | 'broken'>();

/** What files ask for on a day; nothing for files with errors. */
export const asked = (files: Texts, now: string): Desired | undefined => {
  const read = Object.entries(files).filter(([path]) => isRead(path));
  const id = JSON.stringify([now.slice(0, 10), read]);
  if (known.size > 400) known.clear();
  const found =
    known.get(id) ??
    understand(
      { root: '/nowhere', files: read.map(([path, text]) => ({ path, text })), problems: [] },
      { catalogue: loadCatalogue(), now },
    ).desired ??
    'broken';
  known.set(id, found);
  return found === 'broken' ? undefined : found;
};

/** The name of an account that is not the same in every tree gives way to its id. */
const byId = (resource: Resource, ids: ReadonlyMap<string, string>): Resource => {
  const label = (name: string): string => accountLabelOfId(ids.get(name) ?? name);
  switch (resource.kind) {
    case 'account':
      return { ...resource, name: label(resource.name) };
    case 'assignment':
    case 'entitlement':
    case 'role':
    case 'policy':
    case 'oidc-provider':
    case 'resource-policy':
      return { ...resource, account: label(resource.account) };
    case 'attachment':
      return resource.target.type === 'account'
        ? { ...resource, target: { type: 'account', name: label(resource.target.name) } }
        : resource;
    default:
      return resource;
  }
};

const idsIn = ({ accounts }: Desired): ReadonlyMap<string, string> =>
  new Map(Object.entries(accounts).map(([id, name]) => [name, id]));

/** Keys of main, in which accounts are ids. */
export const idKey = (resource: Resource, main: Desired): Key => keyOf(byId(resource, idsIn(main)));

export type Wishes = {
  readonly state: State;
  /** What is asked for of a key today, as text. */
  readonly today: (key: Key) => string;
  /** The same for every day. */
  readonly ever: (key: Key) => string;
  /** What it gave until a day that has passed, and does not give today. */
  readonly over: (key: Key) => boolean;
};

/** What a tree asks for, in the names of main, accounts by id. */
export const wishesOf = (tree: Desired, main: Desired): Wishes => {
  const ids = idsIn(tree);
  const state = rekey(stateOf(Object.values(tree.state).map((one) => byId(one, ids))), main.previously);
  const absent = new Set(tree.absent);
  const dated = new Map<Key, string[]>();
  for (const { resource, from, until } of tree.dated) {
    const key = keyOf(byId(resource, ids));
    dated.set(key, [...(dated.get(key) ?? []), JSON.stringify([from, until, canonical(byId(resource, ids))])]);
  }
  const managed = (key: Key): boolean =>
    key.startsWith('membership/') && tree.memberGroups.includes(decodeName(key.slice(11).split(':')[0] ?? ''));
  const today = (key: Key): string => {
    const found = state[key];
    return JSON.stringify([found === undefined ? null : canonical(found), absent.has(key), managed(key)]);
  };
  const ended = new Set(tree.ended.map(({ key }) => key));
  const gone = tree.dated.filter((one) => ended.has(one.key)).map(({ resource }) => byId(resource, ids));
  const over = rekey(stateOf(gone), main.previously);
  return {
    state,
    today,
    ever: (key) => JSON.stringify([today(key), dated.get(key)?.toSorted()]),
    over: (key) => state[key] === undefined && over[key] !== undefined,
  };
};

/** Whose approval of a pull request stands: of its final head, after its base was last changed, by a person who may write and wrote none of it. */
export const approversOf = (pull: Pull, git: MemoryGit, members: readonly Member[]): readonly string[] => {
  const commits = git.between(pull.span?.base ?? '', pull.head).map(git.find);
  if (commits.some(({ author }) => author === undefined)) return [];
  const wrote = new Set([pull.author, ...commits.map(({ author }) => author)]);
  const since = pull.baseChanges.toSorted().at(-1) ?? '';
  return members
    .filter(({ login, can, bot }) => can && bot !== true && !wrote.has(login))
    .filter(({ login }) => {
      const last = pull.reviews.findLast(({ by, state }) => by === login && state !== 'COMMENTED');
      return last?.state === 'APPROVED' && last.commit === pull.head && last.at > since;
    })
    .map(({ login }) => login);
};

type Now = { readonly main: Desired; readonly live: State; readonly entries: number };

/** Which keys AWS has as main asks, since when: the number of entries of main by then. */
export const agreement = (before: ReadonlyMap<Key, number>, { main, live, entries }: Now): ReadonlyMap<Key, number> => {
  const wishes = wishesOf(main, main);
  const ids = idsIn(main);
  const found = rekey(stateOf(Object.values(live).map((one) => byId(one, ids))), main.previously);
  const agreed = new Map(before);
  const keys = new Set([...Object.keys(found), ...Object.keys(wishes.state)]);
  for (const key of keys) {
    const [wanted, there] = [wishes.state[key], found[key]];
    const same = (wanted === undefined ? '' : canonical(wanted)) === (there === undefined ? '' : canonical(there));
    if (same) agreed.set(key, entries);
  }
  return agreed;
};
