import { ECR } from '@aws-sdk/client-ecr';
import { IAM } from '@aws-sdk/client-iam';
import { KMS } from '@aws-sdk/client-kms';
import { Lambda } from '@aws-sdk/client-lambda';
import { S3 } from '@aws-sdk/client-s3';
import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { SNS } from '@aws-sdk/client-sns';
import { SQS } from '@aws-sdk/client-sqs';
import { STS } from '@aws-sdk/client-sts';
import { afterEach, describe, expect, it } from 'vitest';
import { callSandbox } from '../../src/sandbox/call.ts';
import { accessKeyOf } from '../../src/sandbox/caller.ts';
import type { Sandbox } from '../../src/sandbox/handle.ts';
import { requestHandler } from '../../src/sandbox/request-handler.ts';
import type { ServedSandbox } from '../../src/sandbox/server.ts';
import { serve } from '../../src/sandbox/server.ts';
import { freshSandbox, playground, production, start } from '../support/sandbox.ts';

const clock = () => start;
const region = 'eu-west-1';
const credentialsOf = (account: string) => ({ accessKeyId: accessKeyOf(account), secretAccessKey: 'x' });

const open: ServedSandbox[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((served) => served.close()));
});

const clientsOf = (sandbox: Sandbox, account = production, at = region) => {
  const config = { region: at, credentials: credentialsOf(account), requestHandler: requestHandler(sandbox, clock) };
  return everyClient(config);
};

const everyClient = (config: object) => ({
  s3: new S3(config),
  sns: new SNS(config),
  kms: new KMS(config),
  secrets: new SecretsManager(config),
  sqs: new SQS(config),
  lambda: new Lambda(config),
  ecr: new ECR(config),
  iam: new IAM(config),
});

/** The error's name; `accepted` when there is none. */
const refusal = async (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'accepted',
    (thrown: unknown) => (thrown as Error).name,
  );

const words = async (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'accepted',
    (thrown: unknown) => (thrown as Error).message,
  );

const policyOf = (statement: object): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] });

const somebody = { Principal: { AWS: `arn:aws:iam::${playground}:root` } };
const everybody = { Principal: '*' };

