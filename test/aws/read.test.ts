import { beforeAll, describe, expect, it } from 'vitest';
import { createClients } from '../../src/aws/clients.ts';
import { awsCloud } from '../../src/aws/cloud.ts';
import { whereAmI } from '../../src/aws/identity.ts';
import type { Live } from '../../src/model/cloud.ts';
import { readStages } from '../../src/model/reads.ts';
import type { ReadEvent } from '../../src/model/reads.ts';
import { UserError } from '../../src/model/problem.ts';
import { keyOf } from '../../src/model/resource.ts';
import type { Assignment } from '../../src/model/resource.ts';
import { requestHandler } from '../../src/sandbox/request-handler.ts';
import { create, permissionSet } from '../contract/changes.ts';
import { accounts, bench, labels, management, owner, region } from './bench.ts';
import type { Bench } from './bench.ts';

const assignment = (set: string, account: string): Assignment => ({
  kind: 'assignment',
  principal: { type: 'user', name: 'eve@securecart.example' },
  permissionSet: set,
  account,
});

/** Two sets in three accounts each: seven provisioned pairs with the seeded one, and four principals. */
const furnished = async (): Promise<Bench> => {
  const room = bench();
  const cloud = room.cloudOf();
  await cloud.read();
  for (const set of ['One', 'Two']) {
    await cloud.apply(create(permissionSet(set, { owner, scope: 'all' })));
    for (const { name } of accounts) await cloud.apply(create(assignment(set, name)));
  }
  room.calls.clear();
  return room;
};

const keysOf = (live: Live, kind: string): readonly string[] =>
  Object.keys(live.state).filter((key) => key.startsWith(`${kind}/`));

describe('reading the seeded sandbox', () => {
  it('gives every resource under its own key', async () => {
    const live = await bench().cloudOf().read();
    for (const [key, resource] of Object.entries(live.state)) expect(key).toBe(keyOf(resource));
    expect(Object.keys(live.state)).toEqual(
      expect.arrayContaining([
        'policy-type/SERVICE_CONTROL_POLICY',
        'scp/legacy-deny-large-instances',
        'attachment/scp:FullAWSAccess@root',
        'attachment/scp:legacy-deny-large-instances@account:Sandbox',
        'account/Production',
        'group/Directory-Finance',
        'membership/Directory-Finance:bob%40securecart.example',
        'permission-set/legacy-admins',
        'assignment/user:ada%40securecart.example:legacy-admins@Sandbox',
      ]),
    );
    expect(live).toMatchObject({ organization: 'o-securecart0', managementAccountId: management.id, unread: [] });
  });

  it('tells whoever watches how many of how many are read, one after the other, of every stage', async () => {
    const told: ReadEvent[] = [];
    await bench()
      .cloudOf({ onRead: (event) => void told.push(event), iam: { accounts: 'all', policies: [] } })
      .read();
    for (const stage of readStages) {
      const [first, ...rest] = told.filter((event) => event.stage === stage);
      expect(first?.done).toBe(0);
      expect(rest.map(({ done }) => done)).toEqual(Array.from({ length: first?.total ?? 0 }, (_, index) => index + 1));
      expect(first?.total).toBeGreaterThan(0);
    }
  });

  it('counts exactly the calls that AWS was sent', async () => {
    const room = bench();
    const before = { ...room.sandbox.world().requestLog };
    const live = await room.cloudOf().read();
    const sent = Object.entries(room.sandbox.world().requestLog).map(([name, count]) => [
      name,
      count - (before[name] ?? 0),
    ]);
    expect(live.reads.calls).toEqual(Object.fromEntries(sent.filter(([, count]) => count !== 0)));
  });

  it('is the same with empty pages, throttling, and both', async () => {
    const plain = await (await furnished()).cloudOf().read();
    for (const settings of [{ emptyPages: true }, { throttling: true }, { emptyPages: true, throttling: true }]) {
      const room = await furnished();
      Object.assign(room.sandbox.world().settings, settings);
      expect((await room.cloudOf().read()).state).toEqual(plain.state);
    }
  });

  it('is never throttled: the calls are those of an AWS without limits', async () => {
    const room = await furnished();
    const cloud = room.cloudOf();
    const { reads } = await cloud.read();
    Object.assign(room.sandbox.world().settings, { throttling: true });
    const start = room.clock.now();
    for (let times = 0; times < 3; times += 1) expect((await cloud.read()).reads).toEqual(reads);
    expect(room.clock.now()).toBeGreaterThan(start);
  });
});

