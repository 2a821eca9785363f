import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { intentOf } from '../../tests/contracts/builders.ts';
import { type AccountEvent, type Fill, type LedgerAccountEvent, quoteAmount, text } from '../domain/index.ts';
import { MemoryOrderLedger } from '../storage/index.ts';
import { Portfolio } from './index.ts';
import { accountEvent, DAY, fill, MONDAY, OPENING, portfolioOf } from './testing/account.ts';
import { anyHistory, isFill } from './testing/any-history.ts';

/** Capital, cash, equity, fees, funding, adjustments. */
const money = (portfolio: Portfolio) =>
  [
    portfolio.capital,
    portfolio.cash,
    portfolio.equity(),
    portfolio.fees,
    portfolio.funding,
    portfolio.adjustments,
  ].map(text);

const untold = (given: Fill): Fill => ({ ...given, fee: null });

describe('transfers', () => {
  test('move capital, cash and equity alike', () => {
    const portfolio = portfolioOf();
    portfolio.applyAccountEvent(accountEvent('deposit', '2000.5'));
    expect(money(portfolio)).toEqual(['12000.5', '12000.5', '12000.5', '0', '0', '0']);
    portfolio.applyAccountEvent(accountEvent('withdrawal', '-5000.5'));
    expect(money(portfolio)).toEqual(['7000', '7000', '7000', '0', '0', '0']);
    expect(text(portfolio.paidIn)).toBe('12000.5');
  });

  test('are no profit of the day, no return, no drawdown and no peak', () => {
    const portfolio = portfolioOf();
    portfolio.mark('BTC/USDT', 100, MONDAY);
    portfolio.apply(fill('buy', '10', '100'));
    portfolio.mark('BTC/USDT', 90, MONDAY + 1);
    portfolio.applyAccountEvent(accountEvent('withdrawal', -4_950));
    portfolio.mark('BTC/USDT', 90, MONDAY + 2);
    expect([text(portfolio.equity()), text(portfolio.dailyPnl)]).toEqual(['4950', '-100']);
    expect(portfolio.curve.drawdown).toBeCloseTo(0.01, 12);
    portfolio.applyAccountEvent(accountEvent('deposit', 100_000));
    portfolio.mark('BTC/USDT', 90, MONDAY + DAY);
    expect(portfolio.curve.drawdown).toBeCloseTo(0.01, 12);
    expect(portfolio.curve.dailyReturns).toEqual([expect.closeTo(-0.01, 12)]);
    expect(portfolio.curve.peak).toBeCloseTo(104_950 / 0.99, 6);
  });

  test('of coins that are held take them out of the position at their worth', () => {
    const portfolio = portfolioOf();
    portfolio.apply(fill('buy', '10', '100'));
    portfolio.applyAccountEvent(accountEvent('withdrawal', -4, { asset: 'BTC', worth: -480 }));
    expect(text(portfolio.position('BTC/USDT').quantity)).toBe('6');
    expect(money(portfolio)).toEqual(['9520', '9000', '9600', '0', '0', '0']);
    expect(text(portfolio.realisedPnl)).toBe('80');
    expect(text(portfolio.assets().get('BTC') ?? quoteAmount(0))).toBe('6');
  });

  test('of more coins than are held take the rest out of the account alone', () => {
    const portfolio = portfolioOf();
    portfolio.apply(fill('buy', '1', '100'));
    portfolio.applyAccountEvent(accountEvent('withdrawal', -4, { asset: 'BTC', worth: -400 }));
    expect(text(portfolio.position('BTC/USDT').quantity)).toBe('0');
    expect(money(portfolio)).toEqual(['9600', '9600', '9600', '0', '0', '0']);
    expect(text(portfolio.assets().get('BTC') ?? quoteAmount(0))).toBe('-3');
  });

  test('of coins paid in are no position: the trader has not asked us to trade them', () => {
    const portfolio = portfolioOf();
    portfolio.apply(fill('buy', '1', '100'));
    portfolio.applyAccountEvent(accountEvent('deposit', 4, { asset: 'BTC', worth: 400 }));
    expect(text(portfolio.position('BTC/USDT').quantity)).toBe('1');
    expect(money(portfolio)).toEqual(['10400', '10300', '10400', '0', '0', '0']);
  });
});