describe.each(['the request handler', 'the loopback server'])(
  'the clients of services with resource policies, through %s',
  (way) => {
    const clients = async () => {
      const sandbox = freshSandbox();
      if (way === 'the request handler') return clientsOf(sandbox);
      const served = await serve(sandbox, { port: 0, clock });
      open.push(served);
      return everyClient({ region, credentials: credentialsOf(production), endpoint: served.url });
    };

    it('read back what they wrote', async () => {
      const { s3, sns, kms, secrets, sqs, lambda, ecr } = await clients();

      await s3.createBucket({ Bucket: 'orders', CreateBucketConfiguration: { LocationConstraint: region } });
      const Policy = policyOf({ ...somebody, Action: 's3:GetObject', Resource: 'arn:aws:s3:::orders/*' });
      await s3.putBucketPolicy({ Bucket: 'orders', Policy });
      expect((await s3.getBucketPolicy({ Bucket: 'orders' })).Policy).toBe(Policy);
      expect((await s3.listBuckets({ MaxBuckets: 10 })).Buckets).toMatchObject([
        { Name: 'orders', BucketRegion: region },
      ]);
      expect((await s3.getBucketLocation({ Bucket: 'orders' })).LocationConstraint).toBe(region);
      expect((await s3.getBucketPolicyStatus({ Bucket: 'orders' })).PolicyStatus).toEqual({ IsPublic: false });
      expect((await s3.getPublicAccessBlock({ Bucket: 'orders' })).PublicAccessBlockConfiguration).toEqual({
        BlockPublicAcls: true,
        IgnorePublicAcls: true,
        BlockPublicPolicy: true,
        RestrictPublicBuckets: true,
      });

      const { TopicArn = '' } = await sns.createTopic({ Name: 'orders' });
      const topicPolicy = policyOf({ ...somebody, Action: 'sns:Publish', Resource: TopicArn });
      await sns.setTopicAttributes({ TopicArn, AttributeName: 'Policy', AttributeValue: topicPolicy });
      expect((await sns.getTopicAttributes({ TopicArn })).Attributes).toMatchObject({ Policy: topicPolicy });
      expect((await sns.listTopics({})).Topics).toEqual([{ TopicArn }]);

      const { KeyMetadata: { KeyId = '', Arn } = {} } = await kms.createKey({ Description: 'orders' });
      const { Policy: keyPolicy = '' } = await kms.getKeyPolicy({ KeyId });
      expect(JSON.parse(keyPolicy)).toMatchObject({ Id: 'key-default-1' });
      expect((await kms.listKeys({})).Keys).toEqual([{ KeyId, KeyArn: Arn }]);

      const { ARN = '' } = await secrets.createSecret({ Name: 'orders/db', SecretString: 's3cret' });
      const secretPolicy = policyOf({ ...somebody, Action: 'secretsmanager:GetSecretValue', Resource: '*' });
      await secrets.putResourcePolicy({ SecretId: 'orders/db', ResourcePolicy: secretPolicy });
      expect(await secrets.getResourcePolicy({ SecretId: ARN })).toMatchObject({
        ResourcePolicy: secretPolicy,
        Name: 'orders/db',
      });

      const queuePolicy = policyOf({ ...somebody, Action: 'sqs:SendMessage', Resource: '*' });
      const { QueueUrl } = await sqs.createQueue({ QueueName: 'orders', Attributes: { Policy: queuePolicy } });
      expect((await sqs.getQueueAttributes({ QueueUrl, AttributeNames: ['All'] })).Attributes).toMatchObject({
        Policy: queuePolicy,
        QueueArn: `arn:aws:sqs:${region}:${production}:orders`,
      });
      expect((await sqs.listQueues({})).QueueUrls).toEqual([QueueUrl]);

      const Role = `arn:aws:iam::${production}:role/orders`;
      await lambda.createFunction({ FunctionName: 'orders', Role, Code: { ZipFile: new Uint8Array() } });
      await lambda.addPermission({
        FunctionName: 'orders',
        StatementId: 'bucket',
        Action: 'lambda:InvokeFunction',
        Principal: 's3.amazonaws.com',
        SourceArn: 'arn:aws:s3:::orders',
        SourceAccount: production,
      });
      expect((await lambda.listFunctions({})).Functions).toMatchObject([{ FunctionName: 'orders' }]);
      expect(JSON.parse((await lambda.getPolicy({ FunctionName: 'orders' })).Policy ?? '')).toEqual({
        Version: '2012-10-17',
        Id: 'default',
        Statement: [
          {
            Sid: 'bucket',
            Effect: 'Allow',
            Principal: { Service: 's3.amazonaws.com' },
            Action: 'lambda:InvokeFunction',
            Resource: `arn:aws:lambda:${region}:${production}:function:orders`,
            Condition: {
              StringEquals: { 'AWS:SourceAccount': production },
              ArnLike: { 'AWS:SourceArn': 'arn:aws:s3:::orders' },
            },
          },
        ],
      });

      await ecr.createRepository({ repositoryName: 'orders' });
      const policyText = policyOf({ ...somebody, Action: 'ecr:BatchGetImage' });
      await ecr.setRepositoryPolicy({ repositoryName: 'orders', policyText });
      expect(await ecr.getRepositoryPolicy({ repositoryName: 'orders' })).toMatchObject({
        policyText,
        registryId: production,
      });
      expect((await ecr.describeRepositories({})).repositories).toMatchObject([{ repositoryName: 'orders' }]);
    });

    it('hear what is not there', async () => {
      const { s3, sns, kms, secrets, sqs, lambda, ecr } = await clients();
      const topic = `arn:aws:sns:${region}:${production}:none`;
      expect(await refusal(s3.getBucketPolicy({ Bucket: 'none' }))).toBe('NoSuchBucket');
      await s3.createBucket({ Bucket: 'bare', CreateBucketConfiguration: { LocationConstraint: region } });
      expect(await refusal(s3.getBucketPolicy({ Bucket: 'bare' }))).toBe('NoSuchBucketPolicy');
      await s3.deletePublicAccessBlock({ Bucket: 'bare' });
      expect(await refusal(s3.getPublicAccessBlock({ Bucket: 'bare' }))).toBe('NoSuchPublicAccessBlockConfiguration');
      expect(await refusal(sns.getTopicAttributes({ TopicArn: topic }))).toBe('NotFoundException');
      expect(await refusal(kms.getKeyPolicy({ KeyId: '1234' }))).toBe('NotFoundException');
      expect(await refusal(secrets.getResourcePolicy({ SecretId: 'none' }))).toBe('ResourceNotFoundException');
      const QueueUrl = `https://sqs.${region}.amazonaws.com/${production}/none`;
      expect(await refusal(sqs.getQueueAttributes({ QueueUrl }))).toBe('QueueDoesNotExist');
      expect(await refusal(lambda.getPolicy({ FunctionName: 'none' }))).toBe('ResourceNotFoundException');
      expect(await refusal(ecr.getRepositoryPolicy({ repositoryName: 'none' }))).toBe('RepositoryNotFoundException');
      await ecr.createRepository({ repositoryName: 'bare' });
      expect(await refusal(ecr.getRepositoryPolicy({ repositoryName: 'bare' }))).toBe(
        'RepositoryPolicyNotFoundException',
      );
    });
  },
);

