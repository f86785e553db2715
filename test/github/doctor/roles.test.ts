import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { simulate } from '../../../src/evaluate/simulate.ts';
import { permissionFindings, roleFindings, trustFindings } from '../../../src/doctor/judge-role.ts';
import { applyPermissions, memberPermissions, memberTrust, planPermissions } from '../../../src/doctor/permissions.ts';
import { cloudFormation, providerArn, roleDocuments } from '../../../src/doctor/template.ts';
import type { RoleStatement } from '../../../src/doctor/trust.ts';
import { issuer, subjectPrefix } from '../../../src/doctor/trust.ts';
import { enteringWorkflows } from '../../../src/doctor/workflows.ts';

const names = {
  account: '111111111111',
  organization: 'o-example0000',
  plan: 'gatehouse/GatehousePlan',
  apply: 'gatehouse/GatehouseApply',
  member: 'gatehouse/GatehouseMember',
  externalId: 'acme-aws-access',
};
const named = { repository: 'acme/aws-access', repositoryId: 456789, ownerId: 123456 };
const immutable = { useDefault: true, immutable: true, prefix: undefined };
const copied = { plan: undefined, apply: undefined, drift: undefined };
const workflows = enteringWorkflows(named.repository, copied);
const origin = { ...named, subjectPrefix: subjectPrefix(named, immutable), workflows };
const installation = { origin, names, ownRoles: 'own roles' } as const;
const { plan, apply } = roleDocuments(installation);

const claims = (statement: RoleStatement | undefined): Readonly<Record<string, unknown>> => {
  const equal = Object.entries(statement?.Condition?.['StringEquals'] ?? {});
  return Object.fromEntries(equal.map(([key, value]) => [key.replace(`${issuer}:`, ''), value]));
};

describe("the subject of a repository's tokens", () => {
  it('names owner and repository with their ids where GitHub makes it so', () => {
    expect(subjectPrefix(named, immutable)).toBe('repo:acme@123456/aws-access@456789');
    expect(subjectPrefix(named, { ...immutable, immutable: false })).toBe('repo:acme/aws-access');
  });

  it('is what GitHub itself says it begins with', () => {
    expect(subjectPrefix(named, { ...immutable, prefix: 'repo:acme@1/other@2:' })).toBe('repo:acme@1/other@2');
  });
});

describe('the trust of the roles', () => {
  it('lets in a pull request by the reusable workflow on main, and drift on main', () => {
    expect(plan.trust.Statement.map(claims)).toEqual([
      {
        aud: 'sts.amazonaws.com',
        sub: 'repo:acme@123456/aws-access@456789:pull_request',
        repository_id: '456789',
        job_workflow_ref: 'acme/aws-access/.github/workflows/gatehouse.yml@refs/heads/main',
      },
      {
        aud: 'sts.amazonaws.com',
        sub: 'repo:acme@123456/aws-access@456789:ref:refs/heads/main',
        repository_id: '456789',
        job_workflow_ref: 'acme/aws-access/.github/workflows/drift.yml@refs/heads/main',
        ref: 'refs/heads/main',
      },
    ]);
  });

  it('lets in an apply only in its environment, from main, by the apply workflow', () => {
    expect(apply.trust.Statement.map(claims)).toEqual([
      {
        aud: 'sts.amazonaws.com',
        sub: 'repo:acme@123456/aws-access@456789:environment:aws-apply',
        repository_id: '456789',
        job_workflow_ref: 'acme/aws-access/.github/workflows/apply.yml@refs/heads/main',
        ref: 'refs/heads/main',
        environment: 'aws-apply',
      },
    ]);
  });

  it('lets in the workflows of the tool at the commit that calls them, and of no fork or other version of it', () => {
    const [pinned, next] = ['a'.repeat(40), 'b'.repeat(40)];
    const calling = (file: string): string =>
      `jobs: { a: { uses: acme/tool/.github/workflows/${file}.yml@${pinned} } }`;
    const texts = { plan: calling('gatehouse'), apply: calling('apply'), drift: calling('drift') };
    const refs = (also: readonly string[]) => {
      const by = roleDocuments({
        ...installation,
        origin: { ...origin, workflows: enteringWorkflows(named.repository, texts, also) },
      });
      return [by.plan, by.apply].flatMap(({ trust }) =>
        trust.Statement.map((one) => [claims(one)['repository_id'], claims(one)['job_workflow_ref']]),
      );
    };
    const ref = (file: string, commit: string): string => `acme/tool/.github/workflows/${file}.yml@${commit}`;
    expect(refs([])).toEqual([
      ['456789', ref('gatehouse', pinned)],
      ['456789', ref('drift', pinned)],
      ['456789', ref('apply', pinned)],
    ]);
    expect(refs([next])[0]).toEqual(['456789', [ref('gatehouse', pinned), ref('gatehouse', next)]]);
  });

  it('compares every claim exactly', () => {
    const operators = [...plan.trust.Statement, ...apply.trust.Statement].flatMap((one) =>
      Object.keys(one.Condition ?? {}),
    );
    expect(new Set(operators)).toEqual(new Set(['StringEquals']));
    expect(JSON.stringify([plan.trust, apply.trust])).not.toContain('*');
  });
});

