/** `import` as a person calls it, on an AWS that holds some things back. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gatehouse, inSecureCart } from '../support/run.ts';
import type { Repository } from '../support/run.ts';

const [dev, sandbox] = ['888888888888', '999999999999'] as const;
const nobody = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};
const document = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }] };

type Call = { readonly account: string; readonly operation: string; readonly input: object };

const call = async ({ run }: Repository, box: string, { account, operation, input }: Call): Promise<void> => {
  expect(
    await run('sandbox', 'call', 'iam', operation, JSON.stringify(input), '--account', account, box),
  ).toMatchObject({ exit: 0 });
};

describe('import, from the command line', () => {
  it('names an account that it could not enter, writes the rest, and writes over nothing that was edited', async () => {
    await inSecureCart(async (repository) => {
      const box = `--sandbox=${join(repository.dir, 'box')}`;
      const into = join(repository.dir, 'imported');
      for (const RoleName of ['GatehouseMember', 'OrganizationAccountAccessRole'])
        await call(repository, box, {
          account: dev,
          operation: 'UpdateAssumeRolePolicy',
          input: { RoleName, PolicyDocument: JSON.stringify(nobody) },
        });
      const { exit, out } = await gatehouse(['import', '--into', into, box]);
      expect(exit).toBe(0);
      expect(out).toContain('Not read, and so not in the files: iam/SecureCart-Dev; IMPORT.md says why.');
      expect(readFileSync(join(into, 'IMPORT.md'), 'utf8')).toMatch(
        /## What could not be read, and is not in the files\n\n- `iam\/SecureCart-Dev`: sts:AssumeRole failed: AccessDenied/,
      );
      const settings = join(into, 'access/settings.yaml');
      writeFileSync(settings, `${readFileSync(settings, 'utf8')}# mine\n`);
      const again = await gatehouse(['import', '--into', into, '--owner', 'other/owner', box]);
      expect(again.exit).toBe(1);
      expect(again.err).toMatch(/somebody has edited since: access\/settings\.yaml\. Nothing was written/);
      expect(readFileSync(settings, 'utf8')).toContain('# mine');
      expect((await gatehouse(['import', '--into', into, '--owner', 'other/owner', '--force', box])).exit).toBe(0);
      expect(readFileSync(settings, 'utf8')).toContain('owner: other/owner');
    });
  });

  it('writes the tags of a policy under the path / too: the plan would take them away', async () => {
    await inSecureCart(async (repository) => {
      const box = `--sandbox=${join(repository.dir, 'box')}`;
      const into = join(repository.dir, 'imported');
      await call(repository, box, {
        account: sandbox,
        operation: 'CreatePolicy',
        input: {
          PolicyName: 'Tagged',
          PolicyDocument: JSON.stringify(document),
          Tags: [{ Key: 'team', Value: 'shop' }],
        },
      });
      const only = ['--only', 'policy/SecureCart-Sandbox:/+Tagged', '--owner', 'o-securecart0/aws-access'];
      expect(await gatehouse(['import', '--into', into, ...only, box])).toMatchObject({ exit: 0 });
      expect(readFileSync(join(into, 'access/policies/tagged.yaml'), 'utf8')).toContain('tags: { team: shop }');
      const { out } = await gatehouse(['plan', '--json', '--dir', into, box]);
      const { changes } = JSON.parse(out) as { readonly changes: readonly { before: object; after: object }[] };
      expect(changes).toHaveLength(1);
      expect(changes[0]?.after).toEqual({ ...changes[0]?.before, owner: 'o-securecart0/aws-access' });
    });
  });
});
