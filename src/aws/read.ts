/** AWS as it is now, and the ids by which apply finds it again. */
import type { Absent, Live } from '../model/cloud.ts';
import type { ResourceAddress } from '../model/desired.ts';
import { ouKey, permissionSetKey, stateOf } from '../model/resource.ts';
import type { Resource, SettingsKind } from '../model/resource.ts';
import { UserError } from '../model/problem.ts';
import { createAccounts, organizationRole } from './accounts.ts';
import type { MemberAccounts } from './accounts.ts';
import type { AwsConnection } from './connection.ts';
import { isNamed } from './failures.ts';
import type { AwsIds } from './ids.ts';
import type { AccountLabels } from './labels.ts';
import { noAssignments, noDirectory, absentInstance, noPolicies, treeOfOne } from './read-alone.ts';
import { readAttributes } from './access-attributes.ts';
import type { AttributeReading } from './access-attributes.ts';
import { instanceNotes } from './instance-facts.ts';
import { readEntitlements } from './read-entitlements.ts';
import type { EntitlementReading } from './read-entitlements.ts';
import { readAssignments } from './read-assignments.ts';
import type { AssignmentReading } from './read-assignments.ts';
import { readIam } from './read-iam.ts';
import type { IamContext, ReadIam } from './read-iam.ts';
import { readDirectory } from './read-identity-store.ts';
import type { DirectoryReading, StoreDirectory } from './read-identity-store.ts';
import type { LabelledAccount } from './read-roles.ts';
import { readDeclaredPolicies } from './resources/declared.ts';
import type { PlacedAddress, ReadDeclaredPolicies } from './resources/declared.ts';
import { readInstance, readLivePermissionSets } from './read-permission-sets.ts';
import type { SsoInstanceIds, ReadSet } from './read-permission-sets.ts';
import { readPolicies } from './read-policies.ts';
import type { PolicyReading } from './read-policies.ts';
import { readOrganizationTree, readRoot } from './read-tree.ts';
import type { ListedAccounts, OrganizationTree } from './read-tree.ts';

/**
 * `permissionSets`: the declared names. An owned set that is not among them is about to be deleted. `settings`: the kinds of
 * settings policies that are declared.
 */
export type ReadContext = {
  readonly labels: AccountLabels;
  readonly owner: string;
  readonly permissionSets: readonly string[];
  readonly settings?: readonly SettingsKind[];
  /** Whether the files declare an entitlement. */
  readonly entitlements?: true;
  /** Without it no IAM is read. */
  readonly iam?: IamContext;
  /** Of which the policies are declared, present or absent. */
  readonly resources?: readonly ResourceAddress[];
  /** Also accounts that no label names. */
  readonly entered?: 'all';
};

type OrganizationIds = { readonly id: string; readonly managementAccountId: string };

/** Undefined for an account of no organization. */
const readOrganization = async ({ organizations }: AwsConnection): Promise<OrganizationIds | undefined> => {
  const { Organization } = await organizations.describeOrganization({}).catch((thrown: unknown) => {
    if (isNamed(thrown, 'AWSOrganizationsNotInUseException')) return { Organization: undefined };
    throw thrown;
  });
  if (Organization === undefined) return undefined;
  if (Organization.Id === undefined || Organization.MasterAccountId === undefined) {
    throw new UserError(
      'organizations:DescribeOrganization names no organization. Use credentials of one of its accounts.',
    );
  }
  return { id: Organization.Id, managementAccountId: Organization.MasterAccountId };
};

type LiveParts = {
  readonly organization: OrganizationIds;
  readonly caller: string;
  /** Its ARN. */
  readonly callerArn: string;
  readonly accounts: MemberAccounts;
  readonly iam: ReadIam;
  readonly declared: ReadDeclaredPolicies;
  readonly instance: SsoInstanceIds;
  readonly tree: OrganizationTree;
  readonly policies: PolicyReading;
  readonly directory: StoreDirectory;
  readonly sets: readonly ReadSet[];
  readonly assigned: AssignmentReading;
  readonly entitled: EntitlementReading | undefined;
  readonly attributes: AttributeReading;
  /** Notes on the instance. */
  readonly facts: readonly string[];
  readonly absent: readonly Absent[];
};

