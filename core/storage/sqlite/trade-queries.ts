import type { Database, Statement } from 'better-sqlite3';
import type {
  ExcursionDimension,
  TradeDimension,
  TradeFilter,
  TradeSource,
  TradeStreaks,
  TradeTotal,
} from '../../contract/index.ts';
import { TIMEFRAME_MS, type UtcMs } from '../../domain/index.ts';
import type { ExcursionRow } from './excursion-store.ts';
import { importedTotals, mergedTotals } from './imported-totals.ts';
import { TRADE_COLUMNS } from './trade-history.ts';
import type { TradeRow } from './trade-rows.ts';

const DAY_MS = TIMEFRAME_MS['1d'];
/** Days since the epoch that no trade ends before, and after. */
const [FIRST_DAY, LAST_DAY] = [0, 100_000_000];

const SUMS = ['made', 'lost', 'fees'].flatMap((name) =>
  ['micros', 'rest'].map((part) => `sum(${name}_${part}) AS ${name}_${part}`),
);
/** What the rows of a day, or of a month, are called. */
const CALENDAR = {
  day: "date(day * 86400, 'unixepoch')",
  month: "strftime('%Y-%m', day * 86400, 'unixepoch')",
} as const;

/** Trades that ended between two moments of time, the second left out. */
export interface Period {
  readonly from?: UtcMs | undefined;
  readonly to?: UtcMs | undefined;
}

/** What a trade saw while it was open; null where that was not noted. */
type SeenColumns = {
  readonly [N in 'first_price' | 'first_stop' | 'lowest' | 'highest']: ExcursionRow[N] | null;
};

/** What the trader wrote; null: nothing. */
interface NoteColumns {
  readonly note: string | null;
  /** As a JSON list. */
  readonly tags: string | null;
}

/** A row of the history with what is kept apart from it. */
export type FoundTrade = TradeRow &
  SeenColumns &
  NoteColumns & {
    /** The file that it was imported from; empty: the ledger's own. */
    readonly source: string;
  };

/** Of a finished trade what its excursions are told by. */
export interface SeenTrade
  extends Pick<ExcursionRow, 'side' | 'first_price' | 'first_stop' | 'lowest' | 'highest'> {
  readonly key: string;
  readonly won: 0 | 1;
  readonly pnl_pct: string;
}

const FOUND = [
  ...TRADE_COLUMNS.map((column) => `t.${column}`),
  ...['first_price', 'first_stop', 'lowest', 'highest'].map((column) => `x.${column}`),
  '(SELECT note FROM trade_notes n WHERE n.trade_id = t.trade_id) AS note',
  '(SELECT json_group_array(tag ORDER BY tag) FROM trade_tags g WHERE g.trade_id = t.trade_id) AS tags',
].join(', ');

const OWN_HISTORY = `SELECT ${TRADE_COLUMNS.join(', ')}, '' AS source FROM trade_history`;
const IMPORTED_HISTORY = `SELECT ${TRADE_COLUMNS.join(', ')}, source FROM imported_history`;
const HISTORIES: Readonly<Record<TradeSource, string>> = {
  own: 'trade_history',
  imported: `(${IMPORTED_HISTORY})`,
  all: `(${OWN_HISTORY} UNION ALL ${IMPORTED_HISTORY})`,
};

const SEEN_BY: Readonly<Record<ExcursionDimension, string>> = {
  all: "''",
  strategy: "ifnull(t.strategy, '')",
  regime: "ifnull(t.market_regime, '')",
  exit: "ifnull(t.exit_reason, '')",
  symbol: 't.symbol',
  side: 't.side',
};

interface Place {
  readonly dimension: string;
  readonly quote: string;
  readonly first: number;
  readonly last: number;
}

type SummedRow = Readonly<Record<Exclude<`${'made' | 'lost' | 'fees'}_${'micros' | 'rest'}`, ''>, bigint>> & {
  readonly key: string;
  readonly trades: bigint;
  readonly wins: bigint;
  readonly held_ms: bigint;
};

