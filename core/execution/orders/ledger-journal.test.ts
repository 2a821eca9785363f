import { describe, expect, test } from 'vitest';
import { fillOf, intentOf } from '../../../tests/contracts/builders.ts';
import { type OrderLedger, SILENT_LOGGER } from '../../domain/index.ts';
import { MemoryOrderLedger } from '../../storage/index.ts';
import { LedgerJournal } from './ledger-journal.ts';

/** A ledger that can be broken and mended, and what was told of it. */
function build() {
  const state = { broken: false };
  const memory = new MemoryOrderLedger();
  const ledger = new Proxy<OrderLedger>(memory, {
    get: (target, name) => {
      if (state.broken) {
        return () => {
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

describe('the journal of the ledger', () => {
  test('writes at once while the ledger can be written', () => {
    const { journal, memory, faults } = build();
    expect(journal.write((ledger) => ledger.appendIntent(intentOf('a')))).toBe(true);
    expect(journal.writeNow((ledger) => ledger.appendIntent(intentOf('b')))).toBe(true);
    expect(memory.unfinishedOrders().map(({ clientOrderId }) => clientOrderId)).toEqual(['a', 'b']);
    expect(faults).toEqual([]);
    expect(journal.fault).toBeNull();
  });

  test('keeps what cannot be written, in order, and writes it once it can', () => {
    const { journal, memory, faults, state } = build();
    state.broken = true;
    expect(journal.write((ledger) => ledger.appendIntent(intentOf('a')))).toBe(false);
    expect(journal.write((ledger) => ledger.appendFill(fillOf('t', 'a')))).toBe(false);
    expect(journal.behind).toBe(2);
    expect(journal.retry()).toBe(false);
    expect(faults).toHaveLength(1);
    expect(journal.fault).toContain('database is locked');

    state.broken = false;
    expect(journal.write((ledger) => ledger.appendIntent(intentOf('b')))).toBe(true);
    expect([...memory.fills()].map(({ tradeId }) => tradeId)).toEqual(['t']);
    expect(memory.unfinishedOrders().map(({ clientOrderId }) => clientOrderId)).toEqual(['a', 'b']);
    expect(journal.behind).toBe(0);
    expect(journal.fault).toBeNull();
    expect(faults.at(-1)).toBeNull();
  });

  test('what must be written now or not at all is not kept, and comes after what is pending', () => {
    const { journal, memory, state } = build();
    state.broken = true;
    expect(journal.writeNow((ledger) => ledger.appendIntent(intentOf('a')))).toBe(false);
    expect(journal.behind).toBe(0);
    expect(journal.fault).not.toBeNull();
    // Nothing is pending, and nothing has shown yet that the ledger can be written again.
    expect(journal.retry()).toBe(true);
    expect(journal.fault).not.toBeNull();

    journal.write((ledger) => ledger.appendIntent(intentOf('b')));
    expect(journal.writeNow((ledger) => ledger.appendIntent(intentOf('c')))).toBe(false);
    state.broken = false;
    expect(journal.writeNow((ledger) => ledger.appendIntent(intentOf('d')))).toBe(true);
    expect(journal.fault).toBeNull();
    expect(memory.unfinishedOrders().map(({ clientOrderId }) => clientOrderId)).toEqual(['b', 'd']);
  });
});
