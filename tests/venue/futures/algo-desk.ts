import { absolute } from '../../../core/domain/index.ts';
import type { AccountEvent } from '../accounts/account-events.ts';
import type { VenueClock } from '../clock/venue-clock.ts';
import type { FaultBoard } from '../faults/fault-board.ts';
import type { VenueMarket } from '../market/venue-market.ts';
import { checkFilters } from '../orders/filters.ts';
import type { OrderDesk } from '../orders/order-desk.ts';
import { isOpen, type OrderRecord, type OrderRequest } from '../orders/order-record.ts';
import { Refusal } from '../orders/refusal.ts';
import { wouldTrigger } from '../orders/triggers.ts';
import { type AlgoOrder, type AlgoState, algoStateOf } from './algo-order.ts';
import type { FuturesFunds } from './futures-funds.ts';

export interface AlgoTerms {
  readonly clock: VenueClock;
  readonly markets: ReadonlyMap<string, VenueMarket>;
  readonly desk: OrderDesk;
  readonly funds: FuturesFunds;
  readonly faults: FaultBoard;
  readonly tell: (event: AccountEvent) => void;
}

const FIRST_ID = 2_000_000;

/** Conditional orders: kept apart from the others, each becomes an order of another id when its price comes. */
export class AlgoDesk {
  readonly all: AlgoOrder[] = [];
  readonly #terms: AlgoTerms;

  constructor(terms: AlgoTerms) {
    this.#terms = terms;
  }

  /** @throws Refusal when the venue does not take it. */
  place(
    account: string,
    request: OrderRequest,
    more: Pick<AlgoOrder, 'closePosition' | 'workingType'>,
  ): AlgoOrder {
    const market = this.#market(request.symbol.id);
    if (this.#terms.faults.strike('stop-refused', request.symbol.id) !== undefined)
      throw new Refusal('bad-order-type');
    if (!more.closePosition) checkFilters(market, request);
    else if (market.symbol.status !== 'TRADING') throw new Refusal('market-closed');
    const isTwice = this.open(account).some((algo) => algo.request.clientId === request.clientId);
    if (isTwice) throw new Refusal('duplicate-client-id');
    const at = more.workingType === 'MARK_PRICE' ? market.markPrice : market.lastPrice;
    if (wouldTrigger(at, request)) throw new Refusal('would-trigger');
    if (this.open(account, request.symbol.id).length >= market.symbol.filters.maxStops)
      throw new Refusal('too-many-stops');
    const id = FIRST_ID + this.all.length + 1;
    const algo: AlgoOrder = { id, account, request, ...more, createdAt: this.#terms.clock.now(), states: [] };
    this.all.push(algo);
    this.#change(algo, { status: 'NEW', orderId: null, triggeredAt: null, failure: '' });
    return algo;
  }

  open(account: string, symbol?: string): readonly AlgoOrder[] {
    return this.all.filter(
      (algo) =>
        algo.account === account &&
        (symbol === undefined || algo.request.symbol.id === symbol) &&
        algoStateOf(algo).status === 'NEW',
    );
  }

  find(account: string, name: { readonly id?: number; readonly clientId?: string }): AlgoOrder | undefined {
    return this.all.findLast(
      (algo) =>
        algo.account === account &&
        (name.id === undefined ? algo.request.clientId === name.clientId : algo.id === name.id),
    );
  }

  /** @throws Refusal when it does not wait any more. */
  cancel(algo: AlgoOrder): void {
    if (algoStateOf(algo).status !== 'NEW') throw new Refusal('unknown-order');
    this.#change(algo, { status: 'CANCELED' });
  }

  /** What waits for a price that is there goes to the market. */
  review(): void {
    for (const algo of this.all) {
      if (algoStateOf(algo).status !== 'NEW') continue;
      const market = this.#market(algo.request.symbol.id);
      if (market.symbol.status === 'SETTLED') this.#change(algo, { status: 'EXPIRED' });
      const at = algo.workingType === 'MARK_PRICE' ? market.markPrice : market.lastPrice;
      if (market.symbol.status === 'TRADING' && wouldTrigger(at, algo.request)) this.#trigger(algo);
    }
  }

  /** Stops that close a whole position end with it. */
  positionEnded(account: string, symbol: string): void {
    for (const algo of this.open(account, symbol))
      if (algo.closePosition) this.#change(algo, { status: 'EXPIRED' });
  }

  /** When the order that it became has ended, so has the conditional one. */
  orderEnded(order: OrderRecord): void {
    const algo = this.all.find(
      (one) => algoStateOf(one).orderId === order.id && one.request.symbol === order.symbol,
    );
    if (algo !== undefined && algoStateOf(algo).status === 'TRIGGERED')
      this.#change(algo, { status: 'FINISHED' });
  }

  #trigger(algo: AlgoOrder): void {
    const { desk, faults, clock, funds } = this.#terms;
    const { request } = algo;
    this.#change(algo, { status: 'TRIGGERING', triggeredAt: clock.now() });
    if (faults.strike('stop-hangs', request.symbol.id) !== undefined) return;
    const position = funds.of(algo.account).positions.of(request.symbol.id, request.positionSide);
    const orderId = desk.store.peekId(request.symbol.id);
    try {
      desk.place(algo.account, {
        ...request,
        type: request.price === undefined ? 'MARKET' : 'LIMIT',
        amount: algo.closePosition ? absolute(position.amount) : request.amount,
        reduceOnly: algo.closePosition || request.reduceOnly === true,
        origin: 'stop',
      });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.#change(algo, { status: 'REJECTED', failure: error.reason });
      return;
    }
    this.#change(algo, { status: 'TRIGGERED', orderId });
    const order = desk.store.get(request.symbol.id, orderId);
    if (order !== undefined && !isOpen(order)) this.orderEnded(order);
  }

  #change(algo: AlgoOrder, change: Partial<AlgoState>): void {
    const before: AlgoState = algo.states.at(-1) ?? {
      ...{ at: 0, status: 'NEW', orderId: null, triggeredAt: null, failure: '' },
    };
    algo.states.push({ ...before, ...change, at: this.#terms.clock.now() });
    this.#terms.tell({ kind: 'algo', account: algo.account, algo });
  }

  #market(id: string): VenueMarket {
    const market = this.#terms.markets.get(id);
    if (market === undefined) throw new Refusal('unknown-symbol');
    return market;
  }
}
