import { describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from '../../src/desired/load.ts';
import { inSecureCart, gatehouse } from '../support/run.ts';
import { desiredIn } from '../support/imported.ts';
import { canonical } from '../../src/model/equal.ts';
import type { State } from '../../src/model/resource.ts';

/** Key -> what counts, without what other people left in the seeded organization. */
const ofIam = (state: State): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(state).flatMap(([key, resource]) =>
      /^(role|policy|oidc-provider)\//.test(key) ? [[key, canonical(resource)] as const] : [],
    ),
  );

const assignmentsIn = (state: State): readonly string[] =>
  Object.keys(state)
    .filter((key) => /^assignment\/.*SecureCart-/.test(key))
    .sort();

describe('SecureCart, applied and imported again', () => {
  it('is the same roles, policies and assignments, of which the plan adopts what others left and does nothing else', async () => {
    await inSecureCart(async ({ dir, run }) => {
      const box = `--sandbox=${join(dir, 'box')}`;
      const into = join(dir, 'imported');
      expect(await run('apply', '--yes', box)).toMatchObject({ exit: 0 });
      const imported = await run('import', '--into', into, box);
      expect(imported).toMatchObject({ exit: 0 });
      expect(imported.out).toMatch(/validate: no error\. plan: \d adoptions, 0 other changes\./);
      expect(await gatehouse(['test', '--dir', into])).toMatchObject({ exit: 0 });
      const plan = await gatehouse(['plan', '--json', '--dir', into, box]);
      const { summary } = JSON.parse(plan.out) as { readonly summary: object };
      expect(summary).toMatchObject({ create: 0, delete: 0 });
      const [before, after] = [desiredIn(await load(dir)).state, desiredIn(await load(into)).state];
      expect(ofIam(after)).toEqual(ofIam(before));
      expect(assignmentsIn(after)).toEqual(expect.arrayContaining([...assignmentsIn(before)]) as unknown);
      expect(readFileSync(join(into, 'IMPORT.md'), 'utf8')).toContain("the reconciler's own way in");
    });
  }, 120_000);
});
