/** Plans made by hand, as the planner would make them. */
import type { Change, Plan } from '../../src/model/plan.ts';
import type { PolicyDocument } from '../../src/model/policy.ts';
import type { Assignment, ControlPolicy, PermissionSet, Resource } from '../../src/model/resource.ts';
import { keyOf } from '../../src/model/resource.ts';

export const emptyPlan: Plan = {
  version: 1,
  organization: 'o-securecart0',
  generatedAt: '2026-11-02T08:00:00.000Z',
  fingerprint: '9f2c4e6a8b0d1f3a5c7e9b1d3f5a7c9e1b3d5f7a9c1e3b5d7f9a1c3e5b7d9f1a',
  summary: { create: 0, update: 0, delete: 0 },
  changes: [],
  access: [],
  guards: [],
  tests: [],
  interruptions: [],
  expiring: [],
  unmanaged: [],
  coverage: [],
  unresolved: [],
  unread: [],
  held: [],
  notes: [],
  lanes: [],
  reads: { route: 'none', calls: {} },
  estimate: { calls: 0, seconds: 0 },
};

type Common = Omit<Change, 'id' | 'kind' | 'key' | 'action' | 'before' | 'after'>;
const common: Common = { phase: 'grant', risk: 'low', dependsOn: [] };
type Extra = Partial<Common>;

const named = (action: string, resource: Resource) => ({
  id: `${action}:${keyOf(resource)}`,
  kind: resource.kind,
  key: keyOf(resource),
});

export const create = (after: Resource, extra: Extra = {}): Change => ({
  ...common,
  ...extra,
  ...named('create', after),
  action: 'create',
  after,
});
export const update = (before: Resource, after: Resource, extra: Extra = {}): Change => ({
  ...common,
  ...extra,
  ...named('update', after),
  action: 'update',
  before,
  after,
});
export const remove = (before: Resource, extra: Extra = {}): Change => ({
  ...common,
  phase: 'revoke',
  ...extra,
  ...named('delete', before),
  action: 'delete',
  before,
});

export const planOf = (changes: readonly Change[], rest: Partial<Plan> = {}): Plan => {
  const count = (action: Change['action']): number => changes.filter((change) => change.action === action).length;
  return {
    ...emptyPlan,
    summary: { create: count('create'), update: count('update'), delete: count('delete') },
    changes,
    ...rest,
  };
};

export const assignment = (group: string, permissionSet: string, account: string): Assignment => ({
  kind: 'assignment',
  principal: { type: 'group', name: group },
  permissionSet,
  account,
});

export const regions = (...allowed: readonly string[]): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'OutsideAllowedRegions',
      Effect: 'Deny',
      NotAction: ['iam:*', 'organizations:*', 'sts:*', 'cloudfront:*', 'route53:*', 'support:*'],
      Resource: '*',
      Condition: { StringNotEquals: { 'aws:RequestedRegion': allowed } },
    },
    { Sid: 'NoRoot', Effect: 'Deny', Action: '*', Resource: '*' },
  ],
});

export const scp = (name: string, document: PolicyDocument): ControlPolicy => ({
  kind: 'scp',
  name,
  description: `What ${name} denies`,
  document,
  owner: 'securecart/aws-access',
  scope: 'all',
});

const developer: PermissionSet = {
  kind: 'permission-set',
  name: 'SecureCart-Developer',
  description: 'Deploy with CodeDeploy; no customer data',
  sessionDuration: 28_800,
  tags: { team: 'engineering' },
  managedPolicies: [
    'arn:aws:iam::aws:policy/AWSCodeDeployFullAccess',
    'arn:aws:iam::aws:policy/CloudWatchReadOnlyAccess',
  ],
  customerManagedPolicies: [],
  outdatedIn: [],
  owner: 'securecart/aws-access',
  scope: 'all',
};

const origin = (file: string, line: number) => ({ origin: { file, line } });

export const smallPlan = planOf(
  [
    create(
      { kind: 'ou', path: 'Workloads/Production', name: 'Production', owner: 'securecart/aws-access' },
      { phase: 'prepare', ...origin('access/organization.yaml', 6) },
    ),
    update(scp('AllowedRegions', regions('eu-west-1')), scp('AllowedRegions', regions('eu-central-1', 'eu-west-1')), {
      phase: 'relax',
      risk: 'medium',
      ...origin('scps/allowed-regions.yaml', 2),
    }),
    create(
      {
        kind: 'attachment',
        policy: { kind: 'scp', name: 'DenyRootUser' },
        target: { type: 'ou', path: 'Workloads/Production' },
      },
      { phase: 'restrict', ...origin('scps/bindings.yaml', 4) },
    ),
    update(
      { ...developer, sessionDuration: 3_600, tags: {}, outdatedIn: ['SecureCart-Production'] },
      {
        ...developer,
        managedPolicies: ['arn:aws:iam::aws:policy/AWSCodeDeployFullAccess'],
        inlinePolicy: {
          Version: '2012-10-17',
          Statement: [
            { Effect: 'Deny', Action: 'dynamodb:GetItem', Resource: 'arn:aws:dynamodb:*:*:table/customers*' },
          ],
        },
      },
      origin('permission-sets/developer.yaml', 1),
    ),
    ...['Dev', 'Staging', 'Production'].map((account) =>
      create(
        assignment('SecureCart-Developers', 'SecureCart-Developer', `SecureCart-${account}`),
        origin('access/groups/developers.yaml', 9),
      ),
    ),
    remove({ kind: 'membership', group: 'SecureCart-Finance', user: 'ada@securecart.example' }),
  ],
  {
    access: [
      {
        principal: 'group:SecureCart-Developers',
        people: 12,
        accounts: ['SecureCart-Dev', 'SecureCart-Staging', 'SecureCart-Production'],
        gained: [
          { service: 'codedeploy', level: 'write', actions: ['codedeploy:CreateDeployment'], bound: 'certain' },
          { service: 's3', level: 'read', actions: ['s3:GetObject', 's3:ListBucket'], bound: 'possible' },
        ],
        lost: [],
        changed: [],
        risk: 'medium',
      },
    ],
    guards: [
      { id: 'break-glass', ok: true, message: 'break-glass reaches every account' },
      { id: 'delete-budget', ok: true, message: '1 of 25' },
    ],
    tests: [{ name: 'Support never deletes', ok: true }],
    expiring: [
      { key: 'assignment/group:SecureCart-Vendors:SecureCart-Vendor@SecureCart-Staging', until: '2026-11-20' },
    ],
    unmanaged: [
      { kind: 'permission-set', key: 'permission-set/LegacyAdmins' },
      { kind: 'assignment', key: 'assignment/user:root%40securecart.example:LegacyAdmins@SecureCart-Sandbox' },
    ],
    notes: [{ message: 'CloudWatchReadOnlyAccess in AWS is newer than the catalogue of 2026-09-26' }],
    reads: { route: 'pairs', calls: { 'sso-admin:ListAccountAssignments': 41, 'organizations:ListAccounts': 1 } },
    estimate: { calls: 37, seconds: 21 },
  },
);

