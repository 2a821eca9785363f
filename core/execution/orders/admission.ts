import {
  absolute,
  add,
  type BaseAmount,
  type Clock,
  type Exchange,
  isFinal,
  type Order,
  type OrderIntent,
  type Position,
  remainingOf,
  scale,
  sum,
  ZERO_BASE,
} from '../../domain/index.ts';
import { isDerivative } from './markets.ts';
import type { OrderTracker } from './order-tracker.ts';
import type { SymbolTrust } from './symbol-trust.ts';
import type { VenueInquiry } from './venue-inquiry.ts';

/** Where the current positions are read; whoever folds the fills provides it. */
export interface PositionReader {
  position(symbol: string): Position;
}

export interface AdmissionOptions {
  readonly inquiry: Pick<VenueInquiry, 'unclaimedAmount'>;
  readonly tracker: OrderTracker;
  readonly trust: SymbolTrust;
  readonly positions: PositionReader;
  readonly clock: Clock;
  readonly exchange: Pick<Exchange, 'costs' | 'profile'>;
}

const BPS = 10_000;

export interface Refusal {
  readonly code: string;
  readonly message: string;
}

/** What may be sent, as far as our own books tell: what is held, what is on its way, and what is in doubt. */
export class Admission {
  readonly #options: AdmissionOptions;

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  /**
   * The signed units that are surely held: the position, and what entries have filled according to the venue though
   * their fills are not told yet. On a spot market nobody owns less than nothing.
   */
  heldUnits(symbol: string): BaseAmount {
    const { positions, tracker } = this.#options;
    const { quantity } = positions.position(symbol);
    const untold = tracker.untoldUnits(symbol);
    const held = untold.isZero() ? quantity : add(quantity, this.#surely(symbol, untold));
    return held.isNegative() && !isDerivative(symbol) ? ZERO_BASE : held;
  }

  /**
   * Coins that pay their own fee are fewer than were bought. Before the first are bought that is assumed where the trader
   * has coins of his own, which would be sold.
   */
  #surely(symbol: string, untold: BaseAmount): BaseAmount {
    const { tracker, exchange } = this.#options;
    const paysInCoins = tracker.record.paysInCoins ?? exchange.profile.account === 'shared';
    if (isDerivative(symbol) || !paysInCoins) return untold;
    return scale(untold, 1 - exchange.costs(symbol).takerFeeBps / BPS);
  }

  /**
   * How much of what is held such orders of ours may sell, or may have sold already, that have not surely ended, or was
   * sold by fills that may be ours.
   */
  spokenFor(symbol: string, which: (order: Order) => boolean): BaseAmount {
    const { tracker, inquiry } = this.#options;
    const side = this.heldUnits(symbol).isNegative() ? 'buy' : 'sell';
    const reducing = [...tracker.unfinished(symbol), ...tracker.strays(symbol)].filter(
      ({ reduceOnly }) => reduceOnly,
    );
    return sum(inquiry.unclaimedAmount(symbol, side), reducing.filter(which).map(remainingOf));
  }

  /** Why an order must not be sent now, or null. */
  refusal(intent: OrderIntent): Refusal | null {
    const { symbol, purpose, reduceOnly, expiresAt } = intent;
    const { tracker, clock } = this.#options;
    if (purpose !== 'entry' && !reduceOnly) {
      return { code: 'not-reduce-only', message: `an order for ${purpose} must be reduce-only` };
    }
    if (expiresAt !== null && expiresAt <= clock.now()) {
      return { code: 'expired', message: 'the time of this order is up already' };
    }
    const doubt = this.doubt(intent);
    if (doubt !== null) return doubt;
    if (isClose(intent) && tracker.unfinished(symbol).some(isClose)) {
      return { code: 'close-in-flight', message: `a close of ${symbol} is already on its way` };
    }
    return reduceOnly ? this.obstacle(intent) : null;
  }

  /** What is not known well enough to send an order, or null. */
  doubt(intent: OrderIntent): Refusal | null {
    const { symbol, reduceOnly } = intent;
    const { trust, reason } = this.#options.trust.of(symbol);
    if (reduceOnly) return this.#doubtOfReducing(intent, trust === 'frozen' ? reason : null);
    if (trust === 'frozen') return { code: 'symbol-frozen', message: `${symbol} is frozen: ${reason}` };
    if (trust === 'reducing-only') return { code: 'position-differs', message: reason };
    return null;
  }

  /** Why a reducing order would not reduce, or null. */
  obstacle({ symbol, side, amount }: OrderIntent): Refusal | null {
    const held = this.heldUnits(symbol);
    const reduces = !held.isZero() && held.isPositive() === (side === 'sell');
    if (!reduces)
      return { code: 'nothing-to-reduce', message: `${symbol} has no position that this order reduces` };
    if (absolute(held).gte(amount)) return null;
    return { code: 'position-changed', message: `the position in ${symbol} is smaller than the order` };
  }

  /** On a spot market a resting stop holds the coins that a close must sell. */
  stopsHoldingCoins(intent: OrderIntent): readonly Order[] {
    if (isDerivative(intent.symbol) || !isClose(intent)) return [];
    return this.#options.tracker.unfinished(intent.symbol).filter(({ type }) => type === 'stop');
  }

  /** In doubt an order reduces units that are surely held, beside whatever else may reduce them already. */
  #doubtOfReducing({ symbol, amount, clientOrderId }: OrderIntent, frozen: string | null): Refusal | null {
    const hasStrays = this.#options.tracker.strays(symbol).length > 0;
    if (frozen === null && !hasStrays) return null;
    const inDoubt = this.spokenFor(
      symbol,
      (order) => (isInDoubt(order) || isFinal(order.status)) && order.clientOrderId !== clientOrderId,
    );
    if (add(inDoubt, amount).lte(absolute(this.heldUnits(symbol)))) return null;
    const reason = frozen ?? 'an order that had ended here may work at the venue';
    return { code: 'symbol-frozen', message: `${symbol} is frozen: ${reason}` };
  }
}

/** An order that closes a position at the market, for whatever reason; a stop only waits to. */
export function isClose({ purpose, type }: Pick<OrderIntent, 'purpose' | 'type'>): boolean {
  return purpose !== 'entry' && type !== 'stop';
}

/** An order of which it is not known what became of it. */
export function isInDoubt({ status }: Pick<Order, 'status'>): boolean {
  return status === 'SENT' || status === 'UNKNOWN';
}
