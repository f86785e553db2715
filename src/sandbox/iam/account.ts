/** The account as a whole: everything at once, its alias, its password policy and its quotas. */
import { type Call, type Operation, type Output } from '../core.ts';
import { alreadyExists, check, noSuchEntity, pageOf } from './look.ts';
import { listedPolicy, managed } from './policies.ts';
import { versionDetail } from './policy-versions.ts';
import { roleDetail } from './role-output.ts';
import { iamOf, type IamAccount, type IamPolicy, type IamRole, type IamUser } from './state.ts';
import { userDetail } from './users.ts';
import { text, type Members } from '../members.ts';
import { asEntries } from '../wire-query.ts';
import type { World } from '../world.ts';

type Ops = Readonly<Record<string, Operation<World>>>;

const wanted = (filter: unknown, kind: string): boolean =>
  !Array.isArray(filter) || filter.length === 0 || filter.includes(kind);

type Entity = { readonly user?: IamUser; readonly role?: IamRole; readonly policy?: IamPolicy };

/** AWS's policies that something in the account carries. */
const managedInUse = ({ roles, users }: IamAccount, { catalogue }: Call): readonly IamPolicy[] => {
  const identities = [...Object.values(roles), ...Object.values(users)];
  const arns = identities.flatMap((one) => [
    ...one.attached.map(({ PolicyArn }) => PolicyArn),
    ...(one.PermissionsBoundary === undefined ? [] : [one.PermissionsBoundary]),
  ]);
  return [...new Set(arns)].filter((arn) => arn.includes('::aws:')).flatMap((arn) => managed(catalogue, arn) ?? []);
};

const entities = (iam: IamAccount, filter: unknown, call: Call): readonly Entity[] => [
  ...(wanted(filter, 'User') ? Object.values(iam.users) : []).map((user) => ({ user })),
  ...(wanted(filter, 'Role') ? Object.values(iam.roles) : []).map((role) => ({ role })),
  ...(wanted(filter, 'LocalManagedPolicy') ? Object.values(iam.policies) : []).map((policy) => ({ policy })),
  ...(wanted(filter, 'AWSManagedPolicy') ? managedInUse(iam, call) : []).map((policy) => ({ policy })),
];

const policyDetail = (iam: IamAccount, policy: IamPolicy): Output => ({
  ...listedPolicy(iam, policy),
  PolicyVersionList: policy.versions.map((version) => versionDetail(policy, version)),
});

/** One list of users, roles, then policies: pages run through all of them. */
const authorizationDetails: Operation<World> = (world, input, call) => {
  check(input, {});
  const iam = iamOf(world, call.account);
  const { Items, ...rest } = pageOf('Items', entities(iam, input['Filter'], call), input);
  const items = Items as readonly Entity[];
  return {
    UserDetailList: items.flatMap(({ user }) => (user ? [userDetail(user)] : [])),
    GroupDetailList: [],
    RoleDetailList: items.flatMap(({ role }) => (role ? [roleDetail(world, call.account, role)] : [])),
    Policies: items.flatMap(({ policy }) => (policy ? [policyDetail(iam, policy)] : [])),
    ...rest,
  };
};

/** Quotas as "IAM and AWS STS quotas" gives them, under the keys of GetAccountSummary. */
const quotas = {
  RolesQuota: 1000,
  PoliciesQuota: 1500,
  UsersQuota: 5000,
  InstanceProfilesQuota: 1000,
  AttachedPoliciesPerRoleQuota: 10,
  AttachedPoliciesPerUserQuota: 10,
  AssumeRolePolicySizeQuota: 2048,
  RolePolicySizeQuota: 10_240,
  UserPolicySizeQuota: 2048,
  PolicySizeQuota: 6144,
  VersionsPerPolicyQuota: 5,
  AccessKeysPerUserQuota: 2,
};

const summary: Operation<World> = (world, _input, call) => {
  const { roles, policies, users, instanceProfiles, oidcProviders, root } = iamOf(world, call.account);
  return {
    SummaryMap: asEntries({
      ...quotas,
      Roles: Object.keys(roles).length,
      Policies: Object.keys(policies).length,
      Users: Object.keys(users).length,
      Groups: 0,
      InstanceProfiles: Object.keys(instanceProfiles).length,
      Providers: Object.keys(oidcProviders).length,
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
  'HardExpiry',
];

const numbers: Members = {
  MinimumPasswordLength: { kind: 'string', pattern: /^([6-9]|\d{2}|1[01]\d|12[0-8])$/ },
  MaxPasswordAge: { kind: 'string', pattern: /^\d{1,4}$/ },
  PasswordReusePrevention: { kind: 'string', pattern: /^\d{1,2}$/ },
};

/** Every parameter that is left out takes its default (UpdateAccountPasswordPolicy). */
const updatePasswordPolicy: Operation<World> = (world, input, call) => {
  check(input, numbers);
  const age = Number(text(input, 'MaxPasswordAge') || '0');
  iamOf(world, call.account).passwordPolicy = {
    ...Object.fromEntries(flags.map((flag) => [flag, input[flag] === 'true'])),
    MinimumPasswordLength: Number(text(input, 'MinimumPasswordLength') || '6'),
    ExpirePasswords: age > 0,
    ...(age > 0 ? { MaxPasswordAge: age } : {}),
    ...(input['PasswordReusePrevention'] === undefined
      ? {}
      : { PasswordReusePrevention: Number(text(input, 'PasswordReusePrevention')) }),
  };
  return {};
};

const noPasswordPolicy = (account: string) => noSuchEntity(`Password Policy with domain name ${account}`);

const alias: Members = {
  AccountAlias: { kind: 'string', required: true, min: 3, max: 63, pattern: /^[a-z\d][a-z\d-]*$/ },
};

export const accountOperations: Ops = {
  GetAccountAuthorizationDetails: authorizationDetails,
  GetAccountSummary: summary,
  UpdateAccountPasswordPolicy: updatePasswordPolicy,
  GetAccountPasswordPolicy: (world, _input, call) => {
    const { passwordPolicy } = iamOf(world, call.account);
    if (passwordPolicy === undefined) throw noPasswordPolicy(call.account);
    return { PasswordPolicy: passwordPolicy };
  },
  DeleteAccountPasswordPolicy: (world, _input, call) => {
    const iam = iamOf(world, call.account);
    if (iam.passwordPolicy === undefined) throw noPasswordPolicy(call.account);
    delete iam.passwordPolicy;
    return {};
  },
  CreateAccountAlias: (world, input, call) => {
    check(input, alias);
    const taken = Object.values(world.iam).some((other) => other.alias === text(input, 'AccountAlias'));
    if (taken) throw alreadyExists(`The account alias ${text(input, 'AccountAlias')}`);
    iamOf(world, call.account).alias = text(input, 'AccountAlias');
    return {};
  },
  ListAccountAliases: (world, input, call) => {
    check(input, {});
    const { alias: known } = iamOf(world, call.account);
    return pageOf('AccountAliases', known === undefined ? [] : [known], input);
  },
};
