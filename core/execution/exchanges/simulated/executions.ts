import {
  add,
  type BaseAmount,
  type Clock,
  type Fill,
  minimum,
  type Price,
  type SimulatedVenueState,
  subtract,
  type UtcMs,
  type VenueFill,
  type VenueOrder,
} from '../../../domain/index.ts';
import type { BuyingPower } from './buying-power.ts';
import type { SymbolMarket } from './symbol-market.ts';
import type { TradingTerms } from './terms.ts';
import type { VenueAccount } from './venue-account.ts';
import type { VenueRecords } from './venue-records.ts';
import { remainder, remainingAmount, type WorkingOrder } from './working-order.ts';
import type { WorkingOrders } from './working-orders.ts';

export interface ExecutionParts {
  readonly markets: ReadonlyMap<string, SymbolMarket>;
  readonly account: VenueAccount;
  readonly power: BuyingPower;
  readonly terms: TradingTerms;
  readonly records: VenueRecords;
  readonly clock: Clock;
}

/** How much there is to be had. */
export interface Supply {
  volumeLeft: BaseAmount;
}

/** What became of an order, with what that does to account and records. When it happens others decide. */
export class Executions {
  readonly #parts: ExecutionParts;
  /** The moment within a step of market data that is being walked: time goes by it meanwhile. */
  walkedTo: (() => UtcMs) | null = null;

  constructor(parts: ExecutionParts) {
    this.#parts = parts;
  }

  /** Market time: of the step being walked, else of the clock. */
  now(): UtcMs {
    return this.walkedTo?.() ?? this.#parts.clock.now();
  }

  /** The time records carry: never before the clock, so that nothing happens before it was asked for. */
  stamp(): UtcMs {
    return Math.max(this.now(), this.#parts.clock.now());
  }

  /** Fills as much of an order as there is and the account can carry; where the account can carry less, the rest ends. */
  fill(
    market: SymbolMarket,
    order: WorkingOrder,
    at: Price,
    supply: Supply,
    liquidity: Fill['liquidity'],
  ): void {
    const { instrument, working } = market;
    const wanted = minimum(remainingAmount(order), supply.volumeLeft);
    const amount = minimum(wanted, this.#parts.power.capacity(market, order, at));
    // A listener that is told of the fill may send an order that takes part in what is left.
    supply.volumeLeft = subtract(supply.volumeLeft, amount);
    if (amount.gt(0)) this.#execute(market, order, at, amount, liquidity);
    if (amount.eq(wanted)) return;
    // A listener may have cancelled the rest while it was told of the fill.
    const rest = working.find(order.venue.venueOrderId);
    if (rest === undefined) return;
    const reason = order.venue.reduceOnly
      ? 'nothing is left to reduce'
      : `insufficient balance of ${instrument.settle}`;
    this.end(working, rest, 'EXPIRED', reason, this.stamp());
  }

  /** Ends an order at the moment that was set for it, whenever that is noticed. */
  expire(among: WorkingOrders, order: WorkingOrder): void {
    const { venue, expiresAt } = order;
    const reason = `not ${venue.filledAmount.isZero() ? 'filled' : 'filled in full'} by ${new Date(expiresAt).toISOString()}`;
    this.end(among, order, 'EXPIRED', reason, Math.max(expiresAt, venue.updatedAt));
  }

  /** A post-only order that would take is not there. */
  refuseToTake(among: WorkingOrders, order: WorkingOrder): void {
    this.end(among, order, 'REJECTED', 'post-only: it would have taken', this.stamp());
  }

  end(
    among: WorkingOrders,
    order: WorkingOrder,
    status: 'CANCELED' | 'EXPIRED' | 'REJECTED',
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

  #execute(
    market: SymbolMarket,
    order: WorkingOrder,
    at: Price,
    amount: BaseAmount,
    liquidity: Fill['liquidity'],
  ): void {
    const { account, records, terms } = this.#parts;
    const { instrument, working } = market;
    const { clientOrderId, venueOrderId, symbol, side } = order.venue;
    const time = Math.max(this.stamp(), records.lastFill(symbol)?.time ?? 0);
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

    const filledAmount = add(order.venue.filledAmount, amount);
    const isFilled = filledAmount.eq(order.venue.amount);
    const status = isFilled ? 'FILLED' : 'PARTIALLY_FILLED';
    const venue: VenueOrder = { ...order.venue, filledAmount, status, updatedAt: time };
    if (isFilled) working.remove(order);
    else working.replace(remainder(order, venue));
    this.record(venue, { fills: [fill], balances: account.balances(), positions: account.position(symbol) });
  }
}
