import { CloudTrailClient, LookupEventsCommand, paginateLookupEvents } from '@aws-sdk/client-cloudtrail';
import type { LookupEventsCommandInput } from '@aws-sdk/client-cloudtrail';
import { describe, expect, it } from 'vitest';
import { callSandbox } from '../../src/sandbox/call.ts';
import { accessKeyOf } from '../../src/sandbox/caller.ts';
import { requestHandler } from '../../src/sandbox/request-handler.ts';
import { signIn } from '../../src/sandbox/sts/sign-in.ts';
import type { SandboxSettings } from '../../src/sandbox/world.ts';
import { iamScene, role } from '../support/iam.ts';
import { callTo, freshSandbox, management, playground, production, refusalTo, start } from '../support/sandbox.ts';

type Shown = { name: string | undefined; who: string | undefined; record: Record<string, unknown> };
type Query = LookupEventsCommandInput & { readonly account?: string; readonly region?: string; readonly at?: number };

const scene = (settings: Partial<SandboxSettings> = {}) => {
  const made = iamScene(settings);
  const client = ({ account = management, region = 'us-east-1', at = start }: Query) =>
    new CloudTrailClient({
      region,
      maxAttempts: 1,
      requestHandler: requestHandler(made.sandbox, () => at),
      credentials: { accessKeyId: accessKeyOf(account), secretAccessKey: 'x' },
    });
  const lookup = async (query: Query = {}): Promise<Shown[]> => {
    const { account: _account, region: _region, at: _at, ...input } = query;
    const { Events = [] } = await client(query).send(new LookupEventsCommand(input));
    return Events.map(({ EventName, Username, CloudTrailEvent = '{}' }) => ({
      name: EventName,
      who: Username,
      record: JSON.parse(CloudTrailEvent) as Record<string, unknown>,
    }));
  };
  return { ...made, client, lookup, call: callTo(made.sandbox) };
};

const policy = {
  Name: 'P',
  Description: '',
  Type: 'SERVICE_CONTROL_POLICY',
  Content: '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"a:b","Resource":"*"}]}',
};
const byName = (AttributeValue: string) => ({
  LookupAttributes: [{ AttributeKey: 'EventName' as const, AttributeValue }],
});
const day = 24 * 3_600_000;

