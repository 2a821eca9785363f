import {
  add,
  type BaseAmount,
  baseAmount,
  type Candle,
  type Clock,
  type Fill,
  floorTo,
  maximum,
  minimum,
  type Price,
  price,
  type SimulatedVenueState,
  scale,
  subtract,
  type UtcMs,
  type VenueFill,
  type VenueOrder,
} from '../../../domain/index.ts';
import type { BuyingPower } from './buying-power.ts';
import { type NextTouch, StepWalk } from './step-walk.ts';
import type { SymbolMarket } from './symbol-market.ts';
import type { TradingTerms } from './terms.ts';
import { cashOf, type VenueAccount } from './venue-account.ts';
import type { VenueRecords } from './venue-records.ts';
import { remainder, remainingAmount, TRIGGERED, taking, type WorkingOrder } from './working-order.ts';
import type { WorkingOrders } from './working-orders.ts';

export interface MatchingParts {
  readonly markets: ReadonlyMap<string, SymbolMarket>;
  readonly account: VenueAccount;
  readonly power: BuyingPower;
  readonly terms: TradingTerms;
  readonly records: VenueRecords;
  readonly clock: Clock;
  /** How much of a step's volume orders may take part in. */
  readonly maxVolumeShare: number;
}

/** Lets market data happen to working orders: what triggers, what fills, at which price, and what ends. */
export class MatchingEngine {
  readonly #parts: MatchingParts;
  /** The step on its way: time goes by it meanwhile. */
  #walking: StepWalk | null = null;

  constructor(parts: MatchingParts) {
    this.#parts = parts;
  }

  /** Market time: of the step being walked, else of the clock. */
  now(): UtcMs {
    return this.#walking?.time ?? this.#parts.clock.now();
  }

  /** The time records carry: never before the clock, so that nothing happens before it was asked for. */
  stamp(): UtcMs {
    return Math.max(this.now(), this.#parts.clock.now());
  }

  walk(market: SymbolMarket, step: Candle, durationMs: number): void {
    const { account, maxVolumeShare } = this.#parts;
    const { instrument, working } = market;
    const volume = floorTo(scale(baseAmount(step.volume), maxVolumeShare), instrument.lotSize);
    const walk = new StepWalk(step, durationMs, volume, working.all, account.held(instrument).toNumber());
    market.walk = walk;
    this.#walking = walk;
    try {
      for (let next = walk.next(working.all); next !== undefined; next = walk.next(working.all)) {
        walk.share = next.share;
        if (next.isExpiry) this.expire(working, next.order);
        else this.#act(market, walk, next);
      }
    } finally {
      market.walk = null;
      this.#walking = null;
    }
  }

  /** Ends an order at the moment that was set for it, whenever that is noticed. */
  expire(among: WorkingOrders, order: WorkingOrder): void {
    const { venue, expiresAt } = order;
    const reason = `not ${venue.filledAmount.isZero() ? 'filled' : 'filled in full'} by ${new Date(expiresAt).toISOString()}`;
    this.end(among, order, 'EXPIRED', reason, Math.max(expiresAt, venue.updatedAt));
  }

  end(
    among: WorkingOrders,
    order: WorkingOrder,
    status: 'CANCELED' | 'EXPIRED',
    reason: string | null,
    at: UtcMs,
  ): VenueOrder {
    const ended = { ...order.venue, status, reason, updatedAt: at };
    among.remove(order);
    this.record(ended);
    return ended;
  }

  record(order: VenueOrder, also: Partial<SimulatedVenueState> = {}): void {
    const market = this.#parts.markets.get(order.symbol);
    const appliedUntil = new Map(market === undefined ? [] : [[order.symbol, market.appliedUntil]]);
    this.#parts.records.record(order, { ...also, appliedUntil });
  }

  #act(market: SymbolMarket, walk: StepWalk, { order, crossed }: NextTouch): void {
    const { terms } = this.#parts;
    const { side } = order.venue;
    const takerPrice = (from: Price): Price => terms.takerPrice(market.instrument, side, from);
    switch (order.stage) {
      case 'resting':
        this.#fill(market, walk, order, order.own, 'maker');
        break;
      case 'taking':
        this.#fill(market, walk, order, takerPrice(walk.takingPrice(order)), 'taker');
        break;
      case 'waiting': {
        const from = crossed ? order.own : price(walk.price);
        const triggered = taking(order, { ...order.venue, reason: TRIGGERED });
        market.working.replace(triggered);
        if (walk.volumeLeft.isZero()) this.record(triggered.venue);
        else this.#fill(market, walk, triggered, takerPrice(from), 'taker');
        break;
      }
      case 'arriving': {
        const from = walk.takingPrice(order);
        const isBuy = side === 'buy';
        const best = terms.bestOpposite(side, from);
        const marketable = isBuy ? best.lte(order.own) : best.gte(order.own);
        const at = (isBuy ? minimum : maximum)(order.own, takerPrice(from));
        if (marketable) this.#fill(market, walk, order, at, 'taker');
        else market.working.replace({ ...order, stage: 'resting' });
        break;
      }
    }
  }

  #fill(
    market: SymbolMarket,
    walk: StepWalk,
    order: WorkingOrder,
    at: Price,
    liquidity: Fill['liquidity'],
  ): void {
    const { instrument, working } = market;
    const wanted = minimum(remainingAmount(order), walk.volumeLeft);
    const amount = minimum(wanted, this.#parts.power.capacity(market, order, at));
    if (amount.gt(0)) this.#execute(market, walk, order, at, amount, liquidity);
    if (amount.eq(wanted)) return;
    // A listener may have cancelled the rest while it was told of the fill.
    const rest = working.find(order.venue.venueOrderId);
    if (rest === undefined) return;
    const reason = order.venue.reduceOnly
      ? 'nothing is left to reduce'
      : `insufficient balance of ${cashOf(instrument)}`;
    this.end(working, rest, 'EXPIRED', reason, this.stamp());
  }

  #execute(
    market: SymbolMarket,
    walk: StepWalk,
    order: WorkingOrder,
    at: Price,
    amount: BaseAmount,
    liquidity: Fill['liquidity'],
  ): void {
    const { account, records, terms } = this.#parts;
    const { instrument, working } = market;
    const { clientOrderId, venueOrderId, symbol, side } = order.venue;
    const time = Math.max(this.stamp(), records.fills(symbol).at(-1)?.time ?? 0);
    const fill = {
      tradeId: records.nextTradeId,
      clientOrderId,
      venueOrderId,
      symbol,
      side,
      price: at,
      amount,
      fee: terms.fee(instrument, side, at, amount, liquidity),
      liquidity,
      time,
    } satisfies VenueFill;
    account.settle(fill, instrument);
    walk.volumeLeft = subtract(walk.volumeLeft, amount);

    const filledAmount = add(order.venue.filledAmount, amount);
    const isFilled = filledAmount.eq(order.venue.amount);
    const status = isFilled ? 'FILLED' : 'PARTIALLY_FILLED';
    const venue: VenueOrder = { ...order.venue, filledAmount, status, updatedAt: time };
    if (isFilled) working.remove(order);
    else working.replace(remainder(order, venue));
    this.record(venue, { fills: [fill], balances: account.balances() });
  }
}
