import { join } from 'node:path';
import { RULE_FEATURES } from '../agents/index.ts';
import { type Settings, type StatusView, symbolsOf } from '../contract/index.ts';
import {
  bitcoinFirst,
  type Clock,
  type Logger,
  type Prediction,
  parseSymbol,
  quoteAmount,
  type StateStore,
  type Timers,
} from '../domain/index.ts';
import { WorkerRunner } from '../inference/index.ts';
import { createLogger, type LogDestination, type LogLevel } from '../monitoring/index.ts';
import { openDataDirectory, requireWhole } from '../storage/index.ts';
import { openArena } from './arena/open-arena.ts';
import { allottedCapital } from './assembly/allotment.ts';
import { requireOneAccount } from './assembly/one-account.ts';
import { openBooks } from './assembly/open-account.ts';
import { killDrill } from './emergency/kill-drill.ts';
import type { GuardianProcess } from './guardian/guardian-protocol.ts';
import { type GuardianSeat, guardianKeys } from './guardian/guardian-seat.ts';
import { installationId } from './installation/installation-id.ts';
import { InstanceFile } from './installation/instances.ts';
import { openLlmStores } from './installation/llm-stores.ts';
import { openMirror } from './installation/mirror.ts';
import { warnOfRights } from './installation/rights-kept.ts';
import { NO_SECRETS, type Secrets } from './installation/secrets.ts';
import { storeNames } from './installation/store-names.ts';
import { openStores } from './installation/stores.ts';
import { StrategyFolder } from './installation/strategy-folder.ts';
import { SYSTEM_RANDOM } from './installation/system-random.ts';
import { MACHINE_CLOCK, SYSTEM_CLOCK, SYSTEM_TIMERS } from './installation/system-timers.ts';
import { Upkeep } from './installation/upkeep.ts';
import { rememberVenue } from './installation/venue-memory.ts';
import { BOOK_FEATURES } from './loop/book-features.ts';
import { symbolsInPosition } from './loop/entry-theses.ts';
import { openExchangeMarket } from './modes/exchange-market.ts';
import type { Market, MarketOptions } from './modes/market.ts';
import { type ModeProfile, profileOf } from './modes/mode.ts';
import { openPaperMarket } from './modes/paper-market.ts';
import { openSimulatedMarket } from './modes/simulated-market.ts';
import { requireSameAccount } from './modes/venue-binding.ts';
import { RunningTradebot, type Tradebot } from './running-tradebot.ts';
import type { KeepLimit } from './service/limits-desk.ts';
import { openPrompts, prepareLanguageModels } from './voices/language-models.ts';
import { openModels } from './voices/models.ts';
import { openVolatilitySets } from './voices/volatility.ts';
import { VolatilityWatch } from './volatility/volatility-watch.ts';
import type { TradebotParts } from './wire-tradebot.ts';

