/** How roles and instance profiles are written in answers. */
import type { CallOutput } from '../core.ts';
import { boundaryOutput, encoded, tagsOutput } from './look.ts';
import { shownTrust } from './principals.ts';
import type { IamRole, IamIdentity, InstanceProfile } from './state.ts';
import { iamOf, roleNamed } from './state.ts';
import type { SandboxWorld } from '../world.ts';

const identity = (world: SandboxWorld, role: IamRole): CallOutput => ({
  Path: role.Path,
  RoleName: role.RoleName,
  RoleId: role.RoleId,
  Arn: role.Arn,
  CreateDate: role.CreateDate,
  AssumeRolePolicyDocument: encoded(shownTrust(world, role)),
});

/** ListRoles leaves out boundary, tags and last use: its API reference says so. */
export const listedRole = (world: SandboxWorld, role: IamRole): CallOutput => ({
  ...identity(world, role),
  Description: role.Description,
  MaxSessionDuration: role.MaxSessionDuration,
});

/** CreateRole answers the trust as it was sent, and neither description, duration nor last use. */
export const createdRole = (role: IamRole): CallOutput => ({
  Path: role.Path,
  RoleName: role.RoleName,
  RoleId: role.RoleId,
  Arn: role.Arn,
  CreateDate: role.CreateDate,
  AssumeRolePolicyDocument: encoded(role.AssumeRolePolicyDocument),
  ...boundaryOutput(role),
  ...tagsOutput(role),
});

const lastUsed = ({ lastUsed }: IamRole): CallOutput => ({
  RoleLastUsed: lastUsed === undefined ? {} : { LastUsedDate: lastUsed.date, Region: lastUsed.region },
});

export const roleOutput = (world: SandboxWorld, role: IamRole): CallOutput => ({
  ...listedRole(world, role),
  ...boundaryOutput(role),
  ...tagsOutput(role),
  ...lastUsed(role),
});

export const profileOutput = (world: SandboxWorld, account: string, profile: InstanceProfile): CallOutput => {
  const role = profile.role === undefined ? undefined : roleNamed(world, account, profile.role);
  return {
    Path: profile.Path,
    InstanceProfileName: profile.InstanceProfileName,
    InstanceProfileId: profile.InstanceProfileId,
    Arn: profile.Arn,
    CreateDate: profile.CreateDate,
    Roles: role === undefined ? [] : [identity(world, role)],
    Tags: profile.Tags,
  };
};

/** As CreateInstanceProfile and the lists answer it, which leave tags out that are not there. */
export const listedProfile = (world: SandboxWorld, account: string, profile: InstanceProfile): CallOutput => {
  const { Tags: _tags, ...rest } = profileOutput(world, account, profile);
  return { ...rest, ...tagsOutput(profile) };
};

export const instanceProfilesOf = (world: SandboxWorld, account: string, role: IamRole): readonly InstanceProfile[] =>
  Object.values(iamOf(world, account).instanceProfiles).filter((profile) => profile.role === role.RoleName);

export const inlineList = ({ inline }: IamIdentity): readonly CallOutput[] =>
  Object.entries(inline).map(([PolicyName, text]) => ({ PolicyName, PolicyDocument: encoded(text) }));

/** RoleDetail has neither Description nor MaxSessionDuration. */
export const roleDetail = (world: SandboxWorld, account: string, role: IamRole): CallOutput => ({
  ...identity(world, role),
  InstanceProfileList: instanceProfilesOf(world, account, role).map((profile) =>
    listedProfile(world, account, profile),
  ),
  RolePolicyList: inlineList(role),
  AttachedManagedPolicies: role.attached,
  ...boundaryOutput(role),
  Tags: role.Tags,
  ...lastUsed(role),
});
