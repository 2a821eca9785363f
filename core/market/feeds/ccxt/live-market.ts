import {
  type Clock,
  type Logger,
  type OrderBook,
  type PublicTrade,
  type Timers,
  unlessAborted,
} from '../../../domain/index.ts';
import { BackOff } from './back-off.ts';
import type { CandleLine, CandleVenue } from './candle-venue.ts';
import { readBook, readTrades } from './live-rows.ts';

/** The part of a ccxt exchange that books and trades come from. */
export interface LiveVenue extends CandleVenue {
  fetchOrderBook(symbol: string, limit?: number): Promise<unknown>;
  watchOrderBook(symbol: string): Promise<unknown>;
  fetchTrades(symbol: string, since?: number, limit?: number): Promise<unknown>;
  watchTrades(symbol: string): Promise<unknown>;
}

export interface LiveLine extends CandleLine {
  readonly api: LiveVenue;
}

export interface LiveMarketOptions {
  /** Whose markets have been loaded. Its sockets are closed by whoever owns it. */
  readonly line: LiveLine;
  /** Coins a contract, by symbol. */
  readonly contractSizes: ReadonlyMap<string, number>;
  /** The venue's time. */
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Logger;
  /** The whole book, as deep as it is looked at; in coins. Must not throw. */
  readonly onBook: (symbol: string, book: OrderBook) => void;
  /** Each trade once, in the venue's order; in coins. Must not throw. */
  readonly onTrade: (symbol: string, trade: PublicTrade) => void;
}

/** Levels a side. */
const DEPTH = 50;
const TRADES = 200;
/** How long a stream may be silent before the venue is asked. A book of more than 5 s ago describes no close. */
const SILENT_MS = { book: 4_000, trades: 8_000 };
const POLL_MS = 2_000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;
/** Trades known by their names, so that none is told twice. */
const REMEMBERED = 2_000;

/**
 * Order books and trades of a real venue, by WebSocket where it has that. A stream that breaks, or says nothing for seconds,
 * or tells a book that cannot be, is stood in for by a question, and so is one that the venue does not have: an old book is
 * never taken for a new one.
 */
export class LiveMarket {
  readonly #options: LiveMarketOptions;
  readonly #stop = new AbortController();

  constructor(options: LiveMarketOptions) {
    this.#options = options;
  }

  /** Listens until it is closed. Nothing that happened before is told. */
  start(): void {
    for (const symbol of this.#options.contractSizes.keys()) {
      void this.#listen(this.#book(symbol));
      void this.#listen(this.#trades(symbol));
    }
  }

  async close(): Promise<void> {
    this.#stop.abort();
  }

  #book(symbol: string): Source {
    const { line, clock, onBook } = this.#options;
    const take = (reply: unknown): void =>
      onBook(symbol, readBook(reply, clock.now(), DEPTH, this.#contractSize(symbol)));
    return {
      what: `the order book of ${symbol}`,
      silentMs: SILENT_MS.book,
      watch: line.api.has['watchOrderBook'] === true ? () => line.api.watchOrderBook(symbol) : null,
      ask: () => line.api.fetchOrderBook(symbol, DEPTH),
      take,
    };
  }

  #trades(symbol: string): Source {
    const { line, clock, onTrade } = this.#options;
    const openedAt = clock.now();
    const told = new Set<string>();
    return {
      what: `the trades of ${symbol}`,
      silentMs: SILENT_MS.trades,
      watch: line.api.has['watchTrades'] === true ? () => line.api.watchTrades(symbol) : null,
      ask: () => line.api.fetchTrades(symbol, undefined, TRADES),
      take: (reply) => {
        for (const { id, ...trade } of readTrades(reply, this.#contractSize(symbol))) {
          if (trade.time < openedAt || told.has(id)) continue;
          told.add(id);
          onTrade(symbol, trade);
        }
        for (const id of told) {
          if (told.size <= REMEMBERED) break;
          told.delete(id);
        }
      },
    };
  }

  #contractSize(symbol: string): number {
    return this.#options.contractSizes.get(symbol) ?? 1;
  }

  /** Takes what comes, through every failure of the line. */
  async #listen(source: Source): Promise<void> {
    const { timers, log } = this.#options;
    const { signal } = this.#stop;
    const backOff = new BackOff(FIRST_WAIT_MS, LONGEST_WAIT_MS);
    while (!signal.aborted) {
      try {
        await this.#next(source, signal);
        backOff.reset();
      } catch (error) {
        if (signal.aborted) return;
        log.debug({ err: error }, `${source.what} did not come`);
        await timers.wait(backOff.after(error), signal);
        await this.#ask(source, signal).catch(() => undefined);
      }
    }
  }

  async #next(source: Source, signal: AbortSignal): Promise<void> {
    const { line, timers } = this.#options;
    if (source.watch === null) {
      await this.#ask(source, signal);
      await timers.wait(POLL_MS, signal);
      return;
    }
    const silent = new AbortController();
    const either = AbortSignal.any([signal, silent.signal]);
    void timers.wait(source.silentMs, either).then(() => silent.abort(null));
    const reply = await unlessAborted(line.calls.make(source.watch), either);
    const isSilent = silent.signal.aborted;
    silent.abort(null);
    if (signal.aborted) return;
    if (isSilent) await this.#ask(source, signal);
    else if (!this.#takes(source, reply)) {
      await this.#ask(source, signal);
      await timers.wait(POLL_MS, signal);
    }
  }

  /** Takes what was streamed, unless it is none: ccxt goes on with a book that has lost a change. */
  #takes(source: Source, reply: unknown): boolean {
    try {
      source.take(reply);
      return true;
    } catch (error) {
      this.#options.log.debug({ err: error }, `what is streamed of ${source.what} is none`);
      return false;
    }
  }

  async #ask(source: Source, signal: AbortSignal): Promise<void> {
    const { line } = this.#options;
    const reply = await unlessAborted(line.calls.make(source.ask), signal);
    if (!signal.aborted) source.take(reply);
  }
}

/** Something that a venue tells by itself, or when it is asked. */
interface Source {
  readonly what: string;
  /** How long nothing may come before the venue is asked. */
  readonly silentMs: number;
  /** Null where the venue does not stream it. */
  readonly watch: (() => Promise<unknown>) | null;
  readonly ask: () => Promise<unknown>;
  readonly take: (reply: unknown) => void;
}
