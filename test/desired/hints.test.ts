/** What a message says to write is right as it stands. */
import { describe, expect, it } from 'vitest';
import { daysMeant, keyMeant, listMeant } from '../../src/desired/schema/meant.ts';

describe('days as they are written elsewhere', () => {
  it.each([
    ['31.01.2027', ['2027-01-31']],
    ['31/01/2027', ['2027-01-31']],
    ['01/31/2027', ['2027-01-31']],
    ['01/02/2027', ['2027-02-01', '2027-01-02']],
    ['2.1.2027', ['2027-01-02']],
    ['2027/01/31', ['2027-01-31']],
    ['2027-1-5', ['2027-01-05']],
    ['20270131', ['2027-01-31']],
    ['2027-01-31T10:00:00Z', ['2027-01-31']],
    ['31 January 2027', ['2027-01-31']],
    ['Jan 31st, 2027', ['2027-01-31']],
    ['30.02.2027', []],
    ['soon', []],
    ['', []],
  ])('%s: %j', (written, days) => {
    expect(daysMeant(written)).toEqual(days);
  });
});

it('knows the words that people use for keys, where the file has such a key', () => {
  expect(keyMeant('expires', ['from', 'until'])).toBe('until');
  expect(keyMeant('valid_until', ['from', 'until'])).toBe('until');
  expect(keyMeant('users', ['group', 'members'])).toBe('members');
  expect(keyMeant('expires', ['group'])).toBeUndefined();
});

it('writes a text as the list that it means, in quotes where YAML needs them', () => {
  expect(listMeant('Acme-Dev')).toBe('[Acme-Dev]');
  expect(listMeant('Acme-Dev, Acme-Test')).toBe('[Acme-Dev, Acme-Test]');
  expect(listMeant('012345678901')).toBe('["012345678901"]');
  expect(listMeant('s3:*')).toBe('["s3:*"]');
});
