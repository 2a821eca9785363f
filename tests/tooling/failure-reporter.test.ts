import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { StageReport } from './failure-reporter.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** What a run of Vitest over these files writes, and how it ends. */
async function run(files: Record<string, string>): Promise<StageReport & { readonly exitCode: unknown }> {
  const folder = mkdtempSync(join(tmpdir(), 'tradebot-failures-'));
  folders.push(folder);
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'junction');
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const report = join(folder, 'failures.json');
  const child = spawn(
    process.execPath,
    [
      ...[join(ROOT, 'node_modules', 'vitest', 'vitest.mjs'), 'run', '--root', folder, '--globals'],
      ...['--coverage', '--coverage.include=price.mjs', '--coverage.thresholds.branches=100'],
      ...[
        `--reporter=${join(import.meta.dirname, 'failure-reporter.ts')}`,
        `--outputFile.failures=${report}`,
      ],
    ],
    { stdio: 'ignore' },
  );
  const [exitCode] = await once(child, 'exit');
  return { exitCode, ...JSON.parse(readFileSync(report, 'utf8')) };
}

const PRICE = 'export const price = (isHigh) => (isHigh ? 2 : 1);';

test('a failed test, hook and file are named, each with what was thrown', async () => {
  const { exitCode, passed, failures } = await run({
    'price.mjs': PRICE,
    'core/sums.test.mjs': `
      describe('sums', () => {
        test('add up', () => undefined);
        test('do not add up', () => {
          expect(1).toBe(2);
        });
      });`,
    'core/closing.test.mjs': `
      describe('a door', () => {
        afterAll(() => {
          throw new Error('stuck', { cause: new Error('rust') });
        });
        test('opens', () => undefined);
      });`,
    'core/missing.test.mjs': "import './not-there.mjs';",
  });
  expect(exitCode).toBe(1);
  expect(passed).toBe(2);
  expect(failures.toSorted()).toEqual([
    expect.stringMatching(
      /^core\/closing\.test\.mjs: around "a door"\n {2}Error: stuck\n {4}at .*closing\.test\.mjs:4:\d+[\s\S]*\n {2}because of .*rust/,
    ),
    expect.stringMatching(/^core\/missing\.test\.mjs: outside of its tests\n {2}Error: .*not-there\.mjs/),
    expect.stringMatching(
      /^core\/sums\.test\.mjs: sums > do not add up\n {2}AssertionError: expected 1 to be 2[\s\S]*\n {4}at .*sums\.test\.mjs:5:\d+/,
    ),
  ]);
});

test('an error that nobody caught, and a threshold that is not met, are named though every test passed', async () => {
  const { exitCode, passed, failures } = await run({
    'price.mjs': PRICE,
    'price.test.mjs': `
      import { price } from './price.mjs';
      test('is high', () => {
        expect(price(true)).toBe(2);
      });`,
    'late.test.mjs': `
      test('leaves a promise alone', async () => {
        Promise.reject(new Error('nobody listens'));
        await new Promise((resolve) => setTimeout(resolve));
      });`,
  });
  expect(exitCode).toBe(1);
  expect(passed).toBe(2);
  expect(failures).toEqual([
    expect.stringMatching(
      /^late\.test\.mjs: Unhandled Rejection, while "leaves a promise alone" ran\n {2}Error: nobody listens\n {4}at .*late\.test\.mjs:3:\d+/,
    ),
    expect.stringMatching(
      /^after the last test: ERROR: Coverage for branches \(50%\) does not meet global threshold \(100%\)$/,
    ),
  ]);
});

test('a file whose process dies is named', async () => {
  const { exitCode, failures } = await run({
    'price.mjs': PRICE,
    'dies.test.mjs': "test('dies', () => process.kill(process.pid, 'SIGKILL'));",
  });
  expect(exitCode).toBe(1);
  expect(failures).toContainEqual('dies.test.mjs: did not end');
});

test('a run in which nothing fails names nothing', async () => {
  const good = await run({
    'price.mjs': PRICE,
    'price.test.mjs': `
      import { price } from './price.mjs';
      test.each([[true, 2], [false, 1]])('of %s', (isHigh, is) => {
        expect(price(isHigh)).toBe(is);
      });`,
  });
  expect(good).toEqual({ exitCode: 0, passed: 2, failures: [] });
});
