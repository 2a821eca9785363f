import type { Timeframe } from '../../contract/index.ts';
import type {
  Candle,
  Connection,
  HistoryStore,
  MarketEvent,
  MarketFeed,
  OpenOptions,
} from '../../domain/index.ts';

/** A feed whose closed bars are kept: the chart shows them, and backtests read them. */
export class StoredFeed implements MarketFeed {
  readonly #feed: MarketFeed;
  readonly #history: Pick<HistoryStore, 'append'>;
  readonly #timeframe: Timeframe;

  constructor(feed: MarketFeed, history: Pick<HistoryStore, 'append'>, timeframe: Timeframe) {
    this.#feed = feed;
    this.#history = history;
    this.#timeframe = timeframe;
  }

  get symbols(): readonly string[] {
    return this.#feed.symbols;
  }

  async open(options: OpenOptions): Promise<void> {
    await this.#feed.open(options);
    for (const symbol of options.symbols) this.#keep(symbol, this.warmUp(symbol));
  }

  async next(signal: AbortSignal): Promise<MarketEvent | undefined> {
    const event = await this.#feed.next(signal);
    if (event?.kind === 'bar') this.#keep(event.symbol, [event.candle]);
    return event;
  }

  warmUp(symbol: string): readonly Candle[] {
    return this.#feed.warmUp(symbol);
  }

  connection(symbol: string): Connection {
    return this.#feed.connection(symbol);
  }

  close(): Promise<void> {
    return this.#feed.close();
  }

  #keep(symbol: string, candles: readonly Candle[]): void {
    this.#history.append(symbol, this.#timeframe, candles);
  }
}
