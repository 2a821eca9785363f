import { describe, expect, test } from 'vitest';
import { fillOf, intentOf } from '../../../tests/contracts/builders.ts';
import { clientOrderId, type OrderLedger, SILENT_LOGGER } from '../../domain/index.ts';
import { MemoryOrderLedger } from '../../storage/index.ts';
import { LedgerJournal, type LedgerWrite } from './ledger-journal.ts';

/** A ledger that can be broken and mended, and what was told of it. */
function build() {
  const state = { broken: false, tries: 0 };
  const memory = new MemoryOrderLedger();
  const ledger = new Proxy<OrderLedger>(memory, {
    get: (target, name) => {
      if (state.broken) {
        return () => {
          state.tries += 1;
          throw new Error('database is locked');
        };
      }
      const member: unknown = Reflect.get(target, name);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
  const faults: (string | null)[] = [];
  const journal = new LedgerJournal({ ledger, log: SILENT_LOGGER, onFault: (fault) => faults.push(fault) });
  return { journal, memory, faults, state };
}

function intent(id: string): LedgerWrite {
  return {
    run: (ledger) => ledger.appendIntent(intentOf(id)),
    isDone: (ledger) => ledger.order(clientOrderId(id)) !== undefined,
  };
}

function fill(trade: string, order: string): LedgerWrite {
  return { run: (ledger) => ledger.appendFill(fillOf(trade, order)), isDone: () => false };
}

const ids = (memory: MemoryOrderLedger) => memory.unfinishedOrders().map((order) => order.clientOrderId);

describe('the journal of the ledger', () => {
  test('writes at once while the ledger can be written', () => {
    const { journal, memory, faults } = build();
    expect(journal.write(intent('a'))).toBe(true);
    expect(journal.write(intent('b'))).toBe(true);
    expect(ids(memory)).toEqual(['a', 'b']);
    expect(faults).toEqual([]);
    expect(journal.fault).toBeNull();
  });

  test('keeps what cannot be written, in order, and writes it once it can', () => {
    const { journal, memory, faults, state } = build();
    state.broken = true;
    expect(journal.write(intent('a'))).toBe(false);
    expect(journal.write(fill('t', 'a'))).toBe(false);
    expect(journal.behind).toBe(2);
    expect(journal.retry()).toBe(false);
    expect(faults).toHaveLength(1);
    expect(journal.fault).toContain('database is locked');

    state.broken = false;
    expect(journal.write(intent('b'))).toBe(false);
    expect(journal.behind).toBe(3);
    expect(journal.retry()).toBe(true);
    expect([...memory.fills()].map(({ tradeId }) => tradeId)).toEqual(['t']);
    expect(ids(memory)).toEqual(['a', 'b']);
    expect(journal.behind).toBe(0);
    expect(journal.fault).toBeNull();
    expect(faults).toHaveLength(2);
    expect(faults.at(-1)).toBeNull();
  });

  test('a ledger that fails is tried by nobody’s write, but only when it is told to', () => {
    const { journal, state } = build();
    state.broken = true;
    journal.write(fill('t', 'a'));
    expect(state.tries).toBe(1);
    for (const trade of ['u', 'v', 'w']) journal.write(fill(trade, 'a'));
    expect(state.tries).toBe(1);
    journal.retry();
    expect(state.tries).toBe(2);
  });

  test('a write that was kept although it failed is not made again, and holds up nothing', () => {
    const { journal, memory, faults } = build();
    const kept: LedgerWrite = {
      ...intent('a'),
      run: (ledger) => {
        ledger.appendIntent(intentOf('a'));
        throw new Error('disk I/O error');
      },
    };
    expect(journal.write(kept)).toBe(false);
    expect(journal.retry()).toBe(true);
    expect(ids(memory)).toEqual(['a']);
    expect(faults.at(-1)).toBeNull();
  });
});
