import { add, type BaseAmount, type Price, subtract, ZERO_BASE } from '../../../core/domain/index.ts';

export type Side = 'buy' | 'sell';

export const opposite = (side: Side): Side => (side === 'buy' ? 'sell' : 'buy');

/** An order that waits in the book. `owner` is null for the population that makes the market. */
export interface BookOrder {
  readonly id: number;
  readonly owner: string | null;
  readonly side: Side;
  readonly price: Price;
  remaining: BaseAmount;
}

interface Level {
  readonly price: Price;
  readonly queue: BookOrder[];
  total: BaseAmount;
}

export interface BookLevel {
  readonly price: Price;
  readonly amount: BaseAmount;
}

/** Told of each change of a level; an amount of 0 means that the level is gone. */
export type LevelListener = (side: Side, price: Price, amount: BaseAmount) => void;

/** Orders by price, and at one price by arrival: who came first is filled first. */
export class OrderBook {
  readonly #sides: Readonly<Record<Side, Level[]>> = { buy: [], sell: [] };
  readonly #orders = new Map<string, BookOrder>();
  readonly #onLevel: LevelListener;

  constructor(onLevel: LevelListener = () => undefined) {
    this.#onLevel = onLevel;
  }

  best(side: Side): BookOrder | undefined {
    return this.#sides[side][0]?.queue[0];
  }

  bestPrice(side: Side): Price | undefined {
    return this.#sides[side][0]?.price;
  }

  find(owner: string | null, id: number): BookOrder | undefined {
    return this.#orders.get(keyOf(owner, id));
  }

  /** Puts an order behind all that wait at its price. */
  add(order: BookOrder): void {
    const levels = this.#sides[order.side];
    const place = placeOf(levels, order.side, order.price);
    let level = levels[place];
    if (level === undefined || !level.price.eq(order.price)) {
      level = { price: order.price, queue: [], total: ZERO_BASE };
      levels.splice(place, 0, level);
    }
    level.queue.push(order);
    this.#orders.set(keyOf(order.owner, order.id), order);
    this.#change(order.side, level, add(level.total, order.remaining));
  }

  /** Takes an amount off an order, by a match or because its owner made it smaller; at 0 it leaves the book. */
  reduce(order: BookOrder, amount: BaseAmount): void {
    const levels = this.#sides[order.side];
    const place = placeOf(levels, order.side, order.price);
    const level = levels[place];
    if (level === undefined || !level.price.eq(order.price)) throw new Error('the order is not in the book');
    order.remaining = subtract(order.remaining, amount);
    if (order.remaining.lte(0)) {
      level.queue.splice(level.queue.indexOf(order), 1);
      this.#orders.delete(keyOf(order.owner, order.id));
      if (level.queue.length === 0) levels.splice(place, 1);
    }
    this.#change(order.side, level, subtract(level.total, amount));
  }

  remove(order: BookOrder): void {
    this.reduce(order, order.remaining);
  }

  /** Best first. */
  levels(side: Side, limit = Number.POSITIVE_INFINITY): readonly BookLevel[] {
    return this.#sides[side].slice(0, limit).map(({ price, total }) => ({ price, amount: total }));
  }

  /** The orders at a price in the order in which they will be filled. */
  queueAt(side: Side, price: Price): readonly BookOrder[] {
    const levels = this.#sides[side];
    const level = levels[placeOf(levels, side, price)];
    return level?.price.eq(price) === true ? level.queue : [];
  }

  #change(side: Side, level: Level, total: BaseAmount): void {
    level.total = total;
    this.#onLevel(side, level.price, total);
  }
}

const keyOf = (owner: string | null, id: number): string => (owner === null ? `#${id}` : `${id}`);

/** Where the level of a price is, or would be. */
function placeOf(levels: readonly Level[], side: Side, price: Price): number {
  let [low, high] = [0, levels.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = levels[middle]?.price;
    const isBetter = other !== undefined && (side === 'buy' ? other.gt(price) : other.lt(price));
    if (isBetter) low = middle + 1;
    else high = middle;
  }
  return low;
}
