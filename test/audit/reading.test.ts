import { describe, expect, it } from 'vitest';
import { readAudit } from '../../src/aws/audit/read.ts';
import { usersIn } from '../../src/aws/audit/credential-report.ts';
import { judgedIn } from '../../src/commands/audit.ts';
import { audit } from '../../src/evaluate/audit/audit.ts';
import { auditRules } from '../../src/evaluate/audit/rules.ts';
import type { AuditReport } from '../../src/model/audit.ts';
import { putRole, roleNamed } from '../../src/sandbox/iam/state.ts';
import { administratorPolicy } from '../../src/sandbox/seed-accounts.ts';
import { createSandbox } from '../../src/sandbox/handle.ts';
import { brownfield } from '../../src/sandbox/seed.ts';
import type { SandboxWorld } from '../../src/sandbox/world.ts';
import { accounts, bench, catalogue, region, seed } from '../aws/bench.ts';
import type { BenchOptions } from '../aws/bench.ts';

const start = Date.UTC(2026, 10, 23);
const memberRole = { name: 'GatehouseMember', path: '/gatehouse/' };

type Scene = {
  readonly upkeep?: 'kept' | 'neglected';
  readonly spoil?: (world: SandboxWorld) => void;
  readonly bench?: BenchOptions;
  /** Where resources are read; absent: nowhere. */
  readonly regions?: readonly string[];
};

const audited = async ({ upkeep = 'kept', spoil, bench: options = {}, regions }: Scene) => {
  const world = brownfield({ ...seed, upkeep }, start);
  spoil?.(world);
  const room = bench({ ...options, sandbox: createSandbox(world, { catalogue }) });
  const live = await room.cloudOf().read();
  const calls = new Map<string, number>();
  const onCall = (operation: string) => calls.set(operation, (calls.get(operation) ?? 0) + 1);
  const read = await readAudit(room.clients, {
    ...{ live, region, memberRole, clock: room.clock, onCall },
    ...(regions === undefined ? {} : { resourcePolicies: { regions } }),
  });
  const context = {
    managementAccount: 'Management',
    waivers: [],
    declared: new Set<string>(),
    memberRole: 'GatehouseMember',
    owner: 'acme/access',
    now: new Date(room.clock.now()).toISOString(),
  };
  const facts = { ...read, live };
  const report = audit(facts, { ...context, ...(await judgedIn(facts, context)) });
  return { report, calls, read, clock: room.clock };
};

/** Not in the seed: a role that everybody may assume changes how everything else is planned. */
const openTrusts = (world: SandboxWorld): void => {
  const account = accounts[2]?.id ?? '';
  const trust = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }],
  });
  putRole(world, { account, path: '/', now: start, name: 'open', trust });
  putRole(world, {
    account,
    path: '/',
    now: start,
    name: 'open-administrator',
    trust,
    attached: [administratorPolicy],
  });
};

/** Made by hand, before account access manager looked at the role's trust. */
const entitled = ({ accountAccess, identityStore }: SandboxWorld): void => {
  const [application] = accountAccess?.applications ?? [];
  const [groupId = ''] = Object.keys(identityStore.groups);
  const roleArn = `arn:aws:iam::${accounts[2]?.id ?? ''}:role/open`;
  if (application) application.entitlements = [{ id: 'e-1', principal: { groupId }, roleArn, createdAt: start }];
};

const ids = ({ findings }: AuditReport) => [...new Set(findings.map(({ rule }) => rule))];

