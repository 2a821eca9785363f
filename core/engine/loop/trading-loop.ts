import { classifyRegime, decide, exitReason } from '../../consensus/index.ts';
import type { Settings } from '../../contract/index.ts';
import {
  type Brief,
  type Candle,
  type Decision,
  type DecisionId,
  type DecisionStore,
  decisionId,
  isOpen,
  type ManualClock,
  type MarketEvent,
  type OrderBook,
  type Position,
  TIMEFRAME_MS,
  type UtcMs,
  type Vote,
} from '../../domain/index.ts';
import type { OrderManager, SimulatedExchange } from '../../execution/index.ts';
import type { Portfolio } from '../../portfolio/index.ts';
import type { CircuitBreaker } from '../../safety/index.ts';
import type { EntryTheses } from './entry-theses.ts';
import { type LineUp, quorumOf } from './line-up.ts';
import { isBitcoin, type SymbolDesk } from './symbol-desk.ts';
import type { Choice, TradeDesk, TradeOutcome } from './trade-desk.ts';

/** What the loop tells whoever watches it. Called synchronously; must not throw. */
export interface LoopObserver {
  onStep?(symbol: string, piece: Candle, durationMs: number): void;
  onGap?(symbol: string, from: UtcMs, missingBars: number): void;
  onDecision?(decision: Decision): void;
}

export interface LoopParts {
  readonly settings: Pick<Settings, 'timeframe'>;
  /** Asked once a bar: who votes on it. */
  readonly lineUp: () => LineUp;
  /** Where orders are simulated: the venue and the market's clock, which the loop moves along. */
  readonly simulation: { readonly venue: SimulatedExchange; readonly clock: ManualClock } | null;
  readonly desks: ReadonlyMap<string, SymbolDesk>;
  readonly trade: TradeDesk;
  readonly breaker: CircuitBreaker;
  readonly orders: OrderManager;
  readonly portfolio: Portfolio;
  readonly theses: EntryTheses;
  readonly decisions: DecisionStore;
  /** Features kept in each decision's record. */
  readonly recordedFeatures: readonly string[];
  /** Why no entry is allowed now whatever the market says (paused by the trader), or null. */
  readonly entriesHeld: () => string | null;
  readonly observer: LoopObserver;
}

/**
 * The trading loop: ten steps for each closed bar. This class is the order of the steps; what each does is in the
 * folder named after it. The same loop runs the demo, a replay, a backtest and the real thing.
 */
export class TradingLoop {
  readonly #parts: LoopParts;
  readonly #timeframeMs: number;
  #bitcoinBar: Candle | undefined;

  constructor(parts: LoopParts) {
    this.#parts = parts;
    this.#timeframeMs = TIMEFRAME_MS[parts.settings.timeframe];
  }

  /** Handles one event of the feed. Returns a promise only when there is something to wait for. */
  handle(event: MarketEvent): void | Promise<void> {
    switch (event.kind) {
      case 'step':
        return this.#step(event.symbol, event.candle, event.durationMs);
      case 'bar':
        return this.#bar(event.symbol, event.candle, event.book);
      case 'gap':
        this.#parts.observer.onGap?.(event.symbol, event.from, event.missingBars);
    }
  }

  /** Takes bars that closed before the loop began, ascending over all symbols, for the features' sake only. */
  warmUp(bars: ReadonlyMap<string, readonly Candle[]>): void {
    const inOrder = [...bars].flatMap(([symbol, candles]) => candles.map((candle) => ({ symbol, candle })));
    inOrder.sort(
      (a, b) =>
        a.candle.openTime - b.candle.openTime || Number(isBitcoin(b.symbol)) - Number(isBitcoin(a.symbol)),
    );
    for (const { symbol, candle } of inOrder) this.#closeBar(this.#desk(symbol), candle);
    for (const [symbol, candles] of bars) {
      const last = candles.at(-1);
      if (last !== undefined)
        this.#parts.portfolio.mark(symbol, last.close, last.openTime + this.#timeframeMs);
    }
  }

