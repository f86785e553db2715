/** GetAccountAuthorizationDetails: users, groups, roles and policies of the account at once. */
import type { SandboxCall, SandboxOperation, CallOutput } from '../core.ts';
import { groupDetail } from './groups.ts';
import { iamListPage, textListMember } from './look.ts';
import { listedPolicy, managed } from './policies.ts';
import { versionDetail } from './policy-versions.ts';
import { roleDetail } from './role-output.ts';
import type { IamAccount, SandboxIamGroup, IamPolicy, IamRole, SandboxIamUser } from './state.ts';
import { iamOf } from './state.ts';
import { userDetail } from './users.ts';
import type { SandboxWorld } from '../world.ts';

type DetailedEntity = {
  readonly user?: SandboxIamUser;
  readonly group?: SandboxIamGroup;
  readonly role?: IamRole;
  readonly policy?: IamPolicy;
};

/** AWS's policies that something in the account carries. */
const managedInUse = ({ roles, users, groups = {} }: IamAccount, { catalogue }: SandboxCall): readonly IamPolicy[] => {
  const identities = [...Object.values(roles), ...Object.values(users), ...Object.values(groups)];
  const arns = identities.flatMap((one) => [
    ...one.attached.map(({ PolicyArn }) => PolicyArn),
    ...(one.PermissionsBoundary === undefined ? [] : [one.PermissionsBoundary]),
  ]);
  return [...new Set(arns)].filter((arn) => arn.includes('::aws:')).flatMap((arn) => managed(catalogue, arn) ?? []);
};

const entities = (iam: IamAccount, filter: readonly string[], call: SandboxCall): readonly DetailedEntity[] => {
  const wanted = (kind: string): boolean => filter.length === 0 || filter.includes(kind);
  return [
    ...(wanted('User') ? Object.values(iam.users) : []).map((user) => ({ user })),
    ...(wanted('Group') ? Object.values(iam.groups ?? {}) : []).map((group) => ({ group })),
    ...(wanted('Role') ? Object.values(iam.roles) : []).map((role) => ({ role })),
    ...(wanted('LocalManagedPolicy') ? Object.values(iam.policies) : []).map((policy) => ({ policy })),
    ...(wanted('AWSManagedPolicy') ? managedInUse(iam, call) : []).map((policy) => ({ policy })),
  ];
};

const policyDetail = (iam: IamAccount, policy: IamPolicy): CallOutput => ({
  ...listedPolicy(iam, policy),
  PolicyVersionList: policy.versions.map((version) => versionDetail(policy, version)),
});

/** One list of users, groups, roles, then policies: pages run through all of them. */
export const authorizationDetails: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const iam = iamOf(world, call.account);
  const { Items, ...rest } = iamListPage('Items', entities(iam, textListMember(input, 'Filter'), call), input);
  const items = Items as readonly DetailedEntity[];
  return {
    UserDetailList: items.flatMap(({ user }) => (user ? [userDetail(world, call.account, user)] : [])),
    GroupDetailList: items.flatMap(({ group }) => (group ? [groupDetail(group)] : [])),
    RoleDetailList: items.flatMap(({ role }) => (role ? [roleDetail(world, call.account, role)] : [])),
    Policies: items.flatMap(({ policy }) => (policy ? [policyDetail(iam, policy)] : [])),
    ...rest,
  };
};
