import type { Database } from 'better-sqlite3';
import {
  add,
  asBase,
  assetAmount,
  type BaseAmount,
  baseAmount,
  type Fill,
  flatPosition,
  type ImportedFill,
  parseSymbol,
  price,
  quoteAmount,
  ratio,
  scale,
  subtract,
  TraderError,
  text,
  tradeId,
  type UtcMs,
} from '../../domain/index.ts';
import { foldTripFill, type TradeMarket } from './trade-fold.ts';
import { figuresOfClosed, type Trip } from './trade-rows.ts';

export interface ImportSummary {
  readonly id: number;
  readonly source: string;
  readonly importedAt: UtcMs;
  readonly fills: number;
}

export interface ImportOutcome {
  /** Null: everything was known, and nothing was imported. */
  readonly id: number | null;
  readonly added: number;
  readonly known: number;
  /** Finished round trips of all imports. */
  readonly trades: number;
}

interface KnownRow {
  readonly price: string;
  readonly amount: string;
  readonly import_id: number;
}

interface FillRow {
  readonly symbol: string;
  readonly trade_id: string;
  readonly side: 'buy' | 'sell';
  readonly time: UtcMs;
  readonly price: string;
  readonly amount: string;
  readonly fee_asset: string | null;
  readonly fee_amount: string | null;
  readonly fee_quote_value: string | null;
  readonly source: string;
}

/** Trades that were made elsewhere, in SQLite. They are in nothing that the ledger says. */
export class SqliteTradeImports {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** How many fills `add` would count anew, all in one write: by that many it holds up whoever else writes. */
  weight(fills: readonly ImportedFill[]): number {
    const known = this.#database
      .prepare<[string], number>('SELECT count(*) FROM imported_fills WHERE symbol = ?')
      .pluck();
    const symbols = [...new Set(fills.map(({ symbol }) => symbol))];
    return symbols.reduce((sum, symbol) => sum + (known.get(symbol) ?? 0), fills.length);
  }

  /** The same of `undo`. */
  weightOf(id: number): number {
    const counted = this.#database
      .prepare<[number], number>(
        'SELECT count(*) FROM imported_fills WHERE symbol IN (SELECT symbol FROM import_members WHERE import_id = ?)',
      )
      .pluck();
    return counted.get(id) ?? 0;
  }

