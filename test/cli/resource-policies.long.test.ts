/** A bucket's policy is declared and applied; then somebody opens the bucket by hand, and it is said, put right or adopted. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/model/plan.ts';
import { inSecureCart } from '../support/run.ts';
import type { Ran, Repository } from '../support/run.ts';

const bucket = 'arn:aws:s3:::securecart-product-images';
const key = `resource-policy/${bucket}`;
const file = 'access/resources/product-images.yaml';
const production = '222222222222';

const call = ({ run }: Repository, operation: string, input: object): Promise<Ran> =>
  run('sandbox', 'call', 's3', operation, JSON.stringify(input), '--account', production, '--sandbox');

const opened = {
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Principal: { AWS: '121212121212' }, Action: 's3:GetObject', Resource: `${bucket}/*` },
};

const openByHand = async (repository: Repository): Promise<void> => {
  const none = { Bucket: 'securecart-product-images', Policy: JSON.stringify(opened) };
  expect((await call(repository, 'PutBucketPolicy', none)).exit).toBe(0);
};

const jsonOf = async ({ run }: Repository, ...words: readonly string[]): Promise<Plan> =>
  JSON.parse((await run(...words, '--sandbox', '--json')).out) as Plan;

describe('the policy of a declared bucket', { timeout: 300_000 }, () => {
  it('is planned, applied once, found altered, and put right', () =>
    inSecureCart(async (repository) => {
      const { run } = repository;
      const first = await jsonOf(repository, 'plan');
      expect(first.changes.filter((change) => change.key === key).map(({ phase }) => phase)).toEqual([
        'restrict',
        'grant',
      ]);
      expect(await run('apply', '--sandbox', '--yes')).toMatchObject({ exit: 0 });
      await openByHand(repository);
      const drift = await jsonOf(repository, 'drift');
      expect(drift.changes).toMatchObject([{ key, action: 'update', risk: 'critical' }]);
      expect(drift.access.map(({ principal }) => principal)).toContain(
        `account:121212121212, which is not of the organization on ${bucket}`,
      );
      expect(await run('apply', '--sandbox', '--yes')).toMatchObject({ exit: 0 });
      expect((await jsonOf(repository, 'plan')).changes).toEqual([]);
    }));

  it('is adopted where AWS is right, and nothing else of its file is touched', () =>
    inSecureCart(async (repository) => {
      const { dir, run } = repository;
      expect(await run('apply', '--sandbox', '--yes')).toMatchObject({ exit: 0 });
      const policy = {
        Version: '2012-10-17',
        Statement: [
          {
            ...{ Sid: 'InstancesRead', Effect: 'Allow', Action: 's3:GetObject', Resource: `${bucket}/shop/*` },
            Principal: { AWS: `arn:aws:iam::${production}:role/workload/ProductImagesRole` },
          },
          {
            ...{
              Sid: 'OnlyOverTls',
              Effect: 'Deny',
              Principal: '*',
              Action: 's3:*',
              Resource: [bucket, `${bucket}/*`],
            },
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
        ],
      };
      const input = { Bucket: 'securecart-product-images', Policy: JSON.stringify(policy) };
      expect((await call(repository, 'PutBucketPolicy', input)).exit).toBe(0);
      const before = readFileSync(join(dir, file), 'utf8');
      expect(await run('adopt', key, '--sandbox')).toMatchObject({ exit: 0 });
      const after = readFileSync(join(dir, file), 'utf8');
      expect(after).toBe(before.replace('"arn:aws:s3:::securecart-product-images/*"', `${bucket}/shop/*`));
      expect((await jsonOf(repository, 'plan')).changes).toEqual([]);
    }));

  it('is taken over from AWS where no file declares it', () =>
    inSecureCart(async (repository) => {
      const { dir, run } = repository;
      const overTls = { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: `${bucket}/*` };
      const Condition = { Bool: { 'aws:SecureTransport': 'false' } };
      const policy = { Version: '2012-10-17', Statement: [{ ...overTls, Condition }] };
      const input = { Bucket: 'securecart-product-images', Policy: JSON.stringify(policy) };
      expect((await call(repository, 'PutBucketPolicy', input)).exit).toBe(0);
      rmSync(join(dir, file));
      const adopted = await run('adopt', key, '--sandbox');
      expect(adopted).toMatchObject({ exit: 0 });
      expect(adopted.out).toContain(`1 thing adopted: ${key}`);
      const written = readFileSync(join(dir, 'access/resources/securecart-product-images.yaml'), 'utf8');
      expect(written).toContain(`resource: ${bucket}\n    account: SecureCart-Production\n    region: eu-west-1\n`);
      const { changes, held } = await jsonOf(repository, 'plan');
      expect([...changes, ...held].map((one) => one.key)).not.toContain(key);
      const missing = await run('adopt', `${key}-of-old`, '--sandbox');
      expect(missing).toMatchObject({ exit: 1 });
      expect(missing.err).toContain(`${bucket}-of-old: there is no such bucket, or it has no policy to declare`);
      const elsewhere = await run('adopt', 'resource-policy/arn:aws:sns:eu-west-1:343434343434:news', '--sandbox');
      expect(elsewhere.err).toContain('account 343434343434 is not of the organization, or is suspended');
    }));

  it('stays as it is where its entry goes, and goes where that is said', () =>
    inSecureCart(async (repository) => {
      const { dir, run } = repository;
      expect(await run('apply', '--sandbox', '--yes')).toMatchObject({ exit: 0 });
      const text = readFileSync(join(dir, file), 'utf8');
      const gone = `resources:\n  - resource: ${bucket}\n    account: SecureCart-Production\n    region: eu-west-1\n    state: absent\n`;
      writeFileSync(join(dir, file), gone);
      expect((await jsonOf(repository, 'plan')).changes).toMatchObject([{ key, action: 'delete' }]);
      const old = `${bucket}-of-old`;
      writeFileSync(join(dir, file), text.replaceAll(bucket, old));
      const { changes, held } = await jsonOf(repository, 'plan');
      expect(changes).toEqual([]);
      const reason = 'there is no such bucket: it has to be made first, and not by Gatehouse';
      expect(held).toMatchObject([{ key: `resource-policy/${old}`, reason }]);
    }));
});
