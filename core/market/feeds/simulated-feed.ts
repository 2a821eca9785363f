import {
  type Candle,
  type HistoryStore,
  type MarketEvent,
  type MarketFeed,
  type StateDocument,
  type StateStore,
  TIMEFRAME_MS,
  type Timeframe,
  type UtcMs,
} from '../../domain/index.ts';
import {
  prepareSimulation,
  type SimulationRequest,
  type StoredSimulation,
  simulationDocument,
  WARM_UP_BARS,
} from '../simulation/prepare-simulation.ts';
import {
  type SimulatedBar,
  SimulatedMarket,
  type SimulatedMarketOptions,
  type SimulatedMarketState,
  STEPS_PER_BAR,
} from '../simulation/simulated-market.ts';

export interface SimulatedFeedOptions extends SimulationRequest, SimulatedMarketOptions {
  readonly history: HistoryStore;
  readonly state: StateStore;
}

/**
 * Feeds a simulated market, for ever, as fast as it is asked. Each bar comes as 60 steps, those of one moment for
 * all symbols together, then as the closed bar, with the book at its close where books are asked for, symbol by symbol.
 *
 * A bar is delivered at least once: it goes into the history, and the market's state into the state store, when
 * the first event after it is asked for. A crash before that delivers the same bar again, byte for byte. What a
 * change of symbols, timeframe or seed does: see `prepareSimulation`.
 */
export class SimulatedFeed implements MarketFeed {
  readonly symbols: readonly string[];
  /** When the first bar of this run opens. */
  readonly startTime: UtcMs;
  readonly #timeframe: Timeframe;
  readonly #seed: number;
  readonly #history: HistoryStore;
  readonly #document: StateDocument<StoredSimulation | null>;
  readonly #market: SimulatedMarket;
  /** Symbols of earlier runs, kept for their prices. */
  readonly #otherCoins: SimulatedMarketState['coins'];
  /** Bars that were generated and are not yet stored. */
  #bars: readonly SimulatedBar[] = [];
  #events: readonly MarketEvent[] = [];
  #delivered = 0;

  /** @throws TypeError when a symbol is none. */
  constructor({ history, state, books = false, ...request }: SimulatedFeedOptions) {
    this.#document = simulationDocument(state);
    // Without it the market goes on from the stored history.
    const stored = this.#document.readOr(() => null);
    const start = prepareSimulation(request, stored, history);
    this.symbols = request.symbols;
    this.startTime = start.time;
    this.#timeframe = request.timeframe;
    this.#seed = request.seed;
    this.#history = history;
    this.#market = new SimulatedMarket(request.timeframe, start, { books });
    this.#otherCoins = stored?.market.coins ?? {};
    this.#saveState();
  }

  next(): MarketEvent | undefined {
    if (this.#delivered === this.#events.length) {
      this.#store();
      this.#bars = this.#market.nextBar();
      this.#events = eventsOf(this.#bars, TIMEFRAME_MS[this.#timeframe] / STEPS_PER_BAR);
      this.#delivered = 0;
    }
    const event = this.#events[this.#delivered];
    this.#delivered += 1;
    return event;
  }

  warmUp(symbol: string): readonly Candle[] {
    return this.#history.candles(symbol, this.#timeframe, { before: this.startTime, limit: WARM_UP_BARS });
  }

  close(): void {
    // Nothing is held open; the bar delivered last is delivered again, as after a crash.
  }

  #store(): void {
    if (this.#bars.length === 0) return;
    // The history first: a crash between the two writes the same bars again, the other order would lose them.
    for (const { symbol, candle } of this.#bars) this.#history.append(symbol, this.#timeframe, [candle]);
    this.#saveState();
    this.#bars = [];
  }

  #saveState(): void {
    const market = this.#market.state();
    const stored: StoredSimulation = {
      seed: this.#seed,
      market: { ...market, coins: { ...this.#otherCoins, ...market.coins } },
    };
    this.#document.write(stored);
  }
}

function eventsOf(bars: readonly SimulatedBar[], durationMs: number): MarketEvent[] {
  const events: MarketEvent[] = [];
  for (let index = 0; index < STEPS_PER_BAR; index += 1) {
    for (const { symbol, steps } of bars) {
      const candle = steps[index];
      if (candle !== undefined) events.push({ kind: 'step', symbol, candle, durationMs });
    }
  }
  for (const { steps: _, ...bar } of bars) events.push({ kind: 'bar', ...bar });
  return events;
}
