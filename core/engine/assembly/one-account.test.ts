import { describe, expect, it } from 'vitest';
import { intentOf } from '../../../tests/contracts/builders.ts';
import { simulatedInstrument, TraderError } from '../../domain/index.ts';
import { MemoryOrderLedger } from '../../storage/index.ts';
import { requireOneAccount } from './one-account.ts';

const marketsOf = (...symbols: readonly string[]) => symbols.map((symbol) => simulatedInstrument(symbol, 1));

/** A ledger whose orders, oldest first, were of these symbols. */
function ledgerOf(...symbols: readonly string[]): MemoryOrderLedger {
  const ledger = new MemoryOrderLedger();
  for (const [index, symbol] of symbols.entries()) {
    ledger.appendIntent(intentOf(`o${index}`, { symbol, createdAt: 1_000 + index }));
  }
  return ledger;
}

describe('one account', () => {
  it.each([
    [['BTC/USDT', 'ETH/USDT:USDT'], []],
    [['BTC/USDT'], ['SOL/USDT']],
    [['ETH/BTC'], ['SOL/BTC']],
    [['BTC/USDT'], ['BTC/USD:BTC']],
    [['BTC/USDT'], ['of another version']],
  ])('trades %j after %j', (symbols, before) => {
    expect(() => requireOneAccount(marketsOf(...symbols), ledgerOf(...before))).not.toThrow();
  });

  it.each([
    [['BTC/USDT', 'ETH/BTC'], [], 'ETH/BTC is counted in BTC and BTC/USDT in USDT'],
    [['BTC/EUR'], ['ETH/USDT'], 'BTC/EUR is counted in EUR and ETH/USDT in USDT'],
    [['BTC/USD:BTC'], [], 'BTC/USD:BTC is an inverse contract'],
    [['USDT/USDT'], [], 'USDT/USDT would trade USDT for itself'],
  ])('V16 does not trade %j after %j', (symbols, before, words) => {
    const refuse = () => requireOneAccount(marketsOf(...symbols), ledgerOf(...before));
    expect(refuse).toThrow(TraderError);
    expect(refuse).toThrow(`settings.symbols: ${words}`);
  });
});
