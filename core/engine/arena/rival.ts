import type { ContenderView, PortfolioView, Settings } from '../../contract/index.ts';
import {
  type Candle,
  type Decision,
  type Instrument,
  type Logger,
  type MarketEvent,
  quoteAmount,
  TIMEFRAME_MS,
  type Timers,
  type UtcMs,
} from '../../domain/index.ts';
import { assembleEngine, type Engine } from '../assembly/assemble.ts';
import { type SimulatedVenue, simulatedVenue } from '../assembly/simulated-venue.ts';
import type { LineUp } from '../loop/line-up.ts';
import { portfolioView } from '../views/account-views.ts';
import { Agreement } from './agreement.ts';
import type { RivalStores } from './rival-stores.ts';

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
  readonly stores: RivalStores;
  readonly log: Logger;
}

/** What is remembered of a contender over a restart. */
export interface Tally {
  readonly since: UtcMs;
  readonly bars: number;
  readonly agreed: number;
}

const TALLY = 'arena-tally';

/** One way of deciding, trading the same bars on paper with an engine, ledger and account of its own. */
export class Rival {
  readonly lineUp: LineUp;
  readonly #engine: Engine;
  readonly #stores: RivalStores;
  readonly #timeframeMs: number;
  readonly #agreement: Agreement;
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
    await simulated.venue.open({ symbols });
    return new Rival(parts, simulated);
  }

  private constructor(parts: RivalParts, { venue, clock, drive }: SimulatedVenue) {
    const { lineUp, settings, stores, startTime } = parts;
    this.lineUp = lineUp;
    this.#stores = stores;
    this.#timeframeMs = TIMEFRAME_MS[settings.timeframe];
    this.#tally = tallyOf(stores.state.read(TALLY)) ?? { since: startTime, bars: 0, agreed: 0 };
    this.#agreement = new Agreement((agreed) => this.#count(agreed));
    this.#engine = assembleEngine({
      settings,
      symbols: parts.symbols,
      venue,
      clocks: { market: clock, wall: clock },
      timers: parts.timers,
      drive,
      waitForSlowVoters: parts.waitForSlowVoters,
      barrierMs: parts.barrierMs,
      lineUp: () => lineUp,
      orderIdPrefix: 'aren',
      ledger: stores.ledger,
      decisions: stores.decisions,
      state: stores.state,
      equity: stores.equity.recent(Number.MAX_SAFE_INTEGER),
      // Its money is paper wherever the active one's is real: an emergency there is none here.
      killSwitch: { mayLeave: () => ({ allowed: true }), state: () => undefined },
      feedHealth: () => ({ stale: false, ageMs: 0 }),
      entriesHeld: () => null,
      recordedFeatures: [],
      observer: {
        onDecision: (decision) => this.#agreement.own(decision),
        onFault: (reason) => this.#dropOut(reason),
        onFailure: (error) => this.#dropOut(error),
      },
      log: parts.log,
    });
    this.#engine.loop.warmUp(parts.warmUp);
    this.#engine.protectAll();
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
    if (this.#problem === null) this.#agreement.active(decision);
  }

  view(minSample: number): ContenderView {
    const { portfolio } = this.#engine;
    const { since, bars, agreed } = this.#tally;
    return contender(this.lineUp, portfolioView(portfolio, since, minSample), {
      active: false,
      since,
      bars,
      agreement: bars === 0 ? null : agreed / bars,
      problem: this.#problem,
    });
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
    this.#stores.state.write(TALLY, this.#tally);
  }

  #afterBar(bar: Candle): void {
    const { portfolio } = this.#engine;
    if (!portfolio.marked) return;
    const time = bar.openTime + this.#timeframeMs;
    this.#stores.equity.append({ time, equity: portfolio.equity().toFixed(8) });
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
  return {
    ...facts,
    name: lineUp.name,
    strategy: lineUp.strategy,
    analysts: lineUp.analysts,
    equity: view.equity,
    returnPct: view.returnPct,
    maxDrawdownPct: view.maxDrawdownPct,
    fees: view.fees,
    trades: view.trades,
    winRate: view.winRate,
    sharpe: view.sharpe,
    llmCostUsd: lineUp.agents.costUsd(),
  };
}

export function tallyOf(stored: unknown): Tally | undefined {
  if (typeof stored !== 'object' || stored === null) return undefined;
  const { since, bars, agreed } = stored as Partial<Record<keyof Tally, unknown>>; // each checked below
  const sound = [since, bars, agreed].every((value) => typeof value === 'number' && Number.isFinite(value));
  return sound ? (stored as Tally) : undefined; // all three are numbers
}