describe('the route to the assignments', () => {
  let byPairs: Live;
  beforeAll(async () => {
    const room = await furnished();
    const services = ['sso.amazonaws.com', 'organizations.amazonaws.com'];
    room.sandbox
      .world()
      .organizations.delegatedAdministrators.push({ account: accounts[0]?.id ?? '', services, since: 0 });
    const delegate = bench({ accessKeyId: `AKIASANDBOX${accounts[0]?.id}`, sandbox: room.sandbox });
    byPairs = await delegate.cloudOf().read();
  });

  it('is by principals when they are fewer than the pairs', async () => {
    const room = await furnished();
    const live = await room.cloudOf({ permissionSets: ['One', 'Two'] }).read();
    expect(live.reads.route).toBe('principals');
    expect(room.calls.get('sso-admin:ListAccountAssignmentsForPrincipal')).toBe(4);
    expect(room.calls.get('sso-admin:ListAccountAssignments')).toBeUndefined();
    expect(keysOf(live, 'assignment')).toHaveLength(7);
  });

  it('is pair by pair when the pairs of sets that will go make principals the dearer one', async () => {
    const room = await furnished();
    const live = await room.cloudOf({ permissionSets: [] }).read();
    expect(live.reads.route).toBe('pairs');
    expect(room.calls.get('sso-admin:ListAccountAssignments')).toBe(7);
  });

  it('is pair by pair for any account but the management account', () => {
    expect(byPairs.reads.route).toBe('pairs');
    expect(keysOf(byPairs, 'assignment')).toHaveLength(7);
  });

  it('falls back to pairs when AWS denies the principals', async () => {
    const room = await furnished();
    const inner = requestHandler(room.sandbox, room.clock.now);
    const clients = createClients({
      region,
      credentials: { accessKeyId: 'AKIASANDBOX', secretAccessKey: 'secret' },
      requestHandler: room.clock.watching({
        ...inner,
        handle: async (request) =>
          request.headers['x-amz-target']?.endsWith('.ListAccountAssignmentsForPrincipal') === true
            ? {
                response: {
                  statusCode: 400,
                  headers: { 'content-type': 'application/x-amz-json-1.1' },
                  body: new TextEncoder().encode('{"__type":"AccessDeniedException","Message":"not you"}'),
                },
              }
            : inner.handle(request),
      }),
    });
    const context = { labels, owner, permissionSets: ['One', 'Two'], clock: room.clock };
    const live = await awsCloud(clients, context).read();
    expect(live.reads.route).toBe('pairs');
    expect(live.reads.calls['sso-admin:ListAccountAssignmentsForPrincipal']).toBe(1);
    expect(live.state).toEqual(byPairs.state);
  });

  it('finds the assignment of a deleted user, by either route', async () => {
    for (const permissionSets of [['One', 'Two'], []]) {
      const room = await furnished();
      const store = room.sandbox.world().identityStore;
      const ada = Object.values(store.users).find(({ userName }) => userName?.startsWith('ada') === true)?.userId ?? '';
      Reflect.deleteProperty(store.users, ada);
      const live = await room.cloudOf({ permissionSets }).read();
      expect(live.reads.route).toBe(permissionSets.length > 0 ? 'principals' : 'pairs');
      expect(live.state[`assignment/user:~${ada}:legacy-admins@Sandbox`]).toEqual({
        kind: 'assignment',
        principal: { type: 'user', name: ada, orphan: true },
        permissionSet: 'legacy-admins',
        account: 'Sandbox',
      });
    }
  });
});

