import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PLATFORM } from '../platform/index.ts';
import { isHeld, openDataDirectory } from './data-directory.ts';
import { StorageError, type StorageFault } from './storage-error.ts';
import { temporaryDatabases } from './testing/temporary-databases.ts';

const { folder } = temporaryDatabases();

function refusal(path: string): { fault: StorageFault; message: string } {
  try {
    openDataDirectory(path).close();
  } catch (error) {
    if (error instanceof StorageError) return error;
    throw error;
  }
  throw new Error('the directory was not refused');
}

describe('openDataDirectory', () => {
  test('makes the directory, parents and all, for its owner only', () => {
    const path = join(folder(), 'a', 'b');
    const directory = openDataDirectory(path);
    expect(directory.path).toBe(path);
    if (PLATFORM !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o700);
    directory.close();
  });

  test('is held by one engine at a time, also within one process', () => {
    const path = folder();
    const first = openDataDirectory(path);
    const { fault, message } = refusal(path);
    expect(fault).toBe('locked');
    expect(message).toMatch(
      new RegExp(`^${path} is in use by another engine \\(process ${process.pid} since 2`),
    );
    expect(message).not.toContain('\n');
    first.close();
    first.close();
    const second = openDataDirectory(path);
    first.close();
    expect(refusal(path).message).toContain(`process ${process.pid} since`);
    second.close();
  });

  test.each([
    ['guardian', 'the guardian, which closes what a program left open'],
    ['kill', '`tradebot kill`, which closes what a program left open'],
  ] as const)('says that it is the %s that closes there, and what to do', (as, by) => {
    const path = folder();
    const closing = openDataDirectory(path, as);
    const { message } = refusal(path);
    expect(message.startsWith(`${path} is in use by ${by} (process ${process.pid} since 2`)).toBe(true);
    expect(
      message.endsWith(
        '): wait until it has ended, and start again: trading is halted then, until you reset it',
      ),
    ).toBe(true);
    closing.close();
    openDataDirectory(path).close();
  });

  test('says so when the holder has not written its number yet', () => {
    const path = folder();
    const first = openDataDirectory(path);
    // As between taking the lock and writing the number.
    rmSync(join(path, 'engine.pid'));
    expect(refusal(path).message).toContain('(just started)');
    first.close();
  });

  test.each(['2', '17', 'what?'])('leaves a directory of layout %s as it is', (version) => {
    const path = folder();
    writeFileSync(join(path, 'layout-version'), version);
    const { fault, message } = refusal(path);
    expect(fault).toBe('newer-version');
    expect(message).toBe(
      `${path} was made by a newer version of the program: update it, or choose another --data-dir`,
    );
    expect(readdirSync(path)).toEqual(['layout-version']);
    expect(readFileSync(join(path, 'layout-version'), 'utf8')).toBe(version);
  });

  test('a version file that a power cut left empty is written again', () => {
    const path = folder();
    writeFileSync(join(path, 'layout-version'), '');
    openDataDirectory(path).close();
    expect(readFileSync(join(path, 'layout-version'), 'utf8')).toBe('1\n');
    openDataDirectory(path).close();
  });

  test('a file in the directory’s place is refused in one line', () => {
    const path = join(folder(), 'file');
    writeFileSync(path, '');
    expect(refusal(path)).toMatchObject({
      fault: 'read-only',
      message: `${path} cannot be made: choose another --data-dir`,
    });
  });

  test.each(['engine.lock', 'engine.pid'])('is refused when %s cannot be written, and not held', (name) => {
    const path = folder();
    mkdirSync(join(path, name));
    expect(refusal(path)).toMatchObject({
      fault: 'read-only',
      message: `${path} cannot be written: check its rights, or choose another --data-dir`,
    });
    expect(refusal(path).fault).toBe('read-only');
  });
});

describe('isHeld', () => {
  test('tells a directory that a process holds from one that nobody does, and disturbs neither', () => {
    const path = folder();
    expect(isHeld(path)).toBe(false);
    expect(readdirSync(path)).toEqual([]);
    const directory = openDataDirectory(path);
    expect(isHeld(path)).toBe(true);
    expect(refusal(path).fault).toBe('locked');
    directory.close();
    expect(isHeld(path)).toBe(false);
    openDataDirectory(path).close();
  });

  test('a lock that is none holds nothing', () => {
    const path = folder();
    writeFileSync(join(path, 'engine.lock'), 'this is no database, whatever its name says of it');
    expect(isHeld(path)).toBe(false);
  });
});
