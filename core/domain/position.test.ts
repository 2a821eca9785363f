import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  absolute,
  add,
  asBase,
  assetAmount,
  type BaseAmount,
  baseAmount,
  clientOrderId,
  type Fill,
  flatPosition,
  foldFill,
  isOpen,
  negate,
  notional,
  type Position,
  price,
  type QuoteAmount,
  quoteAmount,
  type RoundTrip,
  subtract,
  text,
  tradeId,
  unrealisedPnl,
  ZERO_BASE,
  ZERO_QUOTE,
} from './index.ts';

let trades = 0;
function fill(
  side: 'buy' | 'sell',
  amount: string,
  at: string,
  fee: { asset?: string; amount?: string; quoteValue?: string } = {},
): Fill {
  trades += 1;
  return {
    tradeId: tradeId(`t${trades}`),
    clientOrderId: clientOrderId('o'),
    symbol: 'BTC/USDT',
    side,
    purpose: side === 'buy' ? 'entry' : 'exit',
    price: price(at),
    amount: baseAmount(amount),
    fee: {
      asset: fee.asset ?? 'USDT',
      amount: assetAmount(fee.amount ?? fee.quoteValue ?? '0'),
      quoteValue: quoteAmount(fee.quoteValue ?? '0'),
    },
    liquidity: 'taker',
    time: 1_000 * trades,
  };
}

function fold(fills: readonly Fill[], lot?: BaseAmount): { position: Position; closed: RoundTrip[] } {
  let position = flatPosition('BTC/USDT');
  const closed: RoundTrip[] = [];
  for (const each of fills) {
    const result = foldFill(position, each, 'BTC', lot);
    position = result.position;
    if (result.closed) closed.push(result.closed);
  }
  return { position, closed };
}

const FLAT = { quantity: '0', cost: '0', realisedPnl: '0', fees: '0' };
const figures = ({ quantity, cost, realisedPnl, fees }: Position) => ({
  quantity: text(quantity),
  cost: text(cost),
  realisedPnl: text(realisedPnl),
  fees: text(fees),
});

