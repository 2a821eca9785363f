import {
  bitcoinFirst,
  NO_OUTLOOK,
  type Outlook,
  type Outlooks,
  TIMEFRAME_MS,
  type Timeframe,
  type UtcMs,
} from '../../domain/index.ts';
import { type ModelRunner, setFor, VolatilityForecaster, type VolatilitySet } from '../../inference/index.ts';
import type { HistorySeries } from '../../market/index.ts';
import { contextFor } from '../voices/bitcoin-bars.ts';
import { outlookOf } from './outlook-of.ts';
import { PastForecasts } from './past-forecasts.ts';
import { VarianceLane, type VarianceQuestion } from './variance-lane.ts';

const HOUR_MS = TIMEFRAME_MS['1h'];
/** Rows asked about at once. */
const BATCH_ROWS = 512;

interface Asked extends VarianceQuestion {
  readonly at: UtcMs;
}

/**
 * What was foretold before each bar of a history: by the set that had learned from nothing later, as the program foretells
 * while the market moves. All is asked beforehand.
 *
 * @param sets those that may be used, in any order.
 * @throws ModelRefusal when a model cannot be run.
 */
export async function historicalOutlooks(
  series: readonly Pick<HistorySeries, 'symbol' | 'bars' | 'warmUp'>[],
  timeframe: Timeframe,
  sets: readonly VolatilitySet[],
  runner: ModelRunner,
): Promise<Outlooks> {
  if (timeframe !== '1h' || sets.length === 0) return NO_OUTLOOK;
  const whole = series
    .map(({ symbol, bars, warmUp = [] }) => ({ symbol, bars: [...warmUp, ...bars] }))
    .sort((a, b) => bitcoinFirst(a.symbol, b.symbol));
  const forecasters = new Map(sets.map((set) => [set, new VolatilityForecaster(set, runner, 'weighted')]));
  const past = new PastForecasts(null);
  const outlooks = new Map<string, Map<UtcMs, Outlook>>();
  for (const { symbol, bars } of whole) {
    const found = new Map<UtcMs, Outlook>();
    outlooks.set(symbol, found);
    for (const [set, asked] of questionsOf(symbol, bars, whole, forecasters)) {
      const forecaster = forecasters.get(set);
      for (let from = 0; forecaster !== undefined && from < asked.length; from += BATCH_ROWS) {
        const batch = asked.slice(from, from + BATCH_ROWS);
        const forecasts = await forecaster.forecast({
          symbol,
          rows: batch.map(({ row }) => row),
          windows: batch.map(({ window }) => window),
        });
        for (const [index, { at }] of batch.entries()) {
          const forecast = forecasts[index];
          const outlook = forecast && outlookOf({ set, symbol, at, forecast, multiplier: 1, past });
          if (outlook === undefined) continue;
          found.set(at, outlook);
          past.note(symbol, at, outlook.day.sigma);
        }
      }
    }
  }
  return (symbol, openTime) => outlooks.get(symbol)?.get(openTime) ?? null;
}

/** What is asked of each set, in the order of time: sets follow one another. */
function questionsOf(
  symbol: string,
  bars: HistorySeries['bars'],
  all: readonly Pick<HistorySeries, 'symbol' | 'bars'>[],
  forecasters: ReadonlyMap<VolatilitySet, VolatilityForecaster>,
): ReadonlyMap<VolatilitySet, readonly Asked[]> {
  const sets = [...forecasters.keys()];
  const lane = new VarianceLane(symbol);
  const contextOf = contextFor(symbol, all);
  const asked = new Map<VolatilitySet, Asked[]>();
  const first = Math.min(...sets.map(({ manifest }) => Date.parse(manifest.validFrom)));
  for (const candle of bars) {
    const at = candle.openTime + HOUR_MS;
    // What lies long before every set only costs time.
    if (at < first - NEEDED_BEFORE_MS) continue;
    lane.take(candle, contextOf?.(candle)?.btcCandle);
    const set = setFor(sets, at);
    const forecaster = set && forecasters.get(set);
    const question = forecaster === undefined ? null : lane.question(forecaster);
    if (set === undefined || question === null || forecaster?.missing(question.row) !== undefined) continue;
    const known = asked.get(set) ?? [];
    if (known.length === 0) asked.set(set, known);
    known.push({ ...question, at });
  }
  return asked;
}

/** The features need 800 bars, and the nets 57 more. */
const NEEDED_BEFORE_MS = 1_000 * HOUR_MS;
