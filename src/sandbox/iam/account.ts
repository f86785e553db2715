/** The account as a whole: everything at once, its alias and its quotas. */
import type { Operation } from '../core.ts';
import { check, pageOf, roleDetail } from './look.ts';
import { listedPolicy, versionDetail } from './policies.ts';
import { iamOf, type IamPolicy, type IamRole } from './state.ts';
import { asEntries } from '../wire-query.ts';
import type { World } from '../world.ts';

type Ops = Readonly<Record<string, Operation<World>>>;

const wanted = (filter: unknown, kind: string): boolean =>
  !Array.isArray(filter) || filter.length === 0 || filter.includes(kind);

type Entity = { readonly role?: IamRole; readonly policy?: IamPolicy };

/** One list of roles, then policies: pages run through both. */
const authorizationDetails: Operation<World> = (world, input, call) => {
  check(input, {});
  const iam = iamOf(world, call.account);
  const roles: Entity[] = wanted(input['Filter'], 'Role') ? Object.values(iam.roles).map((role) => ({ role })) : [];
  const policies: Entity[] = wanted(input['Filter'], 'LocalManagedPolicy')
    ? Object.values(iam.policies).map((policy) => ({ policy }))
    : [];
  const { Items, ...rest } = pageOf('Items', [...roles, ...policies], input);
  const items = Items as readonly Entity[];
  return {
    UserDetailList: [],
    GroupDetailList: [],
    RoleDetailList: items.flatMap(({ role }) => (role ? [roleDetail(role)] : [])),
    Policies: items.flatMap(({ policy }) =>
      policy
        ? [
            {
              ...listedPolicy(iam, policy),
              PolicyVersionList: policy.versions.map((version) => versionDetail(policy, version)),
            },
          ]
        : [],
    ),
    ...rest,
  };
};

/** Quotas as "IAM and AWS STS quotas" gives them, under the keys of GetAccountSummary. */
const summary: Operation<World> = (world, _input, call) => {
  const { roles, policies } = iamOf(world, call.account);
  return {
    SummaryMap: asEntries({
      Roles: Object.keys(roles).length,
      Policies: Object.keys(policies).length,
      RolesQuota: 1000,
      PoliciesQuota: 1500,
      AttachedPoliciesPerRoleQuota: 10,
      AssumeRolePolicySizeQuota: 2048,
      RolePolicySizeQuota: 10_240,
      PolicySizeQuota: 6144,
      VersionsPerPolicyQuota: 5,
      AccountMFAEnabled: 1,
    }),
  };
};

export const accountReads: Ops = {
  GetAccountAuthorizationDetails: authorizationDetails,
  GetAccountSummary: summary,
  ListAccountAliases: (world, input, call) => {
    check(input, {});
    return pageOf(
      'AccountAliases',
      [iamOf(world, call.account).alias].flatMap((alias) => alias ?? []),
      input,
    );
  },
};
