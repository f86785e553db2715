/** Writes of roles: one call at a time, in the order that never gives more than the old or the new role. */
import { ownValue } from '../model/own-value.ts';
import { changedFields } from '../kinds/equal.ts';
import { minified } from '../model/policy.ts';
import { customerPolicyKey } from '../model/resource.ts';
import type { PermissionsBoundary, Role } from '../model/resource.ts';
import { bareRole, closedRole, effectByName, roleCourse, rolePassages } from '../change/role-steps.ts';
import type { EffectOf, ManagedReference } from '../change/role-steps.ts';
import { confirm } from './confirm.ts';
import { isNamed } from './failures.ts';
import { customerPolicyArn, noSuchEntityName, profileNamesOf, readRole } from './look-iam.ts';
import type { AccountIam } from './look-iam.ts';
import { isArrived } from './moved.ts';
import { createdOrFound, unless } from './retry.ts';
import { tagList, ownershipTags, roleTagEdit } from './tags.ts';
import type { TagMap } from './tags.ts';
import { iamLooks, iamRoom } from './writing.ts';
import type { WriteContext } from './writing.ts';

/** One call turns `from` into `to`. */
type RoleUpdate = { readonly room: AccountIam; readonly from: Role; readonly to: Role };

const gone = (write: () => Promise<unknown>): Promise<void> => unless([noSuchEntityName], write);

const arnOf = (room: AccountIam, policy: ManagedReference): string =>
  typeof policy === 'string' ? policy : customerPolicyArn(room, policy);

const attachedArns = (room: AccountIam, role: Role): readonly string[] =>
  [...role.managedPolicies, ...role.customerManagedPolicies].map((policy) => arnOf(room, policy));

const editAttached = async ({ room, from, to }: RoleUpdate): Promise<void> => {
  const RoleName = to.name;
  const [old, wanted] = [attachedArns(room, from), attachedArns(room, to)];
  for (const PolicyArn of wanted.filter((arn) => !old.includes(arn))) {
    await room.iam.attachRolePolicy({ RoleName, PolicyArn });
  }
  for (const PolicyArn of old.filter((arn) => !wanted.includes(arn))) {
    await gone(() => room.iam.detachRolePolicy({ RoleName, PolicyArn }));
  }
};

const editInline = async ({ room, from, to }: RoleUpdate): Promise<void> => {
  const RoleName = to.name;
  for (const [PolicyName, document] of Object.entries(to.inlinePolicies)) {
    const PolicyDocument = minified(document);
    const old = ownValue(from.inlinePolicies, PolicyName);
    if (old !== undefined && minified(old) === PolicyDocument) continue;
    await room.iam.putRolePolicy({ RoleName, PolicyName, PolicyDocument });
  }
  for (const PolicyName of Object.keys(from.inlinePolicies).filter((name) => !Object.hasOwn(to.inlinePolicies, name))) {
    await gone(() => room.iam.deleteRolePolicy({ RoleName, PolicyName }));
  }
};

const boundaryArn = (room: AccountIam, boundary: PermissionsBoundary): string =>
  arnOf(room, 'managedPolicy' in boundary ? boundary.managedPolicy : boundary.customerManagedPolicy);

const editBoundary = async ({ room: { iam, ...room }, to }: RoleUpdate): Promise<void> => {
  const RoleName = to.name;
  if (to.permissionsBoundary === undefined) return gone(() => iam.deleteRolePermissionsBoundary({ RoleName }));
  const PermissionsBoundary = boundaryArn({ iam, ...room }, to.permissionsBoundary);
  await iam.putRolePermissionsBoundary({ RoleName, PermissionsBoundary });
};

const editTrust = async ({ room, to }: RoleUpdate): Promise<void> => {
  await room.iam.updateAssumeRolePolicy({ RoleName: to.name, PolicyDocument: minified(to.trust) });
};

/** UpdateRole sets what it is not given to nothing and one hour, so it is always given both. */
const editScalars = async ({ room, to }: RoleUpdate): Promise<void> => {
  const { name, description = '', maxSessionDuration } = to;
  await room.iam.updateRole({ RoleName: name, Description: description, MaxSessionDuration: maxSessionDuration });
};

export const taggedWith = ({ tags, owner }: { readonly tags: TagMap; readonly owner?: string }): TagMap => ({
  ...tags,
  ...ownershipTags(owner === undefined ? {} : { owner }),
});

const editTags = async ({ room, from, to }: RoleUpdate): Promise<void> => {
  const RoleName = to.name;
  const { set, remove } = roleTagEdit(taggedWith(from), taggedWith(to));
  if (Object.keys(set).length > 0) await room.iam.tagRole({ RoleName, Tags: tagList(set) });
  if (remove.length > 0) await room.iam.untagRole({ RoleName, TagKeys: [...remove] });
};

/** A profile of that name may be there already, empty or holding the role, from a run that was killed. */
const addProfile = async ({ room: { iam }, to }: RoleUpdate): Promise<void> => {
  const InstanceProfileName = to.name;
  const Tags = tagList(ownershipTags(to.owner === undefined ? {} : { owner: to.owner }));
  await createdOrFound({
    duplicate: 'EntityAlreadyExistsException',
    create: async () =>
      (await iam.createInstanceProfile({ InstanceProfileName, Path: to.path, Tags })).InstanceProfile?.Arn,
    find: async () => (await iam.getInstanceProfile({ InstanceProfileName })).InstanceProfile?.Arn,
  });
  const holds = async () => (await profileNamesOf(iam, to.name)).includes(InstanceProfileName);
  if (await holds()) return;
  try {
    await iam.addRoleToInstanceProfile({ InstanceProfileName, RoleName: to.name });
  } catch (thrown) {
    // A profile holds one role: this one, when the answer to the first try was lost.
    if (!isNamed(thrown, 'LimitExceededException') || !(await holds())) throw thrown;
  }
};

