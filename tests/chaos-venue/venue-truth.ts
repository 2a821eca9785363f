import { absolute, type BaseAmount, subtract, ZERO_BASE } from '../../core/domain/index.ts';
import { executionId } from '../venue/dialects/bybit-spot/wire.ts';
import { type AlgoOrder, algoStateOf } from '../venue/futures/algo-order.ts';
import { type DialectName, isOpen, type OrderRecord, stateOf, type Venue } from '../venue/index.ts';
import { isStopType } from '../venue/orders/order-record.ts';
import { type Books, countSpotTrade, Flows, type OrderSaid } from './books.ts';

/** The venue's words for what has another in the ledger. */
const STATUS_HERE: Readonly<Record<string, string>> = { NEW: 'OPEN', TRIGGERING: 'OPEN' };

/** What the venue itself knows to be so: nothing of it comes from the program. */
export class VenueTruth {
  readonly #venue: Venue;
  readonly #isFutures: boolean;
  /** How the venue calls a trade when it is asked. */
  readonly #nameOf: (tradeId: number) => string;

  constructor(venue: Venue, dialect: DialectName) {
    this.#venue = venue;
    this.#isFutures = dialect === 'binance-usdm';
    this.#nameOf = dialect === 'bybit-spot' ? executionId : String;
  }

  books(): Books {
    return {
      trades: this.#venue.fills().map((fill) => ({
        id: `${fill.symbol.id} ${fill.side} ${this.#nameOf(fill.tradeId)}`,
        words: [fill.side, fill.amount, 'at', fill.price, 'fee', fill.fee, fill.feeAsset].join(' '),
      })),
      orders: [...this.#ordersSaid()],
      flows: this.#flows(),
      funding: this.#isFutures ? this.#funding().map(({ amount }) => amount.toFixed()) : [],
    };
  }

  /** Orders of the program's that the venue has taken, the oldest first; stops that wait for their price too. */
  taken(): readonly (OrderRecord | AlgoOrder)[] {
    return [...this.#ours(), ...this.#algos()];
  }

  /** Client ids of those that work. */
  working(): readonly { readonly clientId: string; readonly symbol: string; readonly isStop: boolean }[] {
    return [
      ...this.#ours()
        .filter((order) => isOpen(order))
        .map(({ clientId, symbol, type }) => ({ clientId, symbol: symbol.id, isStop: isStopType(type) })),
      ...this.#algos()
        .filter((algo) => algoStateOf(algo).status === 'NEW')
        .map(({ request }) => ({ clientId: request.clientId, symbol: request.symbol.id, isStop: true })),
    ];
  }

  /** What of a symbol is the program's to protect; below 0: short. */
  units(symbolId: string, base: string): BaseAmount {
    if (this.#isFutures)
      return this.#positions().find(({ symbol }) => symbol === symbolId)?.amount ?? ZERO_BASE;
    // Coins and assets are counted in the same decimals.
    return (this.#flows().get(base) ?? ZERO_BASE) as unknown as BaseAmount;
  }

  /** How much of a symbol's position stops of the program's would close. */
  cover(symbolId: string, units: BaseAmount): BaseAmount {
    const side = units.isPositive() ? 'sell' : 'buy';
    const stops = this.#ours()
      .filter((order) => isOpen(order) && isStopType(order.type) && order.symbol.id === symbolId)
      .filter((order) => order.side === side)
      .map((order) => subtract(order.amount, stateOf(order).filled));
    const algos = this.#algos()
      .filter((algo) => algoStateOf(algo).status === 'NEW' && algo.request.symbol.id === symbolId)
      .filter(({ request }) => request.side === side)
      .map(({ request, closePosition }) => (closePosition ? absolute(units) : request.amount));
    return [...stops, ...algos].reduce((sum, amount) => sum.plus(amount) as BaseAmount, ZERO_BASE);
  }

  /** Whether there is a part of a position that another hand opened: on spot that is never the program's. */
  handTraded(symbolId: string): boolean {
    return this.#isFutures && this.#byHand().some(({ symbol }) => symbol.id === symbolId);
  }

  /** How many stops have traded. */
  stopsFilled(): number {
    const stops = [
      ...this.#ours()
        .filter(({ type }) => isStopType(type))
        .map(({ id }) => id),
    ];
    const children = this.#algos().map((algo) => algoStateOf(algo).orderId);
    return this.#venue.fills().filter(({ orderId }) => stops.includes(orderId) || children.includes(orderId))
      .length;
  }

  /** As the trader does it on the venue's own page. */
  cancelOneOfOurs(): void {
    const order = this.#ours().find((one) => isOpen(one));
    if (order !== undefined) this.#venue.hand().cancel(order);
    const algo = this.#algos().find((one) => algoStateOf(one).status === 'NEW');
    if (algo !== undefined) this.#venue.futures.algos.cancel(algo);
  }

  #ours(): readonly OrderRecord[] {
    return this.#venue.orders().filter(({ origin }) => origin === 'api');
  }

  #algos(): readonly AlgoOrder[] {
    return this.#isFutures ? this.#venue.futures.algos.all : [];
  }

  /** On spot these are the trader's own business; on futures there is one position, whoever trades. */
  #byHand(): readonly OrderRecord[] {
    return this.#venue.orders().filter(({ origin }) => origin === 'hand');
  }

  *#ordersSaid(): Generator<OrderSaid> {
    for (const order of this.#ours()) yield this.#said(order.clientId, order);
    for (const algo of this.#algos()) {
      const { status, orderId } = algoStateOf(algo);
      const { clientId, symbol } = algo.request;
      const child = this.#venue.orders().find((order) => order.id === orderId && order.symbol === symbol);
      if (child === undefined) yield { clientId, status: STATUS_HERE[status] ?? status, filled: '0' };
      else yield this.#said(clientId, child);
    }
  }

  #said(clientId: string, order: OrderRecord): OrderSaid {
    const { status, filled } = stateOf(order);
    return { clientId, status: STATUS_HERE[status] ?? status, filled: filled.toFixed() };
  }

  #flows(): Books['flows'] {
    const flows = new Flows();
    const { holdings, terms } = this.#venue.account();
    for (const asset of holdings.assets().keys()) flows.count(asset, holdings.total(asset).toFixed());
    for (const [asset, amount] of Object.entries(terms.balances)) flows.count(asset, `-${amount}`);
    if (this.#isFutures) {
      for (const { symbol, amount, cost } of this.#positions()) {
        flows.count(symbol, amount.toFixed());
        // What is open has cost that much: the wallet shows it when it is closed.
        flows.count('USDT', cost.negated().toFixed());
      }
      return flows.totals;
    }
    const byHand = new Set(this.#byHand().map((order) => keyOf(order.symbol.id, order.id)));
    const hands = this.#venue.fills().filter(({ symbol, orderId }) => byHand.has(keyOf(symbol.id, orderId)));
    for (const { symbol, side, price, amount, fee, feeAsset } of hands)
      countSpotTrade(flows, {
        ...{ base: symbol.base, quote: symbol.quote, feeAsset },
        // Taken off again: what the other side of it would have had.
        side: side === 'buy' ? 'sell' : 'buy',
        ...{ price: price.toFixed(), amount: amount.toFixed(), fee: fee.negated().toFixed() },
      });
    return flows.totals;
  }

  #positions() {
    return this.#venue.futures.funds.of(this.#venue.account().name).positions.all();
  }

  #funding() {
    return this.#venue.futures.incomes.all.filter(({ type }) => type === 'FUNDING_FEE');
  }
}

const keyOf = (symbolId: string, orderId: number): string => `${symbolId} ${orderId}`;
