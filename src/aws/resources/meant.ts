/** The policies of the resources that a question is about, read for it alone. */
import type { AccountPolicies } from '../../model/resource-reading.ts';
import type { AccountEntryRole } from '../accounts.ts';
import { createAccounts, organizationRole } from '../accounts.ts';
import type { AwsClients } from '../clients.ts';
import type { Clock } from '../clock.ts';
import { connectAws } from '../connection.ts';
import { readError } from '../failures.ts';
import type { LabelledAccount } from '../read-roles.ts';
import { readPoliciesOfResources } from './read.ts';
import type { ResourcesMeant } from './read.ts';

export type ReadingFor = {
  readonly places: readonly LabelledAccount[];
  readonly meant: ResourcesMeant;
  readonly managementAccountId: string;
  readonly clock: Clock;
  readonly role?: AccountEntryRole;
};

/** Throws a UserError when there are no credentials; what is refused is in the answer. */
export const readMeant = async (clients: AwsClients, reading: ReadingFor): Promise<readonly AccountPolicies[]> => {
  const { places, meant, managementAccountId, clock, role = organizationRole } = reading;
  try {
    const connection = await connectAws(clients, { clock, onCall: () => undefined });
    const { Account: account = '', Arn: arn = '' } = await connection.sts.getCallerIdentity({});
    const accounts = createAccounts(connection, { caller: { account, arn }, managementAccountId, role });
    return await readPoliciesOfResources({ connection, accounts }, places, meant);
  } catch (thrown) {
    throw readError(thrown);
  }
};