const removeProfile = async ({ room: { iam }, to }: RoleUpdate): Promise<void> => {
  const InstanceProfileName = to.name;
  await gone(() => iam.removeRoleFromInstanceProfile({ InstanceProfileName, RoleName: to.name }));
  await gone(() => iam.deleteInstanceProfile({ InstanceProfileName }));
};

const editProfile = (step: RoleUpdate): Promise<void> =>
  step.to.instanceProfile ? addProfile(step) : removeProfile(step);

const cannotMove = async ({ from, to }: RoleUpdate): Promise<void> => {
  throw new Error(`the path of a role cannot be changed (${from.path} to ${to.path}): give the new one another name`);
};

const editors: Readonly<Record<string, (step: RoleUpdate) => Promise<void>>> = {
  path: cannotMove,
  permissionsBoundary: editBoundary,
  managedPolicies: editAttached,
  customerManagedPolicies: editAttached,
  inlinePolicies: editInline,
  trust: editTrust,
  description: editScalars,
  maxSessionDuration: editScalars,
  tags: editTags,
  owner: editTags,
  instanceProfile: editProfile,
};

const take = async (step: RoleUpdate): Promise<void> => {
  const edits = new Set(changedFields(step.from, step.to).flatMap((field) => editors[field] ?? []));
  for (const edit of edits) await edit(step);
};

/** A customer policy's own document was read; those of AWS are known by name. */
const effectIn =
  ({ effects }: WriteContext, account: string): EffectOf =>
  (policy) =>
    (typeof policy === 'string' ? undefined : effects.get(customerPolicyKey({ account, ...policy }))) ??
    effectByName(policy);

const travel = async (writing: WriteContext, { room, from, to }: RoleUpdate): Promise<void> => {
  if (from.path !== to.path) await cannotMove({ room, from, to });
  let at = from;
  for (const next of roleCourse(from, to, effectIn(writing, to.account))) {
    await take({ room, from: at, to: next });
    at = next;
  }
};

type RoleStates = { readonly before: Role | undefined; readonly after: Role | undefined };

/** Reads may lag: what was there before the change is no reason to hold it. */
const confirmed = (writing: WriteContext, room: AccountIam, { before, after }: RoleStates): Promise<void> => {
  const name = (after ?? before)?.name ?? '';
  const course = { states: [before, ...rolePassages(before, after)], after };
  return confirm({ clock: writing.connection.clock, read: () => readRole(room, name), course, looks: iamLooks });
};

const createBare = ({ iam, ...room }: AccountIam, role: Role) =>
  createdOrFound({
    duplicate: 'EntityAlreadyExistsException',
    create: async () => {
      const boundary = role.permissionsBoundary;
      const input = {
        RoleName: role.name,
        Path: role.path,
        AssumeRolePolicyDocument: minified(role.trust),
        MaxSessionDuration: role.maxSessionDuration,
        Tags: tagList(taggedWith(role)),
        ...(role.description === undefined ? {} : { Description: role.description }),
        ...(boundary === undefined ? {} : { PermissionsBoundary: boundaryArn({ iam, ...room }, boundary) }),
      };
      return (await iam.createRole(input)).Role?.RoleId;
    },
    find: async () => (await iam.getRole({ RoleName: role.name })).Role?.RoleId,
  });

/** Creates the role with its final trust and boundary and no permissions; then adds what denies, then the rest. */
export const createRole = async (writing: WriteContext, role: Role): Promise<void> => {
  const room = await iamRoom(writing, role.account);
  const { fresh } = await createBare(room, role);
  const live = fresh ? undefined : await readRole(room, role.name);
  // One that appeared meanwhile must be ours, half made or whole.
  if (!fresh && isArrived(live, { states: rolePassages(undefined, role), after: role })) return;
  await travel(writing, { room, from: live ?? bareRole(role), to: role });
  await confirmed(writing, room, { before: undefined, after: role });
};

/** Edits the live role, so that no edit is repeated. Throws when it holds anything that the plan does not know. */
export const updateRole = async (writing: WriteContext, before: Role, after: Role): Promise<void> => {
  const room = await iamRoom(writing, after.account);
  const live = await readRole(room, after.name);
  if (isArrived(live, { states: rolePassages(before, after), after })) return;
  await travel(writing, { room, from: live ?? before, to: after });
  await confirmed(writing, room, { before, after });
};

/** Out of every instance profile: DeleteRole refuses while one holds it. */
const leaveProfiles = async ({ iam }: AccountIam, RoleName: string): Promise<void> => {
  for (const InstanceProfileName of await profileNamesOf(iam, RoleName)) {
    await gone(() => iam.removeRoleFromInstanceProfile({ InstanceProfileName, RoleName }));
  }
};

/** Deletes in this order: trust, then permissions, then the role with its boundary. */
export const deleteRole = async (writing: WriteContext, before: Role): Promise<void> => {
  const room = await iamRoom(writing, before.account);
  const live = await readRole(room, before.name);
  const course = { states: rolePassages(before, undefined), after: undefined };
  if (live === undefined || isArrived(live, course)) return;
  const closed = closedRole(live);
  await take({ room, from: live, to: closed });
  await travel(writing, { room, from: closed, to: bareRole(closed) });
  await leaveProfiles(room, before.name);
  await gone(() => room.iam.deleteRole({ RoleName: before.name }));
  await confirmed(writing, room, { before, after: undefined });
};
