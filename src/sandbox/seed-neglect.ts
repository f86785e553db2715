/** What becomes of accounts that nobody looks after: something for every rule of an audit to find. */
import { ssoAdminOperations } from './identity-center/operations.ts';
import type { SandboxCall, IdCounter, CallInput } from './core.ts';
import { nextUuid } from './core.ts';
import { administratorPolicy } from './seed-accounts.ts';
import type { AccessKey, SandboxIamUser } from './iam/state.ts';
import { iamOf, putRole, putUser, uniqueId } from './iam/state.ts';
import type { AnalyzerFindingType } from './access-analyzer/state.ts';
import type { Trail } from './cloudtrail/state.ts';
import { leaveOpen } from './seed-resources.ts';
import type { SandboxWorld } from './world.ts';

type NeglectSeed = { readonly world: SandboxWorld; readonly ids: IdCounter; readonly now: number };

const day = 24 * 3_600_000;
const ago = (now: number, days: number): string => new Date(now - days * day).toISOString();

const document = (statement: object): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] });

type NeglectedKey = { readonly age: number; readonly used?: number };

const keyOf = ({ ids, now }: NeglectSeed, { age, used }: NeglectedKey): AccessKey => ({
  id: uniqueId(ids, 'AKIA'),
  CreateDate: ago(now, age),
  status: 'Active',
  ...(used === undefined ? {} : { lastUsed: { date: ago(now, used), region: 'us-east-1', service: 's3' } }),
});

type NeglectedPerson = {
  readonly name: string;
  readonly age: number;
  readonly login?: 'used' | 'unused';
  readonly keys?: readonly NeglectedKey[];
  readonly administrator?: true;
};

const loginOf = ({ now }: NeglectSeed, { age, login }: NeglectedPerson): Pick<SandboxIamUser, 'login'> => {
  if (login === undefined) return {};
  const used = login === 'used' ? { lastUsed: ago(now, 3) } : {};
  return { login: { CreateDate: ago(now, age), changed: ago(now, age), ...used } };
};

const hire = (scene: NeglectSeed, account: string, person: NeglectedPerson): void => {
  const { name, age, keys = [], administrator } = person;
  putUser(scene.world, account, {
    Path: '/',
    UserName: name,
    UserId: uniqueId(scene.ids, 'AIDA'),
    Arn: `arn:aws:iam::${account}:user/${name}`,
    CreateDate: ago(scene.now, age),
    Tags: [],
    inline: {},
    attached: administrator === undefined ? [] : [administratorPolicy],
    keys: keys.map((key) => keyOf(scene, key)),
    mfa: [],
    ...loginOf(scene, person),
  });
};

/** A root user with a key and without MFA, users of old, no password policy. */
const people = (scene: NeglectSeed, account: string): void => {
  const iam = iamOf(scene.world, account);
  const changed = ago(scene.now, 900);
  iam.root = { created: changed, password: { changed }, mfa: false, keys: [keyOf(scene, { age: 900 })] };
  delete iam.passwordPolicy;
  hire(scene, account, { name: 'deploy-bot', age: 700, keys: [{ age: 700, used: 1 }, { age: 30 }] });
  hire(scene, account, { name: 'intern', age: 200, login: 'unused' });
  hire(scene, account, { name: 'founder', age: 1200, login: 'used', administrator: true });
};

const outsider = '424242424242';

const rolesAndPolicies = ({ world, ids, now }: NeglectSeed, account: string): void => {
  const scene = { iam: world.iam, ids };
  const made = { account, path: '/', now: now - 400 * day };
  const trust = (Principal: object) => document({ Principal, Action: 'sts:AssumeRole' });
  putRole(scene, { ...made, name: 'old-batch', trust: trust({ Service: 'ec2.amazonaws.com' }) });
  putRole(scene, { ...made, name: 'partner-access', trust: trust({ AWS: `arn:aws:iam::${outsider}:root` }) });
  const dead = 'AROAJ6DELETEDLONGAGO1';
  putRole(scene, { ...made, name: 'deployer', trust: trust({ AWS: dead }), principals: { [dead]: dead } });
  const Arn = `arn:aws:iam::${account}:policy/deploy-helper`;
  const Document = document({ Action: ['iam:PassRole', 'lambda:*', 'iam:CreatePolicyVersion'], Resource: '*' });
  iamOf(world, account).policies[Arn] = {
    PolicyName: 'deploy-helper',
    PolicyId: uniqueId(ids, 'ANPA'),
    Arn,
    Path: '/',
    DefaultVersionId: 'v1',
    CreateDate: ago(now, 400),
    UpdateDate: ago(now, 400),
    versions: [{ VersionId: 'v1', Document, CreateDate: ago(now, 400) }],
    nextVersion: 2,
    Tags: [],
  };
};

type TrailSettings = Partial<Pick<Trail, 'IsMultiRegionTrail' | 'LogFileValidationEnabled' | 'isLogging'>>;

const trail = ({ world }: NeglectSeed, account: string, more: TrailSettings): void => {
  const { region } = world.sso;
  world.cloudTrail.trails[account] = [
    {
      Name: 'audit-trail',
      TrailARN: `arn:aws:cloudtrail:${region}:${account}:trail/audit-trail`,
      HomeRegion: region,
      S3BucketName: `audit-trail-${account}`,
      IncludeGlobalServiceEvents: true,
      IsMultiRegionTrail: true,
      IsOrganizationTrail: false,
      LogFileValidationEnabled: true,
      isLogging: true,
      ...more,
    },
  ];
};

