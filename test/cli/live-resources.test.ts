/** Questions to AWS about a resource: its policy has a say where the settings let it be read, and is unknown where AWS refuses. */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Who, Why } from '../../src/model/why.ts';
import { inSecureCart } from '../support/run.ts';
import type { Repository } from '../support/run.ts';

const sandbox = 'SecureCart-Sandbox';
const account = '999999999999';
const production = '222222222222';
const region = 'eu-west-1';
const topic = `arn:aws:sns:${region}:${account}:reports`;
const role = `arn:aws:iam::${account}:role/reports`;

type Call = { readonly name: string; readonly input: object; readonly in?: string };

const calling = async ({ run }: Repository, { name, input, in: where = account }: Call): Promise<void> => {
  const [service = '', operation = ''] = name.split(':');
  const words = ['sandbox', 'call', service, operation, JSON.stringify(input), '--account', where, '--sandbox'];
  const made = await run(...words);
  expect(made, made.out + made.err).toMatchObject({ exit: 0 });
};

const policyOf = (...Statement: readonly object[]): string => JSON.stringify({ Version: '2012-10-17', Statement });
const allow = (Principal: unknown, Action: string, Resource: string): object => ({
  Effect: 'Allow',
  Principal,
  Action,
  Resource,
});

/** A role without any policies, and a topic whose policy lets it publish. */
const withTopic = async (repository: Repository): Promise<void> => {
  appendFileSync(join(repository.dir, 'access/settings.yaml'), `\nresourcePolicies: { regions: [${region}] }\n`);
  const trust = policyOf({ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' });
  await calling(repository, {
    name: 'iam:CreateRole',
    input: { RoleName: 'reports', AssumeRolePolicyDocument: trust },
  });
  const Policy = policyOf(allow({ AWS: role }, 'sns:Publish', topic));
  await calling(repository, { name: 'sns:CreateTopic', input: { Name: 'reports', Attributes: { Policy } } });
};

const asked = async (
  { run }: Repository,
  resource: string,
  action = 'sns:Publish',
): Promise<Who & { readonly err: string }> => {
  const answer = await run('who-can', action, sandbox, '--resource', resource, '--live', '--sandbox', '--json');
  expect(answer, answer.err).toMatchObject({ exit: 0 });
  return { ...(JSON.parse(answer.out) as Who), err: answer.err };
};

const names = (lines: Who['can']): readonly string[] => lines.map(({ principal }) => principal);
const ours = 'role:SecureCart-Sandbox:reports';

describe('who can, of a live topic', () => {
  it('knows whom its policy lets in, and what it refuses', () =>
    inSecureCart(async (repository) => {
      await withTopic(repository);
      expect(names((await asked(repository, topic)).can)).toContain(ours);
      expect(names((await asked(repository, topic, 'sns:Subscribe')).can)).not.toContain(ours);
      const why = await repository.run(
        ...['why', ours, 'sns:Publish', sandbox, '--resource', topic, '--live', '--sandbox'],
      );
      expect(why.out.replace(/\s+/g, ' ')).toContain(`policy of ${topic}`);
    }));

  it('finds it where no resource is named, in the Regions that the settings name', () =>
    inSecureCart(async (repository) => {
      await withTopic(repository);
      const words = ['who-can', 'sns:Publish', sandbox, '--live', '--sandbox', '--json'];
      const found = JSON.parse((await repository.run(...words)).out) as Who;
      expect(names(found.can)).toContain(ours);
    }));

  it('answers that it depends where the policy may not be read, and nothing of it where the settings do not ask', () =>
    inSecureCart(async (repository) => {
      await withTopic(repository);
      const member = { RoleName: 'GatehouseMember' };
      await calling(repository, {
        name: 'iam:PutRolePolicy',
        input: {
          ...member,
          PolicyName: 'blind',
          PolicyDocument: policyOf({ Effect: 'Deny', Action: 'sns:*', Resource: '*' }),
        },
      });
      const blind = await asked(repository, topic);
      expect(names(blind.can)).not.toContain(ours);
      expect(names(blind.depends)).toContain(ours);
      expect(blind.depends.find(({ principal }) => principal === ours)?.chain.dependsOn).toEqual([
        `the policy of ${topic}`,
      ]);
      const all = await repository.run('who-can', 'sns:Publish', sandbox, '--live', '--sandbox', '--json');
      expect(all.err).toContain(
        'policies of sns in SecureCart-Sandbox, eu-west-1 could not be read (sns:ListTopics failed',
      );
    }));
});

describe('who can, of a live bucket', () => {
  it('knows that nobody outside comes by a public policy while public buckets are restricted', () =>
    inSecureCart(async (repository) => {
      appendFileSync(join(repository.dir, 'access/settings.yaml'), `\nresourcePolicies: { regions: [${region}] }\n`);
      const Bucket = 'securecart-old-pictures';
      const where = { CreateBucketConfiguration: { LocationConstraint: region } };
      await calling(repository, { name: 's3:CreateBucket', input: { Bucket, ...where } });
      await calling(repository, { name: 's3:DeletePublicAccessBlock', input: { Bucket } });
      const Policy = policyOf(allow('*', 's3:GetObject', `arn:aws:s3:::${Bucket}/*`));
      await calling(repository, { name: 's3:PutBucketPolicy', input: { Bucket, Policy } });
      const input = {
        RoleName: 'loader',
        AssumeRolePolicyDocument: policyOf(allow({ Service: 'ec2.amazonaws.com' }, 'sts:AssumeRole', '*')).replace(
          ',"Resource":"*"',
          '',
        ),
      };
      await calling(repository, { name: 'iam:CreateRole', input, in: production });
      const PolicyDocument = policyOf({ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' });
      const loads = { RoleName: 'loader', PolicyName: 'loads', PolicyDocument };
      await calling(repository, { name: 'iam:PutRolePolicy', input: loads, in: production });
      const decision = async (): Promise<string> => {
        const of = ['--resource', `arn:aws:s3:::${Bucket}/a.png`, '--resource-account', sandbox];
        const asking = ['why', 'role:SecureCart-Production:loader', 's3:GetObject', 'SecureCart-Production', ...of];
        return (JSON.parse((await repository.run(...asking, '--live', '--sandbox', '--json')).out) as Why).decision;
      };
      expect(await decision()).toBe('allowed');
      const block = { Bucket, PublicAccessBlockConfiguration: { RestrictPublicBuckets: true } };
      await calling(repository, { name: 's3:PutPublicAccessBlock', input: block });
      expect(await decision()).toBe('denied');
    }));
});
