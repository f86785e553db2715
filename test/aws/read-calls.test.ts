/** Which questions a read asks of AWS, and which it need not; that it sees the same either way. */
import { describe, expect, it } from 'vitest';
import { awsCloud } from '../../src/aws/cloud.ts';
import { createClients } from '../../src/aws/clients.ts';
import type { Live } from '../../src/model/cloud.ts';
import type { Assignment } from '../../src/model/resource.ts';
import { requestHandler } from '../../src/sandbox/request-handler.ts';
import type { SdkRequest } from '../../src/sandbox/request-handler.ts';
import { create, permissionSet } from '../contract/changes.ts';
import { accounts, bench, labels, owner, region } from './bench.ts';
import type { Bench } from './bench.ts';

type Json = Readonly<Record<string, unknown>>;
type Course = {
  /** Awaited before the operation is answered. */
  readonly before?: (operation: string) => Promise<void>;
  /** What AWS answers in place of what the sandbox does. */
  readonly instead?: (operation: string, answer: Json, input: Json) => Json;
};

const operationOf = ({ headers }: SdkRequest): string => headers['x-amz-target']?.split('.').at(-1) ?? '';

const jsonOf = (body: unknown): Json =>
  JSON.parse(body instanceof Uint8Array ? new TextDecoder().decode(body) : String(body)) as Json;

/** A read by way of an AWS that answers a little differently. */
const readBy = async ({ sandbox, clock }: Bench, { before, instead }: Course, permissionSets: readonly string[]) => {
  const inner = clock.watching(requestHandler(sandbox, clock.now));
  const handle = async (request: SdkRequest) => {
    const operation = operationOf(request);
    await before?.(operation);
    const { response } = await inner.handle(request);
    if (instead === undefined || operation === '') return { response };
    const answer = instead(operation, jsonOf(response.body), jsonOf(request.body));
    return { response: { ...response, body: new TextEncoder().encode(JSON.stringify(answer)) } };
  };
  const credentials = { accessKeyId: 'AKIASANDBOX', secretAccessKey: 'secret' };
  const clients = createClients({ region, requestHandler: { ...inner, handle }, credentials });
  return awsCloud(clients, { labels, owner, permissionSets, clock }).read();
};

const callsOf = ({ reads }: Live, operation: string): number =>
  Object.entries(reads.calls).find(([name]) => name.endsWith(`:${operation}`))?.[1] ?? 0;

const assigned = (set: string, account: string): Assignment => ({
  kind: 'assignment',
  principal: { type: 'user', name: 'eve@securecart.example' },
  permissionSet: set,
  account,
});

/** The sets that the seed has, and some more, each in every account but the management account. */
const furnished = async (sets: readonly string[]): Promise<Bench> => {
  const room = bench();
  const cloud = room.cloudOf();
  await cloud.read();
  for (const set of sets) {
    await cloud.apply(create(permissionSet(set, { owner, scope: 'all' })));
    for (const { name } of accounts) await cloud.apply(create(assigned(set, name)));
  }
  return room;
};

const all = (prefix: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, at) => `${prefix}${at}`);

describe('where the sets are', () => {
  it('is asked once of a set that no account has, and twice of any other', async () => {
    const room = await furnished(['One']);
    const live = await room.cloudOf({ permissionSets: ['One'] }).read();
    // One, legacy-admins; and tmp-contractors, which nobody has.
    expect(callsOf(live, 'ListAccountsForProvisionedPermissionSet')).toBe(5);
    expect(callsOf(live, 'ListPermissionSetsProvisionedToAccount')).toBe(0);
  });

  it('is asked of the accounts where they are fewer, and says the same, outdated ones included', async () => {
    const room = await furnished(all('Set', 5));
    const { sso, organizations } = room.sandbox.world();
    for (const set of Object.values(sso.permissionSets)) if (set.name === 'Set3') set.revision += 1;
    const byAccount = await room.cloudOf({ permissionSets: all('Set', 5) }).read();
    expect(callsOf(byAccount, 'ListAccountsForProvisionedPermissionSet')).toBe(0);
    // The management account has none.
    expect(callsOf(byAccount, 'ListPermissionSetsProvisionedToAccount')).toBe(7);
    expect(byAccount.state['permission-set/Set3']).toMatchObject({ outdatedIn: ['Production', 'Sandbox', 'Staging'] });
    const closed = { ...organizations.accounts['444444444444'], Id: '555555555555', Name: 'Old', State: 'SUSPENDED' };
    organizations.accounts['555555555555'] = closed as (typeof organizations.accounts)[string];
    const bySet = await room.cloudOf({ permissionSets: all('Set', 5) }).read();
    expect(callsOf(bySet, 'ListPermissionSetsProvisionedToAccount')).toBe(0);
    expect(bySet.state).toEqual(byAccount.state);
  });
});

