import { expect, test } from 'vitest';
import { TradeWatch } from './trade-watch.ts';

const position = (symbol: string, openedAt = 1, quantity = '0.5') => ({
  ...{ symbol, openedAt, quantity, averageEntryPrice: '42000', stopPrice: '41000' },
});
const trade = (
  symbol: string,
  netPnl: string,
  exitPurpose: 'exit' | 'protection' | 'emergency' = 'exit',
) => ({
  ...{
    id: symbol,
    symbol,
    direction: 'long' as const,
    quantity: '0.5',
    entryPrice: '42000',
    exitPrice: '43000',
  },
  ...{ netPnl, returnPct: Number(netPnl) / 210, exitPurpose },
});

function watch(open: readonly { symbol: string; openedAt: number }[] = []) {
  const told: string[] = [];
  const trades = new TradeWatch(
    {
      raise: (severity, title, message, { rule }) =>
        void told.push(`${severity} ${rule}: ${title}: ${message}`),
    },
    'USDT',
    open,
  );
  return { told, trades };
}

test('a trade that is opened is told once, however it grows', () => {
  const { told, trades } = watch();
  trades.look([], []);
  for (const quantity of ['0.2', '0.5', '0.9']) {
    const open = [position('BTC/USDT', 1, quantity)];
    trades.look(open, open);
  }
  expect(told).toEqual(['info trade-opened: Trade opened: BTC/USDT long 0.2 at 42000, stop at 41000']);
});

test('a short one is told as what it is, and one without a stop as well', () => {
  const { told, trades } = watch();
  const open = [{ ...position('BTC/USDT:USDT', 1, '-3'), stopPrice: null }];
  trades.look(open, open);
  expect(told).toEqual(['info trade-opened: Trade opened: BTC/USDT:USDT short 3 at 42000, no stop yet']);
});

test('what was open before is no news, also when its price comes later', () => {
  const { told, trades } = watch([position('BTC/USDT')]);
  trades.look([], [position('BTC/USDT')]);
  trades.look([position('BTC/USDT')], [position('BTC/USDT')]);
  expect(told).toEqual([]);
});

test('what is opened while it has no price is told when it has one', () => {
  const { told, trades } = watch();
  trades.look([], [position('BTC/USDT')]);
  trades.look([position('BTC/USDT')], [position('BTC/USDT')]);
  expect(told).toHaveLength(1);
});

test('closed and opened again between two looks is another trade', () => {
  const { told, trades } = watch([position('BTC/USDT', 1)]);
  trades.closed(trade('BTC/USDT', '12.5'));
  trades.look([position('BTC/USDT', 2)], [position('BTC/USDT', 2)]);
  expect(told).toEqual([
    'info trade-opened: Trade opened: BTC/USDT long 0.5 at 42000, stop at 41000',
    'info trade-closed: Trade closed: BTC/USDT long 0.5, 42000 to 43000: +12.5 USDT net (+0.06 %), closed by the strategy',
  ]);
});

test('a stop that was hit weighs more, and says what it cost', () => {
  const { told, trades } = watch();
  trades.closed(trade('BTC/USDT', '-21', 'protection'));
  trades.look([], []);
  trades.look([], []);
  expect(told).toEqual([
    'warning stop-hit: Stop hit: BTC/USDT long 0.5, 42000 to 43000: -21 USDT net (-0.10 %), closed by its stop',
  ]);
});

test('of many at once the trader is told in one alert a kind', () => {
  const { told, trades } = watch();
  for (let number = 0; number < 5; number += 1) {
    trades.closed(trade(`A${number}/USDT`, '1'));
    trades.closed(trade(`B${number}/USDT`, '-1', 'protection'));
  }
  const open = [1, 2, 3, 4].map((number) => position(`C${number}/USDT`));
  trades.look(open, open);
  expect(told.map((line) => line.split(': ').slice(0, 2).join(': '))).toEqual([
    'info trade-opened: 4 trades opened',
    'warning stop-hit: 5 stops hit',
    'info trade-closed: 5 trades closed',
  ]);
});
