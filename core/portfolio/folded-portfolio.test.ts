import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { intentOf } from '../../tests/contracts/builders.ts';
import {
  type AccountEvent,
  baseAmount,
  readExact,
  simulatedInstrument,
  text,
  writeExact,
} from '../domain/index.ts';
import { MemoryOrderLedger } from '../storage/index.ts';
import { type FoldedPortfolio, fitsFolded, type Portfolio } from './index.ts';
import { accountEvent, external, fill, OPENING, portfolioOf } from './testing/account.ts';
import { anyHistory, isFill } from './testing/any-history.ts';

function ledgerOf(entries: readonly Parameters<typeof isFill>[0][]): MemoryOrderLedger {
  const ledger = new MemoryOrderLedger();
  ledger.appendIntent(intentOf('o'));
  ledger.appendAccountEvent(OPENING);
  for (const [place, entry] of entries.entries()) {
    if (isFill(entry)) ledger.appendFill(entry);
    else ledger.appendAccountEvent({ ...entry, id: `${place}` as AccountEvent['id'] });
  }
  return ledger;
}

/** What an account has come to, written down and read again. */
function kept(ledger: MemoryOrderLedger): FoldedPortfolio {
  const portfolio = portfolioOf({ fills: ledger.fills(), accountEvents: ledger.accountEvents() });
  return readExact(writeExact(portfolio.folded())) as FoldedPortfolio;
}

function goneOnFrom(folded: FoldedPortfolio, ledger: MemoryOrderLedger): Portfolio {
  return portfolioOf({
    fills: ledger.fills(folded.fills),
    accountEvents: ledger.accountEvents(folded.accountEvents),
    before: { folded, purposeOf: (symbol, trade) => ledger.purposeOf(symbol, trade, folded.fills) },
  });
}

const figures = (portfolio: Portfolio): string =>
  writeExact([
    ...[portfolio.equity(), portfolio.fees, portfolio.realisedPnl, portfolio.unrealisedPnl],
    ...[portfolio.turnover, portfolio.entryCost, portfolio.positions()],
    [...portfolio.assets()].sort(([a], [b]) => Number(a > b) - Number(a < b)),
  ]);

describe('an account that is gone on from', () => {
  test('is the same as one that was counted from the beginning, wherever it was left', () => {
    fc.assert(
      fc.property(anyHistory, fc.nat(25), (entries, cut) => {
        const whole = ledgerOf(entries);
        const again = goneOnFrom(kept(ledgerOf(entries.slice(0, cut))), whole);
        expect(writeExact(again.folded())).toBe(writeExact(kept(whole)));
        expect(figures(again)).toBe(figures(goneOnFrom(kept(whole), whole)));
        const counted = portfolioOf({ fills: whole.fills(), accountEvents: whole.accountEvents() });
        expect(figures(again)).toBe(figures(counted));
      }),
    );
  });

  test('a fee that waited for its fill still does, and one told after its fill finds it', () => {
    const bought = { ...fill('buy', '10', '100'), fee: null };
    const of = { symbol: bought.symbol, trade: bought.tradeId };
    const fee = accountEvent('fee', '-1', of);
    const fees = (entries: Parameters<typeof ledgerOf>[0], cut: number): string =>
      text(goneOnFrom(kept(ledgerOf(entries.slice(0, cut))), ledgerOf(entries)).fees);
    expect([fees([fee, bought], 0), fees([fee, bought], 1), fees([bought, fee], 1)]).toEqual(['1', '1', '1']);
    expect(fees([fee], 1)).toBe('0');
    // Of somebody else's trade, on spot, it is not ours.
    expect(fees([external(bought), fee], 1)).toBe('0');
  });

  test('has the newest thousand of its round trips at hand, and the sums of all', () => {
    const trips = Array.from({ length: 1_002 }, (_, at) => [
      fill('buy', '1', '100', { time: at }),
      fill('sell', '1', '101', { time: at }),
    ]).flat();
    const ledger = ledgerOf(trips);
    const { roundTrips, tally, cash } = goneOnFrom(kept(ledger), ledger);
    expect([roundTrips.length, roundTrips[0]?.openedAt, tally.trades]).toEqual([1_000, 2, 1_002]);
    expect(text(cash)).toBe('11002');
  });

  test('is of one currency and of markets with the same rules', () => {
    const folded = kept(ledgerOf([fill('buy', '1', '100'), fill('buy', '1', '9', { symbol: 'ETH/USDT' })]));
    const usual = simulatedInstrument('BTC/USDT', 100);
    const fits = (quote: string, btc: Partial<typeof usual> | null): boolean =>
      fitsFolded(folded, {
        quote,
        instruments: (symbol) =>
          symbol === 'BTC/USDT'
            ? btc === null
              ? undefined
              : { ...usual, ...btc }
            : simulatedInstrument(symbol, 100),
      });
    expect(fits('USDT', {})).toBe(true);
    expect(fits('USDC', {})).toBe(false);
    expect(fits('USDT', { lotSize: baseAmount('0.5') })).toBe(false);
    expect(fits('USDT', { kind: 'perpetual' })).toBe(false);
    expect(fits('USDT', { base: 'XBT' })).toBe(false);
    // A market that is no longer listed is counted to the last crumb.
    expect(fits('USDT', null)).toBe(false);
  });
});
