/** WHO, SET and WHERE of a grant as somebody types them, understood; what nobody knows is answered with the nearest name. */
import type { DeclaredOrganization } from '../../desired/declared-organization.ts';
import { findOu } from '../../desired/organization.ts';
import { didYouMean } from '../../desired/suggest.ts';
import type { Desired, GrantTerms } from '../../model/desired.ts';
import { UserError } from '../../model/problem.ts';
import { pathToRoot, resourcesOf } from '../../model/resource.ts';
import type { Principal } from '../../model/resource.ts';
import { organizationIn, typedIn } from '../edit/repo.ts';
import type { Repo } from '../edit/repo.ts';
import { ouWord } from '../fold.ts';

/** An account, or an OU with what will ever be in it. `word`: how a file says it. `accounts`: those it means today. */
export type GrantTarget = {
  readonly word: string;
  readonly accounts: readonly string[];
  /** Of an OU, as in keys. */
  readonly path?: string;
};

export type GrantRequest = {
  readonly principal: Principal;
  readonly permissionSet: string;
  readonly target: GrantTarget;
  readonly terms: GrantTerms;
  /** YYYY-MM-DD */
  readonly today: string;
};

/** As they stand on the command line. */
export type TypedGrant = { readonly who: string; readonly set: string; readonly where: string };

/** The files before an edit, and what they ask for. */
export type GrantGround = { readonly repo: Repo; readonly desired: Desired };

const unknown = (what: string, name: string, known: Iterable<string>): UserError =>
  new UserError([`"${name}" is not ${what}.`, didYouMean(name, known) ?? ''].join(' ').trim());

const groupNames = (repo: Repo): readonly string[] => typedIn(repo, 'group').map(({ value }) => value.group);

export const userNames = ({ repo, desired }: GrantGround): readonly string[] => [
  ...new Set([
    ...typedIn(repo, 'user').map(({ value }) => value.user),
    ...resourcesOf(desired.state, 'membership').map(({ user }) => user),
  ]),
];

const typedName = /^(group|user):(.+)$/s;

/** A user whom no file names may well be in the directory: `user:` says that this is meant. */
const principalOf = (ground: GrantGround, text: string): Principal => {
  const [, type, name = text] = typedName.exec(text) ?? [];
  const groups = groupNames(ground.repo);
  if (type === 'user') return { type: 'user', name };
  if (groups.includes(name)) return { type: 'group', name };
  if (type === 'group') throw unknown('a group', name, groups);
  const users = userNames(ground);
  if (users.includes(name)) return { type: 'user', name };
  const { message } = unknown('a group, or a user whom a file names', name, [...groups, ...users]);
  throw new UserError(`${message} For a user whom no file names yet, write user:${name}`);
};

const setOf = ({ desired }: GrantGround, name: string): string => {
  const sets = resourcesOf(desired.state, 'permission-set').map((set) => set.name);
  if (sets.includes(name)) return name;
  throw unknown('a permission set', name, sets);
};

const insideOu = (path: string, organization: DeclaredOrganization): readonly string[] =>
  [...organization.accounts.values()]
    .filter(({ name, parent }) => name !== organization.management && pathToRoot(parent).includes(path))
    .map(({ name }) => name);

const targetOf = ({ repo }: GrantGround, text: string): GrantTarget => {
  const organization = organizationIn(repo);
  if (organization === undefined) throw new UserError('access/organization.yaml does not say which accounts there are');
  const accounts = [...organization.accounts.values()];
  const account = accounts.find(({ name }) => name === text) ?? accounts.find(({ id }) => id === text);
  if (account !== undefined) return { word: account.name, accounts: [account.name] };
  const written = text.replace(/^ou:/, '');
  const path = findOu(written, organization);
  if (path !== undefined) return { word: ouWord(path), accounts: insideOu(path, organization), path };
  const ous = [...organization.ous.keys()].map(ouWord);
  if (text !== written) throw unknown('an OU', written, ous);
  throw unknown('an account or an OU of the organization', text, [...accounts.map(({ name }) => name), ...ous]);
};

/** Throws UserError. */
export const understoodGrant = (
  ground: GrantGround,
  words: TypedGrant,
): Pick<GrantRequest, 'principal' | 'permissionSet' | 'target'> => ({
  principal: principalOf(ground, words.who),
  permissionSet: setOf(ground, words.set),
  target: targetOf(ground, words.where),
});

/** "SecureCart-Staging", "OU Workloads/Production". */
export const whereWords = ({ word, path }: GrantTarget): string => (path === undefined ? word : `OU ${word}`);