/** Decides a call by the policies of a role, as the evaluator does; `forbidden` is denied whatever else allows it. */
const decided = (policy: unknown, request: Readonly<Record<string, unknown>>): string => {
  const caller = {
    principal: 'arn:aws:iam::222222222222:role/gatehouse/GatehouseMember',
    resourceAccount: '222222222222',
  };
  const [result] = simulate({
    request: { ...caller, ...request },
    identityPolicies: [{ name: 'gatehouse', policy }],
  }).results;
  if (result === undefined || 'error' in result) return `error: ${JSON.stringify(result)}`;
  return result.decision === 'denied' && result.explicit ? 'forbidden' : result.decision;
};

const role = 'arn:aws:iam::222222222222:role/app/Deployment';

describe('the role in member accounts', () => {
  const permissions = memberPermissions(names);
  const session = (name: string) => ({ 'aws:userid': `AROAEXAMPLE:${name}` });

  it.each([
    ['iam:GetRole', 'gatehouse-GatehousePlan-7', 'allowed'],
    ['iam:PutRolePolicy', 'gatehouse-GatehousePlan-7', 'denied'],
    ['iam:PutRolePolicy', 'gatehouse-GatehouseApply-7', 'allowed'],
    ['iam:PutRolePolicy', 'somebody-gatehouse-GatehouseApply', 'denied'],
  ])('decides %s of session %s: %s', (action, name, decision) => {
    expect(decided(permissions, { action, resource: role, context: session(name) })).toBe(decision);
  });

  it.each([
    ['iam:UpdateAssumeRolePolicy', 'arn:aws:iam::222222222222:role/gatehouse/GatehouseMember'],
    ['iam:UpdateAssumeRolePolicy', 'arn:aws:iam::222222222222:role/OrganizationAccountAccessRole'],
    [
      'iam:PutRolePolicy',
      'arn:aws:iam::222222222222:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_A_0123456789abcdef',
    ],
    ['iam:CreateAccessKey', 'arn:aws:iam::222222222222:user/ada'],
    ['iam:CreateUser', 'arn:aws:iam::222222222222:user/ada'],
  ])('forbids %s on %s', (action, resource) => {
    expect(decided(permissions, { action, resource, context: session('gatehouse-GatehouseApply-7') })).toBe(
      'forbidden',
    );
  });

  it('is entered by each role only under a name that begins with its own', () => {
    const conditions = memberTrust(names).Statement.map(({ Condition }) => [
      Condition?.['ArnEquals']?.['aws:PrincipalArn'],
      Condition?.['StringLike']?.['sts:RoleSessionName'],
      Condition?.['StringEquals']?.['sts:ExternalId'],
    ]);
    expect(conditions).toEqual([
      ['arn:aws:iam::111111111111:role/gatehouse/GatehousePlan', 'gatehouse-GatehousePlan-*', 'acme-aws-access'],
      ['arn:aws:iam::111111111111:role/gatehouse/GatehouseApply', 'gatehouse-GatehouseApply-*', 'acme-aws-access'],
    ]);
  });
});

