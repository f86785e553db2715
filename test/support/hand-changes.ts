/** Changes by hand of everything that a reading sees, and a CloudTrail that tells of each when it likes. */
import { callSandbox } from '../../src/sandbox/call.ts';
import { accessKeyOf } from '../../src/sandbox/caller.ts';
import type { Sandbox } from '../../src/sandbox/handle.ts';
import type { SandboxWorld } from '../../src/sandbox/world.ts';
import type { TrailEvent } from '../../src/sandbox/cloudtrail/state.ts';
import type { ResourceAddress } from '../../src/model/desired.ts';
import { hold } from '../../src/sandbox/resources/state.ts';
import type { RandomBelow } from './faults.ts';
import { meddle } from './meddling.ts';

type HandScene = {
  readonly sandbox: Sandbox;
  readonly random: RandomBelow;
  readonly now: () => number;
};

const document = (action: string, principal?: object): string => {
  const what = principal === undefined ? { Resource: '*' } : { Principal: principal };
  return JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: action, ...what }] });
};
const trust = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});

const one = <T>(random: RandomBelow, items: readonly T[]): T | undefined => items[random(Math.max(1, items.length))];

const membersOf = ({ organizations }: SandboxWorld): readonly string[] =>
  Object.keys(organizations.accounts).filter((id) => id !== organizations.management);

type Call = (service: string, operation: string, input: Readonly<Record<string, unknown>>) => unknown;

const callOf =
  ({ sandbox, now }: HandScene, account?: string): Call =>
  (service, operation, input) =>
    callSandbox(
      sandbox,
      {
        ...{ service, operation, input },
        ...(account === undefined ? {} : { accessKeyId: accessKeyOf(account) }),
      },
      now,
    );

const inAccounts = (scene: HandScene): void => {
  const account = one(scene.random, membersOf(scene.sandbox.world())) ?? '';
  const call = callOf(scene, account);
  const RoleName = `Hand${scene.random(3)}`;
  const other = one(scene.random, membersOf(scene.sandbox.world())) ?? '';
  const trusting = document('sts:AssumeRole', { AWS: `arn:aws:iam::${other}:role/Hand${scene.random(3)}` });
  const deeds: readonly (() => unknown)[] = [
    () => call('iam', 'CreateRole', { RoleName, AssumeRolePolicyDocument: trust }),
    () => call('iam', 'PutRolePolicy', { RoleName, PolicyName: 'p', PolicyDocument: document(`s3:${RoleName}`) }),
    () => call('iam', 'DeleteRolePolicy', { RoleName, PolicyName: 'p' }),
    () => call('iam', 'TagRole', { RoleName, Tags: [{ Key: 'hand', Value: String(scene.random(9)) }] }),
    () => call('iam', 'CreatePolicy', { PolicyName: RoleName, PolicyDocument: document('ec2:*') }),
    () => call('iam', 'CreateUser', { UserName: RoleName }),
    () => call('iam', 'UpdateAssumeRolePolicy', { RoleName, PolicyDocument: trusting }),
    () => call('iam', 'DeleteRole', { RoleName }),
  ];
  one(scene.random, deeds)?.();
};

/** Of the sandbox's calls by hand. */
const resourceRegion = 'eu-west-1';

/** What is planted in every member account. */
const resourcesIn = (account: string) => {
  const arn = (service: string, rest: string): string => `arn:aws:${service}:${resourceRegion}:${account}:${rest}`;
  return [
    { service: 's3', name: `pictures-${account}`, arn: `arn:aws:s3:::pictures-${account}` },
    { service: 'sns', name: 'orders', arn: arn('sns', 'orders') },
    { service: 'kms', name: '1234abcd', arn: arn('kms', 'key/1234abcd') },
    { service: 'secretsmanager', name: 'stripe', arn: arn('secretsmanager', 'secret:stripe-AbCdEf') },
    { service: 'sqs', name: 'jobs', arn: arn('sqs', 'jobs') },
    { service: 'lambda', name: 'pay', arn: arn('lambda', 'function:pay') },
    { service: 'ecr', name: 'shop', arn: arn('ecr', 'repository/shop') },
  ] as const;
};

/** Resources with no policy yet, and where they are by the names of their accounts. */
export const plantResources = ({ sandbox }: Pick<HandScene, 'sandbox'>): readonly ResourceAddress[] => {
  const world = sandbox.world();
  return membersOf(world).flatMap((account) =>
    resourcesIn(account).map(({ service, name, arn }) => {
      hold(world, account, { service, region: resourceRegion, name, arn, createdAt: 0, attributes: {} });
      return { resource: arn, account: world.organizations.accounts[account]?.Name ?? '', region: resourceRegion };
    }),
  );
};

