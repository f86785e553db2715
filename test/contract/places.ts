/** Where the contract is checked: each place is another account of how AWS behaves. */
import { spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { awsCloud } from '../../src/aws/cloud.ts';
import { createClients } from '../../src/aws/clients.ts';
import type { AwsClients } from '../../src/aws/clients.ts';
import { scaledClock } from '../../src/aws/clock.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import { createSandbox } from '../../src/sandbox/handle.ts';
import { brownfield } from '../../src/sandbox/seed.ts';
import { serve } from '../../src/sandbox/server.ts';
import { bench, catalogue, labels, owner, region, seed } from '../aws/bench.ts';

export type Room = {
  readonly cloud: Cloud;
  readonly clients: AwsClients;
  /** Labels of two member accounts and the name of a user that exist there. */
  readonly accounts: readonly [string, string];
  readonly user: string;
  readonly close: () => Promise<void>;
};

export type Place = {
  readonly name: string;
  readonly open: () => Promise<Room>;
  /** Name of a check -> why it cannot be made there. */
  readonly lacks: Readonly<Record<string, string>>;
};

const user = 'ada@securecart.example';
const credentials = { accessKeyId: 'AKIASANDBOX', secretAccessKey: 'secret' };
/** Nobody else uses these imitations: their time may fly. */
const speed = 200;

const iam = { accounts: 'all', policies: [] } as const;

const cloudOf = (clients: AwsClients, names: Readonly<Record<string, string>>): Cloud =>
  awsCloud(clients, { labels: names, owner, permissionSets: [], iam, clock: scaledClock(speed) });

const inProcess: Place = {
  name: 'the sandbox in process',
  lacks: {},
  open: async () => {
    const { clients, cloudOf: cloud } = bench();
    return { clients, cloud: cloud({ iam }), accounts: ['Production', 'Staging'], user, close: async () => undefined };
  },
};

const loopback: Place = {
  name: 'the sandbox on loopback',
  lacks: {},
  open: async () => {
    const sandbox = createSandbox(brownfield(seed, Date.now()), { catalogue });
    const { url, close } = await serve(sandbox, { port: 0 });
    const clients = createClients({ region, endpoint: url, credentials });
    return { clients, cloud: cloudOf(clients, labels), accounts: ['Production', 'Staging'], user, close };
  },
};

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

const answers = async (url: string): Promise<void> => {
  for (let tries = 0; tries < 100; tries += 1) {
    try {
      await fetch(url);
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  throw new Error(`moto_server does not answer at ${url}`);
};

/** An organization with two member accounts and a user, which moto starts without. */
const furnish = async (clients: AwsClients): Promise<Readonly<Record<string, string>>> => {
  const [organizations, ssoAdmin, identityStore] = await Promise.all([
    clients.organizations(),
    clients.ssoAdmin(),
    clients.identityStore(),
  ]);
  await organizations.createOrganization({ FeatureSet: 'ALL' });
  const { Roots } = await organizations.listRoots({});
  await organizations.enablePolicyType({ RootId: Roots?.[0]?.Id, PolicyType: 'SERVICE_CONTROL_POLICY' });
  for (const AccountName of ['Production', 'Staging']) {
    await organizations.createAccount({ AccountName, Email: `${AccountName}@aws.example` });
  }
  const IdentityStoreId = (await ssoAdmin.listInstances({})).Instances?.[0]?.IdentityStoreId;
  const Name = { GivenName: 'Ada', FamilyName: 'L' };
  await identityStore.createUser({ IdentityStoreId, UserName: user, DisplayName: 'Ada', Name });
  const { Accounts = [] } = await organizations.listAccounts({});
  return Object.fromEntries(Accounts.map(({ Id = '', Name: name = '' }) => [Id, name]));
};

const noFullRead =
  'moto has no ListTagsForResource and no permissions boundaries in sso-admin, which every read of a set needs';

/** One account of no organization, with nothing in it. */
export const openMoto = async (): Promise<{ readonly endpoint: string; readonly close: () => Promise<void> }> => {
  const port = await freePort();
  const child = spawn('moto_server', ['-H', '127.0.0.1', '-p', String(port)], {
    stdio: 'ignore',
    // Otherwise it knows none of AWS's own policies.
    env: { ...process.env, MOTO_IAM_LOAD_MANAGED_POLICIES: 'true' },
  });
  const endpoint = `http://127.0.0.1:${port}`;
  await answers(endpoint);
  return { endpoint, close: async () => void child.kill() };
};

const moto: Place = {
  name: 'moto_server',
  lacks: {
    'an OIDC provider gets other audiences': 'moto has no AddClientIDToOpenIDConnectProvider',
    'a group is renamed and its description cleared': 'moto has no UpdateGroup',
    'a permission set has every field, changes and goes': noFullRead,
    'an assignment is made, shown, and revoked': noFullRead,
    'a change applied twice is done once': noFullRead,
    'an edit reaches the accounts that have the set': noFullRead,
  },
  open: async () => {
    const { endpoint, close } = await openMoto();
    const clients = createClients({ region, endpoint, credentials });
    const cloud = cloudOf(clients, await furnish(clients));
    return { clients, cloud, accounts: ['Production', 'Staging'], user, close };
  },
};

export const motoIsHere = spawnSync('moto_server', ['--help'], { stdio: 'ignore' }).status === 0;

export const places: readonly Place[] = [inProcess, loopback, ...(motoIsHere ? [moto] : [])];
export const absentPlaces: readonly string[] = motoIsHere ? [] : ['moto_server is not installed: left out'];
