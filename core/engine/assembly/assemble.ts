import type { SafetySettings, Settings } from '../../contract/index.ts';
import {
  type ClientOrderId,
  type Clocks,
  type DecisionStore,
  type EquityRecord,
  type Exchange,
  type ExcursionStore,
  type HindsightStore,
  type Instrument,
  isBitcoin,
  type Logger,
  NO_OUTLOOK,
  type OrderGate,
  type OrderLedger,
  type Outlooks,
  type StateStore,
  simulationNotes,
  TIMEFRAME_MS,
  type Timers,
  type TradingCosts,
  type UtcMs,
  type WayIn,
} from '../../domain/index.ts';
import type { ExecutionDesk } from '../../execution/index.ts';
import { FeatureStream } from '../../features/index.ts';
import type { RecentMarket } from '../../market/index.ts';
import { Excursions, type Portfolio, termsOf } from '../../portfolio/index.ts';
import {
  CircuitBreaker,
  EntryReview,
  type FeedHealth,
  type Latch,
  LimitsInForce,
} from '../../safety/index.ts';
import { MemoryHindsightStore, type SqliteTradeHistory } from '../../storage/index.ts';
import type { Strategy } from '../../strategies/index.ts';
import { BarKeeper } from '../loop/bar-keeper.ts';
import { BookFeatures } from '../loop/book-features.ts';
import { DailyMoves } from '../loop/daily-moves.ts';
import { EntryTheses } from '../loop/entry-theses.ts';
import { Hindsight } from '../loop/hindsight.ts';
import type { LimitUse } from '../loop/limit-use.ts';
import type { LineUp } from '../loop/line-up.ts';
import { PlanDesk } from '../loop/plan-desk.ts';
import { PriceHistory } from '../loop/price-history.ts';
import { StrategyWatch } from '../loop/strategy-watch.ts';
import { SymbolDesk } from '../loop/symbol-desk.ts';
import { TargetDesk } from '../loop/target-desk.ts';
import { TradeDesk, throttledSince } from '../loop/trade-desk.ts';
import { type Drive, type LoopObserver, TradingLoop } from '../loop/trading-loop.ts';
import { type ExecutionObserver, wireExecution } from './execution.ts';
import { foldBooks, keepFolded } from './folded-books.ts';
import { Instruments } from './instruments.ts';
import { requireOneAccount } from './one-account.ts';
import { accountQuote } from './open-account.ts';

/** What the assembled engine tells besides what the loop does. */
export type EngineObserver = LoopObserver & ExecutionObserver;

export interface AssemblyOptions {
  readonly settings: Settings;
  /** What is traded, and what is still held of other symbols. */
  readonly symbols: readonly string[];
  /** Those among them that the trader has chosen: a strategy shares the equity between them. */
  readonly chosen: readonly string[];
  /** Whether the prices are kept that strategies read which propose by themselves. */
  readonly keepsPrices: boolean;
  /** Whether voters judge also bars on which a strategy decides nothing, for the trader to see. */
  readonly asksOnlookers: boolean;
  /** Books and trades of a real venue; null where the market has none. */
  readonly recentMarket: RecentMarket | null;
  /** Open already. */
  readonly venue: Exchange;
  readonly clocks: Clocks;
  readonly timers: Timers;
  /** Lets a simulated market happen; null where a real venue does what it does. */
  readonly drive: Drive | null;
  /** Whether the market waits for language models. */
  readonly waitForSlowVoters: boolean;
  /** How long a bar waits for bitcoin's of the same time; null where the feed has them in order. */
  readonly barrierMs: number | null;
  /** Asked once a bar: who votes on it. */
  readonly lineUp: () => LineUp;
  readonly orderIdPrefix: string;
  readonly ledger: OrderLedger;
  readonly decisions: DecisionStore;
  /** Rows of the ledger's round trips, counted as the portfolio counts them; absent where none are kept. */
  readonly trades?: Pick<SqliteTradeHistory, 'tellMarkets'>;
  readonly state: StateStore;
  /** Where it is kept what prices trades saw; absent where nobody asks. */
  readonly excursions?: ExcursionStore;
  /** Entries that were wanted, and what each came to; in memory when absent. */
  readonly hindsight?: HindsightStore;
  /** Whether voters count by what their records have earned; default: they do. */
  readonly countsRecords?: boolean;
  /** What was foretold of volatility before a bar; nothing when absent. */
  readonly outlooks?: Outlooks;
  /** Why what was to be written before an entry, for what it is made say, is not; null: it is. Default: it always is. */
  readonly unwritten?: () => string | null;
  readonly equity?: readonly EquityRecord[];
  /** Asked before every order leaves; its state goes into every entry's review. */
  readonly killSwitch: OrderGate & { state(): Latch | undefined };
  readonly feedHealth: (symbol: string) => FeedHealth;
  readonly entriesHeld: (symbol: string) => string | null;
  readonly recordedFeatures: readonly string[];
  readonly observer: EngineObserver;
  readonly log: Logger;
}

