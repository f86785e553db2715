/** The law of survival.test.ts, tried much longer. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { survivalLaw, survivalVariants } from '../support/survival-scenes.ts';

const numRuns = 120;

it.each(Object.entries(survivalVariants))('break-glass and the way in stand %s', (_what, variant) => {
  const tally = { carried: 0 };
  fc.assert(survivalLaw(variant, tally), { numRuns });
  expect(tally.carried).toBeGreaterThan(numRuns / 10);
});
