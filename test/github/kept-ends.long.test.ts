/** Ends that were approved hold against what was merged past the red check, or pushed past everybody. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Plan } from '../../src/model/plan.ts';
import { cloneAs } from '../support/github/scenario.ts';
import { developers, support } from './shop.ts';
import { approve, bodyOn, mergePull, openSettledStage, proposeEdit } from './stage.ts';
import type { Stage } from './stage.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

let stage: Stage;
beforeEach(async () => {
  stage = await openSettledStage();
});
afterEach(() => stage.close());

type Files = Readonly<Record<string, string | null>>;

const end = '2026-12-10';
const member = (user: string, until = end): string => `{ user: ${user}@shop.example, until: ${until} }`;
const paths = {
  admin: 'permission-sets/admin.yaml',
  developers: 'access/groups/developers.yaml',
  support: 'access/groups/support.yaml',
  guests: 'access/groups/guests.yaml',
  lena: 'access/users/lena.yaml',
  role: 'access/roles/build.yaml',
};
const admin = 'permissionSet: Shop-Admin\nsessionDuration: 1h\nmanagedPolicies: [AdministratorAccess]\n';
const givenAdmin = `${developers}  - permissionSet: Shop-Admin\n    accounts: [Shop-Management]\n`;
const supportWith = (...members: readonly string[]): string =>
  support.replace('[kofi@shop.example]', `[kofi@shop.example, ${members.join(', ')}]`);
const guests = (members: string): string =>
  `group: Shop-Guests\ndescription: Looks in\nsource: identity-center\n${members}assignments:\n  - { permissionSet: Shop-ReadOnly, accounts: [Shop-Dev] }\n`;
const lena = (days: string): string =>
  `user: lena@shop.example\nassignments:\n  - { permissionSet: Shop-ReadOnly, accounts: [Shop-Production]${days} }\n`;
const role = (until: string): string =>
  `role: Build\naccounts: [Shop-Management]\n${until}trust:\n  - { service: ec2.amazonaws.com }\nmanagedPolicies: [ReadOnlyAccess]\n`;

const keys = {
  admin: 'assignment/group:Shop-Developers:Shop-Admin@Shop-Management',
  ines: 'membership/Shop-Support:ines%40shop.example',
  omar: 'membership/Shop-Support:omar%40shop.example',
  guest: 'membership/Shop-Guests:miguel%40shop.example',
  lena: 'assignment/user:lena%40shop.example:Shop-ReadOnly@Shop-Production',
  role: 'role/Shop-Management:Build',
};

const begin: Files = {
  [paths.admin]: admin,
  [paths.developers]: `${givenAdmin}    until: ${end}\n`,
  [paths.support]: supportWith(member('ines'), member('omar')),
  [paths.guests]: guests(`members: [${member('miguel')}]\n`),
  [paths.lena]: lena(`, until: ${end}`),
  [paths.role]: role(`until: ${end}\n`),
};

const merged = async (branch: string, files: Files, ...who: readonly string[]): Promise<number> => {
  const pull = await proposeEdit(stage, branch, { files });
  await approve(stage, pull, ...who);
  await mergePull(stage, pull);
  return pull;
};

const pushed = async (branch: string, ...commits: readonly Files[]): Promise<void> => {
  const clone = await cloneAs(stage.github, 'linus');
  await clone.branch(branch);
  for (const files of commits) {
    for (const [path, text] of Object.entries(files)) {
      if (text === null) clone.remove(path);
      else clone.write(path, text);
    }
    await clone.push('Go on');
  }
};

/** Two commits, of which the first takes away and the second gives. */
const rebased = async (): Promise<number> => {
  const pull = await proposeEdit(stage, 'rebased', { files: { [paths.support]: supportWith(member('omar')) } });
  const clone = await cloneAs(stage.github, 'linus');
  await clone.branch('rebased', 'origin/rebased');
  clone.write(paths.support, supportWith(member('omar'), 'ines@shop.example'));
  await clone.push('Give');
  await mergePull(stage, pull, 'rebase');
  return pull;
};

const planned = async (...words: readonly string[]): Promise<readonly string[]> => {
  const sandbox = `--sandbox=${stage.aws}`;
  const { out } = await stage.run(['plan', '--json', '--dir', await stage.checkout(), sandbox, ...words]);
  return (JSON.parse(out) as Plan).changes.map(({ key }) => key).toSorted();
};

