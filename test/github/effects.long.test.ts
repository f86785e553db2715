/** What a pull request needs is what its effect on AWS as it is demands: hand-made access and foreign guard rails count. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { shop, support } from './shop.ts';
import { approve, bodyOn, mergePull, openSettledStage, proposeEdit } from './stage.ts';
import type { Ran, Stage } from './stage.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

let stage: Stage;
beforeEach(async () => {
  stage = await openSettledStage();
});
afterEach(() => stage.close());

type Named = { readonly DisplayName?: string; readonly GroupId?: string; readonly Name?: string; readonly Id?: string };
const list = async (service: string, operation: string, input: object, field: string): Promise<readonly Named[]> =>
  (await stage.call(service, operation, input))[field] as readonly Named[];

/** A broker, or somebody in the console, makes a group administrators of the management account. */
const handMade = async (group: string): Promise<void> => {
  const [instance] = (await stage.call('sso-admin', 'ListInstances', {}))['Instances'] as readonly {
    InstanceArn: string;
    IdentityStoreId: string;
  }[];
  const { InstanceArn, IdentityStoreId } = instance ?? { InstanceArn: '', IdentityStoreId: '' };
  const made = await stage.call('sso-admin', 'CreatePermissionSet', {
    InstanceArn,
    Name: 'HandMadeAdmin',
    SessionDuration: 'PT1H',
  });
  const { PermissionSetArn } = made['PermissionSet'] as { readonly PermissionSetArn: string };
  const ManagedPolicyArn = 'arn:aws:iam::aws:policy/AdministratorAccess';
  await stage.call('sso-admin', 'AttachManagedPolicyToPermissionSet', {
    InstanceArn,
    PermissionSetArn,
    ManagedPolicyArn,
  });
  const groups = await list('identitystore', 'ListGroups', { IdentityStoreId }, 'Groups');
  const GroupId = groups.find(({ DisplayName }) => DisplayName === group)?.GroupId;
  const target = { TargetId: '111111111111', TargetType: 'AWS_ACCOUNT', PrincipalType: 'GROUP', PrincipalId: GroupId };
  await stage.call('sso-admin', 'CreateAccountAssignment', { InstanceArn, PermissionSetArn, ...target });
};

const spared = [
  'arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*AWSReservedSSO_Shop-BreakGlass_*',
  'arn:aws:iam::*:role/gatehouse/*',
];

/** Another tool hangs a guard rail on Workloads. */
const foreignRail = async (): Promise<void> => {
  const Condition = { ArnNotLike: { 'aws:PrincipalArn': spared } };
  const statement = { Effect: 'Deny', Action: ['s3:*', 'cloudtrail:*'], Resource: '*', Condition };
  const Content = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  const policy = { Name: 'theirs', Description: 'x', Type: 'SERVICE_CONTROL_POLICY', Content };
  const made = await stage.call('organizations', 'CreatePolicy', policy);
  const { Id } = (made['Policy'] as { readonly PolicySummary: Named }).PolicySummary;
  const [root] = await list('organizations', 'ListRoots', {}, 'Roots');
  const ous = await list(
    'organizations',
    'ListOrganizationalUnitsForParent',
    { ParentId: root?.Id },
    'OrganizationalUnits',
  );
  const target = ous.find(({ Name }) => Name === 'Workloads')?.Id;
  await stage.call('organizations', 'AttachPolicy', { PolicyId: Id, TargetId: target });
};

const after = async (
  files: Readonly<Record<string, string>>,
  ...who: readonly string[]
): Promise<Ran & { pull: number }> => {
  const pull = await proposeEdit(stage, `b${who.length}`, { files });
  await approve(stage, pull, ...who);
  await mergePull(stage, pull);
  return { ...(await stage.apply()), pull };
};

const missing = 'risk critical: needs 2 approvals from ada or grace, has grace';
const joined = { 'access/groups/support.yaml': support.replace('[kofi@', '[lena@shop.example, kofi@') };
const organization = shop['access/organization.yaml'] ?? '';
const [dev = ''] = / +Shop-Dev.*\n/.exec(organization) ?? [];
const moved = { 'access/organization.yaml': `accounts:\n  ${dev.trim()}\n${organization.replace(dev, '')}` };

describe('a group that a broker made administrators', () => {
  beforeEach(() => handMade('Shop-Support'));

  it('is joined on no single approval: the comment asks for those of an administrator, and the apply holds', async () => {
    const pull = await proposeEdit(stage, 'join', { files: joined });
    await stage.plan(pull);
    expect(bodyOn(stage, pull, 'plan')).toContain('risk critical: 2 approvals from ada or grace');
    await approve(stage, pull, 'grace');
    await mergePull(stage, pull);
    const ran = await stage.apply();
    expect(ran).toMatchObject({ exit: 3 });
    expect(ran.out).toContain(`its effect on AWS as it is demands more: ${missing}`);
  });

  it('is joined on the approvals of an administrator', async () => {
    expect(await after(joined, 'grace', 'ada')).toMatchObject({ exit: 0 });
  });

  it('keeps in the record whose end one approval has moved', async () => {
    const until = (day: string) => ({
      'access/groups/support.yaml': support.replace('[kofi@', `[{ user: lena@shop.example, until: ${day} }, kofi@`),
    });
    expect(await after(until('2026-12-10'), 'grace', 'ada')).toMatchObject({ exit: 0 });
    const ran = await after(until('2027-12-10'), 'grace');
    expect(ran).toMatchObject({ exit: 3 });
    expect(ran.out).toContain('moved its end, and its effect on AWS as it is demands more');
    expect(ran.out).toContain(missing);
    expect(await stage.apply()).toMatchObject({ exit: 3 });
  });

  it('loses its members on one approval: that opens nothing', async () => {
    const none = { 'access/groups/support.yaml': support.replace('[kofi@shop.example]', '[]') };
    expect(await after(none, 'grace')).toMatchObject({ exit: 0 });
  });
});

describe('a guard rail that Git does not know', () => {
  beforeEach(foreignRail);

  it('is not left on one approval', async () => {
    const ran = await after(moved, 'grace');
    expect(ran).toMatchObject({ exit: 3 });
    expect(ran.out).toContain(missing);
    expect(await stage.apply()).toMatchObject({ exit: 3 });
  });

  it('is left on the approvals that critical changes need', async () => {
    expect(await after(moved, 'grace', 'ada')).toMatchObject({ exit: 0 });
  });
});

describe('what is approved by itself', () => {
  it('is not made while what made it harmless is held', async () => {
    const admin = 'permissionSet: Shop-Admin\nsessionDuration: 1h\nmanagedPolicies: [AdministratorAccess]\n';
    const given = `${support}  - { permissionSet: Shop-Admin, accounts: [Shop-Management] }\n`;
    const files = { 'permission-sets/admin.yaml': admin, 'access/groups/support.yaml': given };
    expect(await after(files, 'grace', 'ada')).toMatchObject({ exit: 0 });
    const taken = await proposeEdit(stage, 'taken', { files: { 'access/groups/support.yaml': support } });
    await mergePull(stage, taken);
    const ran = await after(joined, 'grace');
    expect(ran).toMatchObject({ exit: 3 });
    expect(ran.out).toContain('does not count');
    expect(ran.out).toContain('membership/Shop-Support:lena@shop.example');
    expect(ran.out).toContain('2 held');
  });
});
