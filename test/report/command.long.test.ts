/** `report` as it is called: of the files, of AWS and of a plan, as JSON and as CSV. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Row } from '../../src/report/tables.ts';
import { inSecureCart } from '../support/run.ts';

type Printed = Readonly<Record<string, readonly Row[]>>;
const tablesIn = (out: string): Printed => JSON.parse(out) as Printed;

describe('report', () => {
  it(
    'prints of the plan from nothing what comes, and of AWS what no file asks for',
    () =>
      inSecureCart(async ({ dir, run }) => {
        const planned = await run('report', '--plan', '--sandbox', '--json');
        expect([planned.exit, planned.err]).toEqual([0, '']);
        const { grants = [], changes = [], tests = [] } = tablesIn(planned.out);
        expect(grants.find(({ who }) => who === 'SecureCart-Vendors')).toMatchObject({
          state: 'added',
          until: '2027-03-31',
        });
        expect(
          changes.some(({ words }) =>
            String(words).includes(') get SecureCart-Vendor in SecureCart-Staging until 2027-03-31'),
          ),
        ).toBe(true);
        expect(tests.every(({ at }) => String(at).startsWith('access/tests/'))).toBe(true);
        const live = tablesIn((await run('report', '--live', '--sandbox', '--json')).out);
        expect(live['grants']?.some(({ state, at }) => state === 'undeclared' && at === '')).toBe(true);
        expect(
          live['changes']?.some(({ words }) =>
            String(words).includes(' lack SecureCart-Vendor in SecureCart-Staging until'),
          ),
        ).toBe(true);
        const file = join(dir, 'plan.json');
        await run('plan', '--sandbox', '--out', file);
        const again = tablesIn((await run('report', '--plan', file, '--json')).out);
        expect(again['changes']).toEqual(changes);
      }),
    180_000,
  );

  it('is of one thing at a time', () =>
    inSecureCart(async ({ run }) => {
      const { exit, err } = await run('report', '--live', '--plan');
      expect([exit, err]).toEqual([1, 'gatehouse: --live and --plan are two reports: ask for one\n']);
    }));
});