/** The engine's parts, wired. */
export interface Engine {
  readonly loop: TradingLoop;
  readonly venue: Exchange;
  readonly desk: ExecutionDesk;
  readonly portfolio: Portfolio;
  readonly breaker: CircuitBreaker;
  readonly theses: EntryTheses;
  /** What entries that were wanted have come to. */
  readonly hindsight: Hindsight;
  /** The settings of safety that hold now. */
  readonly limits: Pick<LimitsInForce, 'settings'>;
  /** Other limits hold from the next question on; what is known already is judged by them at once. */
  changeLimits(settings: SafetySettings): void;
  /** What is used of the limits of entries now. */
  limitUse(): LimitUse;
  /** What a simulated venue leaves out, a line each. */
  readonly notes: readonly string[];
  /** Keeps what the ledger has come to, for the next start to be quick. To be called now and then. Never throws. */
  keepFolded(): void;
  /** Why a strategy buys nothing any more, or null. */
  strategyFault(strategy: Strategy): string | null;
  /** Why nothing may be entered in a symbol, or null. */
  notTradable(symbol: string): string | null;
  /** Ends the decisions, then stops listening to the venue. */
  close(): Promise<void>;
}

/**
 * Wires the ten steps into one engine around the venue and the clocks that it is given: for the demo, a replay, a
 * backtest and the real thing alike. The one place where steps meet.
 *
 * @throws TraderError when the symbols cannot be traded in one account.
 */
export function assembleEngine(options: AssemblyOptions): Engine {
  const { settings, symbols, venue, clocks, timers, drive, ledger, state, killSwitch, observer, log } =
    options;
  const clock = clocks.market;
  const known = new Instruments(venue, state, symbols, log);
  const instruments = (symbol: string): Instrument => known.of(symbol);
  requireOneAccount(symbols.map(instruments), ledger);
  options.trades?.tellMarkets((symbol) => {
    const { isSpot, base, lotSize } = termsOf(symbol, instruments(symbol));
    return { asset: isSpot ? base : null, lot: lotSize };
  });
  const books = { ledger, state, log, instruments, quote: accountQuote(symbols) };
  const { portfolio, fillNotes } = foldBooks({ ...books, equity: options.equity ?? [] });
  const excursions = new Excursions(options.excursions ?? NO_EXCURSIONS, (symbol) =>
    portfolio.position(symbol),
  );
  const limits = new LimitsInForce(settings.safety);
  const breaker = new CircuitBreaker({ settings: settings.safety, state, clock, logger: log });
  const theses = new EntryTheses({
    state,
    clock,
    strategyId: settings.strategy.id,
    orderOf: (symbol, decisionId) => entryOrderOf(ledger, symbol, decisionId),
  });
  const desk = wireExecution({
    venue,
    symbols,
    instruments,
    clocks,
    timers,
    orderIdPrefix: options.orderIdPrefix,
    ledger,
    recorded: fillNotes,
    unwritten: () => options.unwritten?.() ?? null,
    state,
    gate: {
      mayLeave: (intent) => {
        const answer = killSwitch.mayLeave(intent);
        return answer.allowed ? trade.mayLeave(intent) : answer;
      },
    },
    portfolio,
    excursions,
    breaker,
    theses,
    observer,
    log,
  });
  const { orders, ids } = desk;
  const notTradable = (symbol: string): string | null => {
    const status = known.statusOf(symbol);
    const rest = status === 'delisted' ? ', or was never listed: check its name in the settings' : '';
    return status === 'trading'
      ? null
      : `${symbol} is ${status} at ${venue.id}: it is only closed out${rest}`;
  };
  const desks = new Map(
    symbols.map((symbol) => {
      const instrument = instruments(symbol);
      return [symbol, deskOf(instrument, options, () => notTradable(symbol))] as const;
    }),
  );
  const moves = new DailyMoves();
  const trade = new TradeDesk(
    {
      settings,
      limits,
      review: new EntryReview({ limits, killSwitch, breaker }),
      desk,
      orders,
      ids,
      portfolio,
      theses,
      moves,
      feedHealth: options.feedHealth,
      entriesHeld: (symbol) => options.entriesHeld(symbol) ?? stopped(killSwitch, breaker),
      isRealMoney: settings.mode === 'live' && drive === null,
      now: () => clock.now(),
    },
    recentEntryTimes(ledger, clock.now()),
  );
  const hindsight = new Hindsight(options.hindsight ?? new MemoryHindsightStore());
  const watch = new StrategyWatch({
    state,
    onFault: (strategy, reason) => observer.onStrategyFault?.(strategy, reason),
  });
  const loop = new TradingLoop({
    settings,
    symbols,
    drive,
    timers,
    clock,
    waitForSlowVoters: options.waitForSlowVoters,
    barrierMs: options.barrierMs,
    bars: new BarKeeper(desks, moves),
    prices: new PriceHistory(options.chosen, watch),
    watch,
    keepsPrices: options.keepsPrices,
    asksOnlookers: options.asksOnlookers,
    hindsight,
    countsRecords: options.countsRecords ?? true,
    targets: new TargetDesk({ limits, trade, theses }),
    plans: new PlanDesk({ theses, protect: (symbol) => desk.protect(symbol) }),
    lineUp: options.lineUp,
    trade,
    breaker,
    desk,
    orders,
    portfolio,
    excursions,
    theses,
    decisions: options.decisions,
    recordedFeatures: options.recordedFeatures,
    outlooks: options.outlooks ?? NO_OUTLOOK,
    entriesHeld: options.entriesHeld,
    observer,
  });
  return {
    desk,
    loop,
    venue,
    portfolio,
    breaker,
    theses,
    hindsight,
    limits,
    changeLimits(settings) {
      const before = limits.tightenings;
      limits.use(settings);
      breaker.use(settings);
      if (limits.tightenings > before) desk.judgeEntriesAnew();
    },
    limitUse: () => trade.limitUse(),
    keepFolded: () => keepFolded(books),
    strategyFault: (strategy) =>
      strategy.kind === 'voted' ? null : (strategy.fault ?? watch.reduceOnly(strategy)),
    notTradable,
    notes: drive === null ? [] : simulationNotes(symbols.map(instruments)),
    async close() {
      await loop.close();
      await desk.endEntries();
      desk.close();
      breaker.flush();
      excursions.flush();
    },
  };
}

