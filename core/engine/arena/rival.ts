import { type ContenderView, type PortfolioView, type Settings, symbolsOf } from '../../contract/index.ts';
import {
  type Candle,
  type Decision,
  type Instrument,
  type Logger,
  type MarketEvent,
  type Outlooks,
  quoteAmount,
  type StateDocument,
  TIMEFRAME_MS,
  type Timers,
  type UtcMs,
} from '../../domain/index.ts';
import type { RecentMarket } from '../../market/index.ts';
import { assembleEngine, type Engine } from '../assembly/assemble.ts';
import { openBooks } from '../assembly/open-account.ts';
import { type SimulatedVenue, simulatedVenue } from '../assembly/simulated-venue.ts';
import type { LineUp } from '../loop/line-up.ts';
import type { Market } from '../modes/market.ts';
import { portfolioView } from '../views/account-views.ts';
import { Agreement } from './agreement.ts';
import type { RivalStores } from './rival-stores.ts';
import { newTally, type Tally, tallyDocument } from './tally.ts';

export interface RivalParts {
  readonly lineUp: LineUp;
  readonly settings: Settings;
  readonly symbols: readonly string[];
  readonly instruments: ReadonlyMap<string, Instrument>;
  readonly startTime: UtcMs;
  readonly timers: Timers;
  /** As for the engine in use. */
  readonly waitForSlowVoters: boolean;
  readonly barrierMs: number | null;
  readonly warmUp: ReadonlyMap<string, readonly Candle[]>;
  readonly lookBack: Market['lookBack'];
  /** As for the engine in use: the same question to a language model is asked once. */
  readonly recentMarket: RecentMarket | null;
  /** As for the engine in use. */
  readonly outlooks?: Outlooks;
  readonly stores: RivalStores;
  readonly log: Logger;
}

/** One way of deciding, trading the same bars on paper with an engine, ledger and account of its own. */
export class Rival {
  readonly lineUp: LineUp;
  readonly #engine: Engine;
  readonly #stores: RivalStores;
  readonly #timeframeMs: number;
  readonly #agreement: Agreement;
  readonly #tallies: StateDocument<Tally>;
  #tally: Tally;
  #problem: string | null = null;

  /** Opens the rival's own venue and takes up its account where it was left. */
  static async open(parts: RivalParts): Promise<Rival> {
    const { settings, symbols, instruments, startTime, stores } = parts;
    const simulated = simulatedVenue({
      instruments,
      settings: settings.simulation,
      capital: quoteAmount(settings.capital),
      startTime,
      store: stores.venue,
    });
    const { venue, clock } = simulated;
    await venue.open({ symbols });
    const capital = quoteAmount(settings.capital);
    await openBooks({ symbols, venue, ledger: stores.ledger, capital, now: clock.now() });
    return new Rival(parts, simulated);
  }

