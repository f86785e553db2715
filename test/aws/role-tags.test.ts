/** IAM reads the tag keys of roles without case. */
import { expect, test } from 'vitest';
import { roleTagEdit } from '../../src/aws/tags.ts';

type Tags = Readonly<Record<string, string>>;
const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

/** IAM's TagRole, then UntagRole. */
const carriedOut = (before: Tags, after: Tags): Tags => {
  const { set, remove } = roleTagEdit(before, after);
  const kept = Object.entries(before).filter(([key]) => !Object.keys(set).some((one) => same(one, key)));
  const tagged = [...kept, ...Object.entries(set)];
  return Object.fromEntries(tagged.filter(([key]) => !remove.some((one) => same(one, key))));
};

test.each<readonly [Tags, Tags]>([
  [{ team: 'shop' }, { Team: 'shop' }],
  [{ team: 'shop' }, { TEAM: 'other', cost: '1' }],
  [{ team: 'shop', cost: '1' }, { Cost: '2' }],
  [{ team: 'shop' }, {}],
  [{ team: 'shop' }, { team: 'shop' }],
])('%j becomes %j and no tag is lost', (before, after) => {
  expect(carriedOut(before, after)).toEqual(after);
});