/** Accounts that are declared and live. */
const placesOf = (
  { labels }: Pick<OrganizationTree, 'labels'>,
  { labels: declared, iam, entered }: ReadContext,
): readonly LabelledAccount[] => {
  const wanted = iam?.accounts ?? 'none';
  if (wanted === 'none') return [];
  return [...labels]
    .filter(
      ([id, label]) =>
        (entered === 'all' || declared[id] !== undefined) && (wanted === 'all' || wanted.includes(label)),
    )
    .map(([id, label]) => ({ id, label }));
};

/** Of live accounts: in a closed one nobody reads anything. */
const addressesOf = (
  { labels }: Pick<OrganizationTree, 'labels'>,
  { resources = [] }: ReadContext,
): readonly PlacedAddress[] => {
  const ids = new Map([...labels].map(([id, label]) => [label, id]));
  return resources.flatMap((address) => {
    const id = ids.get(address.account);
    return id === undefined ? [] : [{ ...address, id }];
  });
};

type IdentityCenterParts = Pick<
  LiveParts,
  'instance' | 'directory' | 'sets' | 'assigned' | 'entitled' | 'attributes' | 'facts'
>;

type ReadingConnection = {
  readonly connection: AwsConnection;
  readonly context: ReadContext;
  readonly caller: string;
  readonly organization: OrganizationIds;
};

const readAssigned = async (
  { connection, context, caller, organization }: ReadingConnection,
  instance: SsoInstanceIds,
  { accounts, ...reading }: AssignmentSources,
): Promise<AssignmentReading> => {
  const [sets, { labels }] = await Promise.all([reading.sets, accounts]);
  const declared = new Set(context.permissionSets);
  return readAssignments(connection, {
    ...instance,
    sets,
    labels,
    directory: reading.directory,
    mustRead: ({ name, owner }) => owner === context.owner && !declared.has(name),
    managementCaller: caller === organization.managementAccountId,
  });
};

type AssignmentSources = {
  readonly accounts: Promise<ListedAccounts>;
  readonly sets: Promise<readonly ReadSet[]>;
  readonly directory: DirectoryReading;
};

const readCenter = async (
  held: ReadingConnection,
  accounts: Promise<ListedAccounts>,
): Promise<IdentityCenterParts | undefined> => {
  const { connection, organization } = held;
  const instance = await readInstance(connection, organization.managementAccountId);
  if (instance === undefined) return undefined;
  const directory = readDirectory(connection, instance.identityStoreId);
  const reading = readLivePermissionSets(connection, instance, accounts);
  const [sets, assigned, attributes, facts] = await Promise.all([
    reading,
    readAssigned(held, instance, { accounts, sets: reading, directory }),
    readAttributes(connection, instance.instanceArn),
    instanceNotes({ connection, instanceArn: instance.instanceArn, directory: directory.directory }),
    directory.directory,
  ]);
  const entitled = await readEntitlements(connection, {
    ...instance,
    labels: (await accounts).labels,
    directory: assigned.directory,
    isDeclared: held.context.entitlements === true,
  });
  return { instance, sets, assigned, entitled, attributes, facts, directory: assigned.directory };
};

const noCenter: IdentityCenterParts = {
  instance: absentInstance,
  directory: noDirectory,
  sets: [],
  assigned: noAssignments,
  entitled: undefined,
  attributes: { attributes: [], unread: [] },
  facts: [],
};

const iamAsked = ({ onRead }: AwsConnection, { iam }: ReadContext) => ({
  policies: iam?.policies ?? [],
  ...(onRead === undefined ? {} : { onRead }),
});

type EnteredParts = Pick<LiveParts, 'caller' | 'callerArn' | 'accounts'>;

