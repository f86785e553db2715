import { describe, expect, it } from 'vitest';
import { bench } from './bench.ts';
import type { BenchOptions } from './bench.ts';

const notesOf = async (options: BenchOptions, spoil?: (room: ReturnType<typeof bench>) => void) => {
  const room = bench(options);
  spoil?.(room);
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

  it('are the applications that people may be assigned to', async () => {
    const body = JSON.stringify({ Applications: [{ Name: 'Wiki' }, { Name: 'Chat' }] });
    expect(await notesOf({ answer: { operation: 'ListApplications', body } })).toEqual([
      'Identity Center, read only: who may use its applications is not read: Chat, Wiki.',
    ]);
  });
});
