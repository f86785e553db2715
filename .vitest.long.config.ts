/** What would take `npm cit` beyond its five minutes: whole organizations, and each call failing in its turn. */
import { defineConfig } from 'vitest/config';
import short from './.vitest.config.ts';

export default defineConfig({ test: { ...short.test, include: ['test/**/*.long.test.ts'], exclude: [] } });