  /** A piece of a bar: resting orders fill, the account is marked, the breaker looks at it. */
  #step(symbol: string, piece: Candle, durationMs: number): void | Promise<void> {
    const { simulation, portfolio, breaker, orders, observer } = this.#parts;
    const end = piece.openTime + durationMs;
    if (simulation !== null) {
      simulation.clock.advanceTo(piece.openTime);
      simulation.venue.advance(symbol, piece, durationMs);
      simulation.clock.advanceTo(end);
    }
    portfolio.mark(symbol, piece.close, end);
    if (portfolio.marked) breaker.observeEquity(end, portfolio.equityFloat());
    observer.onStep?.(symbol, piece, durationMs);
    return orders.busy ? orders.idle() : undefined;
  }

  /** A closed bar: the ten steps. Step 1, the market, is the caller: it delivered the bar. */
  async #bar(symbol: string, bar: Candle, book: OrderBook | undefined): Promise<void> {
    const { portfolio, breaker, decisions, observer, settings } = this.#parts;
    const desk = this.#desk(symbol);
    const time = bar.openTime + this.#timeframeMs;
    // 2 features
    const row = this.#closeBar(desk, bar, book);
    const id = decisionId(`${symbol}@${settings.timeframe}@${bar.openTime}`);
    // A bar that was decided on before a crash is delivered again: the features needed it, nobody else does.
    if (decisions.get(id) !== undefined) return;
    const regime = classifyRegime((name) => row.lookUp(name));
    const position = portfolio.position(symbol);
    const brief = desk.brief(bar, regime, position, this.#parts.theses.of(symbol));
    // 3 inference, 4 agents
    const lineUp = this.#parts.lineUp();
    const voting = votesOf(lineUp, brief);
    const votes = voting instanceof Promise ? await voting : voting;
    // 5 consensus
    const consensus = decide(votes, regime, lineUp.consensus, quorumOf(lineUp));
    // 6 safety, 7 execution
    const choice = { strategy: lineUp.strategy, votes, consensus };
    const outcome = await this.#act(desk, brief, position, choice, id, time);
    // 8 portfolio
    if (portfolio.marked) portfolio.sampleEquity(time);
    breaker.checkpoint(time);
    // 9 storage
    const decision: Decision = {
      id,
      symbol,
      timeframe: settings.timeframe,
      barOpenTime: bar.openTime,
      time,
      close: bar.close,
      consensus,
      votes,
      verdicts: outcome.verdicts,
      action: consensus.action,
      outcome: outcome.outcome,
      reasonCode: outcome.reasonCode,
      reason: outcome.reason,
      features: this.#recorded(brief),
      positionQuantity: position.quantity,
      orderIds: outcome.orderIds,
    };
    decisions.append(decision);
    // 10 monitoring
    observer.onDecision?.(decision);
  }

  #closeBar(desk: SymbolDesk, bar: Candle, book?: OrderBook): ReturnType<SymbolDesk['close']> {
    const { symbol } = desk.instrument;
    const books = book === undefined ? undefined : [book];
    if (isBitcoin(symbol)) {
      this.#bitcoinBar = bar;
      return desk.close(bar, { books });
    }
    // Bitcoin's bar of another time would be another market's context: better none.
    const btcCandle = this.#bitcoinBar?.openTime === bar.openTime ? this.#bitcoinBar : undefined;
    return desk.close(bar, { btcCandle, books });
  }

  /** From what the voters want to what is done, and why. */
  #act(
    desk: SymbolDesk,
    brief: Brief,
    position: Position,
    choice: Choice,
    id: DecisionId,
    time: UtcMs,
  ): TradeOutcome | Promise<TradeOutcome> {
    const { trade, orders, entriesHeld } = this.#parts;
    const { consensus } = choice;
    const { symbol, kind, status, lotSize } = desk.instrument;
    if (isOpen(position, lotSize)) {
      const exit = exitReason(brief.position, consensus);
      if (exit !== null) return trade.exit(desk, brief, exit, id);
      if (!brief.ready) return held('warming-up', 'position kept: too little history to judge it');
      return held('holding', `position kept: ${consensus.reason.message}`);
    }
    if (!brief.ready) return held('warming-up', 'too little history for the features: no opinion yet');
    if (consensus.action === 'HOLD') return held(consensus.reason.code, consensus.reason.message);
    if (consensus.action === 'SELL' && kind === 'spot') {
      return held(
        'nothing-to-sell',
        'the voters would sell, but nothing is held and a spot market has no shorts',
      );
    }
    if (status !== 'trading') {
      return { ...held('not-trading', `${symbol} is ${status} at the venue`), outcome: 'blocked' };
    }
    const paused = entriesHeld();
    if (paused !== null) return { ...held('paused', paused), outcome: 'blocked' };
    if (orders.unfinished(symbol).some(({ purpose }) => purpose === 'entry')) {
      return held('entry-pending', 'the last entry order is still at the venue');
    }
    return trade.enter(desk, brief, choice, id, time);
  }

  #recorded(brief: Brief): Record<string, number | null> {
    const record: Record<string, number | null> = {};
    for (const name of this.#parts.recordedFeatures) {
      const value = brief.feature(name);
      record[name] = Number.isFinite(value) ? Number(value.toPrecision(6)) : null;
    }
    return record;
  }

  #desk(symbol: string): SymbolDesk {
    const desk = this.#parts.desks.get(symbol);
    if (desk === undefined) throw new RangeError(`${symbol} is not traded here`);
    return desk;
  }
}

/** The models first, then Bull and Bear, who are told what the models said; at once when nobody is waited for. */
function votesOf({ ensemble, debate }: LineUp, brief: Brief): readonly Vote[] | Promise<readonly Vote[]> {
  const models = ensemble?.opine(brief);
  if (models instanceof Promise) return models.then((vote) => debated(debate, brief, vote));
  return debated(debate, brief, models);
}

function debated(
  debate: LineUp['debate'],
  brief: Brief,
  models: Vote | undefined,
): readonly Vote[] | Promise<readonly Vote[]> {
  const own = models === undefined ? [] : [models];
  const pair = debate?.(brief, models) ?? [];
  return pair instanceof Promise ? pair.then((votes) => [...votes, ...own]) : [...pair, ...own];
}

function held(reasonCode: string, reason: string): TradeOutcome {
  return { outcome: 'held', reasonCode, reason, verdicts: [], orderIds: [] };
}
