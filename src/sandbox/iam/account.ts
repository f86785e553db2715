/** The account as a whole: its alias, its password policy, its quotas and its preferences. */
import type { SandboxCall, SandboxOperation } from '../core.ts';
import { AwsError } from '../core.ts';
import { isTrue, missingIamEntity, noSuchIamEntity, iamListPage } from './look.ts';
import type { IamAccount } from './state.ts';
import { iamOf } from './state.ts';
import { textMember } from '../members.ts';
import { asEntries } from '../wire-query.ts';
import type { SandboxWorld, WorldOperations } from '../world.ts';

/** Quotas as "IAM and AWS STS quotas" gives them, under the keys of GetAccountSummary. */
const quotas = {
  RolesQuota: 1000,
  PoliciesQuota: 1500,
  UsersQuota: 5000,
  GroupsQuota: 300,
  GroupsPerUserQuota: 10,
  InstanceProfilesQuota: 1000,
  ServerCertificatesQuota: 20,
  SigningCertificatesPerUserQuota: 2,
  AttachedPoliciesPerRoleQuota: 10,
  AttachedPoliciesPerUserQuota: 10,
  AttachedPoliciesPerGroupQuota: 10,
  AssumeRolePolicySizeQuota: 2048,
  RolePolicySizeQuota: 10_240,
  UserPolicySizeQuota: 2048,
  GroupPolicySizeQuota: 5120,
  PolicySizeQuota: 6144,
  PolicyVersionsInUseQuota: 10_000,
  VersionsPerPolicyQuota: 5,
  AccessKeysPerUserQuota: 2,
};

const count = (record: Readonly<Record<string, unknown>> | undefined): number => Object.keys(record ?? {}).length;

const devices = ({ users, root, virtualMfa = {} }: IamAccount) => {
  const held = Object.values(users).flatMap(({ mfa }) => mfa.map(({ SerialNumber }) => SerialNumber));
  return {
    MFADevices: new Set([...held, ...Object.keys(virtualMfa)]).size + Number(root.mfa),
    MFADevicesInUse: held.length + Number(root.mfa),
  };
};

const summary: SandboxOperation<SandboxWorld> = (world, _input, call) => {
  const iam = iamOf(world, call.account);
  const { root } = iam;
  return {
    SummaryMap: asEntries({
      ...quotas,
      ...devices(iam),
      Roles: count(iam.roles),
      Policies: count(iam.policies),
      PolicyVersionsInUse: Object.values(iam.policies).reduce((sum, { versions }) => sum + versions.length, 0),
      Users: count(iam.users),
      Groups: count(iam.groups),
      InstanceProfiles: count(iam.instanceProfiles),
      Providers: count(iam.oidcProviders) + count(iam.samlProviders),
      ServerCertificates: count(iam.serverCertificates),
      GlobalEndpointTokenVersion: Number(iam.tokenVersion ?? '1'),
      AccountMFAEnabled: Number(root.mfa),
      AccountAccessKeysPresent: Number(root.keys.length > 0),
      AccountPasswordPresent: Number(root.password !== undefined),
      AccountSigningCertificatesPresent: 0,
    }),
  };
};

const flags: readonly string[] = [
  'RequireSymbols',
  'RequireNumbers',
  'RequireUppercaseCharacters',
  'RequireLowercaseCharacters',
  'AllowUsersToChangePassword',
];

/** Every parameter that is left out takes its default (UpdateAccountPasswordPolicy). */
const updatePasswordPolicy: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const given = (member: string): Readonly<Record<string, number>> =>
    input[member] === undefined ? {} : { [member]: Number(textMember(input, member)) };
  iamOf(world, call.account).passwordPolicy = {
    MinimumPasswordLength: Number(textMember(input, 'MinimumPasswordLength') || '6'),
    ...Object.fromEntries(flags.map((flag) => [flag, isTrue(input, flag)])),
    ExpirePasswords: input['MaxPasswordAge'] !== undefined,
    ...given('MaxPasswordAge'),
    ...given('PasswordReusePrevention'),
    ...(input['HardExpiry'] === undefined ? {} : { HardExpiry: isTrue(input, 'HardExpiry') }),
  };
  return {};
};

