import { backtest } from '../../../core/backtest/index.ts';
import { SettingsSchema } from '../../../core/contract/index.ts';
import { generatedCandles } from '../../../core/features/testing/generated-candles.ts';

/** A backtest that runs until it is ended, as the command runs one beside the program: node tests/bench/kill/busy.ts */

const BARS = 60_000;
const candles = generatedCandles(1, BARS);
const [first, last] = [candles[0], candles.at(-1)];
if (first === undefined || last === undefined) throw new Error('there are no candles');
const symbol = 'BTC/USDT';
const report = { symbol, bars: BARS, from: first.openTime, to: last.openTime, gaps: 0, missingBars: 0 };
process.on('disconnect', () => process.exit(0));
process.send?.('begins');
for (;;) {
  await backtest({
    settings: SettingsSchema.parse({ timeframe: '1m', symbols: [symbol], strategy: { id: 'rules' } }),
    series: [{ symbol, bars: candles, report: { ...report, duplicates: 0, detailTimeframe: null } }],
    agents: 'offline',
    modelSets: [],
    llm: null,
    auditCuts: 0,
    monotonicMs: () => performance.now(),
  });
  await new Promise((resolve) => setImmediate(resolve));
}
