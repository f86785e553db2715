/** What `--only` asks for: kinds, keys and patterns of keys, and what these cannot do without. */
import { ownValue } from '../model/own-value.ts';
import {
  FULL_AWS_ACCESS,
  controlKinds,
  entitledRoleKey,
  isControlKind,
  isGrant,
  permissionSetKey,
} from '../model/resource.ts';
import type { Key, Resource, State } from '../model/resource.ts';
import { globMatches } from '../model/glob.ts';
import { mentions } from '../plan/situation/mentions.ts';

/** Words for kinds, as people type them; each stands for the kinds of key that it brings. */
const words: Readonly<Record<string, readonly string[]>> = {
  organization: ['ou', 'account'],
  group: ['group', 'membership'],
  membership: ['membership'],
  user: ['assignment', 'entitlement'],
  'permission-set': ['permission-set'],
  assignment: ['assignment'],
  entitlement: ['entitlement'],
  ...Object.fromEntries(controlKinds.map((kind) => [kind, [kind, 'attachment']])),
  attachment: ['attachment'],
  role: ['role'],
  policy: ['policy'],
  'resource-policy': ['resource-policy'],
};
export const selectionWords = Object.keys(words);

export type Selection = {
  readonly only: readonly string[];
  /** With each permission set that is asked for, whoever holds it where. */
  readonly assignments: 'with-assignments' | 'as-asked';
};

const isUserAssignment = (resource: Resource): boolean => isGrant(resource) && resource.principal.type === 'user';

/** Of what IAM has, only what lies under our path or carries an owner's tag is asked for without being named. */
const isOfIam = (resource: Resource): boolean => ['role', 'policy', 'oidc-provider'].includes(resource.kind);
const isGatehouse = (resource: Resource): boolean => {
  const { path = '', owner } = resource as { readonly path?: string; readonly owner?: string };
  return owner !== undefined || path.startsWith('/gatehouse/');
};
const isUnnamed = (resource: Resource): boolean => !isOfIam(resource) || isGatehouse(resource);

const selects = (word: string, key: Key, resource: Resource): boolean => {
  if (word.includes('/')) return globMatches(word, key);
  if (!isUnnamed(resource)) return false;
  if (word === 'user') return isUserAssignment(resource);
  if (resource.kind === 'attachment' && isControlKind(word)) return resource.policy.kind === word;
  return ownValue(words, word)?.includes(resource.kind) ?? false;
};

/** The tree and what AWS hangs on it by itself: without them no file could name a place. */
const isGround = (resource: Resource): boolean =>
  ['ou', 'account', 'policy-type'].includes(resource.kind) ||
  (resource.kind === 'attachment' && resource.policy.name === FULL_AWS_ACCESS);

/** Every key that is asked for; without words, everything but the IAM of others. */
export const selected = (state: State, { only, assignments }: Selection): ReadonlySet<Key> => {
  const entries = Object.entries(state);
  if (only.length === 0)
    return new Set(
      entries.flatMap(([key, resource]) => {
        if (resource.kind === 'entitlement') return [key, entitledRoleKey(resource)];
        return isUnnamed(resource) ? [key] : [];
      }),
    );
  const asked = new Set(
    entries.filter(([key, resource]) => only.some((word) => selects(word, key, resource))).map(([key]) => key),
  );
  const held = entries.filter(
    ([, resource]) =>
      assignments === 'with-assignments' &&
      resource.kind === 'assignment' &&
      asked.has(permissionSetKey(resource.permissionSet)),
  );
  const chosen = [...asked, ...held.map(([key]) => key)];
  const needed = chosen
    .flatMap((key) => mentions(state[key] as Resource))
    // A role that somebody is put on is declared with that, whoever made it.
    .filter((key) => state[key] === undefined || isUnnamed(state[key]) || key.startsWith('role/'));
  const ground = entries.filter(([, resource]) => isGround(resource)).map(([key]) => key);
  return new Set([...chosen, ...needed, ...ground]);
};

/** What was asked for by itself: without the tree, which is there anyway. */
export const isAskedFor = (resource: Resource | undefined): boolean => resource !== undefined && !isGround(resource);

/** The words that select nothing of the state. */
export const idleWords = (state: State, only: readonly string[]): readonly string[] =>
  only.filter((word) => !Object.entries(state).some(([key, resource]) => selects(word, key, resource)));
