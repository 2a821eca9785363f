import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { onTestFinished } from 'vitest';
import { type SettingsInput, SettingsSchema, type StatusView } from '../../core/contract/index.ts';
import { SILENT_LOGGER } from '../../core/domain/index.ts';
import { openTradebot, StrategyLadder, type Tradebot } from '../../core/engine/index.ts';
import { startVenue, type Venue, VenueClock, type VenueOptions } from '../venue/index.ts';
import { during, passing, timersOf } from '../venue/testing/venue-time.ts';

/** Shortly before funding is paid. */
const START = Date.UTC(2025, 0, 1, 7, 55);

/** Rules that want to trade at almost every bar, and limits that let them. */
export const EAGER = {
  timeframe: '1m',
  strategy: { id: 'rules' },
  arena: { rivals: {} },
  consensus: { quorum: 1, thresholds: { trending: 0, ranging: 0, volatile: 0 } },
  safety: {
    costMultiple: 0,
    minHoldBars: 0,
    reentryWaitBars: 0,
    maxEntriesPerHour: 1_000,
    maxEntriesPerDay: 10_000,
    maxConsecutiveLosses: 1_000,
    minWinRate: 0,
    minSharpe: -1_000,
    maxDailyLoss: 1,
    maxDrawdown: 1,
    stopAtr: 1,
    // Which markets the rules like is not what these tests are about: the first that they do is the one.
    maxPositions: 1,
  },
} satisfies SettingsInput;

export interface ProgramOptions {
  readonly mode: 'paper' | 'sandbox' | 'live';
  readonly dialect?: 'binance-spot' | 'binance-usdm';
  readonly venue?: VenueOptions;
  readonly settings?: SettingsInput;
  /** In place of the account's. */
  readonly keys?: { readonly apiKey?: string; readonly secret?: string };
  /** Told what is to be done at the end; absent: that of the test. */
  readonly atTheEnd?: AtTheEnd;
}

export type AtTheEnd = (close: () => void | Promise<void>) => void;

/** The real program on a data directory and a local venue, both in the venue's time; all of it ends with the test. */
export class ProgramAtVenue {
  readonly venue: Venue;
  readonly directory: string;
  /** How far this machine's clock is ahead of the venue's. */
  aheadMs = 0;
  readonly #options: ProgramOptions;
  readonly #atTheEnd: AtTheEnd;
  #tradebot: Tradebot | undefined;

  private constructor(venue: Venue, directory: string, options: ProgramOptions) {
    this.venue = venue;
    this.directory = directory;
    this.#options = options;
    this.#atTheEnd = options.atTheEnd ?? onTestFinished;
  }

  static async at(options: ProgramOptions): Promise<ProgramAtVenue> {
    const venue = await startVenue({
      dialect: options.dialect ?? 'binance-spot',
      seed: 7,
      clock: new VenueClock(START),
      symbols: ['BTC/USDT', 'ETH/USDT'],
      historyBars: 1_100,
      mood: { volatility: 0.004 },
      ...options.venue,
    });
    const atTheEnd = options.atTheEnd ?? onTestFinished;
    atTheEnd(() => venue.close());
    const directory = mkdtempSync(join(tmpdir(), 'at-venue-'));
    atTheEnd(() => rmSync(directory, { recursive: true, force: true }));
    // Real money asks for an audit, which nobody has the time for here.
    if (options.mode === 'live') showOnLadder(directory, venue.now());
    return new ProgramAtVenue(venue, directory, options);
  }

  /** @throws what keeps it from opening. */
  async start(changes: SettingsInput = {}): Promise<Tradebot> {
    const { mode, settings, keys } = this.#options;
    const isFutures = (this.#options.dialect ?? 'binance-spot') === 'binance-usdm';
    const id = isFutures ? 'binanceusdm' : 'binance';
    const symbols = ['BTC/USDT', 'ETH/USDT'].map((symbol) => (isFutures ? `${symbol}:USDT` : symbol));
    const endpoint = { rest: this.venue.restUrl, ws: this.venue.wsUrl };
    const given = { ...EAGER, mode, symbols, ...settings, ...changes };
    const exchange = { id, endpoint, ...settings?.exchange, ...changes.exchange };
    const secrets = new Map(
      ['binance', 'binanceusdm'].flatMap((name) => [
        [`exchange.${name}.apiKey`, keys?.apiKey ?? this.venue.apiKey],
        [`exchange.${name}.secret`, keys?.secret ?? this.venue.secret],
      ]),
    );
    const opening = openTradebot({
      settings: SettingsSchema.parse({ ...given, exchange }),
      dataDirectory: this.directory,
      host: 'headless',
      version: '0.0.0',
      secrets: { read: (name) => secrets.get(name), sourceOf: () => 'environment' },
      // Nothing is opened again here: there is no file to keep it in.
      keepLimit: () => undefined,
      timers: timersOf(this.venue),
      wallClock: { now: () => this.venue.now() + this.aheadMs },
    });
    const tradebot = await during(this.venue, opening);
    this.#tradebot = tradebot;
    this.#atTheEnd(() => this.stop());
    tradebot.start().catch(() => undefined);
    await this.pass(1_000);
    return tradebot;
  }

  pass(ms: number): Promise<void> {
    return passing(this.venue, ms);
  }

  async stop(): Promise<void> {
    const tradebot = this.#tradebot;
    this.#tradebot = undefined;
    if (tradebot !== undefined) await during(this.venue, tradebot.stop());
  }

  /** @throws TypeError while none runs. */
  get tradebot(): Tradebot {
    if (this.#tradebot === undefined) throw new TypeError('no program runs');
    return this.#tradebot;
  }

  status(): Promise<StatusView> {
    return this.tradebot.service.call('status.get', {});
  }

  /** What the trader must not overlook, as `id: message`. */
  async conditions(): Promise<readonly string[]> {
    return (await this.status()).conditions.map(({ id, message }) => `${id}: ${message}`);
  }

  rows<T>(query: string): readonly T[] {
    const database = new Database(join(this.directory, `${this.#options.mode}.sqlite`), { readonly: true });
    try {
      // The caller names the columns that he asks for.
      return database.prepare(query).all() as T[];
    } finally {
      database.close();
    }
  }
}

/** What a strategy is to have shown before it may trade real money. */
export function showOnLadder(directory: string, at: number): void {
  const ladder = new StrategyLadder({ directory, log: SILENT_LOGGER });
  for (const strategy of ['rules', 'trend']) {
    const which = { strategy, version: null };
    ladder.noteAudit(which, { at, passed: true, days: 700, resultHash: 'of a test' });
    ladder.noteRung(which, 'live', at);
  }
}
