import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const EVERYWHERE = ['{core,electron,renderer,scripts,tests}/**/*.test.{ts,tsx}'];
const NEVER = ['tests/system/**', 'node_modules/**', 'out/**'];
/** Files that put something in a module's place, and those that run programs. */
const APART = [
  'core/safety/latch-flush.test.ts',
  'core/platform/files.test.ts',
  'core/inference/set-in-use.test.ts',
  'core/engine/installation/rights-kept.test.ts',
  'electron/**/*.test.ts',
  'tests/{chaos-venue,integration}/**/*.test.ts',
];

export default defineConfig({
  test: {
    globalSetup: ['tests/tooling/check-node-setup.ts'],
    setupFiles: ['tests/tooling/fixed-chance.ts'],
    // The default leaves one of two cores idle.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 120_000,
    hookTimeout: 120_000,
    projects: [
      {
        extends: true,
        // Modules are loaded once for all files of a worker: loading them anew took as long as the tests.
        test: { name: 'together', isolate: false, include: EVERYWHERE, exclude: [...NEVER, ...APART] },
      },
      { extends: true, test: { name: 'apart', include: APART, exclude: NEVER } },
    ],
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
