import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { developers, shop } from '../github/shop.ts';
import { runHere } from '../support/run.ts';
import { inReviewed, interns, internsWith, reviewedIn } from './reviewed.ts';
import type { Reviewed } from './reviewed.ts';

const file = 'access/groups/developers.yaml';

/** "ReadOnly in Shop-Dev: brought by X, changed by Y" of each grant of a group. */
const coursesOf = async ({ rows }: Reviewed, group = 'Interns'): Promise<readonly string[]> =>
  (await rows('--of', `group:${group}`))
    .filter(({ kind }) => kind === 'assignment')
    .map(({ gets, where, sinceSubject, changedSubject }) => `${gets} in ${where}: ${sinceSubject}, ${changedSubject}`);

const dev = ['  - permissionSet: Shop-ReadOnly', '    accounts: [Shop-Dev]'];
const both = ['  - permissionSet: Shop-ReadOnly', '    accounts: [Shop-Dev, Shop-Production]'];

const inInterns = (use: (reviewed: Reviewed) => Promise<void>): Promise<void> =>
  inReviewed(async (reviewed) => {
    reviewed.write(interns, internsWith(...dev));
    await reviewed.commit('Take interns');
    await use(reviewed);
  });

describe('since when somebody has something', () => {
  it('survives another file, another order and another layout', () =>
    inInterns(async (reviewed) => {
      reviewed.remove(interns);
      reviewed.write('access/groups/summer/pupils.yml', `# moved\n${internsWith(...dev)}`);
      await reviewed.commit('Move');
      reviewed.write(
        'access/groups/summer/pupils.yml',
        'assignments: [{ accounts: ["Shop-Dev"], permissionSet: Shop-ReadOnly }]\ngroup: Interns\nmembers:\n  - user: ada@shop.example\n',
      );
      await reviewed.commit('Write anew');
      expect(await coursesOf(reviewed)).toEqual(['Shop-ReadOnly in Shop-Dev: Take interns, Take interns']);
      const [member] = (await reviewed.rows('--of', 'group:Interns')).filter(({ kind }) => kind === 'membership');
      expect(member).toMatchObject({ who: 'ada@shop.example', gets: 'group Interns', sinceSubject: 'Take interns' });
    }));

  it('tells a later reason, end or account from the beginning', () =>
    inInterns(async (reviewed) => {
      reviewed.write(interns, internsWith(...dev, '    reason: SEC-1'));
      await reviewed.commit('Say why');
      expect(await coursesOf(reviewed)).toEqual(['Shop-ReadOnly in Shop-Dev: Take interns, Say why']);
      reviewed.write(interns, internsWith(...both, '    reason: SEC-1'));
      await reviewed.commit('Widen');
      expect(await coursesOf(reviewed)).toEqual(['Shop-ReadOnly in Shop-Dev, Shop-Production: Take interns, Widen']);
    }));

  it('begins with an entry of its own that gives more, and not with one that was split', () =>
    inInterns(async (reviewed) => {
      reviewed.write(interns, internsWith(...dev, ...both, '    until: 2027-01-31'));
      await reviewed.commit('Add');
      expect(await coursesOf(reviewed)).toEqual([
        'Shop-ReadOnly in Shop-Dev: Take interns, Take interns',
        'Shop-ReadOnly in Shop-Dev, Shop-Production: Add, Add',
      ]);
      reviewed.write(
        interns,
        internsWith(...dev, ...dev, '    until: 2027-01-31', dev[0] ?? '', '    accounts: [Shop-Production]'),
      );
      await reviewed.commit('Split');
      expect(await coursesOf(reviewed)).toEqual([
        'Shop-ReadOnly in Shop-Dev: Take interns, Take interns',
        'Shop-ReadOnly in Shop-Dev: Add, Split',
        'Shop-ReadOnly in Shop-Production: Add, Split',
      ]);
    }));

  it('gives an entry beside one that is edited no older beginning than the accounts that it brings', () =>
    inInterns(async (reviewed) => {
      reviewed.write(interns, internsWith(...dev, '    reason: SEC-1', ...both, '    until: 2027-01-31'));
      await reviewed.commit('Edit and add');
      expect(await coursesOf(reviewed)).toEqual([
        'Shop-ReadOnly in Shop-Dev: Take interns, Edit and add',
        'Shop-ReadOnly in Shop-Dev, Shop-Production: Edit and add, Edit and add',
      ]);
    }));

  it('takes an older entry for one newer entry alone, though two said the same', () =>
    inInterns(async (reviewed) => {
      reviewed.write(interns, internsWith(...dev, ...dev));
      await reviewed.commit('Say it twice');
      reviewed.write(interns, internsWith(...dev, ...both, '    until: 2027-01-31'));
      await reviewed.commit('Widen one');
      expect(await coursesOf(reviewed)).toEqual([
        'Shop-ReadOnly in Shop-Dev: Take interns, Take interns',
        'Shop-ReadOnly in Shop-Dev, Shop-Production: Say it twice, Widen one',
      ]);
    }));

  it('is another grant in another account, and after it was gone', () =>
    inInterns(async (reviewed) => {
      reviewed.write(interns, internsWith(dev[0] ?? '', '    accounts: [Shop-Production]'));
      await reviewed.commit('Move them');
      expect(await coursesOf(reviewed)).toEqual(['Shop-ReadOnly in Shop-Production: Move them, Move them']);
      reviewed.write(interns, 'group: Interns\nmembers: [ada@shop.example]\n');
      await reviewed.commit('Take away');
      reviewed.write(interns, internsWith(dev[0] ?? '', '    accounts: [Shop-Production]'));
      await reviewed.commit('Give back');
      expect(await coursesOf(reviewed)).toEqual(['Shop-ReadOnly in Shop-Production: Give back, Give back']);
      reviewed.remove(interns);
      await reviewed.commit('Dissolve');
      reviewed.write(interns, internsWith(...dev));
      await reviewed.commit('Found again');
      expect(await coursesOf(reviewed)).toEqual(['Shop-ReadOnly in Shop-Dev: Found again, Found again']);
    }));

  it('looks past a version with errors', () =>
    inInterns(async (reviewed) => {
      reviewed.write(interns, 'group: [');
      await reviewed.commit('Break');
      reviewed.write(interns, Buffer.from([0x67, 0xff, 0xfe]).toString('latin1'));
      await reviewed.commit('Break more');
      reviewed.write(interns, internsWith(...dev));
      await reviewed.commit('Mend');
      expect(await coursesOf(reviewed)).toEqual(['Shop-ReadOnly in Shop-Dev: Take interns, Take interns']);
    }));

  it('follows what a group, a permission set and an account were called before', () =>
    inInterns(async (reviewed) => {
      reviewed.write(interns, internsWith(...dev).replace('group: Interns', 'group: Pupils\npreviously: [Interns]'));
      await reviewed.commit('Rename the group');
      const set = shop['permission-sets/read-only.yaml'] ?? '';
      reviewed.write(
        'permission-sets/read-only.yaml',
        set.replace('ReadOnly\n', 'Looks\npreviously: [Shop-ReadOnly]\n'),
      );
      reviewed.write(file, developers.replace('Shop-ReadOnly', 'Shop-Looks'));
      const renamed = internsWith(...dev).replace('group: Interns', 'group: Pupils');
      reviewed.write(interns, renamed.replace('Shop-ReadOnly', 'Shop-Looks'));
      await reviewed.commit('Rename the set');
      expect(await coursesOf(reviewed, 'Pupils')).toEqual(['Shop-Looks in Shop-Dev: Take interns, Take interns']);
      const accounts = shop['access/organization.yaml'] ?? '';
      reviewed.write('access/organization.yaml', accounts.replace('Shop-Dev', 'Shop-Lab'));
      const [own, others] = [renamed, developers].map((text) =>
        text.replace('Shop-ReadOnly', 'Shop-Looks').replace('Shop-Dev]', 'Shop-Lab]'),
      );
      reviewed.write(interns, own ?? '');
      reviewed.write(file, others ?? '');
      await reviewed.commit('Rename the account');
      expect(await coursesOf(reviewed, 'Pupils')).toEqual(['Shop-Looks in Shop-Lab: Take interns, Take interns']);
      expect(await coursesOf(reviewed, 'Shop-Developers')).toEqual(['Shop-Looks in Shop-Lab: Begin, Begin']);
    }));

  it('names the merge by which a branch came to main, with as few processes of git for many commits as for one', () =>
    inInterns(async (reviewed) => {
      await reviewed.git('switch', '-q', '-c', 'topic');
      for (const reason of ['A', 'B', 'C', 'D']) {
        reviewed.write(interns, internsWith(...dev, `    reason: ${reason}`));
        await reviewed.commit(`Say ${reason}`);
      }
      await reviewed.git('switch', '-q', 'main');
      reviewed.write('access/groups/noise.yaml', 'group: Noise\n');
      await reviewed.commit('Noise');
      await reviewed.git('merge', '-q', '--no-ff', 'topic', '-m', 'Merge topic');
      expect(await coursesOf(reviewed)).toEqual(['Shop-ReadOnly in Shop-Dev: Take interns, Merge topic']);
      const bin = mkdtempSync(join(reviewed.dir, '.git/bin-'));
      writeFileSync(
        join(bin, 'git'),
        `#!/bin/sh\necho "$@" >> ${bin}/calls\nPATH=${process.env['PATH'] ?? ''} exec git "$@"\n`,
      );
      chmodSync(join(bin, 'git'), 0o755);
      const env = { PATH: `${bin}:${process.env['PATH'] ?? ''}` };
      const { exit } = await runHere({ words: ['review', '--json', '--dir', reviewed.dir], env });
      expect(exit).toBe(0);
      expect(readFileSync(join(bin, 'calls'), 'utf8').trim().split('\n')).toHaveLength(7);
    }));

  it('says that a shallow checkout does not know the beginning', () =>
    inInterns(async (reviewed) => {
      const shallow = mkdtempSync(join(reviewed.dir, '.git/shallow-'));
      await reviewed.git('clone', '-q', '--depth', '1', `file://${reviewed.dir}`, shallow);
      const [row] = await reviewedIn(shallow).rows('--of', 'Interns');
      expect(row?.['since']).toBe('2026-11-02 or earlier');
    }));
});
