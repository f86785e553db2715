/** Pull requests and runs that get in each other's way. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Plan } from '../../src/model/plan.ts';
import { keyText } from '../../src/model/resource.ts';
import type { SandboxWorld } from '../../src/sandbox/world.ts';
import { shareAws } from './at-once.ts';
import { developers, shop } from './shop.ts';
import { approve, bodyOn, checkOn, commentsOn, mergePull, openSettledStage, proposeEdit } from './stage.ts';
import type { Stage } from './stage.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

let stage: Stage;
beforeEach(async () => {
  stage = await openSettledStage();
});
afterEach(() => stage.close());

const group = 'access/groups/developers.yaml';
const set = 'permission-sets/support.yaml';
const supportSet = shop[set] ?? '';
const more = developers.replace('[Shop-Dev]', '[Shop-Dev, Shop-Production]');
const granted = 'assignment/group:Shop-Developers:Shop-ReadOnly@Shop-Production';
const joined = 'membership/Shop-Developers:kofi%40shop.example';
const joining = developers.replace('miguel@shop.example]', 'miguel@shop.example, kofi@shop.example]');

/** Opens, approves and merges. */
const land = async (
  branch: string,
  files: Readonly<Record<string, string>>,
  ...by: readonly string[]
): Promise<number> => {
  const pull = await proposeEdit(stage, branch, { files });
  await approve(stage, pull, ...by);
  await mergePull(stage, pull);
  return pull;
};

/** Keys in which AWS is not what main asks for. */
const missing = async (): Promise<readonly string[]> => {
  const { out } = await stage.run(['plan', '--json', '--dir', await stage.checkout(), `--sandbox=${stage.aws}`]);
  return (JSON.parse(out) as Plan).changes.map(({ key }) => key).sort();
};

const events = (): readonly string[] => {
  const world = JSON.parse(readFileSync(join(stage.aws, 'sandbox.json'), 'utf8')) as SandboxWorld;
  return world.cloudTrail.events.filter(({ error }) => error === undefined).map(({ name }) => name);
};

