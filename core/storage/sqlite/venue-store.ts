import type { Database, Statement } from 'better-sqlite3';
import {
  type AccountEvent,
  assetAmount,
  baseAmount,
  type Fee,
  type Price,
  price,
  quoteAmount,
  type SimulatedVenueState,
  type SimulatedVenueStore,
  text,
  type UtcMs,
  type VenueFill,
  type VenueOrder,
  type VenueOrderId,
} from '../../domain/index.ts';

interface OrderRow {
  readonly document: string;
  readonly activeAt: number | null;
  readonly expiresAt: number | null;
}

/** What the simulated venue remembers, in SQLite. Documents hold decimals as text, as JSON.stringify writes them. */
export class SqliteVenueStore implements SimulatedVenueStore {
  readonly #save: (change: SimulatedVenueState) => void;
  readonly #orders: Statement<[], OrderRow>;
  readonly #fills: Statement<[], string>;
  readonly #balances: Statement<[], [string, string]>;
  readonly #applied: Statement<[], [string, number]>;
  readonly #accountEvents: Statement<[], string>;

  constructor(database: Database) {
    const order = database.prepare(
      `INSERT INTO venue_orders (venue_order_id, client_order_id, document)
        VALUES (:venueOrderId, :clientOrderId, :document)
        ON CONFLICT (venue_order_id) DO UPDATE SET document = excluded.document`,
    );
    const activeAt = database.prepare('UPDATE venue_orders SET active_at = ? WHERE venue_order_id = ?');
    const expiresAt = database.prepare('UPDATE venue_orders SET expires_at = ? WHERE venue_order_id = ?');
    const fill = database.prepare(
      'INSERT INTO venue_fills (trade_id, document) VALUES (?, ?) ON CONFLICT DO NOTHING',
    );
    const balance = database.prepare('INSERT OR REPLACE INTO venue_balances VALUES (?, ?)');
    const applied = database.prepare('INSERT OR REPLACE INTO venue_applied VALUES (?, ?)');
    const accountEvent = database.prepare(
      'INSERT INTO venue_account_events (id, document) VALUES (?, ?) ON CONFLICT DO NOTHING',
    );
    this.#save = database.transaction((change) => {
      for (const each of change.orders) {
        const { venueOrderId, clientOrderId } = each;
        order.run({ venueOrderId, clientOrderId, document: JSON.stringify(each) });
      }
      for (const [id, time] of change.activeAt ?? []) activeAt.run(time, id);
      for (const [id, time] of change.expiresAt ?? []) expiresAt.run(time, id);
      for (const each of change.fills) fill.run(each.tradeId, JSON.stringify(each));
      for (const [asset, amount] of change.balances) balance.run(asset, text(amount));
      for (const [symbol, until] of change.appliedUntil) applied.run(symbol, until);
      for (const each of change.accountEvents ?? []) accountEvent.run(each.id, JSON.stringify(each));
    });
    const bySequence = 'ORDER BY sequence';
    this.#orders = database.prepare(
      `SELECT document, active_at AS activeAt, expires_at AS expiresAt FROM venue_orders ${bySequence}`,
    );
    this.#fills = database.prepare<[], string>(`SELECT document FROM venue_fills ${bySequence}`).pluck();
    this.#balances = database.prepare<[], [string, string]>('SELECT asset, amount FROM venue_balances').raw();
    this.#applied = database.prepare<[], [string, number]>('SELECT symbol, until FROM venue_applied').raw();
    this.#accountEvents = database
      .prepare<[], string>(`SELECT document FROM venue_account_events ${bySequence}`)
      .pluck();
  }

  load(): Required<SimulatedVenueState> {
    const orders: VenueOrder[] = [];
    const activeAt = new Map<VenueOrderId, UtcMs>();
    const expiresAt = new Map<VenueOrderId, UtcMs>();
    for (const row of this.#orders.iterate()) {
      const order = readOrder(row.document);
      orders.push(order);
      if (row.activeAt !== null) activeAt.set(order.venueOrderId, row.activeAt);
      if (row.expiresAt !== null) expiresAt.set(order.venueOrderId, row.expiresAt);
    }
    return {
      orders,
      fills: Array.from(this.#fills.iterate(), readFill),
      balances: new Map(this.#balances.all().map(([asset, amount]) => [asset, assetAmount(amount)])),
      appliedUntil: new Map(this.#applied.all()),
      activeAt,
      expiresAt,
      accountEvents: this.#accountEvents.all().map(readAccountEvent),
    };
  }

  save(change: SimulatedVenueState): void {
    this.#save(change);
  }
}

/** A type whose decimals are text. The documents come from our own database, written by JSON.stringify above. */
type Stored<T, Decimals extends keyof T> = Omit<T, Decimals> & Record<Decimals, string>;

function readOrder(document: string): VenueOrder {
  const stored = JSON.parse(document) as Stored<VenueOrder, 'amount' | 'filledAmount'> & {
    limitPrice: string | null;
    stopPrice: string | null;
    /** Absent in documents of the first version, whose stops filled as themselves. */
    parentVenueOrderId?: VenueOrder['parentVenueOrderId'];
  };
  return {
    ...stored,
    parentVenueOrderId: stored.parentVenueOrderId ?? null,
    amount: baseAmount(stored.amount),
    filledAmount: baseAmount(stored.filledAmount),
    limitPrice: priceOrNull(stored.limitPrice),
    stopPrice: priceOrNull(stored.stopPrice),
  };
}

function readFill(document: string): VenueFill {
  const stored = JSON.parse(document) as Stored<Omit<VenueFill, 'fee'>, 'price' | 'amount'> & {
    fee: Stored<Fee, 'amount' | 'quoteValue'> | null;
    /** Absent in documents of the first version. */
    venueOrderId?: VenueFill['venueOrderId'];
  };
  return {
    ...stored,
    venueOrderId: stored.venueOrderId ?? null,
    price: price(stored.price),
    amount: baseAmount(stored.amount),
    fee: stored.fee && {
      asset: stored.fee.asset,
      amount: assetAmount(stored.fee.amount),
      quoteValue: quoteAmount(stored.fee.quoteValue),
    },
  };
}

function readAccountEvent(document: string): AccountEvent {
  const stored = JSON.parse(document) as Stored<AccountEvent, 'amount' | 'quoteValue'>;
  return {
    ...stored,
    amount: assetAmount(stored.amount),
    quoteValue: quoteAmount(stored.quoteValue),
  };
}

function priceOrNull(value: string | null): Price | null {
  return value === null ? null : price(value);
}
