/** What an audit reads beyond the ordinary state: many accounts at once, and who administers Identity Center. */
import type { AccountFacts } from '../../model/audit.ts';
import type { Live } from '../../model/cloud.ts';
import type { Unread } from '../../model/reads.ts';
import { grouped } from '../../model/lists.ts';
import type { AccountPolicies } from '../../model/resource-reading.ts';
import { resourcesOf } from '../../model/resource.ts';
import { createAccounts, organizationRole } from '../accounts.ts';
import type { MemberAccounts, AccountEntryRole } from '../accounts.ts';
import type { AwsClients } from '../clients.ts';
import type { Clock } from '../clock.ts';
import { connectAws } from '../connection.ts';
import type { AwsConnection } from '../connection.ts';
import { callFailure, isDenied, readError } from '../failures.ts';
import { allPages, mapBounded } from '../pages.ts';
import type { LabelledAccount } from '../read-roles.ts';
import { readPoliciesOfResources } from '../resources/read.ts';
import { readAccount } from './read-account.ts';
import type { AccountClients } from './read-account.ts';

export type AuditReading = {
  readonly live: Live;
  /** Where analyzers and trails are looked for. */
  readonly region: string;
  readonly memberRole?: AccountEntryRole;
  /** Absent: the policies of resources are not read. Without a role the member role reads them. */
  readonly resourcePolicies?: { readonly regions: readonly string[]; readonly role?: AccountEntryRole };
  readonly clock: Clock;
  /** Told of every attempt of every call, as "iam:GetAccountSummary". */
  readonly onCall?: (operation: string) => void;
};

type DelegateReading = { readonly delegates: readonly string[]; readonly unread: readonly Unread[] };

const readDelegates = async (
  { organizations }: AwsConnection,
  label: (id: string) => string,
): Promise<DelegateReading> => {
  try {
    const rows = await allPages(async (token) => {
      const { DelegatedAdministrators, NextToken } = await organizations.listDelegatedAdministrators({
        ServicePrincipal: 'sso.amazonaws.com',
        ...token,
      });
      return { rows: DelegatedAdministrators, next: NextToken };
    });
    return { delegates: rows.map(({ Id = '' }) => label(Id)), unread: [] };
  } catch (thrown) {
    if (!isDenied(thrown)) throw thrown;
    return { delegates: [], unread: [{ scope: 'delegated administrators', reason: callFailure(thrown) }] };
  }
};

const nobody: DelegateReading = { delegates: [], unread: [] };

const clientsOf =
  (connection: AwsConnection, accounts: MemberAccounts, region: string) =>
  async (account: string): Promise<AccountClients> => {
    const credentials = await accounts.credentials(account);
    const where = { account, region };
    const [iam, cloudTrail, accessAnalyzer] = await Promise.all([
      accounts.iam(account),
      connection.cloudTrail(where, credentials),
      connection.accessAnalyzer(where, credentials),
    ]);
    return { iam, cloudTrail, accessAnalyzer };
  };

const placesOf = ({ state, suspended }: Live): readonly LabelledAccount[] =>
  resourcesOf(state, 'account')
    .filter(({ name }) => !suspended.includes(name))
    .map(({ name, id }) => ({ label: name, id }));

type ReadFacts = DelegateReading & {
  readonly region: string;
  readonly resourceRegions?: readonly string[];
  readonly accounts: readonly AccountFacts[];
};

/** One line for what was refused in the same place. */
const unreadOf = ({ unread }: AccountPolicies): readonly Unread[] =>
  [...grouped(unread, ({ account, service = '', region = '' }) => `${account} ${service} ${region}`).values()].flatMap(
    (same): readonly Unread[] => {
      const [first] = same;
      if (first === undefined) return [];
      const { account, service, region, resource, reason } = first;
      const what = service === undefined ? 'policies of resources' : `policies of ${service}`;
      const which = resource === undefined || same.length === 1 ? (resource ?? what) : `${same.length} ${what}`;
      return [{ scope: `${which} in ${account}${region === undefined ? '' : `, ${region}`}`, reason }];
    },
  );

const withResources = (facts: AccountFacts, read: readonly AccountPolicies[]): AccountFacts => {
  const resources = read.find(({ account }) => account === facts.account);
  if (resources === undefined) return facts;
  return { ...facts, resources, unread: [...facts.unread, ...unreadOf(resources)] };
};

/** Throws a UserError when there are no credentials; an account that refuses is in `accounts` with its reason. */
export const readAudit = async (clients: AwsClients, reading: AuditReading): Promise<ReadFacts> => {
  const { live, region, clock, memberRole = organizationRole, onCall, resourcePolicies } = reading;
  try {
    const connection = await connectAws(clients, { clock, onCall: onCall ?? (() => undefined) });
    const { Account: account = '', Arn: arn = '' } = await connection.sts.getCallerIdentity({});
    const { managementAccountId } = live;
    const entry = { caller: { account, arn }, managementAccountId };
    const accounts = createAccounts(connection, { ...entry, role: memberRole });
    const enter = clientsOf(connection, accounts, region);
    const places = placesOf(live);
    const label = (id: string): string => places.find((place) => place.id === id)?.label ?? id;
    const role = resourcePolicies?.role;
    const entered = role === undefined ? accounts : createAccounts(connection, { ...entry, role });
    const [facts, delegated, resources] = await Promise.all([
      mapBounded(places, (place) => readAccount(place, () => enter(place.id), clock)),
      live.absent?.includes('organization') === true ? nobody : readDelegates(connection, label),
      resourcePolicies === undefined
        ? []
        : readPoliciesOfResources({ connection, accounts: entered }, places, resourcePolicies),
    ]);
    return {
      region,
      ...(resourcePolicies === undefined ? {} : { resourceRegions: resourcePolicies.regions }),
      accounts: facts.map((one) => withResources(one, resources)),
      ...delegated,
    };
  } catch (thrown) {
    throw readError(thrown);
  }
};
