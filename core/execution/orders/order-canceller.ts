import {
  type ClientOrderId,
  clientOrderId,
  type Exchange,
  faultOf,
  isFinal,
  type Logger,
  type Order,
  type OrderLookup,
  type Timers,
  type VenueOrder,
} from '../../domain/index.ts';
import type { OrderTracker } from './order-tracker.ts';
import { Pursuit } from './pursuit.ts';
import type { VenueInquiry } from './venue-inquiry.ts';
import type { VenuePatience } from './venue-patience.ts';

export interface OrderCancellerOptions {
  readonly exchange: Exchange;
  readonly tracker: OrderTracker;
  readonly inquiry: VenueInquiry;
  readonly patience: VenuePatience;
  readonly timers: Timers;
  readonly log: Logger;
  /** The call that sends this order, while it is on its way. */
  readonly submitting: (id: ClientOrderId) => Promise<unknown> | undefined;
}

/**
 * `ended`: the order is finished and its fills are counted. `working`: the venue still works it. `unknown`: the
 * venue did not say, and the symbol is frozen. `not-found`: there is no such order here.
 */
export type CancelOutcome = 'ended' | 'working' | 'unknown' | 'not-found';

/** How long to wait before each further try to take an order back. */
const PAUSES_MS = [250, 500, 1_000, 2_000, 5_000] as const;

/** Takes orders back, and fetches what they filled until then. */
export class OrderCanceller {
  readonly #options: OrderCancellerOptions;
  readonly #cancelling = new Map<ClientOrderId, Promise<CancelOutcome>>();
  readonly #withdrawals: Pursuit;

  constructor(options: OrderCancellerOptions) {
    this.#options = options;
    this.#withdrawals = new Pursuit({
      ...options,
      goal: 'taking an order back',
      attempt: async (id) => isOver(await this.cancel(clientOrderId(id))),
      pausesMs: PAUSES_MS,
    });
  }

  /** Tries no more. */
  close(): void {
    this.#withdrawals.close();
  }

  isCancelling(id: ClientOrderId): boolean {
    return this.#cancelling.has(id);
  }

  /** Cancels an order, then fetches its fills: what was cancelled may have filled. Never rejects. */
  cancel(id: ClientOrderId): Promise<CancelOutcome> {
    const running = this.#cancelling.get(id);
    if (running !== undefined) return running;
    const cancelling = this.#cancel(id).finally(() => this.#cancelling.delete(id));
    this.#cancelling.set(id, cancelling);
    return cancelling;
  }

  /** Cancels an order that is no longer wanted, and goes on until it has ended. @returns what the first try came to. */
  async withdraw(id: ClientOrderId): Promise<CancelOutcome> {
    const outcome = await this.cancel(id);
    if (!isOver(outcome)) this.#withdrawals.begin(id);
    return outcome;
  }

  async #cancel(id: ClientOrderId): Promise<CancelOutcome> {
    const { tracker, exchange, submitting } = this.#options;
    // A cancel that overtakes its order finds nothing at the venue, and the order works on.
    await Promise.allSettled([submitting(id)]);
    const order = tracker.order(id);
    if (order === undefined) return 'not-found';
    if (!tracker.isAlive(id)) return 'ended';
    let answer: VenueOrder;
    try {
      answer = await exchange.cancel(tracker.refOf(order));
    } catch (error) {
      const fault = faultOf(error);
      if (fault === 'rate-limited' || fault === 'unauthorised') return 'working';
      // Also a refusal: "unknown order" may mean filled, and may mean not there yet.
      return this.#afterFailure(order, error);
    }
    return this.#afterAnswer(order, answer);
  }

  async #afterAnswer(order: Order, answer: VenueOrder): Promise<CancelOutcome> {
    const { tracker, inquiry } = this.#options;
    const { clientOrderId: id } = order;
    // Some venues answer a cancel with a new id in the place of ours.
    if (!(await inquiry.learn({ ...answer, clientOrderId: id }, 'always'))) return 'unknown';
    return tracker.isAlive(id) ? 'working' : 'ended';
  }

  async #afterFailure(order: Order, error: unknown): Promise<CancelOutcome> {
    const lookup = await this.#lookUp(order);
    const wasRefused = faultOf(error) === 'rejected';
    if (lookup?.kind === 'found' && (wasRefused || isFinal(lookup.order.status))) {
      return this.#afterAnswer(order, lookup.order);
    }
    const reason = error instanceof Error ? error.message : String(error);
    const { symbol, clientOrderId: id } = order;
    this.#options.inquiry.doubt(symbol, `the venue did not answer for the cancel of ${id}: ${reason}`);
    return 'unknown';
  }

  async #lookUp(order: Order): Promise<OrderLookup | null> {
    const { inquiry, log } = this.#options;
    try {
      return await inquiry.lookUp(order);
    } catch (error) {
      log.warn(
        { clientOrderId: order.clientOrderId, error },
        'the venue does not say what became of a cancel',
      );
      return null;
    }
  }
}

function isOver(outcome: CancelOutcome): boolean {
  return outcome === 'ended' || outcome === 'not-found';
}
