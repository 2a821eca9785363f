import { classifyRegime } from '../../consensus/index.ts';
import type { Settings } from '../../contract/index.ts';
import {
  type Candle,
  type Clock,
  type Decision,
  type DecisionStore,
  decisionId,
  type MarketEvent,
  TIMEFRAME_MS,
  type Timers,
  type UtcMs,
} from '../../domain/index.ts';
import type { ExecutionDesk, OrderManager } from '../../execution/index.ts';
import type { Portfolio } from '../../portfolio/index.ts';
import type { CircuitBreaker } from '../../safety/index.ts';
import type { BarKeeper } from './bar-keeper.ts';
import { DecisionMaker, type DecisionMakerParts, type Question } from './decision-maker.ts';
import type { EntryTheses } from './entry-theses.ts';
import { Lane } from './lane.ts';
import type { LineUp } from './line-up.ts';
import { type BarEvent, MomentBarrier } from './moment-barrier.ts';
import type { TradeDesk } from './trade-desk.ts';

/** What the loop tells whoever watches it. Called synchronously; must not throw. */
export interface LoopObserver {
  onStep?(symbol: string, piece: Candle, durationMs: number): void;
  onGap?(symbol: string, from: UtcMs, missingBars: number): void;
  /** @param tookMs from the bar's arrival to this record, in real time. */
  onDecision?(decision: Decision, tookMs: number): void;
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
  /** Told every price. */
  readonly desk: Pick<ExecutionDesk, 'price'>;
  readonly orders: OrderManager;
  readonly portfolio: Portfolio;
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
  readonly observer: LoopObserver;
}

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
  /** What the event in hand is to be waited for. */
  #pending: Promise<void>[] = [];
  #closed = false;

  constructor(parts: LoopParts) {
    const { symbols, timers, barrierMs, observer } = parts;
    this.#parts = parts;
    this.#timeframeMs = TIMEFRAME_MS[parts.settings.timeframe];
    this.#maker = new DecisionMaker({
      ...parts,
      onDecision: (decision, tookMs) => observer.onDecision?.(decision, tookMs),
    });
    const release = (event: BarEvent): void => this.#released(event);
    this.#barrier =
      barrierMs === null ? null : new MomentBarrier({ symbols, timers, limitMs: barrierMs, release });
  }

  /** Handles one event of the feed. Returns a promise only for what the next event has to wait for. */
  handle(event: MarketEvent): void | Promise<void> {
    if (this.#closed) return;
    switch (event.kind) {
      case 'step':
        return this.#step(event.symbol, event.candle, event.durationMs);
      case 'bar':
        return this.#barrier === null ? this.#bar(event) : this.#inItsMoment(this.#barrier, event);
      case 'gap':
        this.#parts.observer.onGap?.(event.symbol, event.from, event.missingBars);
    }
  }

  /** Takes bars that closed before the loop began, ascending, for the features' sake only. */
  warmUp(bars: ReadonlyMap<string, readonly Candle[]>): void {
    this.#parts.bars.warmUp(bars);
    for (const [symbol, candles] of bars) {
      const last = candles.at(-1);
      if (last !== undefined)
        this.#parts.portfolio.mark(symbol, last.close, last.openTime + this.#timeframeMs);
    }
  }

  /**
   * Nothing is decided and nothing handled any more; voters that still think are not waited for. Resolves when the
   * orders on their way have been answered for.
   */
  async close(): Promise<void> {
    this.#closed = true;
    this.#barrier?.close();
    await Promise.all([...this.#lanes.values()].map((lane) => lane.close()));
  }

  /** A piece of a bar: resting orders fill, the account is marked, the breaker looks at it. */
  #step(symbol: string, piece: Candle, durationMs: number): void | Promise<void> {
    const { drive, portfolio, breaker, desk, orders, observer } = this.#parts;
    const end = piece.openTime + durationMs;
    drive?.(symbol, piece, durationMs);
    portfolio.mark(symbol, piece.close, end);
    desk.price(symbol, piece.close);
    if (portfolio.marked) breaker.observeEquity(end, portfolio.equityFloat());
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
    const { bars, portfolio, breaker, theses, decisions, settings, timers } = this.#parts;
    const arrivedMs = timers.monotonicMs();
    const time = candle.openTime + this.#timeframeMs;
    // 2 features
    const desk = bars.close(symbol, candle);
    const id = decisionId(`${symbol}@${settings.timeframe}@${candle.openTime}`);
    // A bar that was decided on before a crash is delivered again: the features needed it, nobody else does.
    if (decisions.get(id) !== undefined) return;
    // 8 portfolio: what the bar closed with. What is decided on it fills later.
    if (portfolio.marked) portfolio.sampleEquity(time);
    breaker.checkpoint(time);
    const regime = classifyRegime(desk.feature);
    const brief = desk.brief(candle, regime, portfolio.position(symbol), theses.of(symbol));
    const question: Question = { id, desk, brief, time, arrivedMs };
    // 3 inference and 4 agents are asked, and 5 consensus, 6 safety, 7 execution, 9 storage, 10 monitoring follow.
    return this.#lane(symbol).take(question);
  }

  #lane(symbol: string): Lane {
    const known = this.#lanes.get(symbol);
    if (known !== undefined) return known;
    const { lineUp, timers, clock, drive, waitForSlowVoters, observer } = this.#parts;
    const lane = new Lane({
      lineUp,
      maker: this.#maker,
      timers,
      now: () => clock.now(),
      timeframeMs: this.#timeframeMs,
      waitsFor: { prompt: drive !== null, slow: waitForSlowVoters },
      onFailure: (error) => observer.onFailure?.(error),
    });
    this.#lanes.set(symbol, lane);
    return lane;
  }
}
