/**
 * An organization in memory that refuses what AWS refuses. It records every change that it is given and every state it has
 * been in; it asserts nothing. Names are its identity, renames excepted.
 */
import { setImmediate } from 'node:timers/promises';
import type { Cloud, Live, Outcome } from '../../src/model/cloud.ts';
import { afterOf, beforeOf } from '../../src/model/plan.ts';
import type { Change } from '../../src/model/plan.ts';
import { quotas } from '../../src/model/quotas.ts';
import type { Attachment, ControlPolicy, Key, Ou, Resource, State } from '../../src/model/resource.ts';
import {
  FULL_AWS_ACCESS,
  accountKey,
  controlPolicyKey,
  encodeName,
  entitledRoleKey,
  groupKey,
  isControlPolicy,
  isGrant,
  keyOf,
  ouKey,
  parentPath,
  permissionSetKey,
  resourcesOf,
  targetText,
} from '../../src/model/resource.ts';

export type FakeCloud = Cloud & {
  /** Every change that arrived, done or not. */
  readonly seen: readonly Change[];
  /** Every state, oldest first. */
  readonly states: readonly State[];
};
export type Faults = { readonly refuses?: (change: Change) => unknown };

type Refusal = string | undefined;
const scpTypeKey = 'policy-type/SERVICE_CONTROL_POLICY';

const fullAccess = (target: Attachment['target']): Attachment => ({
  kind: 'attachment',
  policy: { kind: 'scp', name: FULL_AWS_ACCESS },
  target,
});

const missing = (state: State, keys: readonly Key[]): Refusal => {
  const key = keys.find((one) => state[one] === undefined);
  return key === undefined ? undefined : `ResourceNotFoundException: ${key}`;
};

const ouOf = (path: string): readonly Key[] => (path === '' ? [] : [ouKey(path)]);

const targetKeys = ({ target }: Attachment): readonly Key[] => {
  if (target.type === 'root') return [];
  return [target.type === 'ou' ? ouKey(target.path) : accountKey(target.name)];
};

const onTarget = (state: State, { policy, target }: Attachment): number =>
  resourcesOf(state, 'attachment').filter(
    (one) => one.policy.kind === policy.kind && targetText(one.target) === targetText(target),
  ).length;

const refuseAttach = (state: State, attachment: Attachment): Refusal => {
  const { kind, name } = attachment.policy;
  const policy = name === FULL_AWS_ACCESS ? [] : [controlPolicyKey(attachment.policy)];
  const type = kind === 'scp' ? scpTypeKey : 'policy-type/RESOURCE_CONTROL_POLICY';
  if (state[type] === undefined) return 'PolicyTypeNotEnabledException';
  const limit = kind === 'scp' ? quotas.scpsPerTarget : quotas.rcpsPerTarget - 1;
  if (onTarget(state, attachment) >= limit)
    return 'ConstraintViolationException: MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED';
  return missing(state, [...policy, ...targetKeys(attachment)]);
};

const refuseCreate = (live: Live, state: State, resource: Resource): Refusal => {
  if (isControlPolicy(resource)) return undefined;
  switch (resource.kind) {
    case 'policy-type':
    case 'permission-set':
    case 'role':
    case 'policy':
    case 'oidc-provider':
    case 'resource-policy':
    case 'access-attributes':
      return undefined;
    case 'user':
      return live.users.includes(resource.name) ? 'ConflictException: Duplicate UserName' : undefined;
    case 'group':
      return resource.source === 'external' ? 'AccessDeniedException: external' : undefined;
    case 'account':
      return 'UnsupportedOperation: accounts are not created here';
    case 'ou':
      return missing(state, ouOf(parentPath(resource.path)));
    case 'attachment':
      return refuseAttach(state, resource);
    case 'membership': {
      const group = state[groupKey(resource.group)];
      if (group?.kind === 'group' && group.source === 'external') return 'AccessDeniedException: external';
      if (!live.users.includes(resource.user)) return `ResourceNotFoundException: ${resource.user}`;
      return missing(state, [groupKey(resource.group)]);
    }
    case 'assignment': {
      const { principal, permissionSet, account } = resource;
      const known = [permissionSetKey(permissionSet), accountKey(account)];
      if (principal.type === 'group') return missing(state, [...known, groupKey(principal.name)]);
      return live.users.includes(principal.name)
        ? missing(state, known)
        : `ResourceNotFoundException: ${principal.name}`;
    }
    case 'entitlement': {
      const { principal } = resource;
      const role = entitledRoleKey(resource);
      if (principal.type === 'group') return missing(state, [role, groupKey(principal.name)]);
      return live.users.includes(principal.name) ? missing(state, [role]) : `ValidationException: ${principal.name}`;
    }
  }
};

