import { join } from 'node:path';
import { RULE_FEATURES } from '../agents/index.ts';
import { type Settings, type StatusView, symbolsOf } from '../contract/index.ts';
import {
  bitcoinFirst,
  type Candle,
  type Instrument,
  type Logger,
  ManualClock,
  type MarketFeed,
  type StateStore,
  simulatedInstrument,
  TIMEFRAME_MS,
  type Timers,
} from '../domain/index.ts';
import { createLogger } from '../monitoring/index.ts';
import { openDataDirectory } from '../storage/index.ts';
import { openArena } from './arena/open-arena.ts';
import { openLlmStores } from './installation/llm-stores.ts';
import { NO_SECRETS, type Secrets } from './installation/secrets.ts';
import { openStores } from './installation/stores.ts';
import { SYSTEM_TIMERS } from './installation/system-timers.ts';
import { EntryTheses } from './loop/entry-theses.ts';
import { openFeed, profileOf } from './modes/mode.ts';
import { referencePrices } from './modes/reference-prices.ts';
import { RunningTradebot, type Tradebot } from './running-tradebot.ts';
import { openPrompts } from './voices/language-models.ts';
import { openModels } from './voices/models.ts';

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
  /** Keys of language models; none when absent. */
  readonly secrets?: Secrets;
  readonly timers?: Timers;
}

/**
 * Opens everything a mode needs, in the order in which it can fail: nothing is written before the directory's lock
 * is held, and what was opened is closed again when a later part cannot be.
 *
 * @throws TraderError when one cannot be had.
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
    const feed = openFeed({ settings, symbols, history, state, log, replayFiles: options.replayFiles ?? [] });
    opened.push(feed);
    const warmUp = new Map(symbols.map((symbol) => [symbol, feed.warmUp(symbol)]));
    const models = openModels(
      directory.path,
      (prediction) => stores.predictions.append(prediction),
      options.modelsFolder,
    );
    opened.push({ close: () => void models.close() });
    const llm = {
      stores: openLlmStores(directory.path, options.migrationsFolder),
      ...openPrompts(directory.path),
      secrets: options.secrets ?? NO_SECRETS,
      log,
    };
    opened.push(llm.stores);
    const startTime = endOf(warmUp, TIMEFRAME_MS[settings.timeframe], feed);
    const instruments = instrumentsOf(warmUp, state, log);
    const arena = openArena({
      settings,
      directory: directory.path,
      ensemble: models,
      llm,
      state,
      startTime,
      instruments,
      warmUp,
      log,
      ...(options.migrationsFolder === undefined ? {} : { migrationsFolder: options.migrationsFolder }),
    });
    opened.push(arena);
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
      instruments,
      clock: new ManualClock(startTime),
      models,
      arena,
      llm,
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
  return all.sort(bitcoinFirst);
}

/** Each symbol with the filters of its reference price, which is its last close where it has none yet. */
function instrumentsOf(
  warmUp: ReadonlyMap<string, readonly Candle[]>,
  state: StateStore,
  log: Logger,
): ReadonlyMap<string, Instrument> {
  const document = referencePrices(state);
  const stored = document.readOr((fault) => {
    log.warn({ fault }, 'filters are derived anew from the last prices');
    return {};
  });
  const prices: Record<string, number> = { ...stored };
  const instruments = [...warmUp].map(([symbol, candles]): [string, Instrument] => {
    const reference = prices[symbol] ?? candles.at(-1)?.close;
    if (reference === undefined) throw new RangeError(`no price of ${symbol} is known`);
    prices[symbol] = reference;
    return [symbol, simulatedInstrument(symbol, reference)];
  });
  document.write(prices);
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