describe('the role of the apply', () => {
  const permissions = applyPermissions(names, 'own roles');
  const home = {
    principal: 'arn:aws:iam::111111111111:role/gatehouse/GatehouseApply',
    resourceAccount: '111111111111',
  };

  it.each([
    ['organizations:LeaveOrganization', '*'],
    ['organizations:CloseAccount', 'arn:aws:organizations::111111111111:account/o-example0000/222222222222'],
    ['organizations:DeregisterDelegatedAdministrator', '*'],
    ['iam:PutRolePolicy', 'arn:aws:iam::111111111111:role/gatehouse/GatehouseApply'],
    ['iam:UpdateAssumeRolePolicy', 'arn:aws:iam::111111111111:role/gatehouse/GatehousePlan'],
    ['iam:DeleteOpenIDConnectProvider', `arn:aws:iam::111111111111:oidc-provider/${issuer}`],
    ['sts:AssumeRole', 'arn:aws:iam::222222222222:role/OrganizationAccountAccessRole'],
    ['iam:CreateAccessKey', 'arn:aws:iam::111111111111:user/root-like'],
  ])('forbids %s on %s', (action, resource) => {
    expect(decided(permissions, { ...home, action, resource })).toBe('forbidden');
  });

  it('assumes the member role in its own organization only', () => {
    const request = {
      ...home,
      action: 'sts:AssumeRole',
      resource: 'arn:aws:iam::222222222222:role/gatehouse/GatehouseMember',
    };
    const of = (organization: string): string =>
      decided(permissions, {
        ...request,
        resourceAccount: '222222222222',
        context: { 'aws:ResourceOrgID': organization },
      });
    expect(of('o-stranger00')).toBe('denied');
    const allows = permissions.Statement.find(({ Sid }) => Sid === 'EnterMembers');
    expect([allows?.Resource, allows?.Condition]).toEqual([
      'arn:aws:iam::*:role/gatehouse/GatehouseMember',
      { StringEquals: { 'aws:ResourceOrgID': 'o-example0000' } },
    ]);
  });

  it('writes roles of its own account only where some are declared', () => {
    const write = { ...home, action: 'iam:PutRolePolicy', resource: 'arn:aws:iam::111111111111:role/app/Deployment' };
    expect(decided(permissions, write)).toBe('allowed');
    expect(decided(applyPermissions(names, 'no roles of its own'), write)).toBe('denied');
  });
});

const prefixes = {
  organizations: 'organizations',
  ssoAdmin: 'sso',
  identityStore: 'identitystore',
  iam: 'iam',
  cloudTrail: 'cloudtrail',
  accessAnalyzer: 'access-analyzer',
  access: 'account-access',
} as const;