const NO_EXCURSIONS: ExcursionStore = { write: () => undefined, open: () => [] };

function deskOf(
  instrument: Instrument,
  { settings, venue, clocks, drive, recentMarket }: AssemblyOptions,
  notTradable: () => string | null,
): SymbolDesk {
  const { timeframe, execution } = settings;
  const features = new FeatureStream({
    timeframeMs: TIMEFRAME_MS[timeframe],
    isBtc: isBitcoin(instrument.symbol),
  });
  const { symbol } = instrument;
  const book = recentMarket === null ? null : new BookFeatures(symbol, timeframe, recentMarket);
  // A simulated venue fills at its own spread, whatever the real one's is.
  const measured = drive === null ? book : null;
  const costs = (): TradingCosts => {
    const told = venue.costs(symbol);
    return measured === null ? told : measured.costs(told, clocks.market.now());
  };
  const wayIn = wayInOf(execution);
  return new SymbolDesk({ instrument, timeframe, features, book, costs, wayIn, notTradable });
}

function wayInOf({ entry, afterTimeout }: Settings['execution']): WayIn {
  if (entry === 'taker') return 'take';
  return afterTimeout === 'taker' ? 'make-then-take' : 'make';
}

/** The entry that a decision made, while it is among the symbol's recent orders. */
function entryOrderOf(ledger: OrderLedger, symbol: string, decisionId: string): ClientOrderId | null {
  const recent = ledger.recentOrders({ symbol, limit: 1_000 });
  const entry = recent.find((order) => order.purpose === 'entry' && order.decisionId === decisionId);
  return entry?.clientOrderId ?? null;
}

/** When the entries were made that the throttle still counts. One that makes first has many orders, of one decision. */
function recentEntryTimes(ledger: OrderLedger, now: UtcMs): readonly UtcMs[] {
  const entries = ledger
    .recentOrders({ limit: 10_000 })
    .filter(({ purpose, createdAt }) => purpose === 'entry' && createdAt >= throttledSince(now));
  return [
    ...new Map(entries.map((each) => [each.decisionId ?? each.clientOrderId, each.createdAt])).values(),
  ];
}

/** Why safety lets no entry go on that is under way; null: it does. */
function stopped(killSwitch: AssemblyOptions['killSwitch'], breaker: CircuitBreaker): string | null {
  if (killSwitch.state() !== undefined) return 'the emergency stop is engaged';
  const verdict = breaker.verdict();
  return verdict.allowed ? null : verdict.message;
}