const passwordOperations: WorldOperations = {
  UpdateAccountPasswordPolicy: updatePasswordPolicy,
  GetAccountPasswordPolicy: (world, _input, call) => {
    const { passwordPolicy } = iamOf(world, call.account);
    if (passwordPolicy === undefined) throw noSuchIamEntity(`Password Policy with domain name ${call.account}`);
    return { PasswordPolicy: passwordPolicy };
  },
  DeleteAccountPasswordPolicy: (world, _input, call) => {
    const iam = iamOf(world, call.account);
    if (iam.passwordPolicy === undefined) throw noSuchIamEntity('account policy with name PasswordPolicy');
    delete iam.passwordPolicy;
    return {};
  },
};

const createAlias: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const alias = textMember(input, 'AccountAlias');
  if (Object.values(world.iam).some((other) => other.alias === alias))
    throw new AwsError('EntityAlreadyExists', `The account alias ${alias} already exists.`, { status: 409 });
  iamOf(world, call.account).alias = alias;
  return {};
};

const deleteAlias: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const iam = iamOf(world, call.account);
  if (iam.alias !== textMember(input, 'AccountAlias')) throw missingIamEntity('The account alias cannot be found.');
  delete iam.alias;
  return {};
};

const features: readonly string[] = ['RootCredentialsManagement', 'RootSessions'];

/** Central root access is the management account's to set ("Centrally manage root access"). */
const organizationsFeatures =
  (change: (enabled: readonly string[]) => readonly string[]): SandboxOperation<SandboxWorld> =>
  (world, _input, { account }: SandboxCall) => {
    const { id, management, serviceAccess } = world.organizations;
    if (account !== management)
      throw new AwsError('CallerIsNotManagementAccountException', 'Only the management account may do this.');
    if (!serviceAccess.some(({ ServicePrincipal }) => ServicePrincipal === 'iam.amazonaws.com'))
      throw new AwsError(
        'ServiceAccessNotEnabledException',
        'IAM does not have trusted access in this organization: enable it for iam.amazonaws.com.',
      );
    const iam = iamOf(world, account);
    iam.organizationsFeatures = features.filter((one) => change(iam.organizationsFeatures ?? []).includes(one));
    return { OrganizationId: id, EnabledFeatures: iam.organizationsFeatures };
  };

const withFeature = (feature: string) => organizationsFeatures((enabled) => [...enabled, feature]);
const withoutFeature = (feature: string) =>
  organizationsFeatures((enabled) => enabled.filter((known) => known !== feature));

const featureOperations: WorldOperations = {
  ListOrganizationsFeatures: organizationsFeatures((enabled) => enabled),
  EnableOrganizationsRootCredentialsManagement: withFeature('RootCredentialsManagement'),
  EnableOrganizationsRootSessions: withFeature('RootSessions'),
  DisableOrganizationsRootCredentialsManagement: withoutFeature('RootCredentialsManagement'),
  DisableOrganizationsRootSessions: withoutFeature('RootSessions'),
};

export const iamAccountOperations: WorldOperations = {
  GetAccountSummary: summary,
  ...passwordOperations,
  ...featureOperations,
  CreateAccountAlias: createAlias,
  DeleteAccountAlias: deleteAlias,
  ListAccountAliases: (world, input, call) => {
    const { alias } = iamOf(world, call.account);
    return iamListPage('AccountAliases', alias === undefined ? [] : [alias], input);
  },
  SetSecurityTokenServicePreferences: (world, input, call) => {
    iamOf(world, call.account).tokenVersion = textMember(input, 'GlobalEndpointTokenVersion') === 'v2Token' ? '2' : '1';
    return {};
  },
};
