/**
 * What roles cost in AWS's own time: reading the IAM of many accounts, and one role with its boundary made in each, on a
 * sandbox that enforces the rates and answers after 60 ms. Time is simulated, so the figures are the same on every machine.
 */
import { awsCloud } from '../../src/aws/cloud.ts';
import { createClients } from '../../src/aws/clients.ts';
import type { CustomerPolicy, Role } from '../../src/model/resource.ts';
import { createSandbox } from '../../src/sandbox/handle.ts';
import { putRole } from '../../src/sandbox/iam/state.ts';
import { requestHandler } from '../../src/sandbox/request-handler.ts';
import type { SdkRequest, SdkRequestHandler } from '../../src/sandbox/request-handler.ts';
import { brownfield } from '../../src/sandbox/seed.ts';
import { catalogue } from '../aws/bench.ts';
import { simulatedClock } from '../aws/simulated-clock.ts';
import { create } from '../contract/changes.ts';
import { MANAGEMENT, NOW, OWNER } from '../support/build.ts';

export const latency = 60;
const strangersPerAccount = 20;
export const memberRole = { name: 'GatehouseMember', path: '/gatehouse/' };
const managementId = '111111111111';

/** Odd ones out, by position: it has no member role, it throttles for good, it answers after 5 s. */
type Trouble = { readonly refuses?: number; readonly throttles?: number; readonly slow?: number };

export const accountsOf = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ name: `Account${at}`, id: String(200_000_000_000 + at) }));
type Account = ReturnType<typeof accountsOf>[number];

const saying = (Effect: 'Allow' | 'Deny', Action: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect, Action, Resource: '*' }],
});
const trust = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow' as const, Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};

const boundaryIn = (account: string): CustomerPolicy => ({
  kind: 'policy',
  account,
  name: 'Boundary',
  path: '/gatehouse/',
  document: saying('Allow', 's3:*'),
  tags: {},
  owner: OWNER,
});

const roleIn = (account: string): Role => ({
  kind: 'role',
  account,
  name: 'Deployer',
  path: '/gatehouse/',
  trust,
  managedPolicies: ['arn:aws:iam::aws:policy/ReadOnlyAccess'],
  customerManagedPolicies: [],
  inlinePolicies: { deploy: saying('Allow', 's3:PutObject') },
  permissionsBoundary: { customerManagedPolicy: { name: 'Boundary', path: '/gatehouse/' } },
  maxSessionDuration: 3600,
  instanceProfile: false,
  tags: {},
  owner: OWNER,
});

const throttling = (): ReturnType<SdkRequestHandler['handle']> => {
  const text =
    '<ErrorResponse><Error><Type>Sender</Type><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>';
  const response = { statusCode: 400, headers: { 'content-type': 'text/xml' }, body: new TextEncoder().encode(text) };
  return Promise.resolve({ response });
};

export const stage = (accounts: readonly Account[], trouble: Trouble) => {
  const clock = simulatedClock(Date.parse(NOW));
  const seed = {
    organizationId: 'o-securecart0',
    region: 'eu-west-1',
    management: { name: MANAGEMENT, id: managementId },
    accounts,
    users: [],
    externalGroups: [],
    memberRole,
  };
  const world = brownfield(seed, clock.now());
  for (const { id } of accounts)
    for (let at = 0; at < strangersPerAccount; at += 1)
      putRole(world, {
        account: id,
        name: `stranger-${at}`,
        path: '/',
        trust: JSON.stringify(trust),
        now: clock.now(),
      });
  const refusing = accounts[trouble.refuses ?? -1]?.id ?? '';
  Reflect.deleteProperty(world.iam[refusing]?.roles ?? {}, 'role/gatehousemember');
  Object.assign(world.settings, { throttling: true });
  const sandbox = createSandbox(world, { catalogue });
  const inner = clock.watching(requestHandler(sandbox, clock.now));
  const accountCalling = ({ headers }: SdkRequest): string =>
    world.sessions[/Credential=([^/]+)/.exec(headers['authorization'] ?? '')?.[1] ?? '']?.account ?? '';
  const handle = async (request: SdkRequest) => {
    const account = accountCalling(request);
    await clock.sleep(account === accounts[trouble.slow ?? -1]?.id ? 5_000 : latency);
    return account === accounts[trouble.throttles ?? -1]?.id ? throttling() : inner.handle(request);
  };
  const clients = createClients({
    region: 'eu-west-1',
    requestHandler: { ...inner, handle },
    credentials: { accessKeyId: 'AKIASANDBOX', secretAccessKey: 'sandbox' },
  });
  return { clock, clients };
};

