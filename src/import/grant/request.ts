/** WHO, WHAT and WHERE of a grant as somebody types them, understood; what nobody knows is answered with the nearest name. */
import type { DeclaredOrganization } from '../../desired/declared-organization.ts';
import { findOu } from '../../desired/organization.ts';
import { namesMeant, nameTaken, plainNames, takenLines, unknownName } from '../../desired/names.ts';
import { quoted } from '../../desired/text.ts';
import type { Desired, GrantTerms } from '../../model/desired.ts';
import { UserError } from '../../model/problem.ts';
import { pathToRoot, resourcesOf } from '../../model/resource.ts';
import type { Principal } from '../../model/resource.ts';
import type { WrittenGiven } from '../../model/written.ts';
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
  readonly given: WrittenGiven;
  readonly target: GrantTarget;
  readonly terms: GrantTerms;
  /** YYYY-MM-DD */
  readonly today: string;
};

/** As they stand on the command line. */
export type TypedGrant = { readonly who: string; readonly what: string; readonly where: string };

/** The files before an edit, and what they ask for. */
export type GrantGround = { readonly repo: Repo; readonly desired: Desired };

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
  if (type === 'user') return { type: 'user', name };
  const groups = groupNames(ground.repo);
  if (type === 'group')
    return { type: 'group', name: nameTaken(name, { known: plainNames(groups), what: 'a group', all: 'groups' }) };
  const known = plainNames([...groups, ...userNames(ground)]);
  const [meant, ...others] = namesMeant(name, known);
  if (meant !== undefined && others.length === 0)
    return { type: groups.includes(meant) ? 'group' : 'user', name: meant };
  const what = 'a group, or a user whom a file names';
  const { message } = unknownName(name, { known, what, all: 'groups and users' });
  throw new UserError(`${message} For a user whom no file names yet, write user:${name}`);
};

/** Whether a role is in the account, and open to people, is for validate to say. */
const roleNames = (repo: Repo): readonly string[] => typedIn(repo, 'role').map(({ value }) => value.role);

const setTaken = ({ repo, desired }: GrantGround, name: string): string => {
  const known = plainNames(resourcesOf(desired.state, 'permission-set').map((set) => set.name));
  const [role] = namesMeant(name, known).length > 0 ? [] : namesMeant(name, plainNames(roleNames(repo)));
  if (role !== undefined)
    throw new UserError(`${quoted(name)} is not a permission set. For the role itself, write role:${role}`);
  return nameTaken(name, { known, what: 'a permission set', all: 'permission sets' });
};

const typedGiven = /^(permission-set|role):(.+)$/s;

const givenOf = (ground: GrantGround, text: string): WrittenGiven => {
  const [, type, name = text] = typedGiven.exec(text) ?? [];
  if (type !== 'role') return { permissionSet: setTaken(ground, name) };
  const known = plainNames(roleNames(ground.repo));
  return { role: nameTaken(name, { known, what: 'a role of a file in access/roles', all: 'roles' }) };
};

/** As it is typed in full; a set without a word before its name. */
const typedAs = (given: WrittenGiven): string => ('role' in given ? `role:${given.role}` : given.permissionSet);

/** "SecureCart-ReadOnly", "role CentralLogsReader". */
export const givenWords = (given: WrittenGiven): string =>
  'role' in given ? `role ${given.role}` : given.permissionSet;

const insideOu = (path: string, organization: DeclaredOrganization): readonly string[] =>
  [...organization.accounts.values()]
    .filter(({ name, parent }) => name !== organization.management && pathToRoot(parent).includes(path))
    .map(({ name }) => name);

const ouTarget = (path: string, organization: DeclaredOrganization): GrantTarget => ({
  word: ouWord(path),
  accounts: insideOu(path, organization),
  path,
});

const targetOf = ({ repo }: GrantGround, text: string): GrantTarget => {
  const organization = organizationIn(repo);
  if (organization === undefined) throw new UserError('access/organization.yaml does not say which accounts there are');
  const accounts = [...organization.accounts.values()].map(({ name, id }) => ({ name, also: [id] }));
  const written = text.replace(/^ou:/, '');
  const path = findOu(written, organization);
  const isAccount = accounts.some(({ name, also }) => name === text || also.includes(text));
  if (path !== undefined && !isAccount) return ouTarget(path, organization);
  const ous = ['Root', ...[...organization.ous.keys()].map(ouWord)].map((ou) => ({ name: `ou:${ou}`, also: [ou] }));
  const word =
    text === written
      ? nameTaken(text, {
          known: [...accounts, ...ous],
          what: 'an account or an OU of the organization',
          all: 'accounts and OUs',
        })
      : nameTaken(`ou:${written}`, { known: ous, what: 'an OU', all: 'OUs' });
  const found = findOu(word.replace(/^ou:/, ''), organization);
  return word.startsWith('ou:') && found !== undefined ? ouTarget(found, organization) : { word, accounts: [word] };
};

/** What each word was taken for, where it was not typed in full. */
export const grantTaken = (words: TypedGrant, { principal, given, target }: UnderstoodGrant): readonly string[] =>
  takenLines([
    [words.who, `${principal.type}:${principal.name}`],
    [words.what.replace(/^permission-set:/, ''), typedAs(given)],
    [words.where, target.path === undefined ? target.word : `ou:${target.word}`],
  ]);

type UnderstoodGrant = Pick<GrantRequest, 'principal' | 'given' | 'target'>;

/** Throws UserError. */
export const understoodGrant = (ground: GrantGround, words: TypedGrant): UnderstoodGrant => ({
  principal: principalOf(ground, words.who),
  given: givenOf(ground, words.what),
  target: targetOf(ground, words.where),
});

/** "SecureCart-Staging", "OU Workloads/Production". */
export const whereWords = ({ word, path }: GrantTarget): string => (path === undefined ? word : `OU ${word}`);
