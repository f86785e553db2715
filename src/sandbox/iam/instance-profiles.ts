/** Instance profiles: what carries a role into EC2. */
import { secondsIso, type Input, type Operation } from '../core.ts';
import { limitExceeded } from './documents.ts';
import { alreadyExists, deleteConflict, missing, pageOf, tagsIn } from './look.ts';
import { listedProfile, profileOutput, profilesOf } from './role-output.ts';
import { roleIn } from './roles.ts';
import { iamOf, uniqueId, type InstanceProfile } from './state.ts';
import { optionalText, text } from '../members.ts';
import type { World } from '../world.ts';

type Ops = Readonly<Record<string, Operation<World>>>;

const keyOf = (name: string): string => `profile/${name.toLowerCase()}`;

/** The instance profile that the input names; throws NoSuchEntity. */
export const instanceProfileIn = (world: World, account: string, input: Input): InstanceProfile => {
  const name = text(input, 'InstanceProfileName');
  const profile = iamOf(world, account).instanceProfiles[keyOf(name)];
  if (profile) return profile;
  throw missing(`Instance Profile ${name} cannot be found.`);
};

const create: Operation<World> = (world, input, call) => {
  const { instanceProfiles } = iamOf(world, call.account);
  const name = text(input, 'InstanceProfileName');
  if (instanceProfiles[keyOf(name)]) throw alreadyExists(`Instance Profile ${name}`);
  const Path = optionalText(input, 'Path') ?? '/';
  const profile: InstanceProfile = {
    InstanceProfileName: name,
    InstanceProfileId: uniqueId(world.ids, 'AIPA'),
    Arn: `arn:aws:iam::${call.account}:instance-profile${Path}${name}`,
    Path,
    CreateDate: secondsIso(call.now),
    Tags: tagsIn(input, 'case-sensitive'),
  };
  instanceProfiles[keyOf(name)] = profile;
  return { InstanceProfile: listedProfile(world, call.account, profile) };
};

const addRole: Operation<World> = (world, input, call) => {
  const profile = instanceProfileIn(world, call.account, input);
  const role = roleIn(world, call.account, input);
  if (profile.role !== undefined) throw limitExceeded('Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1');
  profile.role = role.RoleName;
  return {};
};

const removeRole: Operation<World> = (world, input, call) => {
  const profile = instanceProfileIn(world, call.account, input);
  const { RoleName } = roleIn(world, call.account, input);
  if (profile.role !== RoleName)
    throw missing(`Role ${RoleName} in Instance Profile ${profile.InstanceProfileName} cannot be found.`);
  delete profile.role;
  return {};
};

const listed = (world: World, account: string, input: Input) => (all: readonly InstanceProfile[]) =>
  pageOf(
    'InstanceProfiles',
    all.map((profile) => listedProfile(world, account, profile)),
    input,
  );

export const instanceProfileOperations: Ops = {
  CreateInstanceProfile: create,
  DeleteInstanceProfile: (world, input, call) => {
    const profile = instanceProfileIn(world, call.account, input);
    if (profile.role !== undefined)
      throw deleteConflict('Cannot delete entity, must remove roles from instance profile first.');
    Reflect.deleteProperty(iamOf(world, call.account).instanceProfiles, keyOf(profile.InstanceProfileName));
    return {};
  },
  GetInstanceProfile: (world, input, call) => ({
    InstanceProfile: profileOutput(world, call.account, instanceProfileIn(world, call.account, input)),
  }),
  AddRoleToInstanceProfile: addRole,
  RemoveRoleFromInstanceProfile: removeRole,
  ListInstanceProfiles: (world, input, call) => {
    const prefix = optionalText(input, 'PathPrefix') ?? '/';
    const all = Object.values(iamOf(world, call.account).instanceProfiles);
    return listed(world, call.account, input)(all.filter(({ Path }) => Path.startsWith(prefix)));
  },
  ListInstanceProfilesForRole: (world, input, call) => {
    const role = roleIn(world, call.account, input);
    return listed(world, call.account, input)(profilesOf(world, call.account, role));
  },
};
