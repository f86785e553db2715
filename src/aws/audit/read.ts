/** What an audit reads beyond the ordinary state: many accounts at once, and who administers Identity Center. */
import type { AccountFacts } from '../../model/audit.ts';
import type { Live } from '../../model/cloud.ts';
import type { Unread } from '../../model/reads.ts';
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
import { readAccount } from './read-account.ts';
import type { AccountClients } from './read-account.ts';

export type AuditReading = {
  readonly live: Live;
  /** Where analyzers and trails are looked for. */
  readonly region: string;
  readonly memberRole?: AccountEntryRole;
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

type ReadFacts = DelegateReading & { readonly region: string; readonly accounts: readonly AccountFacts[] };

/** Throws a UserError when there are no credentials; an account that refuses is in `accounts` with its reason. */
export const readAudit = async (clients: AwsClients, reading: AuditReading): Promise<ReadFacts> => {
  const { live, region, clock, memberRole = organizationRole, onCall } = reading;
  try {
    const connection = await connectAws(clients, { clock, onCall: onCall ?? (() => undefined) });
    const { Account: account = '', Arn: arn = '' } = await connection.sts.getCallerIdentity({});
    const { managementAccountId } = live;
    const accounts = createAccounts(connection, { caller: { account, arn }, managementAccountId, role: memberRole });
    const enter = clientsOf(connection, accounts, region);
    const places = placesOf(live);
    const label = (id: string): string => places.find((place) => place.id === id)?.label ?? id;
    const [facts, delegated] = await Promise.all([
      mapBounded(places, (place) => readAccount(place, () => enter(place.id), clock)),
      live.absent?.includes('organization') === true ? nobody : readDelegates(connection, label),
    ]);
    return { region, accounts: facts, ...delegated };
  } catch (thrown) {
    throw readError(thrown);
  }
};
