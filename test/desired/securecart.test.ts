import { expect, test } from 'vitest';
import { loadCatalogue } from '../../src/evaluate/catalogue.ts';
import { load } from '../../src/desired/load.ts';
import { understand } from '../../src/desired/understand.ts';
import { resolve, validate } from '../support/understood.ts';
import { resourcesOf } from '../../src/model/resource.ts';
import type { Kind } from '../../src/model/resource.ts';

const context = { catalogue: loadCatalogue(), now: '2026-11-23T12:00:00Z' };
const files = await load('.');

test('SecureCart has no problem that stops', () => {
  expect(validate(files, context).filter(({ severity }) => severity !== 'note')).toEqual([]);
});

test('SecureCart resolves to its whole organization', () => {
  const { state } = resolve(files, context);
  const count = (kind: Kind): number => resourcesOf(state, kind).length;
  expect(count('account')).toBe(10);
  expect(count('ou')).toBe(6);
  expect(count('group')).toBe(11);
  expect(count('permission-set')).toBe(15);
  expect(count('scp')).toBe(14);
  expect(count('policy-type')).toBe(4);
  expect(count('attachment')).toBe(39);
  expect(count('assignment')).toBe(48);
  expect(count('membership')).toBe(15);
  expect(understand(files, context).declared.tests.length).toBeGreaterThan(50);
});
