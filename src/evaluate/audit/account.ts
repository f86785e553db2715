/** Rules on an account's password policy, trails and analyzers. */
import type { AccountFacts, AnalyzerFinding, AuditFacts, AuditTrail } from '../../model/audit.ts';
import { iamGuidePage, trailPage } from './rule.ts';
import type { AccountRule, Hit } from './rule.ts';

/** CIS AWS Foundations Benchmark, "Ensure IAM password policy ...". */
const passwordMinimum = { length: 14, reuse: 24 };

const weakness = ({ passwordPolicy: policy }: AccountFacts): readonly Hit[] => {
  if (policy === undefined || policy === 'none') return [];
  const { minimumLength, reusePrevention } = policy;
  const short = minimumLength < passwordMinimum.length ? [`${minimumLength} characters are enough`] : [];
  const again =
    reusePrevention < passwordMinimum.reuse ? [`only the last ${reusePrevention} passwords may not come again`] : [];
  const read = [...short, ...again].join('; ');
  return read === '' ? [] : [{ subject: 'password policy', read }];
};

/** Nothing is said of a property when some trail that logs has it. */
const trailLacks =
  (lacks: (trail: AuditTrail) => boolean, read: string): AccountRule['find'] =>
  ({ trails = [] }) => {
    const logging = trails.filter((trail) => trail.logging);
    if (logging.length === 0 || !logging.every(lacks)) return [];
    return logging.map(({ name }) => ({ subject: `trail ${name}`, read }));
  };

const watches = ({ accounts }: AuditFacts, { analyzers = [] }: AccountFacts): boolean =>
  analyzers.some(({ access }) => access === 'external') ||
  accounts.some((other) =>
    (other.analyzers ?? []).some(({ access, of }) => access === 'external' && of === 'organization'),
  );

/** An organization's analyzer keeps the findings of every account: each is said where its resource is. */
const findingsOf = (access: AnalyzerFinding['access']): AccountRule['find'] => {
  return ({ id }, _context, { accounts }) => {
    const here = accounts
      .flatMap(({ analyzerFindings = [] }) => analyzerFindings)
      .filter((finding) => finding.access === access && finding.ownerAccount === id);
    const seen = new Map(here.map(({ resource, type }) => [`${resource} ${type}`, { resource, type }]));
    return [...seen.values()].map(({ resource, type }) => ({ subject: resource, read: `unresolved: ${type}` }));
  };
};

export const accountRules: readonly AccountRule[] = [
  {
    id: 'password-policy-absent',
    of: 'account',
    severity: 'medium',
    explanation: 'The account has no password policy of its own: eight characters are enough.',
    todo: 'Set an account password policy.',
    link: iamGuidePage('id_credentials_passwords_account-policy'),
    find: ({ passwordPolicy }) =>
      passwordPolicy === 'none' ? [{ subject: 'password policy', read: 'there is none' }] : [],
  },
  {
    id: 'password-policy-weak',
    of: 'account',
    severity: 'low',
    explanation: `The password policy takes fewer than ${passwordMinimum.length} characters, or one of the last ${passwordMinimum.reuse} passwords again.`,
    todo: `Ask for ${passwordMinimum.length} characters and remember ${passwordMinimum.reuse} passwords.`,
    link: iamGuidePage('id_credentials_passwords_account-policy'),
    find: weakness,
  },
  {
    id: 'trail-absent',
    of: 'account',
    severity: 'high',
    explanation: 'No trail of CloudTrail covers the account: what happens there is kept for 90 days and nowhere else.',
    todo: 'Create a trail for the organization in the management account.',
    link: trailPage('creating-trail-organization'),
    find: ({ trails }) => (trails?.length === 0 ? [{ subject: 'CloudTrail', read: 'no trail' }] : []),
  },
  {
    id: 'trail-stopped',
    of: 'account',
    severity: 'critical',
    explanation: 'A trail was stopped: it is there and records nothing.',
    todo: 'Start logging again, and find out who stopped it.',
    link: trailPage('cloudtrail-turning-off-logging'),
    find: ({ trails = [] }) =>
      trails
        .filter((trail) => !trail.logging)
        .map(({ name }) => ({ subject: `trail ${name}`, read: 'it does not log' })),
  },
  {
    id: 'trail-single-region',
    of: 'account',
    severity: 'medium',
    explanation: 'No trail that logs covers every Region.',
    todo: 'Make the trail one of all Regions.',
    link: trailPage('cloudtrail-concepts'),
    find: trailLacks(({ multiRegion }) => !multiRegion, 'of one Region only'),
  },
  {
    id: 'trail-without-validation',
    of: 'account',
    severity: 'medium',
    explanation: 'No trail that logs has log file validation: a log that was edited would not show.',
    todo: 'Enable log file validation.',
    link: trailPage('cloudtrail-log-file-validation-intro'),
    find: trailLacks(({ validation }) => !validation, 'without log file validation'),
  },
  {
    id: 'analyzer-absent',
    of: 'account',
    severity: 'medium',
    explanation:
      "No Access Analyzer looks for resources that are open to others, neither the account's nor the organization's.",
    todo: 'Create an external access analyzer for the organization.',
    link: iamGuidePage('access-analyzer-create-external'),
    find: (account, _context, facts) =>
      account.analyzers === undefined || watches(facts, account)
        ? []
        : [{ subject: 'Access Analyzer', read: 'no active external access analyzer' }],
  },
  {
    id: 'external-access',
    of: 'account',
    severity: 'high',
    explanation:
      'Access Analyzer found a resource that somebody outside can reach, and nobody has resolved or archived it.',
    todo: 'Close the access, or archive the finding if it is meant.',
    link: iamGuidePage('access-analyzer-findings-remediate'),
    find: findingsOf('external'),
  },
  {
    id: 'unused-access',
    of: 'account',
    severity: 'low',
    explanation: 'Access Analyzer found access that nobody uses, and nobody has resolved or archived it.',
    todo: 'Take the access away, or archive the finding if it is meant.',
    link: iamGuidePage('access-analyzer-findings-remediate'),
    find: findingsOf('unused'),
  },
];
