import { expect, test } from 'vitest';
import { SettingsSchema } from '../contract/index.ts';
import { type Candle, type Decision, SeededRandom } from '../domain/index.ts';
import type { HistorySeries } from '../engine/index.ts';
import { backtest } from './backtest.ts';
import { ResultHash } from './result-hash.ts';

const HOUR = 3_600_000;
const BARS = 6_000;

/** Trends that turn, with noise enough to lose in: rules that halt entries come into force and end again. */
function generated(symbol: string, seed: number): HistorySeries {
  const random = new SeededRandom(seed);
  const noise = (): number => random.next() - 0.5;
  let [close, drift] = [1_000, 0];
  const bars = Array.from({ length: BARS }, (_, hour): Candle => {
    const open = close;
    if (hour % 90 === 0) drift = noise() * 0.004;
    close *= 1 + drift + noise() * 0.02;
    const [high, low] = [Math.max(open, close) * 1.002, Math.min(open, close) * 0.998];
    return { openTime: hour * HOUR, open, high, low, close, volume: 5_000 + 1_000 * random.next() };
  });
  const report = { gaps: 0, missingBars: 0, duplicates: 0, detailTimeframe: null };
  return { symbol, bars, report: { ...report, symbol, bars: BARS, from: 0, to: (BARS - 1) * HOUR } };
}

/** A decision of which the hash reads some fields, with so much support for buying. */
function supported(buy: number): string {
  const hash = new ResultHash();
  const support = { BUY: buy, SELL: 0.1, HOLD: 0 };
  const told = { symbol: 'BTC/USDT', barOpenTime: 0, action: 'BUY', outcome: 'ordered', reasonCode: 'x' };
  // The hash reads no other field of a decision.
  hash.decision({ ...told, consensus: { support } } as unknown as Decision);
  return hash.digest();
}

test('the last bits of a probability, which differ from processor to processor, change no hash; a vote does', () => {
  const probability = 0.6180339887;
  expect(supported(Math.fround(probability))).toBe(supported(probability));
  expect(supported(probability + Number.EPSILON)).toBe(supported(probability));
  expect(supported(probability + 0.02)).not.toBe(supported(probability));
});

// Where this hash is meant to change, the commit says which rule changes it: see CONTRIBUTING.md.
test('a history is decided and traded as it was by the versions before', async () => {
  let now = 0;
  const result = await backtest({
    settings: SettingsSchema.parse({ strategy: { id: 'ensemble' } }),
    series: [generated('BTC/USDT', 1), generated('ETH/USDT', 2)],
    agents: 'offline',
    modelSets: [],
    llm: null,
    auditCuts: 0,
    monotonicMs: () => (now += 1_000),
  });
  expect(result).toMatchObject({
    trades: 58,
    reasons: { 'circuit-breaker:sharpe': 20 },
    resultHash: '76f6b1384e0cbd94a127deadda958169369dcafc5f7d511ef07c86d6f6b2955b',
  });
});