describe('a document that a service does not take', () => {
  const nobody = { Principal: { AWS: `arn:aws:iam::${production}:role/nobody` } };
  const made = async () => {
    const all = clientsOf(freshSandbox());
    const { s3, sns, kms, secrets, sqs, ecr } = all;
    await s3.createBucket({ Bucket: 'orders', CreateBucketConfiguration: { LocationConstraint: region } });
    const { TopicArn = '' } = await sns.createTopic({ Name: 'orders' });
    const { KeyMetadata: { KeyId = '' } = {} } = await kms.createKey({});
    await secrets.createSecret({ Name: 'orders' });
    const { QueueUrl } = await sqs.createQueue({ QueueName: 'orders' });
    await ecr.createRepository({ repositoryName: 'orders' });
    const put: Readonly<Record<string, (text: string) => Promise<unknown>>> = {
      s3: (Policy) => s3.putBucketPolicy({ Bucket: 'orders', Policy }),
      sns: (AttributeValue) => sns.setTopicAttributes({ TopicArn, AttributeName: 'Policy', AttributeValue }),
      kms: (Policy) => kms.putKeyPolicy({ KeyId, Policy }),
      secretsmanager: (ResourcePolicy) => secrets.putResourcePolicy({ SecretId: 'orders', ResourcePolicy }),
      sqs: (Policy) => sqs.setQueueAttributes({ QueueUrl, Attributes: { Policy } }),
      ecr: (policyText) => ecr.setRepositoryPolicy({ repositoryName: 'orders', policyText }),
    };
    return { put, TopicArn };
  };
  const resources: Readonly<Record<string, string>> = {
    s3: 'arn:aws:s3:::orders',
    sns: `arn:aws:sns:${region}:${production}:orders`,
  };
  const actions: Readonly<Record<string, string>> = {
    s3: 's3:ListBucket',
    sns: 'sns:Publish',
    kms: 'kms:*',
    secretsmanager: 'secretsmanager:GetSecretValue',
    sqs: 'sqs:SendMessage',
    ecr: 'ecr:BatchGetImage',
  };
  const statement = (service: string, more: object): string =>
    policyOf({
      Action: actions[service],
      ...(service === 'ecr' ? {} : { Resource: resources[service] ?? '*' }),
      ...more,
    });

  it.each<[string, string, string, string]>([
    [
      's3',
      'MalformedPolicy',
      "Policies must be valid JSON and the first byte must be '{'",
      'Invalid principal in policy',
    ],
    [
      'sns',
      'InvalidParameterException',
      'Invalid parameter: Policy Error: null',
      'Invalid parameter: Policy Error: PrincipalNotFound',
    ],
    [
      'kms',
      'MalformedPolicyDocumentException',
      'The policy is not in the correct JSON format.',
      'Policy contains a statement with one or more invalid principals.',
    ],
    [
      'secretsmanager',
      'MalformedPolicyDocumentException',
      'This resource policy contains a syntax error.',
      'This resource policy contains an unsupported principal.',
    ],
    [
      'sqs',
      'InvalidAttributeValue',
      'Invalid value for the parameter Policy.',
      'Invalid value for the parameter Policy.',
    ],
    [
      'ecr',
      'InvalidParameterException',
      "Invalid parameter at 'PolicyText' failed to satisfy constraint: 'Invalid repository policy provided'",
      "Invalid parameter at 'PolicyText' failed to satisfy constraint: 'Principal not found'",
    ],
  ])('%s: no JSON, and a role that is not there', async (service, code, syntax, principal) => {
    const { put } = await made();
    const set = put[service] ?? (() => Promise.resolve());
    expect([await refusal(set('no')), await words(set('no'))]).toEqual([code, syntax]);
    expect([await refusal(set(statement(service, nobody))), await words(set(statement(service, nobody)))]).toEqual([
      code,
      principal,
    ]);
    expect(await refusal(set(statement(service, { Principal: { AWS: production } })))).toBe('accepted');
  });

  it.each<[string, object, string]>([
    ['s3', { Resource: 'arn:aws:s3:::others' }, 'Policy has invalid resource'],
    ['s3', { Action: 'sns:Publish' }, 'Policy has invalid action'],
    ['s3', { Principal: undefined }, 'Missing required field Principal'],
    [
      's3',
      { Condition: { StringLike: { 'aws:PrincipalArn': 'x'.repeat(20_480) } } },
      'Policy exceeds the maximum allowed document size.',
    ],
    ['sns', { Action: 'sns:CreateTopic' }, 'Invalid parameter: Policy statement action out of service scope!'],
    [
      'kms',
      { Principal: { AWS: playground } },
      'The new key policy will not allow you to update the key policy in the future.',
    ],
    [
      'ecr',
      { Resource: '*' },
      "Invalid parameter at 'PolicyText' failed to satisfy constraint: 'Invalid repository policy provided'",
    ],
  ])('%s: %j', async (service, more, sentence) => {
    const { put } = await made();
    const text = statement(service, { Principal: { AWS: production }, ...more });
    expect(await words((put[service] ?? (() => Promise.resolve()))(text))).toBe(sentence);
  });
});

