/** What adopting some keys comes to: what else has to be taken, in which order, and whether exactly that was done. */
import { asDeclared, canonical } from '../kinds/equal.ts';
import type { Key, Kind, Resource, State } from '../model/resource.ts';
import { FULL_AWS_ACCESS, controlKinds, keyOf, resourcesOf } from '../model/resource.ts';
import { mentions, namedBy } from '../plan/situation/mentions.ts';
import type { KeyIndex } from '../plan/situation/mentions.ts';

/** What the files say now, and what AWS has. */
export type AdoptionSides = { readonly said: State; readonly live: State };

const declaredText = (resource: Resource): string =>
  `${resource.kind === 'group' ? resource.source : ''} ${canonical(asDeclared(resource))}`;

/** Whether both say the same, whoever owns them and however far AWS has got with an edit. */
export const saysTheSame = (one: Resource | undefined, other: Resource | undefined): boolean =>
  one === undefined || other === undefined ? one === other : declaredText(one) === declaredText(other);

/** Policy types are enabled by what is of that type; users and the IAM of an account are no resources. */
const isResource = (key: Key): boolean => !/^(policy-type|user|iam)\//.test(key);

/** The group comes with its members: one that is declared without them would lose none, and say too little. */
const membersOf = (resource: Resource, live: State): readonly Key[] =>
  resource.kind === 'group' && resource.source !== 'external'
    ? resourcesOf(live, 'membership')
        .filter(({ group }) => group === resource.name)
        .map(keyOf)
    : [];

const usesScps = (state: State): boolean => resourcesOf(state, 'scp').length > 0;

/** With the first SCP, and on every new target, the files mean FullAWSAccess to hang; where it does not, that has to be said. */
const fullAccessOf = (resource: Resource): readonly Key[] => {
  const policy = { kind: 'scp', name: FULL_AWS_ACCESS } as const;
  if (resource.kind === 'ou')
    return [keyOf({ kind: 'attachment', policy, target: { type: 'ou', path: resource.path } })];
  if (resource.kind !== 'account') return [];
  return [keyOf({ kind: 'attachment', policy, target: { type: 'account', name: resource.name } })];
};

const takenWith = (key: Key, { said, live }: AdoptionSides): readonly Key[] => {
  const [before, after] = [said[key], live[key]];
  if (after === undefined) return [];
  const named = mentions(after).filter((one) => isResource(one) && said[one] === undefined && live[one] !== undefined);
  if (before !== undefined) return named;
  const rails = after.kind === 'scp' && !usesScps(said) ? Object.values(said).flatMap(fullAccessOf) : [];
  return [...named, ...membersOf(after, live), ...rails, ...(usesScps(said) ? fullAccessOf(after) : [])];
};

/** What names a thing that AWS no longer has cannot be in AWS either. */
const goesWith = (key: Key, { said, live }: AdoptionSides, index: KeyIndex): readonly Key[] => {
  if (live[key] !== undefined || said[key] === undefined) return [];
  return (index.get(key) ?? []).filter((one) => !saysTheSame(said[one], live[one]));
};

/** The transitive closure: the keys with everything that has to be adopted together with them. */
export const closure = (keys: readonly Key[], sides: AdoptionSides): readonly Key[] => {
  const index = namedBy(sides.said);
  const taken = new Set<Key>();
  const take = (key: Key): void => {
    if (taken.has(key)) return;
    taken.add(key);
    for (const one of [...takenWith(key, sides), ...goesWith(key, sides, index)]) take(one);
  };
  for (const key of keys) take(key);
  for (const key of goneProviders(taken, index, sides)) taken.add(key);
  return [...taken];
};

/** A provider is wanted for as long as a role trusts it: one that is gone goes with the last of these. */
const goneProviders = (taken: ReadonlySet<Key>, index: KeyIndex, { said, live }: AdoptionSides): readonly Key[] =>
  Object.keys(said).filter((key) => {
    if (!key.startsWith('oidc-provider/') || live[key] !== undefined) return false;
    const trusting = index.get(key) ?? [];
    return trusting.length > 0 && trusting.every((one) => taken.has(one));
  });

const order: readonly Kind[] = [
  'policy-type',
  'ou',
  'account',
  'permission-set',
  ...controlKinds,
  'group',
  'membership',
  'assignment',
  'attachment',
  'policy',
  'oidc-provider',
  'role',
  'entitlement',
  'resource-policy',
  'access-attributes',
];

const rank = (resource: Resource): number => order.indexOf(resource.kind) * 100 + keyOf(resource).split('/').length;

/** By the rank of the kinds: what appears or changes before what names it; what goes, after what named it. */
export const sequence = (keys: readonly Key[], { said, live }: AdoptionSides): readonly Key[] => {
  const ranked = keys.map((key) => {
    const resource = live[key] ?? said[key];
    const place = resource === undefined ? 0 : rank(resource);
    return { key, place: live[key] === undefined ? 10_000 - place : place };
  });
  return ranked.sort((a, b) => a.place - b.place || (a.key < b.key ? -1 : 1)).map(({ key }) => key);
};

/** Not written anywhere: it follows from there being an SCP or RCP at all. */
const isImplied = (key: Key): boolean =>
  key.startsWith('policy-type/') || key.startsWith(`attachment/scp:${FULL_AWS_ACCESS}@`);

/** Keys of which the edited files say something else than they should: what AWS has for the taken ones, as before for the rest. */
export const strays = (edited: State, taken: ReadonlySet<Key>, { said, live }: AdoptionSides): readonly Key[] => {
  const keys = new Set([...Object.keys(edited), ...Object.keys(said), ...taken]);
  return [...keys].sort().filter((key) => {
    if (taken.has(key)) return !saysTheSame(edited[key], live[key]);
    if (saysTheSame(edited[key], said[key])) return false;
    return !isImplied(key) || (edited[key] !== undefined && live[key] === undefined);
  });
};
