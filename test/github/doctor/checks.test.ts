import { describe, expect, it } from 'vitest';
import type { AwsFacts } from '../../../src/model/set-up.ts';
import { awsChecks } from '../../../src/doctor/aws-checks.ts';
import type { Check } from '../../../src/doctor/check.ts';
import type { GitHubFacts } from '../../../src/doctor/facts.ts';
import { githubChecks } from '../../../src/doctor/github-checks.ts';
import { repositoryChecks } from '../../../src/doctor/repository-checks.ts';

const statusOf = (checks: readonly Check[], id: string): unknown => {
  const found = checks.find((check) => check.id === id);
  return found === undefined ? 'no such check' : [found.status, found.message];
};

const review = {
  required_approving_review_count: 1,
  dismiss_stale_reviews_on_push: true,
  require_last_push_approval: true,
  require_code_owner_review: true,
};
const required = [
  { context: 'gatehouse/plan', integration_id: 15368 },
  { context: 'gatehouse/approvals', integration_id: 15368 },
];
const rule = (type: string, parameters = {}) => ({ type, ruleset: 1, parameters });
const rules = [
  rule('pull_request', review),
  rule('required_status_checks', { required_status_checks: required }),
  rule('non_fast_forward'),
  rule('deletion'),
];

const good: GitHubFacts = {
  repositoryId: 2,
  ownerId: 1,
  defaultBranch: 'main',
  visibility: 'private',
  subject: { value: { useDefault: true, immutable: true, prefix: undefined, claims: [] } },
  rules: { value: rules },
  bypass: { value: [] },
  environment: { value: ['main'] },
  codeowners: { value: [] },
  token: { value: { permissions: 'read', approves: 'may not approve' } },
  variables: { value: { GATEHOUSE_ACCOUNT: '111111111111', GATEHOUSE_REGION: 'eu-west-1' } },
  approvers: { powerless: { value: [] }, unseen: [] },
  drift: { value: { at: '2026-11-23T07:00:00Z', conclusion: 'success' } },
};
const wanted = {
  repository: 'acme/aws-access',
  account: '111111111111',
  region: 'eu-west-1',
  now: '2026-11-23T09:00:00Z',
};
const without = (type: string) => ({ value: rules.filter((one) => one.type !== type) });
const withReview = (more: object) => ({ value: [rule('pull_request', { ...review, ...more }), ...rules.slice(1)] });

