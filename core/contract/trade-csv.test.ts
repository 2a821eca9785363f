import { expect, test } from 'vitest';
import { TRADE_CSV_HEAD, type TradeRecord, tradeCsvLine } from './index.ts';

const TRADE: TradeRecord = {
  id: 'ETH/USDT:USDT 7 buy',
  symbol: 'ETH/USDT:USDT',
  side: 'buy',
  orderType: 'limit',
  quantity: '0.100000000000000001',
  entryPrice: '2000',
  exitPrice: '1990.5',
  netPnl: '-1.35',
  fees: '0.4',
  returnPct: -0.675,
  won: false,
  openedAt: Date.UTC(2024, 0, 1),
  closedAt: Date.UTC(2024, 0, 2),
  exitReason: 'protection',
  strategy: 'trend',
  regime: null,
  decisionId: null,
  excursion: { adversePct: 1.5, favourablePct: 0, adverseR: 0.75, favourableR: 0 },
  tags: ['late', 'news'],
  note: 'too early',
  source: '',
};

test('a line has a field a column, exact amounts and the assets', () => {
  expect(TRADE_CSV_HEAD.split(',')).toHaveLength(26);
  expect(tradeCsvLine(TRADE)).toBe(
    '2024-01-01T00:00:00.000Z,2024-01-02T00:00:00.000Z,ETH/USDT:USDT,ETH,USDT,buy,limit,0.100000000000000001,2000,1990.5,-1.35,0.4,-0.675,false,protection,trend,,,ETH/USDT:USDT 7 buy,1.5,0,0.75,0,late; news,too early,',
  );
});

test.each([
  ['my, own', '"my, own"'],
  ['the "best"', '"the ""best"""'],
  ['=HYPERLINK(1)', "'=HYPERLINK(1)"],
  ['-1', '-1'],
])('a strategy called %s is written as %s', (strategy, field) => {
  expect(tradeCsvLine({ ...TRADE, strategy })).toContain(`,protection,${field},,,`);
});
