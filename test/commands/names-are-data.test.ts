/** What hangs on a name that JavaScript's objects know; names-are-data.long.test.ts asks every command. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { tagEdit } from '../../src/aws/tags.ts';
import { ownValue } from '../../src/model/own-value.ts';
import { rulesOf } from '../desired/repository.ts';
import { gatehouse } from '../support/run.ts';

const known = ['constructor', '__proto__', 'toString', 'hasOwnProperty'];

it.each(known)('a tag called %s that is no longer wanted is taken away', (name) => {
  const before = Object.fromEntries([[name, 'a']]);
  expect(tagEdit(before, {})).toEqual({ set: {}, remove: [name] });
  expect(tagEdit({}, before).set).toEqual(before);
});

it.each(known)('%s is in a record only where somebody put it', (name) => {
  expect(ownValue({}, name)).toBeUndefined();
  expect(ownValue(Object.fromEntries([[name, 'here']]), name)).toBe('here');
});

it.each(known)('an account may be called %s', (name) => {
  const tree = `management: { name: M, id: "111111111111" }\naccounts: { ${name}: "222222222222", Dev: "033333333333" }\n`;
  expect(rulesOf({ 'access/organization.yaml': tree })).not.toContain('reserved-name');
});

it.each(known)('import says that %s is no kind', async (name) => {
  const dir = mkdtempSync(join(tmpdir(), 'gatehouse-names-'));
  try {
    const words = ['import', '--into', join(dir, 'imported'), '--only', name, `--sandbox=${join(dir, 'box')}`];
    const { exit, err } = await gatehouse(words);
    expect(exit).toBe(1);
    expect(err).not.toContain('is not a function');
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});
