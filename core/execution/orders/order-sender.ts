import {
  type ClientOrderId,
  type Exchange,
  faultOf,
  type GateAnswer,
  isFinal,
  type Logger,
  type Order,
  type OrderGate,
  type OrderIntent,
} from '../../domain/index.ts';
import { type Admission, isInDoubt, type Refusal } from './admission.ts';
import type { Tracked } from './known-orders.ts';
import type { CancelOutcome, OrderCanceller } from './order-canceller.ts';
import type { OrderTracker } from './order-tracker.ts';
import type { VenueInquiry } from './venue-inquiry.ts';
import { leftAlone, type VenuePatience } from './venue-patience.ts';

export interface OrderSenderOptions {
  readonly exchange: Exchange;
  /** The same venue, for emergencies. */
  readonly emergency: Exchange;
  readonly gate: OrderGate;
  readonly tracker: OrderTracker;
  readonly inquiry: VenueInquiry;
  readonly admission: Admission;
  readonly canceller: OrderCanceller;
  readonly patience: VenuePatience;
  readonly log: Logger;
}

/**
 * `placed`: the venue has it. `known`: this id was placed before, nothing was sent. `rejected`: the venue does
 * not want it. `unknown`: the venue may or may not have it, and its symbol is frozen. `refused`: it never left;
 * `code` is the manager's or the gate's, `order` is there when its intent had been written.
 */
export type PlaceResult =
  | { readonly outcome: 'placed' | 'known' | 'rejected' | 'unknown'; readonly order: Order }
  | ({ readonly outcome: 'refused'; readonly order: Order | null } & Refusal);

const PASSED: GateAnswer = { allowed: true };

/** Writes an order down, sends it, at most once, and takes over what the venue answers. */
export class OrderSender {
  readonly #options: OrderSenderOptions;
  /** Orders between their intent and the venue's answer. */
  readonly #placing = new Set<ClientOrderId>();
  readonly #submitting = new Map<ClientOrderId, Promise<unknown>>();

  constructor(options: OrderSenderOptions) {
    this.#options = options;
  }

  /** Whether an order is between its intent and the venue's answer. */
  isPlacing(id: ClientOrderId): boolean {
    return this.#placing.has(id);
  }

  /** The call that sends this order, while it is on its way. */
  submitting(id: ClientOrderId): Promise<unknown> | undefined {
    return this.#submitting.get(id);
  }

  /**
   * Sends an order. Synchronous up to the exchange's `submit`, but where stops must let go of coins first.
   *
   * @param given `emergency`: whatever the books say.
   */
  async send(intent: OrderIntent, given: { readonly emergency: boolean }): Promise<PlaceResult> {
    const id = intent.clientOrderId;
    const busy = given.emergency ? null : this.#busy();
    if (busy !== null) return { outcome: 'refused', order: null, ...busy };
    // Protection is tried again and again: what the gate holds back would fill the ledger.
    const early = intent.purpose === 'protection' ? this.#options.gate.mayLeave(intent) : PASSED;
    if (!early.allowed) return { outcome: 'refused', order: null, code: early.code, message: early.message };
    this.#placing.add(id);
    try {
      const { tracker } = this.#options;
      const begun = tracker.begin(intent);
      if (!tracker.isWrittenDown(begun)) return this.#withdraw(begun, this.#ledgerFailed());
      return await (given.emergency ? this.#send(begun, this.#options.emergency) : this.#letGoAndSend(begun));
    } finally {
      this.#placing.delete(id);
    }
  }

  async #letGoAndSend(begun: Tracked): Promise<PlaceResult> {
    const { admission, canceller } = this.#options;
    const stops = admission.stopsHoldingCoins(begun.order);
    if (stops.length > 0) {
      const outcomes = await Promise.all(stops.map(({ clientOrderId }) => canceller.cancel(clientOrderId)));
      const refusal =
        stillHolding(outcomes) ?? admission.doubt(begun.order) ?? admission.obstacle(begun.order);
      if (refusal !== null) return this.#withdraw(begun, refusal);
    }
    return this.#send(begun, this.#options.exchange);
  }

  async #send(begun: Tracked, exchange: Exchange): Promise<PlaceResult> {
    const { gate, tracker, inquiry } = this.#options;
    const intent = begun.order;
    const id = intent.clientOrderId;
    const answer = gate.mayLeave(intent);
    if (!answer.allowed) return this.#withdraw(begun, answer);
    tracker.move(id, 'SENT');
    if (!tracker.isWrittenDown(begun)) return this.#withdraw(begun, this.#ledgerFailed());
    try {
      const submitting = exchange.submit(intent, gate);
      this.#submitting.set(id, submitting);
      const told = await submitting;
      // An answer that cannot be read is none, and one that has the order work is older than the news of its end.
      if (!isFinal(begun.order.status) || isFinal(told.status)) {
        await inquiry.learn({ ...told, clientOrderId: id });
      }
    } catch (error) {
      this.#failed(begun, error);
    } finally {
      this.#submitting.delete(id);
    }
    const { order } = begun;
    if (isInDoubt(order)) return { outcome: 'unknown', order };
    return { outcome: order.status === 'REJECTED' ? 'rejected' : 'placed', order };
  }

  /** Only an answer that the venue surely gave before acting is a rejection; everything else is doubt. */
  #failed(begun: Tracked, error: unknown): void {
    const { tracker, inquiry, log } = this.#options;
    const { clientOrderId: id, symbol, status } = begun.order;
    const reason = error instanceof Error ? error.message : String(error);
    const fault = faultOf(error);
    // The venue told of the order by another way meanwhile: that is its answer.
    if (status !== 'SENT') return;
    if (fault === 'uncertain' || fault === 'unavailable') {
      tracker.move(id, 'UNKNOWN', { reason });
      inquiry.doubt(symbol, `the venue did not answer for order ${id}: ${reason}`);
      return;
    }
    log.warn({ symbol, clientOrderId: id, fault }, `order rejected: ${reason}`);
    tracker.move(id, 'REJECTED', { reason });
  }

  /** What is tried again and again while the venue wants to be left alone would fill the ledger with refusals. */
  #busy(): Refusal | null {
    const { patience, exchange } = this.#options;
    const { remainingMs } = patience;
    return remainingMs === 0 ? null : { code: 'venue-busy', message: leftAlone(exchange.id, remainingMs) };
  }

  #ledgerFailed(): Refusal {
    return { code: 'ledger-failed', message: String(this.#options.tracker.fault) };
  }

  #withdraw(begun: Tracked, { code, message }: Refusal): PlaceResult {
    this.#options.tracker.move(begun.order.clientOrderId, 'CANCELED', { reason: message });
    return { outcome: 'refused', code, message, order: begun.order };
  }
}

/** A stop that the venue did not surely let go of keeps the coins, or has sold them. */
function stillHolding(outcomes: readonly CancelOutcome[]): Refusal | null {
  if (!outcomes.includes('working') && !outcomes.includes('unknown')) return null;
  return { code: 'stop-holds-coins', message: 'the venue has not cancelled the stop that holds the coins' };
}
