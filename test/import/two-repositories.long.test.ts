/** Two repositories in one organization, each with sets, guard rails and roles of its own. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/model/plan.ts';
import { gatehouse, inSecureCart } from '../support/run.ts';

const write = (dir: string, files: Readonly<Record<string, string>>): void => {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
};

const accounts = { a: ['Dev', '222222222222'], b: ['Stage', '333333333333'] } as const;
type Name = keyof typeof accounts;
const names = ['a', 'b'] as const;

const statement = (action: string, resource = '*'): string =>
  `{ Version: "2012-10-17", Statement: [{ Effect: Allow, Action: "${action}", Resource: "${resource}" }] }`;

/** The same organization, and things of its own; `turn` changes each of them. */
const repository = (name: Name, turn: number): Readonly<Record<string, string>> => ({
  'access/organization.yaml':
    'management: { name: Main, id: "111111111111" }\naccounts:\n  Dev: "222222222222"\n  Stage: "333333333333"\n',
  'access/settings.yaml': `organization: o-two0000000\nregion: eu-west-1\nowner: company/${name}\n`,
  [`access/groups/${name}.yaml`]: `group: Team-${name}\nmembers: ${turn % 2 === 0 ? '[ada@x.example]' : '[ada@x.example, bob@x.example]'}\nassignments:\n  - permissionSet: Set-${name}\n    accounts: [${turn % 3 === 0 ? 'Dev, Stage' : 'Dev'}]\n`,
  [`permission-sets/${name}.yaml`]: `permissionSet: Set-${name}\ndescription: Turn ${turn}\nsessionDuration: 1h\ninlinePolicy: ${statement('s3:ListAllMyBuckets')}\n`,
  [`scps/${name}.yaml`]: `scp: Rail-${name}\ndescription: Turn ${turn}\npolicy: { Version: "2012-10-17", Statement: [{ Effect: Deny, Action: "a4b:*", Resource: "*" }] }\n`,
  'scps/bindings.yaml': `accounts:\n  ${accounts[name][0]}: [Rail-${name}]\n`,
  [`access/roles/${name}.yaml`]: `role: Role-${name}\npath: /gatehouse/\naccounts: [Dev, Stage]\ntrust: [{ service: ec2.amazonaws.com }]\ninlinePolicies: { own: ${statement('s3:GetObject', `arn:aws:s3:::turn-${turn}/*`)} }\n`,
});

const mentions = (other: Name): RegExp => new RegExp(`(Team|Set|Rail|Role)-${other}\\b`);

describe('two repositories in one organization', () => {
  it(
    "never touch what is the other one's, in whatever order they are applied",
    () =>
      inSecureCart(async ({ dir }) => {
        const box = `--sandbox=${join(dir, 'box')}`;
        const folders = { a: join(dir, 'a'), b: join(dir, 'b') };
        const [order = []] = fc.sample(fc.array(fc.constantFrom(...names), { minLength: 100, maxLength: 100 }), {
          numRuns: 1,
          seed: 7,
        });
        let [turn, applied] = [0, 0];
        for (const name of order) {
          turn += 1;
          write(folders[name], repository(name, turn));
          const { exit, out, err } = await gatehouse(['apply', '--yes', '--json', '--dir', folders[name], box]);
          expect({ exit, err: exit === 0 ? '' : err + out }).toEqual({ exit: 0, err: '' });
          expect(out).not.toMatch(mentions(name === 'a' ? 'b' : 'a'));
          applied += 1;
        }
        expect(applied).toBe(100);
        for (const name of names) {
          const { out } = await gatehouse(['plan', '--json', '--dir', folders[name], box]);
          const { changes, held } = JSON.parse(out) as Plan;
          const old = order.lastIndexOf(name) + 1 === order.length ? [] : changes.map(({ key }) => key);
          expect({ changes: changes.map(({ key }) => key), held }).toEqual({ changes: old, held: [] });
        }
      }),
    600_000,
  );

  it("begin no second one under the first one's name, and import nothing that it keeps", () =>
    inSecureCart(async ({ dir }) => {
      const box = `--sandbox=${join(dir, 'box')}`;
      const first = join(dir, 'a');
      write(first, repository('a', 1));
      expect(await gatehouse(['apply', '--yes', '--dir', first, box])).toMatchObject({ exit: 0 });
      const only = ['--only', 'permission-set/Set-a', '--with-assignments', box];
      const guessed = await gatehouse(['import', '--into', join(dir, 'second'), ...only]);
      expect(guessed).toMatchObject({ exit: 1, err: expect.stringContaining('--owner NAME/REPOSITORY') as string });
      const taken = await gatehouse(['import', '--into', join(dir, 'second'), '--owner', 'company/b', ...only]);
      expect(taken).toMatchObject({ exit: 1, err: expect.stringContaining('belongs to company/a') as string });
      write(join(dir, 'b'), repository('b', 1));
      const added = await gatehouse(['import', '--into', join(dir, 'b'), ...only]);
      expect(added).toMatchObject({ exit: 1, err: expect.stringContaining('belongs to company/a') as string });
      expect(readFileSync(join(dir, 'b/access/settings.yaml'), 'utf8')).toContain('owner: company/b');
    }));
});
