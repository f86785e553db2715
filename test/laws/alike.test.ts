/** A plan made with one account of each class is the plan that is made with all of them, and folded it is the same. */
import { describe, it } from 'vitest';
import { expectAlike } from '../support/alike-law.ts';

describe('accounts that are alike', () => {
  it('are planned as each would be by itself', { timeout: 240_000 }, () => {
    expectAlike({ hasRoles: false, numRuns: 15 });
  });
});
