import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inReviewed, interns, internsWith } from './reviewed.ts';
import type { Reviewed, Row } from './reviewed.ts';
import { runHere } from '../support/run.ts';

const who = (rows: readonly Row[]): readonly string[] =>
  rows.map(({ who: name, gets, at }) => `${name} gets ${gets} (${String(at).replace(/^access\/\w+\//, '')})`);

const written = ({ dir }: Reviewed, name: string): string => readFileSync(join(dir, 'out', name), 'utf8');

describe('the tables of a review', () => {
  it('have a row for each entry and each member, and leave out what has ended', () =>
    inReviewed(async (reviewed) => {
      const entry = '  - { permissionSet: Shop-ReadOnly, accounts: [Shop-Dev]';
      reviewed.write(
        interns,
        internsWith(`${entry}, until: 2026-11-30 }`, `${entry}, from: 2027-01-01, until: 2027-03-31, reason: SEC-4 }`),
      );
      reviewed.write(
        'access/users/zoe.yaml',
        'user: zoe\nassignments:\n  - { permissionSet: Shop-Support, ous: [Root] }\n',
      );
      await reviewed.commit('Take interns');
      const rows = await reviewed.rows();
      expect(who(rows)).toEqual([
        'Interns gets Shop-ReadOnly (interns.yaml:5)',
        'ada@shop.example gets group Interns (interns.yaml:2)',
        'Shop-BreakGlass gets Shop-BreakGlass (break-glass.yaml:6)',
        'ines@shop.example gets group Shop-BreakGlass (break-glass.yaml:4)',
        'omar@shop.example gets group Shop-BreakGlass (break-glass.yaml:4)',
        'Shop-Developers gets Shop-ReadOnly (developers.yaml:6)',
        'lena@shop.example gets group Shop-Developers (developers.yaml:4)',
        'miguel@shop.example gets group Shop-Developers (developers.yaml:4)',
        'Shop-Support gets Shop-Support (support.yaml:6)',
        'kofi@shop.example gets group Shop-Support (support.yaml:4)',
        'zoe gets Shop-Support (zoe.yaml:3)',
      ]);
      expect(rows[0]).toMatchObject({
        kind: 'assignment',
        type: 'group',
        where: 'Shop-Dev',
        accounts: 1,
        people: 1,
        from: '2027-01-01',
        until: '2027-03-31',
        reason: 'SEC-4',
        state: 'later',
        sincePull: 'not asked',
        sinceApprovedBy: 'not asked',
        decision: '',
        note: '',
      });
      expect(rows[2]).toMatchObject({ where: 'OU Root, Shop-Management', accounts: 3, people: 2 });
      expect(rows[10]).toMatchObject({ type: 'user', where: 'OU Root', accounts: 2, people: '' });
      const { out } = await reviewed.run('review', '--format', 'markdown');
      expect(out).toContain('11 entries. 1 entry that ended before gave nothing and is left out.');
      expect(out).toContain('Then `npx gatehouse review --apply FILE` turns');
      expect(out).toContain('| Shop-ReadOnly<br>`access/groups/interns.yaml:5` | Shop-Dev<br>1 account |');
      expect(out).toContain('| from 2027-01-01 until 2027-03-31 | SEC-4 |');
    }));

  it('are of an OU, an account, a set, a group or a user, with the members of the groups that have it', () =>
    inReviewed(async (reviewed) => {
      reviewed.write(
        'access/users/kofi.yaml',
        'user: kofi@shop.example\nassignments:\n  - { permissionSet: Shop-ReadOnly, accounts: [Shop-Dev] }\n',
      );
      await reviewed.commit('Give Kofi more');
      const holders = async (of: string) => [
        ...new Set(
          (await reviewed.rows('--of', of)).flatMap(({ kind, who: name }) => (kind === 'assignment' ? [name] : [])),
        ),
      ];
      expect(await holders('Shop-Production')).toEqual(['Shop-BreakGlass', 'Shop-Support']);
      expect(await holders('222222222222')).toEqual(['Shop-BreakGlass', 'Shop-Support']);
      expect(await holders('account:Shop-Management')).toEqual(['Shop-BreakGlass']);
      expect(await holders('ou:Workloads')).toEqual([
        'Shop-BreakGlass',
        'Shop-Developers',
        'Shop-Support',
        'kofi@shop.example',
      ]);
      expect(await holders('permission-set:Shop-Support')).toEqual(['Shop-Support']);
      expect(await holders('group:Shop-Developers')).toEqual(['Shop-Developers']);
      expect(who(await reviewed.rows('--of', 'user:kofi@shop.example'))).toEqual([
        'kofi@shop.example gets group Shop-Support (support.yaml:4)',
        'kofi@shop.example gets Shop-ReadOnly (kofi.yaml:3)',
      ]);
      const short = await reviewed.run('review', '--json', '--of', 'group:developers');
      expect(short.err).toBe('group:developers: Shop-Developers\n');
      expect(short.out).toContain('"of": "group Shop-Developers"');
      expect(await holders('production')).toEqual(['Shop-BreakGlass', 'Shop-Support']);
      const inside = await reviewed.rows('--of', 'Shop-Production');
      expect(inside.map(({ who: name, accounts, accountsHere }) => [name, accounts, accountsHere])).toEqual([
        ['Shop-BreakGlass', 3, 1],
        ['ines@shop.example', '', ''],
        ['omar@shop.example', '', ''],
        ['Shop-Support', 1, 1],
        ['kofi@shop.example', '', ''],
      ]);
      const { out } = await reviewed.run('review', '--of', 'Shop-ReadOnly', '--format', 'markdown');
      expect(out).toContain('## Shop-ReadOnly\n\n| Who |');
      expect(out).toContain('| kofi@​shop.example (user)<br>');
    }));

  it('are of a role itself, apart from a set of its name', () =>
    inReviewed(async (reviewed) => {
      const trust =
        '{ service: account-access.amazonaws.com, sourceAccount: Shop-Management, setContext: true, tagSession: true }';
      reviewed.write('access/roles/support.yaml', `role: Shop-Support\naccounts: [Shop-Dev]\ntrust:\n  - ${trust}\n`);
      reviewed.write(interns, internsWith('  - { role: Shop-Support, accounts: [Shop-Dev], reason: SEC-5 }'));
      await reviewed.commit('Put the interns on a role');
      const rows = await reviewed.rows('--of', 'role:Shop-Support');
      expect(rows).toMatchObject([
        { kind: 'entitlement', who: 'Interns', gets: 'role Shop-Support', reason: 'SEC-5', at: `${interns}:4` },
        { kind: 'membership', who: 'ada@shop.example', gets: 'group Interns' },
      ]);
      expect((await reviewed.rows('--of', 'permission-set:Shop-Support')).map(({ gets }) => gets)).not.toContain(
        'role Shop-Support',
      );
      const { out } = await reviewed.run('review', '--of', 'role:Shop-Support', '--format', 'markdown');
      expect(out).toContain('## role Shop-Support\n\n| Who |');
      const all = await reviewed.run('review', '--of', 'Interns', '--format', 'markdown');
      expect(all.out).toContain('| role Shop-Support<br>`access/groups/interns.yaml:4` | Shop-Dev<br>1 account |');
    }));

  it('say the nearest name, and which of two things is meant', () =>
    inReviewed(async (reviewed) => {
      const said = async (of: string) => (await reviewed.run('review', '--of', of)).err;
      expect(await said('Shop-Prodution')).toBe(
        'gatehouse: --of: "Shop-Prodution" is neither an OU or account, nor a permission set, role, group or user. Did you mean Shop-Production?\n',
      );
      expect(await said('ou:Worklods')).toBe('gatehouse: --of: "Worklods" is not an OU. Did you mean Workloads?\n');
      expect(await said('Shop-BreakGlass')).toBe(
        'gatehouse: --of: "Shop-BreakGlass" names several things: write group:Shop-BreakGlass or permission-set:Shop-BreakGlass\n',
      );
    }));

  it('are text to a spreadsheet and to Markdown, whatever names, reasons and commits say', () =>
    inReviewed(async (reviewed) => {
      reviewed.write(
        'access/groups/odd.yaml',
        [
          'group: "=HYPERLINK(1)"',
          'members: ["+1|evil", "@sum"]',
          'assignments:',
          '  - permissionSet: Shop-ReadOnly',
          '    accounts: [Shop-Dev]',
          `    reason: "-2+3 | <img src=x onerror=alert(1)> @shop/security\\n| remove |"`,
        ].join('\n'),
      );
      await reviewed.commit('=cmd|calc | `id` <script> #1 @ada');
      const { exit } = await reviewed.run('review', '--out', join(reviewed.dir, 'out'), '--of', 'group:=HYPERLINK(1)');
      expect(exit).toBe(0);
      const csv = written(reviewed, 'review.csv');
      expect(csv.split('\r\n')).toHaveLength(5);
      expect(csv.split(/[,\r\n]/).filter((cell) => /^"?[=+@-]/.test(cell))).toEqual([]);
      expect(csv).toContain("'=HYPERLINK(1)");
      const markdown = written(reviewed, 'review.md');
      expect(markdown).not.toMatch(/<(?!br>)|@(?!\u200b)|#\d/);
      const rows = markdown.split('\n').filter((row) => row.startsWith('|'));
      expect(rows.map((row) => row.split(/(?<!\\)\|/).length)).toEqual([12, 12, 12, 11, 11, 11, 11]);
    }));

  it('need a history', () =>
    inReviewed(async (reviewed) => {
      const folder = join(reviewed.dir, 'access');
      const inside = await runHere({ words: ['review', '--dir', folder] });
      const none = `gatehouse: ${folder} is not the top of a git checkout: a review is of what is committed, and of its history\n`;
      expect(inside).toEqual({ exit: 1, out: '', err: none });
      const bare = join(reviewed.dir, '.git/bare');
      await reviewed.git('init', '-q', bare);
      const empty = await runHere({ words: ['review', '--dir', bare] });
      expect(empty.err).toBe(`gatehouse: ${bare} has no commit yet: a review is of what is committed\n`);
    }));
});
