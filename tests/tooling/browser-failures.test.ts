import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { browserFailures } from '../../scripts/browser-failures.mjs';

const ROOT = join(import.meta.dirname, '..', '..');
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tradebot-browser-failures-'));
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'junction');
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** What Playwright reports of these specs; none of them needs a browser. */
function run(specs: Record<string, string>): ReturnType<typeof browserFailures> {
  for (const [name, text] of Object.entries(specs)) writeFileSync(join(folder, name), text);
  const report = join(folder, 'report.json');
  spawnSync(
    process.execPath,
    [join(ROOT, 'node_modules', 'playwright', 'cli.js'), 'test', '--workers=1', '--reporter=json'],
    {
      cwd: folder,
      env: {
        ...process.env,
        FORCE_COLOR: '1',
        PLAYWRIGHT_JSON_OUTPUT_FILE: report,
        PWTEST_CACHE_DIR: join(folder, 'cache'),
      },
    },
  );
  return browserFailures(JSON.parse(readFileSync(report, 'utf8')));
}

test('failed browser tests and broken files are named, each with what was thrown', () => {
  const failures = run({
    'doors.spec.mjs': `
      import { expect, test } from 'playwright/test';
      test('opens', () => undefined);
      test.describe('a door', () => {
        test('closes', () => {
          expect(1).toBe(2);
        });
      });`,
    'broken.spec.mjs': "throw new Error('not today');",
  });
  expect(failures).toEqual([
    expect.stringMatching(/broken\.spec\.mjs:1: outside of a test\n {2}Error: not today/),
  ]);
  rmSync(join(folder, 'broken.spec.mjs'));
  expect(run({})).toEqual([
    expect.stringMatching(/^doors\.spec\.mjs:5: a door > closes\n {2}Error: expect[\s\S]*Expected: 2/),
  ]);
});