/** Of the policies of what was planted. Queues, functions and repositories are written here, too, if nowhere else. */
const ofResources = (scene: HandScene): void => {
  const account = one(scene.random, membersOf(scene.sandbox.world())) ?? '';
  const other = one(scene.random, membersOf(scene.sandbox.world())) ?? '';
  const call = callOf(scene, account);
  const [bucket, topic, key, secret] = resourcesIn(account);
  const principals = [{ AWS: other }, { AWS: `arn:aws:iam::${other}:role/Hand${scene.random(3)}` }];
  const text = (Action: string, Resource: string): string =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: one(scene.random, principals), Action, Resource }],
    });
  const queue = { QueueUrl: `https://sqs.${resourceRegion}.amazonaws.com/${account}/jobs` };
  const allowed = { FunctionName: 'pay', StatementId: 'hand', Action: 'lambda:InvokeFunction', Principal: other };
  const deeds: readonly (() => unknown)[] = [
    () => call('s3', 'PutBucketPolicy', { Bucket: bucket.name, Policy: text('s3:GetObject', `${bucket.arn}/*`) }),
    () => call('s3', 'DeleteBucketPolicy', { Bucket: bucket.name }),
    () =>
      call('sns', 'SetTopicAttributes', {
        ...{ TopicArn: topic.arn, AttributeName: 'Policy', AttributeValue: text('sns:Publish', topic.arn) },
      }),
    () => call('kms', 'PutKeyPolicy', { KeyId: key.arn, PolicyName: 'default', Policy: text('kms:*', '*') }),
    () =>
      call('secretsmanager', 'PutResourcePolicy', {
        ...{ SecretId: secret.arn, ResourcePolicy: text('secretsmanager:GetSecretValue', '*') },
      }),
    () => call('secretsmanager', 'DeleteResourcePolicy', { SecretId: secret.arn }),
    () => call('sqs', 'SetQueueAttributes', { ...queue, Attributes: { Policy: text('sqs:SendMessage', '*') } }),
    () => call('lambda', 'AddPermission', allowed),
    () => call('lambda', 'RemovePermission', { FunctionName: 'pay', StatementId: 'hand' }),
    () =>
      call('ecr', 'SetRepositoryPolicy', {
        ...{ repositoryName: 'shop', policyText: document('ecr:BatchGetImage', one(scene.random, principals)) },
      }),
  ];
  one(scene.random, deeds)?.();
};

/** Begun now, and done when Identity Center is due. */
const inTheCenter = (scene: HandScene): void => {
  const { sso, identityStore } = scene.sandbox.world();
  const call = callOf(scene);
  const row = one(scene.random, sso.assignments);
  const PermissionSetArn = one(scene.random, Object.keys(sso.permissionSets));
  const common = { InstanceArn: sso.instanceArn, TargetType: 'AWS_ACCOUNT' };
  const user = one(scene.random, Object.keys(identityStore.users));
  const TargetId = one(scene.random, membersOf(scene.sandbox.world()));
  const deeds: readonly (() => unknown)[] = [
    () =>
      call('sso-admin', 'CreateAccountAssignment', {
        ...common,
        ...{ TargetId, PermissionSetArn, PrincipalType: 'USER', PrincipalId: user },
      }),
    () =>
      call('sso-admin', 'DeleteAccountAssignment', {
        ...{ ...common, TargetId: row?.accountId, PermissionSetArn: row?.permissionSetArn },
        ...{ PrincipalType: row?.principalType, PrincipalId: row?.principalId },
      }),
    () => call('sso-admin', 'ProvisionPermissionSet', { ...common, PermissionSetArn, TargetId }),
    () =>
      call('sso-admin', 'TagResource', {
        ...{ InstanceArn: sso.instanceArn, ResourceArn: PermissionSetArn },
        Tags: [{ Key: 'hand', Value: String(scene.random(9)) }],
      }),
  ];
  one(scene.random, deeds)?.();
};

const inTheTree = (scene: HandScene): void => {
  const { organizations, identityStore } = scene.sandbox.world();
  const call = callOf(scene);
  const ou = one(scene.random, Object.keys(organizations.ous));
  const user = one(scene.random, Object.keys(identityStore.users));
  const ParentId = one(scene.random, [organizations.rootId, ...Object.keys(organizations.ous)]);
  const deeds: readonly (() => unknown)[] = [
    () => call('organizations', 'CreateOrganizationalUnit', { ParentId, Name: `Hand${scene.random(4)}` }),
    () =>
      call('organizations', 'UpdateOrganizationalUnit', { OrganizationalUnitId: ou, Name: `Ou${scene.random(99)}` }),
    () => call('organizations', 'DeleteOrganizationalUnit', { OrganizationalUnitId: ou }),
    () => call('organizations', 'TagResource', { ResourceId: ou, Tags: [{ Key: 'gatehouse:owner', Value: 'hand' }] }),
    () =>
      call('organizations', 'CreatePolicy', {
        ...{ Name: `hand-${scene.random(9)}`, Description: '', Type: 'SERVICE_CONTROL_POLICY' },
        Content: document('ec2:*'),
      }),
    () =>
      call('identitystore', 'UpdateUser', {
        ...{ IdentityStoreId: identityStore.identityStoreId, UserId: user },
        Operations: [{ AttributePath: 'displayName', AttributeValue: `Hand ${scene.random(9)}` }],
      }),
    () => call('identitystore', 'DeleteUser', { IdentityStoreId: identityStore.identityStoreId, UserId: user }),
  ];
  one(scene.random, deeds)?.();
};