const sorted = (...some: readonly string[]): readonly string[] => some.toSorted();

it('are told by name, kept in the record, and carried out on their day', async () => {
  await merged('begin', begin, 'grace', 'ada');
  expect(await stage.apply()).toMatchObject({ exit: 0 });

  const endless = await merged('endless', { [paths.developers]: givenAdmin }, 'grace');
  await rebased();
  await merged('released', { [paths.guests]: guests('') });
  await pushed('main', { [paths.role]: role('') });
  await pushed('main', { [paths.lena]: null });
  await pushed('main', { [paths.support]: supportWith(member('omar', '2026-12-05'), 'ines@shop.example') });

  const ran = await stage.apply();
  expect(ran).toMatchObject({ exit: 3 });
  expect(ran.out).toContain(`${keys.admin}\`: its end on 2026-12-10 stays: pull request`);
  expect(ran.out).toContain(
    'which says no end, does not count: risk critical: needs 2 approvals from ada or grace, has grace',
  );
  expect(bodyOn(stage, endless, 'apply')).toContain(`${keys.admin}\`: its end on 2026-12-10 stays`);
  const open = sorted(keys.admin, keys.ines, keys.guest, keys.role, keys.lena);
  expect(stage.github.repository.deployments.at(-1)?.payload).toMatchObject({ open });
  expect(await planned()).toEqual([keys.lena]);

  expect(await stage.apply(['--now', '2026-12-06T00:00:00Z'])).toMatchObject({ exit: 3 });
  expect(await planned('--now', '2026-12-06T00:00:00Z')).toEqual(sorted(keys.lena, keys.omar));
  const over = await stage.apply(['--now', '2026-12-11T00:00:00Z']);
  expect(over).toMatchObject({ exit: 3 });
  expect(over.out).toContain(`${Object.keys(keys).length} done and 4 held`);
  expect(over.out).toContain(`${keys.admin}\`: it ended on 2026-12-10: pull request`);
  // Main still asks for them; nobody who may has agreed.
  expect(await planned('--now', '2026-12-11T00:00:00Z')).toEqual(sorted(keys.admin, keys.ines, keys.role));
  expect(await stage.apply(['--now', '2026-12-12T00:00:00Z'])).toMatchObject({ exit: 3 });
  expect(await planned('--now', '2026-12-12T00:00:00Z')).toEqual(sorted(keys.admin, keys.ines, keys.role));
});

it('move by a second pull request that is approved for all that is given, not by one that only seems to take away', async () => {
  await merged(
    'begin',
    { [paths.admin]: admin, [paths.developers]: `${givenAdmin}    until: ${end}\n` },
    'grace',
    'ada',
  );
  expect(await stage.apply()).toMatchObject({ exit: 0 });
  await merged('endless', { [paths.developers]: givenAdmin }, 'grace');
  await merged('seems', { [paths.developers]: `${givenAdmin}    until: 2099-12-31\n` }, 'grace');
  const ran = await stage.apply();
  expect(ran).toMatchObject({ exit: 3 });
  expect(ran.out).toContain(
    'which says 2099-12-31, does not count: what is given demands more: risk critical: needs 2 approvals',
  );
  await merged('agreed', { [paths.developers]: `${givenAdmin}    until: 2027-03-31\n` }, 'grace', 'ada');
  expect(await stage.apply()).toMatchObject({ exit: 0 });
  expect(await stage.apply(['--now', '2026-12-11T00:00:00Z'])).toMatchObject({ exit: 0 });
  const over = await stage.apply(['--now', '2027-04-01T00:00:00Z']);
  expect(over).toMatchObject({ exit: 0 });
  expect(over.out).toContain('1 done');
});

it('are carried out though an approved pull request has taken the entry away meanwhile, and once only', async () => {
  await merged('begin', { [paths.support]: supportWith(member('ines')) }, 'grace', 'ada');
  expect(await stage.apply()).toMatchObject({ exit: 0 });
  await merged('tidy', { [paths.support]: support }, 'grace');
  const ran = await stage.apply(['--now', '2026-12-11T00:00:00Z']);
  expect(ran.out).not.toContain('drift');
  expect(ran).toMatchObject({ exit: 0 });
  expect(await planned('--now', '2026-12-11T00:00:00Z')).toEqual([]);
});