export const criticalPlan = planOf(
  [
    create(assignment('SecureCart-Ops', 'AdministratorAccess', 'SecureCart-Production'), {
      risk: 'critical',
      ...origin('access/groups/ops.yaml', 12),
    }),
    create(assignment('SecureCart-Vendors', 'SecureCart-Vendor', 'SecureCart-Staging'), { risk: 'high' }),
    remove(
      { kind: 'attachment', policy: { kind: 'scp', name: 'DenyRootUser' }, target: { type: 'root' } },
      { phase: 'relax', risk: 'critical' },
    ),
    update(
      { kind: 'account', name: 'SecureCart-Sandbox', id: '777777777777', parent: 'Sandbox' },
      { kind: 'account', name: 'SecureCart-Sandbox', id: '777777777777', parent: 'Workloads/Production' },
      { phase: 'restrict', risk: 'high' },
    ),
    update(
      { ...developer, name: 'LegacyAdmins', owner: undefined, scope: undefined } as unknown as PermissionSet,
      { ...developer, name: 'LegacyAdmins', scope: 'declared' },
      { adopts: true },
    ),
  ],
  {
    access: [
      {
        principal: 'group:SecureCart-Ops',
        people: 5,
        accounts: ['SecureCart-Production'],
        gained: [
          {
            service: 'iam',
            level: 'permissions management',
            actions: ['CreateRole', 'PutRolePolicy', 'AttachRolePolicy', 'PassRole'].map((action) => `iam:${action}`),
            bound: 'certain',
          },
        ],
        lost: [],
        changed: [],
        risk: 'critical',
      },
      {
        principal: 'user:ada@securecart.example',
        people: 1,
        accounts: ['SecureCart-Management'],
        gained: [],
        lost: [{ service: 'aws-portal', level: 'read', actions: ['aws-portal:ViewBilling'], bound: 'certain' }],
        changed: [],
        risk: 'low',
      },
    ],
    guards: [
      { id: 'last-guard-rail', ok: false, message: 'DenyRootUser would leave Root; nothing else denies the root user' },
      { id: 'break-glass', ok: true, message: 'break-glass reaches every account' },
    ],
    tests: [{ name: 'The root user of a member account does nothing', ok: false }],
    interruptions: [
      {
        principal: 'group:SecureCart-Ops',
        account: 'SecureCart-Production',
        message: 'about 20 seconds without access',
      },
    ],
    unresolved: [
      {
        name: 'user:eve@partner.example',
        message: 'is not in the identity store; 2 memberships are left out',
        origin: { file: 'access/groups/vendors.yaml', line: 5 },
      },
    ],
    unread: [
      { scope: 'account/SecureCart-LogArchive', reason: 'AccessDenied: not authorized to perform sts:AssumeRole' },
    ],
    held: [{ id: 'x', key: 'scp/aws-guardrails-1', reason: 'tagged for another owner, platform/landing-zone' }],
    estimate: { calls: 12, seconds: 140 },
    reads: { route: 'principals', calls: { 'sso-admin:ListAccountAssignmentsForPrincipal': 1_204 } },
  },
);

export const hugePlan: Plan = planOf(
  [...Array(3_000).keys()].map((index) =>
    index % 50 === 0
      ? update(
          scp(`Policy-${String(index)}`, regions('eu-west-1')),
          scp(`Policy-${String(index)}`, regions('eu-west-1', `eu-${String(index)}`)),
          { phase: 'restrict', risk: index % 100 === 0 ? 'critical' : 'low' },
        )
      : create(assignment(`Team-${String(index % 700)}`, `Set-${String(index % 9)}`, `Account-${String(index)}`), {
          risk: index % 1_000 === 1 ? 'critical' : 'low',
        }),
  ),
  {
    access: [...Array(900).keys()].map((index) => ({
      principal: `group:Team-${String(index)}`,
      people: index,
      accounts: [`Account-${String(index)}`],
      gained: [{ service: 's3', level: 'write', actions: ['s3:PutObject'], bound: 'certain' as const }],
      lost: [],
      changed: [],
      risk: index === 500 ? ('critical' as const) : ('low' as const),
    })),
    unmanaged: [...Array(400).keys()].map((index) => ({
      kind: 'assignment' as const,
      key: `assignment/user:person-${String(index)}:Old@Account-${String(index)}`,
    })),
    estimate: { calls: 6_000, seconds: 900 },
  },
);
