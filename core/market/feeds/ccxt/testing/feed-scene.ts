import { onTestFinished } from 'vitest';
import { VirtualTimers } from '../../../../../tests/contracts/virtual-timers.ts';
import { type Candle, type MarketEvent, SILENT_LOGGER, type UtcMs } from '../../../../domain/index.ts';
import { CcxtFeed } from '../ccxt-feed.ts';
import { FakeCandleVenue, MINUTE_MS, OPENING } from './fake-candle-venue.ts';

export const BTC = 'BTC/USDT';

/** A feed of one-minute bars on a venue that the test plays, with everything that it tells. */
export class FeedScene {
  readonly timers = new VirtualTimers();
  readonly venue: FakeCandleVenue;
  readonly feed: CcxtFeed;
  readonly events: MarketEvent[] = [];
  readonly progress: string[] = [];
  readonly #stop = new AbortController();

  constructor(symbols: readonly string[] = [BTC]) {
    this.venue = new FakeCandleVenue(this.timers, symbols);
    this.feed = new CcxtFeed({
      ccxt: this.venue.line,
      timeframe: '1m',
      clock: { now: () => OPENING + this.timers.now() },
      timers: this.timers,
      log: SILENT_LOGGER,
    });
    onTestFinished(() => this.end());
  }

  /** Opens the feed and listens to it. */
  async open(symbols: readonly string[] = [BTC]): Promise<void> {
    await this.during(this.feed.open({ symbols, onProgress: (line) => this.progress.push(line) }));
    void this.#listen();
    await this.timers.pass(0);
  }

  /** Lets time pass until something is done. */
  async during<T>(work: Promise<T>): Promise<T> {
    let isDone = false;
    const end = (): void => {
      isDone = true;
    };
    work.then(end, end);
    while (!isDone) await this.timers.pass(250);
    return work;
  }

  /** Lets seconds pass, with a trade of `amount` in each. */
  async trading(seconds: number, price: (second: number) => number = () => 100): Promise<void> {
    for (let second = 0; second < seconds; second += 1) {
      this.venue.trade(BTC, price(second));
      await this.timers.pass(1_000);
    }
  }

  pass(seconds: number): Promise<void> {
    return this.timers.pass(seconds * 1_000);
  }

  /** Lets time pass up to a moment after the opening. */
  passTo(minutes: number, seconds = 0): Promise<void> {
    return this.timers.pass(minutes * MINUTE_MS + seconds * 1_000 - this.timers.now());
  }

  /** Minutes after the opening at which the closed bars that came began. */
  get bars(): readonly number[] {
    return this.candles.map(({ openTime }) => (openTime - OPENING) / MINUTE_MS);
  }

  get candles(): readonly Candle[] {
    return this.events.flatMap((event) => (event.kind === 'bar' ? [event.candle] : []));
  }

  get gaps(): readonly { readonly from: number; readonly missingBars: number }[] {
    return this.events.flatMap((event) =>
      event.kind === 'gap'
        ? [{ from: (event.from - OPENING) / MINUTE_MS, missingBars: event.missingBars }]
        : [],
    );
  }

  get steps(): readonly Extract<MarketEvent, { kind: 'step' }>[] {
    return this.events.flatMap((event) => (event.kind === 'step' ? [event] : []));
  }

  async end(): Promise<void> {
    this.#stop.abort();
    await this.feed.close();
  }

  async #listen(): Promise<void> {
    const { signal } = this.#stop;
    for (let event = await this.feed.next(signal); event !== undefined; event = await this.feed.next(signal))
      this.events.push(event);
  }
}

/** A minute after the opening, as a moment. */
export const minute = (count: number): UtcMs => OPENING + count * MINUTE_MS;