describe('GitHub, examined', () => {
  it('has nothing wrong with it when it is set up', () => {
    expect(githubChecks(good, wanted).filter(({ status }) => status !== 'ok')).toEqual([]);
  });

  const broken: readonly [id: string, status: string, facts: Partial<GitHubFacts>, said: string][] = [
    ['default-branch', 'failure', { defaultBranch: 'trunk' }, 'trunk'],
    [
      'subject',
      'failure',
      { subject: { value: { useDefault: false, immutable: false, prefix: undefined, claims: ['actor'] } } },
      'actor',
    ],
    ['pull-requests', 'failure', { rules: without('pull_request') }, 'pushed to'],
    ['pull-requests', 'failure', { rules: withReview({ required_approving_review_count: 0 }) }, 'without any approval'],
    ['pull-requests', 'warning', { rules: withReview({ require_last_push_approval: false }) }, 'most recent push'],
    [
      'required-checks',
      'failure',
      { rules: without('required_status_checks') },
      'gatehouse/plan and gatehouse/approvals',
    ],
    [
      'required-checks',
      'warning',
      {
        rules: {
          value: [
            rule('required_status_checks', { required_status_checks: required.map(({ context }) => ({ context })) }),
          ],
        },
      },
      'anybody',
    ],
    ['history', 'warning', { rules: without('non_fast_forward') }, 'non_fast_forward'],
    ['bypass', 'warning', { bypass: { value: ['RepositoryRole 5'] } }, 'RepositoryRole 5'],
    ['bypass', 'unknown', { bypass: { unreadable: 'only to administrators' } }, 'administrators'],
    ['environment', 'failure', { environment: { value: 'absent' } }, 'no environment'],
    ['environment', 'failure', { environment: { value: 'any' } }, 'every branch'],
    ['environment', 'warning', { environment: { value: ['main', 'release/*'] } }, 'release/*'],
    ['codeowners', 'warning', { codeowners: { value: 'absent' } }, 'no CODEOWNERS'],
    ['codeowners', 'warning', { codeowners: { value: ['.github/CODEOWNERS:2 Unknown owner'] } }, 'Unknown owner'],
    ['job-token', 'warning', { token: { value: { permissions: 'write', approves: 'may not approve' } } }, 'writes'],
    ['job-token', 'warning', { token: { value: { permissions: 'read', approves: 'may approve' } } }, 'approve'],
    [
      'variables',
      'failure',
      { variables: { value: { GATEHOUSE_REGION: 'eu-west-1' } } },
      'GATEHOUSE_ACCOUNT is not set',
    ],
    ['approvers', 'failure', { approvers: { powerless: { value: ['eve'] }, unseen: [] } }, 'eve may not write'],
    ['approvers', 'warning', { approvers: { powerless: { value: [] }, unseen: ['security'] } }, 'security'],
    ['heartbeat', 'warning', { drift: { value: 'never' } }, 'never'],
    ['heartbeat', 'warning', { drift: { value: { at: '2026-11-21T09:00:00Z', conclusion: 'success' } } }, '48 hours'],
    ['heartbeat', 'failure', { drift: { value: { at: '2026-11-23T07:00:00Z', conclusion: 'failure' } } }, 'failure'],
  ];

  it.each(broken)('says under %s, as a %s, what is wrong', (id, status, facts, said) => {
    expect(statusOf(githubChecks({ ...good, ...facts }, wanted), id)).toEqual([status, expect.stringContaining(said)]);
  });

  it('says what the plan of the organization lacks, and that an apply still asks', () => {
    const lacking = { unreadable: '403 Upgrade to GitHub Pro or make this repository public to enable this feature.' };
    const checks = githubChecks({ ...good, rules: lacking, bypass: lacking }, wanted);
    const warned = checks.filter(({ status }) => status === 'warning').map(({ id }) => id);
    expect(warned).toEqual(['pull-requests', 'required-checks', 'history', 'bypass']);
    expect(checks.find(({ id }) => id === 'history')?.hint).toContain('An apply still asks for the reviews');
  });

  it('never takes what could not be read for good', () => {
    const unreadable = { unreadable: '403 Must have admin rights' };
    const { subject, rules: _rules, approvers: _approvers, ...rest } = good;
    const nothing = Object.fromEntries(Object.keys(rest).map((key) => [key, unreadable]));
    const checks = githubChecks(
      {
        ...good,
        ...nothing,
        rules: unreadable,
        defaultBranch: 'main',
        subject,
        approvers: { powerless: unreadable, unseen: [] },
      },
      wanted,
    );
    expect(checks.filter(({ status }) => status === 'ok').map(({ id }) => id)).toEqual(['default-branch', 'subject']);
  });
});

const facts: AwsFacts = {
  account: '111111111111',
  organization: 'o-example0000',
  managementAccount: '111111111111',
  featureSet: 'ALL',
  delegated: { value: [] },
  trusted: { value: ['sso.amazonaws.com'] },
  policyTypes: { value: ['SERVICE_CONTROL_POLICY'] },
  instance: { value: { owner: '111111111111', status: 'ACTIVE' } },
  provider: { value: ['sts.amazonaws.com'] },
  roles: { plan: { value: 'absent' }, apply: { value: 'absent' } },
  counts: { value: [{ what: 'permission sets', count: 15, most: 3500 }] },
  events: { value: 'event histories' },
};
const declared = {
  organization: 'o-example0000',
  region: 'eu-west-1',
  delegated: undefined,
  policyTypes: ['SERVICE_CONTROL_POLICY'],
  roles: undefined,
  template: 'npx gatehouse doctor --repo acme/access --template cloudformation',
};

