import type { Database, Statement } from 'better-sqlite3';
import type { FillPurpose } from '../../contract/index.ts';
import {
  type AccountEvent,
  applyFillToOrder,
  applyOrderEvent,
  type ClientOrderId,
  type Fill,
  IllegalTransitionError,
  type LedgerAccountEvent,
  LedgerError,
  newOrder,
  type Order,
  type OrderEvent,
  type OrderIntent,
  type OrderLedger,
  type PageQuery,
  type TradeId,
  text,
} from '../../domain/index.ts';
import { hiccupOf } from './hiccup.ts';
import {
  type AccountEventRow,
  accountEventOfRow,
  type FillRow,
  fillOfRow,
  type OrderRow,
  orderOfRow,
  rowOfAccountEvent,
  rowOfFill,
  rowOfIntent,
} from './ledger-rows.ts';
import { pagesOf } from './pages.ts';
import { SqliteTradeHistory } from './trade-history.ts';

/** Has writes to the same database that may go along with another one. */
export interface Carrier {
  /**
   * @param write runs in one transaction, which `carry` lets them join.
   * @returns what it returns. @throws what it throws: what waits goes on to wait then.
   */
  carry<T>(write: (carry: () => void) => T): T;
}

const NOTHING_WAITS: Carrier = { carry: (write) => write(() => undefined) };

interface Page {
  readonly before: number;
  readonly limit: number;
}

const ORDERS = `SELECT i.*, o.status, o.venue_order_id, o.filled_amount, o.filled_notional, o.reason, o.updated_at
  FROM orders o JOIN order_intents i USING (client_order_id)`;

const FILLS = `SELECT f.*, i.expected_price, i.expected_cost
  FROM fills f LEFT JOIN order_intents i USING (client_order_id)`;

/**
 * The order ledger in SQLite. Opened with synchronous=FULL, a write is on disk when the call returns. Each write is
 * one transaction over the append-only tables and `orders`, the state they add up to.
 */
export class SqliteOrderLedger implements OrderLedger {
  /** Follows each write of this ledger, in its transaction. */
  readonly trades: SqliteTradeHistory;
  readonly #database: Database;
  readonly #carrier: Carrier;
  readonly #insertIntent: Statement;
  readonly #insertOrder: Statement;
  readonly #insertEvent: Statement;
  readonly #updateOrder: Statement;
  readonly #insertFill: Statement;
  readonly #insertAccountEvent: Statement;
  readonly #selectOrder: Statement<[string], OrderRow>;
  readonly #selectUnfinished: Statement<[], OrderRow>;
  readonly #selectRecent: Statement<[Page], OrderRow>;
  readonly #selectRecentOfSymbol: Statement<[Page & { readonly symbol: string }], OrderRow>;
  readonly #selectFills: Statement<[number, number], FillRow>;
  readonly #selectExecutions: Statement<[], string>;
  readonly #selectPurpose: Statement<[string, string, number], FillPurpose>;
  readonly #selectRecentFills: Statement<[number], FillRow>;
  readonly #selectAccountEvents: Statement<[number, number], AccountEventRow>;

