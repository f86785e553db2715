import { describe, expect, it } from 'vitest';
import type { EffectiveChange } from '../../src/model/plan.ts';
import {
  effectiveSentences,
  graveEffectiveSentences,
  otherEffectiveSentences,
} from '../../src/render/effective-words.ts';

const accounts = ['A', 'B', 'C', 'D', 'E', 'F', 'G'];
const added: EffectiveChange = {
  kind: 'guardduty-policy',
  accounts,
  changes: [{ path: 'guardduty.enablement.default.foundational.status', after: 'enabled' }],
  risk: 'medium',
};
const off: EffectiveChange = {
  kind: 's3-policy',
  accounts: ['Dev'],
  changes: [
    { path: 's3_attributes.public_access_block_configuration', before: 'all', after: 'none' },
    { path: 's3_attributes.more', before: ['a', 'b'] },
  ],
  clashes: ['s3_attributes.public_access_block_configuration'],
  risk: 'high',
};

describe('what effective policies come to', () => {
  const offText =
    'S3 policy of Dev: ~ s3_attributes.public_access_block_configuration: all → none, - s3_attributes.more: a, b; two policies of one target set s3_attributes.public_access_block_configuration, and AWS takes the one attached first (high)';

  it('is a sentence for each type, the riskiest first', () => {
    expect(effectiveSentences({ effective: [added, off] })).toEqual([
      offText,
      'GuardDuty policy of 7 accounts (A, B, C, D … and 3 more): + guardduty.enablement.default.foundational.status: enabled (medium)',
    ]);
  });

  it('counts, where room is short, what only sets more', () => {
    expect(graveEffectiveSentences({ effective: [added, off] })).toEqual([offText]);
    expect(otherEffectiveSentences({ effective: [added, off] })).toEqual([
      'GuardDuty policy of 7 accounts: 1 setting (medium)',
    ]);
  });
});
