import type * as Fs from 'node:fs';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { removeDurably, writeDurably } from './latch-file.ts';

/** What the file system was asked for, in order. A power cut cannot be had in a test; its remedy can be seen. */
const asked = vi.hoisted((): string[] => []);
vi.mock('node:fs', async (importOriginal) => {
  const fs = await importOriginal<typeof Fs>();
  const watched = <Args extends unknown[], T>(name: string, call: (...args: Args) => T) => {
    return (...args: Args): T => {
      asked.push(name);
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
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** Windows cannot flush a directory. */
const folder = process.platform === 'win32' ? [] : ['flush'];

test('a latch is flushed before it takes its name, and its folder after', () => {
  writeDurably(join(directory, 'latch'), 'engaged');
  expect(asked).toEqual(['write', 'flush', 'rename', ...folder]);
});

test('a latch that is removed stays removed over a power cut', () => {
  removeDurably(join(directory, 'latch'));
  expect(asked).toEqual(['remove', ...folder]);
});
