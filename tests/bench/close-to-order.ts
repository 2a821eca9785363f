import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { bundleHost } from '../chaos-venue/bundle.ts';
import { ProcessUnderTest } from '../chaos-venue/process-under-test.ts';
import { settingsOf } from '../chaos-venue/settings.ts';
import { startVenue, type Venue, VenueClock } from '../venue/index.ts';
import { type Timings, timingsOf } from './timings.ts';
import { WireTap } from './wire-tap.ts';

export interface CloseToOrderBench {
  /** From the close of a candle at the venue to the order that it hears, in both of its processes. */
  readonly closeToOrder: Timings;
  /** The same of a process that reads the frame, syncs a page to the same disk, posts a request, and does nothing else. */
  readonly bare: Timings;
  /** How many times as long the program takes. */
  readonly ratio: { readonly p50: number; readonly p99: number };
  /** From the moment when the venue drops every socket to books that agree with its own again, in real time. */
  readonly reconnectToReconciled: Timings;
}

export interface CloseToOrderOptions {
  readonly bars?: number;
  readonly cuts?: number;
}

const MINUTE_MS = 60_000;
const START = Date.UTC(2025, 0, 1, 10);
const ORDERS = '/fapi/v1/order';
const SYMBOLS = ['BTC/USDT', 'ETH/USDT', 'SOL/USDT', 'BNB/USDT', 'XRP/USDT'];
/** How fast venue time passes: so much of it, then so much of this machine's for whoever talks. */
interface Pace {
  readonly sliceMs: number;
  readonly restMs: number;
}
const BETWEEN_BARS: Pace = { sliceMs: 3_000, restMs: 1 };
const REAL_TIME: Pace = { sliceMs: 25, restMs: 25 };
/** Bars before what is measured, in which the compiler sees the code. */
const WARM_BARS = 30;
const SWING = 0.02;
const SWING_BARS = 3;
/** Books are compared several times in so long. */
const PATIENCE_MS = 2 * MINUTE_MS;
const QUIET_MS = 5_000;
/** So often the two processes have their turn before nothing more is expected of a moment. */
const QUIET_TURNS = 12;
const MOST_TURNS = 400;

