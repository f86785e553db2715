/** Permission sets with every field, and where each is provisioned. */
import type { PermissionSet as AwsPermissionSet, PermissionsBoundary as AwsBoundary } from '@aws-sdk/client-sso-admin';
import type { Unread } from '../model/reads.ts';
import { permissionSetKey } from '../model/resource.ts';
import type { AccountId, CustomerManagedPolicy, PermissionsBoundary, PermissionSet } from '../model/resource.ts';
import type { AwsConnection } from './connection.ts';
import { parseDocument } from './documents.ts';
import { isoDurationSeconds } from './durations.ts';
import { isNamed } from './failures.ts';
import { textsIn } from './permission-set-texts.ts';
import { readProvisioning } from './read-provisioning.ts';
import type { SetAddress, ProvisionedPlaces } from './read-provisioning.ts';
import type { ListedAccounts, OrganizationTree } from './read-tree.ts';
import { allPages, counting, mapBounded } from './pages.ts';
import { ownershipOf, plainTags, tagsOf } from './tags.ts';
import type { TagMap } from './tags.ts';

export type SsoInstanceIds = { readonly instanceArn: string; readonly identityStoreId: string };

export type ReadSet = {
  readonly arn: string;
  readonly name: string;
  readonly owner?: string;
  /** Undefined when a part of it could not be understood. */
  readonly set?: PermissionSet;
  /** Every account that has it, suspended ones too. */
  readonly provisionedIn: readonly AccountId[];
  readonly unread?: Unread;
};

const pageSize = 100;

/** The organization's instance, or undefined when Identity Center is not in use in this Region; an account may list an account instance of its own beside it. */
export const readInstance = async (
  { ssoAdmin }: AwsConnection,
  managementAccountId: AccountId,
): Promise<SsoInstanceIds | undefined> => {
  const instances = await allPages(async (token) => {
    const { Instances, NextToken } = await ssoAdmin.listInstances({ ...token });
    return { rows: Instances, next: NextToken };
  });
  const chosen = instances.find(({ OwnerAccountId }) => OwnerAccountId === managementAccountId) ?? instances[0];
  if (chosen?.InstanceArn === undefined || chosen.IdentityStoreId === undefined) return undefined;
  return { instanceArn: chosen.InstanceArn, identityStoreId: chosen.IdentityStoreId };
};

export const listManagedPolicies = ({ ssoAdmin }: AwsConnection, address: SetAddress) =>
  allPages(async (token) => {
    const page = await ssoAdmin.listManagedPoliciesInPermissionSet({ ...address, MaxResults: pageSize, ...token });
    return { rows: page.AttachedManagedPolicies?.map(({ Arn = '' }) => Arn), next: page.NextToken };
  });

export const listCustomerManagedPolicies = ({ ssoAdmin }: AwsConnection, address: SetAddress) =>
  allPages(async (token): Promise<{ rows: CustomerManagedPolicy[]; next: string | undefined }> => {
    const page = await ssoAdmin.listCustomerManagedPolicyReferencesInPermissionSet({
      ...address,
      MaxResults: pageSize,
      ...token,
    });
    const references = page.CustomerManagedPolicyReferences ?? [];
    return { rows: references.map(({ Name = '', Path = '/' }) => ({ name: Name, path: Path })), next: page.NextToken };
  });

const boundaryOf = (boundary: AwsBoundary | undefined): PermissionsBoundary | undefined => {
  if (boundary?.ManagedPolicyArn !== undefined) return { managedPolicy: boundary.ManagedPolicyArn };
  const reference = boundary?.CustomerManagedPolicyReference;
  if (reference?.Name === undefined) return undefined;
  return { customerManagedPolicy: { name: reference.Name, path: reference.Path ?? '/' } };
};

const readBoundary = async ({ ssoAdmin }: AwsConnection, address: SetAddress) => {
  try {
    return boundaryOf((await ssoAdmin.getPermissionsBoundaryForPermissionSet({ ...address })).PermissionsBoundary);
  } catch (thrown) {
    if (isNamed(thrown, 'ResourceNotFoundException')) return undefined;
    throw thrown;
  }
};

const readTags = async ({ ssoAdmin }: AwsConnection, { InstanceArn, PermissionSetArn }: SetAddress): Promise<TagMap> =>
  tagsOf(
    await allPages(async (token) => {
      const page = await ssoAdmin.listTagsForResource({ InstanceArn, ResourceArn: PermissionSetArn, ...token });
      return { rows: page.Tags, next: page.NextToken };
    }),
  );

type SetFields = {
  readonly described: AwsPermissionSet;
  readonly inline: string;
  readonly managed: readonly string[];
  readonly customer: readonly CustomerManagedPolicy[];
  readonly boundary: PermissionsBoundary | undefined;
  readonly tags: TagMap;
};

