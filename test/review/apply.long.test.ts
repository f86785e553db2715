import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inReviewed, interns, internsWith } from './reviewed.ts';
import type { Reviewed } from './reviewed.ts';

const entries = [
  '  # for the summer',
  '  - permissionSet: Shop-ReadOnly # they look',
  '    accounts: [Shop-Dev]',
  '  - permissionSet: Shop-Support',
  '    accounts: [Shop-Production]',
];

const inInterns = (use: (reviewed: Reviewed) => Promise<void>): Promise<void> =>
  inReviewed(async (reviewed) => {
    reviewed.write(interns, internsWith(...entries));
    await reviewed.commit('Take interns');
    await reviewed.git('config', 'user.name', 'Ada');
    await reviewed.git('config', 'user.email', 'ada@shop.example');
    await reviewed.run('review', '--out', join(reviewed.dir, 'review'));
    await use(reviewed);
  });

const tableOf = ({ dir }: Reviewed, name: string): string => readFileSync(join(dir, 'review', name), 'utf8');

/** The decision in the rows that hold the words. */
const decideIn = (csv: string, words: string, decision: string): string =>
  csv
    .split('\r\n')
    .map((row) => (row.includes(words) ? row.replace(/,,$/, `,${decision},SEC-5`) : row))
    .join('\r\n');

const apply = async (reviewed: Reviewed, text: string | Buffer, ...words: readonly string[]) => {
  reviewed.write('review/done', text as string);
  return reviewed.run('review', '--apply', join(reviewed.dir, 'review/done'), ...words);
};

const supportOf = 'Interns,Shop-Support';
const branch = 'access-review-2026-12-01';

