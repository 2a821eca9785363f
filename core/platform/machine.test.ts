import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { firstWhole, glibcVersion, isWhole, PLATFORM, thisMachine } from './machine.ts';

test('this machine says what it is', () => {
  const environment = { A: 'b' };
  const machine = thisMachine(environment);
  expect(machine).toMatchObject({ platform: PLATFORM, arch: process.arch, environment });
  expect([machine.home, machine.temporary, machine.release].every((text) => text.length > 0)).toBe(true);
  expect(glibcVersion() === undefined).toBe(machine.platform !== 'linux');
});

test.each(['', 'here'])(
  'a HOME and a TMPDIR of %j are none, wherever the program is started from',
  (given) => {
    const machine = pathToFileURL(join(import.meta.dirname, 'machine.ts')).href;
    const script = `import(${JSON.stringify(machine)}).then(({ thisMachine }) => {
    const { home, temporary } = thisMachine();
    process.stdout.write(JSON.stringify([home, temporary]));
  });`;
    const env = { ...process.env, HOME: given, USERPROFILE: given, TMPDIR: given, TEMP: given, TMP: given };
    const { stdout } = spawnSync(process.execPath, ['-e', script], { env, encoding: 'utf8', cwd: tmpdir() });
    const folders = JSON.parse(stdout) as readonly string[];
    expect(folders.map((folder) => isWhole(folder, PLATFORM))).toEqual([true, true]);
  },
);

test('the first whole path is taken, and the root where there is none', () => {
  const unknown = (): string => {
    throw new Error('the system has no entry for this user');
  };
  const here = import.meta.dirname;
  expect(firstWhole([() => '', () => 'relative', unknown, () => here])).toBe(here);
  expect(isWhole(firstWhole([unknown]), PLATFORM)).toBe(true);
});

test.each([
  ['linux', '/home/ada', true],
  ['darwin', '/Users/ada', true],
  ['linux', 'home/ada', false],
  ['linux', '', false],
  ['win32', String.raw`C:\Users\ada`, true],
  ['win32', 'c:/users/ada', true],
  ['win32', String.raw`\\server\share`, true],
  ['win32', String.raw`\Users\ada`, false],
  ['win32', 'C:Users', false],
  ['win32', '', false],
] as const)('on %s %j is a whole path: %s', (platform, path, expected) => {
  expect(isWhole(path, platform)).toBe(expected);
});
