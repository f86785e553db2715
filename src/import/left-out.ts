/** What the files do not say, thing by thing, with the reason: it is left alone, and listed. */
import type { ControlKind, Key, Resource, State } from '../model/resource.ts';
import {
  ACCOUNT_ACCESS,
  FULL_AWS_ACCESS,
  decodeName,
  isControlPolicy,
  keyText,
  policyTypeKey,
  policyTypes,
} from '../model/resource.ts';
import type { LeftOut } from '../model/written.ts';
import { globMatches } from '../model/glob.ts';
import { mentions } from '../plan/situation/mentions.ts';
import { isSayable } from './labels.ts';
import { isEntryRole } from './written-roles.ts';

/** Whose guard rails and roles are AWS Control Tower's own (its user guide, "How guardrails work"). */
export const controlTower = ['aws-guardrails-*', 'AWSControlTower*'] as const;

const isControlTower = (name: string): boolean => controlTower.some((glob) => globMatches(glob, name));

/** `~ID` stands for a name that is missing or taken: nothing that a file could say. */
const standsForId = (name: string): boolean => /^~[\w-]{10,}$/.test(name);

const nameReason = (name: string): string | undefined => {
  if (standsForId(name)) return 'it has no name of its own';
  return isSayable(name) ? undefined : 'its name has characters that nobody sees, which no file may contain';
};

const ouReason = (path: string): string | undefined => {
  const names = path.split('/').map(decodeName);
  if (names[0] === 'Root') return 'an OU called Root would be taken for the root itself';
  return names.some((name) => !isSayable(name)) ? 'its path has characters that nobody sees' : undefined;
};

type OwnedResource = { readonly owner?: string };
const ownerReason = (resource: Resource, owner: string): string | undefined => {
  const { owner: other } = resource as OwnedResource;
  return other === undefined || other === owner ? undefined : `it belongs to ${other}`;
};

/** A policy of a type that is not enabled binds nobody; declaring it would enable the type. */
const typeReason = (kind: ControlKind, state: State): string | undefined => {
  const type = policyTypes[kind];
  return state[policyTypeKey(type)] === undefined ? `${type} is not enabled in this organization` : undefined;
};

const controlReason = (name: string): string | undefined =>
  isControlTower(name) ? "it is AWS Control Tower's own" : nameReason(name);

const wayIn = "it is the reconciler's own way in, which no file declares";

/** Why the resource itself cannot or shall not be said. */
const ownReason = (resource: Resource, state: State): string | undefined => {
  if (isControlPolicy(resource)) return controlReason(resource.name) ?? typeReason(resource.kind, state);
  switch (resource.kind) {
    case 'ou':
      return ouReason(resource.path);
    case 'group':
      return nameReason(resource.name);
    case 'membership':
      return nameReason(resource.user);
    case 'assignment':
    case 'entitlement':
      if (resource.principal.orphan) return 'its group or user is deleted';
      return nameReason(resource.principal.name);
    case 'role':
      return isEntryRole(resource) ? wayIn : controlReason(resource.name);
    default:
      return undefined;
  }
};

/** What AWS may have without a file that declares it: people, the IAM of an account, and what stands in it already. */
const isElsewhere = (key: Key): boolean => key === ACCOUNT_ACCESS || /^(user|iam|policy|oidc-provider)\//.test(key);

/** FullAWSAccess is AWS's: it is nobody's policy, and hangs unless a binding says otherwise. */
const namedBy = (resource: Resource, state: State): readonly Key[] => {
  const keys = mentions(resource).filter((key) => !isElsewhere(key));
  if (resource.kind !== 'attachment') return keys;
  return keys.filter((key) => key !== `scp/${FULL_AWS_ACCESS}` || state[key] !== undefined);
};

export type Leaving = {
  readonly state: State;
  readonly owner: string;
  /** What was found to break a rule of the files, by key. */
  readonly refused: ReadonlyMap<Key, string>;
};

/** Everything that is not said, by key: for itself, or because of something that it names. */
export const leftOutOf = ({ state, owner, refused }: Leaving): ReadonlyMap<Key, string> => {
  const reasons = new Map<Key, string>();
  const refusedUser = (resource: Resource): string | undefined =>
    mentions(resource).flatMap((key) => (key.startsWith('user/') ? (refused.get(key) ?? []) : []))[0];
  const judge = (key: Key, resource: Resource): string | undefined =>
    refused.get(key) ??
    refusedUser(resource) ??
    ownReason(resource, state) ??
    ownerReason(resource, owner) ??
    dependence(resource);
  const reasonOf = (key: Key): string | undefined => {
    const resource = state[key];
    if (resource === undefined) return 'it is not in AWS';
    const known = reasons.get(key);
    if (known !== undefined) return known === '' ? undefined : known;
    reasons.set(key, '');
    const reason = judge(key, resource);
    reasons.set(key, reason ?? '');
    return reason;
  };
  const dependence = (resource: Resource): string | undefined => {
    const missing = namedBy(resource, state).find((key) => reasonOf(key) !== undefined);
    return missing === undefined ? undefined : `${keyText(missing)} is left out`;
  };
  for (const key of Object.keys(state)) reasonOf(key);
  return new Map([...reasons].filter(([, reason]) => reason !== ''));
};

export const sortedLeftOut = (reasons: ReadonlyMap<Key, string>): readonly LeftOut[] =>
  [...reasons].map(([key, reason]) => ({ key, reason })).sort((a, b) => (a.key < b.key ? -1 : 1));
