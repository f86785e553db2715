import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { gatehouse } from '../support/run.ts';

const folder = join(import.meta.dirname, '../../.github/workflows');
const ownAction = './tool/.github/actions/gatehouse';

type Step = { readonly uses?: string; readonly with?: { readonly arguments?: string } };
type Workflow = { readonly jobs: Readonly<Record<string, { readonly steps?: readonly Step[] }>> };

/** What the workflows pass to the action: one word on each line. */
const commands: readonly (readonly string[])[] = readdirSync(folder)
  .map((name) => parse(readFileSync(join(folder, name), 'utf8')) as Workflow)
  .flatMap(({ jobs }) => Object.values(jobs).flatMap(({ steps = [] }) => steps))
  .filter((step) => step.uses === ownAction)
  .map((step) => (step.with?.arguments ?? '').split('\n').filter((word) => word.trim() !== ''));

const isOption = (word: string): boolean => word.startsWith('--');

describe('the commands of our workflows', () => {
  it('are there to be looked at', () => {
    expect(commands.length).toBeGreaterThanOrEqual(8);
  });

  it.each(commands.map((words) => [words.join(' '), words] as const))('know %s', async (_command, words) => {
    const names = words.slice(0, words.findIndex(isOption));
    const [own, all] = await Promise.all([gatehouse([...names, '--help']), gatehouse(['--help'])]);
    const usage = own.out.split('\n')[0];
    expect([own.exit, usage]).toEqual([0, expect.stringContaining(['gatehouse', ...names].join(' '))]);
    expect(words.filter(isOption).filter((option) => !`${own.out}${all.out}`.includes(`${option} `))).toEqual([]);
  });
});
