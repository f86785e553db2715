import { describe, expect, it } from 'vitest';
import { inSecureCart } from '../support/run.ts';

const now = ['--now', '2026-12-01'];
const developers = 'access/groups/developers.yaml';

describe('expiring', () => {
  it('says what begins and what ends, a sentence each, in the order of the days', () =>
    inSecureCart(async ({ run }) => {
      const give = (where: string, ...terms: string[]) =>
        run('grant', 'SecureCart-Developers', 'SecureCart-ReadOnly', where, ...terms, ...now);
      await give('ou:Workloads/NonProduction', '--until', '2027-01-31', '--reason', 'SEC-9');
      await give('SecureCart-Sandbox', '--from', '2027-01-10', '--until', '2028-01-31');
      await give('SecureCart-DevOps', '--until', '2028-01-31');
      const { exit, out } = await run('expiring', '--json', ...now);
      expect(exit).toBe(0);
      expect(JSON.parse(out)).toMatchObject([
        {
          day: '2027-01-10',
          what: 'begins',
          sentence:
            'SecureCart-Developers get SecureCart-ReadOnly in SecureCart-Sandbox from 2027-01-10 until 2028-01-31',
        },
        {
          day: '2027-01-31',
          what: 'ends',
          sentence:
            'SecureCart-Developers have SecureCart-ReadOnly in SecureCart-Dev and SecureCart-Staging until 2027-01-31 · SEC-9',
          file: developers,
        },
      ]);
      const text = await run('expiring', '--within', '60', ...now);
      expect(text.out).toMatch(/^ {2}\+ .* get [^]*from\s+2027-01-10[^]*\(access\/groups\/developers\.yaml:\d+\)\n$/);
      expect(text.out).not.toContain(' have ');
      const nothing = await run('expiring', '--within', '7', ...now);
      expect(nothing).toEqual({ exit: 0, out: 'Nothing begins or ends within 7 days.\n', err: '' });
    }));
});
