/** A plan with the record of the last reading is the plan without it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/model/plan.ts';
import { inSecureCart } from '../support/run.ts';

/** But for the moment at which it was made. */
const withoutReads = (json: string): Omit<Plan, 'reads' | 'generatedAt'> => {
  const { reads: _, generatedAt: _at, ...plan } = JSON.parse(json) as Plan;
  return plan;
};
const callsOf = (json: string): number =>
  Object.values((JSON.parse(json) as Plan).reads.calls).reduce((sum, count) => sum + count, 0);

describe('plan --since-last-read', { timeout: 300_000 }, () => {
  it('says the same of SecureCart, and of what somebody did by hand since, with fewer calls', () =>
    inSecureCart(async ({ run, dir }) => {
      const file = join(dir, 'reading.json');
      await run('apply', '--sandbox', '--yes');
      expect((await run('drift', '--sandbox', '--keep-reading', file)).exit).toBe(0);
      const role = ['--account', 'SecureCart-Dev', 'iam', 'CreateUser', '{"UserName":"by-hand"}'];
      expect((await run('sandbox', 'call', '--sandbox', ...role)).exit).toBe(0);
      const warm = await run('plan', '--sandbox', '--json', '--since-last-read', file);
      const cold = await run('plan', '--sandbox', '--json');
      expect(withoutReads(warm.out)).toEqual(withoutReads(cold.out));
      expect(callsOf(warm.out)).toBeLessThan(callsOf(cold.out));
      expect((JSON.parse(warm.out) as Plan).reads.record).toMatchObject({ moved: expect.any(Number) as number });
      const text = await run('plan', '--sandbox', '--since-last-read', file);
      expect(text.out.replace(/\s+/g, ' ')).toMatch(/AWS as of \d\d:\d\d UTC, \d minutes? ago, and what moved since/);
    }));

  it('reads whole by a record that is damaged, and says so', () =>
    inSecureCart(async ({ run, dir }) => {
      const file = join(dir, 'reading.json');
      await run('apply', '--sandbox', '--yes');
      expect((await run('drift', '--sandbox', '--keep-reading', file)).exit).toBe(0);
      const emptied = readFileSync(file, 'utf8').replaceAll(/"answer":\{[^{}]*\}/g, '"answer":{}');
      expect(emptied).not.toBe(readFileSync(file, 'utf8'));
      writeFileSync(file, emptied);
      const { out } = await run('plan', '--sandbox', '--json', '--since-last-read', file);
      const { record } = (JSON.parse(out) as Plan).reads;
      expect(record).toEqual({
        whole: expect.stringContaining('is damaged: it is not what --keep-reading wrote') as string,
      });
      expect(withoutReads(out)).toEqual(withoutReads((await run('plan', '--sandbox', '--json')).out));
    }));

  it('reads whole by a file that is no record, and says so', () =>
    inSecureCart(async ({ run, dir }) => {
      const file = join(dir, 'access/settings.yaml');
      const { exit, out } = await run('plan', '--sandbox', '--json', '--since-last-read', file);
      expect(exit).toBe(0);
      const { record } = (JSON.parse(out) as Plan).reads;
      expect(record).toEqual({ whole: expect.stringContaining('is no record of this version of Gatehouse') as string });
    }));
});