describe('somebody who comes while AWS is read', () => {
  it.each([
    ['user', 'ListUsers', 'ada@securecart.example'],
    ['group', 'ListGroups', 'Directory-Finance'],
  ] as const)('is no dead %s: what they are given keeps their name', async (type, listing, name) => {
    const { sandbox } = await furnished();
    const world = sandbox.world();
    const held: Record<string, object> = type === 'user' ? world.identityStore.users : world.identityStore.groups;
    const [id = '', found = {}] =
      Object.entries(held).find(([, one]) => Object.values(one as Readonly<Record<string, unknown>>).includes(name)) ??
      [];
    const [row] = world.sso.assignments;
    if (row === undefined) throw new Error('the seed has no assignment');
    world.sso.assignments.push({ ...row, principalType: type === 'user' ? 'USER' : 'GROUP', principalId: id });
    Reflect.deleteProperty(held, id);
    const come = (operation: string): void => void (operation === listing && (held[id] = found));
    const live = await bench({ sandbox, answered: come }).cloudOf().read();
    const given = Object.values(live.state).filter(
      (one) => one.kind === 'assignment' && one.principal.type === type && [name, id].includes(one.principal.name),
    );
    expect(given.length).toBeGreaterThan(0);
    for (const one of given) expect(one).toMatchObject({ principal: { type, name } });
    if (type === 'user') expect(live.users).toContain(name);
    else expect(live.state).toHaveProperty([`group/${name}`]);
  });
});

describe('an assignment that hides behind a living one', () => {
  it('is found where the set is ours and is about to be deleted', async () => {
    const room = await furnished();
    const cloud = room.cloudOf({ permissionSets: ['Two'] });
    await cloud.read();
    const principal = { type: 'user', name: 'ada@securecart.example' } as const;
    await cloud.apply(create({ ...assignment('One', 'Production'), principal }));
    const { users } = room.sandbox.world().identityStore;
    const ada = Object.values(users).find(({ userName }) => userName === principal.name)?.userId ?? '';
    Reflect.deleteProperty(users, ada);
    const live = await cloud.read();
    expect(live.reads.route).toBe('principals');
    expect(keysOf(live, 'assignment')).toContain(`assignment/user:~${ada}:One@Production`);
  });
});

describe('what a read makes of odd organizations', () => {
  it('skips suspended accounts and says so', async () => {
    const room = bench();
    const account = room.sandbox.world().organizations.accounts['444444444444'];
    if (account !== undefined) account.State = 'SUSPENDED';
    const live = await room.cloudOf().read();
    expect(live.suspended).toEqual(['Sandbox']);
    expect(live.state['account/Sandbox']).toBeUndefined();
    expect(keysOf(live, 'assignment')).toEqual([]);
    expect(keysOf(live, 'attachment').filter((key) => key.includes('Sandbox'))).toEqual([]);
  });

  it('names what it could not understand and does not show it as absent', async () => {
    const room = bench();
    const { organizations, sso } = room.sandbox.world();
    const scp = Object.values(organizations.policies).find(({ Name }) => Name.startsWith('legacy'));
    if (scp !== undefined) scp.Content = 'not JSON';
    for (const set of Object.values(sso.permissionSets)) set.definition = { ...set.definition, inlinePolicy: '{}' };
    const live = await room.cloudOf().read();
    expect(live.unread.map(({ scope }) => scope).sort()).toEqual([
      'permission-set/legacy-admins',
      'permission-set/tmp-contractors',
      'scp/legacy-deny-large-instances',
    ]);
    expect(live.state['attachment/scp:legacy-deny-large-instances@account:Sandbox']).toBeDefined();
  });

  it('throws one line that names the call when AWS refuses it', async () => {
    const room = bench({ deny: 'ListGroups' });
    const reading = room.cloudOf().read();
    await expect(reading).rejects.toThrow(UserError);
    await expect(reading).rejects.toThrow(/^identitystore:ListGroups failed: AccessDeniedException: [^\n]+$/);
  });
});

describe('whereAmI', () => {
  it('names organization, account and who calls, and no endpoint when it is AWS’s own', async () => {
    expect(await whereAmI(bench().clients)).toEqual({
      account: management.id,
      arn: expect.stringContaining(management.id) as string,
      organization: 'o-securecart0',
      managementAccount: management.id,
      endpoints: [],
    });
  });

  it('names an endpoint that is not AWS’s', async () => {
    const room = bench({ endpoint: 'http://127.0.0.1:4566' });
    expect((await whereAmI(room.clients)).endpoints).toEqual(['http://127.0.0.1:4566']);
  });
});
