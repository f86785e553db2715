import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { OpenGitHub } from '../support/github/open-github.ts';
import { openGitHub } from '../support/github/open-github.ts';
import { seedMain } from '../support/github/scenario.ts';
import { runHere } from '../support/run.ts';
import type { Ran } from '../support/run.ts';

const root = join(import.meta.dirname, '../..');
const now = '2026-11-23T09:00:00Z';

let github: OpenGitHub;
let aws: string;
let token: string;

const run = (words: readonly string[]): Promise<Ran> =>
  runHere({
    words: [...words, '--dir', root, `--sandbox=${aws}`],
    env: { GITHUB_API_URL: github.url, GITHUB_TOKEN: token },
  });

const callAws = async (service: string, operation: string, input: object): Promise<string> => {
  const { exit, out, err } = await run(['sandbox', 'call', service, operation, JSON.stringify(input)]);
  if (exit !== 0) throw new Error(`${operation}: ${out}${err}`);
  return out;
};
const callIam = (operation: string, input: object): Promise<string> => callAws('iam', operation, input);

type Roots = {
  readonly Roots: readonly { readonly Id: string; readonly PolicyTypes: readonly { Status: string }[] }[];
};
const roots = async (): Promise<Roots['Roots'][number]> => {
  const [root] = (JSON.parse(await callAws('organizations', 'ListRoots', {})) as Roots).Roots;
  if (root === undefined) throw new Error('no root');
  return root;
};

/** What an apply does first. */
const enableTypes = async (): Promise<void> => {
  const { Id: RootId } = await roots();
  for (const PolicyType of ['GUARDDUTY_POLICY', 'SECURITYHUB_POLICY', 'S3_POLICY'])
    await callAws('organizations', 'EnablePolicyType', { RootId, PolicyType });
  await expect
    .poll(async () => (await roots()).PolicyTypes.every(({ Status }) => Status === 'ENABLED'), { timeout: 20_000 })
    .toBe(true);
};

const ruleset = {
  name: 'main',
  target: 'branch',
  enforcement: 'active',
  conditions: { ref_name: { include: ['~DEFAULT_BRANCH'], exclude: [] } },
  rules: [
    {
      type: 'pull_request',
      parameters: {
        required_approving_review_count: 1,
        dismiss_stale_reviews_on_push: true,
        require_last_push_approval: true,
        require_code_owner_review: true,
        required_review_thread_resolution: false,
      },
    },
    {
      type: 'required_status_checks',
      parameters: {
        strict_required_status_checks_policy: false,
        required_status_checks: ['gatehouse/plan', 'gatehouse/approvals'].map((context) => ({
          context,
          integration_id: 15368,
        })),
      },
    },
    { type: 'non_fast_forward' },
    { type: 'deletion' },
  ],
};

/** What docs/setup.md tells an administrator of the repository to click. */
const setUpGitHub = (): void => {
  Object.assign(github.repository.setup, {
    oidcSubject: { use_default: true, use_immutable_subject: true },
    rulesets: [ruleset],
    environments: { 'aws-apply': { branches: ['main'] } },
    variables: { GATEHOUSE_ACCOUNT: '111111111111', GATEHOUSE_REGION: 'eu-west-1' },
  });
  github.addRun({ workflow: 'drift.yml', event: 'schedule', conclusion: 'success' });
};

type Role = {
  readonly Condition: string;
  readonly Properties: {
    readonly RoleName: string;
    readonly Path: string;
    readonly MaxSessionDuration: number;
    readonly AssumeRolePolicyDocument: object;
    readonly Policies: readonly { readonly PolicyName: string; readonly PolicyDocument: object }[];
  };
};

/** The part of the template that CloudFormation would make in the management account. */
const deploy = async (template: { readonly Resources: Readonly<Record<string, Role>> }): Promise<void> => {
  await callIam('CreateOpenIDConnectProvider', {
    Url: 'https://token.actions.githubusercontent.com',
    ClientIDList: ['sts.amazonaws.com'],
  });
  for (const { Condition, Properties } of Object.values(template.Resources)) {
    if (Condition !== 'IsReconciler') continue;
    const { RoleName, Path, MaxSessionDuration, AssumeRolePolicyDocument, Policies } = Properties;
    await callIam('CreateRole', {
      RoleName,
      Path,
      MaxSessionDuration,
      AssumeRolePolicyDocument: JSON.stringify(AssumeRolePolicyDocument),
    });
    for (const { PolicyName, PolicyDocument } of Policies)
      await callIam('PutRolePolicy', { RoleName, PolicyName, PolicyDocument: JSON.stringify(PolicyDocument) });
  }
};