/**
 * Questions about the trade history, each answered within milliseconds however many trades there are: sums come from the
 * totals that the database keeps by day, so that a period is one of whole UTC days. Money comes out exact.
 */
export class SqliteTradeQueries {
  readonly #database: Database;
  readonly #byKey: Statement<[Place], SummedRow>;
  readonly #byCalendar: Readonly<Record<keyof typeof CALENDAR, Statement<[Place], SummedRow>>>;
  readonly #selectOutcomes: Statement<[number, number], string>;

  constructor(database: Database) {
    this.#database = database;
    this.#byKey = this.#totalsBy('key');
    this.#byCalendar = { day: this.#totalsBy(CALENDAR.day), month: this.#totalsBy(CALENDAR.month) };
    this.#selectOutcomes = database
      .prepare<[number, number], string>(
        'SELECT outcomes FROM trade_days WHERE day BETWEEN ? AND ? ORDER BY day',
      )
      .pluck();
  }

  /** What the trades came to, a row a key in its order. Those of another currency are left out: no sum has two. */
  totals(
    by: TradeDimension,
    quote: string,
    period: Period = {},
    source: TradeSource = 'own',
  ): readonly TradeTotal[] {
    const own = source === 'imported' ? [] : this.#ownTotals(by, quote, period);
    if (source === 'own') return own;
    return mergedTotals(own, importedTotals(this.#database, by, quote, daysOf(period)));
  }

  #ownTotals(by: TradeDimension, quote: string, period: Period): readonly TradeTotal[] {
    const [first, last] = daysOf(period);
    const rows =
      by === 'day' || by === 'month'
        ? this.#byCalendar[by].all({ dimension: 'all', quote, first, last })
        : this.#byKey.all({ dimension: by, quote, first, last });
    return rows.map(totalOf);
  }

  /** How many trades in a row won, and did not, in the order in which they ended. */
  streaks(period: Period = {}): TradeStreaks {
    const streaks = { longestWin: 0, longestLoss: 0, current: 0 };
    const [first, last] = daysOf(period);
    for (const outcomes of this.#selectOutcomes.iterate(first, last)) {
      for (const outcome of outcomes) {
        if (outcome === '1') {
          streaks.current = Math.max(0, streaks.current) + 1;
          if (streaks.current > streaks.longestWin) streaks.longestWin = streaks.current;
        } else {
          streaks.current = Math.min(0, streaks.current) - 1;
          if (-streaks.current > streaks.longestLoss) streaks.longestLoss = -streaks.current;
        }
      }
    }
    return streaks;
  }

  /** Finished trades, the last that ended first. */
  find({
    symbol,
    side,
    outcome,
    strategy,
    exit,
    regime,
    decision,
    tag,
    source,
    from,
    to,
    after,
    limit,
  }: TradeFilter): readonly FoundTrade[] {
    const conditions: string[] = ['t.closed'];
    const values: (string | number)[] = [];
    const ask = (condition: string, ...given: readonly (string | number | undefined)[]): void => {
      const known = given.filter((value) => value !== undefined);
      if (known.length < given.length) return;
      conditions.push(condition);
      values.push(...known);
    };
    ask('t.symbol = ?', symbol);
    ask('t.side = ?', side);
    ask('won = ?', outcome === undefined ? undefined : Number(outcome === 'won'));
    ask("strategy IS nullif(?, '')", strategy);
    ask("exit_reason IS nullif(?, '')", exit);
    ask("market_regime IS nullif(?, '')", regime);
    ask('t.decision_id = ?', decision);
    ask('tagged.tag = ?', tag);
    ask('close_timestamp >= ?', from);
    ask('close_timestamp < ?', to);
    ask(
      '(t.close_timestamp, t.timestamp, t.trade_id) < (?, ?, ?)',
      after?.closedAt,
      after?.openedAt,
      after?.id,
    );
    // The trades of a tag are few, and found by it.
    const table = HISTORIES[source ?? 'own'];
    const rows =
      tag === undefined
        ? `${table} t`
        : `trade_tags tagged CROSS JOIN ${table} t ON t.timestamp = tagged.opened_at AND t.trade_id = tagged.trade_id`;
    return this.#database
      .prepare<unknown[], FoundTrade>(
        `SELECT ${FOUND}, ${source === undefined || source === 'own' ? "''" : 't.source'} AS source FROM ${rows} LEFT JOIN trade_excursions x ON x.trade_id = t.trade_id
          WHERE ${conditions.join(' AND ')}
          ORDER BY t.close_timestamp DESC, t.timestamp DESC, t.trade_id DESC LIMIT ?`,
      )
      .all(...values, limit);
  }

  /** The newest finished trades of which it was noted what they saw. */
  seen(by: ExcursionDimension, { from, to }: Period, limit: number): readonly SeenTrade[] {
    return this.#database
      .prepare<[number, number, number], SeenTrade>(
        `SELECT ${SEEN_BY[by]} AS key, t.won, t.pnl_pct, x.side, x.first_price, x.first_stop, x.lowest, x.highest
          FROM trade_excursions x
          CROSS JOIN trade_history t ON t.timestamp = x.opened_at AND t.trade_id = x.trade_id AND t.closed
          WHERE x.ended_at >= ? AND x.ended_at < ? ORDER BY x.ended_at DESC, x.trade_id DESC LIMIT ?`,
      )
      .all(from ?? 0, to ?? Number.MAX_SAFE_INTEGER, limit);
  }

  /** From the first opening to the last end; null without a finished trade. */
  span(source: TradeSource = 'own'): { readonly from: UtcMs; readonly to: UtcMs } | null {
    const first = (what: string): UtcMs | null =>
      this.#database.prepare<[], UtcMs | null>(`SELECT ${what}`).pluck().get() ?? null;
    const own = source !== 'imported';
    const imported = source !== 'own';
    const from = [
      own ? first('min(timestamp) FROM trade_history') : null,
      imported ? first('min(timestamp) FROM imported_trades') : null,
    ].filter((time) => time !== null);
    const to = [
      own ? first('max(close_timestamp) FROM trade_history WHERE closed') : null,
      imported ? first('max(close_timestamp) FROM imported_trades') : null,
    ].filter((time) => time !== null);
    return from.length === 0 || to.length === 0 ? null : { from: Math.min(...from), to: Math.max(...to) };
  }

  #totalsBy(key: string): Statement<[Place], SummedRow> {
    return this.#database
      .prepare<[Place], SummedRow>(
        `SELECT ${key} AS key, sum(trades) AS trades, sum(wins) AS wins, ${SUMS.join(', ')}, sum(held_ms) AS held_ms
          FROM trade_totals
          WHERE dimension = :dimension AND quote = :quote AND day BETWEEN :first AND :last GROUP BY 1 ORDER BY 1`,
      )
      .safeIntegers();
  }
}

