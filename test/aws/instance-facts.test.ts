import { describe, expect, it } from 'vitest';
import { bench } from './bench.ts';
import type { Bench, BenchOptions } from './bench.ts';

const notesOf = async (options: BenchOptions, spoil?: (room: Bench) => Promise<void> | void) => {
  const room = bench(options);
  await spoil?.(room);
  const { notes, unread } = await room.cloudOf().read();
  expect(unread).toEqual([]);
  return notes.filter((note) => note.startsWith('Identity Center, read only'));
};

describe('the facts of an Identity Center instance', () => {
  it('are not told where they are as in every instance', async () => {
    expect(await notesOf({})).toEqual([]);
  });

  it('are its further Regions and its key', async () => {
    const key = 'arn:aws:kms:eu-west-1:111111111111:key/00000000-0000-4000-8000-000000000000';
    const told = await notesOf({}, ({ sandbox, clock }) => {
      Object.assign(sandbox.world().sso, { encryption: { KeyType: 'CUSTOMER_MANAGED_KEY', KmsKeyArn: key } });
      sandbox.world().sso.regions = [{ name: 'eu-central-1', addedDate: clock.now(), settlesAt: clock.now() }];
    });
    expect(told).toEqual([
      `Identity Center, read only: it is also in eu-central-1, where nothing is written; it is encrypted with ${key}, whose policy must let the reconciler use it.`,
    ]);
  });

  it('are that permission sets are not enabled, and nothing where they may not be read', async () => {
    const body = JSON.stringify({ PermissionSetsEnabled: false });
    expect(await notesOf({ answer: { operation: 'DescribeInstance', body } })).toEqual([
      'Identity Center, read only: permission sets are not enabled, so that AWS makes and assigns none.',
    ]);
    expect(await notesOf({ deny: 'DescribeInstance' })).toEqual([]);
  });

  const provider = 'arn:aws:sso::aws:applicationProvider/custom';
  const assigned = async ({ clients, sandbox }: Bench): Promise<void> => {
    const sso = await clients.ssoAdmin();
    const { instanceArn: InstanceArn, identityStoreId: IdentityStoreId } = sandbox.world().sso;
    const made = async (Name: string) => {
      const { ApplicationArn } = await sso.createApplication({ InstanceArn, ApplicationProviderArn: provider, Name });
      return ApplicationArn;
    };
    const [chat, wiki] = [await made('Chat'), await made('Wiki')];
    await made('Archive');
    await sso.putApplicationAssignmentConfiguration({ ApplicationArn: wiki, AssignmentRequired: false });
    const store = await clients.identityStore();
    const { Groups = [] } = await store.listGroups({ IdentityStoreId });
    const { Users = [] } = await store.listUsers({ IdentityStoreId });
    const assign = (PrincipalType: 'GROUP' | 'USER', PrincipalId: string | undefined) =>
      sso.createApplicationAssignment({ ApplicationArn: chat, PrincipalType, PrincipalId });
    await assign('GROUP', Groups.find(({ DisplayName }) => DisplayName === 'Directory-Finance')?.GroupId);
    await assign('USER', Users.find(({ UserName }) => UserName === 'eve@securecart.example')?.UserId);
  };

  it('are its applications, and who is assigned to them', async () => {
    expect(await notesOf({}, assigned)).toEqual([
      `Identity Center, read only: its applications and who is assigned to them: Archive (nobody), Chat (group Directory-Finance, user eve@securecart.example), Wiki (everybody).`,
    ]);
  });

  it('are its applications alone where their assignments may not be read', async () => {
    const [note = ''] = await notesOf({ deny: 'ListApplicationAssignments' }, assigned);
    expect(note).toContain('Chat (who is assigned may not be read)');
  });
});
