import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RULE_FEATURES, RuleAnalyst } from '../agents/index.ts';
import { type Settings, type StatusView, symbolsOf } from '../contract/index.ts';
import {
  type Analyst,
  type Candle,
  type Disposer,
  type Instrument,
  type Logger,
  ManualClock,
  type MarketFeed,
  simulatedInstrument,
  type StateStore,
  TIMEFRAME_MS,
} from '../domain/index.ts';
import { ModelRegistry } from '../inference/index.ts';
import { createLogger, type Severity } from '../monitoring/index.ts';
import { openDataDirectory } from '../storage/index.ts';
import type { ContractService } from './client-session.ts';
import { EntryTheses } from './entry-theses.ts';
import { openFeed, profileOf } from './mode.ts';
import type { Timers } from './pacer.ts';
import { RunningTradebot } from './running-tradebot.ts';
import { openStores } from './stores.ts';
import { SYSTEM_TIMERS } from './system-timers.ts';

export interface TradebotOptions {
  readonly settings: Settings;
  readonly dataDirectory: string;
  readonly host: StatusView['host'];
  readonly version: string;
  /** Market time per real time; the mode's own when absent. */
  readonly speed?: number;
  /** Candle files for a replay. */
  readonly replayFiles?: readonly string[];
  readonly migrationsFolder?: string;
  readonly modelsFolder?: string;
  readonly timers?: Timers;
}

/** One running program: what a host starts, shows and stops. */
export interface Tradebot {
  readonly service: ContractService;
  readonly log: Logger;
  /** Resolves at the end of the data or after `stop`; rejects when the engine fails. */
  start(): Promise<void>;
  /** Ends the loop after the event in hand and gives everything back. Orders and positions stay as they are. */
  stop(): Promise<void>;
  /** Compares our books with the venue's now. */
  reconcile(reason: string): Promise<void>;
  alert(severity: Severity, title: string, message: string): void;
  /** Told now and on every change. */
  onStatus(listener: (status: StatusView) => void): Disposer;
}

/** The models of a source checkout. A packaged application has them elsewhere and says so. */
const SOURCE_MODELS = fileURLToPath(new URL('../../models/', import.meta.url));
const REFERENCE_PRICES = 'reference-prices';

/** The models installed in a folder; those of a source checkout when none is named. */
export function openModels(folder = SOURCE_MODELS): ModelRegistry {
  return ModelRegistry.open(folder);
}

/**
 * Opens everything a mode needs, in the order in which it can fail: nothing is written before the directory's lock
 * is held, and what was opened is closed again when a later part cannot be.
 *
 * @throws SettingsError, StorageError or DataError with a line for the trader.
 */
export function openTradebot(options: TradebotOptions): Tradebot {
  const { settings } = options;
  const profile = profileOf(settings.mode);
  const directory = openDataDirectory(options.dataDirectory);
  const opened: { close(): void }[] = [directory];
  try {
    const log = createLogger({ folder: join(directory.path, 'logs') });
    opened.push(log);
    const stores = openStores(directory.path, settings.mode, options.migrationsFolder);
    opened.push(stores);
    const symbols = tradedSymbols(settings, stores.state);
    const { history, state } = stores;
    const feed = openFeed({ settings, symbols, history, state, replayFiles: options.replayFiles ?? [] });
    opened.push(feed);
    const warmUp = new Map(symbols.map((symbol) => [symbol, feed.warmUp(symbol)]));
    const models = openModels(options.modelsFolder);
    return new RunningTradebot({
      settings,
      symbols,
      host: options.host,
      version: options.version,
      directory: directory.path,
      log,
      stores,
      feed,
      warmUp,
      instruments: instrumentsOf(warmUp, state),
      clock: new ManualClock(endOf(warmUp, TIMEFRAME_MS[settings.timeframe], feed)),
      models,
      analysts: analystsOf(settings, models),
      recordedFeatures: RULE_FEATURES,
      orderIdPrefix: profile.orderIdPrefix,
      speed: options.speed ?? profile.defaultSpeed,
      timers: options.timers ?? SYSTEM_TIMERS,
      close: () => closeAll(opened),
    });
  } catch (error) {
    closeAll(opened);
    throw error;
  }
}

function closeAll(opened: readonly { close(): void }[]): void {
  for (const resource of [...opened].reverse()) resource.close();
}

/** What the settings name and what is still held from before; bitcoin first, since the others are measured by it. */
function tradedSymbols(settings: Settings, state: StateStore): readonly string[] {
  const all = [...new Set([...symbolsOf(settings), ...new EntryTheses(state).symbols()])];
  return all.sort((a, b) => Number(b.startsWith('BTC/')) - Number(a.startsWith('BTC/')));
}

function analystsOf(settings: Settings, models: ModelRegistry): readonly Analyst[] {
  const rules = [new RuleAnalyst('bull'), new RuleAnalyst('bear')];
  switch (settings.strategy.id) {
    case 'rules':
      return rules;
    case 'ml':
      return [models];
    case 'ensemble':
      return [...rules, models];
  }
}

/** Filters must not change over a restart, so the price they were derived from is kept. */
function instrumentsOf(
  warmUp: ReadonlyMap<string, readonly Candle[]>,
  state: StateStore,
): ReadonlyMap<string, Instrument> {
  const stored = state.read(REFERENCE_PRICES);
  const prices: Record<string, number> = typeof stored === 'object' && stored !== null ? { ...stored } : {};
  const instruments = [...warmUp].map(([symbol, candles]): [string, Instrument] => {
    const reference = prices[symbol] ?? candles.at(-1)?.close;
    if (reference === undefined) throw new RangeError(`no price of ${symbol} is known`);
    prices[symbol] = reference;
    return [symbol, simulatedInstrument(symbol, reference)];
  });
  state.write(REFERENCE_PRICES, prices);
  return new Map(instruments);
}

/** When the last warm-up bar closed: where the market's clock stands. */
function endOf(
  warmUp: ReadonlyMap<string, readonly Candle[]>,
  timeframeMs: number,
  feed: MarketFeed,
): number {
  const ends = feed.symbols.map((symbol) => (warmUp.get(symbol)?.at(-1)?.openTime ?? 0) + timeframeMs);
  return Math.max(...ends);
}
