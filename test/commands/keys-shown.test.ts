/** No golden shows an e-mail address as keys have it, and a first plan is short enough to be read. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { inSecureCart } from '../support/run.ts';

it.each(['render', 'github'])('shows no %%40 in what the goldens of %s hold', (room) => {
  const folder = join(import.meta.dirname, '..', room, 'golden');
  const shown = readdirSync(folder).filter((name) => readFileSync(join(folder, name), 'utf8').includes('%40'));
  expect(shown).toEqual([]);
});

/** Lines, among them the verdict that a terminal repeats, and the empty line before it. */
const TWO_SCREENS = 48;
const REPEATED_VERDICT = 2;

it('shows the plan of the first apply of SecureCart on two screens of 24 lines', { timeout: 60_000 }, () =>
  inSecureCart(async ({ run }) => {
    const { exit, out } = await run('plan', '--sandbox');
    expect(exit).toBe(0);
    expect(out.trimEnd().split('\n').length).toBeLessThanOrEqual(TWO_SCREENS - REPEATED_VERDICT);
  }),
);
