/** A page shows a plan; it is what the command prints. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { inSecureCart } from '../support/run.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/plan.md'), 'utf8');

/** The pieces between the marks where it is shortened. */
const shown = (): readonly string[] => {
  const [, sample = ''] = /^\$ npx gatehouse plan --sandbox\n([^`]*)^```$/m.exec(page) ?? [];
  return sample.split('⋮\n').filter((piece) => piece !== '');
};

it('shows in docs/plan.md, line by line and in order, what the plan of its edit prints', () =>
  inSecureCart(async ({ dir, run }) => {
    expect((await run('apply', '--sandbox', '--yes')).exit).toBe(0);
    const file = join(dir, 'scps/protect-production.yaml');
    const text = readFileSync(file, 'utf8');
    const line = /^ +- dynamodb:DeleteTable\n/m;
    expect(text).toMatch(line);
    writeFileSync(file, text.replace(line, ''));
    const { out, exit } = await run('plan', '--sandbox');
    expect([exit, shown().length]).toEqual([3, 4]);
    let rest = `\n${out}`;
    for (const piece of shown()) {
      expect(rest).toContain(`\n${piece}`);
      rest = rest.slice(rest.indexOf(`\n${piece}`) + piece.length);
    }
    expect(out.startsWith(shown()[0] ?? '?')).toBe(true);
  }));
