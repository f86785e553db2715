/** What the access of every state is read with. */
import type { AccountKind } from './judgment.ts';
import type { Knowledge, OrganizationPlace } from './side.ts';

export type AccessContext = {
  readonly knowledge: Knowledge;
  readonly place: OrganizationPlace;
  readonly isProduction: (account: string) => boolean;
  /** Where Identity Center and the organization can be written: the management account and its delegate. */
  readonly isManagement: (account: string) => boolean;
  /** Ids of the accounts whose roles nobody read: of those elsewhere a plan of a part knows nothing. */
  readonly unseen: readonly string[];
  /** ISO 8601. */
  readonly now: string;
};

export const accountKindOf = ({ isManagement, isProduction }: AccessContext, account: string): AccountKind => {
  if (isManagement(account)) return 'management';
  return isProduction(account) ? 'production' : 'elsewhere';
};
