/** The IAM of many accounts at once. One that cannot be entered or read is named and stops no other. */
import type { IAM, ManagedPolicyDetail, Role as AwsRole, RoleDetail } from '@aws-sdk/client-iam';
import type { Unread } from '../model/reads.ts';
import type { IamUser } from '../model/iam-user.ts';
import { customerPolicyKey, iamScope } from '../model/resource.ts';
import type { OfIam, Key, OidcProvider, Role } from '../model/resource.ts';
import type { MemberAccounts, AccountEntryRole } from './accounts.ts';
import type { AwsConnection } from './connection.ts';
import { callFailure, isNamed, isOurFault } from './failures.ts';
import { counting, mapBounded } from './pages.ts';
import type { ReadListener } from './pages.ts';
import { iamUsersOf } from './read-iam-users.ts';
import type { UserDetails } from './read-iam-users.ts';
import { customerPolicyOf, detailedPolicy, detailedRole, isOfAws } from './read-roles.ts';
import type { LabelledAccount, ResourceReading } from './read-roles.ts';
import { UnrecordedError } from './record/tape.ts';
import { ownershipOf, tagsOf } from './tags.ts';
import type { AwsTag } from './tags.ts';

/** Which accounts are read, by label, and how they are entered. */
export type IamContext = {
  readonly accounts: readonly string[] | 'all' | 'none';
  /** Keys of the declared customer policies; `all` where what is not declared is to be known in full, too. */
  readonly policies: readonly Key[] | 'all';
  /** Without it OrganizationAccountAccessRole is assumed. */
  readonly memberRole?: AccountEntryRole;
};

export type ReadIam = {
  readonly resources: readonly OfIam[];
  readonly users: readonly IamUser[];
  /** Labels of the accounts that were read. */
  readonly accounts: readonly string[];
  readonly unread: readonly Unread[];
};

type MarkedPage<Row> = { readonly rows: readonly Row[] | undefined; readonly Marker?: string | undefined };

/** IAM's pages: a marker is there only while there is more. */
export const allMarked = async <Row>(
  page: (from: { readonly Marker?: string }) => Promise<MarkedPage<Row>>,
): Promise<Row[]> => {
  const rows: Row[] = [];
  let marker: string | undefined;
  do {
    const answer = await page(marker === undefined ? {} : { Marker: marker });
    rows.push(...(answer.rows ?? []));
    marker = answer.Marker;
  } while (marker !== undefined && marker !== '');
  return rows;
};

const pageSize = 1_000;

type AuthorizationDetails = UserDetails & {
  readonly roles: readonly RoleDetail[];
  readonly policies: readonly ManagedPolicyDetail[];
};

/** By its ARN, which says all of it; some imitations leave out the rest. */
export const namedPolicy = (policy: ManagedPolicyDetail): ManagedPolicyDetail => {
  const reference = customerPolicyOf(policy.Arn ?? '');
  return reference === undefined ? policy : { ...policy, PolicyName: reference.name, Path: reference.path };
};

/**
 * Trust, documents, attachments, boundary, tags and instance profiles of every role, what every user and group holds, and
 * every policy's versions.
 */
const details = async (iam: IAM): Promise<AuthorizationDetails> => {
  const pages = await allMarked(async (from) => {
    const page = await iam.getAccountAuthorizationDetails({
      Filter: ['User', 'Group', 'Role', 'LocalManagedPolicy'],
      MaxItems: pageSize,
      ...from,
    });
    return { rows: [page], Marker: page.Marker };
  });
  return {
    roles: pages.flatMap(({ RoleDetailList = [] }) => RoleDetailList).filter(({ Path }) => !isOfAws(Path)),
    users: pages.flatMap(({ UserDetailList = [] }) => UserDetailList),
    groups: pages.flatMap(({ GroupDetailList = [] }) => GroupDetailList),
    policies: pages.flatMap(({ Policies = [] }) => Policies).map(namedPolicy),
  };
};

/** GetAccountAuthorizationDetails leaves out Description and MaxSessionDuration (IAM API reference, RoleDetail). */
const listRoles = (iam: IAM): Promise<readonly AwsRole[]> =>
  allMarked(async (from) => {
    const { Roles, Marker } = await iam.listRoles({ MaxItems: pageSize, ...from });
    return { rows: Roles, Marker };
  });

/** A role that came between the two lists is asked for by itself; one that went meanwhile is gone. */
const roleAlone = async (iam: IAM, RoleName: string): Promise<AwsRole | undefined> => {
  try {
    return (await iam.getRole({ RoleName })).Role;
  } catch (thrown) {
    if (isNamed(thrown, 'NoSuchEntityException')) return undefined;
    throw thrown;
  }
};

const readRoles = async (
  iam: IAM,
  { label }: LabelledAccount,
  roles: readonly RoleDetail[],
): Promise<readonly ResourceReading<Role>[]> => {
  const listed = new Map((await listRoles(iam)).map((role) => [role.RoleName, role]));
  const found = await mapBounded(roles, async (detail) => {
    const role = listed.get(detail.RoleName) ?? (await roleAlone(iam, detail.RoleName ?? ''));
    return role === undefined ? {} : detailedRole(label, detail, role);
  });
  return found;
};

