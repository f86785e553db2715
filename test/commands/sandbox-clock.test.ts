/** Whatever a command in a hurry does to the local AWS, nothing of it lies ahead of the command that comes next. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { realClock } from '../../src/aws/clock.ts';
import { createClients } from '../../src/aws/clients.ts';
import { connectOpened } from '../../src/commands/run/connect.ts';
import type { CommandConnection } from '../../src/commands/run/connect.ts';
import type { CommandContext } from '../../src/commands/run/context.ts';
import { openSaved, sandboxSpeed } from '../../src/commands/run/open-sandbox.ts';
import { brownfield } from '../../src/sandbox/seed.ts';
import { saveWorld } from '../../src/sandbox/store.ts';
import type { SandboxSettings, SandboxWorld } from '../../src/sandbox/world.ts';
import { shop, writeShop } from '../github/shop.ts';
import { runHere } from '../support/run.ts';
import { seed } from '../support/sandbox.ts';

vi.setConfig({ testTimeout: 60_000 });

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'clock-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** Ends of sessions and of waits that have begun lie ahead by what AWS says that they last. */
const mayLieAhead = ['expiresAt', 'dueAt', 'settlesAt'];
/** What others wrote, dates included. */
const foreign = ['Document', 'document', 'Content', 'content', 'inlinePolicy', 'requestParameters', 'Expires'];

const momentOf = (value: unknown): number => {
  if (typeof value === 'number') return value > 1e12 && value < 1e13 ? value : 0;
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:/.test(value) ? Date.parse(value) : 0;
};

/** Paths of the state whose time is after `now`. */
const ahead = (value: unknown, now: number, path = ''): readonly string[] => {
  if (typeof value !== 'object' || value === null) return momentOf(value) > now ? [path] : [];
  return Object.entries(value).flatMap(([key, inner]) =>
    mayLieAhead.includes(key) || foreign.includes(key) ? [] : ahead(inner, now, `${path}/${key}`),
  );
};

const saved = (folder: string): SandboxWorld =>
  JSON.parse(readFileSync(join(folder, 'sandbox.json'), 'utf8')) as SandboxWorld;

describe('after an apply of the local AWS', () => {
  const aws = (): string => join(dir, 'aws');
  const run = (...words: readonly string[]) => runHere({ words: [...words, '--dir', dir, `--sandbox=${aws()}`] });
  const throttled = (): void => {
    const world = saved(aws());
    const settings: SandboxSettings = {
      ...world.settings,
      throttling: true,
      latencyMs: { assignment: 3_000, provisioning: 5_000, policyType: 20_000 },
    };
    writeFileSync(join(aws(), 'sandbox.json'), JSON.stringify({ ...world, settings }));
  };

  it('nothing has happened later than now, the next plan is answered, and finds all of it', async () => {
    writeShop(dir);
    const text =
      '{ Version: "2012-10-17", Statement: [{ Effect: Deny, Principal: "*", Action: "s3:*", Resource: "*", Condition: { Bool: { "aws:SecureTransport": false } } }] }';
    writeFileSync(join(dir, 'scps/tls.yaml'), `rcp: Tls\ndescription: Only over TLS\npolicy: ${text}\n`);
    writeFileSync(
      join(dir, 'scps/bindings.yaml'),
      (shop['scps/bindings.yaml'] ?? '').replace('[DenyLeave', '[Tls, DenyLeave'),
    );
    expect(await run('plan')).toMatchObject({ exit: 0 });
    throttled();
    expect(await run('apply', '--yes')).toMatchObject({ exit: 0 });
    const world = saved(aws());
    expect(ahead(world, Date.now())).toEqual([]);
    expect(world.organizations.policyTypes.map(({ settlesAt }) => settlesAt > Date.now())).toEqual([false, false]);
    const next = await run('plan', '--detailed-exitcode');
    expect(next).toMatchObject({ exit: 0, err: '' });
  });

  it('begins at the day of the wall, whatever later day was asked about', async () => {
    writeShop(dir);
    expect(await run('plan', '--now', '2031-01-01T00:00:00Z')).toMatchObject({ exit: 0 });
    expect(ahead(saved(aws()), Date.now())).toEqual([]);
  });
});

type Step = (connection: CommandConnection, index: number) => Promise<unknown>;

const trust = (principal: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: principal }, Action: 'sts:AssumeRole' }],
  });

const steps: Readonly<Record<string, Step>> = {
  rest: ({ clock }) => clock.sleep(4_000),
  enable: async ({ clients }) => {
    const organizations = await clients.organizations();
    const RootId = (await organizations.listRoots({})).Roots?.[0]?.Id;
    return organizations.enablePolicyType({ RootId, PolicyType: 'RESOURCE_CONTROL_POLICY' });
  },
  describe: async ({ clients }) => (await clients.organizations()).describeOrganization({}),
  role: async ({ clients }, index) =>
    (await clients.iam()).createRole({ RoleName: `r${index}`, AssumeRolePolicyDocument: trust('111111111111') }),
  assume: async ({ clients }) =>
    (await clients.sts()).assumeRole({ RoleArn: 'arn:aws:iam::111111111111:role/r0', RoleSessionName: 's' }),
  set: async ({ clients }, index) => {
    const admin = await clients.ssoAdmin();
    const InstanceArn = (await admin.listInstances({})).Instances?.[0]?.InstanceArn;
    return admin.createPermissionSet({ InstanceArn, Name: `s${index}` });
  },
};

const contextHere = {
  options: {},
  clock: realClock,
  errStream: {},
  interrupt: new AbortController().signal,
  createClients,
} as unknown as CommandContext;

const workedOn = async (names: readonly string[]): Promise<void> => {
  const opened = await openSaved(dir);
  if (opened === undefined) throw new Error('there is no local AWS');
  const connection = await connectOpened(
    { ...contextHere, createClients: async (options) => createClients({ ...options, maxAttempts: 1 }) },
    opened,
    opened.region,
  );
  for (const [index, name] of names.entries()) await steps[name]?.(connection, index).catch(() => undefined);
  await connection.save();
};

describe('one process after the other', () => {
  it('leaves nothing ahead of the next, in whatever order they work and rest', async () => {
    const work = fc.array(fc.constantFrom(...Object.keys(steps)), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(fc.array(work, { minLength: 1, maxLength: 3 }), async (processes) => {
        const world = brownfield(seed, Date.now());
        Object.assign(world.settings, {
          throttling: true,
          latencyMs: { assignment: 0, provisioning: 0, policyType: 8_000 },
        });
        await saveWorld(dir, world);
        for (const names of processes) {
          await workedOn(names);
          const [found, now] = [saved(dir), Date.now()];
          expect(ahead(found, now)).toEqual([]);
          // What AWS is about to do takes as long as it always takes, and no longer.
          for (const { settlesAt } of found.organizations.policyTypes)
            expect(settlesAt).toBeLessThanOrEqual(now + 8_000 / sandboxSpeed);
        }
      }),
      { numRuns: 12 },
    );
  });
});