describe('AWS, examined', () => {
  it('has nothing wrong with it when it is set up, but for the roles that are missing', () => {
    const wrong = awsChecks(facts, declared).filter(({ status }) => status !== 'ok');
    expect(wrong.map(({ id, status }) => [id, status])).toEqual([
      ['plan-role', 'failure'],
      ['apply-role', 'failure'],
    ]);
  });

  const broken: readonly [id: string, status: string, live: Partial<AwsFacts>, said: string][] = [
    ['organization', 'failure', { organization: 'o-stranger00' }, 'o-stranger00'],
    ['credential', 'failure', { account: '222222222222' }, '222222222222'],
    ['feature-set', 'failure', { featureSet: 'CONSOLIDATED_BILLING' }, 'CONSOLIDATED_BILLING'],
    ['identity-center', 'failure', { instance: { value: 'absent' } }, 'no instance in eu-west-1'],
    [
      'identity-center',
      'warning',
      { instance: { value: { owner: '', status: 'CREATE_IN_PROGRESS' } } },
      'CREATE_IN_PROGRESS',
    ],
    ['trusted-access', 'failure', { trusted: { value: [] } }, 'sso.amazonaws.com'],
    ['trusted-access', 'unknown', { trusted: { unreadable: 'AccessDenied' } }, 'AccessDenied'],
    ['policy-types', 'warning', { policyTypes: { value: [] } }, 'SERVICE_CONTROL_POLICY'],
    ['oidc-provider', 'failure', { provider: { value: 'absent' } }, 'no OIDC provider'],
    ['oidc-provider', 'failure', { provider: { value: ['other'] } }, 'sts.amazonaws.com'],
    [
      'events',
      'warning',
      { events: { unreadable: 'cloudtrail:LookupEvents failed: AccessDenied' } },
      'cloudtrail:LookupEvents failed',
    ],
    ['events', 'warning', { account: '222222222222' }, 'only its own calls'],
    ['events', 'ok', { account: '222222222222', events: { value: 'organization trail' } }, 'in all accounts'],
    ['quotas', 'warning', { counts: { value: [{ what: 'SCPs', count: 9000, most: 10_000 }] } }, '9000 of 10000 SCPs'],
  ];

  it.each(broken)('says under %s, as a %s, what is wrong', (id, status, live, said) => {
    expect(statusOf(awsChecks({ ...facts, ...live }, declared), id)).toEqual([status, expect.stringContaining(said)]);
  });

  it('knows the delegated administrator, and whether it is one', () => {
    const delegate = { ...declared, delegated: '222222222222' };
    const there = { ...facts, account: '222222222222' };
    expect(statusOf(awsChecks(facts, delegate), 'credential')).toEqual(['warning', expect.any(String)]);
    expect(statusOf(awsChecks(there, delegate), 'credential')).toEqual([
      'failure',
      expect.stringContaining('not registered'),
    ]);
    const registered = { ...there, delegated: { value: ['222222222222'] } };
    expect(statusOf(awsChecks(registered, delegate), 'credential')).toEqual([
      'ok',
      expect.stringContaining('delegated'),
    ]);
  });
});

