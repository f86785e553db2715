import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/model/plan.ts';
import { inSecureCart } from '../support/run.ts';

const listing = { Effect: 'Allow', Action: 's3:ListAllMyBuckets', Resource: '*' };
const tagged = JSON.stringify({
  PolicyName: 'handmade',
  PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [listing] }),
  Tags: [{ Key: 'team', Value: 'blue' }],
});

describe('SecureCart, with roles that others left', () => {
  it('imports one role of many accounts by a pattern, adopts a drifted one, and takes a trust without words as a document', async () => {
    await inSecureCart(async ({ dir, run }) => {
      const box = `--sandbox=${join(dir, 'box')}`;
      const read = (path: string): string => readFileSync(join(dir, path), 'utf8');
      const planned = async (): Promise<Plan> => JSON.parse((await run('plan', '--json', box)).out) as Plan;
      const only = (key: string) => run('import', '--into', dir, '--only', key, box);
      expect(await run('apply', '--yes', box)).toMatchObject({ exit: 0 });

      expect(await only('role/*:OrganizationAccountAccessRole')).toMatchObject({ exit: 0 });
      expect(read('access/roles/organization-account-access-role.yaml')).toContain('ous: [Root]');
      expect(await only('policy/SecureCart-Sandbox:/+deploy-helper')).toMatchObject({ exit: 0 });
      const { changes } = await planned();
      expect(changes.map(({ action, adopts }) => [action, adopts])).toEqual(changes.map(() => ['update', true]));
      expect(changes.map(({ key }) => key)).toContain('role/SecureCart-Dev:OrganizationAccountAccessRole');

      expect(await only('role/SecureCart-Sandbox:deployer')).toMatchObject({ exit: 0 });
      expect(read('access/roles/deployer.yaml')).toMatch(/^trust(Policy)?:$/m);
      const wayIn = await only('role/SecureCart-Dev:GatehouseMember');
      expect(wayIn).toMatchObject({ exit: 1, err: expect.stringContaining('by it the reconciler') as string });

      const before = read('access/roles/deployment.yaml');
      const longer = JSON.stringify({ RoleName: 'DeploymentRole', MaxSessionDuration: 7200 });
      await run('sandbox', 'call', 'iam', 'UpdateRole', longer, '--account', '222222222222', box);
      const key = 'role/SecureCart-Production:DeploymentRole';
      expect((await planned()).changes.map((change) => change.key)).toContain(key);
      expect(await run('adopt', key, box)).toMatchObject({ exit: 0 });
      const accounts = '[SecureCart-Staging, SecureCart-Production]';
      expect(read('access/roles/deployment.yaml')).toBe(before.replace(accounts, '[SecureCart-Staging]'));
      const own = read('access/roles/deployment-securecart-production.yaml');
      expect(own.replace(/^description:.*\n/m, '')).toBe(
        before
          .replace(accounts, '[SecureCart-Production]')
          .replace('maxSessionDuration: 1h', 'maxSessionDuration: 2h')
          .replace(/^description:.*\n/m, ''),
      );
      expect((await planned()).changes.map((change) => change.key)).not.toContain(key);

      // No list of policies tells their tags: they are asked for what is not declared, too.
      const handmade = 'policy/SecureCart-Dev:/+handmade';
      await run('sandbox', 'call', 'iam', 'CreatePolicy', tagged, '--account', 'SecureCart-Dev', box);
      expect(await run('adopt', handmade, box)).toMatchObject({ exit: 0 });
      expect(read('access/policies/handmade.yaml')).toContain('tags: { team: blue }');
      const taken = (await planned()).changes.find((change) => change.key === handmade);
      expect(taken).toMatchObject({ adopts: true });
    });
  }, 240_000);
});
