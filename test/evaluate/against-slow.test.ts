/**
 * The evaluator against a second one that shares no line with it. `GATEHOUSE_CASES=100000` for the long run, GATEHOUSE_SEED for
 * another one; `npm run soak -- --evaluator 100000` does the same.
 */
import { expect, it } from 'vitest';
import { agreementOn } from './slow-cases.ts';

const cases = Number(process.env['GATEHOUSE_CASES'] ?? process.env['GATEHOUSE_RUNS'] ?? 5_000);

it('decides as a second evaluator that shares nothing with it', () => {
  const seen = agreementOn(cases, Number(process.env['GATEHOUSE_SEED'] ?? 20_261_129));
  // A corpus that is nearly always denied would show little.
  expect(seen.allowed).toBeGreaterThan(cases / 8);
  expect(seen.denied).toBeGreaterThan(cases / 8);
}, 600_000);