describe('scenarios', () => {
  test.each([
    ['nothing', [], FLAT],
    [
      'a buy',
      [fill('buy', '2', '100', { quoteValue: '0.2' })],
      { quantity: '2', cost: '200', realisedPnl: '0', fees: '0.2' },
    ],
    ['a short', [fill('sell', '2', '100')], { quantity: '-2', cost: '-200', realisedPnl: '0', fees: '0' }],
    [
      'two buys',
      [fill('buy', '1', '100'), fill('buy', '1', '110')],
      { quantity: '2', cost: '210', realisedPnl: '0', fees: '0' },
    ],
    [
      'a partial sale',
      [fill('buy', '2', '100'), fill('sell', '0.5', '120')],
      { quantity: '1.5', cost: '150', realisedPnl: '10', fees: '0' },
    ],
    [
      'a partial cover',
      [fill('sell', '2', '100'), fill('buy', '0.5', '80')],
      { quantity: '-1.5', cost: '-150', realisedPnl: '10', fees: '0' },
    ],
    ['there and back', [fill('buy', '2', '100'), fill('sell', '2', '120')], FLAT],
    [
      'a flip to short',
      [fill('buy', '1', '100'), fill('sell', '3', '120', { quoteValue: '3' })],
      { quantity: '-2', cost: '-240', realisedPnl: '0', fees: '2' },
    ],
    [
      'a flip to long',
      [fill('sell', '1', '100'), fill('buy', '3', '120')],
      { quantity: '2', cost: '240', realisedPnl: '0', fees: '0' },
    ],
    [
      'a fee in coins',
      [fill('buy', '1', '100', { asset: 'BTC', amount: '0.001', quoteValue: '0.1' })],
      { quantity: '0.999', cost: '99.9', realisedPnl: '0', fees: '0.1' },
    ],
    [
      'a rebate',
      [fill('buy', '1', '100', { quoteValue: '-0.1' })],
      { quantity: '1', cost: '100', realisedPnl: '0', fees: '-0.1' },
    ],
    [
      'a fee in a third asset',
      [fill('buy', '1', '100', { asset: 'BNB', amount: '0.0002', quoteValue: '0.12' })],
      { quantity: '1', cost: '100', realisedPnl: '0', fees: '0.12' },
    ],
  ] as const)('%s', (_, fills, expected) => {
    expect(figures(fold(fills).position)).toEqual(expected);
  });

  test('a round trip has its average prices, sums and times', () => {
    const fills = [
      fill('buy', '1', '100', { quoteValue: '0.1' }),
      fill('buy', '1', '110', { quoteValue: '0.1' }),
      fill('sell', '0.5', '120', { quoteValue: '0.1' }),
      fill('sell', '1.5', '112', { quoteValue: '0.1' }),
    ];
    const [trip] = fold(fills).closed;
    expect(trip).toMatchObject({
      direction: 'long',
      exitPurpose: 'exit',
      symbol: 'BTC/USDT',
      id: fills[3]?.tradeId,
    });
    expect(
      trip &&
        [trip.quantity, trip.entryPrice, trip.exitPrice, trip.grossPnl, trip.fees, trip.netPnl].map(text),
    ).toEqual(['2', '105', '114', '18', '0.4', '17.6']);
    expect([trip?.openedAt, trip?.closedAt]).toEqual([fills[0]?.time, fills[3]?.time]);
  });

  test('a flip ends one round trip and begins the next at the same fill', () => {
    const fills = [
      fill('sell', '1', '100'),
      fill('buy', '3', '90', { quoteValue: '3' }),
      fill('sell', '2', '95'),
    ];
    const { position, closed } = fold(fills);
    expect(closed.map((trip) => [trip.direction, text(trip.netPnl), trip.openedAt])).toEqual([
      ['short', '9', fills[0]?.time],
      ['long', '8', fills[1]?.time],
    ]);
    expect(figures(position)).toEqual(FLAT);
    expect(position.openedAt).toBe(0);
  });

  test('thirds leave no remainder', () => {
    const { position, closed } = fold([
      fill('buy', '3', '100'),
      fill('sell', '1', '101'),
      fill('sell', '1', '101'),
      fill('sell', '1', '101'),
    ]);
    expect(figures(position)).toEqual(FLAT);
    expect(closed.map((trip) => text(trip.netPnl))).toEqual(['3']);
  });

  test('a fee that eats coins while selling ends the round trip with the whole gain counted', () => {
    // Cash: -100 + 0.999 * 200 = 99.8. The last 0.001 coin went as the fee.
    const { position, closed } = fold([
      fill('buy', '1', '100'),
      fill('sell', '0.999', '200', { asset: 'BTC', amount: '0.001', quoteValue: '0.2' }),
    ]);
    expect(figures(position)).toEqual(FLAT);
    expect(closed.map((trip) => text(trip.netPnl))).toEqual(['99.8']);
  });

  test('a fill whose fee is all of it changes nothing but the fees', () => {
    const { position, closed } = fold([
      fill('sell', '1', '100'),
      fill('buy', '0.5', '100', { asset: 'BTC', amount: '0.5', quoteValue: '50' }),
    ]);
    expect(figures(position)).toEqual({ quantity: '-1', cost: '-100', realisedPnl: '0', fees: '50' });
    expect(closed).toEqual([]);
  });
});

