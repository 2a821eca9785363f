import { expect, test } from 'vitest';
import { ManualClock, SILENT_LOGGER } from '../domain/index.ts';
import { SymbolLocks } from './index.ts';
import { HOUR, MemoryStore, MONDAY } from './testing/breaker-scene.ts';

const NEWS = { symbol: 'A', until: MONDAY + HOUR, reason: 'news' };

function scene(state = new MemoryStore(), start = MONDAY) {
  const clock = new ManualClock(start);
  const warnings: unknown[] = [];
  const log = { ...SILENT_LOGGER, warn: ({ fault }: { fault?: unknown }) => warnings.push(fault) };
  return { state, clock, warnings, locks: new SymbolLocks({ state, clock, log }) };
}

test('a lock holds its symbol and no other, up to its end', () => {
  const { locks, clock } = scene();
  locks.lock(NEWS);
  expect(locks.refusal('A')).toBe('A is locked by the trader until 2024-01-01 01:00:00 UTC: news');
  expect(locks.refusal('B')).toBeNull();
  expect(locks.refusals(['A', 'B'])).toEqual([locks.refusal('A')]);
  clock.advanceTo(NEWS.until - 1);
  expect(locks.all).toEqual([NEWS]);
  clock.advanceTo(NEWS.until);
  expect(locks.refusal('A')).toBeNull();
  expect(locks.all).toEqual([]);
});

test('another lock of the symbol takes its place', () => {
  const { locks } = scene();
  const longer = { ...NEWS, until: MONDAY + 2 * HOUR, reason: 'more of it' };
  const other = { ...NEWS, symbol: 'B' };
  for (const lock of [NEWS, other, longer]) locks.lock(lock);
  expect(locks.all).toEqual([other, longer]);
});

test('a restart forgets none, and an unlock is not forgotten either', () => {
  const before = scene();
  before.locks.lock(NEWS);
  before.locks.lock({ ...NEWS, symbol: 'B' });
  expect(before.locks.unlock('B')).toBe(true);
  expect(before.locks.unlock('B')).toBe(false);
  expect(scene(before.state).locks.all).toEqual([NEWS]);
});

test('what cannot be read holds every symbol, and says so, until the trader has spoken', () => {
  const state = new MemoryStore();
  state.write('symbol-locks', [{ symbol: 'A' }]);
  const { locks, warnings } = scene(state);
  expect(warnings).toEqual(['the stored symbol-locks cannot be used: it is damaged']);
  expect(locks.refusal('B')).toContain('nothing is entered until you lock or unlock one');
  expect(locks.refusals(['A', 'B'])).toEqual([locks.refusal('A')]);
  expect(locks.all).toEqual([]);
  expect(locks.unlock('A')).toBe(true);
  expect(locks.refusal('B')).toBeNull();
});

test('what cannot be stored has not been locked', () => {
  const { locks, state } = scene();
  state.broken.write = true;
  expect(() => locks.lock(NEWS)).toThrow('database is locked');
  expect(locks.refusal('A')).toBeNull();
});