const logGroup = 'arn:aws:logs:eu-west-1:111111111111:log-group:trail:*';

/** One that tells everything of every account, from now on. */
export const startTrail = (scene: Pick<HandScene, 'sandbox' | 'now'>): void => {
  const call = (operation: string, input: Readonly<Record<string, unknown>>) =>
    callSandbox(scene.sandbox, { service: 'cloudtrail', operation, input }, scene.now);
  call('CreateTrail', {
    ...{ Name: 'events', S3BucketName: 'trail', CloudWatchLogsLogGroupArn: logGroup },
    ...{ IsMultiRegionTrail: true, IsOrganizationTrail: true },
  });
  call('StartLogging', { Name: 'events' });
};

/** More pairs of a set and an account than groups and users, so that principals are asked. */
export const furnish = (scene: HandScene): void => {
  const { sandbox } = scene;
  const call = callOf(scene);
  const { sso, identityStore } = sandbox.world();
  const { instanceArn: InstanceArn } = sso;
  const { identityStoreId: IdentityStoreId } = identityStore;
  for (const name of ['One', 'Two', 'Three']) {
    call('identitystore', 'CreateGroup', { IdentityStoreId, DisplayName: name });
    call('sso-admin', 'CreatePermissionSet', { InstanceArn, Name: `Set${name}` });
    call('organizations', 'CreateOrganizationalUnit', { ParentId: sandbox.world().organizations.rootId, Name: name });
  }
  for (const GroupId of Object.keys(identityStore.groups)) {
    for (const UserId of Object.keys(identityStore.users))
      call('identitystore', 'CreateGroupMembership', { IdentityStoreId, GroupId, MemberId: { UserId } });
    for (const PermissionSetArn of Object.keys(sso.permissionSets))
      for (const TargetId of membersOf(sandbox.world()))
        call('sso-admin', 'CreateAccountAssignment', {
          ...{ InstanceArn, PermissionSetArn, TargetId, TargetType: 'AWS_ACCOUNT' },
          ...{ PrincipalType: 'GROUP', PrincipalId: GroupId },
        });
  }
};

/** By a call that AWS brings out tomorrow: its event has a name that nobody here has heard of. */
const unheard = ({ sandbox, random, now }: HandScene): void => {
  const world = sandbox.world();
  const set = one(random, Object.values(world.sso.permissionSets));
  const rail = one(
    random,
    Object.values(world.organizations.policies).filter(({ AwsManaged }) => !AwsManaged),
  );
  const last = world.cloudTrail.events.find(({ error }) => error === undefined);
  if (set === undefined || rail === undefined || last === undefined) return;
  const common = { ...last, id: `unheard-${now()}`, at: now(), account: world.organizations.management, request: null };
  if (random(2) === 0) {
    world.sso.permissionSets[set.arn] = {
      ...set,
      definition: { ...set.definition, description: `Unheard ${random(99)}` },
    };
    world.cloudTrail.events.push({ ...common, source: 'sso.amazonaws.com', name: 'Unheard', region: world.sso.region });
  } else {
    world.organizations.policies[rail.Id] = { ...rail, Content: document(`ec2:Unheard${random(99)}`) };
    world.cloudTrail.events.push({
      ...common,
      source: 'organizations.amazonaws.com',
      name: 'Unheard',
      region: 'us-east-1',
    });
  }
};

/** One change, of whatever there is; some are refused, and are none. */
export const changeByHand = (scene: HandScene): void => {
  const { sandbox, random, now } = scene;
  const ways: readonly (() => void)[] = [
    () => meddle(sandbox, random, now()),
    () => meddle(sandbox, random, now()),
    () => inAccounts(scene),
    () => ofResources(scene),
    () => inTheCenter(scene),
    () => inTheTree(scene),
    () => unheard(scene),
  ];
  one(random, ways)?.();
};

/**
 * Events come when they come, and in no order. `hold` keeps back those that are new, each for a time of its own; `deliver` lets
 * go those whose time has come.
 */
export const slowTrail = ({ sandbox, random, now }: HandScene, most: number) => {
  const { events } = sandbox.world().cloudTrail;
  let late: readonly { readonly event: TrailEvent; readonly at: number }[] = [];
  const seen = new Set(events);
  return {
    hold: (): void => {
      const fresh = events.filter((event) => !seen.has(event));
      for (const event of fresh) seen.add(event);
      late = [...late, ...fresh.map((event) => ({ event, at: event.at + random(most) }))];
      const held = new Set(late.map(({ event }) => event));
      events.splice(0, events.length, ...events.filter((event) => !held.has(event)));
    },
    deliver: (): void => {
      const due = late.filter(({ at }) => at <= now()).map(({ event }) => event);
      late = late.filter(({ at }) => at > now());
      events.splice(0, events.length, ...[...events, ...due].sort((a, b) => a.at - b.at));
    },
  };
};
