/** Desired and live brought to one footing: the same names, nothing that cannot be resolved, what AWS implies. */
import type { BlockReason } from '../../model/held.ts';
import type { Absent, Live } from '../../model/cloud.ts';
import type { Desired } from '../../model/desired.ts';
import type { Unresolved } from '../../model/plan.ts';
import { UserError } from '../../model/problem.ts';
import { resourceOfArn } from '../../kinds/resource-policies.ts';
import type { Attachment, Key, Kind, OidcProvider, Resource, State, Target } from '../../model/resource.ts';
import { suggestion } from '../../desired/suggest.ts';
import {
  FULL_AWS_ACCESS,
  accountKey,
  controlKinds,
  decodeName,
  groupKey,
  isInAccount,
  keyOf,
  keyText,
  policyTypeKey,
  policyTypes,
  isGrant,
  resourcesOf,
  stateOf,
  userKey,
} from '../../model/resource.ts';
import { creationsOf } from './created-users.ts';
import type { CreatedUsers } from './created-users.ts';
import { livingPart } from './living.ts';
import { mentions } from './mentions.ts';
import { missingPrincipals } from './missing-principals.ts';
import type { PresentNames } from './renames.ts';
import { underNamesOf } from './renames.ts';
import { foldedName, respelled } from './spelling.ts';

export type Situation = {
  readonly desired: Desired;
  readonly live: Live;
  /** Desired without what AWS does not know and with what is already so left alone. */
  readonly wanted: State;
  /** Live under today's names, and what the plan's own first steps bring about by themselves. */
  readonly current: State;
  /** Under which keys AWS has what is under another one in `current`. */
  readonly liveKeys: ReadonlyMap<Key, Key>;
  readonly unresolved: readonly Unresolved[];
  /** Keys that must not be touched, nor anything that names them, each with the reason. */
  readonly blocked: ReadonlyMap<Key, BlockReason>;
  readonly absent: ReadonlySet<Key>;
  /** Keys whose last entry has ended. */
  readonly ended: ReadonlySet<Key>;
  /** Group -> a declared member whom the directory does not have. */
  readonly missingMembers: ReadonlyMap<string, string>;
};

export const isFullAccess = (resource: Resource): boolean =>
  resource.kind === 'attachment' && resource.policy.kind === 'scp' && resource.policy.name === FULL_AWS_ACCESS;

export const fullAccessOn = (target: Target): Attachment => ({
  kind: 'attachment',
  policy: { kind: 'scp', name: FULL_AWS_ACCESS },
  target,
});

export const scpType = policyTypeKey(policyTypes.scp);

/** Everything that a guard rail can be attached to. */
export const targetsIn = (state: State): readonly Target[] => [
  { type: 'root' },
  ...resourcesOf(state, 'ou').map(({ path }): Target => ({ type: 'ou', path })),
  ...resourcesOf(state, 'account').map(({ name }): Target => ({ type: 'account', name })),
];

/**
 * AWS attaches FullAWSAccess to every new OU, and to everything when service control policies are enabled (Organizations
 * user guide, "Enabling a policy type"): such attachments are there before the plan could make them.
 */
const implied = (live: State, wanted: State): State => {
  if (wanted[scpType] === undefined && live[scpType] === undefined) return {};
  const isNew = (target: Target): boolean =>
    live[scpType] === undefined || (target.type === 'ou' && live[`ou/${target.path}`] === undefined);
  const targets = [...targetsIn(wanted), ...targetsIn(live)].filter(isNew);
  return stateOf(targets.map(fullAccessOn));
};

const withImplied = (live: State, wanted: State): State => {
  const more = implied(live, wanted);
  return Object.keys(more).length === 0 ? live : { ...more, ...live };
};

/** The same state where everything is kept. */
const filtered = (state: State, keep: (resource: Resource, key: Key) => unknown): State => {
  const entries = Object.entries(state);
  const kept = entries.filter(([key, resource]) => keep(resource, key));
  return kept.length === entries.length ? state : Object.fromEntries(kept);
};

const requireAccounts = (desired: Desired, live: Live, current: State): void => {
  const known = new Set(resourcesOf(current, 'account').map(({ id }) => id));
  const missing = Object.entries(desired.accounts).filter(([id]) => !known.has(id));
  if (missing.length === 0) return;
  const names = missing.map(([id, name]) => `${name} (${id})`).join(', ');
  throw new UserError(
    `access/organization.yaml declares accounts that organization ${live.organization} does not have: ${names}. Correct the ids or remove them.`,
  );
};