const readAlone = async (
  connection: AwsConnection,
  entered: EnteredParts,
  context: ReadContext,
): Promise<LiveParts> => {
  const { caller, accounts } = entered;
  const tree = treeOfOne(caller, context.labels);
  return {
    ...entered,
    organization: { id: caller, managementAccountId: caller },
    iam: await readIam(accounts, placesOf(tree, context), iamAsked(connection, context)),
    declared: await readDeclaredPolicies({ connection, accounts }, addressesOf(tree, context)),
    tree,
    policies: noPolicies,
    ...noCenter,
    absent: ['organization', 'identity-center'],
  };
};

/** Who reads, and what. */
export type ReadingBeginning = EnteredParts & {
  /** Undefined for an account of no organization. */
  readonly organization: OrganizationIds | undefined;
};

export const beginReading = async (connection: AwsConnection, context: ReadContext): Promise<ReadingBeginning> => {
  const [organization, identity] = await Promise.all([
    readOrganization(connection),
    connection.sts.getCallerIdentity({}),
  ]);
  const { Account: caller = '', Arn: callerArn = '' } = identity;
  const accounts = createAccounts(connection, {
    caller: { account: caller, arn: callerArn },
    managementAccountId: organization?.managementAccountId ?? caller,
    role: context.iam?.memberRole ?? organizationRole,
  });
  return { organization, caller, callerArn, accounts };
};

/** Everything overlaps that can: each service has rates of its own. */
const readParts = async (
  connection: AwsConnection,
  context: ReadContext,
  { organization, caller, callerArn, accounts }: ReadingBeginning,
): Promise<LiveParts> => {
  if (organization === undefined) return readAlone(connection, { caller, callerArn, accounts }, context);
  const root = readRoot(connection);
  const reading = readOrganizationTree(connection, root, context.labels);
  const [tree, iam, declared, policies, found] = await Promise.all([
    reading.tree,
    reading.accounts.then((one) =>
      readIam(
        { iam: accounts.iam, recordedIam: connection.recordedIam },
        placesOf(one, context),
        iamAsked(connection, context),
      ),
    ),
    reading.accounts.then((one) => readDeclaredPolicies({ connection, accounts }, addressesOf(one, context))),
    readPolicies(connection, { root, tree: reading.tree, declared: context.settings ?? [] }),
    readCenter({ connection, context, caller, organization }, reading.accounts),
  ]);
  const absent: readonly Absent[] = found === undefined ? ['identity-center'] : [];
  return { organization, caller, callerArn, accounts, iam, declared, tree, policies, ...(found ?? noCenter), absent };
};

const idsOf = ({ organization, instance, tree, policies, directory, sets, entitled }: LiveParts): AwsIds => ({
  rootId: tree.root.Id,
  managementAccountId: organization.managementAccountId,
  ...instance,
  ...(entitled?.applicationArn === undefined ? {} : { accountAccess: entitled.applicationArn }),
  ous: new Map(tree.ouIds),
  accounts: new Map([...tree.labels].map(([id, label]) => [label, id])),
  closed: new Set(tree.closed.map(({ id }) => id)),
  policies: new Map(policies.ids),
  groups: new Map(directory.groupIds),
  users: new Map(directory.userIds),
  permissionSets: new Map(sets.map(({ name, arn }) => [name, arn])),
  memberships: new Map(directory.membershipIds),
});

const resourcesOf = ({
  tree,
  iam,
  declared,
  policies,
  directory,
  sets,
  assigned,
  entitled,
  attributes,
}: LiveParts): readonly Resource[] => [
  ...policies.resources,
  ...tree.ous,
  ...tree.accounts,
  ...directory.groups,
  ...directory.memberships,
  ...sets.flatMap(({ set }) => set ?? []),
  ...assigned.assignments,
  ...(entitled?.entitlements ?? []),
  ...attributes.attributes,
  ...iam.resources,
  ...declared.policies,
];

