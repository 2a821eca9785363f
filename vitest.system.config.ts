import { defineConfig } from 'vitest/config';

/** Tests that need a desktop session: an unlocked keychain and, where Electron's binary can be had, a display. */
export default defineConfig({
  test: {
    globalSetup: ['tests/tooling/check-node-setup.ts'],
    include: ['tests/system/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
