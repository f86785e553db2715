/** Somebody gives all developers AdministratorAccess in Production by hand. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/model/plan.ts';
import { inSecureCart } from '../support/run.ts';
import type { Repository } from '../support/run.ts';

const key = 'assignment/group:SecureCart-Developers:AdministratorAccess-Prod@SecureCart-Production';

type World = {
  readonly sso: {
    readonly instanceArn: string;
    readonly permissionSets: Readonly<Record<string, { readonly name: string; readonly arn: string }>>;
  };
  readonly identityStore: {
    readonly groups: Readonly<Record<string, { readonly displayName: string; readonly groupId: string }>>;
  };
};

const meddleIn = async ({ dir, run }: Repository): Promise<void> => {
  const { sso, identityStore } = JSON.parse(readFileSync(join(dir, '.gatehouse/sandbox.json'), 'utf8')) as World;
  const input = JSON.stringify({
    InstanceArn: sso.instanceArn,
    PermissionSetArn: Object.values(sso.permissionSets).find(({ name }) => name === 'AdministratorAccess-Prod')?.arn,
    PrincipalType: 'GROUP',
    PrincipalId: Object.values(identityStore.groups).find(({ displayName }) => displayName === 'SecureCart-Developers')
      ?.groupId,
    TargetType: 'AWS_ACCOUNT',
    TargetId: '222222222222',
  });
  expect((await run('sandbox', 'call', 'sso-admin', 'CreateAccountAssignment', input, '--sandbox')).exit).toBe(0);
};

describe('drift of something that somebody was given', () => {
  it('is as critical as what was given, in JSON, in a terminal and in Markdown', () =>
    inSecureCart(async (repository) => {
      const { run } = repository;
      expect(await run('apply', '--sandbox', '--yes')).toMatchObject({ exit: 0 });
      await meddleIn(repository);
      const told = JSON.parse((await run('drift', '--sandbox', '--json')).out) as Plan;
      expect(told.changes).toMatchObject([{ key, action: 'delete', risk: 'critical' }]);
      expect(told.changes[0]?.riskReasons?.[0]).toMatch(/^administrator: /);
      expect(told.access[0]).toMatchObject({ principal: 'group:SecureCart-Developers', risk: 'critical' });
      const text = (await run('drift', '--sandbox')).out;
      expect(text).toMatch(/^Critical \(1\)$/m);
      expect(text).toMatch(/critical: group:SecureCart-Developers .*\n(?:.*\n)?\s+! administrator: /);
      const markdown = (await run('drift', '--sandbox', '--format', 'markdown')).out;
      expect(markdown).toMatch(/\| \*\*critical\*\*: administrator.*\| `group:SecureCart-Developers`/);
      // What puts it right only takes away.
      const plan = JSON.parse((await run('plan', '--sandbox', '--json')).out) as Plan;
      expect(plan.changes).toMatchObject([{ key, risk: 'low' }]);
    }));
});