/** Said in the plan: whoever expects more than that has a wrong Region, or the credentials of a wrong account. */
const absenceNotes = ({ absent, caller }: LiveParts): readonly string[] => {
  if (absent.includes('organization')) {
    return [
      `Account ${caller} belongs to no organization: roles, customer policies and OIDC providers are all that is managed.`,
    ];
  }
  return absent.length === 0 ? [] : ['IAM Identity Center is not in use in the Region of access/settings.yaml.'];
};

/** Which role was taken when the settings name none. */
const entryNotes = ({ tree, caller }: LiveParts, context: ReadContext): readonly string[] => {
  const others = placesOf(tree, context).filter(({ id }) => id !== caller);
  if (context.iam?.memberRole !== undefined || others.length === 0) return [];
  return [`Accounts are entered as ${organizationRole.name}: access/settings.yaml names no memberRole.`];
};

/** OUs, sets and policies that AWS does not delete, because a closed account still lies in them or has them. */
const closedWith = ({ tree, sets, policies }: LiveParts): Pick<Live, 'closedWith'> => {
  if (tree.closed.length === 0) return {};
  const labels = new Map(tree.closed.map(({ id, label }) => [id, label]));
  const inOus = [...tree.ouIds].map(([path, id]) => {
    const inside = tree.closed.filter(({ parent }) => parent === id);
    return [ouKey(path), inside.map(({ label }) => label)] as const;
  });
  const ofSets = sets.map(
    ({ name, provisionedIn }) => [permissionSetKey(name), provisionedIn.flatMap((id) => labels.get(id) ?? [])] as const,
  );
  const all = [...inOus, ...ofSets, ...policies.closedTargets].filter(([, accounts]) => accounts.length > 0);
  return { closedWith: Object.fromEntries(all.map(([key, accounts]) => [key, [...accounts].sort()])) };
};

export type LiveReading = {
  readonly live: Omit<Live, 'reads'>;
  readonly route: AssignmentReading['route'];
  readonly ids: AwsIds;
  readonly accounts: MemberAccounts;
};

/** Throws what AWS threw: half an organization is never taken for a whole one. */
export const readLive = async (
  connection: AwsConnection,
  context: ReadContext,
  begun?: ReadingBeginning,
): Promise<LiveReading> => {
  const parts = await readParts(connection, context, begun ?? (await beginReading(connection, context)));
  const { organization, caller, tree, policies, directory, sets, assigned } = parts;
  const live = {
    organization: organization.id,
    managementAccountId: organization.managementAccountId,
    callerAccountId: caller,
    ...(parts.callerArn === '' ? {} : { caller: parts.callerArn }),
    ...(parts.absent.length === 0 ? {} : { absent: parts.absent }),
    state: stateOf(resourcesOf(parts)),
    users: directory.users,
    ...(directory.profiles.length === 0 ? {} : { profiles: directory.profiles }),
    ...(directory.fedBy === undefined ? {} : { fedBy: directory.fedBy }),
    ...(directory.emails.length === 0 ? {} : { emails: directory.emails }),
    ...(directory.doubtful.length === 0 ? {} : { doubtfulGroups: directory.doubtful }),
    iamRead: parts.iam.accounts,
    iamUsers: parts.iam.users,
    suspended: tree.closed.map(({ label }) => label),
    ...closedWith(parts),
    ...(parts.entitled === undefined ? {} : { accountAccess: parts.entitled.use }),
    ...(parts.declared.noResource.length === 0 ? {} : { noResource: parts.declared.noResource }),
    unread: [
      ...policies.unread,
      ...sets.flatMap(({ unread }) => unread ?? []),
      ...(parts.entitled?.unread ?? []),
      ...parts.attributes.unread,
      ...parts.iam.unread,
      ...parts.declared.unread,
    ],
    notes: [...absenceNotes(parts), ...entryNotes(parts, context), ...(parts.entitled?.notes ?? []), ...parts.facts],
  };
  return { live, route: assigned.route, ids: idsOf(parts), accounts: parts.accounts };
};
