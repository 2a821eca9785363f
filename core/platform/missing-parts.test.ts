import { describe, expect, test } from 'vitest';
import { missingPartAdvice, modelsObstacle } from './missing-parts.ts';

test.each([
  ['darwin', 'arm64', '22.6.0', undefined, 'macOS 13, and 14'],
  ['darwin', 'arm64', '23.0.0', undefined, null],
  ['darwin', 'arm64', '25.1.0', undefined, null],
  ['darwin', 'x64', '24.0.0', undefined, 'Intel'],
  ['win32', 'x64', '6.1.7601', undefined, 'Windows 10'],
  ['win32', 'arm64', '10.0.22631', undefined, null],
  ['linux', 'x64', '6.1.0', '2.36', null],
  ['linux', 'x64', '5.4.0', '2.31', 'glibc here is 2.31'],
  ['linux', 'arm64', '5.4.0', '3.0', null],
  ['linux', 'x64', '5.4.0', '1.99', '2.34'],
  ['linux', 'x64', '6.1.0', undefined, 'musl'],
  ['freebsd', 'x64', '14.0', undefined, 'freebsd'],
] as const)('on %s %s with kernel %s and glibc %s is told %j', (platform, arch, release, glibc, words) => {
  const told = modelsObstacle({ platform, arch, release }, glibc);
  if (words === null) expect(told).toBeNull();
  else expect(told).toContain(words);
});

describe('a native part that does not load', () => {
  const windows = { platform: 'win32', arch: 'x64', release: '10.0.22631' } as const;
  const linux = { platform: 'linux', arch: 'x64', release: '6.1.0' } as const;
  const coded = (code: string, message: string): Error => Object.assign(new Error(message), { code });

  test.each([
    [
      windows,
      undefined,
      coded('ERR_DLOPEN_FAILED', 'The specified module could not be found.\nC:\\x.node'),
      'vc_redist.x64.exe',
    ],
    [
      { ...windows, arch: 'arm64' },
      undefined,
      coded('ERR_DLOPEN_FAILED', 'Das angegebene Modul wurde nicht gefunden.'),
      'vc_redist.arm64.exe',
    ],
    [
      windows,
      undefined,
      coded('MODULE_NOT_FOUND', "Cannot find module '../bin/napi-v6/win32/x64/b.node'"),
      'npm ci',
    ],
    [
      linux,
      '2.36',
      coded('ERR_DLOPEN_FAILED', 'libatomic.so.1: cannot open shared object file: No such file or directory'),
      'libatomic.so.1',
    ],
    [
      linux,
      '2.36',
      coded(
        'ERR_DLOPEN_FAILED',
        'libonnxruntime.so.1: cannot open shared object file: No such file or directory',
      ),
      'npm ci',
    ],
    [linux, '2.31', coded('ERR_DLOPEN_FAILED', "version `GLIBC_2.34' not found"), 'Debian 12'],
    [linux, '2.36', 'gone', 'npm ci'],
    [
      { platform: 'darwin', arch: 'x64', release: '24.0.0' },
      undefined,
      coded('MODULE_NOT_FOUND', 'x'),
      'Intel',
    ],
  ] as const)('on %o with glibc %s after %o is told in one line with %s', (machine, glibc, fault, words) => {
    const line = missingPartAdvice(machine, glibc, 'models', fault);
    expect(line).toContain('what runs the models cannot be loaded');
    expect(line).toContain(words);
    expect(line).not.toContain('\n');
  });
});

test.each([
  [{ platform: 'darwin', arch: 'x64', release: '24.0.0' }, undefined, 'gone', 'npm ci'],
  [
    { platform: 'linux', arch: 'x64', release: '5.4.0' },
    '2.27',
    "version `GLIBC_2.29' not found",
    'needs GLIBC_2.29',
  ],
  [{ platform: 'linux', arch: 'x64', release: '6.1.0' }, undefined, 'gone', 'npm ci'],
] as const)('on %o with glibc %s the database has its own needs: %s', (machine, glibc, said, words) => {
  const line = missingPartAdvice(machine, glibc, 'database', new Error(said));
  expect(line).toContain('the database cannot be loaded');
  expect(line).toContain(words);
});
