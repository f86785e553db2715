/** For how long main gives something, by pull requests that count and others that do not. */
import { describe, expect, it } from 'vitest';
import { agreedTo } from '../../src/approve/agreed-terms.ts';
import { identityIn, termsOf } from '../../src/approve/terms.ts';
import { outlivedEnd, overSince } from '../../src/desired/terms.ts';
import { developers, shop, support } from './shop.ts';
import { treeOf } from './trees.ts';
import type { Edit } from './trees.ts';

const today = '2026-11-29';
const afterwards = '2026-12-11';

/** A commit of main: what it leads to, and what its reviews lack. `low`: enough to take away, not to give. */
type Step = { readonly to: Edit; readonly lacks?: 'all' | 'low' };

const KEY = 'assignment/group:Shop-Developers:Shop-ReadOnly@Shop-Dev';
const MEMBER = 'membership/Shop-Support:kofi%40shop.example';
const group = 'access/groups/developers.yaml';
const given = (more: string): Edit => ({ [group]: developers.replace('[Shop-Dev]\n', `[Shop-Dev]\n${more}`) });
const until = (day: string): string => `    until: ${day}\n`;
const ending = given(until('2026-12-10'));
const endless = given('');
const member = (entry: string): Edit => ({
  'access/groups/support.yaml': support.replace('[kofi@shop.example]', `[${entry}]`),
});
const endingMember = member('{ user: kofi@shop.example, until: 2026-12-10 }');

const storyOf = async (steps: readonly Step[], key: string, day: string) => {
  const line = steps.map((_, at) => String(at)).reverse();
  const trees = steps.map(({ to }) => treeOf(to, `${day}T00:00:00.000Z`));
  const tip = trees.at(-1)?.desired ?? treeOf().desired;
  const identity = identityIn([['kofi.a@shop.example', 'kofi@shop.example']]);
  const treeAt = async (commit: string) => Promise.resolve(trees[Number(commit)]);
  const terms = await termsOf(tip, { line, treeAt, identity });
  const changes = terms.changes.get(identity(key)) ?? [];
  const words = changes.map(({ commits: [commit], before, after }) => {
    const at = Number(commit);
    const isMore = outlivedEnd(before, after, day) !== undefined;
    return { span: at, before, after, counts: steps[at]?.lacks !== 'all' && !(isMore && steps[at]?.lacks === 'low') };
  });
  const judge = {
    objection: async (at: number) =>
      Promise.resolve(words.find(({ span }) => span === at)?.counts === true ? undefined : `${at} is not approved`),
    unmet: async (at: number) => Promise.resolve(steps[at]?.lacks === undefined ? undefined : `${at} needs more`),
  };
  const first = changes.at(-1)?.before ?? [];
  return { now: terms.now(identity(key)), agreed: await agreedTo(judge, { words, first, today: day }) };
};

/** The end that holds although main goes on, and whose word that was. */
const kept = async (steps: readonly Step[], key = KEY): Promise<string> => {
  const { now, agreed } = await storyOf(steps, key, today);
  const end = outlivedEnd(agreed.term, now, today);
  return end === undefined ? 'nothing' : `${end} against ${agreed.objection?.span}`;
};

const HELD = '2026-12-10 against 1';

