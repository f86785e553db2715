/** What one approves is one hash, whatever the order in which the changes are listed, and however many they are. */
import { hash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { fingerprintOf } from '../../src/plan/digest.ts';

const plain = (ids: readonly string[]): string => hash('sha256', JSON.stringify(['o-1', [...ids].sort()]));
const many = Array.from({ length: 12_000 }, (_, at) => hash('sha256', `change ${at}`));

describe('the fingerprint of a large plan', () => {
  it('is the hash of the sorted ids', () => {
    expect(fingerprintOf({ organization: 'o-1' }, many)).toBe(plain(many));
    expect(fingerprintOf({ organization: 'o-1' }, many.toReversed())).toBe(plain(many));
  });

  it('is that of ids that begin alike, too', () => {
    const alike = many.map((id, at) => (at % 3 === 0 ? `0123abcd${id.slice(8)}` : id));
    expect(fingerprintOf({ organization: 'o-1' }, alike)).toBe(plain(alike));
  });

  it('is that of ids that are no hashes', () => {
    const strange = many.map((id, at) => (at === 7 ? 'É"\n' : id));
    expect(fingerprintOf({ organization: 'o-1' }, strange)).toBe(plain(strange));
  });

  it('says which accounts it is about', () => {
    const part = ['B', 'A'];
    const expected = hash('sha256', JSON.stringify(['o-1', [...many].sort(), ['A', 'B']]));
    expect(fingerprintOf({ organization: 'o-1', part }, many)).toBe(expected);
  });
});
