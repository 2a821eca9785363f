import { z } from 'zod';
import { type Mode, type Settings, symbolsOf } from '../../contract/index.ts';
import {
  type HistoryStore,
  type MarketFeed,
  StateDocument,
  type StateStore,
  TraderError,
  type UtcMs,
} from '../../domain/index.ts';
import { mergeCandles, ReplayFeed, readCandles, SimulatedFeed } from '../../market/index.ts';
import type { MarketOptions } from './market.ts';

/** What distinguishes one mode from another. */
export interface ModeProfile {
  /** First letter of every order id: orders of one mode are never taken for another's. */
  readonly orderIdLetter: string;
  /** Where it trades: at a venue of our own at this speed (market time per real time), at a real one, or on paper. */
  readonly market: { readonly simulatedAt: number } | 'venue' | 'paper';
}

const PROFILES: Readonly<Record<Mode, ModeProfile>> = {
  // One hourly bar a second, a day in 24.
  demo: { orderIdLetter: 'd', market: { simulatedAt: 3_600 } },
  replay: { orderIdLetter: 'r', market: { simulatedAt: 3_600 } },
  sandbox: { orderIdLetter: 's', market: 'venue' },
  paper: { orderIdLetter: 'p', market: 'paper' },
  live: { orderIdLetter: 'l', market: 'venue' },
};

/**
 * Where the simulated market's calendar begins: eight hours before a midnight, at which the daily strategy decides, on a date
 * of the usual seed on which it then finds trends in some coins and none in another, and soon has something to sell.
 */
const DEMO_START: UtcMs = Date.UTC(2025, 2, 22, 16);

export function profileOf(mode: Mode): ModeProfile {
  return PROFILES[mode];
}

type FeedOptions = Pick<MarketOptions, 'settings' | 'symbols' | 'history' | 'state' | 'replayFiles' | 'log'>;

/** Where the prices of a simulated market come from. @throws TraderError when they cannot be had. */
export function openFeed(options: FeedOptions): MarketFeed {
  const { settings, symbols, history, state } = options;
  if (settings.mode === 'demo') {
    const { timeframe, simulation } = settings;
    return new SimulatedFeed({
      symbols,
      timeframe,
      seed: simulation.seed,
      startTime: DEMO_START,
      history,
      state,
    });
  }
  return openReplay(options);
}

/** A bar of a replay that everything was done with. */
export interface ReplayedBar {
  readonly symbol: string;
  readonly openTime: UtcMs;
  readonly durationMs: number;
}

/** Notes how far a symbol of a replay has come, so that a restart goes on from there. */
export function rememberReplay(state: StateStore, { symbol, openTime, durationMs }: ReplayedBar): void {
  const document = replayPosition(state);
  const { symbols } = document.readOr(() => NOWHERE);
  document.write({ symbols: { ...symbols, [symbol]: openTime + durationMs }, others: openTime });
}

const PositionSchema = z.object({ symbols: z.record(z.string(), z.number()), others: z.number() });

/**
 * Market time up to which a replay has come, by symbol: bars of one moment come one after the other, and a program
 * may end between them. Symbols that are not named begin with the last bar of the others.
 */
type ReplayPosition = z.infer<typeof PositionSchema>;

const NOWHERE: ReplayPosition = { symbols: {}, others: 0 };

function replayPosition(state: StateStore): StateDocument<ReplayPosition> {
  return new StateDocument<ReplayPosition>(state, 'replay-position', {
    version: 2,
    initial: NOWHERE,
    parse: (stored, version) => {
      if (version >= 2) return PositionSchema.safeParse(stored).data;
      // Once it was one time for all.
      const others = z.number().nullable().safeParse(stored).data;
      return others === undefined ? undefined : { symbols: {}, others: others ?? 0 };
    },
  });
}

function openReplay({ settings, symbols, history, state, replayFiles, log }: FeedOptions): MarketFeed {
  const traded = symbolsOf(settings);
  const [symbol, ...others] = traded;
  if (replayFiles.length > 0) {
    if (symbol === undefined || others.length > 0) {
      throw new TraderError('bad-input', '--data: replaying files takes one symbol: name it with --symbol');
    }
    importFiles(replayFiles, symbol, settings, history);
  }
  const series = symbols.flatMap((each) => {
    const bars = history.candles(each, settings.timeframe, {});
    if (bars.length > 0) return { symbol: each, bars };
    if (!traded.includes(each)) return [];
    throw new TraderError(
      'bad-input',
      `no ${settings.timeframe} history of ${each} is stored: give candle files with --data, or \`tradebot data import\``,
    );
  });
  const position = replayPosition(state).readOr((fault) => {
    log.warn({ fault }, 'the replay begins anew');
    return NOWHERE;
  });
  return new ReplayFeed({
    timeframe: settings.timeframe,
    series,
    // Half of a short history is left to be replayed.
    warmUpBars: Math.min(WARM_UP_BARS, ...series.map(({ bars }) => Math.floor(bars.length / 2))),
    fromTime: (each) => position.symbols[each] ?? position.others,
  });
}

const WARM_UP_BARS = 1_000;

function importFiles(
  files: readonly string[],
  symbol: string,
  settings: Settings,
  history: HistoryStore,
): void {
  const merged = mergeCandles(files.map((file) => readCandles(file)));
  if (merged.timeframe !== settings.timeframe) {
    const what = `the files hold ${merged.timeframe} bars, not ${settings.timeframe}`;
    throw new TraderError(
      'bad-input',
      `--data: ${what}: choose --timeframe ${merged.timeframe} or other files`,
    );
  }
  history.append(symbol, settings.timeframe, merged.candles);
}
