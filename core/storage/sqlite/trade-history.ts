import type { Database, Statement } from 'better-sqlite3';
import {
  type AccountEvent,
  baseAmount,
  type Decision,
  type Fill,
  flatPosition,
  isOfOtherHands,
  parseSymbol,
  symbolTouchedBy,
  text,
} from '../../domain/index.ts';
import { readDecision } from './decision-document.ts';
import { hiccupOf } from './hiccup.ts';
import { type AccountEventRow, accountEventOfRow, type FillRow, fillOfRow } from './ledger-rows.ts';
import { pagesOf } from './pages.ts';
import { foldTripEvent, foldTripFill, type TradeMarket } from './trade-fold.ts';
import {
  columnsOfDecision,
  type DecisionColumns,
  figuresOfClosed,
  figuresOfOpen,
  NO_DECISION,
  type Opening,
  type OpeningColumns,
  readTrip,
  type TradeFigures,
  type TradeRow,
  type Trip,
  writeTrip,
} from './trade-rows.ts';

const KEY = ['timestamp', 'trade_id'] as const;
const OF_DECISION = [
  'market_regime',
  'bull_confidence',
  'bear_confidence',
  'decision_confidence',
  'agent_votes',
  'signals',
  'strategy',
] as const satisfies readonly (keyof DecisionColumns)[];
const REST = [
  'symbol',
  'side',
  'order_type',
  'amount',
  'entry_price',
  'exit_price',
  'realized_pnl',
  'pnl_pct',
  'fees',
  'won',
  'closed',
  'close_timestamp',
  'exit_reason',
  'decision_id',
  ...OF_DECISION,
] as const satisfies readonly (keyof TradeRow)[];
/** Every column, in the order in which a server is told of them. */
export const TRADE_COLUMNS: readonly (keyof TradeRow)[] = [...KEY, ...REST];

const FILLS = `SELECT f.*, NULL AS expected_price, NULL AS expected_cost FROM fills f
  WHERE sequence > ? ORDER BY sequence LIMIT ?`;
const EVENTS = 'SELECT * FROM account_events WHERE sequence > ? ORDER BY sequence LIMIT ?';

interface Folded {
  fills: number;
  events: number;
}

interface TradeKey {
  readonly symbol: string;
  readonly tradeId: string;
  readonly sequence: number;
}

/**
 * The round trips of a ledger, a row each, in the same database: folded on with each write of the ledger, in its
 * transaction. What of the ledger is not folded yet, whatever the reason, is folded with the next one, so that the rows
 * are always those that a fold over the whole ledger makes.
 */
export class SqliteTradeHistory {
  readonly #database: Database;
  readonly #selectFolded: Statement<[], Folded>;
  readonly #updateFolded: Statement<[Folded]>;
  readonly #selectFills: Statement<[number, number], FillRow>;
  readonly #selectEvents: Statement<[number, number], AccountEventRow>;
  readonly #selectEarlier: Statement<[TradeKey], number>;
  readonly #selectLatest: Statement<[TradeKey], Pick<FillRow, 'purpose'>>;
  readonly #selectFees: Statement<[TradeKey], AccountEventRow>;
  readonly #selectQuote: Statement<[], string>;
  readonly #selectTrip: Statement<[string], string>;
  readonly #writeTrip: Statement<[string, string]>;
  readonly #selectMarket: Statement<[string], { asset: string | null; lot: string }>;
  readonly #writeMarket: Statement<[string, string | null, string]>;
  readonly #selectOpening: Statement<[string], OpeningColumns>;
  readonly #selectDecision: Statement<[string], string>;
  readonly #writeRow: Statement<[TradeRow]>;
  #marketOf: ((symbol: string) => TradeMarket) | null = null;
  /** The markets were told and have not been compared with those of the rows. */
  #isToCompare = false;
  #fault: string | null = null;