const policyTags = async (iam: IAM, PolicyArn: string): Promise<AwsTag[]> =>
  allMarked(async (from) => {
    const { Tags, Marker } = await iam.listPolicyTags({ PolicyArn, ...from });
    return { rows: Tags, Marker };
  });

type DeclaredKeys = ReadonlySet<Key> | 'all';

/**
 * No list tells the tags of policies, so each policy that may be ours costs one ListPolicyTags: those that are declared
 * and those under a path. What lies under `/` (or `/service-role/`, where the console puts what it makes for services)
 * and is not declared is taken for a stranger's.
 */
const mayBeOurs = ({ label }: LabelledAccount, declared: DeclaredKeys) => {
  return ({ PolicyName: name = '', Path: path = '/' }: ManagedPolicyDetail): boolean =>
    declared === 'all' ||
    !['/', '/service-role/'].includes(path) ||
    declared.has(customerPolicyKey({ account: label, name, path }));
};

type PolicyDetails = { readonly policies: readonly ManagedPolicyDetail[]; readonly declared: DeclaredKeys };

const readPolicies = (iam: IAM, place: LabelledAccount, { policies, declared }: PolicyDetails) => {
  const ours = mayBeOurs(place, declared);
  return mapBounded(policies, async (policy) => {
    const tags = ours(policy) ? { Tags: await policyTags(iam, policy.Arn ?? '') } : {};
    return detailedPolicy(place.label, { ...policy, ...tags });
  });
};

const hostOf = (arn: string): string => arn.slice(arn.indexOf('/') + 1);

/** Two calls for one provider: the list has ARNs alone. */
export const readOidcProvider = async (iam: IAM, account: string, arn: string): Promise<OidcProvider> => {
  const { ClientIDList = [], Tags = [] } = await iam.getOpenIDConnectProvider({ OpenIDConnectProviderArn: arn });
  const { owner } = ownershipOf(tagsOf(Tags));
  return {
    kind: 'oidc-provider',
    account,
    host: hostOf(arn),
    clientIds: [...ClientIDList].sort(),
    ...(owner === undefined ? {} : { owner }),
  };
};

const readOidcProviders = async (
  iam: IAM,
  { label }: LabelledAccount,
): Promise<readonly ResourceReading<OidcProvider>[]> => {
  const { OpenIDConnectProviderList = [] } = await iam.listOpenIDConnectProviders({});
  return mapBounded(OpenIDConnectProviderList, async ({ Arn = '' }) => {
    return { resource: await readOidcProvider(iam, label, Arn) };
  });
};

const readAccount = async (iam: IAM, place: LabelledAccount, declared: DeclaredKeys): Promise<ReadIam> => {
  const [{ roles, policies, ...people }, providers] = await Promise.all([details(iam), readOidcProviders(iam, place)]);
  const [readOfRoles, readOfPolicies] = await Promise.all([
    readRoles(iam, place, roles),
    readPolicies(iam, place, { policies, declared }),
  ]);
  const all: readonly ResourceReading<OfIam>[] = [...readOfRoles, ...readOfPolicies, ...providers];
  return {
    resources: all.flatMap(({ resource }) => resource ?? []),
    users: iamUsersOf(place.label, people),
    accounts: [place.label],
    unread: all.flatMap(({ unread }) => unread ?? []),
  };
};

/** Undefined where the record does not hold all of it: then the account is entered. */
const readRecorded = async (
  { recordedIam }: IamRoute,
  place: LabelledAccount,
  declared: DeclaredKeys,
): Promise<ReadIam | undefined> => {
  const iam = await recordedIam?.(place.id);
  if (iam === undefined) return undefined;
  try {
    return await readAccount(iam, place, declared);
  } catch (thrown) {
    if (thrown instanceof UnrecordedError) return undefined;
    throw thrown;
  }
};

const readOne = async (route: IamRoute, place: LabelledAccount, declared: DeclaredKeys): Promise<ReadIam> => {
  try {
    const recorded = await readRecorded(route, place, declared);
    return recorded ?? (await readAccount(await route.iam(place.id), place, declared));
  } catch (thrown) {
    if (isOurFault(thrown)) throw thrown;
    return {
      resources: [],
      users: [],
      accounts: [],
      unread: [{ scope: iamScope(place.label), reason: callFailure(thrown) }],
    };
  }
};

/** How an account is asked, and what is known of it without asking. */
type IamRoute = Pick<MemberAccounts, 'iam'> & Partial<Pick<AwsConnection, 'recordedIam'>>;

/** Throws only when the caller's own credentials are no good: then no account can be entered. */
export const readIam = async (
  accounts: IamRoute,
  places: readonly LabelledAccount[],
  { policies, onRead }: ReadListener & Pick<IamContext, 'policies'>,
): Promise<ReadIam> => {
  const declared = policies === 'all' ? policies : new Set(policies);
  const counted = counting(onRead === undefined ? {} : { onRead }, { stage: 'accounts', items: places });
  const read = await mapBounded(places, (place) => counted(readOne(accounts, place, declared)));
  return {
    resources: read.flatMap((one) => one.resources),
    users: read.flatMap((one) => one.users),
    accounts: read.flatMap((one) => one.accounts),
    unread: read.flatMap((one) => one.unread),
  };
};