describe('what the account earns and pays by itself', () => {
  test('funding and interest are profit or loss with a sum of their own', () => {
    const portfolio = portfolioOf();
    portfolio.applyAccountEvent(accountEvent('funding', '-3.25', { symbol: 'BTC/USDT:USDT' }));
    portfolio.applyAccountEvent(accountEvent('interest', '0.25', { asset: 'BNB', worth: '1' }));
    expect(money(portfolio)).toEqual(['10000', '9997.75', '9997.75', '0', '-2.25', '0']);
    expect(text(portfolio.dailyPnl)).toBe('-2.25');
  });

  test('conversions and what others changed are profit or loss too', () => {
    const portfolio = portfolioOf();
    portfolio.applyAccountEvent(accountEvent('conversion', '-0.5', { asset: 'DUST', worth: '-5' }));
    portfolio.applyAccountEvent(accountEvent('conversion', '0.01', { asset: 'BNB', worth: '4.9' }));
    portfolio.applyAccountEvent(accountEvent('external', '-1'));
    expect(money(portfolio)).toEqual(['10000', '9998.9', '9998.9', '0', '0', '-1.1']);
  });

  test('coins left over that are converted leave the position', () => {
    const portfolio = portfolioOf();
    portfolio.apply(fill('buy', '1', '100', { asset: 'BTC', coins: '0.0005', fee: '0.05' }));
    portfolio.apply(fill('sell', '0.999', '100'));
    expect([...portfolio.owned()].map(([symbol, held]) => [symbol, text(held)])).toEqual([
      ['BTC/USDT', '0.0005'],
    ]);
    portfolio.applyAccountEvent(accountEvent('conversion', '-0.0005', { asset: 'BTC', worth: '-0.05' }));
    portfolio.applyAccountEvent(accountEvent('conversion', '0.04'));
    expect(portfolio.owned().size).toBe(0);
    expect(money(portfolio)).toEqual(['10000', '9999.94', '9999.94', '0.05', '0', '-0.01']);
  });
});

describe('a fee that is told late', () => {
  const late = (amount: string, more: Parameters<typeof accountEvent>[2]) =>
    accountEvent('fee', `-${amount}`, { symbol: 'BTC/USDT', ...more });

  test('belongs to the round trip that is still open', () => {
    const portfolio = portfolioOf();
    portfolio.apply(untold(fill('buy', '10', '100')));
    expect(money(portfolio).slice(0, 4)).toEqual(['10000', '9000', '10000', '0']);
    portfolio.applyAccountEvent(late('1', { asset: 'BNB', worth: '-0.5' }));
    expect(money(portfolio).slice(0, 4)).toEqual(['10000', '8999.5', '9999.5', '0.5']);
    const trip = portfolio.apply(untold(fill('sell', '10', '110')));
    expect(trip && [trip.fees, trip.netPnl].map(text)).toEqual(['0.5', '99.5']);
  });

  test('in coins leaves fewer of them, and the cash as it is', () => {
    const portfolio = portfolioOf();
    portfolio.apply(untold(fill('buy', '10', '100')));
    portfolio.applyAccountEvent(late('0.01', { asset: 'BTC', worth: '-1' }));
    expect(text(portfolio.position('BTC/USDT').quantity)).toBe('9.99');
    expect(money(portfolio).slice(0, 4)).toEqual(['10000', '9000', '9999', '1']);
    expect(text(portfolio.assets().get('BTC') ?? quoteAmount(0))).toBe('9.99');
  });

  test.each([
    ['when the round trip has ended', 'BTC/USDT'],
    ['of a symbol that was never traded', 'ETH/USDT'],
  ])('belongs to the account alone %s', (_when, symbol) => {
    const portfolio = portfolioOf();
    portfolio.apply(untold(fill('buy', '10', '100')));
    const trip = portfolio.apply(untold(fill('sell', '10', '110')));
    portfolio.applyAccountEvent(late('1', { symbol }));
    portfolio.applyAccountEvent(late('0.01', { asset: 'BTC', worth: '-1', symbol }));
    expect(trip && text(trip.fees)).toBe('0');
    expect(portfolio.roundTrips).toEqual([trip]);
    expect(money(portfolio).slice(0, 4)).toEqual(['10000', '10098', '10098', '2']);
    expect(portfolio.owned().size).toBe(0);
    expect(text(portfolio.assets().get('BTC') ?? quoteAmount(0))).toBe('-0.01');
  });

  test('of no symbol at all belongs to the account', () => {
    const portfolio = portfolioOf();
    portfolio.applyAccountEvent(accountEvent('fee', -1));
    expect(money(portfolio).slice(0, 4)).toEqual(['10000', '9999', '9999', '1']);
  });

  test('in coins of a derivative is paid in cash', () => {
    const portfolio = portfolioOf();
    portfolio.apply({ ...untold(fill('buy', '10', '100', { symbol: 'BTC/USDT:USDT' })) });
    portfolio.applyAccountEvent(late('0.01', { asset: 'BTC', worth: '-1', symbol: 'BTC/USDT:USDT' }));
    expect(text(portfolio.position('BTC/USDT:USDT').quantity)).toBe('10');
    expect(money(portfolio).slice(0, 4)).toEqual(['10000', '8999', '9999', '1']);
  });
});

