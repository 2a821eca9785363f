import type { OrderPurpose } from '../../../core/contract/index.ts';
import {
  add,
  type BaseAmount,
  type ClientOrderId,
  type DecisionId,
  type OrderIntent,
  subtract,
  type UtcMs,
  type VenueOrder,
  type VenueOrderId,
  ZERO_BASE,
} from '../../../core/domain/index.ts';
import type { Temper } from '../scenario.ts';

/** Who an order is from: the engine under test, a human at the same account, or the venue itself. */
export type Hand = 'ours' | 'human' | 'venue';

export type OrderTerms = Pick<
  OrderIntent,
  'symbol' | 'side' | 'type' | 'amount' | 'limitPrice' | 'stopPrice' | 'reduceOnly' | 'postOnly' | 'expiresAt'
> & { readonly clientOrderId: ClientOrderId | null };

/** What the venue's records say beside the terms. Purpose and decision are known to us who look, not to the venue. */
export interface Origin {
  readonly hand: Hand;
  readonly purpose: OrderPurpose | null;
  readonly decisionId: DecisionId | null;
  /** When the request left its sender. */
  readonly leftAt: UtcMs;
  /** The stop that this one came from. */
  readonly parent: TrueOrder | null;
}

/** One order as the venue itself knows it, with everything it ever said of it. */
export class TrueOrder {
  readonly venueOrderId: VenueOrderId;
  readonly terms: OrderTerms;
  readonly origin: Origin;
  readonly temper: Temper;
  readonly acceptedAt: UtcMs;
  child: TrueOrder | null = null;
  /** Of a stop: whether it trades by now. */
  triggered = false;
  readonly #versions: VenueOrder[];

  constructor(venueOrderId: VenueOrderId, terms: OrderTerms, origin: Origin, temper: Temper, at: UtcMs) {
    this.venueOrderId = venueOrderId;
    this.terms = terms;
    this.origin = origin;
    this.temper = temper;
    this.acceptedAt = at;
    const { clientOrderId, symbol, side, type, amount, limitPrice, stopPrice, reduceOnly } = terms;
    this.#versions = [
      {
        ...{ clientOrderId, venueOrderId, symbol, side, type, amount, limitPrice, stopPrice, reduceOnly },
        parentVenueOrderId: origin.parent?.venueOrderId ?? null,
        filledAmount: ZERO_BASE,
        status: 'OPEN',
        reason: null,
        updatedAt: at,
      },
    ];
  }

  get now(): VenueOrder {
    return this.#versions[this.#versions.length - 1] as VenueOrder; // It is never empty.
  }

  /** What the venue said of it at a moment; undefined before it was there. */
  asOf(at: UtcMs): VenueOrder | undefined {
    return this.#versions.findLast(({ updatedAt }) => updatedAt <= at);
  }

  get working(): boolean {
    return isWorking(this.now);
  }

  get remaining(): BaseAmount {
    return subtract(this.terms.amount, this.now.filledAmount);
  }

  /** When it ended; null while it works. */
  get endedAt(): UtcMs | null {
    return this.working ? null : this.now.updatedAt;
  }

  /** Whether it rests as protection: a stop that has not triggered. */
  get isRestingStop(): boolean {
    return this.working && this.terms.type === 'stop' && !this.triggered;
  }

  fill(amount: BaseAmount, at: UtcMs): void {
    const filledAmount = add(this.now.filledAmount, amount);
    const status = filledAmount.gte(this.terms.amount) ? 'FILLED' : 'PARTIALLY_FILLED';
    this.#change({ filledAmount, status, updatedAt: at });
  }

  end(status: 'CANCELED' | 'EXPIRED' | 'FILLED', reason: string, at: UtcMs): void {
    this.#change({ status, reason, updatedAt: at });
  }

  #change(change: Partial<VenueOrder>): void {
    this.#versions.push({ ...this.now, ...change });
  }
}

export function isWorking({ status }: Pick<VenueOrder, 'status'>): boolean {
  return status === 'OPEN' || status === 'PARTIALLY_FILLED';
}
