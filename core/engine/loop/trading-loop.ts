import { classifyRegime } from '../../consensus/index.ts';
import type { Settings } from '../../contract/index.ts';
import {
  type Candle,
  type Clock,
  type Decision,
  type DecisionStore,
  decisionId,
  type MarketEvent,
  type Outlooks,
  TIMEFRAME_MS,
  type Timers,
  type UtcMs,
} from '../../domain/index.ts';
import type { ExecutionDesk, OrderManager } from '../../execution/index.ts';
import type { Excursions, Portfolio } from '../../portfolio/index.ts';
import type { CircuitBreaker } from '../../safety/index.ts';
import type { BarKeeper } from './bar-keeper.ts';
import { DecisionMaker, type DecisionMakerParts, decidesOn, type Question } from './decision-maker.ts';
import { DecisionRound } from './decision-round.ts';
import type { EntryTheses } from './entry-theses.ts';
import { Lane } from './lane.ts';
import type { LineUp } from './line-up.ts';
import { type BarEvent, MomentBarrier } from './moment-barrier.ts';
import type { PriceHistory } from './price-history.ts';
import { SettledUntil } from './settled-until.ts';
import type { TradeDesk } from './trade-desk.ts';

/** What the loop tells whoever watches it. Called synchronously; must not throw. */
export interface LoopObserver {
  onStep?(symbol: string, piece: Candle, durationMs: number): void;
  onGap?(symbol: string, from: UtcMs, missingBars: number): void;
  /** @param tookMs from the bar's arrival to this record, in real time. */
  onDecision?(decision: Decision, tookMs: number): void;
  /** A strategy of the trader's own has failed, and only reduces from now on. */
  onStrategyFault?(strategy: string, reason: string): void;
  /** A voter is broken, or a decision that nobody waits for failed: a fault of this program. The loop goes on. */
  onFailure?(error: unknown): void;
}

/** Lets a simulated market happen: moves its clock, and its venue fills what a step touches. */
export type Drive = (symbol: string, piece: Candle, durationMs: number) => void;

export interface LoopParts extends Omit<DecisionMakerParts, 'onDecision'> {
  readonly settings: Pick<Settings, 'timeframe'>;
  /** Asked once a bar: who votes on it. */
  readonly lineUp: () => LineUp;
  /** Where orders are simulated; null where a real venue does what it does. */
  readonly drive: Drive | null;
  readonly bars: BarKeeper;
  readonly trade: TradeDesk;
  readonly breaker: CircuitBreaker;
  /** Told every price as well, where a strategy may come to be used that reads them. */
  readonly prices: PriceHistory;
  readonly keepsPrices: boolean;
  /** Whether voters judge also bars on which a strategy decides nothing, for the trader to see. */
  readonly asksOnlookers: boolean;
  /** Told every price. */
  readonly desk: Pick<ExecutionDesk, 'price'>;
  readonly orders: OrderManager;
  readonly portfolio: Portfolio;
  /** Told every price. */
  readonly excursions: Excursions;
  readonly theses: EntryTheses;
  readonly decisions: DecisionStore;
  readonly timers: Timers;
  /** The market's. */
  readonly clock: Clock;
  /** Whether the market waits for language models, as it can where it is simulated. */
  readonly waitForSlowVoters: boolean;
  /** How long a bar waits for bitcoin's of the same time; null where the feed has them in order. */
  readonly barrierMs: number | null;
  readonly symbols: readonly string[];
  /** What was foretold of volatility before a bar. */
  readonly outlooks: Outlooks;
  readonly observer: LoopObserver;
}

/** How long a real venue's bars of one moment are waited for before a strategy decides for those that have come. */
const ROUND_LIMIT_MS = 15_000;

/**
 * The trading loop: ten steps for each closed bar. This class is the order of the steps; what each does is in the
 * folder named after it. The same loop runs the demo, a replay, a backtest and the real thing.
 *
 * Each symbol has a lane: a decision that takes its time, be it a debate of minutes, holds up no step, no stop and no
 * other symbol, but where the market itself can wait for it.
 */
export class TradingLoop {
  readonly #parts: LoopParts;
  readonly #timeframeMs: number;
  readonly #maker: DecisionMaker;
  readonly #lanes = new Map<string, Lane>();
  readonly #barrier: MomentBarrier | null;
  readonly #round: DecisionRound;
  readonly #settled: SettledUntil;
  /** What the event in hand is to be waited for. */
  #pending: Promise<void>[] = [];
  #closed = false;