type SetReadParts = SetFields & ProvisionedPlaces;

const readFields = async (connection: AwsConnection, address: SetAddress): Promise<SetFields> => {
  const { ssoAdmin } = connection;
  const [described, inline, managed, customer, boundary, tags] = await Promise.all([
    ssoAdmin.describePermissionSet({ ...address }),
    ssoAdmin.getInlinePolicyForPermissionSet({ ...address }),
    listManagedPolicies(connection, address),
    listCustomerManagedPolicies(connection, address),
    readBoundary(connection, address),
    readTags(connection, address),
  ]);
  return {
    described: described.PermissionSet ?? {},
    inline: inline.InlinePolicy ?? '',
    ...{ managed, customer, boundary, tags },
  };
};

const byPath = (one: CustomerManagedPolicy, other: CustomerManagedPolicy): number =>
  `${one.path}${one.name}` < `${other.path}${other.name}` ? -1 : 1;

/** AWS's default session is an hour (PermissionSet.SessionDuration). */
const defaultDuration = 3600;

const seconds = (duration: unknown): number =>
  typeof duration === 'string' ? (isoDurationSeconds(duration) ?? defaultDuration) : defaultDuration;

const scalarsIn = (described: AwsPermissionSet) => ({
  ...textsIn(described),
  sessionDuration: seconds(described.SessionDuration),
});

const withoutDocument = (name: string, parts: SetReadParts, labels: OrganizationTree['labels']): PermissionSet => ({
  kind: 'permission-set',
  name,
  ...scalarsIn(parts.described),
  tags: plainTags(parts.tags),
  managedPolicies: [...parts.managed].sort(),
  customerManagedPolicies: [...parts.customer].sort(byPath),
  ...(parts.boundary === undefined ? {} : { permissionsBoundary: parts.boundary }),
  outdatedIn: parts.outdated.flatMap((id) => labels.get(id) ?? []).sort(),
  ...ownershipOf(parts.tags),
});

const setOf = (arn: string, parts: SetReadParts, labels: OrganizationTree['labels']): ReadSet => {
  const name = parts.described.Name ?? '';
  const set = withoutDocument(name, parts, labels);
  const provisionedIn = [...new Set([...parts.provisioned, ...parts.outdated])];
  const read = { arn, name, provisionedIn, ...(set.owner === undefined ? {} : { owner: set.owner }) };
  if (parts.inline === '') return { ...read, set };
  const inlinePolicy = parseDocument(parts.inline);
  if (inlinePolicy !== undefined) return { ...read, set: { ...set, inlinePolicy } };
  const reason = `The inline policy of ${arn} is not a policy.`;
  return { ...read, unread: { scope: permissionSetKey(name), reason } };
};

/** What the set itself says, in six calls; nothing of where it is provisioned. Undefined: there is no such set. */
export const readSetFields = async (connection: AwsConnection, address: SetAddress): Promise<ReadSet | undefined> => {
  try {
    const fields = await readFields(connection, address);
    return setOf(address.PermissionSetArn, { ...fields, provisioned: [], outdated: [] }, new Map());
  } catch (thrown) {
    if (isNamed(thrown, 'ResourceNotFoundException')) return undefined;
    throw thrown;
  }
};

/** What CreatePermissionSet takes, in one call. */
export const readScalars = async ({ ssoAdmin }: AwsConnection, address: SetAddress) => {
  const { PermissionSet = {} } = await ssoAdmin.describePermissionSet({ ...address });
  return scalarsIn(PermissionSet);
};

export const listPermissionSets = ({ ssoAdmin }: AwsConnection, InstanceArn: string) =>
  allPages(async (token) => {
    const page = await ssoAdmin.listPermissionSets({ InstanceArn, MaxResults: pageSize, ...token });
    return { rows: page.PermissionSets, next: page.NextToken };
  });

export const readLivePermissionSets = async (
  connection: AwsConnection,
  { instanceArn }: SsoInstanceIds,
  accounts: Promise<ListedAccounts>,
): Promise<readonly ReadSet[]> => {
  const arns = await listPermissionSets(connection, instanceArn);
  const counted = counting(connection, { stage: 'permission-sets', items: arns });
  const provisioningOf = readProvisioning(connection, { instanceArn, arns, accounts });
  return mapBounded(arns, async (PermissionSetArn) => {
    const reading = Promise.all([
      readFields(connection, { InstanceArn: instanceArn, PermissionSetArn }),
      provisioningOf(PermissionSetArn),
      accounts,
    ]);
    const [fields, provisioning, { labels }] = await counted(reading);
    return setOf(PermissionSetArn, { ...fields, ...provisioning }, labels);
  });
};
