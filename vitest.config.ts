import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { leftOut } from './tests/tooling/left-out.ts';

const EVERYWHERE = ['{core,electron,renderer,scripts,tests}/**/*.test.{ts,tsx}'];
const NEVER = ['tests/system/**', 'node_modules/**', 'out/**', ...leftOut()];
/** Of which every branch is to be tested. */
const MONEY_CODE = 'core/{domain,safety,guardian,execution,portfolio}/**';
/** What tests it: the rest of the tests takes twice as long where it is looked at which branches they reach. */
const OF_MONEY = [`${MONEY_CODE}/*.test.ts`, 'core/engine/hosting/venue-trades.test.ts'];
/** Files that put something in a module's place, and those that run programs. */
const MONEY_APART = ['core/safety/latch-flush.test.ts'];
const APART = [
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
    // `npm test` runs those named money first, with the coverage, and then the others without.
    projects: [
      // Modules are loaded once for all files of a worker: loading them anew took as long as the tests.
      { extends: true, test: { name: 'money', isolate: false, include: OF_MONEY, exclude: MONEY_APART } },
      { extends: true, test: { name: 'money-apart', include: MONEY_APART } },
      {
        extends: true,
        test: {
          ...{ name: 'together', isolate: false, include: EVERYWHERE },
          exclude: [...NEVER, ...OF_MONEY, ...APART],
        },
      },
      { extends: true, test: { name: 'apart', include: APART, exclude: NEVER } },
    ],
    coverage: {
      provider: 'v8',
      reporter: ['text-summary', 'json-summary'],
      include: [`${MONEY_CODE}/*.ts`],
      exclude: ['**/*.test.ts', '**/testing/**', '**/index.ts'],
      // Money code: every branch, no exclusions.
      thresholds: { branches: 100 },
    },
  },
});
