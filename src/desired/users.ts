/** access/users/: who is made where the directory of Identity Center does not have them. */
import type { Place } from '../model/problem.ts';
import type { User } from '../model/resource.ts';
import type { GroupFile, UserFile } from './check-form.ts';
import { quoted } from './text.ts';
import { placeOf } from './world.ts';
import type { FileSpot, ReadingContext } from './world.ts';
import type { Piece } from './piece.ts';

const folded = (name: string): string => name.toLowerCase();

/** "Administrator and AWSAdministrators are reserved names" (Identity Store API Reference, CreateUser). */
const reserved = ['administrator', 'awsadministrators'];

const attributes = ['displayName', 'name', 'email'] as const;

/** Whether all is said that AWS demands; what says nothing is a problem, too. */
const isWhole = ({ file, value }: UserFile, { report }: ReadingContext): boolean => {
  const { user, create = false, displayName, name } = value;
  if (!create) {
    for (const key of attributes.filter((one) => value[one] !== undefined))
      report({ at: file.keyAt([key]), rule: 'unknown-key', message: `${key} says nothing without "create: true"` });
    return false;
  }
  if (reserved.includes(folded(user))) {
    const message = `${quoted(user)} is a name that AWS keeps for itself`;
    report({ at: file.at(['user']), rule: 'reserved-name', message });
  }
  const missing = [...(displayName === undefined ? ['displayName'] : []), ...(name === undefined ? ['name'] : [])];
  if (missing.length > 0) {
    const message = `a user who is created needs ${missing.join(' and ')}`;
    report({ at: file.keyAt(['create']), rule: 'missing-key', message });
  }
  return missing.length === 0;
};

const isAddress = (text: string): boolean => /^[^@]+@[^@]+$/.test(text);

const checkEmail = ({ file, value: { email } }: UserFile, { report }: ReadingContext): void => {
  if (email === undefined || isAddress(email)) return;
  report({ at: file.at(['email']), rule: 'wrong-value', message: `${quoted(email)} is not an e-mail address` });
};

/** The directory compares names and addresses without case, and takes each once. */
const checkOnce = (files: readonly UserFile[], key: 'user' | 'email', { report }: ReadingContext): void => {
  const first = new Map<string, Place>();
  for (const { file, value } of files) {
    const text = value[key];
    if (text === undefined) continue;
    const before = first.get(folded(text));
    first.set(folded(text), before ?? file.at([key]));
    if (before === undefined) continue;
    const message = `${key} ${quoted(text)} is that of a user who is created in ${before.file}:${before.line}`;
    report({ at: file.at([key]), rule: 'declared-twice', message });
  }
};

type NamedAt = { readonly name: string; readonly spot: FileSpot };

const membersIn = (groups: readonly GroupFile[]): readonly NamedAt[] =>
  groups.flatMap(({ file, value: { members = [] } }) =>
    members.map((member, index) => ({
      name: typeof member === 'string' ? member : member.user,
      spot: { file, path: ['members', index] },
    })),
  );

/** A member waits for the user who is created under the very name. */
const checkSpelling = (files: readonly UserFile[], groups: readonly GroupFile[], { report }: ReadingContext): void => {
  const names = new Map(files.map(({ file, value: { user } }) => [folded(user), { user, at: file.at(['user']) }]));
  for (const { name, spot } of membersIn(groups)) {
    const created = names.get(folded(name));
    if (created === undefined || created.user === name) continue;
    const { file, line } = created.at;
    const message = `${quoted(name)} is created as ${quoted(created.user)} (${file}:${line}): write the name alike`;
    report({ at: placeOf(spot), rule: 'other-spelling', message });
  }
};

/** Who comes from a corporate directory is made there: its next push would not know of anybody else. */
const checkDirectory = (files: readonly UserFile[], groups: readonly GroupFile[], { report }: ReadingContext): void => {
  const external = groups.find(({ value }) => value.source === 'external');
  if (external === undefined) return;
  const { file, line } = external.file.at(['source']);
  for (const one of files) {
    const message = `users come from the corporate directory, as ${file}:${line} says of a group: create ${quoted(one.value.user)} there`;
    report({ at: one.file.keyAt(['create']), rule: 'created-in-synced-directory', message });
  }
};

const userOf = ({ value }: UserFile): User | undefined => {
  const { user, displayName, name, email } = value;
  if (displayName === undefined || name === undefined) return undefined;
  return {
    kind: 'user',
    name: user,
    displayName,
    givenName: name.given,
    familyName: name.family,
    ...(email === undefined ? {} : { email }),
  };
};

export const readCreatedUsers = (
  users: readonly UserFile[],
  groups: readonly GroupFile[],
  world: ReadingContext,
): readonly Piece[] => {
  const created = users.filter(({ value }) => value.create === true);
  const whole = users.filter((typed) => isWhole(typed, world));
  for (const typed of created) checkEmail(typed, world);
  checkOnce(created, 'user', world);
  checkOnce(created, 'email', world);
  checkSpelling(created, groups, world);
  checkDirectory(created, groups, world);
  return whole.flatMap((typed) => {
    const resource = userOf(typed);
    return resource === undefined ? [] : [{ resource, at: typed.file.at(['user']) }];
  });
};
