/** The day after an import: what it wrote is managed, so a line that somebody removes takes access away. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/model/plan.ts';
import { gatehouse, inSecureCart } from '../support/run.ts';
import type { Ran } from '../support/run.ts';

type Imported = {
  readonly into: string;
  readonly run: (...words: string[]) => Promise<Ran>;
  readonly plan: () => Promise<Plan>;
};

const set = 'legacy-admins';
const group = 'project-phoenix';

/** Imported and adopted, without the access tests of what was found. */
const onImported = (words: readonly string[], use: (imported: Imported) => Promise<void>): Promise<void> =>
  inSecureCart(async ({ dir, run }) => {
    const into = join(dir, 'imported');
    const box = `--sandbox=${join(dir, '.gatehouse')}`;
    expect(await run('import', '--into', into, '--members', 'all', ...words, box)).toMatchObject({ exit: 0 });
    const there = (...more: string[]): Promise<Ran> => gatehouse([...more, '--dir', into, box]);
    const plan = async (): Promise<Plan> => JSON.parse((await there('plan', '--json')).out) as Plan;
    const first = await plan();
    expect(first.changes.filter(({ adopts }) => adopts !== true)).toEqual([]);
    expect(await there('apply', '--yes')).toMatchObject({ exit: 0 });
    rmSync(join(into, 'access/tests'), { recursive: true, force: true });
    await use({ into, run: there, plan });
  });

const fileOf = (into: string, line: string): string => {
  for (const folder of ['access/groups', 'permission-sets'])
    for (const name of readdirSync(join(into, folder))) {
      const path = join(into, folder, name);
      if (readFileSync(path, 'utf8').split('\n').includes(line)) return path;
    }
  throw new Error(`no file says ${line}`);
};

const removeAssignments = (into: string): void => {
  const path = fileOf(into, `group: ${group}`);
  writeFileSync(path, readFileSync(path, 'utf8').replace(/^assignments:\n(?:[ -].*\n)*/m, ''));
};

const key = `assignment/group:${group}:${set}@SecureCart-Management`;

describe('the second day of an import', () => {
  it('revokes what is taken out of the files', () =>
    onImported([], async ({ into, run, plan }) => {
      removeAssignments(into);
      expect((await plan()).changes.map((change) => `${change.action} ${change.key}`)).toEqual([`delete ${key}`]);
      expect(await run('apply', '--yes')).toMatchObject({ exit: 0 });
      expect((await plan()).changes).toEqual([]);
    }));

  it('says under a heading of its own what stays, where nothing is to be taken away', () =>
    onImported(['--adopt', 'none'], async ({ into, run, plan }) => {
      removeAssignments(into);
      const { changes, unmanaged } = await plan();
      expect(changes).toEqual([]);
      expect(unmanaged).toContainEqual({ kind: 'assignment', key, keptBy: `permission-set/${set}` });
      for (const command of ['plan', 'drift']) {
        const { out } = await run(command);
        expect(out.replace(/\s+/g, ' ')).toMatch(
          /still in AWS, not ours to take away: \d+ assignments? · assignment\/group:project-phoenix/,
        );
        expect(out).not.toMatch(/AWS is what Git says/);
      }
    }));

  it.each([['complete'], ['none']])('renames a set and leaves nothing behind: --adopt %s', (adopt) =>
    onImported(['--adopt', adopt], async ({ into, run, plan }) => {
      const path = fileOf(into, `permissionSet: ${set}`);
      writeFileSync(
        path,
        `${readFileSync(path, 'utf8').replace(`permissionSet: ${set}`, 'permissionSet: admins')}previously: [${set}]\n`,
      );
      for (const folder of ['access/groups', 'access/users'])
        for (const name of readdirSync(join(into, folder))) {
          const file = join(into, folder, name);
          const text = readFileSync(file, 'utf8');
          writeFileSync(file, text.replaceAll(`permissionSet: ${set}`, 'permissionSet: admins'));
        }
      const settings = join(into, 'access/settings.yaml');
      writeFileSync(settings, readFileSync(settings, 'utf8').replaceAll(set, 'admins'));
      const ran = await run('apply', '--yes');
      expect({ exit: ran.exit, err: ran.exit === 0 ? '' : ran.err + ran.out }).toEqual({ exit: 0, err: '' });
      const { changes, held, unmanaged } = await plan();
      expect({ changes, held, left: unmanaged.filter((one) => one.key.includes(set)) }).toEqual({
        changes: [],
        held: [],
        left: [],
      });
    }),
  );
});