type Report = {
  readonly checks: readonly { readonly id: string; readonly status: string; readonly message: string }[];
  readonly trust: object;
};
const doctor = async (...words: readonly string[]): Promise<Ran & { readonly report: Report }> => {
  const ran = await run(['doctor', '--json', '--now', now, ...words]);
  return { ...ran, report: JSON.parse(ran.out) as Report };
};
const idsWith = ({ checks }: Report, status: string): readonly string[] =>
  checks.filter((check) => check.status === status).map(({ id }) => id);

beforeAll(async () => {
  aws = mkdtempSync(join(tmpdir(), 'doctor-'));
  github = await openGitHub({
    roles: { ada: 'admin', 'ada-gh': 'write', 'grace-gh': 'write', grace: 'write' },
    teams: { 'securecart/security': ['ada'], 'securecart/platform': ['grace'] },
    now: () => '2026-11-23T07:30:00Z',
  });
  token = github.token('ada');
  await seedMain(github, { '.github': join(root, '.github') });
});

afterAll(async () => {
  rmSync(aws, { recursive: true, force: true });
  await github.close();
});

describe('doctor, before and after', () => {
  it('names all that a first set-up lacks, and exits 3', async () => {
    const { exit, report } = await doctor();
    expect(exit).toBe(3);
    expect(idsWith(report, 'failure')).toEqual([
      'pull-requests',
      'required-checks',
      'environment',
      'variables',
      'oidc-provider',
      'plan-role',
      'apply-role',
    ]);
    expect(idsWith(report, 'warning')).toEqual(['history', 'heartbeat', 'policy-types']);
    expect(JSON.stringify(report.trust)).toContain('"repo:securecart/aws-access:pull_request"');
    expect(JSON.stringify(report)).toMatch(
      /Deploy the template: npx gatehouse doctor --dir \S+ --sandbox=\S+ .*--repo securecart\/aws-access --template cloudformation"/,
    );
  });

  it('finds nothing once the repository is set up and the template is deployed, and exits 0', async () => {
    setUpGitHub();
    const { exit, out } = await run(['doctor', '--template', 'cloudformation']);
    expect(exit).toBe(0);
    expect(out).toContain('Default: "yes"');
    await deploy(parse(out) as { Resources: Record<string, Role> });
    await enableTypes();
    const after = await doctor();
    expect(after.report.checks.filter(({ status }) => status !== 'ok')).toEqual([]);
    expect(after.exit).toBe(0);
    const { id, owner } = github.repository;
    expect(JSON.stringify(after.report.trust)).toContain(
      `repo:securecart@${owner.id}/aws-access@${id}:environment:aws-apply`,
    );
    const text = await run(['doctor', '--now', now]);
    expect([text.exit, text.out]).toEqual([0, expect.stringContaining('Everything is as it has to be.')]);
  });

  it('tells that a role trusts another repository', async () => {
    await callIam('UpdateAssumeRolePolicy', {
      RoleName: 'GatehouseApply',
      PolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::999999999999:root' }, Action: 'sts:AssumeRole' },
        ],
      }),
    });
    const { exit, report } = await doctor();
    const [found] = report.checks.filter(({ status }) => status !== 'ok');
    expect([exit, found?.id, found?.message]).toEqual([
      3,
      'apply-role',
      'the role of the apply: it also lets in arn:aws:iam::999999999999:root; nothing lets in what ApplyOnMain stands for',
    ]);
  });

  it('calls unknown what its token may not read', async () => {
    token = github.jobToken({ contents: 'read', actions: 'read' });
    const { report } = await doctor();
    expect(idsWith(report, 'warning')).toEqual(['approvers']);
    expect(idsWith(report, 'unknown')).toEqual(['bypass', 'job-token', 'variables']);
    token = 'revoked';
    const closed = await doctor();
    expect(closed.report.checks.filter(({ status }) => status === 'unknown').map(({ message }) => message)).toEqual([
      expect.stringContaining('Bad credentials'),
      expect.stringContaining('has to be asked of GitHub'),
      expect.stringContaining('has to be asked of GitHub'),
    ]);
    const template = await run(['doctor', '--template', 'cloudformation']);
    expect([template.exit, template.err]).toEqual([1, expect.stringContaining('Set GITHUB_TOKEN')]);
  });
});

it('says that GitHub was not reached when nobody answers, and asks for no token', async () => {
  const env = { GITHUB_API_URL: 'http://127.0.0.1:1', GITHUB_TOKEN: token };
  const { out } = await runHere({ words: ['doctor', '--dir', root, `--sandbox=${aws}`], env });
  const said = out.replace(/\s+/g, ' ');
  expect(said).toMatch(/GitHub was not reached \(GET [^)]*\): .*Check the network/);
  expect(said).not.toContain('GITHUB_TOKEN');
});
