import type { Database, Statement } from 'better-sqlite3';
import type { OrderPurpose, OrderStatus, OrderType, Side } from '../../contract/index.ts';
import {
  applyFillToOrder,
  applyOrderEvent,
  assetAmount,
  baseAmount,
  type ClientOrderId,
  clientOrderId,
  decisionId,
  type Fill,
  IllegalTransitionError,
  LedgerError,
  newOrder,
  type Order,
  type OrderEvent,
  type OrderIntent,
  type OrderLedger,
  type PageQuery,
  type Price,
  price,
  quoteAmount,
  text,
  tradeId,
  venueOrderId,
} from '../../domain/index.ts';

/** A row of `orders` joined with its intent. */
interface OrderRow {
  readonly client_order_id: string;
  readonly symbol: string;
  readonly side: Side;
  readonly type: OrderType;
  readonly purpose: OrderPurpose;
  readonly amount: string;
  readonly limit_price: string | null;
  readonly stop_price: string | null;
  readonly reduce_only: 0 | 1;
  readonly decision_id: string | null;
  readonly created_at: number;
  readonly status: OrderStatus;
  readonly venue_order_id: string | null;
  readonly filled_amount: string;
  readonly filled_notional: string;
  readonly reason: string | null;
  readonly updated_at: number;
}

interface FillRow {
  readonly trade_id: string;
  readonly client_order_id: string;
  readonly symbol: string;
  readonly side: Side;
  readonly purpose: OrderPurpose;
  readonly price: string;
  readonly amount: string;
  readonly fee_asset: string;
  readonly fee_amount: string;
  readonly fee_quote_value: string;
  readonly liquidity: 'maker' | 'taker';
  readonly time: number;
}

interface Page {
  readonly before: number;
  readonly limit: number;
}

const ORDERS = `SELECT i.*, o.status, o.venue_order_id, o.filled_amount, o.filled_notional, o.reason, o.updated_at
  FROM orders o JOIN order_intents i USING (client_order_id)`;

/**
 * The order ledger in SQLite. Opened with synchronous=FULL, a write is on disk when the call returns. Each write is
 * one transaction over the append-only tables and `orders`, the state they add up to.
 */
export class SqliteOrderLedger implements OrderLedger {
  readonly #database: Database;
  readonly #insertIntent: Statement;
  readonly #insertOrder: Statement;
  readonly #insertEvent: Statement;
  readonly #updateOrder: Statement;
  readonly #insertFill: Statement;
  readonly #selectOrder: Statement<[string], OrderRow>;
  readonly #selectUnfinished: Statement<[], OrderRow>;
  readonly #selectRecent: Statement<[Page], OrderRow>;
  readonly #selectRecentOfSymbol: Statement<[Page & { readonly symbol: string }], OrderRow>;
  readonly #selectFills: Statement<[], FillRow>;