const kindsOf: Readonly<Record<Absent, readonly Kind[]>> = {
  organization: ['ou', ...controlKinds, 'attachment', 'policy-type'],
  'identity-center': [
    'group',
    'user',
    'membership',
    'permission-set',
    'assignment',
    'entitlement',
    'access-attributes',
  ],
};

const absenceText: Readonly<Record<Absent, string>> = {
  organization: 'the account belongs to no organization. Remove it, or use other credentials.',
  'identity-center':
    'IAM Identity Center is not in use. Enable it, or correct `region` in access/settings.yaml: it has to be its Region.',
};

/** Nothing can be made of what is not in use. What AWS hangs everywhere by itself is in desired without being asked for. */
const requireServices = ({ state, origins }: Desired, { absent = [] }: Live): void => {
  for (const service of absent) {
    const [key] =
      Object.entries(state).find(
        ([, resource]) => kindsOf[service].includes(resource.kind) && !isFullAccess(resource),
      ) ?? [];
    if (key === undefined) continue;
    const place = origins[key];
    const where = place === undefined ? '' : `${place.file}:${place.line}: `;
    throw new UserError(`${where}${key} is declared, but ${absenceText[service]}`);
  }
};

type KnownSides = { readonly desired: Desired; readonly live: Live; readonly current: State };

/** Users and external groups that are named and that the identity store does not have. */
const unknownPrincipals = ({ desired, live, current }: KnownSides, { there }: CreatedUsers): ReadonlySet<Key> => {
  const made = resourcesOf(desired.state, 'user').filter((user) => !there.has(keyOf(user)));
  const known = [...made, ...resourcesOf(current, 'user')].map(({ name }) => name);
  const users = new Set([...live.users, ...known].map(foldedName));
  const named = Object.values(desired.state).flatMap((resource) => {
    if (resource.kind === 'membership') return [resource.user];
    return isGrant(resource) && resource.principal.type === 'user' ? [resource.principal.name] : [];
  });
  const groups = resourcesOf(desired.state, 'group').filter(
    ({ name, source }) => source === 'external' && current[groupKey(name)] === undefined,
  );
  return new Set([
    ...named.filter((name) => !users.has(foldedName(name))).map(userKey),
    ...groups.map(({ name }) => groupKey(name)),
  ]);
};

const missingMembers = (desired: Desired, current: State, unknown: ReadonlySet<Key>): ReadonlyMap<string, string> =>
  new Map(
    resourcesOf(desired.state, 'membership')
      .filter((one) => unknown.has(userKey(one.user)) && current[keyOf(one)] === undefined)
      .map(({ group, user }) => [group, user]),
  );

const leftOut = (desired: Desired, key: Key): readonly Key[] =>
  Object.keys(desired.state)
    .filter((one) => mentions(desired.state[one] as Resource).includes(key))
    .sort();

/** Who or what it may be under another name. */
const nearest = (live: Live, key: Key): string => {
  const name = decodeName(key.slice(key.indexOf('/') + 1));
  const isUser = key.startsWith('user/');
  const email = isUser ? (live.emails ?? []).find(([address]) => address === foldedName(name)) : undefined;
  if (email !== undefined) return ` Its e-mail address is ${quotedName(email[1])}'s: is that the name now?`;
  const names = isUser ? live.users : resourcesOf(live.state, 'group').map((group) => group.name);
  const near = suggestion(name, names);
  return near === undefined ? '' : ` Did you mean ${quotedName(near)}?`;
};

const quotedName = (name: string): string => JSON.stringify(name);

const unresolvedEntry = ({ desired, live, current }: KnownSides, key: Key): Unresolved => {
  const out = leftOut(desired, key).filter((one) => current[one] === undefined);
  const what = key.startsWith('user/') ? 'user' : 'external group';
  const origin = desired.origins[key] ?? desired.origins[out[0] ?? leftOut(desired, key)[0] ?? key];
  const message = `The identity store has no such ${what}; left out: ${out.length === 0 ? 'nothing' : out.map(keyText).join(', ')}.${nearest(live, key)}`;
  return {
    name: key,
    message,
    ...(out.length === 0 ? {} : { leftOut: out }),
    ...(origin === undefined ? {} : { origin }),
  };
};