export interface TradebotOptions {
  readonly settings: Settings;
  readonly dataDirectory: string;
  /** Where running programs of this user are noted; absent: this one is not, and `tradebot kill` looks for none. */
  readonly runtimeFolder?: string;
  readonly host: StatusView['host'];
  /** Starts the process that closes what is open when this one hangs or crashes; absent: nobody does. */
  readonly spawnGuardian?: () => GuardianProcess;
  readonly version: string;
  /** Market time per real time; the mode's own when absent. */
  readonly speed?: number;
  /** Candle files for a replay. */
  readonly replayFiles?: readonly string[];
  readonly migrationsFolder?: string;
  readonly modelsFolder?: string;
  /** Keys of language models; none when absent. */
  readonly secrets?: Secrets;
  /** Writes a limit that the trader changes into the settings; absent: none is changed while it runs. */
  readonly keepLimit?: KeepLimit;
  /** What carries alerts over the network. */
  readonly fetch?: typeof globalThis.fetch;
  readonly timers?: Timers;
  readonly wallClock?: Clock;
  /** Told what is being waited for, a line each. */
  readonly onProgress?: (line: string) => void;
  /** Gets every line of the log as well. */
  readonly logTo?: LogDestination;
  /** Default `info`. */
  readonly logLevel?: LogLevel;
  /** Gives up opening. */
  readonly signal?: AbortSignal;
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

/** Only where there is a real account: a demo must not be halted because a laptop was slow, and loses nothing. */
function guardianOf(options: TradebotOptions, directory: string, secrets: Secrets): GuardianSeat | null {
  const { settings, spawnGuardian: spawn, runtimeFolder = null, migrationsFolder = null } = options;
  if (spawn === undefined || profileOf(settings.mode).market !== 'venue') return null;
  return {
    spawn,
    place: { directory, runtimeFolder, pid: process.pid, settings, migrationsFolder },
    keys: guardianKeys(settings.exchange.id, secrets),
  };
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
  const logFiles = keep(
    createLogger({
      folder: join(directory.path, 'logs'),
      ...(options.logLevel === undefined ? {} : { level: options.logLevel }),
      ...(options.logTo === undefined ? {} : { destination: options.logTo }),
    }),
  );
  const log: Logger = logFiles;
  const wallClock = options.wallClock ?? SYSTEM_CLOCK;
  warnOfRights(directory.path, log);
  const { runtimeFolder: folder, host } = options;
  const facts = { directory: directory.path, mode: settings.mode, host };
  // From here on, also while a venue takes its time to open.
  const instance =
    folder === undefined ? null : keep(new InstanceFile({ ...facts, folder, clock: wallClock, timers, log }));
  const names = storeNames(directory.path, settings, migrationsFolder);
  requireWhole(join(directory.path, `${names.account}.sqlite`));
  const stores = keep(openStores(directory.path, settings.mode, migrationsFolder, names));
  const { history, state } = stores;
  const symbols = symbolsToRun(settings, state);
  requireOneAccount(
    symbols.flatMap((symbol) => parseSymbol(symbol) ?? []),
    stores.ledger,
  );
  const secrets = options.secrets ?? NO_SECRETS;
  const orderIdPrefix = `${profile.orderIdLetter}${installationId(directory.path, SYSTEM_RANDOM)}`;
  if (profile.market === 'venue') {
    requireSameAccount(state, settings);
    rememberVenue(directory.path, { settings, symbols, orderIdPrefix }, log);
  }
  // A file that was broken or deleted while something is held must not keep the program from guarding that, nor ever one
  // of those that trade on paper beside it.
  const isHolding = symbolsInPosition(state).length > 0;
  const ofRivals = new Set(Object.values(settings.arena.rivals).map(({ strategy }) => strategy));
  const strategies = new StrategyFolder(directory.path, {
    goesOn: (id) => (id === settings.strategy.id ? isHolding : ofRivals.has(id)),
  });
  const chosen = strategies.of(settings.strategy.id);
  if (chosen.kind === 'proposing' && chosen.fault !== undefined) {
    onProgress?.(`${chosen.fault}. Until then only what is held is guarded and led: nothing is bought`);
  }
  const mirror = openMirror({
    settings,
    names,
    stores,
    secrets,
    timers,
    wallClock,
    log: log.child({ logger: 'mirror' }),
    keep,
  });
  const market = await openMarket(
    {
      settings,
      strategies,
      symbols,
      history,
      state,
      venueStore: stores.venue,
      replayFiles: options.replayFiles ?? [],
      speed: options.speed,
      secrets,
      wallClock,
      timers,
      log: log.child({ logger: 'market' }),
      onProgress,
      signal: options.signal,
      keep,
    },
    profile,
  );
  const { venue, clock, warmUp, lookBack, startTime, instruments } = market;
  // One thread for all models.
  const runner = new WorkerRunner({ capacityBytes: settings.models.cacheMb * 1_000_000 });
  const onPrediction = (prediction: Prediction): void => stores.predictions.append(prediction);
  const models = keep(openModels(directory.path, onPrediction, options.modelsFolder, runner));
  const found = openVolatilitySets(options.modelsFolder);
  const { timeframe } = settings;
  const volatility = new VolatilityWatch({ found, runner, timeframe, symbols, state, now: startTime });
  const llm = {
    stores: keep(openLlmStores(directory.path, migrationsFolder)),
    ...openPrompts(directory.path),
    secrets,
    log: log.child({ logger: 'language-models' }),
  };
  await prepareLanguageModels(settings);
  const { ledger } = stores;
  const capital =
    profile.market === 'venue'
      ? await allottedCapital({ settings, symbols, venue, ledger })
      : quoteAmount(settings.capital);
  const accountNotice = await openBooks({ symbols, venue, ledger, capital, now: clock.now() });
  const { waitForSlowVoters, barrierMs, recentMarket } = market;
  const run = {
    settings,
    strategies,
    symbols,
    warmUp,
    lookBack,
    timers,
    waitForSlowVoters,
    barrierMs,
    recentMarket,
    log,
  };
  const arena = keep(
    await openArena({
      ...run,
      isReal: market.drive === null,
      directory: directory.path,
      account: names.account,
      ensemble: models,
      outlooks: (symbol, openTime) => volatility.before(symbol, openTime),
      llm,
      state,
      startTime,
      instruments,
      ...(migrationsFolder === undefined ? {} : { migrationsFolder }),
    }),
  );
  return {
    ...run,
    host,
    instance,
    guardian: guardianOf(options, directory.path, secrets),
    version: options.version,
    directory: directory.path,
    logFiles,
    stores,
    upkeep: new Upkeep({
      ...{ directory: directory.path, settings, stores, mirror, log },
      llm: llm.stores,
      clocks: { market: clock, wall: wallClock },
    }),
    accountNotice,
    feed: market.feed,
    venue,
    clocks: { market: clock, wall: wallClock },
    machineClock: options.wallClock ?? MACHINE_CLOCK,
    drive: market.drive,
    models,
    volatility,
    arena,
    llm,
    secrets,
    fetch: options.fetch ?? globalThis.fetch,
    keyRights: market.keyRights,
    readings: market.readings,
    recordedFeatures: recentMarket === null ? RULE_FEATURES : [...RULE_FEATURES, ...BOOK_FEATURES],
    orderIdPrefix,
    speed: market.speed,
    notes: market.notes,
    keepLimit: options.keepLimit ?? null,
    drill: () =>
      killDrill({
        timers,
        clock: wallClock,
        ...(migrationsFolder === undefined ? {} : { migrationsFolder }),
      }),
  };
}

function openMarket(options: MarketOptions, { market }: ModeProfile): Promise<Market> {
  if (market === 'venue') return openExchangeMarket(options);
  return market === 'paper' ? openPaperMarket(options) : openSimulatedMarket(options, market.simulatedAt);
}

/** What the settings name and what is still held from before; bitcoin first, since the others are measured by it. */
function symbolsToRun(settings: Settings, state: StateStore): readonly string[] {
  return [...new Set([...symbolsOf(settings), ...symbolsInPosition(state)])].sort(bitcoinFirst);
}
