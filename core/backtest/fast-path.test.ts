import { describe, expect, it } from 'vitest';
import { SettingsSchema } from '../contract/index.ts';
import { type Candle, SeededRandom } from '../domain/index.ts';
import {
  assembleOverHistory,
  type HistorySeries,
  hindsightView,
  historicalAgents,
  openHistoricalModels,
  SHIPPED_STRATEGIES,
} from '../engine/index.ts';
import { accountFigures } from './account-figures.ts';
import { type RunOptions, type RunResult, runOnce } from './run.ts';

const HOUR = 3_600_000;
const PIECES = 6;
const PIECE = HOUR / PIECES;

/** Trends that turn, in pieces of ten minutes, with an hour and some pieces missing. */
function generated(symbol: string, seed: number, hours: number): HistorySeries {
  const random = new SeededRandom(seed);
  const noise = (): number => random.next() - 0.5;
  let [close, drift] = [1_000, 0];
  const bars: Candle[] = [];
  const detail: Candle[] = [];
  for (let hour = 0; hour < hours; hour += 1) {
    if (hour % 90 === 0) drift = noise() * 0.0006;
    const pieces = Array.from({ length: PIECES }, (_, index): Candle => {
      const open = close;
      close *= 1 + drift + noise() * 0.008;
      const [high, low] = [Math.max(open, close) * 1.001, Math.min(open, close) * 0.999];
      const openTime = hour * HOUR + index * PIECE;
      return { openTime, open, high, low, close, volume: 800 + 200 * random.next() };
    });
    if (hour % 700 === 699) continue;
    const [first] = pieces;
    if (first === undefined) continue;
    bars.push({
      openTime: first.openTime,
      open: first.open,
      high: Math.max(...pieces.map(({ high }) => high)),
      low: Math.min(...pieces.map(({ low }) => low)),
      close,
      volume: pieces.reduce((sum, { volume }) => sum + volume, 0),
    });
    detail.push(...(hour % 50 === 49 ? pieces.slice(1) : pieces));
  }
  const report = { gaps: 0, missingBars: 0, duplicates: 0, detailTimeframe: '5m' as const };
  const [from, to] = [0, (hours - 1) * HOUR];
  return {
    symbol,
    bars,
    detail,
    detailMs: PIECE,
    report: { ...report, symbol, bars: bars.length, from, to },
  };
}

const LOOSE = {
  consensus: { thresholds: { trending: 0.3, ranging: 0.3, volatile: 0.4 } },
  safety: { haltHours: 30 },
};

function run(
  strategy: string,
  series: readonly HistorySeries[],
  given: Partial<RunOptions> = {},
): Promise<RunResult> {
  const settings = SettingsSchema.parse({
    symbols: series.map(({ symbol }) => symbol),
    strategy: { id: strategy },
    ...LOOSE,
  });
  const own = { strategies: SHIPPED_STRATEGIES, agents: 'offline' as const, llm: null, modelSets: [] };
  return runOnce({ settings, series, ...own, ...given });
}

/** Everything that is told of a run. */
function told({ engine, hash, account, seen, roundTrips, outcomes }: RunResult) {
  return {
    hash,
    outcomes,
    roundTrips,
    figures: accountFigures(engine.portfolio),
    marks: engine.portfolio.curve.marks,
    curve: engine.portfolio.curve.points,
    days: account.days,
    seen: seen.tables(roundTrips),
    hindsight: hindsightView(engine.hindsight, 'rules'),
    breaker: [engine.breaker.state, engine.breaker.verdict()],
  };
}

describe('minutes that make no difference to anybody', () => {
  it.each([
    ['rules', '12 fills, 4f8d6b075501331f', [generated('BTC/USDT', 1, 2_000)]],
    [
      'rules',
      '11 fills, 9fb5f5a600bd4821',
      [generated('BTC/USDT', 2, 1_600), generated('ETH/USDT', 3, 1_500)],
    ],
    [
      'trend',
      '24 fills, 33d36d236d318f49',
      [generated('BTC/USDT', 4, 2_400), generated('ETH/USDT', 5, 2_400)],
    ],
  ] as const)(
    'are passed over by %s, and the result is what it is with each of them, and was before: %s',
    async (strategy, golden, series) => {
      const [fast, slow] = [
        await run(strategy, series),
        await run(strategy, series, { takesEveryStep: true }),
      ];
      expect(told(fast)).toEqual(told(slow));
      expect(fast.fills).toBeGreaterThan(10);
      if (strategy === 'rules') expect(fast.steps).toBeLessThan(0.95 * slow.steps);
      // Where one of these is meant to change, the commit says which rule changes it: see CONTRIBUTING.md.
      expect(`${fast.fills} fills, ${fast.hash.slice(0, 16)}`).toBe(golden);
    },
  );

  it('are none while something is held, while an entry is looked at that they may end, and when a day ends', async () => {
    const [series] = [[generated('BTC/USDT', 1, 2_000)]];
    const settings = SettingsSchema.parse({ strategy: { id: 'rules' }, ...LOOSE });
    const agents = historicalAgents('offline', settings, null);
    const ensemble = await openHistoricalModels(series, '1h', []);
    const decisions = {
      append: () => undefined,
      get: () => undefined,
      list: () => [],
      forgetHeld: () => undefined,
    };
    const quiet = { entriesHeld: () => null, onFill: () => undefined, onFailure: () => undefined };
    const own = { settings, series, agents, ensemble, decisions, takesEveryStep: true, ...quiet };
    const { engine, feed } = await assembleOverHistory(own);
    const found = { held: 0, awaited: 0, midnight: 0, indifferent: 0 };
    for (let event = feed.next(); event !== undefined; event = feed.next()) {
      if (event.kind === 'step') {
        const piece = [event.symbol, event.candle, event.durationMs] as const;
        const is = {
          held: engine.portfolio.positions().length > 0,
          awaited: engine.hindsight.awaits(...piece),
          midnight: (event.candle.openTime + event.durationMs) % (24 * HOUR) === 0,
          indifferent: engine.loop.isIndifferentTo(...piece),
        };
        expect(is.indifferent && (is.held || is.awaited || is.midnight)).toBe(false);
        for (const name of ['held', 'awaited', 'midnight', 'indifferent'] as const)
          found[name] += Number(is[name]);
      }
      await engine.loop.handle(event);
    }
    for (const count of Object.values(found)) expect(count).toBeGreaterThan(3);
  });
});