const foreignOwner = (resource: Resource, other: Resource | undefined, owner: string): BlockReason | undefined => {
  // Absence of an external id proves nothing: Okta's SCIM sends none for groups. What the files say is believed.
  if (
    resource.kind === 'group' &&
    other?.kind === 'group' &&
    resource.source !== 'external' &&
    other.source === 'external'
  )
    return { is: 'synced-group' };
  if (other === undefined || !('owner' in other) || other.owner === undefined || other.owner === owner)
    return undefined;
  return { is: 'other-owner', owner: other.owner };
};

const wordOf = (key: Key): string => resourceOfArn(key.slice(key.indexOf('/') + 1))?.word ?? 'resource';

const blockedKeys = (
  desired: Desired,
  live: Live,
  { state: current, refused }: PresentNames,
): readonly (readonly [Key, BlockReason])[] => {
  const entries = Object.entries(desired.state).flatMap(([key, resource]) => {
    const reason = foreignOwner(resource, current[key], desired.settings.owner);
    return reason === undefined ? [] : [[key, reason] as const];
  });
  const unread = live.unread.map(({ scope, reason }) => [scope, { is: 'unread', why: reason }] as const);
  const missing = (live.noResource ?? []).map((key) => [key, { is: 'no-resource', word: wordOf(key) }] as const);
  const strangers = missingPrincipals({ desired, live, current });
  return [...refused, ...entries, ...unread, ...strangers, ...missing];
};

/**
 * The files declare the management account outside the tree, which says nothing about its place: guard rails never bind it
 * (Organizations User Guide, "Service control policies"), and wherever it is it stays.
 */
const withManagementInPlace = ({ state, managementAccount }: Desired, current: State): State => {
  const key = accountKey(managementAccount);
  const [wanted, found] = [state[key], current[key]];
  if (wanted?.kind !== 'account' || found?.kind !== 'account' || wanted.parent === found.parent) return state;
  return { ...state, [key]: { ...wanted, parent: found.parent } };
};

/**
 * Other roles of the account may be assumed for other audiences. An audience opens nothing by itself: each trust policy says
 * which it takes. So what is there stays.
 */
const withLiveAudiences = (wanted: State, current: State): State => {
  const providers = resourcesOf(wanted, 'oidc-provider').map((provider): OidcProvider => {
    const found = current[keyOf(provider)];
    const clientIds =
      found?.kind === 'oidc-provider' ? [...provider.clientIds, ...found.clientIds] : provider.clientIds;
    return { ...provider, clientIds: [...new Set(clientIds)].sort() };
  });
  return providers.length === 0 ? wanted : { ...wanted, ...stateOf(providers) };
};

/** Whether this run is about it: what lies outside the accounts is always in. */
const inPart = ({ part }: Desired, resource: Resource): boolean => {
  if (part === undefined || !isInAccount(resource)) return true;
  return part.includes(resource.account);
};

/** Throws a UserError when a declared account is not in the organization. */
export const situationOf = (given: Desired, live: Live): Situation => {
  const desired = livingPart(given, live);
  const present = underNamesOf(desired, respelled(desired, live));
  const renamed = present.state;
  requireServices(desired, live);
  requireAccounts(desired, live, renamed);
  const created = creationsOf(desired, live, renamed);
  const unknown = unknownPrincipals({ desired, live, current: renamed }, created);
  const scpsEnabled = desired.state[scpType] !== undefined || renamed[scpType] !== undefined;
  const wanted = filtered(
    withLiveAudiences(withManagementInPlace(desired, renamed), renamed),
    (resource, key) =>
      !unknown.has(key) &&
      !created.there.has(key) &&
      inPart(desired, resource) &&
      (unknown.size === 0 || renamed[key] !== undefined || !mentions(resource).some((named) => unknown.has(named))) &&
      (scpsEnabled || !isFullAccess(resource)),
  );
  return {
    desired,
    live,
    wanted,
    current: withImplied(renamed, wanted),
    liveKeys: present.liveKeys,
    unresolved: [...unknown].sort().map((key) => unresolvedEntry({ desired, live, current: renamed }, key)),
    blocked: new Map([...blockedKeys(desired, live, present), ...created.refused]),
    absent: new Set(desired.absent),
    ended: new Set(desired.ended.map(({ key }) => key)),
    missingMembers: missingMembers(desired, renamed, unknown),
  };
};

export const isOwn = (resource: Resource | undefined, owner: string): boolean =>
  resource !== undefined && 'owner' in resource && resource.owner === owner;