describe('an end holds', () => {
  it.each<[string, Edit, Edit, string?]>([
    ['that goes away', ending, endless],
    ['that moves', ending, given(until('2027-12-10'))],
    ['of a member', endingMember, member('kofi@shop.example'), MEMBER],
    [
      'of a member of a group that is let go',
      endingMember,
      { 'access/groups/support.yaml': support.replace(/members:.*\n/, '') },
      MEMBER,
    ],
    [
      'of a member of a group whose file goes',
      endingMember,
      { 'access/groups/support.yaml': null, 'access/tests/support.yaml': '[]\n' },
      MEMBER,
    ],
    ['of a member who is spelled otherwise', endingMember, member('Kofi@Shop.example'), MEMBER],
    ['of a member who is named by address', endingMember, member('kofi.a@shop.example'), MEMBER],
    [
      'that another rule outlives',
      ending,
      { [group]: `${developers}  - { permissionSet: Shop-ReadOnly, ous: [Workloads] }\n` },
    ],
    [
      'that another file outlives',
      { ...ending, 'access/groups/more.yaml': null },
      { [group]: null, 'access/groups/more.yaml': developers },
    ],
    ['that goes on the day after', ending, given('    from: 2026-12-11\n')],
    [
      'of a group that is renamed',
      ending,
      { [group]: developers.replace('Shop-Developers\n', 'Shop-Builders\npreviously: [Shop-Developers]\n') },
      KEY.replace('Developers', 'Builders'),
    ],
    [
      'in an account that is called otherwise',
      ending,
      {
        'access/organization.yaml': (shop['access/organization.yaml'] ?? '').replace('Shop-Dev', 'Shop-Play'),
        [group]: developers.replace('[Shop-Dev]', '[Shop-Play]'),
      },
      KEY.replace('@Shop-Dev', '@Shop-Play'),
    ],
  ])('%s without approval', async (_what, before, after, key = KEY) => {
    expect(await kept([{ to: before }, { to: after, lacks: 'all' }], key)).toBe(HELD);
    expect(await kept([{ to: before }, { to: after, lacks: 'low' }], key)).toBe(HELD);
    expect(await kept([{ to: before }, { to: after }], key)).toBe('nothing');
  });

  it('of a role, which goes with its file', async () => {
    const role = (end: string): Edit => ({
      'access/roles/build.yaml': `role: Build\naccounts: [Shop-Management]\n${end}trust:\n  - { service: ec2.amazonaws.com }\n`,
    });
    const steps = [{ to: role('until: 2026-12-10\n') }, { to: role(''), lacks: 'all' as const }];
    expect(await kept(steps, 'role/Shop-Management:Build')).toBe(HELD);
  });

  it('whatever comes between', async () => {
    const late = given(until('2027-12-10'));
    expect(await kept([{ to: ending }, { to: endless, lacks: 'all' }, { to: late, lacks: 'low' }])).toBe(
      '2026-12-10 against 2',
    );
    expect(await kept([{ to: ending }, { to: {}, lacks: 'all' }, { to: late, lacks: 'all' }])).toBe(
      '2026-12-10 against 2',
    );
    expect(await kept([{ to: endless }, { to: ending }, { to: endless, lacks: 'all' }])).toBe('2026-12-10 against 2');
  });

  it('no longer where the second pull request undoes the first, or is approved for what it gives', async () => {
    expect(await kept([{ to: ending }, { to: endless, lacks: 'all' }, { to: ending, lacks: 'all' }])).toBe('nothing');
    expect(await kept([{ to: ending }, { to: endless, lacks: 'all' }, { to: ending, lacks: 'low' }])).toBe('nothing');
    const late = given(until('2027-12-10'));
    expect(await kept([{ to: ending }, { to: endless, lacks: 'all' }, { to: late }])).toBe('nothing');
  });

  it('not where it is given anew after a break: that is a change of its day', async () => {
    expect(await kept([{ to: ending }, { to: given('    from: 2026-12-12\n'), lacks: 'all' }])).toBe('nothing');
  });
});

describe('what has ended', () => {
  const over = async (steps: readonly Step[], key = KEY): Promise<string | undefined> =>
    overSince((await storyOf(steps, key, afterwards)).agreed.term, afterwards);

  it.each<[string, Edit]>([
    ['goes on', endless],
    ['ended earlier', given(until('2026-12-05'))],
    ['is not named', { [group]: developers.replace(/assignments:[\s\S]*/, '') }],
    ['is to begin later', given('    from: 2027-03-01\n')],
  ])('is over on its approved day, though by a word that does not count it %s', async (_what, edit) => {
    expect(await over([{ to: ending }, { to: edit, lacks: 'all' }])).toBe('2026-12-10');
  });

  it.each<[string, Edit]>([
    ['takes it out of the files', { [group]: developers.replace(/assignments:[\s\S]*/, '') }],
    ['lets it begin later', given('    from: 2027-03-01\n')],
  ])('is over on its approved day, though a word that counts %s', async (_what, edit) => {
    expect(await over([{ to: ending }, { to: edit }])).toBe('2026-12-10');
    expect(await over([{ to: ending }, { to: edit }, { to: { ...edit, ...member('ines@shop.example') } }])).toBe(
      '2026-12-10',
    );
    expect(await over([{ to: endless }, { to: ending, lacks: 'all' }, { to: edit }])).toBeUndefined();
    expect(await over([{ to: ending }, { to: endless }, { to: edit }])).toBeUndefined();
  });

  it('is not over by a word that does not count itself', async () => {
    expect(await over([{ to: endless }, { to: ending, lacks: 'all' }])).toBeUndefined();
  });
});
