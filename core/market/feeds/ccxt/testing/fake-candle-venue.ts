import type { VirtualTimers } from '../../../../../tests/contracts/virtual-timers.ts';
import type { Candle, UtcMs } from '../../../../domain/index.ts';
import { VenueError } from '../../../../domain/index.ts';
import type { CandleLine, CandleVenue } from '../candle-venue.ts';

export const MINUTE_MS = 60_000;
export const OPENING: UtcMs = Date.UTC(2025, 0, 1);

type Row = readonly number[];

interface Listener {
  readonly symbol: string;
  readonly resolve: (rows: readonly Row[]) => void;
  readonly reject: (error: unknown) => void;
}

/** A venue of one-minute candles that does what a test says, in the test's time. */
export class FakeCandleVenue implements CandleVenue {
  readonly id = 'fake';
  readonly name = 'Fake';
  readonly rateLimit = 50;
  readonly timeframes = { '1m': '1m', '5m': '5m' };
  readonly features: unknown = { spot: { fetchOHLCV: { limit: 300 } } };
  has: CandleVenue['has'] = { fetchOHLCV: true, watchOHLCV: true, fetchTime: true };
  markets: Readonly<Record<string, unknown>> | undefined;
  /** How far the venue's clock is ahead of ours. */
  aheadMs = 0;
  /** Whether trades are told to who listens. */
  isStreaming = true;
  /** Whether who listens is told that the socket was closed. */
  tellsOfClosing = true;
  /** What is answered instead of candles, if anything: a value, or a failure that is thrown. */
  answer: ((rows: readonly Row[]) => unknown) | null = null;
  readonly asked: { readonly symbol: string; readonly since: number | undefined; readonly at: number }[] = [];
  sockets = 0;
  closings = 0;
  readonly #timers: VirtualTimers;
  readonly #bars = new Map<string, Map<UtcMs, Candle>>();
  readonly #changed = new Map<string, Set<UtcMs>>();
  #listeners: Listener[] = [];

  constructor(timers: VirtualTimers, symbols: readonly string[]) {
    this.#timers = timers;
    for (const symbol of symbols) this.#bars.set(symbol, new Map());
  }

  /** The venue's time. */
  now(): UtcMs {
    return OPENING + this.#timers.now() + this.aheadMs;
  }

  get line(): CandleLine {
    return {
      api: this,
      calls: {
        async make(call) {
          try {
            return await call();
          } catch (error) {
            if (error instanceof VenueError) throw error;
            throw new VenueError('uncertain', error instanceof Error ? error.message : 'unknown', {
              cause: error,
            });
          }
        },
      },
    };
  }

  /** Bars up to the one that is forming. */
  addHistory(symbol: string, count: number, isThere: (back: number) => boolean = () => true): void {
    const present = Math.floor(this.now() / MINUTE_MS) * MINUTE_MS;
    for (let back = count; back >= 1; back -= 1) {
      if (isThere(back)) this.put(symbol, bar(present - back * MINUTE_MS, 100 + (back % 7)));
    }
  }

  put(symbol: string, candle: Candle): void {
    this.#bars.get(symbol)?.set(candle.openTime, candle);
  }

  bar(symbol: string, openTime: UtcMs): Candle | undefined {
    return this.#bars.get(symbol)?.get(openTime);
  }

  trade(symbol: string, price: number, amount = 1): void {
    const openTime = Math.floor(this.now() / MINUTE_MS) * MINUTE_MS;
    const before = this.bar(symbol, openTime) ?? { ...bar(openTime, price), volume: 0 };
    this.put(symbol, {
      ...before,
      high: Math.max(before.high, price),
      low: Math.min(before.low, price),
      close: price,
      volume: before.volume + amount,
    });
    this.#change(symbol, openTime);
  }

  /** Tells a candle as it is, changed or not. */
  tell(symbol: string, openTime: UtcMs): void {
    this.#change(symbol, openTime);
  }

  /** Trades again and again, at prices that go up and down. */
  async tradeEvery(symbol: string, ms: number, signal: AbortSignal): Promise<void> {
    for (let count = 0; !signal.aborted; count += 1) {
      this.trade(symbol, 100 + (count % 13) / 4 - (count % 5) / 2, 1 + (count % 3));
      await this.#timers.wait(ms, signal);
    }
  }

  /** Every socket drops. */
  drop(): void {
    this.#rejectAll(new Error('the connection was closed'));
  }

  async loadMarkets(): Promise<unknown> {
    this.markets = Object.fromEntries([...this.#bars.keys()].map((symbol) => [symbol, { symbol }]));
    return this.markets;
  }

  async fetchTime(): Promise<unknown> {
    return this.now();
  }

  async fetchOHLCV(symbol: string, _timeframe: string, since?: number, limit = 500): Promise<unknown> {
    this.asked.push({ symbol, since, at: this.now() });
    const rows = [...(this.#bars.get(symbol)?.values() ?? [])]
      .sort((a, b) => a.openTime - b.openTime)
      .map(rowOf);
    const wanted =
      since === undefined ? rows.slice(-limit) : rows.filter(([time = 0]) => time >= since).slice(0, limit);
    return this.answer === null ? wanted : this.answer(wanted);
  }

  watchOHLCV(symbol: string): Promise<unknown> {
    this.sockets = 1;
    return new Promise((resolve, reject) => {
      this.#listeners.push({ symbol, resolve, reject });
    });
  }

  async close(): Promise<void> {
    this.closings += 1;
    if (this.tellsOfClosing) this.#rejectAll(new Error('closed by user'));
    else this.#listeners = [];
  }

  #change(symbol: string, openTime: UtcMs): void {
    if (!this.isStreaming || this.sockets === 0) return;
    const changed = this.#changed.get(symbol) ?? new Set();
    this.#changed.set(symbol, changed.add(openTime));
    const listeners = this.#listeners.filter((each) => each.symbol === symbol);
    if (listeners.length === 0) return;
    this.#listeners = this.#listeners.filter((each) => each.symbol !== symbol);
    const rows = [...changed]
      .sort((a, b) => a - b)
      .flatMap((time) => {
        const candle = this.bar(symbol, time);
        return candle === undefined ? [] : [rowOf(candle)];
      });
    changed.clear();
    for (const { resolve } of listeners) resolve(rows);
  }

  #rejectAll(error: unknown): void {
    this.sockets = 0;
    this.#changed.clear();
    const listeners = this.#listeners;
    this.#listeners = [];
    for (const { reject } of listeners) reject(error);
  }
}

/** A sound candle around a price. */
export function bar(openTime: UtcMs, price: number, volume = 10): Candle {
  return { openTime, open: price, high: price, low: price, close: price, volume };
}

const rowOf = ({ openTime, open, high, low, close, volume }: Candle): Row => [
  openTime,
  open,
  high,
  low,
  close,
  volume,
];
