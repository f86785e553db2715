/** IAM groups and who is in them. */
import { secondsIso, type Input, type Operation, type Output } from '../core.ts';
import { limitExceeded } from './documents.ts';
import { alreadyExists, deleteConflict, noSuchEntity, pageOf } from './look.ts';
import { inlineList } from './role-output.ts';
import { groupNamed, groupsOf, groupsWith, iamOf, uniqueId, type IamGroup } from './state.ts';
import { optionalText, text } from '../members.ts';
import { listedUser, userIn } from './users.ts';
import type { World } from '../world.ts';

type Ops = Readonly<Record<string, Operation<World>>>;

/** "IAM and AWS STS quotas": groups that a user can be in, and groups of an account. */
const [groupsPerUser, groupQuota] = [10, 300];

/** The group that the input names; throws NoSuchEntity. */
export const groupIn = (world: World, account: string, input: Input): IamGroup => {
  const name = text(input, 'GroupName');
  const group = groupNamed(world, account, name);
  if (group) return group;
  throw noSuchEntity(`group with name ${name}`);
};

const groupOutput = ({ Path, GroupName, GroupId, Arn, CreateDate }: IamGroup): Output => ({
  Path,
  GroupName,
  GroupId,
  Arn,
  CreateDate,
});

/** As GetAccountAuthorizationDetails answers it. */
export const groupDetail = (group: IamGroup): Output => ({
  ...groupOutput(group),
  GroupPolicyList: inlineList(group),
  AttachedManagedPolicies: group.attached,
});

const keyOf = (name: string): string => `group/${name.toLowerCase()}`;

const create: Operation<World> = (world, input, call) => {
  const name = text(input, 'GroupName');
  const groups = groupsOf(world, call.account);
  if (groups[keyOf(name)]) throw alreadyExists(`Group with name ${name}`);
  if (Object.keys(groups).length >= groupQuota)
    throw limitExceeded(`Cannot exceed quota for GroupsPerAccount: ${groupQuota}`);
  const Path = optionalText(input, 'Path') ?? '/';
  const group: IamGroup = {
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

const update: Operation<World> = (world, input, call) => {
  const group = groupIn(world, call.account, input);
  const groups = groupsOf(world, call.account);
  const name = optionalText(input, 'NewGroupName') ?? group.GroupName;
  const other = groups[keyOf(name)];
  if (other && other !== group) throw alreadyExists(`Group with name ${name}`);
  Reflect.deleteProperty(groups, keyOf(group.GroupName));
  group.GroupName = name;
  group.Path = optionalText(input, 'NewPath') ?? group.Path;
  group.Arn = `arn:aws:iam::${call.account}:group${group.Path}${name}`;
  groups[keyOf(name)] = group;
  return {};
};

const hangsOn = ({ members, attached, inline }: IamGroup): string | undefined => {
  if (members.length > 0) return 'remove users from group';
  if (attached.length > 0) return 'detach all policies';
  return Object.keys(inline).length > 0 ? 'delete policies' : undefined;
};

const remove: Operation<World> = (world, input, call) => {
  const group = groupIn(world, call.account, input);
  const first = hangsOn(group);
  if (first !== undefined) throw deleteConflict(`Cannot delete entity, must ${first} first.`);
  Reflect.deleteProperty(groupsOf(world, call.account), keyOf(group.GroupName));
  return {};
};

const addUser: Operation<World> = (world, input, call) => {
  const group = groupIn(world, call.account, input);
  const user = userIn(world, call.account, input);
  if (group.members.includes(user.UserId)) return {};
  if (groupsWith(world, call.account, user).length >= groupsPerUser)
    throw limitExceeded(`Cannot exceed quota for GroupsPerUser: ${groupsPerUser}`);
  group.members = [...group.members, user.UserId];
  return {};
};

/** Somebody who is no member is taken out without a word. */
const removeUserFrom: Operation<World> = (world, input, call) => {
  const { UserId } = userIn(world, call.account, input);
  const group = groupIn(world, call.account, input);
  group.members = group.members.filter((id) => id !== UserId);
  return {};
};

const get: Operation<World> = (world, input, call) => {
  const group = groupIn(world, call.account, input);
  const all = Object.values(iamOf(world, call.account).users);
  const users = group.members.flatMap((id) => all.find(({ UserId }) => UserId === id) ?? []);
  return { Group: groupOutput(group), ...pageOf('Users', users.map(listedUser), input) };
};

export const groupOperations: Ops = {
  CreateGroup: create,
  UpdateGroup: update,
  DeleteGroup: remove,
  GetGroup: get,
  ListGroups: (world, input, call) => {
    const prefix = optionalText(input, 'PathPrefix') ?? '/';
    const all = Object.values(groupsOf(world, call.account)).filter(({ Path }) => Path.startsWith(prefix));
    return pageOf('Groups', all.map(groupOutput), input);
  },
  ListGroupsForUser: (world, input, call) => {
    const groups = groupsWith(world, call.account, userIn(world, call.account, input));
    return pageOf('Groups', groups.map(groupOutput), input);
  },
  AddUserToGroup: addUser,
  RemoveUserFromGroup: removeUserFrom,
};
