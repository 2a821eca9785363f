import type { CandleView, PositionView } from '../../contract/index.ts';
import {
  type Candle,
  type Decision,
  type Fill,
  type Order,
  planWords,
  price,
  type RoundTrip,
  TIMEFRAME_MS,
  type Timeframe,
  type UtcMs,
} from '../../domain/index.ts';
import type { ExecutionDesk } from '../../execution/index.ts';
import type { Portfolio } from '../../portfolio/index.ts';
import type { EntryTheses } from '../loop/entry-theses.ts';
import { portfolioView, positionView, tradeView } from '../views/account-views.ts';
import { candleView, decisionView, fillView, orderView } from '../views/domain-views.ts';
import type { TopicHub } from './topic-hub.ts';

export interface LiveViewsParts {
  readonly hub: TopicHub;
  readonly timeframe: Timeframe;
  /** Observations below which estimates are not given, as it is set now. */
  readonly minSample: () => number;
  readonly portfolio: Portfolio;
  readonly desk: Pick<ExecutionDesk, 'protectionOf'>;
  readonly theses: EntryTheses;
}

/** Closed candles shown when the program starts. */
const CANDLES_AT_START = 1_000;

/** As many as the stream keeps. */
const TRADES_AT_START = 500;

/** Turns what happens into the contract's streams. */
export class LiveViews {
  readonly #parts: LiveViewsParts;
  readonly #timeframeMs: number;
  readonly #forming = new Map<string, CandleView>();

  constructor(parts: LiveViewsParts) {
    this.#parts = parts;
    this.#timeframeMs = TIMEFRAME_MS[parts.timeframe];
  }

  /** Fills the streams with what is known before the loop begins. */
  fill(history: {
    readonly candles: ReadonlyMap<string, readonly Candle[]>;
    readonly orders: readonly Order[];
    readonly fills: readonly Fill[];
    readonly decisions: readonly Decision[];
    readonly equity: readonly { readonly time: UtcMs; readonly equity: string }[];
  }): void {
    const { hub, portfolio } = this.#parts;
    for (const [symbol, candles] of history.candles) {
      const shown = candles.slice(-CANDLES_AT_START).map((candle) => candleView(candle, true));
      hub.upsert('candles', `candles:${symbol}`, shown);
    }
    hub.upsert('orders', 'orders', history.orders.map(orderView));
    hub.upsert('fills', 'fills', history.fills.map(fillView));
    hub.upsert('trades', 'trades', portfolio.roundTrips.slice(-TRADES_AT_START).map(tradeView));
    hub.upsert('decisions', 'decisions', history.decisions.map(decisionView));
    const points = history.equity.map(({ time, equity }) => ({ time, equity: Number(equity) }));
    hub.upsert('equity', 'equity', points);
  }

  /** A piece of the bar that is forming. */
  step(symbol: string, piece: Candle, durationMs: number): void {
    const openTime = Math.floor(piece.openTime / this.#timeframeMs) * this.#timeframeMs;
    const forming = this.#forming.get(symbol);
    const closed = piece.openTime + durationMs >= openTime + this.#timeframeMs;
    const candle: CandleView =
      forming === undefined || forming.openTime !== openTime
        ? { ...candleView(piece, closed), openTime }
        : {
            ...forming,
            high: Math.max(forming.high, piece.high),
            low: Math.min(forming.low, piece.low),
            close: piece.close,
            volume: forming.volume + piece.volume,
            closed,
          };
    this.#forming.set(symbol, candle);
    this.#parts.hub.upsert('candles', `candles:${symbol}`, [candle]);
  }

  decision(decision: Decision): void {
    this.#parts.hub.upsert('decisions', 'decisions', [decisionView(decision)]);
  }

  order(order: Order): void {
    this.#parts.hub.upsert('orders', 'orders', [orderView(order)]);
  }

  trade(fill: Fill, closed: RoundTrip | undefined): void {
    this.#parts.hub.upsert('fills', 'fills', [fillView(fill)]);
    if (closed !== undefined) this.#parts.hub.upsert('trades', 'trades', [tradeView(closed)]);
  }

  equity(time: UtcMs, equity: number): void {
    this.#parts.hub.upsert('equity', 'equity', [{ time, equity }]);
  }

  /** The account as it is now. */
  account(time: UtcMs): void {
    const { hub, portfolio } = this.#parts;
    if (!portfolio.marked) return;
    hub.set('portfolio', portfolioView(portfolio, time, this.#parts.minSample()));
    hub.set('positions', this.positions());
  }

  positions(): PositionView[] {
    const { portfolio, desk, theses } = this.#parts;
    return portfolio.positions().flatMap((position) => {
      const mark = portfolio.markPrice(position.symbol);
      if (mark === undefined) return [];
      const { protection, stopPrice } = desk.protectionOf(position.symbol);
      const entry = theses.of(position.symbol);
      const led = entry?.plan == null ? {} : { plan: planWords(entry.plan, entry.progress) };
      const context = { protection, stopPrice, entryThesis: entry?.thesis ?? null, ...led };
      return [positionView(position, price(mark), context)];
    });
  }
}
