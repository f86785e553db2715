/** Who is asked in an access test: a name that nobody has would make what must be denied hold for nothing. */
import type { Role } from '../../model/resource.ts';
import { isRole, readRoleName } from '../../model/role-name.ts';
import { ofKind } from '../documents.ts';
import type { FileDocuments, NameIndex } from '../documents.ts';
import type { FileSchemas } from '../schema/schema.ts';
import { suggestion } from '../suggest.ts';
import { listed, quoted } from '../text.ts';
import { checkGroup, checkName, checkPermissionSet, inside, placeOf } from '../world.ts';
import type { FileSpot, ReadingContext } from '../world.ts';

type SubjectEntry = NonNullable<FileSchemas['tests'][number]['as']>;
const words = ['group', 'user', 'permissionSet', 'role', 'rootUser', 'anyone'];

/** Whom an access test may name besides groups and permission sets. `roles`: nothing while not all of them are known. */
export type KnownNames = { readonly users: NameIndex; readonly roles: readonly Role[] | undefined };

/** Members of an external group, or of one whose members are not managed, are not in the files. */
export const namedIn = (documents: FileDocuments, roles: readonly Role[]): KnownNames => {
  const members = ofKind(documents, 'group').flatMap(({ value }) => value.members ?? []);
  const names = [
    ...ofKind(documents, 'user').map(({ value }) => value.user),
    ...members.map((member) => (typeof member === 'string' ? member : member.user)),
  ];
  const complete = documents.complete.has('group') && documents.complete.has('user');
  return {
    users: { names: new Set(names), complete },
    roles: documents.complete.has('role') ? roles : undefined,
  };
};

/** `accounts`: where the test asks. */
type SubjectCheck = {
  readonly world: ReadingContext;
  readonly named: KnownNames;
  readonly accounts: readonly string[];
};

/** Written as the one who mistyped it would have: with the path if there was one. */
const rolesAs = (text: string, roles: readonly Role[]): readonly string[] =>
  roles.map(({ account, path, name }) => `${account}:${text.includes('/') ? path.slice(1) : ''}${name}`);

/** A name that is right in another account is nearer than any other name in this one. */
const hintFor = (text: string, roles: readonly Role[]): string | undefined => {
  const name = readRoleName(text)?.name;
  const namesakes = roles.filter((role) => role.name === name);
  const near = suggestion(text, rolesAs(text, namesakes)) ?? suggestion(text, rolesAs(text, roles));
  if (near !== undefined) return `Did you mean ${near}?`;
  const [first] = rolesAs(text, namesakes);
  return first === undefined ? 'Write ACCOUNT:NAME.' : `It is declared as ${first}.`;
};

const checkRole = (spot: FileSpot, text: string, { world, named: { roles }, accounts }: SubjectCheck): void => {
  if (roles === undefined || world.organization === undefined) return;
  const { report } = world;
  const wanted = readRoleName(text);
  const isKnown = roles.some((role) => role.account === wanted?.account && isRole(role, wanted));
  if (wanted === undefined || !isKnown) {
    const message = `${quoted(text)} is not a role of a file in access/roles`;
    report({ at: placeOf(spot), rule: 'unknown-role', message, hint: hintFor(text, roles) });
  } else if (accounts.length > 0 && !accounts.includes(wanted.account)) {
    const message = `${quoted(text)} acts in ${quoted(wanted.account)} alone, where the test does not ask`;
    const hint = `Say in: { accounts: [${wanted.account}] }.`;
    report({ at: placeOf(spot), rule: 'role-elsewhere', message, hint });
  }
};

const checkUser = (spot: FileSpot, name: string, { world, named: { users } }: SubjectCheck): void => {
  const what = 'a user of a file in access/users, nor a member in access/groups';
  checkName(spot, { name, index: users, rule: 'unknown-user', what, all: 'users' }, world.report);
};

const checkOne = (spot: FileSpot, subject: SubjectEntry, { report }: ReadingContext): void => {
  const present = words.filter((key) => Object.hasOwn(subject, key));
  if (present.length === 1) return;
  const message =
    present.length === 0
      ? `one of ${listed(words).replace(' and ', ' or ')} is missing`
      : `${listed(present)} exclude each other`;
  report({ at: placeOf(spot), rule: present.length === 0 ? 'missing-key' : 'conflicting-keys', message });
};

export const checkSubject = (spot: FileSpot, subject: SubjectEntry, asked: SubjectCheck): void => {
  const { world } = asked;
  const { group, user, permissionSet, role, except = [] } = subject;
  checkOne(spot, subject, world);
  if (group !== undefined) checkGroup(inside(spot, 'group'), group, world);
  if (user !== undefined) checkUser(inside(spot, 'user'), user, asked);
  if (permissionSet !== undefined) checkPermissionSet(inside(spot, 'permissionSet'), permissionSet, world);
  if (role !== undefined) checkRole(inside(spot, 'role'), role, asked);
  // A principal that does not exist excepts nobody, which only makes the test stricter.
  for (const [index, one] of except.entries())
    checkSubject(inside(spot, 'except', index), one, { ...asked, accounts: [] });
};
