import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { add, type Fill, float, negate, sum, text, ZERO_QUOTE } from '../domain/index.ts';
import { type Disposal, GAINS_METHODS, type GainsMethod, gainsOf } from './gains.ts';
import { gainsByYear } from './gains-by-year.ts';
import { accountEvent, DAY, fill, MONDAY } from './testing/account.ts';

const PERPETUAL = 'BTC/USDT:USDT';
const assetOf = (symbol: string) => (symbol === PERPETUAL ? null : 'BTC');

function gains(
  fills: readonly Fill[],
  method: GainsMethod = 'fifo',
  events = [] as Parameters<typeof accountEvent>[],
) {
  return gainsOf({ fills, events: events.map((event) => accountEvent(...event)), method, assetOf });
}

/** `amount: proceeds - cost`, and since when. */
const line = ({ amount, proceeds, cost, acquiredAt }: Disposal) =>
  `${text(amount)}: ${text(proceeds)} - ${cost === null ? '?' : text(cost)} since ${acquiredAt === null ? '?' : (acquiredAt - MONDAY) / DAY}`;

const lines = (fills: readonly Fill[], method: GainsMethod = 'fifo') =>
  gains(fills, method).disposals.map(line);

/** 1 at 100 on day 0, 1 at 200 on day 1, 1.5 sold at 300 on day 2, the rest at 150 on day 3. */
const LADDER = [
  fill('buy', '1', '100'),
  fill('buy', '1', '200', { time: MONDAY + DAY }),
  fill('sell', '1.5', '300', { time: MONDAY + 2 * DAY }),
  fill('sell', '0.5', '150', { time: MONDAY + 3 * DAY }),
];

describe('what was sold', () => {
  it('had cost what was bought first, by FIFO', () => {
    expect(lines(LADDER)).toEqual([
      '1: 300 - 100 since 0',
      '0.5: 150 - 100 since 1',
      '0.5: 75 - 100 since 1',
    ]);
  });

  it('had cost the average of all that is held, by average cost', () => {
    expect(lines(LADDER, 'average')).toEqual(['1.5: 450 - 225 since 0', '0.5: 75 - 75 since 0']);
  });

  it('by average cost begins anew once nothing is held', () => {
    const more = [
      ...LADDER,
      fill('buy', '1', '500', { time: MONDAY + 4 * DAY }),
      fill('sell', '1', '510', { time: MONDAY + 5 * DAY }),
    ];
    expect(lines(more, 'average').at(-1)).toBe('1: 510 - 500 since 4');
  });

  it.each([
    { fee: 'in quote currency', buy: { fee: '2' }, sell: { fee: '3' }, expected: '1: 197 - 102 since 0' },
    {
      fee: 'in a third asset, by its worth',
      buy: { asset: 'BNB', coins: '0.01', fee: '2' },
      sell: { asset: 'BNB', coins: '0.01', fee: '3' },
      expected: '1: 197 - 102 since 0',
    },
    { fee: 'as a rebate', buy: { fee: '-2' }, sell: { fee: '-3' }, expected: '1: 203 - 98 since 0' },
  ])('has its fees in it: $fee', ({ buy, sell, expected }) => {
    expect(lines([fill('buy', '1', '100', buy), fill('sell', '1', '200', sell)])).toEqual([expected]);
  });

  it('is fewer coins where the purchase was charged in coins, and more where the sale was', () => {
    const coins = { asset: 'BTC', coins: '0.001', fee: '0.1' };
    expect(lines([fill('buy', '1', '100', coins), fill('sell', '0.998', '200', coins)])).toEqual([
      '0.999: 199.6 - 100 since 0',
    ]);
  });

  it('has a fee in it that was told later, once', () => {
    const [buy, sell] = [fill('buy', '1', '100'), fill('sell', '1', '200')];
    const late = { ...buy, fee: null };
    const event: Parameters<typeof accountEvent> = ['fee', -2, { symbol: 'BTC/USDT', trade: buy.tradeId }];
    const self = { ...sell, tradeId: buy.tradeId };
    expect(gains([late, self], 'fifo', [event]).disposals.map(line)).toEqual(['1: 200 - 102 since 0']);
  });

  it('but was never bought by a fill has no cost that is known', () => {
    expect(lines([fill('buy', '1', '100'), fill('sell', '1.5', '200')])).toEqual([
      '1: 200 - 100 since 0',
      '0.5: 100 - ? since ?',
    ]);
  });

  it('counts by when it was, though it was told later', () => {
    const [first, second, ...sales] = LADDER;
    if (first === undefined || second === undefined) throw new Error('the ladder has no rungs');
    expect(lines([second, ...sales, first])).toEqual(lines(LADDER));
  });

  it('is of its own symbol', () => {
    const [buy, sell] = [fill('buy', '1', '100', { symbol: 'ETH/USDT' }), fill('sell', '1', '200')];
    expect(lines([buy, sell])).toEqual(['1: 200 - ? since ?']);
  });
});

