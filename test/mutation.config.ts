import { defineConfig } from 'vitest/config';

/** Only what tests the exact evaluator by example, with fewer random runs: every mutant runs what covers it. */
export default defineConfig({
  test: {
    include: ['test/evaluate/{cases,decide,match,principal,request,same-for-all,simulate,truth}.test.ts'],
    testTimeout: 60_000,
    env: { GATEHOUSE_RUNS: '200' },
  },
});