describe('accounts without paths', () => {
  const pathless = (operation: string, answer: Json): Json =>
    operation === 'ListAccounts'
      ? { ...answer, Accounts: (answer['Accounts'] as Json[]).map(({ Paths: _, ...rest }) => rest) }
      : answer;

  it('are asked of their parents, which are fewer', async () => {
    const room = bench();
    const live = await readBy(room, { instead: pathless }, []);
    expect(live.state).toEqual((await room.cloudOf().read()).state);
    expect([callsOf(live, 'ListAccountsForParent'), callsOf(live, 'ListParents')]).toEqual([1, 0]);
  });

  it('are asked one by one where no parent names them', async () => {
    const room = bench();
    const instead = (operation: string, answer: Json): Json =>
      operation === 'ListAccountsForParent'
        ? { ...answer, Accounts: (answer['Accounts'] as Json[]).slice(1) }
        : pathless(operation, answer);
    const live = await readBy(room, { instead }, []);
    expect(live.state).toEqual((await room.cloudOf().read()).state);
    expect([callsOf(live, 'ListAccountsForParent'), callsOf(live, 'ListParents')]).toEqual([1, 1]);
  });
});

describe('what has rates of its own', () => {
  it.each(['DescribePolicy', 'ListOrganizationalUnitsForParent', 'ListTargetsForPolicy'])(
    'does not wait for %s',
    async (slow) => {
      const room = await furnished(['One', 'Two']);
      let released = (): void => undefined;
      const assignmentsRead = new Promise<void>((resolve) => (released = resolve));
      let left = 4;
      const before = async (operation: string): Promise<void> => {
        if (operation === slow) await assignmentsRead;
        if (operation === 'ListAccountAssignmentsForPrincipal' && (left -= 1) === 0) released();
      };
      expect((await readBy(room, { before }, ['One', 'Two'])).reads.route).toBe('principals');
      expect(left).toBe(0);
    },
  );
});

describe('an organization without groups', () => {
  it('is read pair by pair where AWS denies the question about principals', async () => {
    const room = await furnished(['One', 'Two']);
    const { identityStore } = room.sandbox.world();
    identityStore.groups = {};
    identityStore.memberships = {};
    const permissionSets = ['One', 'Two'];
    const { reads, state } = await room.cloudOf({ permissionSets }).read();
    expect(reads.route).toBe('principals');
    const deny = 'ListAccountAssignmentsForPrincipal';
    const denied = await bench({ sandbox: room.sandbox, deny }).cloudOf({ permissionSets }).read();
    expect(denied.reads.route).toBe('pairs');
    expect(callsOf(denied, deny)).toBe(1);
    expect(denied.state).toEqual(state);
  });
});

describe('users who have much through groups', () => {
  /** 25 pairs, 6 groups and 15 users, each of them with more than 100 rows through groups. */
  const crowded = async (): Promise<Bench> => {
    const room = await furnished(all('Set', 8));
    const { identityStore, sso } = room.sandbox.world();
    const [group] = Object.values(identityStore.groups);
    const [membership] = Object.values(identityStore.memberships);
    const [user] = Object.values(identityStore.users);
    if (group === undefined || membership === undefined || user === undefined) throw new Error('the seed has no group');
    for (let at = 0; Object.keys(identityStore.users).length < 15; at += 1) {
      const userId = user.userId.replace(/^../, `f${at.toString(16)}`);
      identityStore.users[userId] = { ...user, userId, userName: `user${at}` };
    }
    for (const at of [1, 2, 3, 4, 5]) {
      const groupId = group.groupId.replace(/^./, String(at));
      identityStore.groups[groupId] = { ...group, groupId, displayName: `Team${at}` };
      for (const { userId } of Object.values(identityStore.users)) {
        const membershipId = `${membership.membershipId}-${at}-${userId}`;
        identityStore.memberships[membershipId] = { ...membership, membershipId, groupId, userId };
      }
      for (const row of sso.assignments.filter(({ principalType }) => principalType === 'USER'))
        sso.assignments.push({ ...row, principalType: 'GROUP', principalId: groupId });
    }
    return room;
  };

  it('cost pages where AWS repeats what groups have: pairs are asked as soon as that is known', async () => {
    const room = await crowded();
    const live = await room.cloudOf({ permissionSets: all('Set', 8) }).read();
    expect(live.reads.route).toBe('pairs');
    expect(callsOf(live, 'ListAccountAssignments')).toBe(25);
    // Six groups, and the two pages of one user.
    expect(callsOf(live, 'ListAccountAssignmentsForPrincipal')).toBe(8);
  });

  it('cost one call each where AWS tells only what is their own', async () => {
    const room = await crowded();
    const instead = (operation: string, answer: Json, { PrincipalType }: Json): Json => {
      if (operation !== 'ListAccountAssignmentsForPrincipal') return answer;
      const rows = answer['AccountAssignments'] as Json[];
      return { ...answer, AccountAssignments: rows.filter((row) => row['PrincipalType'] === PrincipalType) };
    };
    const live = await readBy(room, { instead }, all('Set', 8));
    expect(live.reads.route).toBe('principals');
    expect(live.state).toEqual((await room.cloudOf({ permissionSets: all('Set', 8) }).read()).state);
  });
});