  constructor(database: Database) {
    this.#database = database;
    this.#selectFolded = database.prepare('SELECT fills, events FROM trade_fold');
    this.#updateFolded = database.prepare('UPDATE trade_fold SET fills = :fills, events = :events');
    this.#selectFills = database.prepare(FILLS);
    this.#selectEvents = database.prepare(EVENTS);
    const ofTrade = 'symbol = :symbol AND trade_id = :tradeId';
    this.#selectEarlier = database
      .prepare<[TradeKey], number>(`SELECT 1 FROM fills WHERE ${ofTrade} AND sequence < :sequence`)
      .pluck();
    this.#selectLatest = database.prepare(
      `SELECT purpose FROM fills WHERE ${ofTrade} AND sequence <= :sequence ORDER BY sequence DESC LIMIT 1`,
    );
    this.#selectFees = database.prepare(
      `SELECT * FROM account_events WHERE ${ofTrade} AND kind = 'fee' AND after_fills < :sequence ORDER BY sequence`,
    );
    this.#selectQuote = database
      .prepare<[], string>("SELECT asset FROM account_events WHERE kind = 'opening'")
      .pluck();
    this.#selectTrip = database
      .prepare<[string], string>('SELECT document FROM trade_positions WHERE symbol = ?')
      .pluck();
    this.#writeTrip = database.prepare('INSERT OR REPLACE INTO trade_positions VALUES (?, ?)');
    this.#selectMarket = database.prepare('SELECT asset, lot FROM trade_markets WHERE symbol = ?');
    this.#writeMarket = database.prepare('INSERT OR REPLACE INTO trade_markets VALUES (?, ?, ?)');
    this.#selectOpening = database.prepare(
      'SELECT type AS order_type, decision_id FROM order_intents WHERE client_order_id = ?',
    );
    this.#selectDecision = database
      .prepare<[string], string>('SELECT document FROM decisions WHERE id = ?')
      .pluck();
    const excluded = REST.map((column) => `excluded.${column}`).join(', ');
    const present = REST.map((column) => `trade_history.${column}`).join(', ');
    this.#writeRow = database.prepare(
      `INSERT INTO trade_history (${TRADE_COLUMNS.join(', ')})
        VALUES (${TRADE_COLUMNS.map((column) => `:${column}`).join(', ')})
        ON CONFLICT (${KEY.join(', ')}) DO UPDATE SET ${REST.map((name) => `${name} = excluded.${name}`).join(', ')}
        WHERE (${excluded}) IS NOT (${present})`,
    );
  }

  /** Why the rows are behind the ledger; null: they are not. */
  get fault(): string | null {
    return this.#fault;
  }

  /**
   * Folds what the ledger has got since, in the transaction of whoever calls. A fold that fails leaves the ledger's own
   * write alone: it is tried again with the next one. @throws when the database cannot be written.
   */
  follow(): void {
    try {
      this.#database.transaction(() => this.#follow())();
      this.#fault = null;
    } catch (error) {
      if (hiccupOf(error) !== undefined) throw error;
      this.#fault = `the trade history cannot follow the ledger: ${String(error)}`;
    }
  }

  /**
   * Tells what the venue says of its markets, as the account counts them: a remainder below the lot ends a round trip.
   * Where it says otherwise than before, all rows are made anew, as the account is. Never throws: see `fault`.
   */
  tellMarkets(marketOf: (symbol: string) => TradeMarket): void {
    this.#marketOf = marketOf;
    this.#isToCompare = true;
    try {
      this.#database.transaction(() => this.#follow()).immediate();
      this.#fault = null;
    } catch (error) {
      // The program has positions to look after: the rows are made with the next write.
      this.#fault = `the trade history cannot follow the ledger: ${String(error)}`;
    }
  }

  /** Makes every row anew from the ledger. Rows that stay as they are count as unchanged. @returns how many there are. */
  rebuild(): number {
    return this.#database.transaction(() => this.#makeAnew()).immediate();
  }

  /** Every row, oldest first. */
  rows(): Iterable<TradeRow> {
    return this.#database
      .prepare<[], TradeRow>(
        `SELECT ${TRADE_COLUMNS.join(', ')} FROM trade_history ORDER BY timestamp, trade_id`,
      )
      .iterate();
  }

  #follow(): void {
    const marketOf = this.#marketOf;
    if (!this.#isToCompare || marketOf === null) {
      this.#fold();
      return;
    }
    const known = this.#database.prepare<[], string>('SELECT symbol FROM trade_markets').pluck().all();
    if (known.filter((symbol) => this.#isNew(symbol, marketOf(symbol))).length > 0) this.#makeAnew();
    else this.#fold();
    this.#isToCompare = false;
  }

  #makeAnew(): number {
    this.#database.exec('DELETE FROM trade_positions');
    this.#updateFolded.run({ fills: 0, events: 0 });
    const written = this.#fold();
    const keys = this.#database
      .prepare<[], Pick<TradeRow, 'timestamp' | 'trade_id'>>('SELECT timestamp, trade_id FROM trade_history')
      .all();
    const remove = this.#database.prepare('DELETE FROM trade_history WHERE timestamp = ? AND trade_id = ?');
    for (const { timestamp, trade_id: id } of keys) if (!written.has(id)) remove.run(timestamp, id);
    this.#fault = null;
    return written.size;
  }

  /** In the order of the ledger's one story. @returns the ids of the rows that it has written. */
  #fold(): ReadonlySet<string> {
    const folded = this.#selectFolded.get() ?? { fills: 0, events: 0 };
    const trips = new Map<string, Trip>();
    const written = new Set<string>();
    const events = pagesOf(this.#selectEvents, (row) => row, folded.events);
    let next = events.next();
    const takeEvents = (afterFills: number): void => {
      for (; next.done !== true && next.value.after_fills <= afterFills; next = events.next()) {
        this.#event(trips, next.value);
        folded.events = next.value.sequence;
      }
    };
    for (const row of pagesOf(this.#selectFills, (each) => each, folded.fills)) {
      takeEvents(folded.fills);
      this.#fill(trips, written, row);
      folded.fills = row.sequence;
    }
    takeEvents(Number.POSITIVE_INFINITY);
    for (const [symbol, trip] of trips) {
      this.#writeTrip.run(symbol, writeTrip(trip));
      if (trip.opening !== null) {
        this.#write(symbol, trip.opening, figuresOfOpen(trip.position, trip.opening));
        written.add(trip.opening.tradeId);
      }
    }
    this.#updateFolded.run(folded);
    return written;
  }

  #fill(trips: Map<string, Trip>, written: Set<string>, row: FillRow): void {
    const fill = fillOfRow(row);
    const market = this.#market(fill.symbol);
    const isOurs = !isOfOtherHands(fill, market.asset !== null);
    if (isOurs) {
      const { trip, closed } = foldTripFill(this.#trip(trips, fill.symbol), fill, market);
      trips.set(fill.symbol, trip);
      if (closed !== null) {
        this.#write(fill.symbol, closed.opening, figuresOfClosed(closed.roundTrip));
        written.add(closed.opening.tradeId);
      }
    }
    this.#feesToldBefore(trips, fill, row.sequence, isOurs);
  }

  /** A fee that was told before its fill waits for it; of a trade's two sides the one that came first has it. */
  #feesToldBefore(trips: Map<string, Trip>, fill: Fill, sequence: number, isOurs: boolean): void {
    const { symbol, tradeId } = fill;
    const fees = this.#selectFees.all({ symbol, tradeId, sequence });
    if (fees.length === 0 || !isOurs) return;
    if (this.#selectEarlier.get({ symbol, tradeId, sequence }) !== undefined) return;
    for (const fee of fees) this.#enter(trips, symbol, accountEventOfRow(fee));
  }

  #event(trips: Map<string, Trip>, row: AccountEventRow): void {
    const event = accountEventOfRow(row);
    const { kind, symbol, tradeId } = event;
    if (kind === 'fee' && symbol !== null && tradeId !== null) {
      const fill = this.#selectLatest.get({ symbol, tradeId, sequence: row.after_fills });
      if (fill === undefined || isOfOtherHands(fill, this.#market(symbol).asset !== null)) return;
    }
    const touched = symbolTouchedBy(event, this.#selectQuote.get() ?? '');
    if (touched !== null) this.#enter(trips, touched, event);
  }

  #enter(trips: Map<string, Trip>, symbol: string, event: AccountEvent): void {
    const before = this.#trip(trips, symbol);
    // What was never traded holds nothing that an event could change.
    if (before.position.lastTradeId === null) return;
    trips.set(symbol, foldTripEvent(before, event, this.#market(symbol)));
  }

  #trip(trips: ReadonlyMap<string, Trip>, symbol: string): Trip {
    const known = trips.get(symbol);
    if (known !== undefined) return known;
    const stored = this.#selectTrip.get(symbol);
    return stored === undefined
      ? { position: flatPosition(symbol), opening: null }
      : readTrip(symbol, stored);
  }

  #market(symbol: string): TradeMarket {
    const stored = this.#selectMarket.get(symbol);
    if (stored !== undefined) return { asset: stored.asset, lot: baseAmount(stored.lot) };
    const market = this.#marketOf?.(symbol) ?? marketBySymbol(symbol);
    this.#writeMarket.run(symbol, market.asset, text(market.lot));
    return market;
  }

  /** Takes note of a market; answers whether it was another. */
  #isNew(symbol: string, { asset, lot }: TradeMarket): boolean {
    const before = this.#market(symbol);
    if (before.asset === asset && before.lot.eq(lot)) return false;
    this.#writeMarket.run(symbol, asset, text(lot));
    return true;
  }

  #write(symbol: string, opening: Opening, figures: TradeFigures): void {
    const { timestamp, tradeId, clientOrderId } = opening;
    const order = clientOrderId === null ? undefined : this.#selectOpening.get(clientOrderId);
    const decision = order?.decision_id == null ? undefined : this.#selectDecision.get(order.decision_id);
    this.#writeRow.run({
      ...{ timestamp, trade_id: tradeId, symbol },
      ...(order ?? { order_type: null, decision_id: null }),
      ...figures,
      ...(decision === undefined ? NO_DECISION : columnsOfDecision(readDecision(decision))),
    });
  }
}

/** Completes the trades that a decision has opened: its record may be written after the first of their fills. */
export class DecisionOfTrades {
  readonly #update: Statement<[DecisionColumns & { readonly id: string }]>;

  constructor(database: Database) {
    this.#update = database.prepare(
      `UPDATE trade_history SET ${OF_DECISION.map((name) => `${name} = :${name}`).join(', ')}
        WHERE decision_id = :id`,
    );
  }

  tell(decision: Decision): void {
    if (decision.orderIds.length === 0) return;
    this.#update.run({ ...columnsOfDecision(decision), id: decision.id });
  }
}

/** Of a symbol that no venue has told of. */
function marketBySymbol(symbol: string): TradeMarket {
  const parsed = parseSymbol(symbol);
  return {
    asset: parsed === undefined || parsed.kind === 'spot' ? (parsed?.base ?? symbol) : null,
    lot: baseAmount(0),
  };
}
