/** Ctrl-C, on a real process against a served sandbox whose assignments take their time. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createClients } from '../../src/aws/clients.ts';
import { gatehouse } from '../support/run.ts';

const cli = join(import.meta.dirname, '../../dist/cli.js');
const keys = { accessKeyId: 'AKIASANDBOX', secretAccessKey: 'sandbox' };
const region = 'eu-west-1';

const setFile = (name: string): string => `
permissionSet: ${name}
description: A ${name}
sessionDuration: 1h
managedPolicies: [ReadOnlyAccess]
`;

/** Two sets in one account: AWS takes them one after the other, so that the second waits while the first is made. */
const files: Readonly<Record<string, string>> = {
  'access/organization.yaml': `
management: { name: Management, id: "111111111111" }
accounts: { Staging: "333333333333" }
`,
  'access/groups/readers.yaml': `
group: Readers
description: They read
source: identity-center
assignments:
  - { permissionSet: First, accounts: [Staging] }
  - { permissionSet: Second, accounts: [Staging] }
`,
  'permission-sets/first.yaml': setFile('First'),
  'permission-sets/second.yaml': setFile('Second'),
};

const settings = (endpoints: readonly string[]): string => `
organization: o-securecart0
endpoints: ${JSON.stringify(endpoints)}
region: ${region}
owner: securecart/aws-access
`;

const write = (dir: string, name: string, text: string): void => {
  mkdirSync(dirname(join(dir, name)), { recursive: true });
  writeFileSync(join(dir, name), text);
};

type Process = {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  readonly said: () => string;
  /** Resolves with the first match in all that it has said; rejects when it ends without it. */
  readonly heard: (pattern: RegExp) => Promise<RegExpExecArray>;
};

const start = (words: readonly string[], env: Readonly<Record<string, string>> = {}): Process => {
  const plain = { PATH: process.env['PATH'], HOME: tmpdir(), NO_COLOR: '1', ...env };
  const child = spawn(process.execPath, [cli, ...words], { env: plain, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  let listeners: readonly (() => void)[] = [];
  const hear = (chunk: Buffer): void => {
    said += chunk.toString();
    for (const listener of listeners) listener();
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const heard = (pattern: RegExp): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const match = pattern.exec(said);
        if (match !== null) resolve(match);
      };
      listeners = [...listeners, look];
      void ended.then(() => reject(new Error(`it ended without ${String(pattern)}: ${said}`)));
      look();
    });
  return { child, ended, said: () => said, heard };
};

type Scene = {
  readonly dir: string;
  readonly apply: () => Process;
  readonly run: (...words: string[]) => Promise<number | null>;
  /** How far each assignment is that AWS was asked for. */
  readonly requests: () => Promise<readonly (string | undefined)[]>;
};

const slowly = (dir: string, assignment: number): void => {
  const file = join(dir, '.gatehouse/sandbox.json');
  const world = JSON.parse(readFileSync(file, 'utf8')) as { settings: { latencyMs: { assignment: number } } };
  world.settings.latencyMs.assignment = assignment;
  writeFileSync(file, JSON.stringify(world));
};

/** `assignment`: the milliseconds that AWS takes for one. */
const onSlowAws = async (assignment: number, use: (scene: Scene) => Promise<void>): Promise<void> => {
  const dir = mkdtempSync(join(tmpdir(), 'gatehouse-interrupted-'));
  for (const [name, text] of Object.entries(files)) write(dir, name, text);
  write(dir, 'access/settings.yaml', settings([]));
  expect((await gatehouse(['sandbox', 'reset', '--dir', dir])).exit).toBe(0);
  slowly(dir, assignment);
  const server = start(['sandbox', 'serve', '--port', '0', '--dir', dir]);
  try {
    const url = (await server.heard(/AWS_ENDPOINT_URL=(\S+)/))[1] ?? '';
    write(dir, 'access/settings.yaml', settings([url]));
    const env = {
      AWS_ENDPOINT_URL: url,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: keys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
    };
    const sso = await createClients({ region, endpoint: url, credentials: keys }).ssoAdmin();
    const InstanceArn = (await sso.listInstances({})).Instances?.[0]?.InstanceArn;
    await use({
      dir,
      apply: () => start(['apply', '--yes', '--json', '--dir', dir], env),
      run: (...words) => start([...words, '--dir', dir], env).ended,
      requests: async () =>
        ((await sso.listAccountAssignmentCreationStatus({ InstanceArn })).AccountAssignmentsCreationStatus ?? []).map(
          ({ Status }) => Status,
        ),
    });
  } finally {
    server.child.kill('SIGKILL');
    await server.ended;
    rmSync(dir, { recursive: true, force: true });
  }
};

