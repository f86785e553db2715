/**
 * Live under the spelling of the files. The directory compares the names of users and groups without case (RFC 7643, 4.1.1:
 * userName is not case-exact), so a name in other case is the same person, not a removal and a stranger.
 */
import type { Live } from '../../model/cloud.ts';
import type { Desired } from '../../model/desired.ts';
import { isGrant, keyOf, resourcesOf, stateOf } from '../../model/resource.ts';
import type { Grant, Key, Membership, Resource, State } from '../../model/resource.ts';

export const foldedName = (name: string): string => name.toLowerCase();

type UserNaming = Membership | Grant;

const isNamed = (resource: Resource): resource is UserNaming =>
  resource.kind === 'membership' || (isGrant(resource) && resource.principal.type === 'user');

const userOf = (resource: UserNaming): string =>
  resource.kind === 'membership' ? resource.user : resource.principal.name;

const withUser = (resource: UserNaming, user: string): UserNaming =>
  resource.kind === 'membership' ? { ...resource, user } : { ...resource, principal: { type: 'user', name: user } };

const foldedKey = (resource: UserNaming): Key => keyOf(withUser(resource, foldedName(userOf(resource))));

/** Only the groups whose declared name AWS spells in another case. */
const groupSpellings = ({ state }: Desired, live: State): ReadonlyMap<string, string> => {
  const there = new Set(resourcesOf(live, 'group').map(({ name }) => name));
  const declared = resourcesOf(state, 'group').filter(({ name }) => !there.has(name));
  const wanted = new Map(declared.map(({ name }) => [foldedName(name), name]));
  return new Map(
    [...there].flatMap((name) => {
      const spelled = wanted.get(foldedName(name));
      return spelled === undefined || state[keyOf({ kind: 'group', name, source: 'external' })] !== undefined
        ? []
        : [[name, spelled] as const];
    }),
  );
};

const inGroup = (resource: Resource, spellings: ReadonlyMap<string, string>): Resource => {
  if (resource.kind === 'group') return { ...resource, name: spellings.get(resource.name) ?? resource.name };
  if (resource.kind === 'membership') return { ...resource, group: spellings.get(resource.group) ?? resource.group };
  if (!isGrant(resource) || resource.principal.type !== 'group' || resource.principal.orphan === true) return resource;
  const name = spellings.get(resource.principal.name);
  return name === undefined ? resource : { ...resource, principal: { type: 'group', name } };
};

/**
 * What the files call the user of this entry: the name in other case, or the e-mail address of a user who goes by another
 * name now. An address only recognizes an entry that is there already: it gives nobody anything.
 */
const spelledBy = ({ state, dated }: Desired, { emails = [] }: Live) => {
  // What has ended is not in the state, and has to be found all the same.
  const declared = [...dated.map(({ resource }) => resource), ...Object.values(state)].filter(isNamed);
  const wanted = new Map(declared.map((resource) => [foldedKey(resource), userOf(resource)]));
  const formerly = new Map(emails.map(([email, user]) => [user, email]));
  return (resource: Resource): Resource => {
    if (!isNamed(resource) || state[keyOf(resource)] !== undefined) return resource;
    if (isGrant(resource) && resource.principal.orphan === true) return resource;
    const email = formerly.get(userOf(resource));
    const name =
      wanted.get(foldedKey(resource)) ??
      (email === undefined ? undefined : wanted.get(foldedKey(withUser(resource, email))));
    return name === undefined ? resource : withUser(resource, name);
  };
};

/** Throws nothing; the same object where every name is spelled as in the files. */
export const respelled = (desired: Desired, live: Live): State => {
  const groups = groupSpellings(desired, live.state);
  const spelled = spelledBy(desired, live);
  const resources = Object.values(live.state);
  const after = resources.map((resource) => spelled(groups.size === 0 ? resource : inGroup(resource, groups)));
  return after.every((resource, at) => resource === resources[at]) ? live.state : stateOf(after);
};