describe('two pull requests', () => {
  it('that edit one file in two places are both carried out by one apply, and each is told of its own', async () => {
    const first = await proposeEdit(stage, 'first', { files: { [group]: more } });
    const second = await proposeEdit(stage, 'second', { files: { [group]: joining } });
    for (const pull of [first, second]) {
      expect(await stage.plan(pull)).toMatchObject({ exit: 0 });
      await approve(stage, pull, 'grace');
    }
    await mergePull(stage, first);
    await mergePull(stage, second, 'squash');
    expect(await stage.apply()).toMatchObject({ exit: 0 });
    expect(await missing()).toEqual([]);
    expect(bodyOn(stage, first, 'apply')).toMatch(
      /^(?=[\s\S]*Applied: 1 done)(?=[\s\S]*Shop-Production)(?![\s\S]*kofi)/,
    );
    expect(bodyOn(stage, second, 'apply')).toMatch(
      /^(?=[\s\S]*Applied: 1 done)(?=[\s\S]*kofi)(?![\s\S]*Shop-Production)/,
    );
  });

  it('that change one key both need their approvals: with one of them missing, nothing of the key is written', async () => {
    await stage.apply();
    const described = supportSet.replace('Reads the order tables', 'Reads orders');
    const wider = supportSet.replace('dynamodb:Query]', 'dynamodb:Query, dynamodb:Scan]');
    const approved = await proposeEdit(stage, 'described', { files: { [set]: described } });
    const other = await proposeEdit(stage, 'wider', { files: { [set]: wider } });
    await approve(stage, approved, 'grace', 'ada');
    await mergePull(stage, approved);
    await mergePull(stage, other);
    const before = events();
    const ran = await stage.apply();
    expect(ran).toMatchObject({ exit: 3 });
    expect(ran.out).toMatch(new RegExp(`pull request #.${other} does not count`));
    expect(events()).toEqual(before);
    for (const pull of [approved, other]) expect(bodyOn(stage, pull, 'apply')).toContain('permission-set/Shop-Support');
  });

  it('of which the second is approved on a stale base is judged by what the merge comes to, not by what was planned', async () => {
    const weak =
      'permissionSet: Shop-Build\ndescription: Builds\nsessionDuration: 1h\nmanagedPolicies: [ReadOnlyAccess]\n';
    const file = 'permission-sets/build.yaml';
    await land('weak', { [file]: weak }, 'grace', 'ada');
    expect(await stage.apply()).toMatchObject({ exit: 0 });
    const using = developers.replace(
      'assignments:\n',
      'assignments:\n  - { permissionSet: Shop-Build, accounts: [Shop-Production] }\n',
    );
    const second = await proposeEdit(stage, 'using', { files: { [group]: using } });
    await stage.plan(second);
    expect(bodyOn(stage, second, 'plan')).not.toContain('risk critical');
    await approve(stage, second, 'grace');
    expect(await stage.approvals(second)).toMatchObject({ exit: 0 });
    const strong = await land(
      'strong',
      { [file]: weak.replace('ReadOnlyAccess', 'AdministratorAccess') },
      'grace',
      'ada',
    );
    await mergePull(stage, second);
    const ran = await stage.apply();
    expect(ran).toMatchObject({ exit: 3 });
    expect(ran.out).toMatch(
      /Shop-Build@Shop-Production`: pull request #.\d+ does not count: risk critical: needs 2 approvals/,
    );
    expect(await missing()).toEqual(['assignment/group:Shop-Developers:Shop-Build@Shop-Production']);
    expect(bodyOn(stage, second, 'apply')).toContain('1 held');
    expect(bodyOn(stage, strong, 'apply')).toContain('Applied: 1 done');
  });

  it('of which the second takes back what the first grants leave AWS as it was', async () => {
    await stage.apply();
    const first = await land('grant', { [group]: more }, 'grace');
    const second = await land('take-back', { [group]: developers }, 'grace');
    const before = events();
    expect(await stage.apply()).toMatchObject({ exit: 0 });
    expect(events()).toEqual(before);
    for (const pull of [first, second]) expect(bodyOn(stage, pull, 'apply')).toContain('Nothing was left to do');
  });

  it('that conflict: the second has no plan until it is brought up to date', async () => {
    const second = await proposeEdit(stage, 'other', {
      files: { [group]: developers.replace('[Shop-Dev]', '[Shop-Management]') },
    });
    await land('one', { [group]: more }, 'grace');
    expect(await stage.plan(second)).toMatchObject({ exit: 1 });
    expect(checkOn(stage, 'gatehouse/plan')).toMatchObject({ conclusion: 'failure' });
    expect(bodyOn(stage, second, 'plan')).toContain('conflicts with its base');
    await approve(stage, second, 'grace');
    expect(await stage.approvals(second)).toMatchObject({ exit: 3 });
  });
});

describe('two runs', () => {
  it('of one main at the same moment leave AWS right, whichever is first, and the next run leaves one comment', async () => {
    const pull = await land('more', { [group]: more }, 'grace');
    const [one, other] = [await stage.checkout(), await stage.checkout()];
    const shared = await shareAws(stage);
    const ran = await Promise.all([shared.apply(one), shared.apply(other)]);
    await shared.save();
    expect(await missing()).toEqual([]);
    for (const { exit, text } of ran) expect([0, text]).toEqual([exit, text]);
    expect(await stage.apply()).toMatchObject({ exit: 0 });
    const telling = commentsOn(stage, pull).filter(({ body }) => body.startsWith('<!-- gatehouse:apply -->'));
    expect(telling.map(({ body }) => body.split('\n')[1])).toHaveLength(1);
  });

  it('one behind the other: what is merged while the first writes waits for the second', async () => {
    const first = await land('more', { [group]: more }, 'grace');
    const shared = await shareAws(stage);
    let second = 0;
    shared.before(/\.CreateAccountAssignment$/, async () => {
      second = await land(
        'joining',
        { [group]: joining.replace('[Shop-Dev]', '[Shop-Dev, Shop-Production]') },
        'grace',
      );
    });
    const ran = await shared.apply(await stage.checkout());
    await shared.save();
    expect(ran.exit).toBe(0);
    expect(second).toBeGreaterThan(first);
    expect(ran.text).toContain(granted);
    expect(await missing()).toEqual([joined]);
    expect(await stage.apply()).toMatchObject({ exit: 0 });
    expect(await missing()).toEqual([]);
    expect(bodyOn(stage, first, 'apply')).toContain(granted);
    expect(bodyOn(stage, second, 'apply')).toContain(keyText(joined));
  });

  it('of drift at the same moment open an issue each, of which the next run keeps one', async () => {
    await stage.revoke('Shop-Developers', 'Shop-ReadOnly', '333333333333');
    const drift = ['github', 'drift', '--dir', await stage.checkout(), `--sandbox=${stage.aws}`];
    await Promise.all([stage.run(drift), stage.run(drift)]);
    expect(await stage.run(drift)).toMatchObject({ exit: 2 });
    const issues = stage.github.repository.issues.filter(({ labels }) => labels.includes('gatehouse-drift'));
    const told = issues.filter(({ body }) => body?.startsWith('<!-- gatehouse:drift -->'));
    expect(told).toMatchObject([{ state: 'open' }]);
    expect(issues.filter(({ state }) => state === 'open')).toEqual(told);
  });
});
