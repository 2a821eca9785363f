import type { Database, Statement } from 'better-sqlite3';
import {
  assetAmount,
  baseAmount,
  type Price,
  price,
  quoteAmount,
  type SimulatedVenueState,
  type SimulatedVenueStore,
  text,
  type VenueFill,
  type VenueOrder,
} from '../../domain/index.ts';

/** What the simulated venue remembers, in SQLite. Documents hold decimals as text, as JSON.stringify writes them. */
export class SqliteVenueStore implements SimulatedVenueStore {
  readonly #save: (change: SimulatedVenueState) => void;
  readonly #orders: Statement<[], string>;
  readonly #fills: Statement<[], string>;
  readonly #balances: Statement<[], [string, string]>;
  readonly #applied: Statement<[], [string, number]>;

  constructor(database: Database) {
    const order = database.prepare(
      `INSERT INTO venue_orders (client_order_id, document) VALUES (:id, :document)
        ON CONFLICT (client_order_id) DO UPDATE SET document = excluded.document`,
    );
    const fill = database.prepare(
      'INSERT INTO venue_fills (trade_id, document) VALUES (?, ?) ON CONFLICT DO NOTHING',
    );
    const balance = database.prepare('INSERT OR REPLACE INTO venue_balances VALUES (?, ?)');
    const applied = database.prepare('INSERT OR REPLACE INTO venue_applied VALUES (?, ?)');
    this.#save = database.transaction((change) => {
      for (const each of change.orders) order.run({ id: each.clientOrderId, document: JSON.stringify(each) });
      for (const each of change.fills) fill.run(each.tradeId, JSON.stringify(each));
      for (const [asset, amount] of change.balances) balance.run(asset, text(amount));
      for (const [symbol, until] of change.appliedUntil) applied.run(symbol, until);
    });
    this.#orders = database
      .prepare<[], string>('SELECT document FROM venue_orders ORDER BY sequence')
      .pluck();
    this.#fills = database.prepare<[], string>('SELECT document FROM venue_fills ORDER BY sequence').pluck();
    this.#balances = database.prepare<[], [string, string]>('SELECT asset, amount FROM venue_balances').raw();
    this.#applied = database.prepare<[], [string, number]>('SELECT symbol, until FROM venue_applied').raw();
  }

  load(): SimulatedVenueState {
    return {
      orders: this.#orders.all().map(readOrder),
      fills: this.#fills.all().map(readFill),
      balances: new Map(this.#balances.all().map(([asset, amount]) => [asset, assetAmount(amount)])),
      appliedUntil: new Map(this.#applied.all()),
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
  };
  return {
    ...stored,
    amount: baseAmount(stored.amount),
    filledAmount: baseAmount(stored.filledAmount),
    limitPrice: priceOrNull(stored.limitPrice),
    stopPrice: priceOrNull(stored.stopPrice),
  };
}

function readFill(document: string): VenueFill {
  const stored = JSON.parse(document) as Stored<Omit<VenueFill, 'fee'>, 'price' | 'amount'> & {
    fee: Stored<VenueFill['fee'], 'amount' | 'quoteValue'>;
  };
  const { asset, amount, quoteValue } = stored.fee;
  return {
    ...stored,
    price: price(stored.price),
    amount: baseAmount(stored.amount),
    fee: { asset, amount: assetAmount(amount), quoteValue: quoteAmount(quoteValue) },
  };
}

function priceOrNull(value: string | null): Price | null {
  return value === null ? null : price(value);
}
