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
  type Fee,
  type Fill,
  flatPosition,
  foldFee,
  foldFill,
  isOpen,
  negate,
  notional,
  type Position,
  price,
  type QuoteAmount,
  quoteAmount,
  type RoundTrip,
  releaseCoins,
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
    venueOrderId: null,
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

test('a fee of more digits than a share is rounded to counts to the last one', () => {
  const fee = '0.000000000000000000000123456789';
  const { closed } = fold([fill('buy', '1', '100'), fill('sell', '1', '100', { quoteValue: fee })]);
  expect(closed.map((trip) => text(trip.fees))).toEqual([fee]);
});

describe('a fill of a derivative', () => {
  test('keeps its whole amount: a fee in the base currency is not taken from the position', () => {
    const coins = fill('buy', '1', '100', { asset: 'BTC', amount: '0.001', quoteValue: '0.1' });
    const { position } = foldFill(flatPosition('BTC/USDT:USDT'), coins, null);
    expect(figures(position)).toEqual({ quantity: '1', cost: '100', realisedPnl: '0', fees: '0.1' });
  });
});

describe('a fee that was told after its fill', () => {
  const fee = (asset: string, amount: string, quoteValue: string): Fee => ({
    asset,
    amount: assetAmount(amount),
    quoteValue: quoteAmount(quoteValue),
  });
  const untold = (side: 'buy' | 'sell', amount: string, at: string): Fill => ({
    ...fill(side, amount, at),
    fee: null,
  });
  const late = (position: Position, told: Fee, base: string | null = 'BTC') => {
    const result = foldFee(position, told, base);
    const { rest } = result;
    return { ...result, rest: rest && [rest.asset, text(rest.amount), text(rest.quoteValue)] };
  };

  test('is none until it is told', () => {
    const { position } = fold([untold('buy', '1', '100')]);
    expect(figures(position)).toEqual({ quantity: '1', cost: '100', realisedPnl: '0', fees: '0' });
  });

  test('counts in the round trip that is still open, and ends up in its record', () => {
    const { position } = fold([untold('buy', '1', '100')]);
    const { position: charged, rest } = late(position, fee('USDT', '0.1', '0.1'));
    expect([figures(charged).fees, rest]).toEqual(['0.1', null]);
    const { closed } = foldFill(charged, untold('sell', '1', '110'), 'BTC');
    expect(closed && text(closed.netPnl)).toBe('9.9');
  });

  test.each(['USDT', 'BNB', 'BTC'])(
    'in %s is no part of a position whose round trips have ended',
    (asset) => {
      const { position } = fold([untold('buy', '1', '100'), untold('sell', '1', '110')]);
      const told = late(position, fee(asset, '0.1', '0.1'));
      expect(told).toEqual({ position, rest: [asset, '0.1', '0.1'] });
    },
  );

  test('given back in coins after the round trip has ended is nothing to hold either', () => {
    const { position } = fold([untold('buy', '1', '100'), untold('sell', '1', '110')]);
    expect(late(position, fee('BTC', '-0.001', '-0.1')).rest).toEqual(['BTC', '-0.001', '-0.1']);
  });

  test('in coins leaves fewer of them and the same average price', () => {
    const { position } = fold([untold('buy', '1', '100'), untold('buy', '1', '200')]);
    const { position: charged, rest } = late(position, fee('BTC', '0.002', '0.4'));
    expect(rest).toBeNull();
    // Cost 300 * 1.998 / 2; sold at 200 what had cost 150 on average.
    expect(figures(charged)).toEqual({ quantity: '1.998', cost: '299.7', realisedPnl: '0.1', fees: '0.4' });
    expect([charged.entered.amount, charged.entered.notional].map(text)).toEqual(['1.998', '299.7']);
  });

  test('given back in coins leaves more of them', () => {
    const { position } = fold([untold('buy', '1', '100')]);
    const { position: charged, rest } = late(position, fee('BTC', '-0.001', '-0.1'));
    expect(rest).toBeNull();
    expect(figures(charged)).toEqual({ quantity: '1.001', cost: '100.1', realisedPnl: '0', fees: '-0.1' });
    expect([charged.entered.amount, charged.entered.notional].map(text)).toEqual(['1.001', '100.1']);
  });

  test('in coins goes with what is held between two round trips', () => {
    const lot = baseAmount('0.01');
    const { position } = fold([untold('buy', '1', '100'), untold('sell', '0.995', '100')], lot);
    expect(position.openedAt).toBe(0);
    const { position: charged, rest } = late(position, fee('BTC', '0.001', '0.1'));
    expect(rest).toBeNull();
    expect(figures(charged)).toEqual({ quantity: '0.004', cost: '0.4', realisedPnl: '0', fees: '0.1' });
  });

  test('of more coins than are held takes them all, and names the rest', () => {
    const { position } = fold([untold('buy', '1', '100'), untold('sell', '0.9', '110')]);
    const { position: charged, rest } = late(position, fee('BTC', '0.4', '40'));
    expect(figures(charged)).toEqual({ quantity: '0', cost: '0', realisedPnl: '9', fees: '10' });
    expect(rest).toEqual(['BTC', '0.3', '30']);
  });

  test('of a short grows it, and is given back by shrinking it', () => {
    const { position } = fold([untold('sell', '1', '100')]);
    const { position: grown } = late(position, fee('BTC', '0.01', '1'));
    expect(figures(grown)).toEqual({ quantity: '-1.01', cost: '-101', realisedPnl: '0', fees: '1' });
    const { position: shrunk, rest } = late(position, fee('BTC', '-0.01', '-1'));
    expect(figures(shrunk)).toEqual({ quantity: '-0.99', cost: '-99', realisedPnl: '0', fees: '-1' });
    expect(rest).toBeNull();
  });

  test('in the base currency of a derivative leaves its amount alone', () => {
    const { position } = fold([untold('buy', '1', '100')]);
    expect(figures(late(position, fee('BTC', '0.001', '0.1'), null).position)).toEqual({
      quantity: '1',
      cost: '100',
      realisedPnl: '0',
      fees: '0.1',
    });
  });

  test('leaves the position that it would have left if told with its fill, to the last digit', () => {
    const units = fc.integer({ min: 1, max: 1_000_000 });
    fc.assert(
      fc.property(units, units, fc.integer({ min: -99, max: 99 }), (amount, at, tenths) => {
        const coins = baseAmount(amount).times(tenths).div(100_000);
        const size = baseAmount(amount).div(1_000).toFixed();
        const cost = price(at).div(10_000).toFixed();
        const told = fee('BTC', coins.toFixed(), coins.times(cost).toFixed());
        const bare = untold('buy', size, cost);
        const prompt = foldFill(flatPosition('BTC/USDT'), { ...bare, fee: told }, 'BTC').position;
        const after = foldFee(foldFill(flatPosition('BTC/USDT'), bare, 'BTC').position, told, 'BTC');
        expect(after.rest).toBeNull();
        expect(JSON.stringify(after.position)).toBe(JSON.stringify(prompt));
      }),
    );
  });
});