describe('review --apply', () => {
  it('makes a branch without the entries that are to be removed, and prints its pull request', () =>
    inInterns(async (reviewed) => {
      const csv = decideIn(
        decideIn(tableOf(reviewed, 'review.csv'), supportOf, 'remove'),
        'lena@shop.example',
        'KEEP ',
      );
      const { exit, out, err } = await apply(reviewed, csv);
      expect(err).toContain('9 rows not decided:\n  line 2: Interns gets Shop-ReadOnly in Shop-Dev\n');
      expect(err).toContain(`Made the branch ${branch}. To propose it: git push origin ${branch}\n`);
      expect(exit).toBe(0);
      expect(out).toMatch(
        /^Remove 1 entry by the access review of 2026-12-01\n\n1 entry removed, 1 kept, 9 not decided:\n\n/,
      );
      expect(out).toContain('- Interns lose Shop-Support in Shop-Production · SEC-5\n');
      expect(out).toContain('- Interns (1 person) lose Shop-Support in Shop-Production');
      expect(out).toContain('-  - permissionSet: Shop-Support\n-    accounts: [Shop-Production]\n');
      expect(await reviewed.git('show', `${branch}:${interns}`)).toBe(internsWith(...entries.slice(0, 3)).trimEnd());
      expect(await reviewed.git('log', '-1', '--format=%an: %B', branch)).toBe(
        `Ada: Remove 1 entry by the access review of 2026-12-01\n\n- Interns lose Shop-Support in Shop-Production · SEC-5 (${interns}:7)\n`,
      );
      expect(await reviewed.git('diff', '--name-only', 'main', branch)).toBe(interns);
      expect(await reviewed.git('status', '--porcelain', '--untracked-files=no')).toBe('');
      expect(await reviewed.git('rev-parse', '--abbrev-ref', 'HEAD')).toBe('main');
      const again = JSON.parse((await apply(reviewed, csv, '--json')).out) as { readonly branch: string };
      expect(again.branch).toBe(`${branch}-2`);
    }));

  it.each([
    [
      'with semicolons, other columns and another order',
      (csv: string) =>
        csv
          .split('\r\n')
          .map(
            (row) =>
              `x;${row
                .split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/)
                .toReversed()
                .join(';')}`,
          )
          .join('\n'),
    ],
    [
      'with tabs and a byte order mark',
      (csv: string) => `\ufeff${csv.replaceAll('"OU Root, Shop-Management"', 'OU Root').replaceAll(',', '\t')}`,
    ],
    ['in UTF-16', (csv: string) => Buffer.from(`\ufeff${csv}`, 'utf16le')],
    [
      'in capitals, all quoted, with empty rows',
      (csv: string) =>
        csv
          .replaceAll('"OU Root, Shop-Management"', 'OU Root')
          .split('\r\n')
          .map((row) =>
            row
              .split(',')
              .map(
                (cell) =>
                  `"${cell
                    .replaceAll('"', '')
                    .replace('remove', ' Remove ')
                    .replace(/^(id|decision)$/, (word) => word.toUpperCase())}"`,
              )
              .join(','),
          )
          .join('\r\n'),
    ],
  ])('reads a CSV %s', (_, spoiled) =>
    inInterns(async (reviewed) => {
      const csv = decideIn(tableOf(reviewed, 'review.csv'), supportOf, 'remove');
      const { exit, err } = await apply(reviewed, spoiled(csv));
      expect(err).toContain(`Made the branch ${branch}`);
      expect(exit).toBe(0);
      expect(await reviewed.git('show', `${branch}:${interns}`)).not.toContain('Shop-Support');
    }),
  );

  it('reads the Markdown', () =>
    inInterns(async (reviewed) => {
      const markdown = tableOf(reviewed, 'review.md')
        .split('\n')
        .map((row) =>
          row.includes('ada@') || row.includes('| Shop-Support<br>')
            ? row.replace(/ \|  \|  \|$/, ' | **Remove** | gone |')
            : row,
        )
        .join('\n');
      const { exit, out, err } = await apply(reviewed, markdown);
      expect(err).toContain('Interns (group, 1 person): Shop-ReadOnly in Shop-Dev');
      expect(exit).toBe(0);
      expect(out).toContain('- ada@\u200bshop.example leaves the group Interns · gone');
      const text = await reviewed.git('show', `${branch}:${interns}`);
      expect(text).toBe(
        internsWith(...entries.slice(0, 3))
          .replace('[ada@shop.example]', '[]')
          .trimEnd(),
      );
    }));

  it('says every decision that is none, with its line, and makes nothing', () =>
    inInterns(async (reviewed) => {
      const csv = decideIn(
        decideIn(tableOf(reviewed, 'review.csv'), supportOf, 'delete'),
        'lena@shop.example',
        'perhaps',
      );
      const { exit, err } = await apply(reviewed, csv);
      expect(exit).toBe(1);
      expect(err).toContain(
        '  line 3: "delete" is no decision: write keep or remove, or nothing\n  line 9: "perhaps" is',
      );
      const twice = decideIn(tableOf(reviewed, 'review.csv'), supportOf, 'remove');
      const contrary = await apply(reviewed, twice + decideIn(twice, supportOf, '').replaceAll('remove', 'keep'));
      expect(contrary.err).toContain('keep, but line 3 says remove of the same entry');
      expect((await apply(reviewed, 'a,b\r\n1,2\r\n')).err).toContain('no table with the columns id and decision');
      const lost = await apply(reviewed, 'id,decision\r\n,remove\r\n');
      expect(lost.err).toContain('line 2: remove what? The row has lost its id');
      expect(await reviewed.git('branch', '--list')).toBe('* main');
    }));

  it('refuses by name what was changed since the review, and removes nothing then', () =>
    inInterns(async (reviewed) => {
      const csv = decideIn(
        decideIn(tableOf(reviewed, 'review.csv'), supportOf, 'remove'),
        'Interns,Shop-ReadOnly',
        'remove',
      );
      reviewed.write(interns, internsWith(...entries, '    until: 2027-01-31'));
      await reviewed.commit('Say until when');
      const { exit, err } = await apply(reviewed, csv);
      expect(exit).toBe(3);
      expect(err).toContain('  line 3: Interns gets Shop-Support in Shop-Production: no entry says this any more');
      expect(err).not.toContain('line 2: Interns gets');
      expect(await reviewed.git('branch', '--list')).toBe('* main');
    }));

  it('refuses while files are not committed, and makes nothing where nothing is to be removed', () =>
    inInterns(async (reviewed) => {
      const csv = decideIn(tableOf(reviewed, 'review.csv'), supportOf, 'remove');
      reviewed.write('access/groups/noise.yaml', 'group: Noise\n');
      const dirty = await apply(reviewed, csv);
      expect(dirty.exit).toBe(3);
      expect(dirty.err).toContain(
        'Nothing is removed, as these files are not committed:\n  access/groups/noise.yaml\n',
      );
      reviewed.remove('access/groups/noise.yaml');
      expect(await reviewed.git('branch', '--list')).toBe('* main');
      const none = await apply(reviewed, decideIn(tableOf(reviewed, 'review.csv'), supportOf, 'keep'));
      expect(none).toMatchObject({ exit: 0, out: '' });
    }));

  it('leaves exactly the other entries, whichever are removed', () =>
    inInterns(async (reviewed) => {
      const csv = tableOf(reviewed, 'review.csv');
      const all = (await reviewed.rows()).filter(({ who }) => !/BreakGlass|ines|omar/.test(String(who)));
      const ids = all.map(({ id }) => String(id));
      const start = (await reviewed.git('rev-parse', 'HEAD')).trim();
      const before = (await reviewed.rows()).map(({ id }) => String(id));
      await fc.assert(
        fc.asyncProperty(fc.subarray(ids, { minLength: 1 }), async (gone) => {
          await reviewed.git('checkout', '-q', '--detach', start);
          const filled = gone.reduce((text, id) => text.replace(`${id},,`, `${id},remove,`), csv);
          const { exit, out } = await apply(reviewed, filled, '--json');
          expect(exit).toBe(0);
          const made = JSON.parse(out) as { readonly branch: string };
          await reviewed.git('checkout', '-q', '--detach', made.branch);
          const left = (await reviewed.rows()).map(({ id }) => String(id));
          expect(left).toEqual(before.filter((id) => !gone.includes(id)));
        }),
        { numRuns: 8 },
      );
    }));
});
