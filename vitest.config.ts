import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Without it each SDK client says once per process that it will soon ask for a newer Node. */
const env = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };

const tests = {
  testTimeout: 60_000,
  hookTimeout: 60_000,
  // Files share what they import: a third of the time of a run was importing, and warming, the same again.
  isolate: false,
  // Many tests wait for processes of their own: on two cores two workers are right, where vitest takes one.
  maxWorkers: Math.max(2, availableParallelism() - 1),
  globalSetup: ['test/support/built.ts'],
  // Imports JSON as Node 20 does not: it is bundled for the test that lints workflows.
  server: { deps: { inline: [/@actions\//] } },
  setupFiles: ['test/support/seed.ts'],
  env,
};

/** A group begins when the one before it has ended: projects of one group would have to agree on their workers. */
const inGroup = (groupOrder: number) => ({ groupOrder });

export default defineConfig({
  test: {
    coverage: { include: ['src/**/*.ts'], reporter: ['text-summary', 'json-summary'] },
    projects: [
      {
        test: {
          ...tests,
          name: 'fast',
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.long.test.ts'],
          sequence: inGroup(0),
        },
      },
      {
        // What would take `npm cit` beyond its five minutes: whole organizations, and each call failing in its turn.
        test: {
          ...tests,
          name: 'long',
          testTimeout: 300_000,
          include: ['test/**/*.long.test.ts'],
          sequence: inGroup(1),
        },
      },
      {
        test: {
          name: 'bench',
          include: ['test/bench/all.bench.ts'],
          env,
          execArgv: ['--expose-gc'],
          sequence: inGroup(2),
        },
      },
    ],
  },
});
