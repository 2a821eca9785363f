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
  type VenueBeginning,
  type VenueFill,
  type VenueOrder,
  type VenueOrderId,
  type VenueOrderKey,
} from '../../domain/index.ts';
import { readTrip, writeTrip } from './trade-rows.ts';

interface OrderRow {
  readonly document: string;
  readonly activeAt: number | null;
  readonly expiresAt: number | null;
}

/** As the indexes of migration 23 have them. */
const WORKS = `json_extract(document, '$.status') NOT IN ('FILLED', 'CANCELED', 'REJECTED', 'EXPIRED')`;
const SYMBOL = "json_extract(document, '$.symbol')";
const TIME = "json_extract(document, '$.time')";

/** What the simulated venue remembers, in SQLite. Documents hold decimals as text, as JSON.stringify writes them. */
export class SqliteVenueStore implements SimulatedVenueStore {
  readonly #database: Database;
  readonly #save: (change: SimulatedVenueState) => void;
  readonly #byClient: Statement<[string], string>;
  readonly #byVenue: Statement<[string], string>;
  readonly #fills: Statement<[string, number, number], string>;
  readonly #fillsBefore: Statement<[string, number], number>;

  constructor(database: Database) {
    this.#database = database;
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
    const balance = database.prepare('INSERT OR REPLACE INTO venue_balances (asset, amount) VALUES (?, ?)');
    const applied = database.prepare('INSERT OR REPLACE INTO venue_applied (symbol, until) VALUES (?, ?)');
    const position = database.prepare(
      'INSERT OR REPLACE INTO venue_positions (symbol, document) VALUES (?, ?)',
    );
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
      for (const [symbol, held] of change.positions ?? [])
        position.run(symbol, writeTrip({ position: held, opening: null }));
      for (const each of change.accountEvents ?? []) accountEvent.run(each.id, JSON.stringify(each));
    });
    this.#byClient = database
      .prepare<[string], string>(
        'SELECT document FROM venue_orders WHERE client_order_id = ? ORDER BY sequence DESC LIMIT 1',
      )
      .pluck();
    this.#byVenue = database
      .prepare<[string], string>('SELECT document FROM venue_orders WHERE venue_order_id = ?')
      .pluck();
    this.#fills = database
      .prepare<[string, number, number], string>(
        `SELECT document FROM venue_fills WHERE ${SYMBOL} = ? ORDER BY ${TIME}, sequence LIMIT ? OFFSET ?`,
      )
      .pluck();
    this.#fillsBefore = database
      .prepare<[string, number], number>(
        `SELECT count(*) FROM venue_fills WHERE ${SYMBOL} = ? AND ${TIME} < ?`,
      )
      .pluck();
  }

  load(): VenueBeginning {
    const all = <Row>(sql: string): readonly Row[] => this.#database.prepare<[], Row>(sql).raw().all();
    const orders: VenueOrder[] = [];
    const activeAt = new Map<VenueOrderId, UtcMs>();
    const expiresAt = new Map<VenueOrderId, UtcMs>();
    const working = this.#database.prepare<[], OrderRow>(
      `SELECT document, active_at AS activeAt, expires_at AS expiresAt FROM venue_orders WHERE ${WORKS} ORDER BY sequence`,
    );
    for (const row of working.iterate()) {
      const order = readOrder(row.document);
      orders.push(order);
      if (row.activeAt !== null) activeAt.set(order.venueOrderId, row.activeAt);
      if (row.expiresAt !== null) expiresAt.set(order.venueOrderId, row.expiresAt);
    }
    const [counted] = all<[number]>('SELECT count(*) FROM venue_orders');
    const balances = all<[string, string]>('SELECT asset, amount FROM venue_balances');
    const positions = all<[string, string]>('SELECT symbol, document FROM venue_positions');
    const events = all<[string]>('SELECT document FROM venue_account_events ORDER BY sequence');
    return {
      orders,
      orderCount: counted?.[0] ?? 0,
      fillCounts: new Map(all(`SELECT ${SYMBOL}, count(*) FROM venue_fills GROUP BY ${SYMBOL}`)),
      balances: new Map(balances.map(([asset, amount]) => [asset, assetAmount(amount)])),
      appliedUntil: new Map(all('SELECT symbol, until FROM venue_applied')),
      positions: new Map(
        positions.map(([symbol, document]) => [symbol, readTrip(symbol, document).position]),
      ),
      activeAt,
      expiresAt,
      accountEvents: events.map(([document]) => readAccountEvent(document)),
    };
  }

  order(key: VenueOrderKey): VenueOrder | undefined {
    const document =
      'venueOrderId' in key ? this.#byVenue.get(key.venueOrderId) : this.#byClient.get(key.clientOrderId);
    return document === undefined ? undefined : readOrder(document);
  }

  fills(symbol: string, from: number, count: number): readonly VenueFill[] {
    return this.#fills.all(symbol, count, from).map(readFill);
  }

  fillsBefore(symbol: string, time: UtcMs): number {
    return this.#fillsBefore.get(symbol, time) ?? 0;
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
