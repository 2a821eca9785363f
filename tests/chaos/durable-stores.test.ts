import { describe, expect, test } from 'vitest';
import { LedgerError } from '../../core/domain/index.ts';
import { MemoryDecisionStore, MemoryOrderLedger, MemoryStateStore } from '../../core/storage/index.ts';
import { MemoryEquityStore } from '../contracts/memory-equity-store.ts';
import { type StoresOfALife, storesOf } from './durable-stores.ts';
import { Life, ProcessKilled } from './life.ts';
import { orderOf } from './testing/quiet.ts';

function disk(options: Partial<StoresOfALife> = {}) {
  const stores = {
    ledger: new MemoryOrderLedger(),
    decisions: new MemoryDecisionStore(),
    state: new MemoryStateStore(),
    equity: new MemoryEquityStore(),
  };
  const life = new Life();
  const died: number[] = [];
  const seen = storesOf(stores, {
    life,
    crash: null,
    onCrash: () => died.push(1),
    mayCrash: () => true,
    locked: () => false,
    ...options,
  });
  return { stores, seen, life, died };
}

describe('the stores of a process', () => {
  test.each([
    ['before', undefined],
    ['after', 'two'],
  ] as const)('it dies %s the write that was planned, and nothing follows', (when, left) => {
    const { stores, seen, life, died } = disk({ crash: { write: 2, when, downMs: 0 } });
    seen.state.write('a', 'one');
    expect(() => seen.state.write('b', 'two')).toThrow(ProcessKilled);
    expect(life.ended).toBe(true);
    expect(died).toHaveLength(1);
    expect(stores.state.read('b')).toBe(left);
    expect(() => seen.ledger.appendIntent(orderOf('x'))).toThrow(ProcessKilled);
    expect(() => seen.ledger.unfinishedOrders()).toThrow(ProcessKilled);
    expect(stores.ledger.unfinishedOrders()).toEqual([]);
  });

  test('reading is no write', () => {
    const { seen, life } = disk({ crash: { write: 1, when: 'before', downMs: 0 } });
    expect(seen.state.read('a')).toBeUndefined();
    expect(seen.ledger.unfinishedOrders()).toEqual([]);
    expect(life.ended).toBe(false);
  });

  test('a crash that is over with the faults does not come', () => {
    const { seen } = disk({ crash: { write: 1, when: 'before', downMs: 0 }, mayCrash: () => false });
    seen.state.write('a', 1);
    expect(seen.state.read('a')).toBe(1);
  });

  test('a locked ledger can be read and not written, and the other stores can', () => {
    const { seen } = disk({ locked: () => true });
    expect(() => seen.ledger.appendIntent(orderOf('x'))).toThrow(LedgerError);
    expect(seen.ledger.unfinishedOrders()).toEqual([]);
    seen.state.write('a', 1);
    expect(seen.state.read('a')).toBe(1);
  });
});