describe('a remainder below the lot', () => {
  const lot = baseAmount('0.01');
  const bought = fill('buy', '1', '100', { asset: 'BTC', amount: '0.001', quoteValue: '0.1' });

  test('ends the round trip and goes into the next one with its cost', () => {
    const first = fold([bought, fill('sell', '0.99', '110')], lot);
    expect(figures(first.position)).toEqual({ quantity: '0.009', cost: '0.9', realisedPnl: '0', fees: '0' });
    expect(first.position.openedAt).toBe(0);
    expect(isOpen(first.position, lot)).toBe(false);
    expect(isOpen(first.position)).toBe(true);
    expect(first.closed.map((trip) => [text(trip.grossPnl), text(trip.netPnl)])).toEqual([['9.9', '9.8']]);

    const again = fill('buy', '0.991', '120');
    const second = fold([bought, fill('sell', '0.99', '110'), again, fill('sell', '1', '120')], lot);
    expect(second.closed).toHaveLength(2);
    expect(second.closed[1]).toMatchObject({ openedAt: again.time });
    expect(second.closed[1] && [second.closed[1].quantity, second.closed[1].grossPnl].map(text)).toEqual([
      '1',
      '0.18',
    ]);
    expect(figures(second.position)).toEqual(FLAT);
  });

  test('a flat position is never open', () => {
    expect(isOpen(flatPosition('BTC/USDT'))).toBe(false);
  });
});

describe('accounting', () => {
  const amounts = fc.integer({ min: 1, max: 5_000 }).map((units) => baseAmount(units).div(1_000).toFixed());
  const prices = fc.integer({ min: 1, max: 2_000_000 }).map((units) => baseAmount(units).div(100).toFixed());
  const anyFill = fc
    .record({
      side: fc.constantFrom('buy' as const, 'sell' as const),
      amount: amounts,
      at: prices,
      fee: fc.integer({ min: -20, max: 500 }),
      asset: fc.constantFrom('USDT', 'BTC', 'BNB'),
    })
    .map(({ side, amount, at, fee, asset }) => {
      const coins = baseAmount(amount).times(fee).div(100_000);
      const worth = coins.times(at).toFixed();
      return fill(side, amount, at, {
        asset,
        quoteValue: worth,
        amount: asset === 'BTC' ? coins.toFixed() : worth,
      });
    });

  /** What left and entered the account: no averages, no round trips. */
  function account(fills: readonly Fill[]): { cash: QuoteAmount; coins: BaseAmount } {
    let cash = ZERO_QUOTE;
    let coins = ZERO_BASE;
    for (const each of fills) {
      const value = notional(each.price, each.amount);
      cash = each.side === 'buy' ? subtract(cash, value) : add(cash, value);
      coins = add(coins, each.side === 'buy' ? each.amount : negate(each.amount));
      if (each.fee.asset === 'BTC') coins = subtract(coins, asBase(each.fee.amount));
      else cash = subtract(cash, each.fee.quoteValue);
    }
    return { cash, coins };
  }

  test.each([undefined, baseAmount('0.01')])(
    "realised plus unrealised minus fees is the change of cash plus the coins' worth, exactly (lot %s)",
    (lot) => {
      fc.assert(
        fc.property(fc.array(anyFill, { maxLength: 25 }), prices, (fills, at) => {
          const { position, closed } = fold(fills, lot);
          const { cash, coins } = account(fills);
          const net = closed.reduce((total, trip) => add(total, trip.netPnl), ZERO_QUOTE);
          const open = subtract(add(position.realisedPnl, unrealisedPnl(position, price(at))), position.fees);
          expect(text(position.quantity)).toBe(text(coins));
          expect(text(add(net, open))).toBe(text(add(cash, notional(price(at), coins))));
        }),
      );
    },
  );

  test('the net P&L of a round trip is the difference of cash between two flat moments', () => {
    fc.assert(
      fc.property(fc.array(anyFill, { minLength: 1, maxLength: 15 }), prices, (some, at) => {
        const { position } = fold(some);
        const fills = position.quantity.isZero()
          ? some
          : [
              ...some,
              fill(position.quantity.isPositive() ? 'sell' : 'buy', text(absolute(position.quantity)), at),
            ];
        const { position: flat, closed } = fold(fills);
        expect(figures(flat)).toEqual(FLAT);
        expect(text(closed.reduce((total, trip) => add(total, trip.netPnl), ZERO_QUOTE))).toBe(
          text(account(fills).cash),
        );
        for (const trip of closed) expect(text(subtract(trip.grossPnl, trip.fees))).toBe(text(trip.netPnl));
      }),
    );
  });
});
