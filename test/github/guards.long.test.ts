/** What guards refuse of pull requests that everybody approved, on AWS as others have made it. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { shop } from './shop.ts';
import { approve, bodyOn, mergePull, openSettledStage, proposeEdit } from './stage.ts';
import type { Ran, Stage } from './stage.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

let stage: Stage;
beforeEach(async () => {
  stage = await openSettledStage();
});
afterEach(() => stage.close());

type Files = Readonly<Record<string, string | null>>;
let pulls = 0;
/** Everybody has approved it. */
const merged = async (files: Files): Promise<Ran> => {
  pulls += 1;
  const pull = await proposeEdit(stage, `guards-${pulls}`, { files });
  await approve(stage, pull, 'ada', 'grace');
  await mergePull(stage, pull);
  return stage.apply();
};

type Named = { readonly Id?: string; readonly Name?: string };
const found = async (operation: string, input: object, field: string): Promise<readonly Named[]> =>
  (await stage.call('organizations', operation, input))[field] as readonly Named[];
const rootId = async (): Promise<string> => (await found('ListRoots', {}, 'Roots'))[0]?.Id ?? '';
const workloads = async (): Promise<string> => {
  const input = { ParentId: await rootId() };
  const ous = await found('ListOrganizationalUnitsForParent', input, 'OrganizationalUnits');
  return ous.find(({ Name }) => Name === 'Workloads')?.Id ?? '';
};
const hangingAt = async (target: string, Filter: string): Promise<readonly string[]> =>
  (await found('ListPoliciesForTarget', { TargetId: target, Filter }, 'Policies')).map(({ Name }) => Name ?? '').sort();

/** Another tool makes a policy and hangs it up. */
const foreign = async (Type: string, statement: object, target: string): Promise<void> => {
  const Content = JSON.stringify({ Version: '2012-10-17', Statement: [{ Resource: '*', ...statement }] });
  const made = await stage.call('organizations', 'CreatePolicy', { Name: 'theirs', Description: 'x', Type, Content });
  const { Id } = (made['Policy'] as { readonly PolicySummary: Named }).PolicySummary;
  await stage.call('organizations', 'AttachPolicy', { PolicyId: Id, TargetId: target });
};

const rcpOf = (action: string): string => `rcp: Theft
description: Keeps sessions at home
policy:
  Version: "2012-10-17"
  Statement:
    - { Effect: Deny, Principal: "*", Action: "${action}", Resource: "*" }
`;
const bindings = shop['scps/bindings.yaml'] ?? '';
const organization = shop['access/organization.yaml'] ?? '';
const [dev = ''] = / +Shop-Dev.*\n/.exec(organization) ?? [];
const devInRoot = `accounts:\n  ${dev.trim()}\n${organization.replace(dev, '')}`;

describe('an RCP that everybody approved', () => {
  it('does not lock break-glass out, and says where it is written', async () => {
    const ran = await merged({
      'scps/theft.yaml': rcpOf('sts:AssumeRoleWithSAML'),
      'scps/bindings.yaml': bindings.replace('[DenyLeaveOrganization]', '[DenyLeaveOrganization, Theft]'),
    });
    expect(ran.exit).toBe(3);
    expect(ran.out).toMatch(
      /sts:AssumeRoleWithSAML, by which people sign in \(RCP Theft, scps\/theft.yaml:\d+, denies it\)/,
    );
    expect(await hangingAt(await rootId(), 'RESOURCE_CONTROL_POLICY')).not.toContain('Theft');
  });
});

describe('an account that moves', () => {
  it('does not come below an RCP of another tool that locks break-glass out there', async () => {
    expect(await merged({ 'access/organization.yaml': devInRoot })).toMatchObject({ exit: 0 });
    await stage.call('organizations', 'EnablePolicyType', {
      RootId: await rootId(),
      PolicyType: 'RESOURCE_CONTROL_POLICY',
    });
    await foreign(
      'RESOURCE_CONTROL_POLICY',
      { Effect: 'Deny', Principal: '*', Action: 'sts:AssumeRoleWithSAML' },
      await workloads(),
    );
    const ran = await merged({ 'access/organization.yaml': organization });
    expect(ran.exit).toBe(3);
    expect(ran.out).toMatch(/Break-glass would lose in Shop-Dev .*\(RCP theirs denies it\)/);
  });
});

