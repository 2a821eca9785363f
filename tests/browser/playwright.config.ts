import { defineConfig } from 'playwright/test';
import { leftOut } from '../tooling/left-out.ts';
import { chromiumLaunch } from './chromium.ts';

export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  testIgnore: leftOut().map((file) => `**/${file}`),
  outputDir: '../../test-results',
  // Each test runs a program of its own; two cores hold one comfortably.
  workers: 1,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  forbidOnly: process.env['CI'] !== undefined,
  use: {
    browserName: 'chromium',
    viewport: { width: 1440, height: 900 },
    launchOptions: await chromiumLaunch(),
  },
});