  constructor(database: Database) {
    this.#database = database;
    this.#insertIntent = database.prepare(
      `INSERT INTO order_intents VALUES (:clientOrderId, :symbol, :side, :type, :purpose, :amount, :limitPrice,
        :stopPrice, :reduceOnly, :decisionId, :createdAt)`,
    );
    this.#insertOrder = database.prepare(
      `INSERT INTO orders (client_order_id, symbol, status, filled_amount, filled_notional, created_at, updated_at)
        VALUES (:clientOrderId, :symbol, 'INTENT', '0', '0', :createdAt, :createdAt)`,
    );
    this.#insertEvent = database.prepare(
      `INSERT INTO order_events (client_order_id, status, venue_order_id, reason, at)
        VALUES (:clientOrderId, :status, :venueOrderId, :reason, :at)`,
    );
    this.#updateOrder = database.prepare(
      `UPDATE orders SET status = :status, venue_order_id = :venueOrderId, filled_amount = :filledAmount,
        filled_notional = :filledNotional, reason = :reason, updated_at = :updatedAt
        WHERE client_order_id = :clientOrderId`,
    );
    this.#insertFill = database.prepare(
      // Not INSERT OR IGNORE: that would also ignore, and so lose, a fill that breaks another rule of the table.
      `INSERT INTO fills (trade_id, client_order_id, symbol, side, purpose, price, amount, fee_asset, fee_amount,
        fee_quote_value, liquidity, time) VALUES (:tradeId, :clientOrderId, :symbol, :side, :purpose, :price, :amount,
        :feeAsset, :feeAmount, :feeQuoteValue, :liquidity, :time) ON CONFLICT (symbol, trade_id) DO NOTHING`,
    );
    this.#selectOrder = database.prepare(`${ORDERS} WHERE o.client_order_id = ?`);
    this.#selectUnfinished = database.prepare(
      `${ORDERS} WHERE o.status IN ('INTENT', 'SENT', 'OPEN', 'PARTIALLY_FILLED', 'UNKNOWN') ORDER BY o.sequence`,
    );
    const newestFirst = 'o.created_at < :before ORDER BY o.created_at DESC, o.sequence DESC LIMIT :limit';
    this.#selectRecent = database.prepare(`${ORDERS} WHERE ${newestFirst}`);
    this.#selectRecentOfSymbol = database.prepare(`${ORDERS} WHERE o.symbol = :symbol AND ${newestFirst}`);
    this.#selectFills = database.prepare('SELECT * FROM fills ORDER BY sequence');
  }

  appendIntent(intent: OrderIntent): void {
    const { clientOrderId: id, symbol, createdAt } = intent;
    this.#write(() => {
      if (this.order(id) !== undefined) throw new LedgerError(`order ${id} is in the ledger already`);
      this.#insertIntent.run({
        clientOrderId: id,
        symbol,
        side: intent.side,
        type: intent.type,
        purpose: intent.purpose,
        amount: text(intent.amount),
        limitPrice: intent.limitPrice === null ? null : text(intent.limitPrice),
        stopPrice: intent.stopPrice === null ? null : text(intent.stopPrice),
        reduceOnly: intent.reduceOnly ? 1 : 0,
        decisionId: intent.decisionId,
        createdAt,
      });
      this.#insertOrder.run({ clientOrderId: id, symbol, createdAt });
    });
  }

  appendEvent(event: OrderEvent): void {
    this.#write(() => {
      const order = applyOrderEvent(this.#known(event.clientOrderId), event);
      this.#insertEvent.run({
        clientOrderId: event.clientOrderId,
        status: event.status,
        venueOrderId: event.venueOrderId ?? null,
        reason: event.reason ?? null,
        at: event.at,
      });
      this.#project(order);
    });
  }

  appendFill(fill: Fill): boolean {
    return this.#write(() => {
      const order = this.#known(fill.clientOrderId);
      const { changes } = this.#insertFill.run({
        tradeId: fill.tradeId,
        clientOrderId: fill.clientOrderId,
        symbol: fill.symbol,
        side: fill.side,
        purpose: fill.purpose,
        price: text(fill.price),
        amount: text(fill.amount),
        feeAsset: fill.fee.asset,
        feeAmount: text(fill.fee.amount),
        feeQuoteValue: text(fill.fee.quoteValue),
        liquidity: fill.liquidity,
        time: fill.time,
      });
      if (changes === 0) return false;
      this.#project(applyFillToOrder(order, fill));
      return true;
    });
  }

  order(id: ClientOrderId): Order | undefined {
    const row = this.#selectOrder.get(id);
    return row === undefined ? undefined : orderOf(row);
  }

  unfinishedOrders(): readonly Order[] {
    return this.#selectUnfinished.all().map(orderOf);
  }

  recentOrders({ symbol, before = Number.MAX_SAFE_INTEGER, limit }: PageQuery): readonly Order[] {
    const rows =
      symbol === undefined
        ? this.#selectRecent.all({ before, limit })
        : this.#selectRecentOfSymbol.all({ symbol, before, limit });
    return rows.map(orderOf);
  }

  fills(): Iterable<Fill> {
    return this.#selectFills.all().map(fillOf);
  }

  #known(id: ClientOrderId): Order {
    const order = this.order(id);
    if (order === undefined) throw new LedgerError(`order ${id} is not in the ledger`);
    return order;
  }

  #project(order: Order): void {
    this.#updateOrder.run({
      clientOrderId: order.clientOrderId,
      status: order.status,
      venueOrderId: order.venueOrderId,
      filledAmount: text(order.filledAmount),
      filledNotional: text(order.filledNotional),
      reason: order.reason,
      updatedAt: order.updatedAt,
    });
  }

  #write<T>(change: () => T): T {
    try {
      return this.#database.transaction(change).immediate();
    } catch (cause) {
      if (cause instanceof LedgerError || cause instanceof IllegalTransitionError) throw cause;
      throw new LedgerError(`the order ledger cannot be written: ${String(cause)}`, { cause });
    }
  }
}

function orderOf(row: OrderRow): Order {
  const intent: OrderIntent = {
    clientOrderId: clientOrderId(row.client_order_id),
    symbol: row.symbol,
    side: row.side,
    type: row.type,
    purpose: row.purpose,
    amount: baseAmount(row.amount),
    limitPrice: priceOrNull(row.limit_price),
    stopPrice: priceOrNull(row.stop_price),
    reduceOnly: row.reduce_only === 1,
    decisionId: row.decision_id === null ? null : decisionId(row.decision_id),
    createdAt: row.created_at,
  };
  return {
    ...newOrder(intent),
    status: row.status,
    venueOrderId: row.venue_order_id === null ? null : venueOrderId(row.venue_order_id),
    filledAmount: baseAmount(row.filled_amount),
    filledNotional: quoteAmount(row.filled_notional),
    reason: row.reason,
    updatedAt: row.updated_at,
  };
}

function fillOf(row: FillRow): Fill {
  return {
    tradeId: tradeId(row.trade_id),
    clientOrderId: clientOrderId(row.client_order_id),
    symbol: row.symbol,
    side: row.side,
    purpose: row.purpose,
    price: price(row.price),
    amount: baseAmount(row.amount),
    fee: {
      asset: row.fee_asset,
      amount: assetAmount(row.fee_amount),
      quoteValue: quoteAmount(row.fee_quote_value),
    },
    liquidity: row.liquidity,
    time: row.time,
  };
}

function priceOrNull(value: string | null): Price | null {
  return value === null ? null : price(value);
}