const inUse = (state: State, test: (resource: Resource) => unknown): Refusal => {
  const user = Object.values(state).find(test);
  return user === undefined ? undefined : `ConflictException: in use by ${keyOf(user)}`;
};

const hasFull = (one: Attachment): boolean => one.policy.name === FULL_AWS_ACCESS;

const refuseOuDelete = (state: State, ou: Ou): Refusal =>
  inUse(
    state,
    (one) =>
      (one.kind === 'account' && one.parent === ou.path) ||
      (one.kind === 'ou' && parentPath(one.path) === ou.path) ||
      (one.kind === 'attachment' && !hasFull(one) && one.target.type === 'ou' && one.target.path === ou.path),
  );

const refusePolicyDelete = (state: State, policy: ControlPolicy): Refusal =>
  inUse(state, (one) => one.kind === 'attachment' && controlPolicyKey(one.policy) === controlPolicyKey(policy));

const refuseDelete = (state: State, resource: Resource): Refusal => {
  if (isControlPolicy(resource)) return refusePolicyDelete(state, resource);
  switch (resource.kind) {
    case 'policy-type':
    case 'account':
    case 'user':
      return 'UnsupportedOperation';
    case 'ou':
      return refuseOuDelete(state, resource);
    case 'permission-set':
      return inUse(state, (one) => one.kind === 'assignment' && one.permissionSet === resource.name);
    case 'group':
      // AWS would leave dead assignments behind; nothing of ours may get there.
      return inUse(state, (one) => isGrant(one) && one.principal.name === resource.name);
    case 'attachment':
      return resource.policy.kind === 'scp' && onTarget(state, resource) === 1
        ? 'ConstraintViolationException: MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED'
        : undefined;
    case 'role':
      // AWS would leave the entitlement on nothing.
      return inUse(state, (one) => one.kind === 'entitlement' && entitledRoleKey(one) === keyOf(resource));
    case 'membership':
    case 'assignment':
    case 'entitlement':
    case 'policy':
    case 'oidc-provider':
    case 'resource-policy':
    case 'access-attributes':
      return undefined;
  }
};

const enabled = (state: State): readonly Attachment[] => [
  fullAccess({ type: 'root' }),
  ...resourcesOf(state, 'ou').map(({ path }) => fullAccess({ type: 'ou', path })),
  ...resourcesOf(state, 'account').map(({ name }) => fullAccess({ type: 'account', name })),
];

/** What AWS does along with a creation. */
const along = (state: State, created: Resource): readonly Attachment[] => {
  if (created.kind === 'policy-type') return created.type === 'SERVICE_CONTROL_POLICY' ? enabled(state) : [];
  const isOu = created.kind === 'ou' && state[scpTypeKey] !== undefined;
  return isOu ? [fullAccess({ type: 'ou', path: created.path })] : [];
};

const withAll = (state: State, resources: readonly Resource[]): State => ({
  ...state,
  ...Object.fromEntries(resources.map((one) => [keyOf(one), one])),
});

const without = (state: State, gone: (resource: Resource, key: Key) => unknown): State =>
  Object.fromEntries(Object.entries(state).filter(([key, resource]) => !gone(resource, key)));

const removed = (state: State, resource: Resource): State => {
  const key = keyOf(resource);
  if (resource.kind === 'group')
    return without(state, (one, k) => k === key || (one.kind === 'membership' && one.group === resource.name));
  if (resource.kind !== 'ou') return without(state, (_, k) => k === key);
  const on = targetText({ type: 'ou', path: resource.path });
  return without(state, (one, k) => k === key || (one.kind === 'attachment' && targetText(one.target) === on));
};

const repathed = (path: string, from: string, to: string): string =>
  path === from || path.startsWith(`${from}/`) ? `${to}${path.slice(from.length)}` : path;

