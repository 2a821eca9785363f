import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    globalSetup: ['tests/tooling/check-node-setup.ts'],
    setupFiles: ['tests/tooling/fixed-chance.ts'],
    include: ['{core,electron,renderer,scripts,tests}/**/*.test.{ts,tsx}'],
    exclude: ['tests/system/**', 'node_modules/**', 'out/**'],
    // The default leaves one of two cores idle.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 120_000,
    hookTimeout: 120_000,
    coverage: {
      provider: 'v8',
      reporter: ['text-summary', 'json-summary'],
      include: ['core/{domain,safety,guardian,execution,portfolio}/**/*.ts'],
      exclude: ['**/*.test.ts', '**/testing/**', '**/index.ts'],
      // Money code: every branch, no exclusions.
      thresholds: { branches: 100 },
    },
  },
});
