/** Instance profiles: what carries a role into EC2. */
import type { Input, Operation } from '../core.ts';
import { limitExceeded } from './documents.ts';
import { alreadyExists, check, deleteConflict, noSuchEntity, pageOf, path, tagsIn } from './look.ts';
import { profileOutput, profilesOf } from './role-output.ts';
import { roleIn } from './roles.ts';
import { iamOf, uniqueId, type InstanceProfile } from './state.ts';
import { optionalText, text, type Member } from '../members.ts';
import type { World } from '../world.ts';

type Ops = Readonly<Record<string, Operation<World>>>;

const profileName: Member = { kind: 'string', required: true, min: 1, max: 128, pattern: /^[\w+=,.@-]+$/ };
const keyOf = (name: string): string => `profile/${name.toLowerCase()}`;

/** The instance profile that the input names; throws NoSuchEntity. */
export const instanceProfileIn = (world: World, account: string, input: Input): InstanceProfile => {
  check(input, { InstanceProfileName: profileName });
  const name = text(input, 'InstanceProfileName');
  const profile = iamOf(world, account).instanceProfiles[keyOf(name)];
  if (profile) return profile;
  throw noSuchEntity(`instance profile ${name}`);
};

const create: Operation<World> = (world, input, call) => {
  check(input, { InstanceProfileName: profileName, Path: path });
  const { instanceProfiles } = iamOf(world, call.account);
  const name = text(input, 'InstanceProfileName');
  if (instanceProfiles[keyOf(name)]) throw alreadyExists(`Instance Profile ${name}`);
  const Path = optionalText(input, 'Path') ?? '/';
  const profile: InstanceProfile = {
    InstanceProfileName: name,
    InstanceProfileId: uniqueId(world.ids, 'AIPA'),
    Arn: `arn:aws:iam::${call.account}:instance-profile${Path}${name}`,
    Path,
    CreateDate: new Date(call.now).toISOString(),
    Tags: tagsIn(input),
  };
  instanceProfiles[keyOf(name)] = profile;
  return { InstanceProfile: profileOutput(world, call.account, profile) };
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
    throw noSuchEntity(`role ${RoleName} in instance profile ${profile.InstanceProfileName}`);
  delete profile.role;
  return {};
};

const listed = (world: World, account: string, input: Input) => (all: readonly InstanceProfile[]) =>
  pageOf(
    'InstanceProfiles',
    all.map((profile) => profileOutput(world, account, profile)),
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
    check(input, { PathPrefix: { kind: 'string', min: 1, max: 512 } });
    const prefix = optionalText(input, 'PathPrefix') ?? '/';
    const all = Object.values(iamOf(world, call.account).instanceProfiles);
    return listed(world, call.account, input)(all.filter(({ Path }) => Path.startsWith(prefix)));
  },
  ListInstanceProfilesForRole: (world, input, call) => {
    const role = roleIn(world, call.account, input);
    check(input, {});
    return listed(world, call.account, input)(profilesOf(world, call.account, role));
  },
};
