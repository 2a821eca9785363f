import {
  type Candle,
  type Clock,
  type Connection,
  type Logger,
  type MarketEvent,
  type MarketFeed,
  type OpenOptions,
  TIMEFRAME_MS,
  type Timeframe,
  type Timers,
} from '../../../domain/index.ts';
import { CandlePages } from './candle-pages.ts';
import type { CandleLine } from './candle-venue.ts';
import { EventQueue } from './event-queue.ts';
import { loadVenue } from './load-venue.ts';
import { loadWarmUp } from './load-warm-up.ts';
import { SymbolLine } from './symbol-line.ts';
import { VenueTime } from './venue-time.ts';

export interface CcxtFeedOptions {
  /** The feed's own: `close` closes its sockets. */
  readonly ccxt: CandleLine;
  readonly timeframe: Timeframe;
  /** The venue's time, as well as it is known; how far it is off is measured. */
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Logger;
}

const POLL_MS = 5_000;
/** All symbols together may take this part of what the venue allows. */
const POLL_SHARE = 0.25;
/** Sockets are thrown away for deafness at most so often. */
const RENEWAL_MS = 60_000;
const TIME_TICK_MS = 5_000;

/**
 * The market of a real venue, through ccxt: closed bars in order, each once, and pieces of the one that is forming.
 * What is streamed is believed as long as it flows; the rest is asked for.
 */
export class CcxtFeed implements MarketFeed {
  readonly #options: CcxtFeedOptions;
  readonly #queue: EventQueue;
  readonly #stop = new AbortController();
  readonly #time: VenueTime;
  readonly #warmUp = new Map<string, readonly Candle[]>();
  readonly #lines = new Map<string, SymbolLine>();
  #symbols: readonly string[] = [];
  #isOpen = false;
  #renewedAt = Number.NEGATIVE_INFINITY;

  constructor(options: CcxtFeedOptions) {
    const { ccxt: line, clock, timers, timeframe } = options;
    this.#options = options;
    this.#queue = new EventQueue(TIMEFRAME_MS[timeframe]);
    this.#time = new VenueTime({ line, clock, timers });
  }

  get symbols(): readonly string[] {
    return this.#symbols;
  }

  /**
   * A symbol that the venue does not list has no bars and never any event.
   *
   * @throws TraderError where the venue has no candles of this timeframe; VenueError when it does not answer.
   */
  async open({ symbols, signal, onProgress = () => undefined }: OpenOptions): Promise<void> {
    const { ccxt: line, timeframe, timers } = this.#options;
    this.#symbols = symbols;
    const ends = signal === undefined ? this.#stop.signal : AbortSignal.any([this.#stop.signal, signal]);
    const task = { line, timeframe, timers, signal: ends, onProgress };
    await loadVenue({ ...task, time: this.#time });
    const pages = new CandlePages({ line, timeframe, time: this.#time });
    const listed = symbols.filter((symbol) => line.api.markets?.[symbol] !== undefined);
    for (const symbol of listed)
      this.#warmUp.set(symbol, await loadWarmUp({ ...task, pages, time: this.#time, symbol }));
    for (const symbol of symbols.filter((each) => !listed.includes(each)))
      onProgress(`${line.api.name} does not list ${symbol}: no market data of it`);
    ends.throwIfAborted();
    this.#isOpen = true;
    for (const symbol of listed) this.#listen(symbol, pages, listed.length);
    void this.#keepTime();
  }

  next(signal: AbortSignal): Promise<MarketEvent | undefined> {
    return this.#queue.next(signal);
  }

  warmUp(symbol: string): readonly Candle[] {
    return this.#warmUp.get(symbol) ?? [];
  }

  /**
   * The last closed bars of another timeframe, ascending, as many as the venue has of those asked for; none of a symbol
   * that it does not list. The feed is open. @throws VenueError when it does not answer.
   */
  async history(
    symbol: string,
    timeframe: Timeframe,
    bars: number,
    { signal, onProgress = () => undefined }: Pick<OpenOptions, 'signal' | 'onProgress'>,
  ): Promise<readonly Candle[]> {
    const { ccxt: line, timers } = this.#options;
    if (line.api.markets?.[symbol] === undefined) return [];
    const ends = signal === undefined ? this.#stop.signal : AbortSignal.any([this.#stop.signal, signal]);
    const pages = new CandlePages({ line, timeframe, time: this.#time });
    return loadWarmUp({ timers, signal: ends, onProgress, pages, time: this.#time, symbol, bars });
  }

  connection(symbol: string): Connection {
    if (this.#stop.signal.aborted) return { state: 'closed', message: 'the market data was closed' };
    if (!this.#isOpen) return { state: 'connecting', message: 'the market data is being opened' };
    const { name } = this.#options.ccxt.api;
    return (
      this.#lines.get(symbol)?.connection ?? {
        state: 'closed',
        message: this.#symbols.includes(symbol)
          ? `${name} does not list ${symbol}`
          : `there is no market data of ${symbol}`,
      }
    );
  }

  async close(): Promise<void> {
    if (this.#stop.signal.aborted) return;
    this.#stop.abort();
    this.#queue.end();
    await this.#closeSockets();
  }

  #listen(symbol: string, pages: CandlePages, count: number): void {
    const { ccxt: line, timeframe, timers, log } = this.#options;
    const { has, rateLimit } = line.api;
    const symbolLine = new SymbolLine({
      ...{ line, pages, symbol, timeframe, timers, log, time: this.#time },
      warmUp: this.warmUp(symbol),
      // What ccxt calls emulated is asked for behind the scenes.
      streams: has['watchOHLCV'] === true,
      pollMs: Math.max(POLL_MS, (count * rateLimit) / POLL_SHARE),
      onEvent: (event) => this.#queue.push(event),
      onDeaf: () => void this.#renew(),
    });
    this.#lines.set(symbol, symbolLine);
    void symbolLine.run(this.#stop.signal);
  }

  /** Opens every stream anew: ccxt has no other way out of a socket that is up and says nothing. */
  async #renew(): Promise<void> {
    const now = this.#options.timers.monotonicMs();
    if (now - this.#renewedAt < RENEWAL_MS) return;
    this.#renewedAt = now;
    await this.#closeSockets();
    for (const line of this.#lines.values()) line.renew();
  }

  async #closeSockets(): Promise<void> {
    const { ccxt, log } = this.#options;
    try {
      await ccxt.calls.make(() => ccxt.api.close());
    } catch (error) {
      log.warn({ err: error }, 'the sockets of the market data did not close');
    }
  }

  /** Measures the venue's clock from time to time, and when ours has jumped. */
  async #keepTime(): Promise<void> {
    const { timers, log } = this.#options;
    const { signal } = this.#stop;
    while (!signal.aborted) {
      await timers.wait(TIME_TICK_MS, signal);
      if (signal.aborted || !this.#time.isDue) continue;
      await this.#time
        .measure()
        .catch((error: unknown) => log.debug({ err: error }, 'the venue tells no time'));
    }
  }
}
