/** A store that the corporate directory feeds, in which not every group has an external id: Okta sends none. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/model/plan.ts';
import { gatehouse, inSecureCart } from '../support/run.ts';
import type { Repository } from '../support/run.ts';

type Answer = Readonly<Record<string, unknown>>;

const call = async ({ run }: Repository, operation: string, input: object): Promise<Answer> => {
  const ran = await run('sandbox', 'call', 'identitystore', operation, JSON.stringify(input), '--sandbox');
  if (ran.exit !== 0) throw new Error(ran.err);
  return JSON.parse(ran.out) as Answer;
};

const withPushedGroup = async (
  repository: Repository,
): Promise<{ readonly MembershipId: unknown; readonly IdentityStoreId: string }> => {
  await repository.run('plan', '--sandbox');
  const world = JSON.parse(readFileSync(join(repository.dir, '.gatehouse/sandbox.json'), 'utf8')) as {
    readonly identityStore: {
      readonly identityStoreId: string;
      readonly users: Readonly<Record<string, { readonly userName: string }>>;
    };
  };
  const { identityStoreId: IdentityStoreId, users } = world.identityStore;
  const { GroupId } = await call(repository, 'CreateGroup', { IdentityStoreId, DisplayName: 'okta-aws-admins' });
  const [UserId] = Object.entries(users).find(([, { userName }]) => userName === 'farid@securecart.example') ?? [];
  const { MembershipId } = await call(repository, 'CreateGroupMembership', {
    IdentityStoreId,
    GroupId,
    MemberId: { UserId },
  });
  return { MembershipId, IdentityStoreId };
};

describe('a group that the directory pushed without an external id', () => {
  it('is imported without its members and named, and whom the directory removes stays removed', () =>
    inSecureCart(async (repository) => {
      const pushed = await withPushedGroup(repository);
      const into = join(repository.dir, 'imported');
      expect(await repository.run('import', '--into', into, '--sandbox')).toMatchObject({ exit: 0 });
      const text = readFileSync(join(into, 'access/groups/okta-aws-admins.yaml'), 'utf8');
      expect(text).not.toMatch(/^members:/m);
      expect(readFileSync(join(into, 'IMPORT.md'), 'utf8')).toMatch(
        /may be the corporate directory's.*okta-aws-admins/,
      );
      await call(repository, 'DeleteGroupMembership', pushed);
      const box = `--sandbox=${join(repository.dir, '.gatehouse')}`;
      const planned = await gatehouse(['plan', '--json', '--dir', into, box]);
      const { changes } = JSON.parse(planned.out) as Plan;
      expect(changes.filter(({ kind }) => kind === 'membership' || kind === 'group')).toEqual([]);
    }));

  it('is imported with them when somebody says that people keep them here', () =>
    inSecureCart(async (repository) => {
      await withPushedGroup(repository);
      const into = join(repository.dir, 'imported');
      const ran = await repository.run('import', '--into', into, '--members', 'all', '--sandbox');
      expect(ran).toMatchObject({ exit: 0 });
      const text = readFileSync(join(into, 'access/groups/okta-aws-admins.yaml'), 'utf8');
      expect(text).toContain('members:\n  - farid@securecart.example\n');
    }));
});