const underNewPath = (one: Resource, from: string, to: string): Resource => {
  if (one.kind === 'ou') return { ...one, path: repathed(one.path, from, to) };
  if (one.kind === 'account') return { ...one, parent: repathed(one.parent, from, to) };
  if (one.kind !== 'attachment' || one.target.type !== 'ou') return one;
  return { ...one, target: { type: 'ou', path: repathed(one.target.path, from, to) } };
};

const withNewName = (one: Resource, before: Resource, after: Resource): Resource => {
  if (before.kind === 'group' && after.kind === 'group') {
    if (one.kind === 'membership' && one.group === before.name) return { ...one, group: after.name };
    return one.kind === 'assignment' && one.principal.type === 'group' && one.principal.name === before.name
      ? { ...one, principal: { type: 'group', name: after.name } }
      : one;
  }
  return isControlPolicy(before) &&
    isControlPolicy(after) &&
    one.kind === 'attachment' &&
    controlPolicyKey(one.policy) === controlPolicyKey(before)
    ? { ...one, policy: { kind: after.kind, name: after.name } }
    : one;
};

const rebuilt = (resources: readonly Resource[]): State =>
  Object.fromEntries(resources.map((one) => [keyOf(one), one]));

/** The key under which AWS knows the thing before this update. */
const realKey = (before: Resource): Key => {
  if (before.kind !== 'ou') return keyOf(before);
  const parent = parentPath(before.path);
  return ouKey(`${parent === '' ? '' : `${parent}/`}${encodeName(before.name)}`);
};

const updated = (state: State, before: Resource, after: Resource): State => {
  const from = realKey(before);
  const others = Object.values(without(state, (_, key) => key === from));
  if (before.kind !== 'ou' || after.kind !== 'ou')
    return rebuilt([...others.map((one) => withNewName(one, before, after)), after]);
  const [old, next] = [from.slice('ou/'.length), after.path];
  return rebuilt([...others.map((one) => underNewPath(one, old, next)), after]);
};

const refuseUpdate = (state: State, before: Resource, after: Resource): Refusal => {
  const gone = missing(state, [realKey(before)]);
  if (gone !== undefined) return gone;
  if (before.kind === 'group' && before.source === 'external') return 'AccessDeniedException: external';
  if (keyOf(after) !== realKey(before) && state[keyOf(after)] !== undefined) return 'DuplicateException';
  if (before.kind !== 'account' || after.kind !== 'account') return undefined;
  const live = state[keyOf(before)];
  if (live?.kind === 'account' && live.parent !== before.parent) return 'SourceParentNotFoundException';
  return missing(state, ouOf(after.parent));
};

const isDone = (state: State, change: Change): boolean => {
  const after = afterOf(change);
  if (after === undefined) return state[keyOf(beforeOf(change) as Resource)] === undefined;
  return change.action === 'create' && JSON.stringify(state[keyOf(after)]) === JSON.stringify(after);
};

type Result = { readonly state: State } | { readonly refusal: string };

const carriedOut = (live: Live, state: State, change: Change): Result => {
  if (isDone(state, change)) return { state };
  const refusal =
    change.action === 'create'
      ? refuseCreate(live, state, change.after)
      : change.action === 'delete'
        ? refuseDelete(state, change.before)
        : refuseUpdate(state, change.before, change.after);
  if (refusal !== undefined) return { refusal };
  if (change.action === 'create') return { state: withAll(state, [...along(state, change.after), change.after]) };
  return {
    state: change.action === 'delete' ? removed(state, change.before) : updated(state, change.before, change.after),
  };
};

export const fakeCloud = (start: Live, faults: Faults = {}): FakeCloud => {
  const seen: Change[] = [];
  const states: State[] = [start.state];
  const now = (): State => states.at(-1) ?? start.state;
  const apply = async (change: Change): Promise<Outcome> => {
    await setImmediate();
    seen.push(change);
    const { id, key } = change;
    if (faults.refuses?.(change)) return { id, key, status: 'failed', reason: 'InternalFailure: injected' };
    const result = carriedOut(start, now(), change);
    if ('refusal' in result) return { id, key, status: 'failed', reason: result.refusal };
    states.push(result.state);
    return { id, key, status: 'done' };
  };
  const read = async (): Promise<Live> => {
    await setImmediate();
    return { ...start, state: now() };
  };
  return { read, apply, seen, states };
};
