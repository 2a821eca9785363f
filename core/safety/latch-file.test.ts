import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ManualClock } from '../domain/index.ts';
import { PLATFORM } from '../platform/index.ts';
import { KillSwitch, LATCH_FILE } from './kill-switch.ts';
import { read, sizeOf, writeDurably } from './latch-file.ts';

let directory: string;
let latch: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tradebot-latch-'));
  latch = join(directory, LATCH_FILE);
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

const hasPipes = PLATFORM !== 'win32';

describe('reading the latch file', () => {
  test('gives what was written', () => {
    writeDurably(latch, 'text');
    expect(read(latch)).toBe('text');
  });

  test.runIf(hasPipes)('of a pipe does not wait for somebody to write to it: the switch is engaged', () => {
    execFileSync('mkfifo', [latch]);
    expect(() => read(latch)).toThrow('is no regular file');
    const state = new KillSwitch({ directory, clock: new ManualClock(1) }).state();
    expect(state).toMatchObject({ at: null, by: 'unknown' });
  });

  test.runIf(hasPipes)('of a device does not read on and on', () => {
    symlinkSync('/dev/zero', latch);
    expect(() => read(latch)).toThrow('is no regular file');
  });

  test('of a folder fails', () => {
    mkdirSync(latch);
    expect(() => read(latch)).toThrow();
  });

  test('of more than a latch can be fails', () => {
    writeFileSync(latch, 'x'.repeat(100_000));
    expect(() => read(latch)).toThrow('is too large');
  });

  test('is preceded by its size: 0 where there is none, or nobody can look', () => {
    expect([sizeOf(latch), sizeOf(`${latch}\0`)]).toEqual([0, 0]);
    writeDurably(latch, 'text');
    expect(sizeOf(latch)).toBe(4);
  });
});
