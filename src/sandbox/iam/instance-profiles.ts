/** Instance profiles: what carries a role into EC2. */
import type { CallInput, SandboxOperation } from '../core.ts';
import { secondsIso } from '../core.ts';
import { limitExceeded } from './documents.ts';
import { alreadyExists, deleteConflict, missingIamEntity, iamListPage, iamTagsIn } from './look.ts';
import { listedProfile, profileOutput, instanceProfilesOf } from './role-output.ts';
import { iamRoleIn } from './roles.ts';
import type { InstanceProfile } from './state.ts';
import { iamOf, uniqueId } from './state.ts';
import { optionalTextMember, textMember } from '../members.ts';
import type { SandboxWorld, WorldOperations } from '../world.ts';

const keyOf = (name: string): string => `profile/${name.toLowerCase()}`;

/** The instance profile that the input names; throws NoSuchEntity. */
export const instanceProfileIn = (world: SandboxWorld, account: string, input: CallInput): InstanceProfile => {
  const name = textMember(input, 'InstanceProfileName');
  const profile = iamOf(world, account).instanceProfiles[keyOf(name)];
  if (profile) return profile;
  throw missingIamEntity(`Instance Profile ${name} cannot be found.`);
};

const create: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const { instanceProfiles } = iamOf(world, call.account);
  const name = textMember(input, 'InstanceProfileName');
  if (instanceProfiles[keyOf(name)]) throw alreadyExists(`Instance Profile ${name}`);
  const Path = optionalTextMember(input, 'Path') ?? '/';
  const profile: InstanceProfile = {
    InstanceProfileName: name,
    InstanceProfileId: uniqueId(world.ids, 'AIPA'),
    Arn: `arn:aws:iam::${call.account}:instance-profile${Path}${name}`,
    Path,
    CreateDate: secondsIso(call.now),
    Tags: iamTagsIn(input, 'case-sensitive'),
  };
  instanceProfiles[keyOf(name)] = profile;
  return { InstanceProfile: listedProfile(world, call.account, profile) };
};

const addRole: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const profile = instanceProfileIn(world, call.account, input);
  const role = iamRoleIn(world, call.account, input);
  if (profile.role !== undefined) throw limitExceeded('Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1');
  profile.role = role.RoleName;
  return {};
};

const removeRole: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const profile = instanceProfileIn(world, call.account, input);
  const { RoleName } = iamRoleIn(world, call.account, input);
  if (profile.role !== RoleName)
    throw missingIamEntity(`Role ${RoleName} in Instance Profile ${profile.InstanceProfileName} cannot be found.`);
  delete profile.role;
  return {};
};

const listed = (world: SandboxWorld, account: string, input: CallInput) => (all: readonly InstanceProfile[]) =>
  iamListPage(
    'InstanceProfiles',
    all.map((profile) => listedProfile(world, account, profile)),
    input,
  );

export const instanceProfileOperations: WorldOperations = {
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
    const prefix = optionalTextMember(input, 'PathPrefix') ?? '/';
    const all = Object.values(iamOf(world, call.account).instanceProfiles);
    return listed(world, call.account, input)(all.filter(({ Path }) => Path.startsWith(prefix)));
  },
  ListInstanceProfilesForRole: (world, input, call) => {
    const role = iamRoleIn(world, call.account, input);
    return listed(world, call.account, input)(instanceProfilesOf(world, call.account, role));
  },
};