describe('an allow-list that gives way to a smaller one beside that of another tool', () => {
  const listOf = (name: string, actions: string): string => `scp: ${name}
description: What is in use
policy:
  Version: "2012-10-17"
  Statement:
    - { Effect: Allow, Action: ${actions}, Resource: "*" }
`;
  const bound = (name: string): string => `${bindings}  Workloads: { policies: [${name}], fullAwsAccess: false }\n`;

  it('stays where it is, because break-glass would have only what the two of them give', async () => {
    const wide = { 'scps/wide.yaml': listOf('Wide', '"*"'), 'scps/bindings.yaml': bound('Wide') };
    expect(await merged(wide)).toMatchObject({ exit: 0 });
    await foreign('SERVICE_CONTROL_POLICY', { Effect: 'Allow', Action: 's3:*' }, await workloads());
    const small = {
      'scps/small.yaml': listOf('Small', '[dynamodb:*, iam:*, kms:*, s3:*, sts:*]'),
      'scps/bindings.yaml': bound('Small'),
    };
    const ran = await merged(small);
    expect(ran.exit).toBe(3);
    expect(ran.out).toMatch(/Break-glass would lose in Shop-Production, Shop-Dev .*\(no SCP at Workloads allows it\)/);
    expect(await hangingAt(await workloads(), 'SERVICE_CONTROL_POLICY')).toEqual(['Wide', 'theirs']);
  });
});

describe('a set that a group of another tool has in the management account', () => {
  beforeEach(async () => {
    const [instance] = (await stage.call('sso-admin', 'ListInstances', {}))['Instances'] as readonly {
      InstanceArn: string;
      IdentityStoreId: string;
    }[];
    const { InstanceArn = '', IdentityStoreId = '' } = instance ?? {};
    const { GroupId } = (await stage.call('identitystore', 'CreateGroup', {
      IdentityStoreId,
      DisplayName: 'Theirs',
    })) as { readonly GroupId: string };
    const { PermissionSets } = (await stage.call('sso-admin', 'ListPermissionSets', { InstanceArn })) as {
      readonly PermissionSets: readonly string[];
    };
    for (const PermissionSetArn of PermissionSets) {
      const { PermissionSet } = (await stage.call('sso-admin', 'DescribePermissionSet', {
        InstanceArn,
        PermissionSetArn,
      })) as { readonly PermissionSet: Named };
      if (PermissionSet.Name !== 'Shop-Support') continue;
      const target = { TargetId: '111111111111', TargetType: 'AWS_ACCOUNT' };
      const principal = { PrincipalType: 'GROUP', PrincipalId: GroupId };
      await stage.call('sso-admin', 'CreateAccountAssignment', {
        ...{ InstanceArn, PermissionSetArn, ...target, ...principal },
      });
    }
  });

  it('is edited on the approvals of what that group can do then', async () => {
    const more = '    - { Effect: Allow, Action: "sso:CreateAccountAssignment", Resource: "*" }\n';
    const files = { 'permission-sets/support.yaml': `${shop['permission-sets/support.yaml'] ?? ''}${more}` };
    const pull = await proposeEdit(stage, 'theirs', { files });
    await stage.plan(pull);
    expect(bodyOn(stage, pull, 'plan')).toContain('risk critical: 2 approvals from ada or grace');
    await approve(stage, pull, 'grace');
    await mergePull(stage, pull);
    const ran = await stage.apply();
    expect(ran.exit).toBe(3);
    expect(ran.out).toContain('risk critical: needs 2 approvals from ada or grace, has grace');
  });
});