type LeakFinding = { readonly type: AnalyzerFindingType; readonly resource: string; readonly resourceType: string };

/** An analyzer of the account's own, with findings that nobody ever looked at. */
const analyzer = ({ world, ids, now }: NeglectSeed, account: string, access: 'ACCOUNT' | 'ACCOUNT_UNUSED_ACCESS') => {
  const { region } = world.sso;
  const state = (world.accessAnalyzer[account] ??= { analyzers: [], findings: [] });
  const arn = `arn:aws:access-analyzer:${region}:${account}:analyzer/${access.toLowerCase()}`;
  const createdAt = ago(now, 300);
  state.analyzers.push({ arn, name: access.toLowerCase(), type: access, region, createdAt, status: 'ACTIVE' });
  return ({ type, resource, resourceType }: LeakFinding): void => {
    state.findings.push({
      id: nextUuid(ids),
      analyzerArn: arn,
      findingType: type,
      resource,
      resourceType,
      resourceOwnerAccount: account,
      createdAt: ago(now, 250),
      status: 'ACTIVE',
      details: type === 'ExternalAccess' ? { externalAccessDetails: { isPublic: true, condition: {} } } : {},
    });
  };
};

const analyzers = (scene: NeglectSeed, account: string): void => {
  analyzer(
    scene,
    account,
    'ACCOUNT',
  )({
    type: 'ExternalAccess',
    resource: 'arn:aws:s3:::team-share-2019',
    resourceType: 'AWS::S3::Bucket',
  });
  analyzer(
    scene,
    account,
    'ACCOUNT_UNUSED_ACCESS',
  )({
    type: 'UnusedIAMRole',
    resource: `arn:aws:iam::${account}:role/old-batch`,
    resourceType: 'AWS::IAM::Role',
  });
};

/** A set of which somebody has two ways, a group that everybody left, and a delegate. */
const identityCenter = (scene: NeglectSeed, account: string): void => {
  const { world, now, ids } = scene;
  const legacy = Object.values(world.sso.permissionSets).find(({ name }) => name === 'legacy-admins');
  const [membership] = Object.values(world.identityStore.memberships);
  const stamps = { createdAt: now, createdBy: 'console', updatedAt: now, updatedBy: 'console' };
  const groupId = nextUuid(ids);
  const group = { ...stamps, groupId, displayName: 'project-phoenix', description: null, externalIds: [] };
  world.identityStore.groups[groupId] = group;
  if (legacy === undefined || membership === undefined) return;
  const assign = assigning(scene, { permissionSetArn: legacy.arn, account });
  assign('GROUP', membership.groupId);
  assign('USER', membership.userId);
  const { management } = world.organizations;
  assigning(scene, { permissionSetArn: legacy.arn, account: management })('GROUP', groupId);
};

const delegate = ({ world, now }: NeglectSeed, account: string): void => {
  if (account === world.organizations.management) return;
  world.organizations.delegatedAdministrators = [{ account, services: ['sso.amazonaws.com'], since: now }];
};

type SeededAssignment = { readonly permissionSetArn: string; readonly account: string };

const assigning = ({ world, now }: NeglectSeed, { permissionSetArn, account }: SeededAssignment) => {
  const catalogue = { has: () => true, arns: () => [], arnOf: () => undefined, document: () => undefined };
  const management = world.organizations.management;
  const principalArn = `arn:aws:sts::${management}:assumed-role/Admin/console`;
  const call: SandboxCall = {
    service: 'sso-admin',
    operation: 'CreateAccountAssignment',
    caller: { account: management, principalArn, userId: 'AROASANDBOXADMINROLE0:console' },
    account: management,
    principalArn,
    accessKeyId: '',
    source: { ip: '127.0.0.1', agent: '-' },
    region: world.sso.region,
    now,
    catalogue,
  };
  return (PrincipalType: 'GROUP' | 'USER', PrincipalId: string): void => {
    const input: CallInput = {
      InstanceArn: world.sso.instanceArn,
      PermissionSetArn: permissionSetArn,
      TargetId: account,
      TargetType: 'AWS_ACCOUNT',
      PrincipalType,
      PrincipalId,
    };
    ssoAdminOperations['CreateAccountAssignment']?.(world, input, call);
    ssoAdminOperations['ListAccountAssignmentCreationStatus']?.(world, { InstanceArn: world.sso.instanceArn }, call);
  };
};

/** The last accounts fare worst. Ids come from a sequence of their own, so that what else is seeded keeps its ids. */
export const neglect = (world: SandboxWorld, now: number): void => {
  const scene: NeglectSeed = { world, now, ids: { next: 2_000_000 } };
  const { management, accounts } = world.organizations;
  const members = Object.keys(accounts).filter((id) => id !== management);
  const [last = management, beforeLast = management, third = management] = members.toReversed();
  world.cloudTrail.trails[management] = [];
  world.accessAnalyzer[management] = { analyzers: [], findings: [] };
  trail(scene, management, { IsMultiRegionTrail: false });
  trail(scene, third, { LogFileValidationEnabled: false });
  trail(scene, beforeLast, { isLogging: false });
  people(scene, last);
  rolesAndPolicies(scene, last);
  analyzers(scene, beforeLast);
  const weak = iamOf(world, beforeLast);
  weak.passwordPolicy = { ...weak.passwordPolicy, MinimumPasswordLength: 8, PasswordReusePrevention: 3 };
  identityCenter(scene, last);
  delegate(scene, third);
  leaveOpen(scene, last);
};