  /**
   * A trade that is known, by its id or because the ledger has it, is left out. All of it is written, or nothing.
   *
   * @throws TraderError when an import before tells a trade with other figures.
   */
  add(source: string, fills: readonly ImportedFill[], now: UtcMs): ImportOutcome {
    const insert = this.#database.prepare(
      `INSERT INTO imported_fills
        (symbol, trade_id, side, time, price, amount, fee_asset, fee_amount, fee_quote_value, import_id)
        SELECT :symbol, :tradeId, :side, :time, :price, :amount, :feeAsset, :feeAmount, :feeValue, :id
        WHERE NOT EXISTS (SELECT 1 FROM fills WHERE symbol = :symbol AND trade_id = :tradeId AND side = :side)
        ON CONFLICT DO NOTHING`,
    );
    const before = this.#database.prepare<[string, string, string], KnownRow>(
      'SELECT price, amount, import_id FROM imported_fills WHERE symbol = ? AND trade_id = ? AND side = ?',
    );
    return this.#write(() => {
      const { lastInsertRowid: id } = this.#database
        .prepare('INSERT INTO trade_imports (source, imported_at) VALUES (?, ?)')
        .run(source, now);
      const remember = this.#database.prepare(
        `INSERT OR IGNORE INTO import_members (import_id, symbol, trade_id, side)
          SELECT :id, symbol, trade_id, side FROM imported_fills
          WHERE symbol = :symbol AND trade_id = :tradeId AND side = :side`,
      );
      let added = 0;
      for (const { fee, ...fill } of fills) {
        const { changes } = insert.run({
          ...{ symbol: fill.symbol, tradeId: fill.tradeId, side: fill.side, time: fill.time, id },
          ...{ price: text(fill.price), amount: text(fill.amount) },
          feeAsset: fee?.asset ?? null,
          feeAmount: fee === null ? null : text(fee.amount),
          feeValue: fee === null ? null : text(fee.quoteValue),
        });
        added += changes;
        remember.run({ id, symbol: fill.symbol, tradeId: fill.tradeId, side: fill.side });
        if (changes === 0) requireAlike(fill, before.get(fill.symbol, fill.tradeId, fill.side));
      }
      if (added === 0) this.#forget(Number(id));
      for (const symbol of new Set(fills.map((fill) => fill.symbol))) this.#fold(symbol);
      const trades = this.#database.prepare<[], number>('SELECT count(*) FROM imported_trades').pluck().get();
      const known = fills.length - added;
      return { id: added === 0 ? null : Number(id), added, known, trades: trades ?? 0 };
    });
  }

  /**
   * Takes an import back. What another one tells as well stays, as of that one.
   *
   * @returns how many fills went; undefined where there is no such import.
   */
  undo(id: number): number | undefined {
    return this.#write(() => {
      const symbols = this.#database
        .prepare<[number], string>('SELECT DISTINCT symbol FROM import_members WHERE import_id = ?')
        .pluck()
        .all(id);
      const gone = this.#forget(id);
      for (const symbol of symbols) this.#fold(symbol);
      return gone;
    });
  }

  #forget(id: number): number | undefined {
    const run = (sql: string): number => this.#database.prepare<[number]>(sql).run(id).changes;
    const others = `SELECT min(m.import_id) FROM import_members m
      WHERE (m.symbol, m.trade_id, m.side) = (imported_fills.symbol, imported_fills.trade_id, imported_fills.side)`;
    run('DELETE FROM import_members WHERE import_id = ?');
    const changes = run(`DELETE FROM imported_fills WHERE import_id = ? AND (${others}) IS NULL`);
    run(`UPDATE imported_fills SET import_id = (${others}) WHERE import_id = ?`);
    return run('DELETE FROM trade_imports WHERE id = ?') === 0 ? undefined : changes;
  }

  /** Oldest first. */
  list(): readonly ImportSummary[] {
    return this.#database
      .prepare<[], ImportSummary>(
        `SELECT id, source, imported_at AS importedAt,
          (SELECT count(*) FROM imported_fills f WHERE f.import_id = i.id) AS fills
          FROM trade_imports i ORDER BY id`,
      )
      .all();
  }

  /** When the last trade of a symbol happened that came from a source; null: none did. */
  newest(source: string, symbol: string): UtcMs | null {
    return (
      this.#database
        .prepare<[string, string], UtcMs | null>(
          `SELECT max(f.time) FROM imported_fills f JOIN trade_imports i ON i.id = f.import_id
            WHERE i.source = ? AND f.symbol = ?`,
        )
        .pluck()
        .get(source, symbol) ?? null
    );
  }

  #write<T>(write: () => T): T {
    return this.#database.transaction(write).immediate();
  }

  /** Makes the round trips of a symbol anew from its fills. */
  #fold(symbol: string): void {
    this.#database.prepare('DELETE FROM imported_trades WHERE symbol = ?').run(symbol);
    const insert = this.#database.prepare(
      `INSERT INTO imported_trades (timestamp, trade_id, symbol, side, amount, entry_price, exit_price, realized_pnl,
        pnl_pct, fees, won, close_timestamp, source)
        VALUES (:timestamp, :trade_id, :symbol, :side, :amount, :entry_price, :exit_price, :realized_pnl,
        :pnl_pct, :fees, :won, :close_timestamp, :source)`,
    );
    // What has the same time is in the order in which it was told. The ledger may have learned of some since.
    const rows = this.#database
      .prepare<[string], FillRow>(
        `SELECT f.*, i.source FROM imported_fills f JOIN trade_imports i ON i.id = f.import_id
          WHERE f.symbol = ? AND NOT EXISTS
            (SELECT 1 FROM fills o WHERE (o.symbol, o.trade_id, o.side) = (f.symbol, f.trade_id, f.side))
          ORDER BY f.time, f.rowid`,
      )
      .all(symbol);
    const market = this.#marketOf(symbol, rows);
    let trip: Trip = { position: flatPosition(symbol), opening: null };
    for (const row of rows) {
      const fill = sellable(fillOf(row), trip, market.asset);
      if (fill === null) continue;
      const step = foldTripFill(trip, fill, market);
      trip = step.trip;
      if (step.closed === null) continue;
      const { closed: _closed, exit_reason: _reason, ...figures } = figuresOfClosed(step.closed.roundTrip);
      const { timestamp, tradeId: id } = step.closed.opening;
      insert.run({ ...figures, timestamp, trade_id: id, symbol, source: row.source });
    }
  }

  /**
   * What of it is too little to trade, so that a rest of less ends a round trip, the program knows where it has traded the
   * symbol itself.
   */
  #marketOf(symbol: string, rows: readonly FillRow[]): TradeMarket {
    const known = this.#database
      .prepare<[string], { asset: string | null; lot: string }>(
        'SELECT asset, lot FROM trade_markets WHERE symbol = ?',
      )
      .get(symbol);
    if (known !== undefined) return { asset: known.asset, lot: baseAmount(known.lot) };
    const parsed = parseSymbol(symbol);
    return { asset: parsed?.kind === 'spot' ? parsed.base : null, lot: finestOf(rows) };
  }
}

