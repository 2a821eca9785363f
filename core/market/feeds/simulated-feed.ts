import {
  type Candle,
  type Connection,
  type HistoryStore,
  type MarketEvent,
  type MarketFeed,
  type StateDocument,
  type StateStore,
  TIMEFRAME_MS,
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
import { FeedLife } from './feed-life.ts';

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
  readonly #request: SimulationRequest;
  readonly #history: HistoryStore;
  readonly #document: StateDocument<StoredSimulation | null>;
  readonly #books: boolean;
  readonly #life = new FeedLife();
  #run: Run | undefined;
  /** Bars that were generated and are not yet stored. */
  #bars: readonly SimulatedBar[] = [];
  #events: readonly MarketEvent[] = [];
  #delivered = 0;

  constructor({ history, state, books = false, ...request }: SimulatedFeedOptions) {
    this.symbols = request.symbols;
    this.#request = request;
    this.#history = history;
    this.#document = simulationDocument(state);
    this.#books = books;
  }

  /** When the first bar of this run opens. */
  get startTime(): UtcMs {
    return this.#opened.startTime;
  }

  /** Finds where the market stands, and makes the history that is missing. @throws TypeError when a symbol is none. */
  async open(): Promise<void> {
    // Without it the market goes on from the stored history.
    const stored = this.#document.readOr(() => null);
    const start = prepareSimulation(this.#request, stored, this.#history);
    const market = new SimulatedMarket(this.#request.timeframe, start, { books: this.#books });
    this.#run = { startTime: start.time, market, otherCoins: stored?.market.coins ?? {} };
    this.#saveState(this.#run);
    this.#life.opened();
  }

  next(): MarketEvent | undefined {
    if (this.#life.ended) return undefined;
    if (this.#delivered === this.#events.length) {
      const run = this.#opened;
      this.#store(run);
      this.#bars = run.market.nextBar();
      this.#events = eventsOf(this.#bars, TIMEFRAME_MS[this.#request.timeframe] / STEPS_PER_BAR);
      this.#delivered = 0;
    }
    const event = this.#events[this.#delivered];
    this.#delivered += 1;
    return event;
  }

  warmUp(symbol: string): readonly Candle[] {
    const { timeframe } = this.#request;
    return this.#history.candles(symbol, timeframe, { before: this.startTime, limit: WARM_UP_BARS });
  }

  connection(symbol: string): Connection {
    return this.#life.connection(symbol, this.symbols);
  }

  /** Nothing is stored: the bar delivered last is delivered again, as after a crash. */
  async close(): Promise<void> {
    this.#life.closed();
  }

  get #opened(): Run {
    if (this.#run === undefined) throw new TypeError('the feed was not opened');
    return this.#run;
  }

  #store(run: Run): void {
    if (this.#bars.length === 0) return;
    const { timeframe } = this.#request;
    // The history first: a crash between the two writes the same bars again, the other order would lose them.
    for (const { symbol, candle } of this.#bars) this.#history.append(symbol, timeframe, [candle]);
    this.#saveState(run);
    this.#bars = [];
  }

  #saveState({ market, otherCoins }: Run): void {
    const state = market.state();
    const stored: StoredSimulation = {
      seed: this.#request.seed,
      market: { ...state, coins: { ...otherCoins, ...state.coins } },
    };
    this.#document.write(stored);
  }
}

/** What is known once the feed is open. */
interface Run {
  readonly startTime: UtcMs;
  readonly market: SimulatedMarket;
  /** Symbols of earlier runs, kept for their prices. */
  readonly otherCoins: SimulatedMarketState['coins'];
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
