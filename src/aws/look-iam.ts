/** One role, policy or provider read again, before and after it is written. */
import type { IAM } from '@aws-sdk/client-iam';
import type { AccountId, CustomerManagedPolicy, CustomerPolicy, OidcProvider, Role } from '../model/resource.ts';
import { isNamed } from './failures.ts';
import { mapBounded } from './pages.ts';
import { allMarked, readOidcProvider } from './read-iam.ts';
import { customerPolicyFrom, roleOf } from './read-roles.ts';

/** The account's label and id, and its IAM. */
export type AccountIam = { readonly iam: IAM; readonly account: string; readonly id: AccountId };

export const noSuchEntityName = 'NoSuchEntityException';

const unlessAbsent = async <T>(read: () => Promise<T>): Promise<T | undefined> => {
  try {
    return await read();
  } catch (thrown) {
    if (isNamed(thrown, noSuchEntityName)) return undefined;
    throw thrown;
  }
};

const inlineNames = (iam: IAM, RoleName: string) =>
  allMarked(async (from) => {
    const { PolicyNames, Marker } = await iam.listRolePolicies({ RoleName, ...from });
    return { rows: PolicyNames, Marker };
  });

const attachedPolicies = (iam: IAM, RoleName: string) =>
  allMarked(async (from) => {
    const { AttachedPolicies, Marker } = await iam.listAttachedRolePolicies({ RoleName, ...from });
    return { rows: AttachedPolicies, Marker };
  });

/** Names of the instance profiles that hold the role. */
export const profileNamesOf = (iam: IAM, RoleName: string): Promise<readonly string[]> =>
  allMarked(async (from) => {
    const { InstanceProfiles, Marker } = await iam.listInstanceProfilesForRole({ RoleName, ...from });
    return { rows: InstanceProfiles?.map(({ InstanceProfileName = '' }) => InstanceProfileName), Marker };
  });

/** Four calls and one for each inline policy; undefined when there is no such role. */
export const readRole = ({ iam, account }: AccountIam, RoleName: string): Promise<Role | undefined> =>
  unlessAbsent(async () => {
    const { Role: role } = await iam.getRole({ RoleName });
    if (role === undefined) return undefined;
    const [names, attached, profiles] = await Promise.all([
      inlineNames(iam, RoleName),
      attachedPolicies(iam, RoleName),
      profileNamesOf(iam, RoleName),
    ]);
    const inline = await mapBounded(names, (PolicyName) => iam.getRolePolicy({ RoleName, PolicyName }));
    return roleOf(account, { role, inline, attached, profiles });
  });

export const customerPolicyArn = ({ id }: Pick<AccountIam, 'id'>, { path, name }: CustomerManagedPolicy): string =>
  `arn:aws:iam::${id}:policy${path}${name}`;

/** Two calls: GetPolicy tells tags, and not the document. */
export const readCustomerPolicy = (
  room: AccountIam,
  reference: CustomerManagedPolicy,
): Promise<CustomerPolicy | undefined> =>
  unlessAbsent(async () => {
    const PolicyArn = customerPolicyArn(room, reference);
    const { Policy } = await room.iam.getPolicy({ PolicyArn });
    if (Policy === undefined) return undefined;
    const { PolicyVersion } = await room.iam.getPolicyVersion({ PolicyArn, VersionId: Policy.DefaultVersionId });
    return customerPolicyFrom(room.account, { policy: Policy, document: PolicyVersion?.Document });
  });

export const oidcProviderArn = ({ id }: Pick<AccountIam, 'id'>, host: string): string =>
  `arn:aws:iam::${id}:oidc-provider/${host}`;

export const lookAtOidcProvider = (room: AccountIam, host: string): Promise<OidcProvider | undefined> =>
  unlessAbsent(() => readOidcProvider(room.iam, room.account, oidcProviderArn(room, host)));
