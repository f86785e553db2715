/** IAM users with their groups, as GetAccountAuthorizationDetails tells of them: no call is made for any of them. */
import type { AttachedPolicy, GroupDetail, PolicyDetail, UserDetail } from '@aws-sdk/client-iam';
import type { IamGroup, IamUser } from '../model/iam-user.ts';
import { attachedTo, boundaryOf, iamDocument } from './read-roles.ts';

type UserPolicies = {
  readonly name: string | undefined;
  readonly inline: readonly PolicyDetail[] | undefined;
  readonly attached: readonly AttachedPolicy[] | undefined;
};

const granted = ({ name = '', inline = [], attached = [] }: UserPolicies): IamGroup => ({
  name,
  ...attachedTo(attached),
  inlinePolicies: Object.fromEntries(
    inline.map(({ PolicyName = '', PolicyDocument: text }) => [PolicyName, iamDocument(text) ?? null]),
  ),
});

const groupOf = ({ GroupName: name, GroupPolicyList: inline, AttachedManagedPolicies: attached }: GroupDetail) =>
  granted({ name, inline, attached });

const userOf = (account: string, detail: UserDetail, groups: ReadonlyMap<string, IamGroup>): IamUser => {
  const { UserName: name, UserPolicyList: inline, AttachedManagedPolicies: attached, GroupList = [] } = detail;
  const boundary = detail.PermissionsBoundary?.PermissionsBoundaryArn;
  return {
    ...granted({ name, inline, attached }),
    account,
    path: detail.Path ?? '/',
    groups: [...GroupList].sort().flatMap((group) => groups.get(group) ?? []),
    ...(boundary === undefined ? {} : { permissionsBoundary: boundaryOf(boundary) }),
  };
};

export type UserDetails = { readonly users: readonly UserDetail[]; readonly groups: readonly GroupDetail[] };

export const iamUsersOf = (account: string, { users, groups }: UserDetails): readonly IamUser[] => {
  const byName = new Map(groups.map((group) => [group.GroupName ?? '', groupOf(group)]));
  return users.map((user) => userOf(account, user, byName));
};
