/** IAM groups and who is in them. */
import type { CallInput, SandboxOperation, CallOutput } from '../core.ts';
import { secondsIso } from '../core.ts';
import { limitExceeded } from './documents.ts';
import { alreadyExists, deleteConflict, noSuchIamEntity, iamListPage } from './look.ts';
import { inlineList } from './role-output.ts';
import type { SandboxIamGroup } from './state.ts';
import { groupNamed, groupsOf, groupsWith, iamOf, uniqueId } from './state.ts';
import { optionalTextMember, textMember } from '../members.ts';
import { listedUser, userIn } from './users.ts';
import type { SandboxWorld, WorldOperations } from '../world.ts';

/** "IAM and AWS STS quotas": groups that a user can be in, and groups of an account. */
const [groupsPerUser, groupQuota] = [10, 300];

/** The group that the input names; throws NoSuchEntity. */
export const groupIn = (world: SandboxWorld, account: string, input: CallInput): SandboxIamGroup => {
  const name = textMember(input, 'GroupName');
  const group = groupNamed(world, account, name);
  if (group) return group;
  throw noSuchIamEntity(`group with name ${name}`);
};

const groupOutput = ({ Path, GroupName, GroupId, Arn, CreateDate }: SandboxIamGroup): CallOutput => ({
  Path,
  GroupName,
  GroupId,
  Arn,
  CreateDate,
});

/** As GetAccountAuthorizationDetails answers it. */
export const groupDetail = (group: SandboxIamGroup): CallOutput => ({
  ...groupOutput(group),
  GroupPolicyList: inlineList(group),
  AttachedManagedPolicies: group.attached,
});

const keyOf = (name: string): string => `group/${name.toLowerCase()}`;

const create: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const name = textMember(input, 'GroupName');
  const groups = groupsOf(world, call.account);
  if (groups[keyOf(name)]) throw alreadyExists(`Group with name ${name}`);
  if (Object.keys(groups).length >= groupQuota)
    throw limitExceeded(`Cannot exceed quota for GroupsPerAccount: ${groupQuota}`);
  const Path = optionalTextMember(input, 'Path') ?? '/';
  const group: SandboxIamGroup = {
    Path,
    GroupName: name,
    GroupId: uniqueId(world.ids, 'AGPA'),
    Arn: `arn:aws:iam::${call.account}:group${Path}${name}`,
    CreateDate: secondsIso(call.now),
    Tags: [],
    inline: {},
    attached: [],
    members: [],
  };
  groups[keyOf(name)] = group;
  return { Group: groupOutput(group) };
};

const update: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const group = groupIn(world, call.account, input);
  const groups = groupsOf(world, call.account);
  const name = optionalTextMember(input, 'NewGroupName') ?? group.GroupName;
  const other = groups[keyOf(name)];
  if (other && other !== group) throw alreadyExists(`Group with name ${name}`);
  Reflect.deleteProperty(groups, keyOf(group.GroupName));
  group.GroupName = name;
  group.Path = optionalTextMember(input, 'NewPath') ?? group.Path;
  group.Arn = `arn:aws:iam::${call.account}:group${group.Path}${name}`;
  groups[keyOf(name)] = group;
  return {};
};

const hangsOn = ({ members, attached, inline }: SandboxIamGroup): string | undefined => {
  if (members.length > 0) return 'remove users from group';
  if (attached.length > 0) return 'detach all policies';
  return Object.keys(inline).length > 0 ? 'delete policies' : undefined;
};

const remove: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const group = groupIn(world, call.account, input);
  const first = hangsOn(group);
  if (first !== undefined) throw deleteConflict(`Cannot delete entity, must ${first} first.`);
  Reflect.deleteProperty(groupsOf(world, call.account), keyOf(group.GroupName));
  return {};
};

const addUser: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const group = groupIn(world, call.account, input);
  const user = userIn(world, call.account, input);
  if (group.members.includes(user.UserId)) return {};
  if (groupsWith(world, call.account, user).length >= groupsPerUser)
    throw limitExceeded(`Cannot exceed quota for GroupsPerUser: ${groupsPerUser}`);
  group.members = [...group.members, user.UserId];
  return {};
};

/** Somebody who is no member is taken out without a word. */
const removeUserFrom: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const { UserId } = userIn(world, call.account, input);
  const group = groupIn(world, call.account, input);
  group.members = group.members.filter((id) => id !== UserId);
  return {};
};

const get: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const group = groupIn(world, call.account, input);
  const all = Object.values(iamOf(world, call.account).users);
  const users = group.members.flatMap((id) => all.find(({ UserId }) => UserId === id) ?? []);
  return { Group: groupOutput(group), ...iamListPage('Users', users.map(listedUser), input) };
};

export const iamGroupOperations: WorldOperations = {
  CreateGroup: create,
  UpdateGroup: update,
  DeleteGroup: remove,
  GetGroup: get,
  ListGroups: (world, input, call) => {
    const prefix = optionalTextMember(input, 'PathPrefix') ?? '/';
    const all = Object.values(groupsOf(world, call.account)).filter(({ Path }) => Path.startsWith(prefix));
    return iamListPage('Groups', all.map(groupOutput), input);
  },
  ListGroupsForUser: (world, input, call) => {
    const groups = groupsWith(world, call.account, userIn(world, call.account, input));
    return iamListPage('Groups', groups.map(groupOutput), input);
  },
  AddUserToGroup: addUser,
  RemoveUserFromGroup: removeUserFrom,
};
