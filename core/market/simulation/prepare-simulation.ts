import { z } from 'zod';
import {
  barOpenTime,
  type Candle,
  type HistoryStore,
  StateDocument,
  type StateStore,
  TIMEFRAME_MS,
  type Timeframe,
  type UtcMs,
} from '../../domain/index.ts';
import type { CoinState, SimulatedMarketState } from './market-state.ts';
import { rescaleCandle } from './simulated-coin.ts';
import {
  newMarket,
  reseededMarket,
  SimulatedMarket,
  SimulatedMarketStateSchema,
} from './simulated-market.ts';
import { streamSeed } from './stream-seed.ts';

/** So many bars are generated before a symbol's first, for indicators and charts. */
export const WARM_UP_BARS = 1000;

/** What a restart needs to know: the market between two bars, and the seed it runs on. */
const StoredSimulationSchema = z.strictObject({
  seed: z.number(),
  market: SimulatedMarketStateSchema,
});
export type StoredSimulation = Readonly<z.infer<typeof StoredSimulationSchema>>;

/** Null before a simulation has run. */
export function simulationDocument(state: StateStore): StateDocument<StoredSimulation | null> {
  return new StateDocument<StoredSimulation | null>(state, 'simulated-market', {
    version: 1,
    initial: null,
    parse: (stored) => StoredSimulationSchema.nullable().safeParse(stored).data,
  });
}

export interface SimulationRequest {
  readonly symbols: readonly string[];
  readonly timeframe: Timeframe;
  readonly seed: number;
  /** When the first bar opens if there is nothing to go on from; rounded down to a full bar. */
  readonly startTime: UtcMs;
}

/**
 * Finds where a simulation goes on, and sees to it that every symbol has history up to there.
 *
 * Time and prices always go on, whatever was changed: trades and equity on record would make no sense otherwise.
 * - The same request: goes on exactly where it was left.
 * - A new symbol, a symbol that was away for a while, or another timeframe: bars before the present are generated
 *   that end at the symbol's present price. Bars that are stored already are never written again, so between
 *   old and new bars there may be a hole or a jump.
 * - Another seed: the same market, from here on with other randomness.
 * - Nothing stored, or a state that cannot be read: begins at `startTime`, or at the end of the stored history
 *   and at its last prices if that is later.
 *
 * @param stored what the last run left; null when there was none.
 * @returns the market to run, with a coin for each requested symbol in the order requested.
 */
export function prepareSimulation(
  request: SimulationRequest,
  stored: StoredSimulation | null,
  history: HistoryStore,
): SimulatedMarketState {
  const { symbols, timeframe, seed } = request;
  const timeframeMs = TIMEFRAME_MS[timeframe];
  const time = stored === null ? beginning(request, history) : roundedUp(stored.market.time, timeframeMs);
  const previous =
    stored?.seed === seed
      ? stored.market
      : stored && reseededMarket(stored.market, streamSeed(seed, `${time}`));
  const lastBar = (symbol: string): Candle | undefined =>
    history.candles(symbol, timeframe, { from: time - timeframeMs, before: time })[0];

  /** Where a symbol stands, if its history reaches up to the present. */
  const current = (symbol: string): CoinState | undefined =>
    lastBar(symbol) === undefined ? undefined : previous?.coins[symbol];
  const missing = symbols.filter((symbol) => current(symbol) === undefined);
  const warmUpSeed = previous === undefined ? seed : streamSeed(seed, `${missing.join(' ')} ${time}`);
  const warmedUp = warmUp(missing, timeframe, warmUpSeed, time);

  const coins = symbols.map((symbol): [string, CoinState | undefined] => {
    const generated = warmedUp.state.coins[symbol];
    if (generated === undefined) return [symbol, current(symbol)];
    const price = previous?.coins[symbol]?.price ?? lastBar(symbol)?.close ?? generated.price;
    const bars = warmedUp.bars.get(symbol) ?? [];
    appendMissing(
      history,
      symbol,
      timeframe,
      bars.map((bar) => rescaleCandle(symbol, bar, price / generated.price)),
    );
    return [symbol, { ...generated, price }];
  });
  return {
    time,
    common: previous?.common ?? warmedUp.state.common,
    coins: Object.fromEntries(coins.filter(isPresent)),
  };
}

function isPresent(entry: [string, CoinState | undefined]): entry is [string, CoinState] {
  return entry[1] !== undefined;
}

function beginning({ symbols, timeframe, startTime }: SimulationRequest, history: HistoryStore): UtcMs {
  const ends = history
    .list()
    .filter((range) => range.timeframe === timeframe && symbols.includes(range.symbol))
    .map((range) => range.lastOpenTime + TIMEFRAME_MS[timeframe]);
  return Math.max(barOpenTime(startTime, TIMEFRAME_MS[timeframe]), ...ends);
}

function roundedUp(at: UtcMs, timeframeMs: number): UtcMs {
  return Math.ceil(at / timeframeMs) * timeframeMs;
}

/** Runs a market of these symbols for the bars before `until`. */
function warmUp(
  symbols: readonly string[],
  timeframe: Timeframe,
  seed: number,
  until: UtcMs,
): { bars: ReadonlyMap<string, readonly Candle[]>; state: SimulatedMarketState } {
  const start = newMarket(symbols, seed, until - WARM_UP_BARS * TIMEFRAME_MS[timeframe]);
  const market = new SimulatedMarket(timeframe, start);
  const bars = new Map<string, Candle[]>(symbols.map((symbol) => [symbol, []]));
  if (symbols.length === 0) return { bars, state: start };
  for (let count = 0; count < WARM_UP_BARS; count += 1) {
    for (const { symbol, candle } of market.nextBar()) bars.get(symbol)?.push(candle);
  }
  return { bars, state: market.state() };
}

function appendMissing(
  history: HistoryStore,
  symbol: string,
  timeframe: Timeframe,
  bars: readonly Candle[],
): void {
  const from = bars[0]?.openTime ?? 0;
  const present = new Set(history.candles(symbol, timeframe, { from }).map(({ openTime }) => openTime));
  history.append(
    symbol,
    timeframe,
    bars.filter(({ openTime }) => !present.has(openTime)),
  );
}
