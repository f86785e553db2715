/** Users whom the files ask to be made: whom the directory has already, who may not be made there, and what is said of them. */
import type { BlockReason } from '../../model/held.ts';
import type { Live, Profile } from '../../model/cloud.ts';
import type { Desired } from '../../model/desired.ts';
import type { Note } from '../../model/plan.ts';
import type { Key, Person, State, User } from '../../model/resource.ts';
import { isGrant, keyOf, resourcesOf, userKey } from '../../model/resource.ts';
import { foldedName } from './spelling.ts';

type UserDirectory = {
  /** By name and by address, both without case. */
  readonly byName: ReadonlyMap<string, Profile>;
  readonly byEmail: ReadonlyMap<string, Profile>;
};

const directoryOf = ({ users, profiles = [] }: Live): UserDirectory => ({
  byName: new Map([...users.map((name) => ({ name })), ...profiles].map((one) => [foldedName(one.name), one])),
  byEmail: new Map(profiles.flatMap((one) => (one.email === undefined ? [] : [[foldedName(one.email), one]]))),
});

/** Somebody else's address: AWS would refuse a second user with it. */
const namesake = ({ byName, byEmail }: UserDirectory, { name, email }: User): Profile | undefined =>
  byName.get(foldedName(name)) ?? (email === undefined ? undefined : byEmail.get(foldedName(email)));

type FoundUser = { readonly user: User; readonly profile: Profile };

const words: Readonly<Record<keyof Person, string>> = {
  displayName: 'display name',
  givenName: 'given name',
  familyName: 'family name',
  email: 'e-mail address',
};

const isSame = (field: keyof Person, said: string, found: string): boolean =>
  field === 'email' ? foldedName(said) === foldedName(found) : said === found;

const differencesOf = ({ user, profile }: FoundUser): readonly string[] =>
  (Object.keys(words) as (keyof Person)[]).flatMap((field) => {
    const [said, found] = [user[field], profile[field]];
    if (said === undefined || found === undefined || isSame(field, said, found)) return [];
    return [`${words[field]} ${JSON.stringify(found)}, not ${JSON.stringify(said)}`];
  });

const noteOf = (found: FoundUser): string | undefined => {
  const { user, profile } = found;
  if (foldedName(profile.name) !== foldedName(user.name))
    return `User ${JSON.stringify(user.name)} is not created: its e-mail address is that of ${JSON.stringify(profile.name)}, who is in the directory.`;
  const differing = differencesOf(found);
  if (differing.length === 0) return undefined;
  return `The directory says of user ${JSON.stringify(user.name)}: ${differing.join('; ')}. Users are made, not edited: correct one of the two by hand.`;
};

/** `assumed-role/NAME/` of the ARN of a session. */
const roleIn = (arn: string | undefined): string | undefined => /:assumed-role\/([^/]+)\//.exec(arn ?? '')?.[1];

/** Whoever the reconciler made carries its role as the creator; nothing else tells, for users have no tags. */
const leftBehind = ({ settings, state }: Desired, { profiles = [], caller }: Live): readonly string[] => {
  const ours = new Set([roleIn(caller), settings.reconciler?.apply.split('/').at(-1)].filter(Boolean));
  const named = Object.values(state).flatMap((resource) => {
    if (resource.kind === 'user') return [resource.name];
    if (resource.kind === 'membership') return [resource.user];
    return isGrant(resource) && resource.principal.type === 'user' ? [resource.principal.name] : [];
  });
  const declared = new Set(named.map(foldedName));
  return profiles
    .filter(({ name, madeBy }) => ours.has(roleIn(madeBy)) && !declared.has(foldedName(name)))
    .map(({ name }) => name)
    .sort();
};

export type CreatedUsers = {
  /** Whom the directory has. */
  readonly there: ReadonlySet<Key>;
  /** Who is not made, each with the reason. */
  readonly refused: ReadonlyMap<Key, BlockReason>;
};

/** `current` has users only where it is what files once asked for: those are compared like anything else. */
export const creationsOf = (desired: Desired, live: Live, current: State): CreatedUsers => {
  const asked = resourcesOf(desired.state, 'user').filter((user) => current[keyOf(user)] === undefined);
  if (asked.length === 0) return { there: new Set(), refused: new Map() };
  const directory = directoryOf(live);
  const there = new Set(asked.filter((user) => namesake(directory, user) !== undefined).map(keyOf));
  const missing = asked.map(keyOf).filter((key) => !there.has(key));
  const { fedBy } = live;
  const refused = fedBy === undefined ? [] : missing;
  return { there, refused: new Map(refused.map((key) => [key, { is: 'fed-directory', member: fedBy ?? '' }])) };
};

const most = 5;

export const userNotes = (desired: Desired, live: Live): readonly Note[] => {
  const directory = directoryOf(live);
  const said = resourcesOf(desired.state, 'user').flatMap((user): readonly Note[] => {
    const profile = namesake(directory, user);
    const message = profile === undefined ? undefined : noteOf({ user, profile });
    const origin = desired.origins[userKey(user.name)];
    return message === undefined ? [] : [{ message, ...(origin === undefined ? {} : { origin }) }];
  });
  const left = leftBehind(desired, live);
  if (left.length === 0) return said;
  const names = left.slice(0, most).map((name) => JSON.stringify(name));
  const more = left.length > most ? ` and ${left.length - most} more` : '';
  const message = `Still in AWS, not ours to take away: users whom the reconciler created and no file names any more: ${names.join(', ')}${more}. Delete them by hand.`;
  return [...said, { message }];
};
