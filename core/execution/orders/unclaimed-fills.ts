import type { OrderPurpose, Side } from '../../contract/index.ts';
import {
  type BaseAmount,
  type ClientOrderId,
  type Exchange,
  executionKey,
  type Order,
  type OrderIntent,
  sum,
  type Timers,
  type UtcMs,
  type VenueFill,
  type VenueOrder,
  type VenueOrderId,
  ZERO_BASE,
} from '../../domain/index.ts';
import type { Absence } from './absence.ts';
import type { ClientOrderIds } from './client-order-id.ts';
import type { OrderTracker } from './order-tracker.ts';

export interface UnclaimedFillsOptions {
  readonly exchange: Pick<Exchange, 'order' | 'profile'>;
  readonly tracker: OrderTracker;
  readonly absence: Absence;
  readonly ids: ClientOrderIds;
  readonly timers: Pick<Timers, 'monotonicMs'>;
  /** Counts a fill whose order is known by now. */
  readonly count: (fill: VenueFill) => void;
  /** Takes over what the venue says of an order of ours. */
  readonly learn: (found: VenueOrder) => Promise<unknown>;
}

/** Fills of orders that nobody here knows, until the venue has said whose they are. */
export class UnclaimedFills {
  readonly #options: UnclaimedFillsOptions;
  readonly #fills = new Map<string, VenueFill>();

  constructor(options: UnclaimedFillsOptions) {
    this.#options = options;
  }

  /** Takes a fill of an order that is not known. @returns whether the venue is to be asked about it. */
  add(fill: VenueFill): boolean {
    const { tracker, ids } = this.#options;
    const { clientOrderId, venueOrderId, time } = fill;
    if (this.#fills.has(keyOf(fill))) return false;
    if (ids.purposeOf(clientOrderId) === undefined && time < tracker.record.since) {
      tracker.record.passOver(fill);
      return false;
    }
    if (clientOrderId === null && venueOrderId === null) {
      // A liquidation, say: there is nothing to ask by.
      tracker.countExternal(fill);
      return false;
    }
    this.#fills.set(keyOf(fill), fill);
    return true;
  }

  /** Time of the symbol's oldest; infinity without any. */
  oldest(symbol: string): UtcMs {
    return Math.min(...this.#of(symbol).map(({ time }) => time));
  }

  /** How much of a symbol they have bought or sold. */
  amount(symbol: string, side: Side): BaseAmount {
    const ofSide = this.#of(symbol).filter((fill) => fill.side === side);
    return sum(
      ZERO_BASE,
      ofSide.map(({ amount }) => amount),
    );
  }

  /** Finds out whose the symbol's are. @returns whether none is left. @throws VenueError when the venue does not answer. */
  async claim(symbol: string): Promise<boolean> {
    const claimed: boolean[] = [];
    for (const fill of this.#of(symbol)) claimed.push(await this.#claim(fill));
    return !claimed.includes(false);
  }

  /** Takes over an order of ours that the ledger does not have. False when it is not one of ours. */
  adopt(found: VenueOrder): boolean {
    const { ids } = this.#options;
    const { clientOrderId, symbol, side, type, amount, limitPrice, stopPrice, reduceOnly, updatedAt } = found;
    const purpose = ids.purposeOf(clientOrderId);
    if (purpose === undefined || clientOrderId === null) return false;
    const told = { clientOrderId, symbol, side, type, amount, limitPrice, stopPrice, reduceOnly, purpose };
    // Its fills may be older than the last that was heard of it: the id tells when it was made.
    this.#recordSent({ ...told, createdAt: Math.min(updatedAt, ids.timeOf(clientOrderId)) });
    return true;
  }

  async #claim(fill: VenueFill): Promise<boolean> {
    const { tracker, absence, ids, timers } = this.#options;
    const { symbol, clientOrderId, venueOrderId } = fill;
    const key = keyOf(fill);
    const found = await this.#lookUp(symbol, clientOrderId, venueOrderId);
    const isOurs = found !== undefined && (await this.#isOurs(found));
    if (!isOurs && this.#mayBeRenamed(fill)) return false;
    // Its order may not be listed yet; a venue that cannot tell for that long will not tell at all.
    if (found === undefined && !absence.note(key, timers.monotonicMs())) return false;
    absence.forget(key);
    this.#fills.delete(key);
    const purpose = ids.purposeOf(clientOrderId);
    if (isOurs) this.#options.count(fill);
    else if (clientOrderId === null || purpose === undefined) tracker.countExternal(fill);
    else this.#countOrphan(fill, clientOrderId, purpose);
    return true;
  }

  /** Whether it may be of an order in doubt, to which the venue has given an id of its own. */
  #mayBeRenamed({ symbol, side }: VenueFill): boolean {
    const { exchange, tracker } = this.#options;
    const isUnnamed = (order: Order): boolean => tracker.refOf(order).venueOrderId === null;
    return (
      exchange.profile.clientOrderId.isUnproven === true &&
      tracker.unfinished(symbol).some((order) => order.side === side && isUnnamed(order))
    );
  }

  /** Whether an order, or the one that it came from, is ours; takes it over where the ledger does not have it. */
  async #isOurs(found: VenueOrder): Promise<boolean> {
    const { tracker, learn } = this.#options;
    if (tracker.ownerOf(found) !== undefined || this.adopt(found)) {
      await learn(found);
      return true;
    }
    const { symbol, parentVenueOrderId } = found;
    if (parentVenueOrderId === null) return false;
    const parent = await this.#lookUp(symbol, null, parentVenueOrderId);
    if (parent === undefined || !(await this.#isOurs(parent))) return false;
    await learn(found);
    return true;
  }

  async #lookUp(
    symbol: string,
    clientOrderId: ClientOrderId | null,
    venueOrderId: VenueOrderId | null,
  ): Promise<VenueOrder | undefined> {
    const { exchange } = this.#options;
    const lookup = await exchange.order({ symbol, clientOrderId, venueOrderId, type: 'market' });
    return lookup.kind === 'found' ? lookup.order : undefined;
  }

  /** A fill with an id of ours whose order neither the ledger nor the venue has any more: the fill tells what it was. */
  #countOrphan(fill: VenueFill, clientOrderId: ClientOrderId, purpose: OrderPurpose): void {
    const { symbol, side, amount, time } = fill;
    const told = { clientOrderId, symbol, side, amount, purpose, type: 'market' } as const;
    this.#recordSent({
      ...told,
      limitPrice: null,
      stopPrice: null,
      reduceOnly: purpose !== 'entry',
      createdAt: time,
    });
    this.#options.count(fill);
  }

  /** Records an order that an earlier process sent. */
  #recordSent(told: Omit<OrderIntent, 'decisionId' | 'expiresAt'>): void {
    const { tracker } = this.#options;
    const { clientOrderId } = told;
    if (tracker.order(clientOrderId) !== undefined) return;
    tracker.begin({ ...told, decisionId: null, expiresAt: null });
    tracker.move(clientOrderId, 'SENT');
  }

  #of(symbol: string): readonly VenueFill[] {
    return [...this.#fills.values()].filter((fill) => fill.symbol === symbol);
  }
}

function keyOf(fill: VenueFill): string {
  return `fill ${executionKey(fill)}`;
}