const untilOneIsInFlight = async ({ requests }: Scene): Promise<void> => {
  while (!(await requests()).includes('IN_PROGRESS')) await new Promise((resolve) => setTimeout(resolve, 50));
};

type Told = { readonly key: string; readonly status: string; readonly reason?: string };

const outcomesIn = (said: string): readonly Told[] => {
  const line = said.split('\n').find((one) => one.startsWith('{"event":"end"'));
  return (JSON.parse(line ?? '{"outcomes":[]}') as { outcomes: readonly Told[] }).outcomes;
};

describe('Ctrl-C during an apply', () => {
  it('finishes what is in flight, begins nothing more, and says what is left', { timeout: 120_000 }, async () => {
    await onSlowAws(3_000, async (scene) => {
      const applying = scene.apply();
      await untilOneIsInFlight(scene);
      applying.child.kill('SIGINT');
      expect(await applying.ended).toBe(130);
      expect(applying.said()).toContain('Interrupted: finishing what is in flight. Ctrl-C again stops at once.');
      const assignments = outcomesIn(applying.said()).filter(({ key }) => key.startsWith('assignment/'));
      expect(assignments.map(({ status }) => status).sort()).toEqual(['done', 'held']);
      expect(assignments.find(({ status }) => status === 'held')?.reason).toBe('interrupted before it was begun');
      // What was begun is at its end, and what was held was never asked for.
      expect(await scene.requests()).toEqual(['SUCCEEDED']);
      const journal = readFileSync(join(scene.dir, '.gatehouse/journal.jsonl'), 'utf8');
      expect(journal).toMatch(/"event":"held".*interrupted before it was begun/);
      expect(await scene.run('apply', '--yes')).toBe(0);
      expect(await scene.run('plan', '--detailed-exitcode')).toBe(0);
    });
  });

  it('stops at once when it is pressed again, whatever is in flight', { timeout: 120_000 }, async () => {
    await onSlowAws(600_000, async (scene) => {
      const applying = scene.apply();
      await untilOneIsInFlight(scene);
      applying.child.kill('SIGINT');
      await applying.heard(/Interrupted/);
      applying.child.kill('SIGINT');
      expect(await applying.ended).toBe(130);
      expect(outcomesIn(applying.said())).toEqual([]);
      expect(await scene.requests()).toEqual(['IN_PROGRESS']);
    });
  });
});

/** An AWS that takes every request and answers none. */
const onSilentAws = async (use: (scene: { read: (command: string) => Promise<Process> }) => Promise<void>) => {
  const dir = mkdtempSync(join(tmpdir(), 'gatehouse-interrupted-'));
  for (const [name, text] of Object.entries(files)) write(dir, name, text);
  write(dir, 'access/settings.yaml', settings([]));
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const env = {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
  };
  const read = async (command: string): Promise<Process> => {
    const asked = once(server, 'request');
    const begun = start([command, '--dir', dir], env);
    await Promise.race([asked, begun.heard(/^never said$/)]);
    return begun;
  };
  try {
    await use({ read });
  } finally {
    server.closeAllConnections();
    server.close();
    rmSync(dir, { recursive: true, force: true });
  }
};

describe('Ctrl-C while AWS is read', () => {
  it('ends what only reads at once: there is nothing in flight to finish', { timeout: 120_000 }, () =>
    onSilentAws(async ({ read }) => {
      const planning = await read('plan');
      planning.child.kill('SIGINT');
      expect(await planning.ended).toBe(130);
      expect(planning.said()).toBe('');
    }),
  );
});

describe('Ctrl-C while another process holds the local AWS', () => {
  it('ends what waits for it: nothing was begun', { timeout: 120_000 }, async () => {
    const dir = mkdtempSync(join(tmpdir(), 'gatehouse-interrupted-'));
    for (const [name, text] of Object.entries(files)) write(dir, name, text);
    write(dir, 'access/settings.yaml', settings([]));
    write(dir, '.gatehouse/sandbox.lock', JSON.stringify({ pid: process.pid, command: 'apply' }));
    try {
      const applying = start(['apply', '--sandbox', '--yes', '--dir', dir]);
      await applying.heard(/Waiting for "gatehouse apply" \(process \d+\)/);
      applying.child.kill('SIGINT');
      expect(await applying.ended).toBe(130);
      expect(applying.said()).toMatch(/interrupted: nothing was begun\n$/);
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  });
});
