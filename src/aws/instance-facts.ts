/** What is true of the Identity Center instance and no file declares: shown, never written. */
import type { DescribeInstanceResponse } from '@aws-sdk/client-sso-admin';
import { shortList } from '../model/lists.ts';
import type { AwsConnection } from './connection.ts';
import { isOurFault } from './failures.ts';
import { allPages } from './pages.ts';

const most = 5;

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

const applicationsIn = async ({ ssoAdmin }: AwsConnection, InstanceArn: string): Promise<readonly string[]> => {
  const found = await allPages(async (token) => {
    const page = await ssoAdmin.listApplications({ InstanceArn, MaxResults: 100, ...token });
    return { rows: page.Applications, next: page.NextToken };
  });
  if (found.length === 0) return [];
  const names = found.map(({ Name, ApplicationArn = '' }) => Name ?? ApplicationArn).toSorted();
  return [`who may use its applications is not read: ${shortList(names, most)}`];
};

/** Who may not ask learns nothing of it: nothing is planned by it. */
const orNothing = async (asked: Promise<readonly string[]>): Promise<readonly string[]> =>
  asked.catch((thrown: unknown) => {
    if (isOurFault(thrown)) throw thrown;
    return [];
  });

/** One note, if there is anything but what every instance begins with. */
export const instanceNotes = async (connection: AwsConnection, InstanceArn: string): Promise<readonly string[]> => {
  const [instance, applications] = await Promise.all([
    orNothing(connection.ssoAdmin.describeInstance({ InstanceArn }).then(ofInstance)),
    orNothing(applicationsIn(connection, InstanceArn)),
  ]);
  const all = [...instance, ...applications];
  return all.length === 0 ? [] : [`Identity Center, read only: ${all.join('; ')}.`];
};