function daysOf({ from, to }: Period): readonly [number, number] {
  return [
    from === undefined ? FIRST_DAY : Math.floor(from / DAY_MS),
    to === undefined ? LAST_DAY : Math.ceil(to / DAY_MS) - 1,
  ];
}

function totalOf(row: SummedRow): TradeTotal {
  const made = exact(row.made_micros, row.made_rest);
  const lost = exact(row.lost_micros, row.lost_rest);
  return {
    key: row.key,
    trades: Number(row.trades),
    wins: Number(row.wins),
    made: decimalText(made),
    lost: decimalText(lost),
    netPnl: decimalText(made - lost),
    fees: decimalText(exact(row.fees_micros, row.fees_rest)),
    heldMs: Number(row.held_ms),
  };
}

/** Decimals of the sums, of which six are in the first of the two integers. */
const DECIMALS = 16;

function exact(micros: bigint, rest: bigint): bigint {
  return micros * 10n ** BigInt(DECIMALS - 6) + rest;
}

function decimalText(amount: bigint): string {
  const digits = String(amount < 0n ? -amount : amount).padStart(DECIMALS + 1, '0');
  const whole = digits.slice(0, -DECIMALS);
  const fraction = digits.slice(-DECIMALS).replace(/0+$/, '');
  return `${amount < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}
