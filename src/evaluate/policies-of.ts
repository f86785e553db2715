/** Which policies bind a principal in an account, read from a state, each statement with the place where it is written. */

import type { Catalogue } from '../model/catalogue.ts';
import type { Place } from '../model/problem.ts';
import {
  FULL_AWS_ACCESS,
  RCP_FULL_AWS_ACCESS,
  accountKey,
  controlPolicyKey,
  fullAccessDocument,
  permissionSetKey,
  policyTypeKey,
  resourcesOf,
} from '../model/resource.ts';
import type { Account, Assignment, Attachment, Key, PermissionSet, State, Target } from '../model/resource.ts';
import { statements } from '../model/policy.ts';
import type { Level, NamedPolicy, Policies } from './layers.ts';

export type WorldInput = {
  readonly state: State;
  readonly catalogue: Catalogue;
  /** As in `Desired`: places of keys and of what lies inside them. Without one, a thing counts as live and unmanaged. */
  readonly origins: Readonly<Record<string, Place>>;
  /** Of Identity Center: in the path of its roles, and the Region of a request that names none. */
  readonly region: string;
  readonly organization: string;
  readonly managementAccount: string;
};

/** Somebody who acts in one account, and what binds them there. `name` is as a command takes it: `permission-set:X`, `root`. */
export type Actor = {
  readonly name: string;
  readonly arn: string;
  readonly kind: 'root' | 'user' | 'role';
  readonly account: Account;
  readonly policies: Policies;
  readonly permissionSet?: string;
};

export type World = WorldInput & {
  readonly accounts: ReadonlyMap<string, Account>;
  readonly assignments: readonly Assignment[];
  /** Policy lists are made once, so that what is known of a document is used again. */
  readonly setPolicies: (set: PermissionSet) => Policies;
  readonly levels: (kind: 'scp' | 'rcp', account: Account) => readonly Level[];
};

/** The sixteen hexadecimal digits that Identity Center appends; any will do, they are matched by question marks. */
const suffix = '0123456789abcdef';

const remembered = <T>(make: (name: string) => T): ((name: string) => T) => {
  const made = new Map<string, T>();
  return (name) => {
    if (!made.has(name)) made.set(name, make(name));
    return made.get(name) as T;
  };
};

export const createWorld = (input: WorldInput): World => {
  const byKey = new Map<Key, Policies>();
  const setPolicies = (set: PermissionSet): Policies => {
    const known = byKey.get(set.name) ?? policiesOfSet(set, input);
    byKey.set(set.name, known);
    return known;
  };
  const accounts = new Map(resourcesOf(input.state, 'account').map((account) => [account.name, account]));
  const attachments = resourcesOf(input.state, 'attachment');
  const levelsOf = remembered((name: string) => {
    const [kind, account] = name.split('\n') as ['scp' | 'rcp', string];
    const found = accounts.get(account);
    return found === undefined ? [] : levelsFor({ kind, account: found, attachments }, input);
  });
  return {
    ...input,
    accounts,
    assignments: resourcesOf(input.state, 'assignment'),
    setPolicies,
    levels: (kind, account) => levelsOf(`${kind}\n${account.name}`),
  };
};

const managed = (arn: string, place: Place | undefined, { catalogue }: WorldInput): NamedPolicy => {
  const policy = catalogue.document(arn) ?? null;
  const places = policy === null ? [] : statements(policy).map(() => place);
  return { name: arn.slice(arn.lastIndexOf('/') + 1), policy, places };
};

/** What a customer managed policy says is in no state: a decision depends on it. */
const customer = (name: string): NamedPolicy => ({ name, policy: null });

const inline = (set: PermissionSet, { origins }: WorldInput): readonly NamedPolicy[] => {
  const policy = set.inlinePolicy;
  if (policy === undefined) return [];
  const key = `${permissionSetKey(set.name)}#/inlinePolicy/Statement`;
  return [
    { name: `${set.name} (inline)`, policy, places: statements(policy).map((_, index) => origins[`${key}/${index}`]) },
  ];
};

const boundaryOf = (set: PermissionSet, input: WorldInput): readonly NamedPolicy[] => {
  const boundary = set.permissionsBoundary;
  if (boundary === undefined) return [];
  const place = input.origins[`${permissionSetKey(set.name)}#/permissionsBoundary`];
  return 'managedPolicy' in boundary
    ? [managed(boundary.managedPolicy, place, input)]
    : [customer(boundary.customerManagedPolicy.name)];
};

const policiesOfSet = (set: PermissionSet, input: WorldInput): Policies => {
  const place = (index: number) => input.origins[`${permissionSetKey(set.name)}#/managedPolicies/${index}`];
  return {
    identityPolicies: [
      ...inline(set, input),
      ...set.managedPolicies.map((arn, index) => managed(arn, place(index), input)),
      ...set.customerManagedPolicies.map(({ name }) => customer(name)),
    ],
    boundary: boundaryOf(set, input),
  };
};

