/** What every account has from the day it joined: the ways in, and the security that somebody set up once. */
import { administratorRole } from './caller.ts';
import type { IdCounter } from './core.ts';
import { nextId } from './core.ts';
import { iamOf, putRole } from './iam/state.ts';
import type { Trail } from './cloudtrail/state.ts';
import type { SandboxWorld } from './world.ts';

/** The role that the reconciler assumes in member accounts. */
export type SeededMemberRole = { readonly name: string; readonly path?: string; readonly externalId?: string };

export const administratorPolicy = {
  PolicyName: 'AdministratorAccess',
  PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess',
};

const trustOf = (management: string, more: object): string => {
  const Principal = { AWS: `arn:aws:iam::${management}:root` };
  return JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal, ...more }] });
};

const memberTrust = ({ externalId }: SeededMemberRole): object => ({
  Action: ['sts:AssumeRole', 'sts:TagSession'],
  ...(externalId === undefined ? {} : { Condition: { StringEquals: { 'sts:ExternalId': externalId } } }),
});

type AccountSeeding = { readonly ids: IdCounter; readonly now: number; readonly member: SeededMemberRole };

type AccountSeed = { readonly iam: SandboxWorld['iam']; readonly ids: IdCounter; readonly management: string };

/** The role that Organizations makes in every account that it creates. */
export const openCreated = (
  scene: AccountSeed,
  account: string,
  { name, now }: { name: string; now: number },
): void => {
  const trust = trustOf(scene.management, { Action: 'sts:AssumeRole' });
  putRole(scene, { account, name, path: '/', trust, now, attached: [administratorPolicy] });
};

/** A bootstrap made a second role. The management account has neither. */
const openAccount = (world: SandboxWorld, account: string, { now, ids, member }: AccountSeeding): void => {
  const { management } = world.organizations;
  const scene = { iam: world.iam, ids, management };
  openCreated(scene, account, { name: 'OrganizationAccountAccessRole', now });
  const { name, path = '/' } = member;
  const trust = trustOf(management, memberTrust(member));
  putRole(scene, { account, name, path, trust, now, attached: [administratorPolicy] });
};

/** Where the person at the keyboard is from: tools ask IAM for the role behind their own session. */
export const openManagement = (world: SandboxWorld, account: string, now: number): void => {
  const trust = trustOf(account, { Action: 'sts:AssumeRole' });
  putRole(world, { ...administratorRole, account, path: '/', trust, now, attached: [administratorPolicy] });
};

const passwordPolicy = {
  MinimumPasswordLength: 14,
  RequireSymbols: true,
  RequireNumbers: true,
  RequireUppercaseCharacters: true,
  RequireLowercaseCharacters: true,
  AllowUsersToChangePassword: true,
  ExpirePasswords: false,
  PasswordReusePrevention: 24,
};

/** The management account signs in with a password and MFA; a member's root user has neither ("root access management"). */
const secureRoot = (world: SandboxWorld, account: string, now: number): void => {
  const iam = iamOf(world, account);
  const changed = new Date(now).toISOString();
  iam.root =
    account === world.organizations.management
      ? { created: changed, password: { changed }, mfa: true, keys: [] }
      : { created: changed, mfa: false, keys: [] };
  iam.passwordPolicy = passwordPolicy;
};

const organizationTrail = (world: SandboxWorld): Trail => ({
  Name: 'organization',
  TrailARN: `arn:aws:cloudtrail:${world.sso.region}:${world.organizations.management}:trail/organization`,
  HomeRegion: world.sso.region,
  S3BucketName: 'organization-trail',
  IncludeGlobalServiceEvents: true,
  IsMultiRegionTrail: true,
  IsOrganizationTrail: true,
  LogFileValidationEnabled: true,
  isLogging: true,
});

const organizationAnalyzers = (world: SandboxWorld, { ids, now }: AccountSeeding): void => {
  const { management } = world.organizations;
  const analyzer = (name: string, type: 'ORGANIZATION' | 'ORGANIZATION_UNUSED_ACCESS') => ({
    arn: `arn:aws:access-analyzer:${world.sso.region}:${management}:analyzer/${name}-${nextId(ids, 6)}`,
    name,
    type,
    region: world.sso.region,
    createdAt: new Date(now).toISOString(),
    status: 'ACTIVE' as const,
  });
  world.accessAnalyzer[management] = {
    analyzers: [analyzer('external', 'ORGANIZATION'), analyzer('unused', 'ORGANIZATION_UNUSED_ACCESS')],
    findings: [],
  };
};

/** `ids` are the accounts' own sequence, so that what else is seeded keeps its ids. */
export const openAccounts = (world: SandboxWorld, member: SeededMemberRole, now: number): void => {
  const seeding = { now, ids: { next: 1_000_000 }, member };
  const { management, accounts } = world.organizations;
  for (const account of Object.keys(accounts)) {
    if (account !== management) openAccount(world, account, seeding);
    else openManagement(world, account, now);
    secureRoot(world, account, now);
  }
  world.cloudTrail.trails[management] = [organizationTrail(world)];
  organizationAnalyzers(world, seeding);
};