describe('what is public', () => {
  const bucket = 'arn:aws:s3:::orders';
  const read = { Action: 's3:GetObject', Resource: `${bucket}/*` };

  it('is refused while block public access is on, and told when it is off', async () => {
    const { s3 } = clientsOf(freshSandbox());
    const Bucket = 'orders';
    await s3.createBucket({ Bucket, CreateBucketConfiguration: { LocationConstraint: region } });
    const Policy = policyOf({ ...everybody, ...read });
    expect(await words(s3.putBucketPolicy({ Bucket, Policy }))).toContain(
      'because public policies are prevented by the BlockPublicPolicy setting',
    );
    await s3.putPublicAccessBlock({ Bucket, PublicAccessBlockConfiguration: { BlockPublicPolicy: false } });
    expect(await refusal(s3.putBucketPolicy({ Bucket, Policy }))).toBe('accepted');
    expect((await s3.getBucketPolicyStatus({ Bucket })).PolicyStatus).toEqual({ IsPublic: true });
  });

  it.each<[string, object, boolean]>([
    ['everybody', {}, true],
    ['everybody of an organization', { StringEquals: { 'aws:PrincipalOrgID': 'o-securecart0' } }, false],
    ['everybody of any network endpoint', { StringLike: { 'aws:SourceVpce': 'vpce-*' } }, true],
    ['everybody of one network endpoint', { StringEquals: { 'aws:SourceVpce': 'vpce-1a2b3c4d' } }, false],
    ['half of the addresses', { IpAddress: { 'aws:SourceIp': '0.0.0.0/1' } }, true],
    ['an office', { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }, false],
    ['a private network', { IpAddress: { 'aws:SourceIp': '10.0.0.0/7' } }, false],
    ['everybody but an office', { NotIpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }, true],
    ['whoever encrypts the way', { Bool: { 'aws:SecureTransport': 'true' } }, true],
    ['an account, if it says so', { StringEqualsIfExists: { 'aws:SourceAccount': production } }, true],
    [
      'any access point of an account',
      { ArnLike: { 's3:DataAccessPointArn': `arn:aws:s3:${region}:${production}:accesspoint/*` } },
      false,
    ],
    ['a variable', { StringEquals: { 'aws:SourceArn': '${aws:PrincipalArn}' } }, true],
  ])('%s', async (_, Condition, isPublic) => {
    const { s3 } = clientsOf(freshSandbox());
    const Bucket = 'orders';
    await s3.createBucket({ Bucket, CreateBucketConfiguration: { LocationConstraint: region } });
    await s3.deletePublicAccessBlock({ Bucket });
    await s3.putBucketPolicy({ Bucket, Policy: policyOf({ ...everybody, ...read, Condition }) });
    expect((await s3.getBucketPolicyStatus({ Bucket })).PolicyStatus).toEqual({ IsPublic: isPublic });
  });

  it('is no secret, if one asks for that', async () => {
    const { secrets } = clientsOf(freshSandbox());
    await secrets.createSecret({ Name: 'db' });
    const ResourcePolicy = policyOf({ ...everybody, Action: 'secretsmanager:GetSecretValue', Resource: '*' });
    const put = (more: object) => secrets.putResourcePolicy({ SecretId: 'db', ResourcePolicy, ...more });
    expect(await refusal(put({ BlockPublicPolicy: true }))).toBe('PublicPolicyException');
    expect(await refusal(put({}))).toBe('accepted');
    expect((await secrets.validateResourcePolicy({ ResourcePolicy })).PolicyValidationPassed).toBe(false);
  });
});

