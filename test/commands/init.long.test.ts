/** `init` as a rehearsal: nobody has AWS at hand, and there are no files yet. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { gatehouse } from '../support/run.ts';

it('begins an empty folder with the local AWS of the example, of which the next plan adopts and changes nothing', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'gatehouse-init-'));
  try {
    const here = [`--sandbox=${join(dir, '.gatehouse')}`, '--dir', dir];
    const begun = await gatehouse(['init', '--from-aws', '--repo', 'acme/aws-access', ...here]);
    expect(begun).toMatchObject({ exit: 0 });
    expect(begun.err).toContain('the local AWS is that of the example');
    const plan = await gatehouse(['plan', ...here]);
    expect(plan).toMatchObject({ exit: 0 });
    expect(plan.out).not.toMatch(/will (create|change|delete)/);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});