describe('the event history', () => {
  it('has what was written, with who, when, where from and the members in CloudTrail’s spelling', async () => {
    const { iam, lookup } = scene();
    iam('CreateRole', role('Deploy', { 'Tags.member.1.Key': 'a', 'Tags.member.1.Value': 'b' }));
    iam('GetRole', { RoleName: 'Deploy' });
    const events = await lookup();
    expect(events).toMatchObject([
      {
        name: 'CreateRole',
        who: 'sandbox',
        record: {
          eventSource: 'iam.amazonaws.com',
          eventTime: '2026-11-22T00:00:00Z',
          awsRegion: 'us-east-1',
          sourceIPAddress: '127.0.0.1',
          recipientAccountId: management,
          requestParameters: { roleName: 'Deploy', tags: [{ key: 'a', value: 'b' }] },
          responseElements: { role: { roleName: 'Deploy' } },
          userIdentity: {
            type: 'AssumedRole',
            arn: `arn:aws:sts::${management}:assumed-role/Admin/sandbox`,
            sessionContext: { sessionIssuer: { userName: 'Admin' } },
          },
        },
      },
    ]);
  });

  it('is one per account and Region: global services write in us-east-1, Identity Center where it lives', async () => {
    const { iam, lookup, call, world } = scene();
    iam('CreateRole', role('R'), { account: production });
    call('organizations:CreatePolicy', policy);
    call('sso-admin:CreatePermissionSet', { InstanceArn: world.sso.instanceArn, Name: 'S' });
    const names = async (query: Query) => (await lookup(query)).map(({ name }) => name);
    expect(await names({})).toEqual(['CreatePolicy']);
    expect(await names({ region: 'eu-west-1' })).toEqual(['CreatePermissionSet']);
    expect(await names({ account: production })).toEqual(['CreateRole']);
    expect(await names({ account: production, region: 'eu-west-1' })).toEqual([]);
  });

  it('says what was refused, and that nothing came of it', async () => {
    const { call: _call, lookup, sandbox } = scene();
    expect(refusalTo(sandbox)('organizations:DeletePolicy', { PolicyId: 'p-none00000' })).toContain('NotFound');
    const [event] = await lookup();
    expect(event?.record).toMatchObject({
      eventName: 'DeletePolicy',
      errorCode: 'PolicyNotFoundException',
      responseElements: null,
    });
  });

  it('gives fifty at most a page, newest first, and all of them over the pages', async () => {
    const { iam, client } = scene();
    for (let index = 0; index < 120; index += 1) iam('CreateRole', role(`R${index}`), { now: start + index * 1000 });
    const sizes: number[] = [];
    const times: number[] = [];
    for await (const { Events = [] } of paginateLookupEvents({ client: client({ at: start + day }) }, {})) {
      sizes.push(Events.length);
      times.push(...Events.map(({ EventTime }) => EventTime?.getTime() ?? 0));
    }
    expect(sizes).toEqual([50, 50, 20]);
    expect(times).toEqual(times.toSorted((a, b) => b - a));
  });

  it('is asked by one attribute at most, and by time', async () => {
    const { iam, lookup } = scene();
    iam('CreateRole', role('A'));
    iam('DeleteRole', { RoleName: 'A' }, { now: start + 5000 });
    const at = start + day;
    const names = async (query: Query) => (await lookup({ ...query, at })).map(({ name }) => name);
    expect(await names(byName('DeleteRole'))).toEqual(['DeleteRole']);
    expect(await names({ LookupAttributes: [{ AttributeKey: 'ResourceName', AttributeValue: 'A' }] })).toHaveLength(2);
    expect(
      await names({ LookupAttributes: [{ AttributeKey: 'EventSource', AttributeValue: 'sso.amazonaws.com' }] }),
    ).toEqual([]);
    expect(await names({ EndTime: new Date(start + 4000) })).toEqual(['CreateRole']);
    expect(await names({ StartTime: new Date(start + 4000) })).toEqual(['DeleteRole']);
    const two = [...byName('A').LookupAttributes, ...byName('B').LookupAttributes];
    await expect(lookup({ LookupAttributes: two })).rejects.toMatchObject({ name: 'InvalidLookupAttributesException' });
    await expect(lookup({ MaxResults: 51 })).rejects.toMatchObject({ name: 'InvalidMaxResultsException' });
    await expect(lookup({ NextToken: 'x' })).rejects.toMatchObject({ name: 'InvalidNextTokenException' });
  });

  it('shows an event after its delay and for ninety days', async () => {
    const { iam, lookup } = scene({ trailDelayMs: 300_000 });
    iam('CreateRole', role('A'));
    const seen = async (at: number) => (await lookup({ at })).length;
    expect([await seen(start + 299_999), await seen(start + 300_000)]).toEqual([0, 1]);
    expect([await seen(start + 90 * day - 1000), await seen(start + 90 * day + 1000)]).toEqual([1, 0]);
  });

  it('is asked twice a second', async () => {
    const { lookup } = scene({ throttling: true });
    await lookup();
    await lookup();
    await expect(lookup()).rejects.toMatchObject({ name: 'ThrottlingException' });
    await lookup({ region: 'eu-west-1' });
  });

  it('is bounded, and keeps the newest', async () => {
    const { iam, lookup, world } = scene();
    for (let index = 0; index < 4100; index += 1) iam('DeleteRole', { RoleName: `R${index}` });
    expect(world.cloudTrail.events.length).toBeLessThanOrEqual(4000);
    expect((await lookup({ MaxResults: 1 }))[0]?.record).toMatchObject({ requestParameters: { roleName: 'R4099' } });
  });

  it('leaves passwords out and cuts what is long', async () => {
    const { iam, lookup } = scene();
    iam('CreateUser', { UserName: 'ada' });
    iam('CreateLoginProfile', { UserName: 'ada', Password: 'secret' });
    const [event] = await lookup();
    expect(event?.record['requestParameters']).toEqual({ userName: 'ada' });
    iam('CreatePolicy', { PolicyName: 'Long', PolicyDocument: `{"Sid":"${'x'.repeat(5000)}"}` });
    expect(JSON.stringify((await lookup())[0]?.record).length).toBeLessThan(3000);
  });
});