describe('a role', () => {
  const mayOnly = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: ['sqs:ListQueues', 'sqs:GetQueueAttributes', 'kms:*', 's3:*'], Resource: '*' },
    ],
  });

  /** The clients of the account's administrator, and those of a role that may do what its one policy says. */
  const scene = async () => {
    const sandbox = freshSandbox();
    const admin = clientsOf(sandbox);
    const trust = policyOf({ Principal: { AWS: production }, Action: 'sts:AssumeRole' });
    const { Role } = await admin.iam.createRole({ RoleName: 'reader', AssumeRolePolicyDocument: trust });
    await admin.iam.putRolePolicy({ RoleName: 'reader', PolicyName: 'reads', PolicyDocument: mayOnly });
    const handler = requestHandler(sandbox, clock);
    const sts = new STS({ region, credentials: credentialsOf(production), requestHandler: handler });
    const { Credentials: given } = await sts.assumeRole({ RoleArn: Role?.Arn, RoleSessionName: 'me' });
    const credentials = {
      accessKeyId: given?.AccessKeyId ?? '',
      secretAccessKey: given?.SecretAccessKey ?? '',
      sessionToken: given?.SessionToken ?? '',
    };
    return { admin, role: everyClient({ region, credentials, requestHandler: handler }), arn: Role?.Arn };
  };

  it('does what its policies let it do, and is told what they do not', async () => {
    const { admin, role } = await scene();
    const { QueueUrl } = await admin.sqs.createQueue({ QueueName: 'orders' });
    expect((await role.sqs.listQueues({})).QueueUrls).toEqual([QueueUrl]);
    expect(await refusal(role.sqs.setQueueAttributes({ QueueUrl, Attributes: {} }))).toBe('AccessDeniedException');
    expect(await words(role.secrets.listSecrets({}))).toContain(
      'assumed-role/reader/me is not authorized to perform: secretsmanager:ListSecrets',
    );
    expect(await refusal(role.sns.listTopics({}))).toBe('AuthorizationErrorException');
    expect(await refusal(role.lambda.listFunctions({}))).toBe('AccessDeniedException');
    expect(await refusal(role.ecr.describeRepositories({}))).toBe('AccessDeniedException');
  });

  it('may also what the policy of the resource lets it do', async () => {
    const { admin, role, arn } = await scene();
    const { TopicArn = '' } = await admin.sns.createTopic({ Name: 'orders' });
    expect(await refusal(role.sns.getTopicAttributes({ TopicArn }))).toBe('AuthorizationErrorException');
    const AttributeValue = policyOf({ Principal: { AWS: arn }, Action: 'sns:GetTopicAttributes', Resource: TopicArn });
    await admin.sns.setTopicAttributes({ TopicArn, AttributeName: 'Policy', AttributeValue });
    expect(await refusal(role.sns.getTopicAttributes({ TopicArn }))).toBe('accepted');
  });

  it('may not what a bucket policy denies', async () => {
    const { admin, role, arn } = await scene();
    const Bucket = 'orders';
    await admin.s3.createBucket({ Bucket, CreateBucketConfiguration: { LocationConstraint: region } });
    const deny = { Effect: 'Deny', Principal: { AWS: arn }, Action: 's3:Get*', Resource: 'arn:aws:s3:::orders' };
    await admin.s3.putBucketPolicy({ Bucket, Policy: policyOf(deny) });
    expect(await words(role.s3.getBucketPolicy({ Bucket }))).toContain('with an explicit deny in a policy');
    expect(await refusal(role.s3.getBucketLocation({ Bucket }))).toBe('AccessDenied');
  });

  it('may nothing with a key whose policy does not name it, whatever its own say', async () => {
    const { admin, role, arn } = await scene();
    const { KeyMetadata: { KeyId = '' } = {} } = await admin.kms.createKey({});
    expect(await refusal(role.kms.getKeyPolicy({ KeyId }))).toBe('accepted');
    const Policy = policyOf({ Principal: { AWS: `${arn ?? ''}-of-others` }, Action: 'kms:*', Resource: '*' });
    await admin.iam.createRole({
      RoleName: 'reader-of-others',
      AssumeRolePolicyDocument: policyOf({ Principal: { AWS: production }, Action: 'sts:AssumeRole' }),
    });
    await admin.kms.putKeyPolicy({ KeyId, Policy, BypassPolicyLockoutSafetyCheck: true });
    expect(await refusal(role.kms.getKeyPolicy({ KeyId }))).toBe('AccessDeniedException');
  });
});

