/** What is true of the Identity Center instance and no file declares: shown, never written. */
import type { DescribeInstanceResponse } from '@aws-sdk/client-sso-admin';
import { shortList } from '../model/lists.ts';
import type { AwsConnection } from './connection.ts';
import { isOurFault } from './failures.ts';
import { allPages, mapBounded } from './pages.ts';
import type { StoreDirectory } from './read-identity-store.ts';

const most = 5;

type InstanceQuestion = {
  readonly connection: AwsConnection;
  readonly instanceArn: string;
  /** Names of groups and users. */
  readonly directory: Promise<StoreDirectory>;
};

const ofInstance = (instance: DescribeInstanceResponse): readonly string[] => {
  const { PermissionSetsEnabled, Regions = [], EncryptionConfigurationDetails: encryption } = instance;
  const names = Regions.flatMap(({ RegionName, IsPrimaryRegion }) =>
    RegionName === undefined || IsPrimaryRegion === true ? [] : [RegionName],
  );
  const key = encryption?.KeyType === 'CUSTOMER_MANAGED_KEY' ? encryption.KmsKeyArn : undefined;
  return [
    ...(PermissionSetsEnabled === false ? ['permission sets are not enabled, so that AWS makes and assigns none'] : []),
    ...(names.length === 0 ? [] : [`it is also in ${shortList(names, most)}, where nothing is written`]),
    ...(key === undefined ? [] : [`it is encrypted with ${key}, whose policy must let the reconciler use it`]),
  ];
};

/** More applications are named and not asked about: each costs a call. */
const mostAsked = 20;
const mostPrincipals = 3;

type NamedPrincipals = (type: string | undefined, id: string) => string;

const namesIn = async (directory: Promise<StoreDirectory>): Promise<NamedPrincipals> => {
  const { groupIds, userIds } = await directory;
  const names = new Map([...groupIds, ...userIds].map(([name, id]) => [id, name]));
  return (type, id) => `${type === 'GROUP' ? 'group' : 'user'} ${names.get(id) ?? id}`;
};

/** Without an assignment nobody may use it, or everybody ("GetApplicationAssignmentConfiguration"). */
const unassigned = async ({ ssoAdmin }: AwsConnection, ApplicationArn: string): Promise<string> => {
  const { AssignmentRequired } = await ssoAdmin.getApplicationAssignmentConfiguration({ ApplicationArn });
  return AssignmentRequired === false ? 'everybody' : 'nobody';
};

const usersOf = async (
  connection: AwsConnection,
  ApplicationArn: string,
  directory: Promise<StoreDirectory>,
): Promise<string> => {
  const found = await allPages(async (token) => {
    const page = await connection.ssoAdmin.listApplicationAssignments({ ApplicationArn, MaxResults: 100, ...token });
    return { rows: page.ApplicationAssignments, next: page.NextToken };
  });
  if (found.length === 0) return unassigned(connection, ApplicationArn);
  const named = await namesIn(directory);
  return shortList(
    found.map(({ PrincipalType, PrincipalId = '' }) => named(PrincipalType, PrincipalId)).toSorted(),
    mostPrincipals,
  );
};

type ListedApplication = { readonly name: string; readonly arn: string };

const applicationText = async (
  { connection, directory }: InstanceQuestion,
  { name, arn }: ListedApplication,
): Promise<string> => {
  try {
    return `${name} (${await usersOf(connection, arn, directory)})`;
  } catch (thrown) {
    if (isOurFault(thrown)) throw thrown;
    return `${name} (who is assigned may not be read)`;
  }
};

const applicationsIn = async (question: InstanceQuestion): Promise<readonly string[]> => {
  const { connection, instanceArn: InstanceArn } = question;
  const found = await allPages(async (token) => {
    const page = await connection.ssoAdmin.listApplications({ InstanceArn, MaxResults: 100, ...token });
    return { rows: page.Applications, next: page.NextToken };
  });
  const listed = found
    .map(({ Name, ApplicationArn: arn = '' }) => ({ name: Name ?? arn, arn }))
    .toSorted((one, other) => (one.name < other.name ? -1 : 1));
  if (listed.length === 0) return [];
  const texts = await mapBounded(listed.slice(0, mostAsked), (one) => applicationText(question, one));
  const rest = listed.length - texts.length;
  return [
    `its applications and who is assigned to them: ${texts.join(', ')}${rest > 0 ? ` and ${rest} more, which were not asked about` : ''}`,
  ];
};

/** Who may not ask learns nothing of it: nothing is planned by it. */
const orNothing = async (asked: Promise<readonly string[]>): Promise<readonly string[]> =>
  asked.catch((thrown: unknown) => {
    if (isOurFault(thrown)) throw thrown;
    return [];
  });

/** One note, if there is anything but what every instance begins with. */
export const instanceNotes = async (question: InstanceQuestion): Promise<readonly string[]> => {
  const { connection, instanceArn: InstanceArn } = question;
  const [instance, applications] = await Promise.all([
    orNothing(connection.ssoAdmin.describeInstance({ InstanceArn }).then(ofInstance)),
    orNothing(applicationsIn(question)),
  ]);
  const all = [...instance, ...applications];
  return all.length === 0 ? [] : [`Identity Center, read only: ${all.join('; ')}.`];
};
