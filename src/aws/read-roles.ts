/** Roles, customer managed policies and OIDC providers of one account, as IAM describes them. */
import type { AttachedPolicy, ManagedPolicyDetail, Role as AwsRole, RoleDetail } from '@aws-sdk/client-iam';
import type { Unread } from '../model/reads.ts';
import type { PolicyDocument } from '../model/policy.ts';
import { customerPolicyKey, roleKey } from '../model/resource.ts';
import type {
  AccountId,
  CustomerManagedPolicy,
  CustomerPolicy,
  PermissionsBoundary,
  Resource,
  Role,
} from '../model/resource.ts';
import { parseDocument } from './documents.ts';
import { ownershipOf, plainTags, tagsOf } from './tags.ts';
import type { AwsTag } from './tags.ts';

/** An account by its label and its id. */
export type LabelledAccount = { readonly label: string; readonly id: AccountId };

/** IAM gives documents as RFC 3986 encodes them; what is no policy is undefined. */
export const iamDocument = (text: string | undefined): PolicyDocument | undefined => {
  try {
    return parseDocument(decodeURIComponent(text ?? ''));
  } catch {
    return undefined;
  }
};

/** Throws when it cannot be understood: such a role is named as unread. */
const understood = (text: string | undefined, what: string): PolicyDocument => {
  const document = iamDocument(text);
  if (document === undefined) throw new Error(`${what} is not a policy that IAM would take`);
  return document;
};

const owned = (tags: readonly AwsTag[] | undefined) => {
  const all = tagsOf(tags ?? []);
  const { owner } = ownershipOf(all);
  return { tags: plainTags(all), ...(owner === undefined ? {} : { owner }) };
};

/** Undefined for a policy of AWS, whose ARN names no account. */
export const customerPolicyOf = (arn: string): CustomerManagedPolicy | undefined => {
  const [, path, name] = /^arn:aws:iam::\d{12}:policy(\/(?:.*\/)?)([^/]+)$/.exec(arn) ?? [];
  return path === undefined || name === undefined ? undefined : { path, name };
};

export const boundaryOf = (arn: string): PermissionsBoundary => {
  const policy = customerPolicyOf(arn);
  return policy === undefined ? { managedPolicy: arn } : { customerManagedPolicy: policy };
};

const referenceText = ({ path, name }: CustomerManagedPolicy): string => `${path}${name}`;
const byText = (one: CustomerManagedPolicy, other: CustomerManagedPolicy): number =>
  referenceText(one) < referenceText(other) ? -1 : 1;

export const attachedTo = (attached: readonly AttachedPolicy[]) => {
  const arns = attached.map(({ PolicyArn = '' }) => PolicyArn);
  return {
    managedPolicies: arns.filter((arn) => customerPolicyOf(arn) === undefined).sort(),
    customerManagedPolicies: arns.flatMap((arn) => customerPolicyOf(arn) ?? []).sort(byText),
  };
};

export type InlinePolicy = { readonly PolicyName?: string | undefined; readonly PolicyDocument?: string | undefined };
/** A role put together from several answers; its trust and tags are in `role`. */
export type RoleParts = {
  readonly role: AwsRole & { readonly Tags?: AwsTag[] | undefined };
  readonly inline: readonly InlinePolicy[];
  readonly attached: readonly AttachedPolicy[];
  /** Names of the instance profiles that hold it. */
  readonly profiles: readonly (string | undefined)[];
};

/** Throws when a document of it is none. */
export const roleOf = (account: string, { role, inline, attached, profiles }: RoleParts): Role => ({
  kind: 'role',
  account,
  name: role.RoleName ?? '',
  path: role.Path ?? '/',
  ...(role.Description ? { description: role.Description } : {}),
  trust: understood(role.AssumeRolePolicyDocument, 'the trust policy'),
  ...attachedTo(attached),
  inlinePolicies: Object.fromEntries(
    inline.map(({ PolicyName = '', PolicyDocument: text }) => [
      PolicyName,
      understood(text, `inline policy ${JSON.stringify(PolicyName)}`),
    ]),
  ),
  ...(role.PermissionsBoundary?.PermissionsBoundaryArn === undefined
    ? {}
    : { permissionsBoundary: boundaryOf(role.PermissionsBoundary.PermissionsBoundaryArn) }),
  maxSessionDuration: role.MaxSessionDuration ?? 3_600,
  instanceProfile: profiles.includes(role.RoleName),
  ...owned(role.Tags),
});

/** Throws when the document of its default version is none. */
export const customerPolicyFrom = (
  account: string,
  {
    policy,
    document,
  }: { readonly policy: ManagedPolicyDetail & { Tags?: AwsTag[] | undefined }; readonly document: string | undefined },
): CustomerPolicy => ({
  kind: 'policy',
  account,
  name: policy.PolicyName ?? '',
  path: policy.Path ?? '/',
  ...(policy.Description ? { description: policy.Description } : {}),
  document: understood(document, 'its default version'),
  ...owned(policy.Tags),
});

/** Or why it could not be understood; the rest of the account is read all the same. */
export type ResourceReading<R extends Resource> = { readonly resource?: R; readonly unread?: Unread };

const orUnread = <R extends Resource>(scope: string, read: () => R): ResourceReading<R> => {
  try {
    return { resource: read() };
  } catch (thrown) {
    return { unread: { scope, reason: thrown instanceof Error ? thrown.message : String(thrown) } };
  }
};

/** What Identity Center and AWS services make for themselves; IAM lets nobody else change it. */
export const isOfAws = (path: string | undefined): boolean => /^\/(aws-reserved|aws-service-role)\//.test(path ?? '');

/** `listed`: the same role as ListRoles has it, which alone tells description and session duration. */
export const detailedRole = (account: string, detail: RoleDetail, listed: AwsRole): ResourceReading<Role> =>
  orUnread(roleKey({ account, name: detail.RoleName ?? '' }), () =>
    roleOf(account, {
      role: { ...listed, ...detail, RoleId: detail.RoleId, Arn: detail.Arn },
      inline: detail.RolePolicyList ?? [],
      attached: detail.AttachedManagedPolicies ?? [],
      profiles: (detail.InstanceProfileList ?? []).map(({ InstanceProfileName }) => InstanceProfileName),
    }),
  );

export const detailedPolicy = (
  account: string,
  policy: ManagedPolicyDetail & { Tags?: AwsTag[] | undefined },
): ResourceReading<CustomerPolicy> => {
  const { PolicyName: name = '', Path: path = '/' } = policy;
  const version = policy.PolicyVersionList?.find(({ IsDefaultVersion }) => IsDefaultVersion === true);
  return orUnread(customerPolicyKey({ account, name, path }), () =>
    customerPolicyFrom(account, { policy, document: version?.Document }),
  );
};