describe('a perpetual', () => {
  const at = { symbol: PERPETUAL };

  it('that was sold short gains when it is bought back for less', () => {
    const { disposals } = gains([fill('sell', '2', '100', { ...at, fee: '1' }), fill('buy', '1', '90', at)]);
    expect(disposals.map(line)).toEqual(['1: 99.5 - 90 since 0']);
    expect(disposals[0]?.direction).toBe('short');
  });

  it('that goes through flat ends one position and opens the other way', () => {
    const { disposals } = gains([
      fill('buy', '1', '100', at),
      fill('sell', '3', '120', at),
      fill('buy', '2', '110', at),
    ]);
    expect(disposals.map(({ direction }) => direction)).toEqual(['long', 'short']);
    expect(disposals.map(line)).toEqual(['1: 120 - 100 since 0', '2: 240 - 220 since 0']);
  });
});

describe('a year', () => {
  const yearOf = (time: number) => new Date(time).getUTCFullYear();

  it('adds up what ended in it, and what came in beside that', () => {
    const events: Parameters<typeof accountEvent>[] = [
      ['opening', 1_000],
      ['deposit', 500],
      ['funding', -3, { symbol: PERPETUAL }],
      ['funding', 1, { symbol: PERPETUAL }],
      ['interest', 2, { time: MONDAY + 366 * DAY }],
      // It belongs to no fill.
      ['fee', -4],
    ];
    const fills = [...LADDER, fill('sell', '1', '50', { time: MONDAY + 366 * DAY })];
    const years = gainsByYear(gains(fills, 'fifo', events), yearOf).map(({ other, ...year }) => ({
      ...Object.fromEntries(
        Object.entries(year).map(([name, value]) => [name, typeof value === 'number' ? value : float(value)]),
      ),
      other: [...other].map(([kind, amount]) => `${kind} ${text(amount)}`),
    }));
    expect(years).toEqual([
      {
        year: 2024,
        disposals: 3,
        proceeds: 525,
        cost: 300,
        gain: 225,
        proceedsOfUnknownCost: 0,
        other: ['funding -2', 'fee -4'],
      },
      {
        year: 2025,
        disposals: 0,
        proceeds: 0,
        cost: 0,
        gain: 0,
        proceedsOfUnknownCost: 50,
        other: ['interest 2'],
      },
    ]);
  });

  it('of an account that did nothing is none', () => {
    expect(gainsByYear(gains([]), yearOf)).toEqual([]);
  });
});

describe('a coin bought bit by bit', () => {
  it('is given away in the order in which it was bought, however many times that was', () => {
    const many = 20_000;
    const bought = Array.from({ length: many }, (_, at) =>
      fill('buy', '1', String(1 + (at % 7)), { time: at }),
    );
    const sold = [
      fill('sell', '2.5', '10', { time: many }),
      fill('sell', String(many), '10', { time: many + 1 }),
    ];
    const { disposals } = gains([...bought, ...sold]);
    expect(disposals.slice(0, 4).map(({ acquiredAt, amount }) => [acquiredAt, text(amount)])).toEqual([
      [0, '1'],
      [1, '1'],
      [2, '0.5'],
      [2, '0.5'],
    ]);
    // The last 2.5 were never bought.
    expect([disposals.length, disposals.at(-1)?.cost]).toEqual([many + 2, null]);
  });
});

describe('all gains together', () => {
  const trade = fc.record({
    side: fc.constantFrom('buy' as const, 'sell' as const),
    amount: fc.integer({ min: 1, max: 999 }),
    at: fc.integer({ min: 1, max: 500 }),
    fee: fc.integer({ min: -2, max: 9 }),
  });

  it.each(GAINS_METHODS)('are the money that moved, once nothing is held any more (%s)', (method) => {
    fc.assert(
      fc.property(fc.array(trade, { minLength: 1, maxLength: 30 }), (trades) => {
        const fills = trades.map(({ side, amount, at, fee }) =>
          fill(side, String(amount / 100), String(at), { symbol: PERPETUAL, fee: String(fee) }),
        );
        const held = sum(
          fill('buy', '0', '1').amount,
          fills.map(({ side, amount }) => (side === 'buy' ? amount : negate(amount))),
        );
        const flat = held.isZero()
          ? []
          : [fill(held.gt(0) ? 'sell' : 'buy', held.abs().toFixed(), '77', { symbol: PERPETUAL })];
        const all = [...fills, ...flat];
        const moved = sum(
          ZERO_QUOTE,
          all.map(({ side, amount, price, fee }) => {
            const value = price.times(amount).toNumber() * (side === 'buy' ? -1 : 1);
            return ZERO_QUOTE.plus(value).minus(fee?.quoteValue ?? 0) as typeof ZERO_QUOTE;
          }),
        );
        const made = gains(all, method).disposals.map(({ proceeds, cost }) =>
          add(proceeds, negate(cost ?? ZERO_QUOTE)),
        );
        expect(float(sum(ZERO_QUOTE, made))).toBeCloseTo(float(moved), 6);
      }),
    );
  });
});