describe('an audit over the wire', () => {
  it('finds something for every rule where nobody ever looked after the accounts', async () => {
    const { report } = await audited({
      upkeep: 'neglected',
      regions: [region],
      spoil: (world) => {
        openTrusts(world);
        entitled(world);
      },
    });
    expect(ids(report).toSorted()).toEqual(auditRules.map(({ id }) => id).toSorted());
    expect(report.unread).toEqual([]);
  });

  it('finds nothing in accounts that are looked after, but what people made in Identity Center', async () => {
    const { report } = await audited({});
    expect(ids(report).toSorted()).toEqual(['permission-set-unassigned', 'session-long', 'user-assigned']);
    expect(report.accounts).toEqual(['Management', 'Production', 'Staging', 'Sandbox']);
  });

  it('reads the policies of resources where it is asked to, and says whom they let in', async () => {
    const { report, read } = await audited({ upkeep: 'neglected', regions: [region] });
    const [, , sandbox = { id: '' }] = accounts;
    const told = report.findings
      .filter(({ rule }) => rule.startsWith('resource-'))
      .map(({ rule, severity, account, subject, read: said }) => [
        rule,
        severity,
        account,
        subject.split(':')[2],
        said,
      ]);
    expect(told).toEqual([
      ['resource-public', 'critical', 'Sandbox', 's3', 'open to everybody (s3:GetObject)'],
      ['resource-open-outside', 'high', 'Sandbox', 'sns', 'open to account 123412341234 (sns:Subscribe)'],
      [
        'resource-confused-deputy',
        'medium',
        'Sandbox',
        'kms',
        'open to logs.amazonaws.com (kms:Encrypt*, kms:Decrypt*)',
      ],
      [
        'resource-dead-principal',
        'medium',
        'Sandbox',
        'sqs',
        expect.stringMatching(/^names AROA\w+ \(sqs:SendMessage\)$/),
      ],
    ]);
    expect(report.resourceRegions).toEqual([region]);
    expect(read.accounts.find(({ id }) => id === sandbox.id)?.resources?.policies).toHaveLength(4);
  });

  it('asks nobody about resources unless it is told to', async () => {
    const { report, calls } = await audited({ upkeep: 'neglected' });
    expect(report.findings.filter(({ rule }) => rule.startsWith('resource-'))).toEqual([]);
    expect([...calls.keys()].filter((name) => /^(s3|sns|kms|secretsmanager|sqs|lambda|ecr):/.test(name))).toEqual([]);
    expect(report.resourceRegions).toBeUndefined();
  });

  it('names what the role may not read of the resources, in one line for each service and Region', async () => {
    const spoil = (world: SandboxWorld): void => {
      const role = roleNamed(world, accounts[2]?.id ?? '', 'GatehouseMember');
      if (role === undefined) return;
      role.attached = [];
      const Statement = [
        { Effect: 'Allow', Action: ['iam:*', 'cloudtrail:*', 'access-analyzer:*', 's3:*'], Resource: '*' },
      ];
      role.inline = { reads: JSON.stringify({ Version: '2012-10-17', Statement }) };
    };
    const { report } = await audited({ upkeep: 'neglected', regions: [region, 'us-east-1'], spoil });
    expect(report.unread.map(({ scope }) => scope)).toEqual(
      ['sns', 'kms', 'secretsmanager', 'sqs', 'lambda', 'ecr'].flatMap((service) =>
        [region, 'us-east-1'].map((at) => `policies of ${service} in Sandbox, ${at}`),
      ),
    );
    expect(ids(report)).toContain('resource-public');
    expect(ids(report)).not.toContain('resource-dead-principal');
  });

  it('waits for the credential report', async () => {
    const spoil = ({ settings }: SandboxWorld) => void (settings.credentialReportMs = 7000);
    const { calls, report } = await audited({ spoil });
    expect(report.unread).toEqual([]);
    expect(calls.get('iam:GenerateCredentialReport')).toBeGreaterThan(2 * 4);
  });

  it('names an account that refuses entry, says nothing of it, and goes on with the others', async () => {
    const spoil = (world: SandboxWorld): void => {
      const role = roleNamed(world, accounts[0]?.id ?? '', 'GatehouseMember');
      if (role) role.AssumeRolePolicyDocument = '{"Statement":[{"Effect":"Deny","Principal":"*","Action":"*"}]}';
    };
    const { report, read } = await audited({ upkeep: 'neglected', spoil });
    expect(report.unread).toEqual([
      { scope: 'iam/Production', reason: expect.stringContaining('AccessDenied') as string },
    ]);
    expect(read.accounts.find(({ account }) => account === 'Production')).toEqual({
      account: 'Production',
      id: accounts[0]?.id,
      unread: report.unread,
    });
    const found = (account: string) =>
      report.findings.filter((one) => one.account === account && one.rule !== 'user-assigned').map(({ rule }) => rule);
    expect(found('Production')).toEqual([]);
    for (const { name } of accounts.slice(1)) expect(found(name)).not.toEqual([]);
    expect(ids(report)).toContain('root-access-key');
  });

  it.each([
    ['GetAccountSummary', 'root-without-mfa'],
    ['GenerateCredentialReport', 'iam-user'],
    ['GetAccountPasswordPolicy', 'password-policy-absent'],
    ['DescribeTrails', 'trail-absent'],
  ])('names a part that is denied, %s, and finds nothing of %s in it', async (deny, rule) => {
    const { report } = await audited({ upkeep: 'neglected', bench: { deny } });
    expect(ids(report)).not.toContain(rule);
    expect(report.unread).toHaveLength(4);
    expect(report.unread[0]?.reason).toContain(deny);
    expect(ids(report).length).toBeGreaterThan(10);
  });
});

describe('the credential report', () => {
  it('is read as users, whatever is not there being absent', () => {
    const csv = [
      'user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_2_active,access_key_2_last_rotated',
      '<root_account>,arn,2020-01-01T00:00:00+00:00,not_supported,no_information,not_supported,true,false,N/A,N/A,false,N/A',
      'ada,arn,2021-01-01T00:00:00+00:00,true,no_information,2021-01-01T00:00:00+00:00,false,true,2022-01-01T00:00:00+00:00,N/A,false,N/A',
      'bob,arn,2021-01-01T00:00:00+00:00,false,N/A,N/A,false,false,N/A,N/A,false,2023-01-01T00:00:00+00:00',
    ].join('\r\n');
    expect(usersIn(csv)).toEqual([
      {
        name: 'ada',
        created: '2021-01-01T00:00:00+00:00',
        password: { changed: '2021-01-01T00:00:00+00:00' },
        mfa: false,
        keys: [{ number: 1, active: true, rotated: '2022-01-01T00:00:00+00:00' }],
      },
      {
        name: 'bob',
        created: '2021-01-01T00:00:00+00:00',
        mfa: false,
        keys: [{ number: 2, active: false, rotated: '2023-01-01T00:00:00+00:00' }],
      },
    ]);
  });
});
