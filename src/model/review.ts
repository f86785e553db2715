/** What an access review lists: one row for each entry that gives somebody something. */
import type { GrantTerms } from './desired.ts';
import type { Place } from './problem.ts';

/** `isCut`: a shallow checkout ends with it, so that what it seems to bring may be older. */
export type GrantCommit = {
  readonly sha: string;
  /** YYYY-MM-DD, UTC: when it was committed. */
  readonly day: string;
  readonly subject: string;
  readonly isCut?: true;
};

/** The pull request by which a commit came to main, and whose approvals of it count. */
export type GrantBacking =
  | { readonly is: 'not asked' }
  | { readonly is: 'not read'; readonly why: string }
  | { readonly is: 'no pull request' }
  | {
      readonly is: 'pull request';
      readonly number: number;
      readonly author: string;
      readonly approvers: readonly string[];
      /** A sentence for each approval that does not count. */
      readonly ignored: readonly string[];
    };

export type GrantEvent = GrantCommit & { readonly backing: GrantBacking };

export type ReviewKind = 'assignment' | 'entitlement' | 'membership';

export type ReviewRow = GrantTerms & {
  /** Of all that the entry says: another one as soon as it says anything else. */
  readonly id: string;
  readonly kind: ReviewKind;
  readonly holder: { readonly type: 'group' | 'user'; readonly name: string };
  /** A permission set of an assignment, a role of an entitlement, a user of a membership. */
  readonly what: string;
  /** As the entry says it, raw: "OU Workloads except SecureCart-Staging"; '' of a membership. */
  readonly where: string;
  /** Names of those that it reaches today. */
  readonly accounts: readonly string[];
  /** How many of them are in what was asked for, where that is an OU or an account. */
  readonly within?: number;
  /** Members of the group, where the files say them. */
  readonly people?: number;
  readonly isLater?: true;
  readonly place: Place;
  readonly since: GrantEvent;
  /** The last time that the entry said anything else. */
  readonly changed: GrantEvent;
};

/** "SecureCart-ReadOnly", "role CentralLogsReader", of a member "group SecureCart-Ops". */
export const givenWordsOf = ({ kind, what, holder }: Pick<ReviewRow, 'kind' | 'what' | 'holder'>): string => {
  if (kind === 'membership') return `group ${holder.name}`;
  return kind === 'entitlement' ? `role ${what}` : what;
};

/** `of`: what was asked for, in words; nothing where all is listed. */
export type AccessReview = {
  readonly commit: string;
  readonly day: string;
  readonly of?: string;
  /** Whether a set or a role was asked for: the rows are then about one thing and many holders. */
  readonly ofSet?: true;
  /** `owner/name` of the repository whose approvals were asked for. */
  readonly repository?: string;
  readonly rows: readonly ReviewRow[];
  /** Entries left out because they have ended. */
  readonly ended: number;
};
