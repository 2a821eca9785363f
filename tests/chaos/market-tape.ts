import type {
  Candle,
  Connection,
  MarketEvent,
  MarketFeed,
  OpenOptions,
  UtcMs,
} from '../../core/domain/index.ts';
import type { Life } from './life.ts';
import { BAR_MS } from './scenario.ts';
import { TICK_MS } from './venue/price-path.ts';

/** Every market's history, and what each process is told of it while it lives. */
export class MarketTape {
  readonly #bars = new Map<string, Candle[]>();
  readonly #open = new Map<string, Candle>();
  #feed: TapeFeed | null = null;

  constructor(history: ReadonlyMap<string, readonly Candle[]>) {
    for (const [symbol, bars] of history) this.#bars.set(symbol, [...bars]);
  }

  /** The feed of a process, which hears nothing of what was before but the bars. */
  connect(life: Life): TapeFeed {
    this.#feed = new TapeFeed(
      new Map([...this.#bars].map(([symbol, bars]) => [symbol, bars.slice(-WARM_UP_BARS)])),
      life,
    );
    return this.#feed;
  }

  /** The ticks of one moment; a market without one was closed. */
  add(ticks: ReadonlyMap<string, Candle>, end: UtcMs): void {
    for (const [symbol, candle] of ticks) {
      this.#feed?.push({ kind: 'step', symbol, candle, durationMs: TICK_MS });
      this.#grow(symbol, candle);
    }
    if (end % BAR_MS !== 0) return;
    for (const symbol of this.#bars.keys()) this.#closeBar(symbol);
  }

  #grow(symbol: string, tick: Candle): void {
    const bar = this.#open.get(symbol);
    this.#open.set(
      symbol,
      bar === undefined
        ? { ...tick, openTime: Math.floor(tick.openTime / BAR_MS) * BAR_MS }
        : {
            ...bar,
            high: Math.max(bar.high, tick.high),
            low: Math.min(bar.low, tick.low),
            close: tick.close,
            volume: bar.volume + tick.volume,
          },
    );
  }

  #closeBar(symbol: string): void {
    const candle = this.#open.get(symbol);
    if (candle === undefined) return;
    this.#open.delete(symbol);
    const bars = this.#bars.get(symbol) ?? [];
    const expected = (bars.at(-1)?.openTime ?? candle.openTime - BAR_MS) + BAR_MS;
    if (candle.openTime > expected) {
      const missingBars = (candle.openTime - expected) / BAR_MS;
      this.#feed?.push({ kind: 'gap', symbol, from: expected, missingBars });
    }
    bars.push(candle);
    this.#feed?.push({ kind: 'bar', symbol, candle });
  }
}

/** Enough for every feature to be ready. */
export const WARM_UP_BARS = 820;
const CONNECTED: Connection = { state: 'connected', message: '' };

/** The market data of one process: what was pushed, in order; it waits while there is nothing. */
export class TapeFeed implements MarketFeed {
  readonly symbols: readonly string[];
  readonly #warmUp: ReadonlyMap<string, readonly Candle[]>;
  readonly #life: Life;
  readonly #events: MarketEvent[] = [];
  #wake: () => void = () => undefined;

  constructor(warmUp: ReadonlyMap<string, readonly Candle[]>, life: Life) {
    this.symbols = [...warmUp.keys()];
    this.#warmUp = warmUp;
    this.#life = life;
  }

  push(event: MarketEvent): void {
    if (this.#life.ended) return;
    this.#events.push(event);
    this.#wake();
  }

  open(_options: OpenOptions): Promise<void> {
    return Promise.resolve();
  }

  async next(signal: AbortSignal): Promise<MarketEvent | undefined> {
    while (this.#events.length === 0 && !signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#wake = () => {
          signal.removeEventListener('abort', this.#wake);
          resolve();
        };
        signal.addEventListener('abort', this.#wake);
      });
    }
    return this.#events.shift();
  }

  warmUp(symbol: string): readonly Candle[] {
    return this.#warmUp.get(symbol) ?? [];
  }

  connection(): Connection {
    return CONNECTED;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
