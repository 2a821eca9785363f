import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { TradeRecord } from '../../../core/contract/index.ts';
import { sumOf } from '../../format/index.ts';
import { ANY_TRADE, grouped, questionOf, sorted, totalsOf } from './trade-table.ts';

const HOUR = 3_600_000;
const trade = (id: string, changes: Partial<TradeRecord> = {}): TradeRecord => ({
  ...{
    id,
    symbol: 'BTC/USDT',
    side: 'buy',
    orderType: 'market',
    quantity: '1',
    entryPrice: '1',
    exitPrice: '2',
  },
  ...{ netPnl: '1', fees: '0.1', returnPct: 1, won: true, openedAt: 0, closedAt: HOUR, exitReason: 'exit' },
  ...{ strategy: null, regime: null, decisionId: null, excursion: null, note: '', tags: [], source: '' },
  ...changes,
});
const TRADES = [
  trade('a', { netPnl: '0.1', closedAt: 3 * HOUR }),
  trade('b', { netPnl: '0.2', fees: '0.2', symbol: 'ETH/USDT:USDT', exitReason: 'protection' }),
  trade('c', { netPnl: '-0.3', won: false, symbol: 'ETH/BTC', closedAt: 26 * HOUR }),
];

test.each([
  ['closed', false, 'cab'],
  ['closed', true, 'bac'],
  ['net', false, 'bac'],
  ['held', true, 'bac'],
  ['fees', false, 'bac'],
] as const)('sorted by %s, ascending %s, they stand %s', (sort, ascending, expected) => {
  expect(
    sorted(TRADES, sort, ascending)
      .map(({ id }) => id)
      .join(''),
  ).toBe(expected);
});

test('totals are exact, one a currency', () => {
  expect(totalsOf(TRADES)).toEqual([
    { quote: 'USDT', trades: 2, wins: 2, netPnl: '0.3', fees: '0.3' },
    { quote: 'BTC', trades: 1, wins: 0, netPnl: '-0.3', fees: '0.1' },
  ]);
});

test('groups stand in the order of their first, each with its totals', () => {
  const groups = grouped(TRADES, 'day');
  expect(groups.map(({ key, trades }) => [key, trades.length])).toEqual([
    ['1970-01-01', 2],
    ['1970-01-02', 1],
  ]);
  expect(groups[1]?.totals).toMatchObject([{ quote: 'BTC', netPnl: '-0.3' }]);
  expect(grouped(TRADES, 'none')).toHaveLength(1);
  expect(grouped([], 'none')).toEqual([]);
});

test('the last day that is searched for is within', () => {
  expect(questionOf(ANY_TRADE)).toEqual({});
  const search = {
    ...ANY_TRADE,
    symbol: 'BTC/USDT',
    outcome: 'won',
    from: '2024-01-01',
    to: '2024-01-01',
  } as const;
  expect(questionOf(search)).toEqual({
    symbol: 'BTC/USDT',
    outcome: 'won',
    from: Date.UTC(2024, 0, 1),
    to: Date.UTC(2024, 0, 2),
  });
});

test('a sum of decimals drifts by nothing', () => {
  const digits = fc.tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.constant(8));
  fc.assert(
    fc.property(fc.array(digits, { maxLength: 20 }), (amounts) => {
      const textOf = (units: bigint): string => {
        const text = String(units < 0n ? -units : units).padStart(9, '0');
        return `${units < 0n ? '-' : ''}${text.slice(0, -8)}.${text.slice(-8)}`;
      };
      const total = amounts.reduce((sum, [units]) => sum + units, 0n);
      expect(sumOf(amounts.map(([units]) => textOf(units)))).toBe(amounts.length === 0 ? '0' : textOf(total));
    }),
  );
  expect(sumOf(['1', '-0.5', '0.25'])).toBe('0.75');
});