describe('somebody who signs in', () => {
  it('is the person behind the permission set, in the console', async () => {
    const { sandbox, lookup, world } = scene();
    const key = signIn(world, { account: playground, permissionSet: 'legacy-admins', now: start });
    const call = { service: 'iam', operation: 'CreateUser', input: { UserName: 'helper' }, accessKeyId: key ?? '' };
    const answer = callSandbox(sandbox, { ...call, from: { ip: '203.0.113.24', agent: 'Mozilla/5.0' } }, () => start);
    expect(answer.ok).toBe(true);
    expect(await lookup({ account: playground })).toMatchObject([
      {
        who: 'ada@securecart.example',
        record: {
          sourceIPAddress: '203.0.113.24',
          userAgent: 'Mozilla/5.0',
          sessionCredentialFromConsole: 'true',
          userIdentity: {
            sessionContext: { sessionIssuer: { arn: expect.stringContaining('aws-reserved') as string } },
          },
        },
      },
    ]);
  });

  it('cannot where nobody holds the set', () => {
    const world = freshSandbox().world();
    expect(signIn(world, { account: production, permissionSet: 'legacy-admins', now: start })).toBeUndefined();
    expect(signIn(world, { account: playground, permissionSet: 'tmp-contractors', now: start })).toBeUndefined();
  });
});

describe('trails', () => {
  const names = (output: unknown) => (output as { trailList: { Name: string }[] }).trailList.map(({ Name }) => Name);
  it('are made silent, started and stopped', () => {
    const { call } = scene();
    const Name = 'own';
    call('cloudtrail:CreateTrail', { Name, S3BucketName: 'b' });
    const logging = () => call('cloudtrail:GetTrailStatus', { Name })['IsLogging'];
    expect(logging()).toBe(false);
    call('cloudtrail:StartLogging', { Name });
    expect(logging()).toBe(true);
    call('cloudtrail:StopLogging', { Name });
    expect(logging()).toBe(false);
    expect(names(call('cloudtrail:DescribeTrails', {}))).toEqual(['organization', 'own']);
  });

  it('of the organization show in every account and belong to the management account', () => {
    const { call, sandbox } = scene();
    expect(names(call('cloudtrail:DescribeTrails', {}, { account: production }))).toEqual(['organization']);
    const TrailARN = `arn:aws:cloudtrail:eu-west-1:${management}:trail/organization`;
    expect(call('cloudtrail:GetTrailStatus', { Name: TrailARN }, { account: production })['IsLogging']).toBe(true);
    const refusal = refusalTo(sandbox)('cloudtrail:StopLogging', { Name: TrailARN }, { account: production });
    expect(refusal).not.toBe('accepted');
  });

  it('are listed, told, changed and deleted', () => {
    const { call, sandbox } = scene();
    const { TrailARN } = call('cloudtrail:CreateTrail', { Name: 'own', S3BucketName: 'b' });
    const HomeRegion = 'eu-west-1';
    expect(call('cloudtrail:ListTrails')['Trails']).toContainEqual({ Name: 'own', TrailARN, HomeRegion });
    call('cloudtrail:UpdateTrail', { Name: 'own', IsMultiRegionTrail: true, EnableLogFileValidation: true });
    expect(call('cloudtrail:GetTrail', { Name: TrailARN })['Trail']).toMatchObject({
      Name: 'own',
      S3BucketName: 'b',
      IsMultiRegionTrail: true,
      LogFileValidationEnabled: true,
    });
    expect(call('cloudtrail:GetEventSelectors', { TrailName: 'own' })).toMatchObject({ TrailARN });
    expect(call('cloudtrail:ListTags', { ResourceIdList: [TrailARN] })).toEqual({
      ResourceTagList: [{ ResourceId: TrailARN, TagsList: [] }],
    });
    call('cloudtrail:DeleteTrail', { Name: 'own' });
    expect(refusalTo(sandbox)('cloudtrail:GetTrail', { Name: 'own' })).toBe('TrailNotFoundException');
  });
});