/** The real process, its files on this machine's disk, at the local venue over real sockets. Five symbols close at a time. */
export async function benchCloseToOrder(options: CloseToOrderOptions = {}): Promise<CloseToOrderBench> {
  const { bars = 150, cuts = 3 } = options;
  const dialect = 'binance-usdm';
  const venue = await startVenue({
    ...{ dialect, seed: 11, clock: new VenueClock(START), symbols: SYMBOLS, historyBars: 1_100 },
    ...{ mood: { volatility: 0.004 }, accounts: [{ balances: { USDT: '1000000' } }] },
  });
  const directory = mkdtempSync(join(tmpdir(), 'tradebot-bench-'));
  const tap = new WireTap();
  const program = new ProcessUnderTest(await bundleHost());
  const run = new BenchRun(venue, program, tap);
  try {
    await program.loaded;
    program.open({
      ...{ now: venue.now(), skewMs: 0, directory, death: null },
      settings: settingsOf(
        { dialect, isDerived: false, execution: {}, symbols: SYMBOLS },
        { rest: venue.restUrl, ws: venue.wsUrl },
      ),
      keys: { 'exchange.binanceusdm.apiKey': venue.apiKey, 'exchange.binanceusdm.secret': venue.secret },
    });
    await run.untilListening();
    for (let bar = 0; bar < WARM_BARS; bar += 1) await run.bar(BETWEEN_BARS);
    const delays: number[] = [];
    for (let bar = 0; bar < bars; bar += 1) delays.push(...(await run.bar(BETWEEN_BARS)));
    const reconnectToReconciled = timingsOf(await run.reconnects(cuts));
    await program.kill();
    const bare = timingsOf(await bareDelays(venue, tap, join(directory, 'bare'), delays.length));
    const closeToOrder = timingsOf(delays);
    const ratio = {
      p50: rounded(closeToOrder.p50Ms / bare.p50Ms),
      p99: rounded(closeToOrder.p99Ms / bare.p99Ms),
    };
    return { closeToOrder, bare, ratio, reconnectToReconciled };
  } finally {
    tap.close();
    await program.kill();
    await venue.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The venue, the program and the time that both live by. */
class BenchRun {
  readonly #venue: Venue;
  readonly #program: ProcessUnderTest;
  readonly #tap: WireTap;

  constructor(venue: Venue, program: ProcessUnderTest, tap: WireTap) {
    this.#venue = venue;
    this.#program = program;
    this.#tap = tap;
  }

  /** Sockets open in this machine's time: when it is outrun, the program takes its streams for deaf. */
  async untilListening(): Promise<void> {
    const until = this.#venue.now() + PATIENCE_MS;
    while (this.#venue.listening.filter((stream) => stream.includes('@kline')).length < SYMBOLS.length) {
      if (this.#venue.now() > until) throw new Error('the program does not listen to its symbols');
      await this.#passTo(this.#venue.now() + REAL_TIME.sliceMs, REAL_TIME);
    }
  }

  /** A bar up to its close. @returns how many milliseconds after that each order came. */
  async bar(pace: Pace): Promise<readonly number[]> {
    const close = nextClose(this.#venue);
    await this.#passTo(close - MINUTE_MS / 2, pace);
    this.#swing();
    await this.#passTo(close - 1, pace);
    // The program's timers of that moment are not what is measured.
    await this.#program.time(close, 0);
    await this.#quiet();
    this.#tap.take();
    const closedAt = performance.now();
    this.#venue.clock.advanceTo(close);
    // Nothing but sockets moves them now: time stands still, and no timer of the program ends.
    await this.#quiet();
    const orders = this.#tap.take().filter(({ method, url }) => method === 'POST' && url === ORDERS);
    return orders.map(({ at }) => at - closedAt);
  }

  /** Jumps of the market make the program enter, and its stops go off, so that it can enter again. */
  #swing(): void {
    for (const [place, symbol] of SYMBOLS.entries()) {
      const isUp = Math.floor(this.#venue.now() / MINUTE_MS / SWING_BARS + place) % 2 === 0;
      const { bids } = this.#venue.book(symbol);
      const at = bids[0]?.price.toNumber() ?? 0;
      this.#venue.moveTo(symbol, at * (isUp ? 1 + SWING : 1 - SWING));
    }
  }

  /** @returns how many milliseconds after each cut the books had been compared again. */
  async reconnects(count: number): Promise<readonly number[]> {
    const took: number[] = [];
    for (let cut = 0; cut < count; cut += 1) {
      // Right after one of the comparisons that come by the clock: the next one of these is far.
      await this.#reconciledAfter(this.#venue.now(), BETWEEN_BARS);
      await this.#passTo(this.#venue.now() + QUIET_MS, REAL_TIME);
      const cutAt = this.#venue.now();
      this.#venue.faults.schedule([{ name: 'dropped-sockets', on: '' }]);
      took.push((await this.#reconciledAfter(cutAt, REAL_TIME)) - cutAt);
    }
    return took;
  }

  /** When the program first compared its books with the venue's after that. */
  async #reconciledAfter(time: number, pace: Pace): Promise<number> {
    while (this.#venue.now() < time + PATIENCE_MS) {
      const reconciledAt = this.#program.status?.reconciledAt ?? 0;
      if (reconciledAt > time && this.#program.status?.green === true) return reconciledAt;
      await this.#passTo(this.#venue.now() + pace.sliceMs, pace);
    }
    throw new Error('the program does not compare its books any more');
  }

  async #passTo(time: number, { sliceMs, restMs }: Pace): Promise<void> {
    const venue = this.#venue;
    while (venue.now() < time) {
      venue.clock.advanceTo(Math.min(venue.now() + sliceMs, time));
      await this.#program.time(venue.now(), 0);
      await setTimeout(restMs);
    }
  }

  /** Lets both have their turns until none asks the other for anything any more. */
  async #quiet(): Promise<void> {
    let [heard, quiet] = [this.#venue.requests.length, 0];
    for (let turn = 0; turn < MOST_TURNS && quiet < QUIET_TURNS; turn += 1) {
      await this.#venue.settle(1);
      await this.#program.turn();
      quiet = this.#venue.requests.length === heard ? quiet + 1 : 0;
      heard = this.#venue.requests.length;
    }
  }
}

const rounded = (ratio: number): number => Math.round(ratio * 100) / 100;
const nextClose = (venue: Venue): number => (Math.floor(venue.now() / MINUTE_MS) + 1) * MINUTE_MS;

/** The same moments of the same venue, heard by the bare client. */
async function bareDelays(
  venue: Venue,
  tap: WireTap,
  disk: string,
  count: number,
): Promise<readonly number[]> {
  const ids = SYMBOLS.map((symbol) => symbol.replace('/', ''));
  const file = new URL('bare-client.ts', import.meta.url);
  const client = fork(file, [venue.wsUrl, venue.restUrl, disk, ...ids]);
  try {
    await once(client, 'message');
    const delays: number[] = [];
    for (let bar = 0; bar < WARM_BARS + count; bar += 1) {
      const close = nextClose(venue);
      await venue.advance(close - 1 - venue.now(), BETWEEN_BARS.sliceMs);
      tap.take();
      const closedAt = performance.now();
      venue.clock.advanceTo(close);
      const heard: number[] = [];
      while (heard.length === 0) {
        await venue.settle(1);
        heard.push(...tap.take().map(({ at }) => at - closedAt));
      }
      if (bar >= WARM_BARS) delays.push(...heard);
    }
    return delays;
  } finally {
    client.kill();
  }
}
