/** What ends on its day ends, whatever access tests and budgets say; the rest of a refused plan waits. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { openHours } from '../support/hours.ts';
import type { Hours } from '../support/hours.ts';
import { inSecureCart } from '../support/run.ts';
import type { Repository } from '../support/run.ts';

vi.setConfig({ testTimeout: 120_000 });

const settled = '2026-11-29T12:00:00Z';
const over = '2027-04-01T00:00:00Z';
const vendors = 'membership/SecureCart-Vendors:nadia%40imaging-partner.example';
const role = 'role/SecureCart-Staging:VendorRole';
const ending = ['assignment/group:SecureCart-Vendors:SecureCart-Vendor@SecureCart-Staging', vendors, role].toSorted();

const edit = ({ dir }: Repository, file: string, change: (text: string) => string): void => {
  const path = join(dir, file);
  const before = readFileSync(path, 'utf8');
  const after = change(before);
  if (after === before) throw new Error(`${file} was not changed`);
  writeFileSync(path, after);
};

/** The promise of an access that ends, made for every day. */
const undated = (text: string): string => text.replaceAll(/^ {2}at: 2027-03-31\n/gm, '');

/** SecureCart, bent and carried out on the first day. */
const inHours = (
  bend: (repository: Repository) => void,
  use: (hours: Hours, repository: Repository) => Promise<void>,
): Promise<void> =>
  inSecureCart(async (repository) => {
    bend(repository);
    const hours = await openHours(repository.dir, settled);
    expect(await hours.apply()).toMatchObject({ exit: 0 });
    await hours.until(over);
    await use(hours, repository);
  });

const broken = 'The vendor becomes VendorRole with its external ID up to the last day';

describe('an access test that a date breaks', () => {
  it('keeps nothing alive, is told by plan in each form, and refuses nothing later', async () => {
    const bend = (repository: Repository): void => edit(repository, 'access/tests/vendors.yaml', undated);
    await inHours(bend, async (hours, repository) => {
      const planned = await hours.planned();
      expect(planned.changes.map(({ key, ended }) => [key, ended]).toSorted()).toEqual(
        ending.map((key) => [key, '2027-03-31']),
      );
      const failing = planned.tests.filter(({ ok }) => !ok);
      expect(failing.find(({ name }) => name === broken)).toMatchObject({ ended: [role] });
      expect(failing.filter(({ ended }) => ended === undefined)).toEqual([]);
      expect((await hours.plan()).out).toContain('Access tests that a date broke');
      expect((await hours.plan('markdown')).out).toContain('**Access tests that a date broke**');
      expect(await hours.apply()).toMatchObject({ exit: 0 });
      const after = await hours.planned();
      expect(after.changes).toEqual([]);
      expect(after.tests.filter(({ ended }) => ended !== undefined)).toHaveLength(failing.length);
      edit(repository, 'access/groups/ops.yaml', (text) => text.replace(/^description: .*$/m, 'description: Others'));
      expect(await hours.apply()).toMatchObject({ exit: 0 });
      expect((await hours.planned()).changes).toEqual([]);
    });
  });
});

const nothing = (): void => undefined;

describe('a plan that is refused', () => {
  it.each(['apply', 'apply --approved'])('still ends what has ended, and nothing else (%s)', async (door) => {
    await inHours(nothing, async (hours, repository) => {
      edit(repository, 'access/groups/support.yaml', (text) => text.replace(/^assignments:[\s\S]*$/m, ''));
      const file = join(repository.dir, 'plan.json');
      const planned = await hours.plan('text', file);
      expect(planned).toMatchObject({ exit: 3 });
      expect(planned.out).toContain('apply carries out only 3 deletions of what has ended on its day');
      const ran = await hours.apply(door === 'apply' ? undefined : file);
      expect(ran).toMatchObject({ exit: 3 });
      expect(ran.out).toMatch(/3 done and \d+ held/);
      expect(ran.out.replaceAll(/\s+/g, ' ')).toContain('the plan is refused, and only what has ended goes');
      const left = await hours.planned();
      expect(left.changes.some(({ key }) => key.includes('SecureCart-Support'))).toBe(true);
      expect(left.changes.filter(({ key }) => ending.includes(key))).toEqual([]);
    });
  });

  it('ends what has ended beyond every budget and whatever kind is left without an entry', async () => {
    const bend = (repository: Repository): void =>
      edit(repository, 'access/settings.yaml', (text) =>
        text.replace(/^budgets:\n(?: .*\n)*/m, 'budgets: { delete: { assignment: 0, membership: 0, role: 0 } }\n'),
      );
    await inHours(bend, async (hours) => {
      expect(await hours.apply()).toMatchObject({ exit: 0 });
      expect((await hours.planned()).changes).toEqual([]);
    });
  });
});
