/** What a review is of, as somebody types it: an OU or account, a permission set, a role, a group or a user. */
import type { DeclaredOrganization } from '../../desired/declared-organization.ts';
import { findOu } from '../../desired/organization.ts';
import { namesMeant, plainNames } from '../../desired/names.ts';
import { didYouMean } from '../../desired/suggest.ts';
import { UserError } from '../../model/problem.ts';
import { pathToRoot, resourcesOf } from '../../model/resource.ts';
import { organizationIn, typedIn } from '../edit/repo.ts';
import { ouWord } from '../fold.ts';
import { userNames } from '../grant/request.ts';
import type { GrantGround } from '../grant/request.ts';

export type ReviewScope =
  | { readonly is: 'all' }
  | { readonly is: 'group' | 'user' | 'permission-set' | 'role'; readonly name: string }
  | {
      readonly is: 'place';
      /** "OU Workloads/Production", "SecureCart-Staging". */
      readonly name: string;
      readonly accounts: ReadonlySet<string>;
      /** Of an OU, as in keys. */
      readonly path?: string;
    };

const wordsOf: Readonly<Record<string, string>> = {
  group: 'a group',
  user: 'a user whom a file names',
  'permission-set': 'a permission set',
  role: 'a role of a file in access/roles',
  ou: 'an OU',
  account: 'an account',
};

const placeOf = (path: string, organization: DeclaredOrganization): ReviewScope => ({
  is: 'place',
  name: `OU ${ouWord(path)}`,
  path,
  accounts: new Set(
    [...organization.accounts.values()]
      .filter(({ name, parent }) => name !== organization.management && pathToRoot(parent).includes(path))
      .map(({ name }) => name),
  ),
});

const named = (is: 'group' | 'user' | 'permission-set' | 'role', names: readonly string[], name: string) =>
  names.includes(name) ? [{ is, name } as const] : [];

/** By the word before the colon, what has this name. */
const findersOf = ({ repo, desired }: GrantGround, organization: DeclaredOrganization) => {
  const names = {
    group: typedIn(repo, 'group').map(({ value }) => value.group),
    user: userNames({ repo, desired }),
    'permission-set': resourcesOf(desired.state, 'permission-set').map((set) => set.name),
    role: [...new Set(typedIn(repo, 'role').map(({ value }) => value.role))],
    ou: ['Root', ...[...organization.ous.keys()].map(ouWord)],
    account: [...organization.accounts.keys()],
  };
  const accountNamed = (name: string): readonly ReviewScope[] =>
    [...organization.accounts.values()]
      .filter((account) => account.name === name || account.id === name)
      .map((account) => ({ is: 'place', name: account.name, accounts: new Set([account.name]) }));
  const find: Readonly<Record<string, (name: string) => readonly ReviewScope[]>> = {
    group: (name) => named('group', names.group, name),
    'permission-set': (name) => named('permission-set', names['permission-set'], name),
    role: (name) => named('role', names.role, name),
    ou: (name) => {
      const path = findOu(name, organization);
      return path === undefined ? [] : [placeOf(path, organization)];
    },
    account: accountNamed,
    user: (name) => named('user', names.user, name),
  };
  return { names, find };
};

const nearest = (name: string, known: Iterable<string>): string => {
  const near = didYouMean(name, known);
  return near === undefined ? '' : ` ${near}`;
};

/** The one name that is meant by a name in short. */
const onlyOne = (typed: string, known: readonly string[]): string | undefined => {
  const [name, ...others] = namesMeant(typed, plainNames(known));
  return others.length === 0 ? name : undefined;
};

type Finders = ReturnType<typeof findersOf>;

const ofKind = ({ names, find }: Finders, kind: string, name: string): ReviewScope => {
  const known = names[kind as keyof typeof names];
  const look = find[kind] ?? (() => []);
  const [found] = [...look(name), ...look(onlyOne(name, known) ?? name)];
  if (found !== undefined) return found;
  throw new UserError(`--of: "${name}" is not ${wordsOf[kind] ?? kind}.${nearest(name, known)}`);
};

const ofAnyKind = ({ names, find }: Finders, text: string): ReviewScope => {
  const called = (name: string) =>
    Object.entries(find).flatMap(([kind, look]) => look(name).map((scope) => ({ scope, words: `${kind}:${name}` })));
  const known = [...new Set(Object.values(names).flat())];
  const asTyped = called(text);
  const [first, ...others] = asTyped.length > 0 ? asTyped : called(onlyOne(text, known) ?? text);
  if (first === undefined)
    throw new UserError(
      `--of: "${text}" is neither an OU or account, nor a permission set, role, group or user.${nearest(text, known)}`,
    );
  if (others.length === 0) return first.scope;
  const words = [first, ...others].map((one) => one.words).join(' or ');
  throw new UserError(`--of: "${text}" names several things: write ${words}`);
};

/** Throws UserError where nothing is called so, or two things are. */
export const reviewScopeOf = (ground: GrantGround, text: string | undefined): ReviewScope => {
  if (text === undefined) return { is: 'all' };
  const organization = organizationIn(ground.repo);
  if (organization === undefined) throw new UserError('access/organization.yaml does not say which accounts there are');
  const finders = findersOf(ground, organization);
  const [, prefix = '', name = ''] = /^([a-z-]+):(.+)$/s.exec(text) ?? [];
  return Object.hasOwn(finders.find, prefix) ? ofKind(finders, prefix, name) : ofAnyKind(finders, text);
};
