/** Credentials that end while an apply writes, clocks that are an hour wrong, and two applies of two pull requests at once. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Plan } from '../../src/model/plan.ts';
import { keyText } from '../../src/model/resource.ts';
import { createFaults } from '../support/faults-handler.ts';
import { shareAws } from './at-once.ts';
import { developers, shop, support } from './shop.ts';
import { approve, bodyOn, mergePull, openSettledStage, proposeEdit } from './stage.ts';
import type { Stage } from './stage.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

let stage: Stage;
beforeEach(async () => {
  stage = await openSettledStage();
});
afterEach(() => stage.close());

const files = {
  'access/groups/developers.yaml': developers
    .replace('[Shop-Dev]', '[Shop-Dev, Shop-Production]')
    .replace('miguel@shop.example]', 'kofi@shop.example]'),
  'access/groups/support.yaml': support.replace('[kofi@shop.example]', '[kofi@shop.example, lena@shop.example]'),
  'permission-sets/support.yaml': (shop['permission-sets/support.yaml'] ?? '').replace('4h', '2h'),
};

/** Keys, as people read them, in which AWS is not what main asks for. */
const missing = async (): Promise<readonly string[]> => {
  const { out } = await stage.run(['plan', '--json', '--dir', await stage.checkout(), `--sandbox=${stage.aws}`]);
  return (JSON.parse(out) as Plan).changes.map(({ key }) => keyText(key)).sort();
};

const land = async (branch: string, edits: Readonly<Record<string, string>>): Promise<number> => {
  const pull = await proposeEdit(stage, branch, { files: edits });
  await approve(stage, pull, 'grace', 'ada');
  await mergePull(stage, pull);
  return pull;
};

const outcomes = (text: string, word: 'done' | 'failed' | 'held'): readonly string[] =>
  [...text.matchAll(new RegExp(`^ *${word} +\\S+ (\\S+)`, 'gm'))]
    .flatMap(([, key]) => key?.replace(/:$/, '') ?? [])
    .sort();

describe('credentials that end in the middle of an apply', () => {
  it.each([1, 2, 3, 4])(
    'after %i writes: what was done is told, what was not is not, and the next run goes on',
    async (at) => {
      const pull = await land('many', files);
      const before = await missing();
      expect(before.length).toBeGreaterThanOrEqual(5);
      const shared = await shareAws(stage, {
        faults: (world) =>
          createFaults({
            schedule: { seed: 1, faults: [{ kind: 'credentials-expire', of: 'writes', at }] },
            world,
            struck: () => undefined,
          }),
      });
      const ran = await shared.apply(await stage.checkout());
      await shared.save();
      expect([ran.exit, ran.text]).toEqual([1, expect.stringContaining('ExpiredToken')]);
      const left = await missing();
      const done = before.filter((key) => !left.includes(key));
      // What AWS was still about when nobody could be asked any more may have come to be: it is told as failed, not as done.
      const [told, failed] = [outcomes(ran.text, 'done'), outcomes(ran.text, 'failed')];
      expect(told.filter((key) => !done.includes(key))).toEqual([]);
      expect(done.filter((key) => !told.includes(key) && !failed.includes(key))).toEqual([]);
      for (const key of left) expect(bodyOn(stage, pull, 'apply')).toContain(key);
      expect(await stage.apply()).toMatchObject({ exit: 0 });
      expect(await missing()).toEqual([]);
    },
  );
});

describe('two applies of two pull requests at once', () => {
  it('write what both ask for and nothing else, whoever comes first', async () => {
    const { 'access/groups/developers.yaml': group = '', 'permission-sets/support.yaml': set = '' } = files;
    await land('first', { 'access/groups/developers.yaml': group });
    const one = await stage.checkout();
    const shared = await shareAws(stage);
    let two: ReturnType<typeof shared.apply> | undefined;
    shared.before(/\.CreateGroupMembership$/, async () => {
      await land('second', { 'permission-sets/support.yaml': set });
      two = shared.apply(await stage.checkout());
    });
    const first = await shared.apply(one);
    const second = await two;
    await shared.save();
    expect([first.exit, [0, 1, 3].includes(second?.exit ?? -1)]).toEqual([0, true]);
    // A run that met the other one half-way may hold what moved under it; the next has nothing but that to do.
    expect(await stage.apply()).toMatchObject({ exit: 0 });
    expect(await missing()).toEqual([]);
  });
});

describe('a clock that is an hour wrong', () => {
  it.each([-1, 1])('of the job, by %i hours, changes nothing of what is done', async (hours) => {
    await land('many', files);
    const shared = await shareAws(stage, { ahead: hours * 3_600_000 });
    expect(await shared.apply(await stage.checkout())).toMatchObject({ exit: 0 });
    await shared.save();
    expect(await missing()).toEqual([]);
  });

  it('of the job never grants on a day of which its clock knows nothing, and the right one puts it right', async () => {
    const day = '2031-06-15';
    const dated = developers.replace(
      'accounts: [Shop-Dev]',
      `accounts: [Shop-Dev]\n  - { permissionSet: Shop-ReadOnly, accounts: [Shop-Production], from: ${day}, until: ${day} }`,
    );
    const granted = 'assignment/group:Shop-Developers:Shop-ReadOnly@Shop-Production';
    await land('dated', { 'access/groups/developers.yaml': dated });
    const changesAt = async (now: string): Promise<string> => {
      const ran = await stage.apply(['--now', now]);
      return [...ran.out.matchAll(/(assignment\/group:Shop-Developers:Shop-ReadOnly@Shop-Production)/g)].length > 0
        ? 'told'
        : 'nothing';
    };
    const has = async (now: string): Promise<boolean> => {
      const { out } = await stage.run([
        'plan',
        '--json',
        '--now',
        now,
        '--dir',
        await stage.checkout(),
        `--sandbox=${stage.aws}`,
      ]);
      return !(JSON.parse(out) as Plan).changes.some(({ key, action }) => key === granted && action === 'create');
    };
    // An hour slow, on the eve; right, on the day; an hour fast, on the morrow; slow again: back on the day.
    expect(await changesAt('2031-06-14T23:30:00Z')).toBe('nothing');
    expect(await changesAt('2031-06-15T00:30:00Z')).toBe('told');
    expect(await has('2031-06-15T00:30:00Z')).toBe(true);
    expect(await changesAt('2031-06-16T00:10:00Z')).toBe('told');
    expect(await has('2031-06-15T23:10:00Z')).toBe(false);
  });
});
