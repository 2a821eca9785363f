import type * as Fs from 'node:fs';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { PLATFORM } from '../platform/index.ts';
import { removeDurably, writeDurably, writeDurablyMeanwhile } from './latch-file.ts';

/** What the file system was asked for, in order. A power cut cannot be had in a test; its remedy can be seen. */
const asked = vi.hoisted((): string[] => []);
/** What the next calls of a name fail with. */
const failures = vi.hoisted(() => new Map<string, string[]>());
vi.mock('node:fs', async (importOriginal) => {
  const fs = await importOriginal<typeof Fs>();
  const watched = <Args extends unknown[], T>(name: string, call: (...args: Args) => T) => {
    return (...args: Args): T => {
      asked.push(name);
      const code = failures.get(name)?.shift();
      if (code !== undefined) throw Object.assign(new Error(`${code}: ${name}`), { code });
      return call(...args);
    };
  };
  return {
    ...fs,
    writeFileSync: watched('write', fs.writeFileSync),
    fsyncSync: watched('flush', fs.fsyncSync),
    renameSync: watched('rename', fs.renameSync),
    rmSync: watched('remove', fs.rmSync),
  };
});

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tradebot-latch-'));
  asked.length = 0;
  failures.clear();
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** Windows cannot flush a directory. */
const folder = PLATFORM === 'win32' ? [] : ['flush'];

test('a latch is flushed before it takes its name, and its folder after', () => {
  writeDurably(join(directory, 'latch'), 'engaged');
  expect(asked).toEqual(['write', 'flush', 'rename', ...folder]);
});

test('a latch that is removed stays removed over a power cut', () => {
  removeDurably(join(directory, 'latch'));
  expect(asked).toEqual(['remove', ...folder]);
});

const written = () => readFileSync(join(directory, 'latch'), 'utf8');

test('a latch whose name somebody holds for a moment waits for it', () => {
  failures.set('rename', ['EPERM', 'EBUSY', 'EACCES']);
  writeDurably(join(directory, 'latch'), 'engaged');
  expect(asked).toEqual(['write', 'flush', 'rename', 'rename', 'rename', 'rename', ...folder]);
  expect([written(), readdirSync(directory)]).toEqual(['engaged', ['latch']]);
});

test('a latch whose name somebody holds for good is written where it belongs, and flushed', () => {
  writeDurably(join(directory, 'latch'), 'an older one');
  asked.length = 0;
  failures.set('rename', Array<string>(5).fill('EPERM'));
  writeDurably(join(directory, 'latch'), 'engaged');
  const tries = Array<string>(5).fill('rename');
  expect(asked).toEqual(['write', 'flush', ...tries, 'write', 'flush', 'remove', ...folder]);
  expect([written(), readdirSync(directory)]).toEqual(['engaged', ['latch']]);
});

test('what is written meanwhile waits for its name as well, and takes the file itself in the end', async () => {
  failures.set('rename', ['EBUSY']);
  await writeDurablyMeanwhile(join(directory, 'latch'), 'engaged');
  expect([written(), readdirSync(directory)]).toEqual(['engaged', ['latch']]);
  failures.set('rename', Array<string>(5).fill('EPERM'));
  await writeDurablyMeanwhile(join(directory, 'latch'), 'again');
  expect([written(), readdirSync(directory)]).toEqual(['again', ['latch']]);
  failures.set('rename', ['ENOSPC']);
  await expect(writeDurablyMeanwhile(join(directory, 'latch'), 'lost')).rejects.toThrow('ENOSPC');
  expect(written()).toBe('again');
});

test('a latch that cannot have its name for another reason is said not to be written at once', () => {
  failures.set('rename', ['ENOSPC']);
  expect(() => writeDurably(join(directory, 'latch'), 'engaged')).toThrow('ENOSPC');
  expect(asked).toEqual(['write', 'flush', 'rename']);
});

test.skipIf(PLATFORM === 'win32')('a folder that cannot be flushed makes no latch unwritten', () => {
  writeDurably(join(directory, 'before'), '');
  failures.set('flush', ['EINVAL']);
  expect(() => removeDurably(join(directory, 'before'))).not.toThrow();
  expect(readdirSync(directory)).toEqual([]);
});
