/** Everything of AWS, as two verbs. */
import type { IamUser } from './iam-user.ts';
import type { Change } from './plan.ts';
import type { Reads, Unread } from './reads.ts';
import type { AccountId, Key, Person, State } from './resource.ts';

/** What a company of one account does without. */
export type Absent = 'organization' | 'identity-center';

/** Whether account access manager is in use: `none` without an application, `unknown` where it does not answer. */
export type AccountAccessUse = 'none' | 'active' | 'unknown';

/** `madeBy`: what AWS calls CreatedBy, where it says so. */
export type DoubtfulGroup = { readonly name: string; readonly madeBy?: string };

/** `madeBy`: what AWS calls CreatedBy, where it says so. */
export type Profile = Partial<Person> & { readonly name: string; readonly madeBy?: string };

/** What AWS has. Account names are the YAML's labels where the id is declared. */
export type Live = {
  /** Its id; where there is none, the account's. */
  readonly organization: string;
  /** Services that are not in use there: nothing of theirs is in the state. */
  readonly absent?: readonly Absent[];
  readonly managementAccountId: AccountId;
  /** The account whose credential reads; decides what a delegated administrator can see. */
  readonly callerAccountId: AccountId;
  /** ARN of the credential that reads. */
  readonly caller?: string;
  readonly state: State;
  /** Every user name of the identity store. */
  readonly users: readonly string[];
  /** Lower-case e-mail address and user name, where the address is one user's alone and not the name. */
  readonly emails?: readonly (readonly [email: string, user: string])[];
  /** What the directory says of each user. */
  readonly profiles?: readonly Profile[];
  /** A user or group that somebody else's directory sent there. */
  readonly fedBy?: string;
  /** Groups of which AWS does not show whether people keep them or a corporate directory does, each with who made it. */
  readonly doubtfulGroups?: readonly DoubtfulGroup[];
  /** Labels of the accounts whose IAM was read: of the roles of others nothing is known but what is declared. */
  readonly iamRead?: readonly string[];
  /** IAM users of the accounts whose IAM was read. */
  readonly iamUsers?: readonly IamUser[];
  /** Closed and closing accounts, by label: skipped, and said so. */
  readonly suspended: readonly string[];
  /** Labels of the closed accounts that still have a permission set, SCP or RCP, or lie in an OU: AWS does not delete it. */
  readonly closedWith?: Readonly<Record<Key, readonly string[]>>;
  /** Keys of declared policies whose resource is not there. */
  readonly noResource?: readonly Key[];
  readonly accountAccess?: AccountAccessUse;
  readonly unread: readonly Unread[];
  readonly notes: readonly string[];
  readonly reads: Reads;
};

export type OutcomeStatus = 'done' | 'failed' | 'held';
/** What became of one change. `reason` says why for failed (AWS's own words, with the error's name) and held. */
export type Outcome = {
  readonly id: string;
  readonly key: string;
  readonly status: OutcomeStatus;
  readonly reason?: string;
};

/**
 * `read` throws when Organizations or Identity Center fail; `apply` never throws for what AWS refuses and may be called
 * for many changes at once: rates, lanes and retries are its own business. A change applied twice is done once.
 */
export type Cloud = {
  readonly read: () => Promise<Live>;
  readonly apply: (change: Change) => Promise<Outcome>;
};
