/** What an audit rule is made of. */
import type { AccountFacts, AuditContext, AuditFacts, AuditFinding } from '../../model/audit.ts';
import type { Risk } from '../../model/desired.ts';

/** What a rule says of one thing. */
export type Hit = { readonly subject: string; readonly read: string };

type RuleBase = {
  readonly id: string;
  readonly severity: Risk;
  /** What is wrong, in one line. */
  readonly explanation: string;
  readonly todo: string;
  /** AWS's page on it. */
  readonly link: string;
};

/** `facts` is everything that was read: some rules of one account ask what the organization has. */
export type AccountRule = RuleBase & {
  readonly of: 'account';
  readonly find: (account: AccountFacts, context: AuditContext, facts: AuditFacts) => readonly Hit[];
};

export type OrganizationRule = RuleBase & {
  readonly of: 'organization';
  readonly find: (facts: AuditFacts, context: AuditContext) => readonly Hit[];
};

export type AuditRule = AccountRule | OrganizationRule;

export const findingOf = ({ id, severity, todo, link }: AuditRule, hit: Hit): AuditFinding => ({
  rule: id,
  severity,
  ...hit,
  todo,
  link,
});

const day = 24 * 3_600_000;

/** Whole days from a date until now; undefined where there is no date. */
export const daysSince = (date: string | undefined, now: string): number | undefined => {
  const at = Date.parse(date ?? '');
  return Number.isNaN(at) ? undefined : Math.floor((Date.parse(now) - at) / day);
};

/** Keys, passwords and roles: what CIS calls old or unused, and AWS's pages too. */
export const MAX_AGE_DAYS = 90;

export const isOlder = (date: string | undefined, now: string): boolean => (daysSince(date, now) ?? 0) > MAX_AGE_DAYS;

const pages = 'https://docs.aws.amazon.com';
export const iamGuidePage = (page: string): string => `${pages}/IAM/latest/UserGuide/${page}.html`;
export const trailPage = (page: string): string => `${pages}/awscloudtrail/latest/userguide/${page}.html`;
export const identityCenterPage = (page: string): string => `${pages}/singlesignon/latest/userguide/${page}.html`;
