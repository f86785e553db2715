/** Roles alone: a company of one account and no organization, by command, on another imitation of AWS. */
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runProcess } from '../support/run.ts';
import type { Ran } from '../support/run.ts';
import { absentPlaces, motoIsHere, openMoto } from './places.ts';

const story = 'test/stories/a company of one account and no organization keeps its roles in Git/desired';
/** The only account that moto has. */
const account = '123456789012';

/** Said in so many words: a check that was not made is not one that passed. */
for (const absent of absentPlaces) process.stderr.write(`left out: roles alone: ${absent}\n`);

describe.runIf(motoIsHere)('roles alone on moto_server', () => {
  const dir = mkdtempSync(join(tmpdir(), 'gatehouse-alone-'));
  let moto: Awaited<ReturnType<typeof openMoto>> | undefined;
  const run = (...words: readonly string[]): Promise<Ran> => {
    const keys = { AWS_ACCESS_KEY_ID: 'AKIAALONE', AWS_SECRET_ACCESS_KEY: 'secret', AWS_REGION: 'eu-west-1' };
    return runProcess({ words: [...words, '--dir', dir], env: { ...keys, AWS_ENDPOINT_URL: moto?.endpoint ?? '' } });
  };
  const edit = (file: string, from: string, to: string): void => {
    const text = readFileSync(join(dir, file), 'utf8');
    if (!text.includes(from)) throw new Error(`${file} has no ${from}`);
    writeFileSync(join(dir, file), text.replace(from, to));
  };
  const applied = async (): Promise<void> => {
    expect(await run('apply', '--yes')).toMatchObject({ exit: 0 });
    expect(await run('plan', '--detailed-exitcode')).toMatchObject({ exit: 0 });
  };

  beforeAll(async () => {
    moto = await openMoto();
    cpSync(story, dir, { recursive: true });
    edit('access/organization.yaml', '111111111111', account);
    edit('access/settings.yaml', 'region:', `endpoints: ["${moto.endpoint}"]\nregion:`);
  }, 60_000);
  afterAll(async () => {
    await moto?.close();
    rmSync(dir, { recursive: true, force: true });
  });

  it('are planned, made, and then nothing is left to do', async () => {
    const planned = await run('plan', '--detailed-exitcode');
    expect(planned).toMatchObject({ exit: 2 });
    expect(planned.out).toContain(`Account ${account} belongs to no organization`);
    await applied();
  }, 120_000);

  it('are changed, and drift is seen', async () => {
    edit('access/roles/developer.yaml', '"lambda:GetFunction"', '"lambda:ListFunctions"');
    edit('access/roles/developer.yaml', 'maxSessionDuration: 2h', 'maxSessionDuration: 3h\ninstanceProfile: true');
    edit('access/policies/developer-boundary.yaml', '"logs:*"', '"logs:*", "sqs:*"');
    expect(await run('drift')).toMatchObject({ exit: 2 });
    await applied();
    expect(await run('drift')).toMatchObject({ exit: 0 });
  }, 120_000);

  it('are deleted when their file is, with the provider that only they trusted', async () => {
    rmSync(join(dir, 'access/roles/shop-deployer.yaml'));
    const planned = await run('plan');
    expect(planned.out).toContain('OIDC provider token.actions.githubusercontent.com');
    await applied();
  }, 120_000);

  it('are imported as files that say what is there', async () => {
    const into = join(dir, 'imported');
    expect(await run('import', '--into', into)).toMatchObject({ exit: 0 });
    expect(readdirSync(join(into, 'access/roles'))).toEqual(['developer.yaml']);
    expect(await run('validate', '--dir', into)).toMatchObject({ exit: 0 });
  }, 120_000);
});