/** The last decimal of all amounts that were traded: a fee in coins leaves less, which nobody can sell. */
function finestOf(rows: readonly FillRow[]): BaseAmount {
  const decimals = rows.reduce((most, { amount }) => Math.max(most, amount.split('.')[1]?.length ?? 0), 0);
  return baseAmount(decimals === 0 ? '1' : `0.${'1'.padStart(decimals, '0')}`);
}

/**
 * On spot nothing can be sold, or paid in coins, that was not bought: what the file does not tell of is left out, with its
 * share of the fee.
 */
function sellable(fill: Fill, { position }: Trip, assetOfSpot: string | null): Fill | null {
  if (assetOfSpot === null || fill.side === 'buy') return fill;
  const held = position.quantity;
  if (!held.gt(0)) return null;
  const { fee } = fill;
  const inCoins = fee !== null && fee.asset === assetOfSpot && fee.amount.gt(0);
  const moved = inCoins ? add(fill.amount, asBase(fee.amount)) : fill.amount;
  if (moved.lte(held)) return fill;
  const share = ratio(held, moved);
  const paid = fee && { ...fee, amount: scale(fee.amount, share), quoteValue: scale(fee.quoteValue, share) };
  // To the last digit what is held: a rest would be a short, which spot has not.
  const amount = inCoins && paid !== null ? subtract(held, asBase(paid.amount)) : held;
  return { ...fill, amount, fee: paid };
}

/** @throws TraderError when a trade that is known was another one. */
function requireAlike(
  { symbol, tradeId: id, price: at, amount }: Omit<ImportedFill, 'fee'>,
  known?: KnownRow,
) {
  // Of what the ledger has the ledger's figures count.
  if (known === undefined || (known.price === text(at) && known.amount === text(amount))) return;
  throw new TraderError(
    'bad-input',
    `import ${known.import_id} has trade ${id} in ${symbol} with other figures: take it back first (\`tradebot trades import --undo ${known.import_id}\`); nothing was imported`,
  );
}

function fillOf(row: FillRow): Fill {
  const { fee_asset: asset, fee_amount: amount, fee_quote_value: value } = row;
  return {
    ...{ tradeId: tradeId(row.trade_id), clientOrderId: null, venueOrderId: null, symbol: row.symbol },
    ...{ side: row.side, purpose: 'external', price: price(row.price), amount: baseAmount(row.amount) },
    fee:
      asset === null || amount === null || value === null
        ? null
        : { asset, amount: assetAmount(amount), quoteValue: quoteAmount(value) },
    ...{ liquidity: 'taker', time: row.time },
  };
}
