import type * as Fs from 'node:fs';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  flushFolder,
  flushingPragmas,
  hasFileModes,
  isHeld,
  makePrivate,
  takesName,
  writeWhole,
} from './files.ts';
import { PLATFORM } from './machine.ts';

/** What the next calls of a name fail with, and how often each was called. */
const failures = vi.hoisted(() => new Map<string, string[]>());
const asked = vi.hoisted((): string[] => []);
vi.mock('node:fs', async (importOriginal) => {
  const fs = await importOriginal<typeof Fs>();
  const failing = <Args extends unknown[], T>(name: string, call: (...args: Args) => T) => {
    return (...args: Args): T => {
      asked.push(name);
      const code = failures.get(name)?.shift();
      // As a file system that takes it and does nothing.
      if (code === '') return undefined as T;
      if (code !== undefined) throw Object.assign(new Error(`${code}: ${name}`), { code });
      return call(...args);
    };
  };
  return {
    ...fs,
    renameSync: failing('rename', fs.renameSync),
    chmodSync: failing('chmod', fs.chmodSync),
    fsyncSync: failing('flush', fs.fsyncSync),
  };
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tradebot-files-'));
  failures.clear();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const of = (name: string): string => join(folder, name);

describe('a file that is replaced', () => {
  test('has its new text, is on the disk, and nothing is left beside it', () => {
    asked.length = 0;
    writeWhole(of('a'), 'new');
    expect([readFileSync(of('a'), 'utf8'), readdirSync(folder)]).toEqual(['new', ['a']]);
    expect(asked).toEqual(['flush', 'rename']);
  });

  test('waits for whoever holds it a moment', () => {
    failures.set('rename', ['EBUSY', 'EPERM', 'EACCES']);
    writeWhole(of('a'), 'new');
    expect([readFileSync(of('a'), 'utf8'), readdirSync(folder)]).toEqual(['new', ['a']]);
  });

  test('is written itself where its name is held for good', () => {
    writeFileSync(of('a'), 'an older text, which is longer');
    failures.set('rename', Array<string>(5).fill('EPERM'));
    writeWhole(of('a'), 'new');
    expect([readFileSync(of('a'), 'utf8'), readdirSync(folder)]).toEqual(['new', ['a']]);
  });

  test('is as it was where the disk is full', () => {
    writeFileSync(of('a'), 'old');
    failures.set('flush', ['ENOSPC']);
    expect(() => writeWhole(of('a'), 'new')).toThrow('ENOSPC');
    expect([readFileSync(of('a'), 'utf8'), readdirSync(folder)]).toEqual(['old', ['a']]);
  });

  test('is written itself at once, and not flushed, where nobody is to wait', () => {
    failures.set('rename', ['EPERM']);
    asked.length = 0;
    writeWhole(of('a'), 'new', { isFlushed: false, isPatient: false });
    expect([readFileSync(of('a'), 'utf8'), readdirSync(folder)]).toEqual(['new', ['a']]);
    expect(asked).toEqual(['rename']);
  });

  test.skipIf(!hasFileModes(PLATFORM))('is for its owner alone', () => {
    writeWhole(of('a'), 'new');
    expect(statSync(of('a')).mode & 0o777).toBe(0o600);
  });
});

test('a name that is held for good is not taken, and any other fault is thrown at once', () => {
  writeFileSync(of('a'), 'a');
  failures.set('rename', Array<string>(5).fill('EBUSY'));
  expect(takesName(of('a'), of('b'))).toBe(false);
  failures.set('rename', ['ENOSPC']);
  expect(() => takesName(of('a'), of('b'))).toThrow('ENOSPC');
  expect(takesName(of('a'), of('b'))).toBe(true);
});

test.each([
  ['EBUSY', true],
  ['EACCES', true],
  ['EPERM', true],
  ['ENOENT', false],
] as const)('an error %s says that a file is held: %s', (code, expected) => {
  expect(isHeld(Object.assign(new Error(code), { code }))).toBe(expected);
  expect(isHeld(code)).toBe(false);
});

describe('the flush of a folder', () => {
  test('is not asked for on Windows', () => {
    expect(flushFolder(of('none'), 'win32')).toBe(true);
  });

  test.skipIf(PLATFORM === 'win32')('says where it cannot be had', () => {
    expect(flushFolder(folder, 'linux')).toBe(true);
    failures.set('flush', ['EINVAL']);
    expect(flushFolder(folder, 'darwin')).toBe(false);
    expect(flushFolder(of('none'), 'linux')).toBe(false);
  });
});

describe('the rights of others', () => {
  test.skipIf(!hasFileModes(PLATFORM))('are taken from a file', () => {
    writeFileSync(of('a'), '');
    chmodSync(of('a'), 0o664);
    expect(makePrivate(of('a'))).toBeNull();
    expect(statSync(of('a')).mode & 0o777).toBe(0o600);
  });

  test.skipIf(!hasFileModes(PLATFORM))('that cannot be taken are told, and stop nothing', () => {
    writeFileSync(of('a'), '');
    chmodSync(of('a'), 0o644);
    failures.set('chmod', ['EPERM']);
    expect(makePrivate(of('a'), 'linux')).toMatchObject({ code: 'EPERM' });
  });

  test.skipIf(!hasFileModes(PLATFORM))('that a file system forgets at once are told as well', () => {
    writeFileSync(of('a'), '');
    chmodSync(of('a'), 0o644);
    failures.set('chmod', ['']);
    expect(makePrivate(of('a'), 'linux')?.message).toContain('keeps no rights');
  });

  test('are none where there are no modes, and of a file that is not there', () => {
    failures.set('chmod', ['EPERM']);
    writeFileSync(of('a'), '');
    expect(makePrivate(of('a'), 'win32')).toBeNull();
    expect(makePrivate(of('none'), 'linux')).toBeNull();
  });
});

test.each([
  ['win32', false],
  ['darwin', true],
  ['linux', true],
] as const)('on %s files have modes: %s', (platform, expected) => {
  expect(hasFileModes(platform)).toBe(expected);
});

test.each([
  ['win32', []],
  ['linux', []],
  ['darwin', ['fullfsync = ON', 'checkpoint_fullfsync = ON']],
] as const)('on %s SQLite is told %j', (platform, pragmas) => {
  expect(flushingPragmas(platform)).toEqual(pragmas);
});
