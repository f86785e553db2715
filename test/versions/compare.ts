/**
 * What a version plans differently from another, on SecureCart and on random organizations: `npm run compare -- --before DIR
 * --after DIR`, each a built checkout or what a tarball of a release holds. Both read the same files and the same AWS, served
 * on loopback. Prints it for CHANGELOG.md; exits 2 when something differs, 1 when it could not be compared.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { sandboxOf } from '../../src/commands/run/open-sandbox.ts';
import { serve } from '../../src/sandbox/server.ts';
import { NOW } from '../support/build.ts';
import { comparedText, differencesOf } from './differences.ts';
import type { ComparedOrganization, Outcome, PlanFile } from './differences.ts';
import { randomOrganization, secureCart } from './organizations.ts';
import type { Organization } from './organizations.ts';

const { values } = parseArgs({
  options: {
    before: { type: 'string' },
    after: { type: 'string', default: '.' },
    organizations: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
  },
});

const planned = (out: string): PlanFile | undefined => {
  try {
    return JSON.parse(out) as PlanFile;
  } catch {
    return undefined;
  }
};

/** As somebody with a credential of the management account runs it. */
const planOf = (version: string, dir: string, url: string): Promise<Outcome> =>
  new Promise((done, failed) => {
    const words = ['plan', '--format', 'json', '--now', NOW, '--dir', dir];
    const child = spawn(process.execPath, [join(version, 'dist/cli.js'), ...words], {
      env: {
        PATH: process.env['PATH'],
        HOME: tmpdir(),
        NO_COLOR: '1',
        AWS_ENDPOINT_URL: url,
        AWS_ACCESS_KEY_ID: 'AKIASANDBOX',
        AWS_SECRET_ACCESS_KEY: 'sandbox',
        AWS_REGION: 'eu-west-1',
      },
    });
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    child.on('error', failed);
    child.on('close', (code) => {
      const plan = planned(out);
      done({ exit: code ?? -1, said: `${err}${out}`, ...(plan === undefined ? {} : { plan }) });
    });
  });

const compared = async (
  { name, dir, world }: Organization,
  versions: readonly [before: string, after: string],
): Promise<ComparedOrganization> => {
  const served = await serve(sandboxOf(world, 1), { port: 0 });
  try {
    const before = await planOf(versions[0], dir, served.url);
    const after = await planOf(versions[1], dir, served.url);
    return { name, differences: differencesOf(before, after), changes: after.plan?.changes.length };
  } finally {
    await served.close();
  }
};

const main = async (): Promise<void> => {
  if (values.before === undefined) throw new Error('say --before DIR: a built checkout, or an unpacked tarball');
  const versions = [resolve(values.before), resolve(values.after)] as const;
  const home = mkdtempSync(join(tmpdir(), 'gatehouse-versions-'));
  const seeds = Array.from({ length: Number(values.organizations) }, (_, at) => Number(values.seed) + at);
  const results = [await compared(await secureCart(versions[0]), versions)];
  for (const seed of seeds)
    results.push(await compared(await randomOrganization(seed, join(home, String(seed))), versions));
  rmSync(home, { recursive: true });
  process.stdout.write(`${comparedText(results)}\n`);
  if (results.some(({ differences }) => differences.length > 0)) process.exitCode = 2;
};

await main();
