/** Real processes: the compiled command line against a served sandbox, killed and run again. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { RandomBelow } from './faults.ts';

const cli = join(import.meta.dirname, '../../dist/cli.js');
const groups = ['Red', 'Green', 'Blue', 'Pink', 'Gray'];
const people = ['ada@securecart.example', 'bob@securecart.example', 'eve@securecart.example'];

const groupFile = (name: string): string => `
group: ${name}
description: The ${name} team
source: identity-center
members: [${people.join(', ')}]
assignments:
  - { permissionSet: Reader, accounts: [Production, Staging] }
  - { permissionSet: Writer, accounts: [Staging] }
`;

const setFile = (name: string, policy: string): string => `
permissionSet: ${name}
description: A ${name}
sessionDuration: 1h
managedPolicies: [${policy}]
`;

const files = (): Readonly<Record<string, string>> => ({
  'access/organization.yaml': `
management: { name: Management, id: "111111111111" }
accounts: { Staging: "333333333333" }
ous:
  Workloads:
    accounts: { Production: "222222222222" }
`,
  'permission-sets/reader.yaml': setFile('Reader', 'ReadOnlyAccess'),
  'permission-sets/writer.yaml': setFile('Writer', 'PowerUserAccess'),
  'scps/deny-root.yaml': `
scp: DenyRoot
description: No root user
policy:
  Version: "2012-10-17"
  Statement: [{ Effect: Deny, Action: "*", Resource: "*", Condition: { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:root" } } }]
`,
  'scps/bindings.yaml': 'ous:\n  Workloads: [DenyRoot]\naccounts:\n  Staging: [DenyRoot]\n',
  ...Object.fromEntries(groups.map((name) => [`access/groups/${name.toLowerCase()}.yaml`, groupFile(name)])),
});

const settings = (endpoint: string): string => `
organization: o-securecart0
endpoints: [${endpoint === '' ? '' : JSON.stringify(endpoint)}]
region: eu-west-1
owner: securecart/aws-access
`;

const writeAll = (dir: string, all: Readonly<Record<string, string>>): void => {
  for (const [name, text] of Object.entries(all)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), text);
  }
};

type Started = {
  readonly child: ChildProcess;
  readonly lines: (see: (line: string) => void) => void;
  readonly ended: Promise<number | null>;
  readonly said: () => string;
};

const start = (words: readonly string[], env: Readonly<Record<string, string>> = {}): Started => {
  const plain = { PATH: process.env['PATH'], HOME: tmpdir(), NO_COLOR: '1', ...env };
  const child = spawn(process.execPath, [cli, ...words], { env: plain, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  const watchers: ((line: string) => void)[] = [];
  const hear = (chunk: Buffer): void => {
    said += chunk.toString();
    for (const line of chunk.toString().split('\n').filter(Boolean)) for (const see of watchers) see(line);
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  return { child, ended, said: () => said, lines: (see) => void watchers.push(see) };
};

const served = (started: Started): Promise<string> =>
  new Promise((resolve, reject) => {
    started.lines((line) => {
      const url = /AWS_ENDPOINT_URL=(\S+)/.exec(line)?.[1];
      if (url !== undefined) resolve(url);
    });
    void started.ended.then(() => reject(new Error(`the sandbox did not start: ${started.said()}`)));
  });

const soon = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

const isDone = (line: string): boolean => /"event":"done"/.test(line);

export type KillReport = {
  /** How many changes were done when each process was killed; -1: it ended before. */
  readonly killedAt: readonly number[];
  readonly lastExit: number | null;
  readonly lastSaid: string;
  /** Of `plan --detailed-exitcode` at the end: 0 when nothing is left. */
  readonly left: number | null;
};

type Run = { readonly dir: string; readonly env: Readonly<Record<string, string>>; readonly random: RandomBelow };

const killedApply = async ({ dir, env, random }: Run): Promise<number> => {
  const applying = start(['apply', '--yes', '--json', '--dir', dir], env);
  const [after, delay] = [1 + random(3), random(200)];
  let seen = 0;
  const moment = new Promise<void>((resolve) => {
    applying.lines((line) => {
      if (!isDone(line)) return;
      seen += 1;
      if (seen === after) resolve(soon(delay));
    });
  });
  await Promise.race([moment, applying.ended]);
  const alive = applying.child.exitCode === null;
  applying.child.kill('SIGKILL');
  await applying.ended;
  return alive ? seen : -1;
};

/** Applies are killed `times` times at random moments of their writing; then one runs to its end. */
export const killAndRunAgain = async (times: number, random: RandomBelow): Promise<KillReport> => {
  const dir = mkdtempSync(join(tmpdir(), 'gatehouse-killed-'));
  writeAll(dir, { ...files(), 'access/settings.yaml': settings('') });
  const server = start(['sandbox', 'serve', '--port', '0', '--dir', dir]);
  try {
    const url = await served(server);
    writeAll(dir, { 'access/settings.yaml': settings(url) });
    const keys = { AWS_ACCESS_KEY_ID: 'AKIASANDBOX', AWS_SECRET_ACCESS_KEY: 'sandbox' };
    const env = { AWS_ENDPOINT_URL: url, AWS_REGION: 'eu-west-1', ...keys };
    const killedAt: number[] = [];
    for (let at = 0; at < times; at += 1) killedAt.push(await killedApply({ dir, env, random }));
    const last = start(['apply', '--yes', '--dir', dir], env);
    const lastExit = await last.ended;
    const left = await start(['plan', '--detailed-exitcode', '--dir', dir], env).ended;
    return { killedAt, lastExit, lastSaid: last.said(), left };
  } finally {
    server.child.kill('SIGKILL');
    await server.ended;
    rmSync(dir, { recursive: true, force: true });
  }
};
