import { describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from '../../src/desired/load.ts';
import { inSecureCart, gatehouse } from '../support/run.ts';
import { desiredIn } from '../support/imported.ts';
import { canonical } from '../../src/kinds/equal.ts';
import type { State } from '../../src/model/resource.ts';

/** What other people left in the seeded organization: nobody declares it, and an import finds it. */
const leftByOthers: readonly string[] = [
  'assignment/group:SecureCart-Developers:legacy-admins@SecureCart-Sandbox',
  'assignment/group:project-phoenix:legacy-admins@SecureCart-Management',
  'assignment/user:developers-1%40securecart.example:legacy-admins@SecureCart-Sandbox',
  'assignment/user:ines.breakglass%40securecart.example:legacy-admins@SecureCart-Sandbox',
  'attachment/scp:legacy-deny-large-instances@account:SecureCart-Sandbox',
  'group/project-phoenix',
  'permission-set/legacy-admins',
  'permission-set/tmp-contractors',
  'scp/legacy-deny-large-instances',
];

const said = (state: State): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(state).map(([key, resource]) => [key, canonical(resource)]));

const without = (state: Readonly<Record<string, string>>, keys: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(state).filter(([key]) => !keys.includes(key)));

/** Rows of IMPORT.md's table: what, in AWS, in the files, left out, not asked for. */
const rowsIn = (page: string): readonly (readonly [what: string, ...numbers: number[]])[] =>
  [...page.matchAll(/^\| ([A-Za-z ]+) \|((?: [\d,]+ \|)+)$/gm)].map(([, what = '', cells = '']) => [
    what,
    ...[...cells.matchAll(/[\d,]+/g)].map(([text]) => Number(text.replaceAll(',', ''))),
  ]);

/** Each thing that was read is in the files, left out, or not asked for. */
const expectSums = (rows: ReturnType<typeof rowsIn>): void => {
  expect(rows).toHaveLength(13);
  for (const [what, live = 0, ...parts] of rows)
    expect([what, parts.length, parts.reduce((sum, part) => sum + part, 0)]).toEqual([what, 3, live]);
};

describe('SecureCart, applied and imported again', () => {
  it('is the same but for what others left, of which the plan adopts the rest and does nothing else', async () => {
    await inSecureCart(async ({ dir, run }) => {
      const box = `--sandbox=${join(dir, 'box')}`;
      const into = join(dir, 'imported');
      expect(await run('apply', '--yes', box)).toMatchObject({ exit: 0 });
      const imported = await run('import', '--into', into, '--members', 'all', box);
      expect(imported).toMatchObject({ exit: 0 });
      expect(imported.out).toMatch(/validate: no error\. plan: \d adoptions, 0 other changes\./);
      expect(await gatehouse(['test', '--dir', into])).toMatchObject({ exit: 0 });
      const plan = await gatehouse(['plan', '--json', '--dir', into, box]);
      const { summary } = JSON.parse(plan.out) as { readonly summary: object };
      expect(summary).toMatchObject({ create: 0, delete: 0 });
      const [before, after] = [said(desiredIn(await load(dir)).state), said(desiredIn(await load(into)).state)];
      expect(
        Object.keys(after)
          .filter((key) => before[key] === undefined)
          .sort(),
      ).toEqual(leftByOthers);
      // Policies of resources are read where settings say so; those of a new repository do not.
      const ofResources = Object.keys(before).filter((key) => key.startsWith('resource-policy/'));
      expect(ofResources).toHaveLength(4);
      expect(without(after, leftByOthers)).toEqual(without(before, ofResources));
      const page = readFileSync(join(into, 'IMPORT.md'), 'utf8');
      expect(page).toContain("the reconciler's own way in");
      const rows = rowsIn(page);
      expectSums(rows);
      for (const kind of ['roles', 'customer policies'])
        expect(rows.find(([what]) => what === kind)?.[1]).toBeGreaterThan(0);
    });
  }, 240_000);

  it('adds up in IMPORT.md when a part is asked for, and says why the rest is not there', async () => {
    await inSecureCart(async ({ dir, run }) => {
      const box = `--sandbox=${join(dir, 'box')}`;
      for (const [only, exit, reason] of [
        ['role', 1, /- \*\*13 things\*\*: it lies outside \/gatehouse\/ and has no owner/],
        ['scp', 0, /- \*\*[\d,]+ things?\*\*: it was not asked for/],
      ] as const) {
        const into = join(dir, only);
        expect(await run('import', '--into', into, '--only', only, '--owner', 'other/access', box)).toMatchObject({
          exit,
        });
        const page = readFileSync(join(into, 'IMPORT.md'), 'utf8');
        expectSums(rowsIn(page));
        expect(page).toMatch(reason);
      }
    });
  }, 120_000);
});