type Hanging = {
  readonly kind: 'scp' | 'rcp';
  readonly account: Account;
  readonly attachments: readonly Attachment[];
};

const policyTypes = { scp: 'SERVICE_CONTROL_POLICY', rcp: 'RESOURCE_CONTROL_POLICY' } as const;

/** Root first. Control policies bind no principal and no resource of the management account (Organizations User Guide). */
const levelsFor = (hanging: Hanging, input: WorldInput): readonly Level[] => {
  const { kind, account } = hanging;
  if (account.name === input.managementAccount) return [];
  if (input.state[policyTypeKey(policyTypes[kind])] === undefined) return [];
  return targetsAbove(account).map(({ target, name }) => ({
    level: name,
    policies: attachedTo(target, hanging, input),
  }));
};

const targetsAbove = ({ name, parent }: Account): readonly { target: Target; name: string }[] => {
  const segments = parent === '' ? [] : parent.split('/');
  const paths = segments.map((_, index) => segments.slice(0, index + 1).join('/'));
  return [
    { target: { type: 'root' }, name: 'Root' },
    ...paths.map((path) => ({ target: { type: 'ou', path }, name: path }) as const),
    { target: { type: 'account', name }, name },
  ];
};

const sameTarget = (one: Target, other: Target): boolean => JSON.stringify(one) === JSON.stringify(other);

const attachedTo = (target: Target, { kind, attachments }: Hanging, input: WorldInput): readonly NamedPolicy[] => {
  const names = attachments
    .filter((attachment) => attachment.policy.kind === kind && sameTarget(attachment.target, target))
    .map(({ policy }) => policy.name);
  // AWS attaches RCPFullAWSAccess to everything and does not let it be detached; no state lists it.
  const all = kind === 'rcp' ? [RCP_FULL_AWS_ACCESS, ...names] : names;
  return all.map((name) => controlPolicy(kind, name, input));
};

const controlPolicy = (kind: 'scp' | 'rcp', name: string, { state, origins }: WorldInput): NamedPolicy => {
  if (name === FULL_AWS_ACCESS || name === RCP_FULL_AWS_ACCESS) return { name, policy: fullAccessDocument };
  const key = controlPolicyKey({ kind, name });
  const resource = state[key];
  if (resource?.kind !== kind) return { name, policy: null };
  const places = statements(resource.document).map((_, index) => origins[`${key}#/document/Statement/${index}`]);
  return { name, policy: resource.document, places };
};

/** The role that Identity Center makes of a set; us-east-1 has no segment of its own (IAM Identity Center User Guide). */
const roleArnOf = (permissionSet: string, account: Account, region: string): string => {
  const folder = region === 'us-east-1' ? '' : `${region}/`;
  return `arn:aws:iam::${account.id}:role/aws-reserved/sso.amazonaws.com/${folder}AWSReservedSSO_${permissionSet}_${suffix}`;
};

const bound = (world: World, account: Account, policies: Policies): Policies => ({
  ...policies,
  scps: world.levels('scp', account),
});

/** Whoever holds the set in the account; nothing where no such set exists. */
export const setActor = (world: World, permissionSet: string, account: Account): Actor | undefined => {
  const set = world.state[permissionSetKey(permissionSet)];
  if (set?.kind !== 'permission-set') return undefined;
  return {
    name: `permission-set:${permissionSet}`,
    arn: roleArnOf(permissionSet, account, world.region),
    kind: 'role',
    account,
    policies: bound(world, account, world.setPolicies(set)),
    permissionSet,
  };
};

export const rootActor = (world: World, account: Account): Actor => ({
  name: 'root',
  arn: `arn:aws:iam::${account.id}:root`,
  kind: 'root',
  account,
  policies: bound(world, account, {}),
});

const administrator: Policies = { identityPolicies: [{ name: 'AdministratorAccess', policy: fullAccessDocument }] };

/** An IAM user and a role with AdministratorAccess that nobody declared, outside every path that a guard rail excepts. */
export const strayActors = (world: World, account: Account): readonly Actor[] =>
  (['user', 'role'] as const).map((kind) => ({
    name: `any ${kind === 'user' ? 'IAM user' : 'role'} with AdministratorAccess`,
    arn: `arn:aws:iam::${account.id}:${kind}/gatehouse-anyone`,
    kind,
    account,
    policies: bound(world, account, administrator),
  }));

export const accountOf = (world: World, name: string): Account | undefined => {
  const found = world.state[accountKey(name)];
  return found?.kind === 'account' ? found : undefined;
};

/** Names of the sets assigned in the account, each once: to anybody, or only to those whom `holds` picks. */
export const assignedSets = (
  world: World,
  account: Account,
  holds: (assignment: Assignment) => boolean = () => true,
): readonly string[] => [
  ...new Set(
    world.assignments
      .filter((assignment) => assignment.account === account.name && holds(assignment))
      .map(({ permissionSet }) => permissionSet),
  ),
];