/** Every call of an SDK client in src/aws, as IAM names the action. */
const calledActions = (): readonly string[] => {
  const folder = join(import.meta.dirname, '../../../src/aws');
  // What only `audit` reads lies in a folder of its own and is no business of these roles (docs/audit.md).
  const text = readdirSync(folder)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');
  const found = text.matchAll(
    /\b(organizations|ssoAdmin|identityStore|iam|cloudTrail|accessAnalyzer|access)\s*\.([a-z]\w+)\(/g,
  );
  return [
    ...new Set(
      [...found].map(
        ([, client, call = '']) =>
          `${prefixes[client as keyof typeof prefixes]}:${call[0]?.toUpperCase() ?? ''}${call.slice(1)}`,
      ),
    ),
  ];
};

const isRead = (action: string): boolean => /:(List|Get|Describe|Lookup|Generate|Validate|Check)/.test(action);
const missingFrom = (document: ReturnType<typeof planPermissions>, actions: readonly string[]): readonly string[] =>
  permissionFindings(
    { trust: {}, maxSession: 3600, policies: [document] },
    {
      Version: '2012-10-17',
      Statement: [{ Sid: 'Called', Effect: 'Allow', Action: actions, Resource: '*' }],
    },
  ).filter((finding) => finding.startsWith('it may not'));

describe('the permissions of the roles', () => {
  it('are what Gatehouse calls, for the plan every read and for the apply everything', () => {
    const called = calledActions();
    expect(called.length).toBeGreaterThan(60);
    expect(missingFrom(planPermissions(names), called.filter(isRead))).toEqual([]);
    expect(missingFrom(applyPermissions(names, 'own roles'), called)).toEqual([]);
    expect(
      missingFrom(
        memberPermissions(names),
        called.filter((action) => action.startsWith('iam:')),
      ),
    ).toEqual([]);
  });

  it('reach the policies of declared resources and of no others, and write them in sessions of the apply', () => {
    const resources = {
      home: ['arn:aws:s3:::audit-logs'],
      members: ['arn:aws:s3:::pictures', 'arn:aws:sqs:eu-west-1:222222222222:jobs'],
    };
    const spoken = (document: ReturnType<typeof planPermissions>): readonly unknown[] =>
      document.Statement.filter(({ Sid }) => /Policies/.test(Sid)).map(({ Sid, Action, Resource, Condition }) => [
        Sid,
        [Action].flat(),
        Resource,
        Condition !== undefined,
      ]);
    const puts = ['s3:DeleteBucketPolicy', 's3:PutBucketPolicy'];
    expect(spoken(memberPermissions({ ...names, resources }))).toEqual([
      ['ReadPoliciesS3', ['s3:GetBucketPolicy'], ['arn:aws:s3:::pictures'], false],
      ['ReadPoliciesSqs', ['sqs:GetQueueAttributes'], ['arn:aws:sqs:eu-west-1:222222222222:jobs'], false],
      ['WritePoliciesS3', puts, ['arn:aws:s3:::pictures'], true],
    ]);
    expect(spoken(planPermissions({ ...names, resources }))).toEqual([
      ['ReadPoliciesS3', ['s3:GetBucketPolicy'], ['arn:aws:s3:::audit-logs'], false],
    ]);
    expect(spoken(applyPermissions({ ...names, resources }, 'own roles'))).toEqual([
      ['ReadPoliciesS3', ['s3:GetBucketPolicy'], ['arn:aws:s3:::audit-logs'], false],
      ['WritePoliciesS3', puts, ['arn:aws:s3:::audit-logs'], false],
    ]);
    const many = Array.from({ length: 21 }, (_, at) => `arn:aws:sns:eu-west-1:222222222222:news-${at}`);
    const [first] = spoken(memberPermissions({ ...names, resources: { home: [], members: many } }));
    expect(first).toEqual(['ReadPoliciesSns', ['sns:GetTopicAttributes'], ['arn:aws:sns:*:*:*'], false]);
  });

  it('of the plan write nothing', () => {
    const actions = planPermissions(names).Statement.flatMap(({ Action }) => Action);
    // A query is started to be read.
    const others = ['sts:AssumeRole', 'logs:StartQuery'];
    expect(actions.filter((action) => !isRead(action) && !others.includes(action))).toEqual([]);
  });
});

describe('the template', () => {
  const template = cloudFormation(installation) as {
    Resources: Record<string, { Condition: string; Properties: Record<string, unknown> }>;
  };

  it('makes the two roles where the reconciler runs and the third everywhere else', () => {
    const made = Object.entries(template.Resources).map(([key, { Condition, Properties }]) => [
      key,
      Condition,
      Properties['Path'],
      Properties['RoleName'],
    ]);
    expect(made).toEqual([
      ['Provider', 'MakesProvider', undefined, undefined],
      ['Plan', 'IsReconciler', '/gatehouse/', 'GatehousePlan'],
      ['Apply', 'IsReconciler', '/gatehouse/', 'GatehouseApply'],
      ['Member', 'IsMember', '/gatehouse/', 'GatehouseMember'],
    ]);
  });

  it("keeps within IAM's sizes", () => {
    for (const { Properties } of Object.values(template.Resources).slice(1)) {
      expect(JSON.stringify(Properties['AssumeRolePolicyDocument']).length).toBeLessThanOrEqual(2_048);
      expect(JSON.stringify(Properties['Policies']).length).toBeLessThanOrEqual(10_240);
    }
  });
});

describe('the role that reads the policies of resources', () => {
  const reader = { role: 'gatehouse/GatehouseResourceReader', externalId: 'acme-reads' };
  const withReader = { ...names, resourceReader: reader };
  const made = cloudFormation({ ...installation, names: withReader }) as {
    Resources: Record<string, { Condition: string; Properties: Record<string, unknown> }>;
  };

  it('is one of its own in every member account, which the plan alone enters', () => {
    expect(made.Resources['ResourceReader']).toMatchObject({
      Condition: 'IsMember',
      Properties: { RoleName: 'GatehouseResourceReader', Path: '/gatehouse/' },
    });
    const trust = JSON.stringify(made.Resources['ResourceReader']?.Properties['AssumeRolePolicyDocument']);
    expect(trust).toContain('acme-reads');
    expect(trust).toContain('role/gatehouse/GatehousePlan');
    expect(trust).not.toContain('GatehouseApply');
    expect(JSON.stringify(planPermissions(withReader))).toContain(
      'arn:aws:iam::*:role/gatehouse/GatehouseResourceReader',
    );
    expect(JSON.stringify(applyPermissions(withReader, 'own roles'))).not.toContain('GatehouseResourceReader');
    expect(JSON.stringify(memberPermissions(withReader))).not.toContain('s3:');
  });

  it('is the member role where none is named, and nobody where nothing is to be read', () => {
    const byMember = { ...names, resourceReader: { role: names.member } };
    expect(JSON.stringify(memberPermissions(byMember))).toContain('sqs:GetQueueAttributes');
    expect(cloudFormation({ ...installation, names: byMember })).not.toHaveProperty('Resources.ResourceReader');
    expect(JSON.stringify([memberPermissions(names), planPermissions(names)])).not.toContain('sqs:');
  });

  it('keeps within the size of a role', () => {
    expect(JSON.stringify(memberPermissions({ ...names, resourceReader: { role: names.member } })).length).toBeLessThan(
      10_240,
    );
    expect(JSON.stringify(planPermissions(withReader)).length).toBeLessThan(10_240);
  });
});

describe('a role that is judged', () => {
  const [first, second] = plan.trust.Statement;
  const changed = (key: string, value: unknown): unknown => ({
    ...plan.trust,
    Statement: [
      { ...first, Condition: { StringEquals: { ...first?.Condition?.['StringEquals'], [`${issuer}:${key}`]: value } } },
      second,
    ],
  });

  it('is right when it is what the template makes, in whatever order and case', () => {
    const shuffled = JSON.parse(
      JSON.stringify({ ...plan.trust, Statement: [...plan.trust.Statement].reverse() }).replaceAll(
        'StringEquals',
        'stringEquals',
      ),
    ) as unknown;
    expect(trustFindings(shuffled, plan.trust)).toEqual([]);
    expect(permissionFindings({ trust: {}, maxSession: 0, policies: [plan.permissions] }, plan.permissions)).toEqual(
      [],
    );
  });

  it.each([
    ['sub', 'repo:acme/aws-access:pull_request'],
    ['sub', ['repo:acme@123456/aws-access@456789:pull_request', 'repo:acme/aws-access:pull_request']],
    ['aud', 'other'],
    ['repository_id', '1'],
    ['job_workflow_ref', 'acme/aws-access/.github/workflows/plan.yml@refs/heads/main'],
  ])('is wrong when %s is %s', (key, value) => {
    const findings = trustFindings(changed(key, value), plan.trust);
    expect(findings[0]).toBe(`a statement does not pin ${key} with StringEquals to this repository's value`);
    expect(findings).toContain('nothing lets in what PlanOfAPullRequest stands for');
  });

  it('is wrong when a claim is compared with a pattern', () => {
    const loose = { ...first, Condition: { StringLike: { [`${issuer}:sub`]: 'repo:acme/*' } } };
    expect(trustFindings({ Statement: [loose] }, plan.trust)[0]).toContain(
      'does not pin aud, sub, repository_id, job_workflow_ref',
    );
  });

  it('is wrong when its sessions are shorter than the workflow asks for', () => {
    const live = { trust: apply.trust, policies: [apply.permissions] };
    expect(roleFindings({ ...live, maxSession: 7_200 }, apply)).toEqual([]);
    expect(roleFindings({ ...live, maxSession: 3_600 }, apply)).toEqual([
      'its sessions end after 3600 seconds, and the workflow asks for up to 7200',
    ]);
  });

  it('is wrong when somebody else is let in too', () => {
    const stranger = {
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::999999999999:root' },
      Action: 'sts:AssumeRole',
    };
    expect(trustFindings({ Statement: [...plan.trust.Statement, stranger] }, plan.trust)).toEqual([
      'it also lets in arn:aws:iam::999999999999:root',
    ]);
    expect(providerArn('111111111111')).toContain(issuer);
  });

  it('is wrong when it may more, may less, or is denied less', () => {
    const admin = { Statement: { Effect: 'Allow', Action: '*', Resource: '*' } };
    const findings = (policy: unknown) =>
      permissionFindings({ trust: {}, maxSession: 0, policies: [policy] }, apply.permissions);
    expect(findings(admin).join(' ')).toMatch(
      /^it may more than it needs: \* it does not deny organizations:CloseAccount/,
    );
    expect(
      findings({ Statement: apply.permissions.Statement.filter(({ Effect }) => Effect === 'Deny') }).join(' '),
    ).toMatch(/^it may not access-analyzer/);
    const open = { Statement: [...apply.permissions.Statement, { Effect: 'Allow', NotAction: 's3:*', Resource: '*' }] };
    expect(findings(open)).toEqual(['it allows by NotAction, which is everything but a list']);
  });
});

describe('the workflows', () => {
  it('ask for no longer sessions than the roles give', () => {
    const asked = (name: string): number => {
      const text = readFileSync(join(import.meta.dirname, `../../../.github/workflows/${name}.yml`), 'utf8');
      return Number(/role-duration-seconds: (\d+)/.exec(text)?.[1]);
    };
    expect([
      asked('gatehouse') <= plan.seconds,
      asked('drift') <= plan.seconds,
      asked('apply') <= apply.seconds,
    ]).toEqual([true, true, true]);
  });
});
