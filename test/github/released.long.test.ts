/** A pull request takes an entry of access/resources/ out: its page says what stays in AWS, and how to have it go. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { approve, bodyOn, mergePull, openSettledStage, proposeEdit } from './stage.ts';
import type { Stage } from './stage.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

const path = 'access/resources/pictures.yaml';
const entry = 'resources:\n  - resource: arn:aws:s3:::pictures\n    account: Shop-Management\n    region: eu-west-1\n';
const policy = `    policy:
      Version: "2012-10-17"
      Statement:
        - Effect: Allow
          Principal: { AWS: "arn:aws:iam::\${account:Shop-Dev}:root" }
          Action: s3:GetObject
          Resource: arn:aws:s3:::pictures/*
`;
let stage: Stage;

const proposed = (branch: string, text: string | null): Promise<number> =>
  proposeEdit(stage, branch, { files: { [path]: text } });

const policyNow = async (): Promise<string> =>
  JSON.stringify(await stage.call('s3', 'GetBucketPolicy', { Bucket: 'pictures' }).catch(() => 'none'));

beforeEach(async () => {
  stage = await openSettledStage();
  await stage.call('s3', 'CreateBucket', {
    Bucket: 'pictures',
    CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' },
  });
  const pull = await proposed('declare', `${entry}${policy}`);
  await approve(stage, pull, 'ada', 'grace');
  await mergePull(stage, pull);
  expect(await stage.apply()).toMatchObject({ exit: 0 });
  expect(await policyNow()).toContain('s3:GetObject');
});
afterEach(() => stage.close());

it('is said on the pull request, and the policy stays; with state: absent it goes', async () => {
  const silent = await proposed('silent', null);
  expect(await stage.plan(silent)).toMatchObject({ exit: 0 });
  const body = bodyOn(stage, silent, 'plan');
  expect(body).toContain('no longer declared: its policy stays in AWS as it is');
  expect(body).toContain('state: absent');

  const said = await proposed('said', `${entry}    state: absent\n`);
  expect(await stage.plan(said)).toMatchObject({ exit: 0 });
  expect(bodyOn(stage, said, 'plan')).not.toContain('no longer declared');
  await approve(stage, said, 'ada', 'grace');
  await mergePull(stage, said);
  expect(await stage.apply()).toMatchObject({ exit: 0 });
  expect(await policyNow()).toBe('"none"');
});
