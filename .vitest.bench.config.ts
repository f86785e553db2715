import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/bench/all.bench.ts'],
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    execArgv: ['--expose-gc'],
  },
});