describe('the repository, examined', () => {
  const files = {
    repository: 'acme/aws-access',
    settings: { breakGlass: {}, reconciler: {}, memberRole: {}, approvals: [{}] },
    workflows: {
      plan: 'jobs: { plan: { uses: acme/aws-access/.github/workflows/gatehouse.yml@main } }',
      apply: 'jobs: {}',
      drift: 'jobs: {}',
    },
    codeowners: '# who\n* @acme/security\n/access/groups/*.yaml # free\n/scps/ @acme/security\n',
    committed: [],
  };
  type More = Partial<Parameters<typeof repositoryChecks>[0]>;
  const statuses = (more: More) =>
    repositoryChecks({ ...files, ...more })
      .slice(0, 3)
      .map(({ status }) => status);

  it('calls its own workflow on main, and says who must never lose access and who approves', () => {
    expect(statuses({})).toEqual(['ok', 'ok', 'ok']);
    expect(statuses({ settings: { ...files.settings, approvals: [] } })).toEqual(['ok', 'warning', 'ok']);
    expect(statuses({ workflows: { ...files.workflows, plan: undefined } })).toEqual(['ok', 'ok', 'warning']);
    expect(statuses({ repository: 'other/aws-access' })).toEqual(['ok', 'ok', 'failure']);
    expect(repositoryChecks({ ...files, settings: { approvals: [{}] } })[0]?.message).toBe(
      'access/settings.yaml does not name breakGlass, reconciler, memberRole',
    );
  });

  const calling = (file: string, ref: string): string =>
    `jobs: { a: { uses: acme/tool/.github/workflows/${file}.yml@${ref} } }`;
  const [pinned, other] = ['a'.repeat(40), 'b'.repeat(40)];
  const three = (plan: string, apply = plan, drift = plan) => ({
    plan: calling('gatehouse', plan),
    apply: calling('apply', apply),
    drift: calling('drift', drift),
  });
  it.each([
    [three(pinned), ['ok', 'plan, apply and drift run the workflows of acme/tool at one commit']],
    [three('v1'), ['failure', 'plan.yml calls the workflow of acme/tool at v1, which can be moved']],
    [three('main'), ['failure', 'plan.yml calls the workflow of acme/tool at main, which can be moved']],
    [three(pinned, other), ['failure', 'apply.yml does not run the commit that plan.yml runs']],
    [
      { ...three(pinned), apply: undefined, drift: 'a: [' },
      ['failure', 'apply.yml and drift.yml do not run the commit that plan.yml runs'],
    ],
    [
      { ...three(pinned), plan: `# uses: acme/tool/.github/workflows/gatehouse.yml@${pinned}` },
      ['failure', 'plan.yml does not call a reusable workflow that the plan role can trust'],
    ],
  ])('says whether the workflows of the tool are pinned: %#', (workflows, says) => {
    expect(statusOf(repositoryChecks({ ...files, workflows }), 'workflow')).toEqual(says);
  });

  it.each<readonly [codeowners: string | undefined, says: readonly string[]]>([
    [files.codeowners, ['ok', 'whatever decides what runs has a code owner']],
    [undefined, ['warning', 'there is no CODEOWNERS file']],
    ['', ['failure', 'CODEOWNERS does not begin with an owner of everything']],
    ['*\n/src/ @acme/security', ['failure', 'CODEOWNERS does not begin with an owner of everything']],
    ['/src/ @acme/security\n* @acme/security', ['failure', 'CODEOWNERS does not begin with an owner of everything']],
    ['* @acme/security\n*', ['failure', 'CODEOWNERS frees *']],
    ['* @acme/security\n/access/', ['failure', 'CODEOWNERS frees /access/']],
    ['* @acme/security\n/access/settings.yaml #x', ['failure', 'CODEOWNERS frees /access/settings.yaml']],
    ['* @acme/security\n/access/groups\ndist/', ['failure', 'CODEOWNERS frees /access/groups, dist/']],
    ['* @acme/security\r\n/access/users/*.yaml\r\n', ['ok', 'whatever decides what runs has a code owner']],
  ])('owns everything in CODEOWNERS and frees little: %j', (codeowners, says) => {
    expect(statusOf(repositoryChecks({ ...files, codeowners }), 'owners-of-all')).toEqual(says);
  });

  it('commits nothing that only tools make', () => {
    const said = (committed: readonly string[] | undefined) =>
      statusOf(repositoryChecks({ ...files, committed }), 'committed');
    expect(said([])).toEqual(['ok', 'git tracks nothing that only tools make']);
    expect(said(['dist/cli.js', 'dist/a.js'])).toEqual([
      'failure',
      'git tracks dist/cli.js and 1 more, which only tools make',
    ]);
    expect(said(undefined)).toEqual(['ok', expect.stringContaining('no git checkout')]);
  });
});
