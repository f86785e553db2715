/** `import` takes the policies of resources that the settings of a repository let be read: into files beside others, or with them. */
import { appendFileSync, existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/model/plan.ts';
import { gatehouse, inSecureCart } from '../support/run.ts';
import type { Repository } from '../support/run.ts';

const account = '999999999999';
const setting = 'resourcePolicies: { regions: [eu-west-1] }';

const call = async ({ run }: Repository, operation: string, input: object, box: string): Promise<void> => {
  const made = await run('sandbox', 'call', 'sns', operation, JSON.stringify(input), '--account', account, box);
  expect(made, made.out + made.err).toMatchObject({ exit: 0 });
};

const planned = async (into: string, box: string): Promise<readonly string[]> => {
  const { out } = await gatehouse(['plan', '--json', '--dir', into, box]);
  const { changes, held } = JSON.parse(out) as Plan;
  return [...changes.filter(({ action }) => action !== 'update'), ...held].map(({ key }) => key);
};

const filesIn = (into: string): readonly string[] => readdirSync(join(into, 'access/resources')).sort();

describe('import, of policies of resources', { timeout: 240_000 }, () => {
  it('takes none without the setting, and all with it, of which the plan holds nothing', () =>
    inSecureCart(async (repository) => {
      const box = `--sandbox=${join(repository.dir, 'box')}`;
      const into = join(repository.dir, 'imported');
      const only = ['import', '--into', into, '--only', 'resource-policy', box];
      expect(await gatehouse(['import', '--into', into, box])).toMatchObject({ exit: 0 });
      expect(existsSync(join(into, 'access/resources'))).toBe(false);
      const refused = await gatehouse(only);
      expect(refused).toMatchObject({ exit: 1 });
      expect(refused.err).toContain('`resourcePolicies` in access/settings.yaml');

      // A new topic has the policy that AWS gives it, which counts as none.
      await call(repository, 'CreateTopic', { Name: 'as-it-was-made' }, box);
      appendFileSync(join(into, 'access/settings.yaml'), `${setting}\n`);
      const added = await gatehouse(only);
      expect(added, added.err).toMatchObject({ exit: 0 });
      expect(added.out).toContain('resource-policy/arn:aws:s3:::old-website-999999999999');
      const found = filesIn(into);
      expect(found).toContain('orders.yaml');
      expect(found).not.toContain('as-it-was-made.yaml');
      const website = readFileSync(join(into, 'access/resources/old-website-999999999999.yaml'), 'utf8');
      expect(website).toContain('# gatehouse: allow open-resource because it was found like this');
      expect(await gatehouse(['validate', '--dir', into])).toMatchObject({ exit: 0 });
      expect(await planned(into, box)).toEqual([]);
      expect((await gatehouse(only)).out).toContain('Everything that was asked for is declared already.');

      const whole = await gatehouse(['import', '--into', into, '--force', box]);
      expect(whole, whole.err).toMatchObject({ exit: 0 });
      expect(readFileSync(join(into, 'access/settings.yaml'), 'utf8')).toContain(setting);
      expect(filesIn(into)).toEqual(found);
      expect(readFileSync(join(into, 'IMPORT.md'), 'utf8')).toContain('| policies of resources | 5 | 5 | 0 | 0 |');
      expect(await planned(into, box)).toEqual([]);
    }));

  it('names what was refused, and takes the rest', () =>
    inSecureCart(async (repository) => {
      const box = `--sandbox=${join(repository.dir, 'box')}`;
      const into = join(repository.dir, 'imported');
      expect(await gatehouse(['import', '--into', into, box])).toMatchObject({ exit: 0 });
      const role = '{ name: NoSuchReader }';
      appendFileSync(join(into, 'access/settings.yaml'), `resourcePolicies: { regions: [eu-west-1], role: ${role} }\n`);
      const whole = await gatehouse(['import', '--into', into, '--force', box]);
      expect(whole, whole.err).toMatchObject({ exit: 0 });
      expect(whole.out).toContain('Not read, and so not in the files: policies of resources in ');
      expect(readFileSync(join(into, 'IMPORT.md'), 'utf8')).toMatch(
        /- `policies of resources in SecureCart-Sandbox`: .*AccessDenied/,
      );
    }));
});
