import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { builtFault } from '../../scripts/build.mjs';

let root: string;
let builds: number;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tradebot-build-'));
  builds = 0;
  for (const path of [
    'renderer/main.tsx',
    'electron/main.ts',
    'core/a/b.ts',
    'electron.vite.config.ts',
    'package-lock.json',
  ])
    write(path, path);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

/** As of a copy, whose times say nothing. */
function makeLater(path: string): void {
  const later = new Date(Date.UTC(2100, 0));
  utimesSync(join(root, path), later, later);
}

const works = (): null => {
  builds += 1;
  for (const path of ['main/main.js', 'preload/preload.cjs', 'renderer/index.html'])
    write(`out/${path}`, 'built');
  return null;
};
const fails = (): string => 'the build failed';

test('what has changed is built, once', () => {
  expect(builtFault(root, works)).toBeNull();
  expect(builtFault(root, works)).toBeNull();
  expect(builds).toBe(1);
  write('core/a/b.ts', 'changed');
  makeLater('core/a/b.ts');
  expect(builtFault(root, works)).toBeNull();
  expect(builds).toBe(2);
});

test('what was built of these very sources is used, whatever their times, and where nothing can be built', () => {
  builtFault(root, works);
  makeLater('core/a/b.ts');
  expect(builtFault(root, fails)).toBeNull();
  makeLater('renderer');
  expect(builtFault(root, works)).toBeNull();
  expect(builds).toBe(1);
});

test('a part that is missing is built', () => {
  builtFault(root, works);
  rmSync(join(root, 'out/renderer'), { recursive: true });
  expect(builtFault(root, works)).toBeNull();
  expect(builds).toBe(2);
});

test('what a failed build leaves is not taken for built', () => {
  builtFault(root, works);
  write('core/a/b.ts', 'changed');
  makeLater('core/a/b.ts');
  expect(builtFault(root, fails)).toBe('the build failed');
  write('core/a/b.ts', 'core/a/b.ts');
  expect(builtFault(root, fails)).toBe('the build failed');
  expect(existsSync(join(root, 'out/.built'))).toBe(false);
});

test('a folder that cannot be written is one line', () => {
  write('out', 'no folder');
  expect(builtFault(root, works)).toMatch(/^the pages have to be built, and .*out cannot be written \(E/);
});
