import { describe, expect, test } from 'vitest';
import { fillOf, intentOf } from '../../../tests/contracts/builders.ts';
import {
  type AccountEvent,
  type AccountEventKind,
  accountEventId,
  assetAmount,
  type Fill,
  quoteAmount,
} from '../../domain/index.ts';
import { MemoryOrderLedger } from '../../storage/index.ts';
import { TradeRecord } from './trade-record.ts';

const HOUR_MS = 3_600_000;

function event(id: string, kind: AccountEventKind, time: number): AccountEvent {
  const amounts = { amount: assetAmount(1), quoteValue: quoteAmount(1) };
  return {
    id: accountEventId(id),
    kind,
    asset: 'USDT',
    ...amounts,
    symbol: null,
    tradeId: null,
    time,
    note: '',
  };
}

function ledgerOf(...fills: readonly Fill[]): MemoryOrderLedger {
  const ledger = new MemoryOrderLedger();
  ledger.appendIntent(intentOf('a'));
  for (const fill of fills) ledger.appendFill(fill);
  return ledger;
}

describe('the record of trades', () => {
  test('C18 knows a trade by its symbol, the venue’s id and its side', () => {
    const record = new TradeRecord({
      ledger: ledgerOf(fillOf('1', 'a')),
      now: 5_000,
    });
    expect(record.has(fillOf('1', 'b'))).toBe(true);
    expect(record.has(fillOf('1', 'b', { symbol: 'ETH/USDT' }))).toBe(false);
    expect(record.has(fillOf('1', 'b', { side: 'sell' }))).toBe(false);
    record.passOver(fillOf('2', null));
    expect(record.has(fillOf('2', null))).toBe(true);
  });

  test('knows the newest fill of each symbol', () => {
    const ledger = ledgerOf(fillOf('1', 'a', { time: 3_000 }), fillOf('2', 'a', { time: 2_000 }));
    const record = new TradeRecord({ ledger, now: 5_000 });
    expect(record.lastFillAt('BTC/USDT')).toBe(3_000);
    expect(record.lastFillAt('ETH/USDT')).toBeUndefined();
  });

  test('a new account begins now, one with fills at the first, and one that was opened then', () => {
    const ledger = ledgerOf(fillOf('1', 'a', { time: 3_000 }), fillOf('2', 'a', { time: 2_000 }));
    expect(new TradeRecord({ ledger: new MemoryOrderLedger(), now: 5_000 }).since).toBe(5_000);
    expect(new TradeRecord({ ledger, now: 5_000 }).since).toBe(2_000);
    ledger.appendAccountEvent(event('o', 'opening', 1_000));
    expect(new TradeRecord({ ledger, now: 5_000 }).since).toBe(1_000);
  });

  test('money that moved before the account was opened is in what it opened with', () => {
    const record = new TradeRecord({ ledger: new MemoryOrderLedger(), now: 5_000 });
    expect(record.noteAccountEvent(event('d', 'deposit', 4_000))).toBe(false);
    expect(record.noteAccountEvent(event('o', 'opening', 3_000))).toBe(true);
    expect(record.noteAccountEvent(event('d', 'deposit', 4_000))).toBe(true);
    expect(record.noteAccountEvent(event('d', 'deposit', 4_000))).toBe(false);
    expect(record.noteAccountEvent(event('e', 'deposit', 2_000))).toBe(false);
  });

  test('the venue is asked for account events since the last, and since the opening at most', () => {
    const ledger = new MemoryOrderLedger();
    ledger.appendAccountEvent(event('o', 'opening', 10 * HOUR_MS));
    const record = new TradeRecord({ ledger, now: 50 * HOUR_MS });
    expect(record.accountEventsFrom(HOUR_MS)).toBe(10 * HOUR_MS);
    record.noteAccountEvent(event('d', 'deposit', 20 * HOUR_MS));
    record.noteAccountEvent(event('e', 'deposit', 15 * HOUR_MS));
    expect(record.accountEventsFrom(HOUR_MS)).toBe(19 * HOUR_MS);
  });
});
