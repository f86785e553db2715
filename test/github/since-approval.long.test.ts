import { afterEach, describe, expect, it, vi } from 'vitest';
import { callAs, cloneAs } from '../support/github/scenario.ts';
import { developers } from './shop.ts';
import { approve, bodyOn, openSettledStage, proposeEdit } from './stage.ts';
import type { Stage } from './stage.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

let stage: Stage;
afterEach(() => stage.close());

const group = 'access/groups/developers.yaml';
const more = developers.replace('[Shop-Dev]', '[Shop-Dev, Shop-Production]');

/** Somebody pushes once more to the branch of the pull request; `force`: what was there before is in no branch any more. */
const pushMore = async (files: Readonly<Record<string, string>>, force = false): Promise<void> => {
  const clone = await cloneAs(stage.github, 'linus');
  await clone.branch('more', force ? 'origin/main' : 'origin/more');
  for (const [path, text] of Object.entries(files)) clone.write(path, text);
  await clone.push('Once more', ...(force ? ['--force'] : []));
};

const sinceIn = (body: string): string => {
  const lines = body.split('\n');
  const start = lines.findIndex((line) => /hat changed since|othing about access changed since/.test(line));
  if (start < 0) return '';
  const end = lines.findIndex((line, index) => index > start + 1 && (line.startsWith('#') || line.startsWith('**')));
  return lines.slice(start, end < 0 ? undefined : end).join('\n');
};

const planned = async (pull: number): Promise<string> => {
  expect(await stage.plan(pull)).toMatchObject({ exit: 0 });
  return sinceIn(bodyOn(stage, pull, 'plan'));
};

const dismissing = { dismiss_stale_reviews: true, required_approving_review_count: 1 };

describe('the comment, when the head moves after somebody approved', () => {
  it('says who gets and loses what since, and nothing where the head is the approved one', async () => {
    stage = await openSettledStage();
    const pull = await proposeEdit(stage, 'more', { files: { [group]: developers.replace('[Shop-Dev]', '[]') } });
    await approve(stage, pull, 'grace');
    expect(await planned(pull)).toBe('');
    await pushMore({ [group]: more });
    const said = await planned(pull);
    expect(said).toMatch(/^### What changed since grace approved \(`[0-9a-f]{7}`\)$/m);
    expect(said).toContain('Shop-Developers (2 people) get Shop-ReadOnly in Shop-Production (high: ');
  });

  it('says so when access is the same, also where the branch took over what others merged', async () => {
    stage = await openSettledStage();
    const pull = await proposeEdit(stage, 'more', { files: { [group]: more } });
    await approve(stage, pull, 'grace');
    const ada = await cloneAs(stage.github, 'ada');
    await ada.branch('main');
    ada.write('access/groups/new.yaml', 'group: Shop-New\nmembers: []\n');
    await ada.push('Add a group');
    const clone = await cloneAs(stage.github, 'linus');
    await clone.branch('more', 'origin/more');
    await clone.git('merge', '-q', '--no-edit', 'origin/main');
    clone.write(group, `# Why: the new shop\n${more}`);
    await clone.push('Say why');
    expect(await planned(pull)).toMatch(/^Nothing about access changed since grace approved \(`[0-9a-f]{7}`\)\.$/m);
  });

  it('names files outside of access that changed since', async () => {
    stage = await openSettledStage();
    const pull = await proposeEdit(stage, 'more', { files: { [group]: more } });
    await approve(stage, pull, 'grace');
    await pushMore({ '.github/workflows/plan.yml': 'on: push\n' });
    expect(await planned(pull)).toContain('.github/workflows/plan.yml');
  });

  it('remembers an approval that GitHub dismissed by the push, and none that a person took back', async () => {
    stage = await openSettledStage({
      setup: { protection: { main: { required_pull_request_reviews: dismissing } } },
    });
    const pull = await proposeEdit(stage, 'more', { files: { [group]: developers.replace('[Shop-Dev]', '[]') } });
    await approve(stage, pull, 'grace');
    await pushMore({ [group]: more }, true);
    expect(await planned(pull)).toContain('since grace approved');
    await approve(stage, pull, 'grace');
    const [, review] = stage.github.repository.issues.find(({ number }) => number === pull)?.pull?.reviews ?? [];
    const path = `/repos/securecart/aws-access/pulls/${pull}/reviews/${review?.id ?? 0}/dismissals`;
    await callAs(stage.github, stage.github.token('ada'))(`PUT ${path}`, { message: 'Not yet' });
    await pushMore({ [group]: developers });
    expect(await planned(pull)).toBe('');
  });

  it('counts no approval of its author, of who wrote a commit of it or of somebody who may not write', async () => {
    stage = await openSettledStage();
    const pull = await proposeEdit(stage, 'more', { by: 'ada', files: { [group]: more } });
    await approve(stage, pull, 'linus', 'eve');
    await pushMore({ [group]: developers });
    expect(await planned(pull)).toBe('');
  });
});
