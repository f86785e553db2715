import {
  ConflictException,
  CreateGroupCommand,
  IdentitystoreClient,
  ListGroupsCommand,
  paginateListGroups,
} from '@aws-sdk/client-identitystore';
import { IAMClient, ListRolesCommand } from '@aws-sdk/client-iam';
import {
  CreateAccountAssignmentCommand,
  CreatePermissionSetCommand,
  DescribeAccountAssignmentCreationStatusCommand,
  ListAccountAssignmentsCommand,
  ResourceNotFoundException,
  DescribePermissionSetCommand,
  SSOAdminClient,
} from '@aws-sdk/client-sso-admin';
import { describe, expect, it } from 'vitest';
import { createSandbox } from '../../src/sandbox/handle.ts';
import { requestHandler } from '../../src/sandbox/request-handler.ts';
import { identityStoreId, identityWorld, instanceArn, production, start } from '../support/identity-world.ts';

const scene = (latencyMs: number) => {
  const clock = { now: start };
  const catalogue = { has: () => true, arns: () => [], arnOf: () => undefined, document: () => undefined };
  const world = identityWorld(latencyMs);
  const handler = requestHandler(createSandbox(world, { catalogue }), () => clock.now);
  const credentialsOf = (account: string) => ({ accessKeyId: `AKIASANDBOX${account}`, secretAccessKey: 'secret' });
  const options = {
    region: 'eu-west-1',
    credentials: credentialsOf('111111111111'),
    requestHandler: handler,
    maxAttempts: 1,
  };
  return {
    clock,
    world,
    sso: new SSOAdminClient(options),
    store: new IdentitystoreClient(options),
    memberIam: new IAMClient({ ...options, credentials: credentialsOf(production) }),
  };
};

describe('the SDK clients', () => {
  it('carry an assignment from the request to the role in the account', async () => {
    const { clock, sso, store, memberIam } = scene(1000);
    const group = await store.send(
      new CreateGroupCommand({ IdentityStoreId: identityStoreId, DisplayName: 'Developers' }),
    );
    const set = await sso.send(new CreatePermissionSetCommand({ InstanceArn: instanceArn, Name: 'Developer' }));
    expect(set.PermissionSet?.CreatedDate).toEqual(new Date(start));
    const InstanceArn = instanceArn;
    const PermissionSetArn = set.PermissionSet?.PermissionSetArn;
    const begun = await sso.send(
      new CreateAccountAssignmentCommand({
        InstanceArn,
        PermissionSetArn,
        TargetId: production,
        TargetType: 'AWS_ACCOUNT',
        PrincipalType: 'GROUP',
        PrincipalId: group.GroupId,
      }),
    );
    const AccountAssignmentCreationRequestId = begun.AccountAssignmentCreationStatus?.RequestId;
    const look = () =>
      sso.send(new DescribeAccountAssignmentCreationStatusCommand({ InstanceArn, AccountAssignmentCreationRequestId }));
    expect((await look()).AccountAssignmentCreationStatus?.Status).toBe('IN_PROGRESS');
    clock.now += 1000;
    const roles = await memberIam.send(new ListRolesCommand({ PathPrefix: '/aws-reserved/' }));
    expect(roles.Roles?.map((role) => role.RoleName)).toEqual([
      expect.stringMatching(/^AWSReservedSSO_Developer_[0-9a-f]{16}$/),
    ]);
    expect((await look()).AccountAssignmentCreationStatus?.Status).toBe('SUCCEEDED');
    const listed = await sso.send(
      new ListAccountAssignmentsCommand({ InstanceArn, PermissionSetArn, AccountId: production }),
    );
    expect(listed.AccountAssignments).toEqual([
      { AccountId: production, PermissionSetArn, PrincipalType: 'GROUP', PrincipalId: group.GroupId },
    ]);
  });

  it('read every page, the empty ones too', async () => {
    const { store, world } = scene(0);
    world.settings.emptyPages = true;
    for (let index = 0; index < 7; index += 1)
      await store.send(new CreateGroupCommand({ IdentityStoreId: identityStoreId, DisplayName: `Group${index}` }));
    const names: (string | undefined)[] = [];
    let empty = 0;
    const pages = paginateListGroups({ client: store, pageSize: 1 }, { IdentityStoreId: identityStoreId });
    for await (const page of pages) {
      names.push(...(page.Groups ?? []).map((group) => group.DisplayName));
      if (page.Groups?.length === 0) empty += 1;
    }
    expect(names).toEqual(Array.from({ length: 7 }, (_, index) => `Group${index}`));
    expect(empty).toBeGreaterThan(0);
  });

  it('throw the exceptions of their models', async () => {
    const { sso, store } = scene(0);
    const create = () =>
      store.send(new CreateGroupCommand({ IdentityStoreId: identityStoreId, DisplayName: 'Developers' }));
    await create();
    const again = await create().catch((error: unknown) => error);
    expect(again).toBeInstanceOf(ConflictException);
    expect(again).toMatchObject({ Reason: 'UNIQUENESS_CONSTRAINT_VIOLATION' });
    const PermissionSetArn = 'arn:aws:sso:::permissionSet/ssoins-1234567890abcdef/ps-0000000000000000';
    const missing = sso.send(new DescribePermissionSetCommand({ InstanceArn: instanceArn, PermissionSetArn }));
    await expect(missing).rejects.toBeInstanceOf(ResourceNotFoundException);
    expect((await store.send(new ListGroupsCommand({ IdentityStoreId: identityStoreId }))).Groups).toHaveLength(1);
  });
});