  constructor(parts: LoopParts) {
    const { symbols, timers, barrierMs, observer, drive } = parts;
    this.#parts = parts;
    this.#timeframeMs = TIMEFRAME_MS[parts.settings.timeframe];
    this.#settled = new SettledUntil(parts.decisions);
    this.#maker = new DecisionMaker({
      ...parts,
      onDecision: (decision, tookMs) => {
        this.#settled.take(decision);
        observer.onDecision?.(decision, tookMs);
      },
    });
    const release = (event: BarEvent): void => this.#released(event);
    this.#barrier =
      barrierMs === null ? null : new MomentBarrier({ symbols, timers, limitMs: barrierMs, release });
    this.#round = new DecisionRound({
      symbols,
      timers,
      // A simulated market goes on only when everything of a moment is decided.
      limitMs: drive === null ? ROUND_LIMIT_MS : null,
      isSale: (question) => this.#maker.isSale(question, parts.lineUp()),
      release: (question) => {
        const lane = this.#lane(question.brief.symbol);
        // A real market does not wait for it, but what is bought after it does.
        return lane.take(question, drive === null) ?? lane.ended;
      },
      onFailure: (error) => observer.onFailure?.(error),
    });
  }

  /** Handles one event of the feed. Returns a promise only for what the next event has to wait for. */
  handle(event: MarketEvent): void | Promise<void> {
    if (this.#closed) return;
    const work = this.#round.moment === null ? undefined : this.#endRound(event);
    return work === undefined ? this.#take(event) : work.then(() => this.#take(event));
  }

  /** Where the market is simulated, any other event than a bar of the moment ends it. */
  #endRound(event: MarketEvent): void | Promise<void> {
    if (this.#parts.drive === null) return;
    const isOfIt = event.kind === 'bar' && event.candle.openTime + this.#timeframeMs === this.#round.moment;
    return isOfIt ? undefined : this.#round.end();
  }

  #take(event: MarketEvent): void | Promise<void> {
    switch (event.kind) {
      case 'step':
        return this.#step(event.symbol, event.candle, event.durationMs);
      case 'bar':
        return this.#barrier === null ? this.#bar(event) : this.#inItsMoment(this.#barrier, event);
      case 'gap':
        this.#parts.observer.onGap?.(event.symbol, event.from, event.missingBars);
    }
  }

  /**
   * Whether it makes no difference to anybody what a piece of market that is to come is made of: nothing is held, no halt
   * and no day ends in it, and no entry that is looked at again. Then it may be handled as one step. What rests at the
   * venue is the caller's to know.
   */
  isIndifferentTo(symbol: string, piece: Candle, durationMs: number): boolean {
    const { portfolio, breaker, hindsight, orders, observer, keepsPrices } = this.#parts;
    if (keepsPrices || observer.onStep !== undefined || this.#round.moment !== null) return false;
    const isCalm = portfolio.isFlat && !orders.busy && piece.openTime + durationMs < breaker.calmUntil;
    return isCalm && !hindsight.awaits(symbol, piece, durationMs);
  }

  /** Takes bars that closed before the loop began, ascending, for the features' sake only. */
  warmUp(bars: ReadonlyMap<string, readonly Candle[]>): void {
    const { portfolio, excursions, hindsight, prices } = this.#parts;
    this.#parts.bars.warmUp(bars);
    for (const [symbol, candles] of bars) {
      for (const candle of candles) {
        prices.take(symbol, candle, this.#timeframeMs);
        // What a trade saw while the program was off, and what an entry came to that was wanted.
        excursions.price(symbol, candle, this.#timeframeMs);
        hindsight.take(symbol, candle, this.#timeframeMs);
      }
      const last = candles.at(-1);
      if (last === undefined) continue;
      portfolio.mark(symbol, last.close, last.openTime + this.#timeframeMs);
      this.#settled.begin(symbol, last.openTime + this.#timeframeMs);
    }
  }

  /** Takes prices of the time before, for strategies to look back on: nothing else is made of them. */
  lookBack(
    before: ReadonlyMap<string, { readonly candles: readonly Candle[]; readonly durationMs: number }>,
  ): void {
    for (const [symbol, { candles, durationMs }] of before) {
      for (const candle of candles) this.#parts.prices.take(symbol, candle, durationMs);
    }
  }

  /**
   * Nothing is decided and nothing handled any more; voters that still think are not waited for. Resolves when the
   * orders on their way have been answered for.
   */
  async close(): Promise<void> {
    this.#closed = true;
    this.#barrier?.close();
    this.#round.close();
    await Promise.all([...this.#lanes.values()].map((lane) => lane.close()));
  }

  /** A piece of a bar: resting orders fill, the account is marked, the breaker looks at it. */
  #step(symbol: string, piece: Candle, durationMs: number): void | Promise<void> {
    const { drive, portfolio, excursions, breaker, desk, orders, observer, prices, keepsPrices, hindsight } =
      this.#parts;
    const end = piece.openTime + durationMs;
    drive?.(symbol, piece, durationMs);
    portfolio.mark(symbol, piece.close, end);
    excursions.price(symbol, piece, durationMs);
    desk.price(symbol, piece.close);
    if (portfolio.marked) breaker.observeEquity(end, portfolio.equityFloat());
    if (keepsPrices) prices.take(symbol, piece, durationMs);
    hindsight.take(symbol, piece, durationMs);
    observer.onStep?.(symbol, piece, durationMs);
    // A simulated venue answers at once, and what it says comes before the next step. A real one takes its time.
    return drive !== null && orders.busy ? orders.idle() : undefined;
  }

  #inItsMoment(barrier: MomentBarrier, event: BarEvent): void | Promise<void> {
    this.#pending = [];
    barrier.take(event);
    if (this.#pending.length > 0) return Promise.all(this.#pending).then(() => undefined);
  }

  /** A bar goes on, in its own event or, when it has waited in vain, in nobody's. */
  #released(event: BarEvent): void {
    const { onFailure } = this.#parts.observer;
    try {
      const work = this.#bar(event);
      if (work === undefined) return;
      this.#pending.push(work.catch((error: unknown) => onFailure?.(error)));
    } catch (error) {
      onFailure?.(error);
    }
  }

  /** A closed bar. Step 1, the market, is the caller: it delivered the bar. */
  #bar({ symbol, candle }: BarEvent): void | Promise<void> {
    const { bars, portfolio, excursions, breaker, theses, decisions, settings, timers } = this.#parts;
    const arrivedMs = timers.monotonicMs();
    const time = candle.openTime + this.#timeframeMs;
    const settledUntil = (): UtcMs => this.#settled.of(symbol, candle.openTime);
    settledUntil();
    // 2 features
    const desk = bars.close(symbol, candle);
    const id = decisionId(`${symbol}@${settings.timeframe}@${candle.openTime}`);
    // A bar that was decided on before a crash is delivered again: the features needed it, nobody else does.
    const known = decisions.get(id);
    if (known !== undefined) {
      this.#settled.take(known);
      return;
    }
    // 8 portfolio: what the bar closed with. What is decided on it fills later.
    if (portfolio.marked) portfolio.sampleEquity(time);
    excursions.bar(symbol, candle, this.#timeframeMs);
    breaker.checkpoint(time);
    const regime = classifyRegime(desk.feature);
    const brief = desk.brief(candle, regime, portfolio.position(symbol), theses.of(symbol));
    const outlook = this.#parts.outlooks(symbol, candle.openTime);
    const question: Question = { id, desk, brief, time, settledUntil, arrivedMs, outlook };
    const lineUp = this.#parts.lineUp();
    if (lineUp.decides.kind === 'proposing' && decidesOn(question, lineUp)) {
      brief.keep();
      return this.#answered(this.#round.take(question));
    }
    // 3 inference and 4 agents are asked, and 5 consensus, 6 safety, 7 execution, 9 storage, 10 monitoring follow.
    return this.#answered(this.#lane(symbol).take(question));
  }

  /** A stop that a decision has moved is in its place before a simulated market goes on. */
  #answered(work: void | Promise<void>): void | Promise<void> {
    const { drive, orders } = this.#parts;
    if (drive === null) return work;
    if (work !== undefined) return work.then(() => (orders.busy ? orders.idle() : undefined));
    return orders.busy ? orders.idle() : undefined;
  }

  #lane(symbol: string): Lane {
    const known = this.#lanes.get(symbol);
    if (known !== undefined) return known;
    const { lineUp, timers, clock, drive, waitForSlowVoters, asksOnlookers, observer } = this.#parts;
    const lane = new Lane({
      lineUp,
      maker: this.#maker,
      timers,
      now: () => clock.now(),
      timeframeMs: this.#timeframeMs,
      waitsFor: { prompt: drive !== null, slow: waitForSlowVoters },
      asksOnlookers,
      onFailure: (error) => observer.onFailure?.(error),
    });
    this.#lanes.set(symbol, lane);
    return lane;
  }
}