export type RolesFigures = {
  readonly accounts: number;
  readonly trouble: string;
  readonly readCalls: number;
  readonly readSeconds: number;
  readonly unread: readonly string[];
  readonly writeCalls: number;
  readonly writeSeconds: number;
  readonly failed: number;
  /** Of this machine. */
  readonly realSeconds: number;
};

const ofIam = (calls: Readonly<Record<string, number>>): number =>
  Object.entries(calls)
    .filter(([name]) => name.startsWith('iam:') || name === 'sts:AssumeRole')
    .reduce((total, [, count]) => total + count, 0);

const measured = async (count: number, troubleText: string, trouble: Trouble = {}): Promise<RolesFigures> => {
  const began = performance.now();
  const accounts = accountsOf(count);
  const { clock, clients } = stage(accounts, trouble);
  const calls: Record<string, number> = {};
  const onCall = (name: string): void => {
    calls[name] = (calls[name] ?? 0) + 1;
  };
  const labels = Object.fromEntries(
    [...accounts, { name: MANAGEMENT, id: managementId }].map((one) => [one.id, one.name]),
  );
  const iam = { accounts: 'all', policies: [], memberRole } as const;
  const cloud = awsCloud(clients, { labels, owner: OWNER, permissionSets: [], iam, clock, onCall });
  let start = clock.now();
  const { reads, unread } = await cloud.read();
  const readSeconds = (clock.now() - start) / 1_000;
  const unseen = new Set(unread.map(({ scope }) => scope));
  const writable = accounts.filter(({ name }) => !unseen.has(`iam/${name}`));
  for (const name of Object.keys(calls)) Reflect.deleteProperty(calls, name);
  start = clock.now();
  const boundaries = await Promise.all(writable.map(({ name }) => cloud.apply(create(boundaryIn(name)))));
  const roles = await Promise.all(writable.map(({ name }) => cloud.apply(create(roleIn(name)))));
  return {
    accounts: count,
    trouble: troubleText,
    readCalls: ofIam(reads.calls),
    readSeconds,
    unread: unread.map(({ scope, reason }) => `${scope}: ${reason}`),
    writeCalls: ofIam(calls),
    writeSeconds: (clock.now() - start) / 1_000,
    failed: [...boundaries, ...roles].filter(({ status }) => status !== 'done').length,
    realSeconds: (performance.now() - began) / 1_000,
  };
};

export const benchRoles = async (): Promise<readonly RolesFigures[]> => [
  await measured(20, 'none'),
  await measured(500, 'none'),
  await measured(20, 'one refuses entry', { refuses: 3 }),
  await measured(20, 'one throttles for good', { throttles: 3 }),
  await measured(20, 'one answers after 5 s', { slow: 3 }),
];

const line = (one: RolesFigures): string =>
  `  ${one.accounts} accounts, trouble: ${one.trouble}; read ${one.readCalls} calls in ${one.readSeconds.toFixed(1)} s; a role and its boundary in each: ${one.writeCalls} calls in ${one.writeSeconds.toFixed(1)} s; ${one.failed} not done; ${one.realSeconds.toFixed(1)} s here`;

export const rolesLines = (figures: readonly RolesFigures[]): readonly string[] => [
  `roles: ${strangersPerAccount} others in each account, ${latency} ms to an answer`,
  ...figures.flatMap((one) => [line(one), ...one.unread.map((text) => `    ${text}`)]),
];