describe('block public access of an account', () => {
  const config = 'PublicAccessBlockConfiguration';
  const call = (sandbox: Sandbox, operation: string, more: object = {}) =>
    callSandbox(
      sandbox,
      {
        service: 's3control',
        operation,
        input: { AccountId: production, ...more },
        accessKeyId: accessKeyOf(production),
      },
      clock,
    );

  it('is none until somebody sets it, and then counts for every bucket', async () => {
    const sandbox = freshSandbox();
    expect(call(sandbox, 'GetPublicAccessBlock').output).toMatchObject({
      __type: 'NoSuchPublicAccessBlockConfiguration',
    });
    call(sandbox, 'PutPublicAccessBlock', { [config]: { BlockPublicPolicy: true } });
    expect(call(sandbox, 'GetPublicAccessBlock').output).toMatchObject({
      [config]: { BlockPublicPolicy: 'true', RestrictPublicBuckets: 'false' },
    });
    const { s3 } = clientsOf(sandbox);
    const Bucket = 'orders';
    await s3.createBucket({ Bucket, CreateBucketConfiguration: { LocationConstraint: region } });
    await s3.deletePublicAccessBlock({ Bucket });
    const Policy = policyOf({ ...everybody, Action: 's3:ListBucket', Resource: 'arn:aws:s3:::orders' });
    expect(await refusal(s3.putBucketPolicy({ Bucket, Policy }))).toBe('AccessDenied');
    call(sandbox, 'DeletePublicAccessBlock');
    expect(await refusal(s3.putBucketPolicy({ Bucket, Policy }))).toBe('accepted');
  });

  it('is what an S3 policy of the organization says, and then nobody changes it', () => {
    const sandbox = freshSandbox();
    const { organizations: state } = sandbox.world();
    state.policyTypes.push({ Type: 'S3_POLICY', settlesAt: start, settled: 'ENABLED' });
    const Content = '{"s3_attributes":{"public_access_block_configuration":{"@@assign":"all"}}}';
    const policy = { Id: 'p-s3', Name: 's3', Description: '', Type: 'S3_POLICY' as const, AwsManaged: false, Content };
    state.policies['p-s3'] = policy;
    state.attachments['p-s3'] = [state.rootId];
    expect(call(sandbox, 'GetPublicAccessBlock').output).toMatchObject({ [config]: { RestrictPublicBuckets: 'true' } });
    expect(call(sandbox, 'DeletePublicAccessBlock').output).toMatchObject({ __type: 'AccessDenied' });
  });
});

describe('who is gone', () => {
  it('shows in a policy by the unique id', async () => {
    const { iam, sqs } = clientsOf(freshSandbox());
    const trust = policyOf({ Principal: { AWS: production }, Action: 'sts:AssumeRole' });
    const { Role } = await iam.createRole({ RoleName: 'worker', AssumeRolePolicyDocument: trust });
    const Policy = policyOf({ Principal: { AWS: Role?.Arn }, Action: 'sqs:SendMessage', Resource: '*' });
    const { QueueUrl } = await sqs.createQueue({ QueueName: 'orders', Attributes: { Policy } });
    const shown = async () =>
      (await sqs.getQueueAttributes({ QueueUrl, AttributeNames: ['Policy'] })).Attributes?.['Policy'];
    expect(await shown()).toBe(Policy);
    await iam.deleteRole({ RoleName: 'worker' });
    expect(await shown()).toContain(`"AWS":"${Role?.RoleId ?? ''}"`);
  });
});
