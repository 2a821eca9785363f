import type { BaseAmount, Disposer, Price, UtcMs } from '../../../core/domain/index.ts';
import { nextMultiple, type VenueClock } from '../clock/venue-clock.ts';
import { type Match, MatchingEngine, type Taker } from '../matching/matching-engine.ts';
import type { BookLevel, OrderBook, Side } from '../matching/order-book.ts';
import { CandleStore, type TickCandle } from './candle-store.ts';
import type { VenueSymbol } from './symbols.ts';

export interface MarketTrade {
  readonly id: number;
  readonly price: Price;
  readonly amount: BaseAmount;
  readonly time: UtcMs;
  readonly isBuyerMaker: boolean;
}

export interface DepthUpdate {
  /** Of the first change in it. */
  readonly first: number;
  /** Of the last one. */
  readonly last: number;
  /** Of the last one in the update before. */
  readonly previous: number;
  readonly bids: readonly BookLevel[];
  readonly asks: readonly BookLevel[];
}

export type MarketEvent =
  | { readonly kind: 'trade'; readonly trade: MarketTrade }
  | { readonly kind: 'depth'; readonly update: DepthUpdate };

/** What a match means for the accounts on both sides. */
export type Settle = (market: VenueMarket, match: Match, trade: MarketTrade) => void;

const DEPTH_EVERY_MS = 100;
const TRADES_KEPT = 50_000;

/** One symbol's market: the book, what was traded, and the candles of it, all from the same matches. */
export class VenueMarket {
  readonly symbol: VenueSymbol;
  readonly clock: VenueClock;
  readonly engine: MatchingEngine;
  readonly candles: CandleStore;
  readonly trades: MarketTrade[] = [];
  /** What the population believes it is worth; the mark price of futures. */
  fair: number;
  #updateId = 1_000;
  #toldUpdateId = this.#updateId;
  readonly #changed: Record<Side, Map<string, BookLevel>> = { buy: new Map(), sell: new Map() };
  #flushing = false;
  #tradeId = 5_000;
  #last: Price | null = null;
  readonly #listeners = new Set<(event: MarketEvent) => void>();
  #settle: Settle = () => undefined;
  #onTraded: (market: VenueMarket) => void = () => undefined;

  constructor(symbol: VenueSymbol, clock: VenueClock, history: readonly TickCandle[]) {
    this.symbol = symbol;
    this.clock = clock;
    this.fair = symbol.opening;
    this.candles = new CandleStore(history);
    this.engine = new MatchingEngine(
      symbol.lot,
      (match) => this.#match(match),
      (side, price, amount) => this.#level(side, price, amount),
    );
  }

  /** Who keeps the accounts, and looks at waiting stops after trades. */
  attach(settle: Settle, onTraded: (market: VenueMarket) => void): void {
    this.#settle = settle;
    this.#onTraded = onTraded;
  }

  get book(): OrderBook {
    return this.engine.book;
  }

  /** Of the last change of the book. */
  get updateId(): number {
    return this.#updateId;
  }

  get lastPrice(): Price {
    return this.#last ?? this.priceOf(this.candles.lastTicks);
  }

  /** The fair price on the grid. */
  get markPrice(): Price {
    return this.priceOf(this.ticksOf(this.fair));
  }

  /** A whole number of ticks as a price. */
  priceOf(ticks: number): Price {
    // A multiple of a price is a price; decimal.js forgets the unit.
    return this.symbol.tick.times(ticks) as Price;
  }

  ticksOf(price: number): number {
    return Math.max(1, Math.round(price / this.symbol.tick.toNumber()));
  }

  subscribe(listener: (event: MarketEvent) => void): Disposer {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** @returns the amount left over. */
  take(taker: Taker): BaseAmount {
    const before = this.#tradeId;
    const left = this.engine.take(taker);
    if (this.#tradeId !== before) this.#onTraded(this);
    return left;
  }

  #match(match: Match): void {
    this.#tradeId += 1;
    const isBuyerMaker = match.maker.side === 'buy';
    const { price, amount } = match;
    const trade = { id: this.#tradeId, price, amount, time: this.clock.now(), isBuyerMaker };
    this.#last = price;
    this.trades.push(trade);
    if (this.trades.length > 2 * TRADES_KEPT) this.trades.splice(0, TRADES_KEPT);
    const [ticks, lots] = [price.div(this.symbol.tick).toNumber(), amount.div(this.symbol.lot).toNumber()];
    this.candles.trade(trade.time, ticks, lots, !isBuyerMaker, trade.id);
    this.#settle(this, match, trade);
    this.#tell({ kind: 'trade', trade });
  }

  #level(side: Side, price: Price, amount: BaseAmount): void {
    this.#updateId += 1;
    this.#changed[side].set(price.toFixed(), { price, amount });
    if (this.#flushing) return;
    this.#flushing = true;
    this.clock.at(nextMultiple(this.clock.now(), DEPTH_EVERY_MS), () => this.#flush());
  }

  #flush(): void {
    this.#flushing = false;
    const { buy, sell } = this.#changed;
    const update: DepthUpdate = {
      first: this.#toldUpdateId + 1,
      last: this.#updateId,
      previous: this.#toldUpdateId,
      bids: [...buy.values()],
      asks: [...sell.values()],
    };
    buy.clear();
    sell.clear();
    this.#toldUpdateId = this.#updateId;
    this.#tell({ kind: 'depth', update });
  }

  #tell(event: MarketEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}