describe('coins that leave a position by another way than a fill', () => {
  test('go at average cost, and their worth is realised', () => {
    const { position } = fold([fill('buy', '3', '100')]);
    const { position: left, worth, missing } = releaseCoins(position, baseAmount('1'), quoteAmount('120'));
    expect(figures(left)).toEqual({ quantity: '2', cost: '200', realisedPnl: '20', fees: '0' });
    expect([worth, missing].map(text)).toEqual(['120', '0']);
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
      if (each.fee === null) continue;
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

  test('a fee told late keeps the sum exact, whatever it was taken in and whenever', () => {
    const step = fc.oneof(
      anyFill.map((each): Fill => ({ ...each, fee: null })),
      anyFill.map(
        ({ fee: told }): Fee => told ?? { asset: 'BTC', amount: assetAmount(0), quoteValue: ZERO_QUOTE },
      ),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), prices, (steps, at) => {
        let position = flatPosition('BTC/USDT');
        let net = ZERO_QUOTE;
        let { cash, coins } = account(steps.filter((each): each is Fill => 'tradeId' in each));
        for (const each of steps) {
          if ('tradeId' in each) {
            const folded = foldFill(position, each, 'BTC');
            position = folded.position;
            if (folded.closed) net = add(net, folded.closed.netPnl);
            continue;
          }
          const folded = foldFee(position, each, 'BTC');
          position = folded.position;
          const borne = folded.rest ?? { amount: assetAmount(0), quoteValue: ZERO_QUOTE };
          if (each.asset === 'BTC') coins = subtract(coins, asBase(subtract(each.amount, borne.amount)));
          else cash = subtract(cash, subtract(each.quoteValue, borne.quoteValue));
        }
        const open = subtract(add(position.realisedPnl, unrealisedPnl(position, price(at))), position.fees);
        expect(text(position.quantity)).toBe(text(coins));
        expect(text(add(net, open))).toBe(text(add(cash, notional(price(at), coins))));
      }),
      { numRuns: 500 },
    );
  });

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
