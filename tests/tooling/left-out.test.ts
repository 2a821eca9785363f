import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { leftOut, leftOutLines, NEEDS } from './left-out.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const linux = { platform: 'linux', arch: 'x64', release: '6.1.0' } as const;
const intelMac = { platform: 'darwin', arch: 'x64', release: '24.0.0' } as const;
const mac = { platform: 'darwin', arch: 'arm64', release: '24.0.0' } as const;
const windows = { platform: 'win32', arch: 'x64', release: '10.0.22631' } as const;
const windowsOnArm = { ...windows, arch: 'arm64' } as const;

test('only what is there is named', () => {
  const files = NEEDS.flatMap((need) => need.files);
  expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
});

test.each([
  ['Linux', linux, '2.36', []],
  ['Linux on ARM', { ...linux, arch: 'arm64' } as const, '2.39', []],
  ['an old Linux', linux, '2.31', ['models']],
  ['a Mac', mac, undefined, []],
  ['a Mac with an Intel processor', intelMac, undefined, ['models']],
  ['Windows', windows, undefined, ['signals']],
  ['Windows on ARM', windowsOnArm, undefined, ['PostgreSQL', 'signals']],
] as const)('%s leaves out what it cannot have, and says so', (_, machine, glibc, words) => {
  const lines = leftOutLines(machine, glibc);
  expect(lines.map((line) => words.find((word) => line.includes(word)))).toEqual(words);
  const files = leftOut(machine, glibc);
  expect(files.length > 0).toBe(words.length > 0);
  for (const file of files) expect(lines.join()).toContain(file);
});
