import type { AccountEvent, Execution } from '../accounts/account-events.ts';
import type { VenueClock } from '../clock/venue-clock.ts';
import type { VenueMarket } from '../market/venue-market.ts';
import type { Funds } from './funds.ts';
import { type FillRecord, isOpen, type OrderRecord, type OrderState, stateOf } from './order-record.ts';
import { OrderStore } from './order-store.ts';
import { Refusal } from './refusal.ts';

export interface DeskTerms {
  readonly clock: VenueClock;
  readonly markets: ReadonlyMap<string, VenueMarket>;
  readonly funds: Funds;
  readonly tell: (event: AccountEvent) => void;
}

/** How an order gets from one state to the next: written down, paid for, and told to the streams. */
export class OrderLife {
  readonly store = new OrderStore();
  readonly fills: FillRecord[] = [];
  readonly #terms: DeskTerms;

  constructor(terms: DeskTerms) {
    this.#terms = terms;
  }

  change(order: OrderRecord, change: Partial<OrderState>): void {
    order.states.push({ ...stateOf(order), ...change, at: this.#terms.clock.now() });
    if (!isOpen(order)) this.store.ended(order);
  }

  /** Takes it out of the book and gives back what it held. @param execution null: the streams know already. */
  end(
    order: OrderRecord,
    status: OrderState['status'],
    execution: Execution | null,
    cancelId: string | null = null,
  ): void {
    const market = this.market(order.symbol.id);
    const resting = market.book.find(order.account, order.id);
    if (resting !== undefined) market.book.remove(resting);
    this.change(order, { status });
    this.#terms.funds.release(market, order);
    if (execution !== null) this.tellOrder(order, execution, null, cancelId);
    this.tellBalances(market, order);
  }

  tellOrder(
    order: OrderRecord,
    execution: Execution,
    fill: FillRecord | null = null,
    cancelId: string | null = null,
  ): void {
    this.#terms.tell({ kind: 'order', order, state: stateOf(order), execution, fill, cancelId });
  }

  tellBalances(market: VenueMarket, order: OrderRecord): void {
    const assets = this.#terms.funds.touched(market, order);
    const symbols = [market.symbol.id];
    this.#terms.tell({ kind: 'balances', account: order.account, assets, symbols, reason: 'ORDER' });
  }

  market(id: string): VenueMarket {
    const market = this.#terms.markets.get(id);
    if (market === undefined) throw new Refusal('unknown-symbol');
    return market;
  }
}