  private constructor(parts: RivalParts, { venue, clock, drive }: SimulatedVenue) {
    const { lineUp, settings, stores, startTime } = parts;
    this.lineUp = lineUp;
    this.#stores = stores;
    this.#timeframeMs = TIMEFRAME_MS[settings.timeframe];
    this.#tallies = tallyDocument(stores.state, startTime);
    this.#tally = this.#tallies.readOr((fault) => {
      parts.log.warn({ fault }, 'the rival is counted anew');
      return newTally(startTime);
    });
    this.#agreement = new Agreement((agreed) => this.#count(agreed));
    this.#engine = assembleEngine({
      settings,
      symbols: parts.symbols,
      chosen: symbolsOf(settings),
      keepsPrices: true,
      asksOnlookers: false,
      venue,
      clocks: { market: clock, wall: clock },
      timers: parts.timers,
      drive,
      waitForSlowVoters: parts.waitForSlowVoters,
      barrierMs: parts.barrierMs,
      lineUp: () => lineUp,
      orderIdPrefix: 'a000',
      ledger: stores.ledger,
      decisions: stores.decisions,
      trades: stores.trades,
      state: stores.state,
      hindsight: stores.hindsight,
      equity: stores.equity.recent(Number.MAX_SAFE_INTEGER),
      // Its money is paper wherever the active one's is real: an emergency there is none here.
      killSwitch: { mayLeave: () => ({ allowed: true }), state: () => undefined },
      feedHealth: () => ({ stale: false, ageMs: 0 }),
      entriesHeld: () => null,
      recordedFeatures: [],
      recentMarket: parts.recentMarket,
      ...(parts.outlooks === undefined ? {} : { outlooks: parts.outlooks }),
      observer: {
        onDecision: (decision) => {
          // What it decided without a voter that broke is not what it stands for.
          if (this.#trouble() === null) this.#agreement.own(decision);
        },
        onFault: (reason) => {
          if (reason !== null) this.#dropOut(reason);
        },
        onFailure: (error) => this.#dropOut(error),
      },
      log: parts.log,
    });
    this.#engine.loop.lookBack(parts.lookBack);
    this.#engine.loop.warmUp(parts.warmUp);
    this.#engine.desk.protectAll();
  }

  /** Takes an event as the active engine does. Never rejects: a rival that fails drops out. */
  async handle(event: MarketEvent): Promise<void> {
    if (this.#problem !== null) return;
    try {
      await this.#engine.loop.handle(event);
      if (event.kind === 'bar') this.#afterBar(event.candle);
    } catch (error) {
      this.#dropOut(error);
    }
  }

  /** What the active engine has decided; the rival has or will, each in its own time. */
  activeDecided(decision: Decision): void {
    if (this.#trouble() === null) this.#agreement.active(decision);
  }

  view(minSample: number): ContenderView {
    const { portfolio } = this.#engine;
    const { since, bars, agreed } = this.#tally;
    return contender(this.lineUp, portfolioView(portfolio, since, minSample), {
      active: false,
      since,
      bars,
      agreement: bars === 0 ? null : agreed / bars,
      problem: this.#trouble(),
    });
  }

  /** Why it takes no part any more, or only leads what it holds; null: it does all it should. */
  #trouble(): string | null {
    return this.#problem ?? this.#engine.strategyFault(this.lineUp.decides);
  }

  /** Ends its decisions; its paper orders and positions stay as they are. */
  async close(): Promise<void> {
    this.lineUp.agents.close();
    await this.#engine.close();
    await this.#engine.venue.close();
    this.#stores.close();
  }

  #count(agreed: boolean): void {
    const { since, bars, agreed: before } = this.#tally;
    this.#tally = { since, bars: bars + 1, agreed: before + Number(agreed) };
    this.#tallies.write(this.#tally);
  }

  #afterBar(bar: Candle): void {
    const { portfolio } = this.#engine;
    if (!portfolio.marked) return;
    const time = bar.openTime + this.#timeframeMs;
    this.#stores.equity.append(portfolio.equityRecord(time));
  }

  #dropOut(reason: unknown): void {
    this.#problem = reason instanceof Error ? reason.message : String(reason);
  }
}

/** An account's line in the comparison. */
export function contender(
  lineUp: LineUp,
  view: PortfolioView,
  facts: Pick<ContenderView, 'active' | 'since' | 'bars' | 'agreement' | 'problem'>,
): ContenderView {
  const { equity, returnPct, maxDrawdownPct, fees, trades, winRate, sharpe } = view;
  return { ...voters(lineUp), ...facts, equity, returnPct, maxDrawdownPct, fees, trades, winRate, sharpe };
}

/** The line of one that trades nowhere: it can be promoted, and has nothing to be compared by. */
export function withoutAccount(lineUp: LineUp): ContenderView {
  const none = { value: null, sampleSize: 0 };
  return {
    ...voters(lineUp),
    active: false,
    since: null,
    bars: 0,
    agreement: null,
    problem: null,
    equity: null,
    returnPct: null,
    maxDrawdownPct: null,
    fees: null,
    trades: 0,
    winRate: none,
    sharpe: none,
  };
}

function voters({
  name,
  strategy,
  analysts,
  agents,
}: LineUp): Pick<ContenderView, 'name' | 'strategy' | 'analysts' | 'llmCostUsd'> {
  return { name, strategy, analysts, llmCostUsd: agents.costUsd() };
}