  /** @param carrier whose waiting writes go along with the ledger's: they cost no wait for the disk of their own. */
  constructor(database: Database, carrier: Carrier = NOTHING_WAITS) {
    this.#database = database;
    this.trades = new SqliteTradeHistory(database);
    this.#carrier = carrier;
    this.#insertIntent = database.prepare(
      `INSERT INTO order_intents (client_order_id, symbol, side, type, purpose, amount, limit_price, stop_price,
        reduce_only, post_only, decision_id, created_at, expires_at, expected_price, expected_cost)
        VALUES (:clientOrderId, :symbol, :side, :type, :purpose, :amount, :limitPrice, :stopPrice, :reduceOnly, :postOnly,
        :decisionId, :createdAt, :expiresAt, :expectedPrice, :expectedCost)`,
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
      `INSERT INTO fills (trade_id, client_order_id, venue_order_id, symbol, side, purpose, price, amount, fee_asset,
        fee_amount, fee_quote_value, liquidity, time) VALUES (:tradeId, :clientOrderId, :venueOrderId, :symbol, :side,
        :purpose, :price, :amount, :feeAsset, :feeAmount, :feeQuoteValue, :liquidity, :time)
        ON CONFLICT (symbol, trade_id, side) DO NOTHING`,
    );
    this.#insertAccountEvent = database.prepare(
      `INSERT INTO account_events (id, kind, asset, amount, quote_value, symbol, trade_id, time, note, after_fills)
        SELECT :id, :kind, :asset, :amount, :quoteValue, :symbol, :tradeId, :time, :note, coalesce(max(sequence), 0)
        FROM fills WHERE true ON CONFLICT (id) DO NOTHING`,
    );
    this.#selectOrder = database.prepare(`${ORDERS} WHERE o.client_order_id = ?`);
    this.#selectUnfinished = database.prepare(
      `${ORDERS} WHERE o.status IN ('INTENT', 'SENT', 'OPEN', 'PARTIALLY_FILLED', 'UNKNOWN') ORDER BY o.sequence`,
    );
    const newestFirst = 'o.created_at < :before ORDER BY o.created_at DESC, o.sequence DESC LIMIT :limit';
    this.#selectRecent = database.prepare(`${ORDERS} WHERE ${newestFirst}`);
    this.#selectRecentOfSymbol = database.prepare(`${ORDERS} WHERE o.symbol = :symbol AND ${newestFirst}`);
    const inOrder = 'WHERE sequence > ? ORDER BY sequence LIMIT ?';
    this.#selectFills = database.prepare(`${FILLS} ${inOrder}`);
    // As `executionKey` has it, from the index alone.
    this.#selectExecutions = database
      .prepare<[], string>("SELECT symbol || ' ' || trade_id || ' ' || side FROM fills")
      .pluck();
    this.#selectPurpose = database
      .prepare<[string, string, number], FillPurpose>(
        'SELECT purpose FROM fills WHERE symbol = ? AND trade_id = ? AND sequence <= ? ORDER BY sequence DESC LIMIT 1',
      )
      .pluck();
    this.#selectRecentFills = database.prepare(`${FILLS} ORDER BY sequence DESC LIMIT ?`);
    this.#selectAccountEvents = database.prepare(`SELECT * FROM account_events ${inOrder}`);
  }

  appendIntent(intent: OrderIntent, first?: OrderEvent): void {
    const { clientOrderId, symbol, createdAt } = intent;
    this.#write(() => {
      if (this.order(clientOrderId) !== undefined) {
        throw new LedgerError(`order ${clientOrderId} is in the ledger already`);
      }
      this.#insertIntent.run(rowOfIntent(intent));
      this.#insertOrder.run({ clientOrderId, symbol, createdAt });
      if (first !== undefined) this.#move(newOrder(intent), first);
    });
  }

  appendEvent(event: OrderEvent): void {
    this.#write(() => this.#move(this.#known(event.clientOrderId), event));
  }

  appendFill(fill: Fill): boolean {
    return this.#write(() => {
      const order = fill.clientOrderId === null ? null : this.#known(fill.clientOrderId);
      if (this.#insertFill.run(rowOfFill(fill)).changes === 0) return false;
      if (order !== null) this.#project(applyFillToOrder(order, fill));
      this.trades.follow();
      return true;
    });
  }

  appendAccountEvent(event: AccountEvent): boolean {
    return this.#write(() => {
      if (this.#insertAccountEvent.run(rowOfAccountEvent(event)).changes === 0) return false;
      this.trades.follow();
      return true;
    });
  }

  order(id: ClientOrderId): Order | undefined {
    const row = this.#selectOrder.get(id);
    return row === undefined ? undefined : orderOfRow(row);
  }

  unfinishedOrders(): readonly Order[] {
    return this.#selectUnfinished.all().map(orderOfRow);
  }

  recentOrders({ symbol, before = Number.MAX_SAFE_INTEGER, limit }: PageQuery): readonly Order[] {
    const rows =
      symbol === undefined
        ? this.#selectRecent.all({ before, limit })
        : this.#selectRecentOfSymbol.all({ symbol, before, limit });
    return rows.map(orderOfRow);
  }

  fills(after = 0): Iterable<Fill> {
    return pagesOf(this.#selectFills, fillOfRow, after);
  }

  executions(): Iterable<string> {
    return this.#selectExecutions.all();
  }

  purposeOf(symbol: string, trade: TradeId, among: number): FillPurpose | undefined {
    return this.#selectPurpose.get(symbol, trade, among);
  }

  recentFills(limit: number): readonly Fill[] {
    return this.#selectRecentFills.all(limit).reverse().map(fillOfRow);
  }

  accountEvents(after = 0): Iterable<LedgerAccountEvent> {
    return pagesOf(this.#selectAccountEvents, accountEventOfRow, after);
  }

  #move(order: Order, event: OrderEvent): void {
    const moved = applyOrderEvent(order, event);
    this.#insertEvent.run({
      clientOrderId: event.clientOrderId,
      status: event.status,
      venueOrderId: event.venueOrderId ?? null,
      reason: event.reason ?? null,
      at: event.at,
    });
    this.#project(moved);
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
    const transaction = this.#database.transaction((carry: () => void) => {
      carry();
      return change();
    });
    try {
      return this.#carrier.carry((carry) => transaction.immediate(carry));
    } catch (cause) {
      if (cause instanceof LedgerError || cause instanceof IllegalTransitionError) throw cause;
      throw new LedgerError(`the order ledger cannot be written: ${inWords(cause)}`, { cause });
    }
  }
}

/** What the trader can do something about, and SQLite's own word for whoever looks it up. */
function inWords(cause: unknown): string {
  const own = cause instanceof Error ? cause.message : String(cause);
  const reason = hiccupOf(cause);
  return reason === undefined ? own : `${reason} (${own})`;
}
