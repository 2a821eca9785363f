import { type BaseAmount, nextNormal, type Random, type UtcMs } from '../../../core/domain/index.ts';
import { type BookOrder, opposite, type Side } from '../matching/order-book.ts';
import type { VenueMarket } from './venue-market.ts';

export interface Mood {
  /** Standard deviation of a minute's return. */
  readonly volatility: number;
  /** Orders that makers keep on each side. */
  readonly depth: number;
  /** What a maker's order is worth, in quote currency. */
  readonly orderValue: number;
  /** Between the fair price and the best quote, as a share of the price. */
  readonly halfSpread: number;
  /** Chance that a taker comes at a step. */
  readonly takers: number;
  readonly stepMs: number;
}

export const USUAL: Mood = {
  volatility: 0.0006,
  depth: 20,
  orderValue: 6_000,
  halfSpread: 0.00005,
  takers: 0.5,
  stepMs: 500,
};

interface Quote {
  readonly order: BookOrder;
  /** Its price again: comparing floats is what a step spends its time on. */
  readonly at: number;
  readonly until: UtcMs;
}

const MINUTE_MS = 60_000;

/**
 * The others: makers that quote round a fair price which wanders, takers that come and go, and whoever picks up what
 * is offered on the wrong side of fair. They trade in the same book as everybody; a client's resting order is filled
 * by them when its turn comes.
 */
export class Population {
  mood: Mood;
  readonly #market: VenueMarket;
  readonly #random: Random;
  #quotes: Quote[] = [];
  #orders = 0;

  constructor(market: VenueMarket, random: Random, mood: Mood = USUAL) {
    this.#market = market;
    this.#random = random;
    this.mood = mood;
  }

  /** One moment of the market's life. */
  step(): void {
    const { volatility, stepMs, takers } = this.mood;
    this.#market.fair *= Math.exp(volatility * Math.sqrt(stepMs / MINUTE_MS) * nextNormal(this.#random));
    if (this.#market.symbol.status !== 'TRADING') return;
    this.#pull();
    this.#pickUp('buy');
    this.#pickUp('sell');
    this.#quote('buy');
    this.#quote('sell');
    if (this.#random.next() < takers) this.#takeSome();
  }

  /** Carries the market to a price: everything on the way is traded, and one lot where it arrives. */
  moveTo(price: number): void {
    const side = price > this.#market.lastPrice.toNumber() ? 'buy' : 'sell';
    this.#market.fair = price;
    this.#pickUp('buy');
    this.#pickUp('sell');
    this.#pull();
    this.#quote('buy');
    this.#quote('sell');
    this.#market.take({
      id: this.#nextId(),
      owner: null,
      side,
      limit: null,
      amount: this.#market.symbol.lot,
    });
  }

  /** Makers take back what is too old or too far from where the price is. */
  #pull(): void {
    const now = this.#market.clock.now();
    const { fair } = this.#market;
    this.#quotes = this.#quotes.filter(({ order, until, at }) => {
      if (order.remaining.lte(0)) return false;
      const distance = (order.side === 'buy' ? 1 : -1) * (1 - at / fair);
      if (until > now && distance < 0.02 && distance > -0.001) return true;
      this.#market.book.remove(order);
      return false;
    });
  }

  /** Whatever is offered on the wrong side of the fair price is taken. */
  #pickUp(side: Side): void {
    const limit = this.#market.markPrice;
    const best = this.#market.book.bestPrice(opposite(side));
    if (best === undefined || (side === 'buy' ? best.gte(limit) : best.lte(limit))) return;
    const { amount } = this.#market.engine.quote(side, limit, this.#market.symbol.filters.maxAmount);
    this.#market.take({ id: this.#nextId(), owner: null, side, limit, amount });
  }

  #quote(side: Side): void {
    const { depth, halfSpread } = this.mood;
    const mine = this.#quotes.filter(({ order }) => order.side === side).length;
    const sign = side === 'buy' ? -1 : 1;
    for (let index = mine; index < depth; index += 1) {
      const distance = halfSpread - 0.0004 * Math.log(1 - this.#random.next());
      const ticks = this.#market.ticksOf(this.#market.fair * (1 + sign * distance));
      const price = this.#market.priceOf(side === 'buy' ? ticks - 1 : ticks + 1);
      const amount = this.#amount(this.mood.orderValue);
      const life = 20_000 + 100_000 * this.#random.next();
      if (this.#market.engine.crosses(side, price)) continue;
      const order = { id: this.#nextId(), owner: null, side, price, remaining: amount };
      this.#market.book.add(order);
      this.#quotes.push({ order, at: price.toNumber(), until: this.#market.clock.now() + life });
    }
  }

  #takeSome(): void {
    const side = this.#random.next() < 0.5 ? 'buy' : 'sell';
    const amount = this.#amount(this.mood.orderValue * 0.5);
    this.#market.take({ id: this.#nextId(), owner: null, side, limit: null, amount });
  }

  #amount(value: number): BaseAmount {
    const lot = this.#market.symbol.lot;
    const lots = (value * Math.exp(0.8 * nextNormal(this.#random))) / this.#market.fair / lot.toNumber();
    // A multiple of a lot is an amount; decimal.js forgets the unit.
    return lot.times(Math.max(1, Math.round(lots))) as BaseAmount;
  }

  #nextId(): number {
    this.#orders += 1;
    return this.#orders;
  }
}