describe('whatever happened', () => {
  test('equity is capital plus realised plus unrealised less fees plus funding plus adjustments, exactly', () => {
    fc.assert(
      fc.property(anyHistory, (entries) => {
        const portfolio = portfolioOf();
        for (const entry of entries) {
          if (isFill(entry)) portfolio.apply(entry);
          else portfolio.applyAccountEvent(entry);
        }
        const { capital, realisedPnl, unrealisedPnl, fees, funding, adjustments } = portfolio;
        const parts = capital
          .plus(realisedPnl)
          .plus(unrealisedPnl)
          .minus(fees)
          .plus(funding)
          .plus(adjustments);
        expect(text(portfolio.equity())).toBe(parts.toFixed());
        expect(portfolio.equityFloat()).toBeCloseTo(portfolio.equity().toNumber(), 6);
      }),
    );
  });

  test('a restart finds the same books', () => {
    fc.assert(
      fc.property(anyHistory, (entries) => {
        const ledger = new MemoryOrderLedger();
        ledger.appendIntent(intentOf('o'));
        ledger.appendAccountEvent(OPENING);
        const portfolio = portfolioOf();
        for (const [place, entry] of entries.entries()) {
          if (isFill(entry)) {
            ledger.appendFill(entry);
            portfolio.apply(entry);
          } else {
            const event = { ...entry, id: `${place}` as AccountEvent['id'] };
            ledger.appendAccountEvent(event);
            portfolio.applyAccountEvent(event);
          }
        }
        const again = portfolioOf({ fills: ledger.fills(), accountEvents: ledger.accountEvents() });
        const books = (of: Portfolio) => ({
          money: money(of),
          realised: text(of.realisedPnl),
          assets: [...of.assets()].map(([asset, amount]) => [asset, text(amount)]).sort(),
          positions: JSON.stringify(
            ['BTC/USDT', 'ETH/USDT', 'BTC/USDT:USDT'].map((each) => of.position(each)),
          ),
          trips: JSON.stringify(of.roundTrips),
        });
        expect(books(again)).toEqual(books(portfolio));
      }),
    );
  });

  test('an event that does not say where it belongs comes before every fill', () => {
    const { id, ...rest } = accountEvent('fee', '-0.01', { asset: 'BTC', worth: '-1', symbol: 'BTC/USDT' });
    const told: LedgerAccountEvent = { id, ...rest, afterFills: 1 };
    const fills = [untold(fill('buy', '1', '100'))];
    const quantity = (accountEvents: readonly AccountEvent[]) =>
      text(portfolioOf({ fills, accountEvents }).position('BTC/USDT').quantity);
    expect([quantity([{ id, ...rest }]), quantity([told])]).toEqual(['1', '0.99']);
  });
});

describe('the stored curve', () => {
  const point = (day: number, equity: string, capital: string | null = null) => ({
    time: MONDAY + day * DAY,
    equity,
    capital,
  });

  test('tells a transfer between two points from a profit by their capital', () => {
    const { curve } = portfolioOf({
      accountEvents: [OPENING, accountEvent('deposit', 5_000, { time: MONDAY })],
      // The deposit of the first day was told on the second.
      equity: [
        point(0, '10000'),
        point(1, '10100', '10000'),
        point(2, '15100', '15000'),
        point(3, '14798', '15000'),
      ],
    });
    expect(curve.dailyReturns).toEqual([0, expect.closeTo(0.01, 12), expect.closeTo(0, 12)]);
    expect(curve.drawdown).toBeCloseTo(0.02, 12);
    expect(curve.maxDrawdown).toBeCloseTo(0.02, 12);
  });

  test('knows of a transfer after its last point', () => {
    const { curve } = portfolioOf({
      accountEvents: [OPENING, accountEvent('withdrawal', -5_000)],
      equity: [point(0, '10000', '10000'), point(1, '9000', '10000')],
    });
    expect(curve.drawdown).toBeCloseTo(0.1, 12);
    expect(curve.peak).toBeCloseTo(4_000 / 0.9, 9);
  });

  test('is written with what profit was measured from', () => {
    const portfolio = portfolioOf();
    portfolio.applyAccountEvent(accountEvent('deposit', '0.123456789'));
    expect(portfolio.equityRecord(MONDAY)).toMatchObject({
      time: MONDAY,
      equity: '10000.12345679',
      capital: '10000.123456789',
    });
  });

  test('of an account that nobody opened begins with nothing', () => {
    const portfolio = new Portfolio({
      quote: 'USDT',
      instruments: () => undefined,
      history: { fills: [], accountEvents: [], equity: [] },
    });
    expect([text(portfolio.capital), portfolio.curve.drawdown]).toEqual(['0', 0]);
    portfolio.applyAccountEvent(OPENING);
    expect([text(portfolio.equity()), portfolio.curve.peak]).toEqual(['10000', 10_000]);
  });
});
