import { DescribeOrganizationCommand, OrganizationsClient, paginateListAccounts } from '@aws-sdk/client-organizations';
import { CreateRoleCommand, GetRoleCommand, IAMClient, paginateListRoles } from '@aws-sdk/client-iam';
import { IdentitystoreClient, paginateListUsers } from '@aws-sdk/client-identitystore';
import { ListInstancesCommand, SSOAdminClient } from '@aws-sdk/client-sso-admin';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterEach, describe, expect, it } from 'vitest';
import { trustOf } from '../support/iam.ts';
import { accessKeyOf } from '../../src/sandbox/caller.ts';
import type { Sandbox } from '../../src/sandbox/handle.ts';
import { requestHandler } from '../../src/sandbox/request-handler.ts';
import type { ServedSandbox } from '../../src/sandbox/server.ts';
import { serve } from '../../src/sandbox/server.ts';
import { formRequest, freshSandbox, jsonRequest, management, production, start } from '../support/sandbox.ts';

const clock = () => start;
const credentials = { accessKeyId: accessKeyOf(management), secretAccessKey: 'x' };
const trust = trustOf({ Service: 'ec2.amazonaws.com' });

const open: ServedSandbox[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((served) => served.close()));
});

/** Client settings that lead to the sandbox by either way. */
const ways = {
  'the request handler': async (sandbox: Sandbox) => ({
    region: 'eu-west-1',
    credentials,
    requestHandler: requestHandler(sandbox, clock),
  }),
  'the loopback server': async (sandbox: Sandbox) => {
    const served = await serve(sandbox, { port: 0, clock });
    open.push(served);
    return { region: 'eu-west-1', credentials, endpoint: served.url };
  },
};

