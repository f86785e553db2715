import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/**/*.long.test.ts'],
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
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    coverage: { include: ['src/**/*.ts'], reporter: ['text-summary', 'json-summary'] },
  },
});
