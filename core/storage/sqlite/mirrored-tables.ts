/** What a server makes of a value, all of which travel as text; `time` is UTC milliseconds. */
export type ServerType = 'text' | 'numeric' | 'float8' | 'boolean' | 'json' | 'time';

/** A table that a server mirrors: how its rows are found here, and what they are there. */
export interface MirroredTable {
  readonly kind: 'trade' | 'decision' | 'equity' | 'candle';
  readonly table: string;
  /** Where a row `t` is in the outbox: its time and its name there. */
  readonly place: readonly [time: string, name: string];
  /** How it is found by its place `o`. */
  readonly match: string;
  /** What else belongs to a row `t`. */
  readonly joined: string;
  /** Of the table's key, in the order of an index: in this order it is told from its beginning. */
  readonly order: readonly string[];
  readonly serverTable: string;
  /** The server's columns, each with the expression of SQLite that fills it. */
  readonly columns: Readonly<Record<string, readonly [sql: string, type: ServerType]>>;
  /** Of the server's columns those by which it knows the row of an instance. */
  readonly key: readonly string[];
  /** Whether a row that is there no more goes at the server as well; else it was only forgotten here. */
  readonly forgets: boolean;
}

const own = (name: string, type: ServerType): readonly [string, ServerType] => [`t.${name}`, type];

/** What prices a trade saw is kept apart from it here; of one that is open it is not told. */
const SEEN = 'LEFT JOIN trade_excursions x ON x.trade_id = t.trade_id AND x.ended_at IS NOT NULL';
const seen = (name: string, type: ServerType): readonly [string, ServerType] => [`x.${name}`, type];

const TRADE_COLUMNS = {
  timestamp: own('timestamp', 'time'),
  trade_id: own('trade_id', 'text'),
  symbol: own('symbol', 'text'),
  side: own('side', 'text'),
  order_type: own('order_type', 'text'),
  amount: own('amount', 'numeric'),
  entry_price: own('entry_price', 'numeric'),
  exit_price: own('exit_price', 'numeric'),
  realized_pnl: own('realized_pnl', 'numeric'),
  pnl_pct: own('pnl_pct', 'numeric'),
  fees: own('fees', 'numeric'),
  market_regime: own('market_regime', 'text'),
  bull_confidence: own('bull_confidence', 'float8'),
  bear_confidence: own('bear_confidence', 'float8'),
  decision_confidence: own('decision_confidence', 'float8'),
  won: own('won', 'boolean'),
  closed: own('closed', 'boolean'),
  close_timestamp: own('close_timestamp', 'time'),
  agent_votes: own('agent_votes', 'json'),
  signals: own('signals', 'json'),
  exit_reason: own('exit_reason', 'text'),
  strategy: own('strategy', 'text'),
  decision_id: own('decision_id', 'text'),
  first_price: seen('first_price', 'numeric'),
  first_stop: seen('first_stop', 'numeric'),
  lowest: seen('lowest', 'float8'),
  highest: seen('highest', 'float8'),
} as const;

const TRADES: MirroredTable = {
  kind: 'trade',
  table: 'trade_history',
  place: ['t.timestamp', 't.trade_id'],
  match: 't.timestamp = o.time AND t.trade_id = o.name',
  joined: SEEN,
  order: ['timestamp', 'trade_id'],
  serverTable: 'trade_history',
  columns: TRADE_COLUMNS,
  key: ['timestamp', 'trade_id'],
  forgets: true,
};

const DECISIONS: MirroredTable = {
  kind: 'decision',
  table: 'decisions',
  place: ['t.time', 't.id'],
  // The same bar may be decided on anew, later, when what was decided first was forgotten: that one is not told twice.
  match: 't.id = o.name AND t.time = o.time',
  joined: '',
  order: ['time', 'id'],
  serverTable: 'decisions',
  columns: {
    timestamp: own('time', 'time'),
    decision_id: own('id', 'text'),
    symbol: own('symbol', 'text'),
    timeframe: own('timeframe', 'text'),
    bar_open_time: own('bar_open_time', 'time'),
    outcome: own('outcome', 'text'),
    document: own('document', 'json'),
  },
  key: ['timestamp', 'decision_id'],
  forgets: false,
};

const EQUITY: MirroredTable = {
  kind: 'equity',
  table: 'equity',
  place: ['t.time', "''"],
  match: 't.time = o.time',
  joined: '',
  order: ['time'],
  serverTable: 'performance_metrics',
  columns: {
    timestamp: own('time', 'time'),
    equity: own('equity', 'numeric'),
    capital: own('capital', 'numeric'),
    exposure: own('exposure', 'numeric'),
  },
  key: ['timestamp'],
  forgets: false,
};

const CANDLES: MirroredTable = {
  kind: 'candle',
  table: 'candles',
  place: ['t.open_time', "t.timeframe || ' ' || t.symbol"],
  // Named by timeframe and symbol, of which the first has no blank in it.
  match: `t.symbol = substr(o.name, instr(o.name, ' ') + 1) AND t.timeframe = substr(o.name, 1, instr(o.name, ' ') - 1)
    AND t.open_time = o.time`,
  joined: '',
  order: ['symbol', 'timeframe', 'open_time'],
  serverTable: 'candles',
  columns: {
    timestamp: own('open_time', 'time'),
    symbol: own('symbol', 'text'),
    timeframe: own('timeframe', 'text'),
    open: own('open', 'float8'),
    high: own('high', 'float8'),
    low: own('low', 'float8'),
    close: own('close', 'float8'),
    volume: own('volume', 'float8'),
    taker_buy_volume: own('taker_buy_volume', 'float8'),
  },
  key: ['symbol', 'timeframe', 'timestamp'],
  forgets: false,
};

/** What matters most first: each gets its turn. */
export const MIRRORED_TABLES: readonly MirroredTable[] = [TRADES, EQUITY, DECISIONS, CANDLES];
