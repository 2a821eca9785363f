import { join } from 'node:path';
import { RULE_FEATURES } from '../agents/index.ts';
import { type Settings, type StatusView, symbolsOf } from '../contract/index.ts';
import {
  bitcoinFirst,
  type Candle,
  type Clock,
  type MarketFeed,
  parseSymbol,
  quoteAmount,
  type StateStore,
  TIMEFRAME_MS,
  type Timers,
} from '../domain/index.ts';
import { createLogger } from '../monitoring/index.ts';
import { openDataDirectory } from '../storage/index.ts';
import { openArena } from './arena/open-arena.ts';
import { requireOneAccount } from './assembly/one-account.ts';
import { openBooks } from './assembly/open-account.ts';
import { simulatedVenue } from './assembly/simulated-venue.ts';
import { installationId } from './installation/installation-id.ts';
import { openLlmStores } from './installation/llm-stores.ts';
import { NO_SECRETS, type Secrets } from './installation/secrets.ts';
import { openStores } from './installation/stores.ts';
import { SYSTEM_RANDOM } from './installation/system-random.ts';
import { SYSTEM_CLOCK, SYSTEM_TIMERS } from './installation/system-timers.ts';
import { symbolsInPosition } from './loop/entry-theses.ts';
import { openFeed, profileOf } from './modes/mode.ts';
import { simulatedInstruments } from './modes/simulated-instruments.ts';
import { RunningTradebot, type Tradebot } from './running-tradebot.ts';
import { openPrompts, prepareLanguageModels } from './voices/language-models.ts';
import { openModels } from './voices/models.ts';
import type { TradebotParts } from './wire-tradebot.ts';

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
  readonly wallClock?: Clock;
  /** Told what is being waited for, a line each. */
  readonly onProgress?: (line: string) => void;
}

interface Resource {
  close(): void | Promise<void>;
}

/**
 * Opens everything a mode needs, in the order in which it can fail: nothing is written before the directory's lock
 * is held, and what was opened is closed again when a later part cannot be.
 *
 * @throws TraderError when one cannot be had.
 */
export async function openTradebot(options: TradebotOptions): Promise<Tradebot> {
  const opened: Resource[] = [];
  const close = async (): Promise<void> => {
    for (const resource of opened.toReversed()) await resource.close();
  };
  try {
    return new RunningTradebot({ ...(await openParts(options, opened)), close });
  } catch (error) {
    await close();
    throw error;
  }
}

/** @param opened gets what is to be closed again. */
async function openParts(
  options: TradebotOptions,
  opened: Resource[],
): Promise<Omit<TradebotParts, 'close'>> {
  const { settings, onProgress, migrationsFolder, timers = SYSTEM_TIMERS } = options;
  const profile = profileOf(settings.mode);
  const keep = <T extends Resource>(resource: T): T => {
    opened.push(resource);
    return resource;
  };
  const directory = keep(openDataDirectory(options.dataDirectory));
  const log = keep(createLogger({ folder: join(directory.path, 'logs') }));
  const stores = keep(openStores(directory.path, settings.mode, migrationsFolder));
  const { history, state } = stores;
  const symbols = symbolsToRun(settings, state);
  requireOneAccount(
    symbols.flatMap((symbol) => parseSymbol(symbol) ?? []),
    stores.ledger,
  );
  const opening = { symbols, ...(onProgress === undefined ? {} : { onProgress }) };
  const replayFiles = options.replayFiles ?? [];
  const feed = keep(openFeed({ settings, symbols, history, state, replayFiles, log }));
  await feed.open(opening);
  const warmUp = new Map(symbols.map((symbol) => [symbol, feed.warmUp(symbol)]));
  const models = keep(
    openModels(directory.path, (prediction) => stores.predictions.append(prediction), options.modelsFolder),
  );
  const llm = {
    stores: keep(openLlmStores(directory.path, migrationsFolder)),
    ...openPrompts(directory.path),
    secrets: options.secrets ?? NO_SECRETS,
    log,
  };
  await prepareLanguageModels(settings);
  const speed = options.speed ?? profile.defaultSpeed;
  const run = {
    settings,
    symbols,
    warmUp,
    timers,
    // Faster than real time the simulated market can wait for a debate; at 1x it goes on, as a real one does.
    waitForSlowVoters: speed > 1,
    barrierMs: null,
    log,
  };
  const startTime = endOf(warmUp, TIMEFRAME_MS[settings.timeframe], feed);
  const instruments = simulatedInstruments(warmUp, state, log);
  const { venue, clock, drive } = simulatedVenue({
    instruments,
    settings: settings.simulation,
    capital: quoteAmount(settings.capital),
    startTime,
    store: stores.venue,
  });
  keep(venue);
  await venue.open(opening);
  const accountNotice = await openBooks({
    symbols,
    venue,
    ledger: stores.ledger,
    capital: quoteAmount(settings.capital),
    now: clock.now(),
  });
  const arena = keep(
    await openArena({
      ...run,
      directory: directory.path,
      ensemble: models,
      llm,
      state,
      startTime,
      instruments,
      ...(migrationsFolder === undefined ? {} : { migrationsFolder }),
    }),
  );
  return {
    ...run,
    host: options.host,
    version: options.version,
    directory: directory.path,
    stores,
    accountNotice,
    feed,
    venue,
    clocks: { market: clock, wall: options.wallClock ?? SYSTEM_CLOCK },
    drive,
    models,
    arena,
    llm,
    recordedFeatures: RULE_FEATURES,
    orderIdPrefix: `${profile.orderIdLetter}${installationId(directory.path, SYSTEM_RANDOM)}`,
    speed,
  };
}

/** What the settings name and what is still held from before; bitcoin first, since the others are measured by it. */
function symbolsToRun(settings: Settings, state: StateStore): readonly string[] {
  return [...new Set([...symbolsOf(settings), ...symbolsInPosition(state)])].sort(bitcoinFirst);
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