describe.each(Object.entries(ways))('the SDK clients through %s', (_name, way) => {
  it('speak every service', async () => {
    const config = await way(freshSandbox());
    const { Organization } = await new OrganizationsClient(config).send(new DescribeOrganizationCommand({}));
    expect(Organization?.Id).toBe('o-securecart0');
    const { Instances } = await new SSOAdminClient(config).send(new ListInstancesCommand({}));
    expect(Instances?.[0]?.OwnerAccountId).toBe(management);
    const IdentityStoreId = Instances?.[0]?.IdentityStoreId ?? '';
    const users = [];
    for await (const page of paginateListUsers({ client: new IdentitystoreClient(config) }, { IdentityStoreId }))
      users.push(...(page.Users ?? []));
    expect(users.map(({ UserName }) => UserName)).toEqual(['ada@securecart.example', 'bob@securecart.example']);
    const identity = await new STSClient(config).send(new GetCallerIdentityCommand({}));
    expect(identity).toMatchObject({
      Account: management,
      Arn: `arn:aws:sts::${management}:assumed-role/Admin/sandbox`,
    });
  });

  it('page through accounts, empty pages included', async () => {
    const config = await way(freshSandbox({ emptyPages: true }));
    const sizes: (number | undefined)[] = [];
    const client = new OrganizationsClient(config);
    for await (const page of paginateListAccounts({ client, pageSize: 1 }, {})) sizes.push(page.Accounts?.length);
    for await (const page of paginateListAccounts({ client, pageSize: 1 }, {})) sizes.push(page.Accounts?.length);
    expect(sizes).toEqual([1, 1, 1, 1, 0, 1, 1]);
  });

  it('write and read a role with its document URL-encoded and its awkward description intact', async () => {
    const client = new IAMClient(await way(freshSandbox()));
    const Description = 'a <b> & "c" é';
    const tags = [
      { Key: 'a', Value: '1' },
      { Key: 'b', Value: '' },
    ];
    await client.send(
      new CreateRoleCommand({
        RoleName: 'CIRole',
        Path: '/x/',
        AssumeRolePolicyDocument: trust,
        Description,
        Tags: tags,
      }),
    );
    const { Role } = await client.send(new GetRoleCommand({ RoleName: 'cirole' }));
    expect(Role).toMatchObject({ Arn: `arn:aws:iam::${management}:role/x/CIRole`, Description, Tags: tags });
    expect(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '')).toBe(trust);
    expect(Role?.CreateDate).toEqual(new Date(start));
    const names: string[] = [];
    for await (const page of paginateListRoles({ client }, {}))
      names.push(...(page.Roles ?? []).map((r) => r.RoleName ?? ''));
    expect(names).toEqual(['Admin', 'CIRole']);
  });

  it('hear the errors of both protocols by name', async () => {
    const config = { ...(await way(freshSandbox())), maxAttempts: 1 };
    const role = new IAMClient(config).send(new GetRoleCommand({ RoleName: 'none' }));
    await expect(role).rejects.toMatchObject({ name: 'NoSuchEntityException', $metadata: { httpStatusCode: 404 } });
    const assumed = new STSClient(config).send(
      new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${production}:role/None`, RoleSessionName: 'me' }),
    );
    await expect(assumed).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  it('act in the account whose role they assumed', async () => {
    const config = await way(freshSandbox());
    const { Credentials } = await new STSClient(config).send(
      new AssumeRoleCommand({
        RoleArn: `arn:aws:iam::${production}:role/OrganizationAccountAccessRole`,
        RoleSessionName: 'me',
      }),
    );
    const member = {
      ...config,
      credentials: {
        accessKeyId: Credentials?.AccessKeyId ?? '',
        secretAccessKey: Credentials?.SecretAccessKey ?? '',
        sessionToken: Credentials?.SessionToken ?? '',
      },
    };
    const identity = await new STSClient(member).send(new GetCallerIdentityCommand({}));
    expect(identity.Arn).toBe(`arn:aws:sts::${production}:assumed-role/OrganizationAccountAccessRole/me`);
    await new IAMClient(member).send(new CreateRoleCommand({ RoleName: 'Here', AssumeRolePolicyDocument: trust }));
    const elsewhere = new IAMClient(config).send(new GetRoleCommand({ RoleName: 'Here' }));
    await expect(elsewhere).rejects.toMatchObject({ name: 'NoSuchEntityException' });
  });
});

describe('the request handler', () => {
  it('does nothing in the turn of the event loop that calls it, and answers in a later one', async () => {
    const sandbox = freshSandbox();
    const { handle } = requestHandler(sandbox, clock);
    const answered = handle(jsonRequest('organizations:ListRoots', '{}'));
    await Promise.resolve();
    expect(sandbox.world().requestLog).toEqual({});
    expect((await answered).response.statusCode).toBe(200);
  });
});

describe('the wire itself', () => {
  it('answers awsJson as AWS writes it', () => {
    const { status, headers, body } = freshSandbox().handle(jsonRequest('organizations:ListRoots', ''), clock);
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('application/x-amz-json-1.1');
    expect(JSON.parse(body)).toMatchObject({ Roots: [{ Name: 'Root' }] });
  });

  it('takes a longer target prefix by its last part', () => {
    const request = jsonRequest('com.amazonaws.organizations.AWSOrganizationsV20161128:ListRoots', '{}');
    expect(freshSandbox().handle(request, clock).status).toBe(200);
  });

  it('answers awsQuery as AWS writes it', () => {
    const request = formRequest({ Action: 'GetCallerIdentity', Version: '2011-06-15' });
    const { headers, body } = freshSandbox().handle(request, clock);
    expect(headers['content-type']).toBe('text/xml');
    expect(body).toMatch(
      /^<GetCallerIdentityResponse xmlns="https:\/\/sts\.amazonaws\.com\/doc\/2011-06-15\/"><GetCallerIdentityResult>.*<Account>111111111111<\/Account>.*<\/GetCallerIdentityResult><ResponseMetadata><RequestId>[0-9a-f-]{36}<\/RequestId><\/ResponseMetadata><\/GetCallerIdentityResponse>$/,
    );
  });

  it('keeps a hostile member of a form out of the XML', () => {
    const form = { Action: 'GetRole', Version: '2010-05-08', RoleName: 'x</Message>\u0000\ud800' };
    const { status, body } = freshSandbox().handle(formRequest(form), clock);
    expect(status).toBe(400);
    expect(body).not.toContain('x</Message>');
  });

  it.each([
    ['organizations:CreateGovCloudAccount', 'UnknownOperationException'],
    ['organizations:constructor', 'UnknownOperationException'],
    ['sso-admin:CreateAccount', 'UnknownOperationException'],
    ['identitystore:', 'UnknownOperationException'],
    ['CloudTrail_20131101:DeleteChannel', 'UnknownOperationException'],
    ['__proto__:toString', 'UnknownOperationException'],
  ])('names the operation %s that it does not have', (name, code) => {
    const { status, body } = freshSandbox().handle(jsonRequest(name, '{}'), clock);
    expect(status).toBe(400);
    expect(JSON.parse(body)).toMatchObject({
      __type: code,
      Message: expect.stringContaining(name.split(':')[1] ?? '') as string,
    });
  });

  it.each([
    [{ Action: 'ListGropus', Version: '2010-05-08' }, 'InvalidAction', 'ListGropus'],
    [{ Action: 'GetRole', Version: '1999-01-01' }, 'InvalidAction', 'GetRole'],
    [{ Action: 'GetRole' }, 'InvalidAction', 'GetRole'],
    [{ Version: '2010-05-08' }, 'MissingAction', 'Action'],
  ])('refuses the form %j', (form, code, named) => {
    const { status, body } = freshSandbox().handle(formRequest(form), clock);
    expect(status).toBe(400);
    expect(body).toContain(`<Code>${code}</Code>`);
    expect(body).toContain(named);
  });

  it.each(['{', '[]', '"text"', '{"a":1} trailing', '['.repeat(200_000)])('refuses the body %#', (body) => {
    const response = freshSandbox().handle(jsonRequest('organizations:ListRoots', body), clock);
    expect(response.status).toBe(400);
    expect(JSON.parse(response.body)).toMatchObject({ __type: 'SerializationException' });
  });

  it('has nothing at any other path', () => {
    const request = { method: 'GET', path: '/bucket', query: {}, headers: {}, body: '' };
    const { status, body } = freshSandbox().handle(request, clock);
    expect(status).toBe(404);
    expect(body).toContain('GET /bucket');
  });

  it('takes an unknown key for the management account, and an account’s own key for that account', () => {
    const sandbox = freshSandbox();
    const who = (key: string): string => {
      const form = formRequest({ Action: 'GetCallerIdentity', Version: '2011-06-15' });
      const authorization = `AWS4-HMAC-SHA256 Credential=${key}/20261122/eu-west-1/sts/aws4_request`;
      const { body } = sandbox.handle({ ...form, headers: { ...form.headers, authorization } }, clock);
      return /<Account>(\d+)</.exec(body)?.[1] ?? '';
    };
    expect(who('AKIAIOSFODNN7EXAMPLE')).toBe(management);
    expect(who(accessKeyOf(production))).toBe(production);
    expect(who(accessKeyOf('999999999999'))).toBe(management);
  });
});

describe('the loopback server', () => {
  it('refuses a body that is too large and still answers the next call', async () => {
    const served = await serve(freshSandbox(), { port: 0 });
    open.push(served);
    const post = (body: string) =>
      fetch(served.url, {
        method: 'POST',
        headers: { 'x-amz-target': 'AWSOrganizationsV20161128.ListRoots' },
        body,
      });
    expect((await post('x'.repeat(9 * 1024 * 1024))).status).toBe(413);
    expect((await post('{}')).status).toBe(200);
  });

  it('tells of calls that write, and not of calls that read', async () => {
    let changes = 0;
    const served = await serve(freshSandbox(), { port: 0, onChange: () => (changes += 1) });
    open.push(served);
    const post = (operation: string, body: object) =>
      fetch(served.url, {
        method: 'POST',
        headers: { 'x-amz-target': `AWSOrganizationsV20161128.${operation}` },
        body: JSON.stringify(body),
      });
    await post('ListRoots', {});
    expect(changes).toBe(0);
    await post('CreatePolicy', { Name: 'a', Description: '', Type: 'TAG_POLICY', Content: '{}' });
    expect(changes).toBe(1);
  });
});
