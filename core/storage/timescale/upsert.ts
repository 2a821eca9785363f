import type { PoolClient } from 'pg';
import type { OutboxEntry } from '../sqlite/outbox.ts';
import type { TradeRow } from '../sqlite/trade-rows.ts';

/** What the server makes of each column, all of which travel as text; `time` is UTC milliseconds. */
const COLUMNS: Readonly<Record<keyof TradeRow, string>> = {
  timestamp: 'time',
  trade_id: 'text',
  symbol: 'text',
  side: 'text',
  order_type: 'text',
  amount: 'numeric',
  entry_price: 'numeric',
  exit_price: 'numeric',
  realized_pnl: 'numeric',
  pnl_pct: 'numeric',
  fees: 'numeric',
  market_regime: 'text',
  bull_confidence: 'float8',
  bear_confidence: 'float8',
  decision_confidence: 'float8',
  won: 'boolean',
  closed: 'boolean',
  close_timestamp: 'time',
  agent_votes: 'json',
  signals: 'json',
  exit_reason: 'text',
  strategy: 'text',
  decision_id: 'text',
};
const NAMES = Object.keys(COLUMNS) as (keyof TradeRow)[];
const FIRST_COLUMN = 4;
/** Whole milliseconds, exactly: a float of seconds would not be. */
const time = (value: string): string => `timestamptz 'epoch' + ${value}::bigint * interval '1 millisecond'`;
const selected = NAMES.map((name) => (COLUMNS[name] === 'time' ? time(name) : `${name}::${COLUMNS[name]}`));
const updated = [...NAMES.slice(2), 'version', 'account'].map((name) => `${name} = excluded.${name}`);

const UPSERT = `INSERT INTO trade_history (instance, account, version, ${NAMES.map((name) => `"${name}"`).join(', ')})
  SELECT $1, $2, version, ${selected.join(', ')}
  FROM unnest($3::bigint[], ${NAMES.map((_name, index) => `$${FIRST_COLUMN + index}::text[]`).join(', ')})
    AS sent (version, ${NAMES.map((name) => `"${name}"`).join(', ')})
  ON CONFLICT (instance, "timestamp", trade_id) DO UPDATE SET ${updated.join(', ')}
  WHERE trade_history.version < excluded.version`;

const REMOVE = `DELETE FROM trade_history t USING unnest($2::bigint[], $3::bigint[], $4::text[]) AS gone (version, at, id)
  WHERE t.instance = $1 AND t."timestamp" = ${time('gone.at')} AND t.trade_id = gone.id AND t.version < gone.version`;

export interface Sender {
  readonly instance: string;
  /** The name of the books, for whoever reads the server. */
  readonly account: string;
}

/** Tells a server of changes, all or none. Told twice, or in another order, they come to the same. */
export async function tell(
  client: PoolClient,
  { instance, account }: Sender,
  entries: readonly OutboxEntry[],
): Promise<void> {
  const present = entries.flatMap(({ sequence, row }) => (row === null ? [] : [{ sequence, row }]));
  const gone = entries.filter(({ row }) => row === null);
  await client.query('BEGIN');
  try {
    if (present.length > 0) {
      const columns = NAMES.map((name) => present.map(({ row }) => textOf(row[name])));
      await client.query(UPSERT, [instance, account, present.map(({ sequence }) => sequence), ...columns]);
    }
    if (gone.length > 0) {
      const keys = [
        gone.map(({ sequence }) => sequence),
        gone.map(({ timestamp }) => timestamp),
        gone.map(({ tradeId }) => tradeId),
      ];
      await client.query(REMOVE, [instance, ...keys]);
    }
    await client.query('COMMIT');
  } catch (error) {
    // The connection may be gone: what it had begun is then undone by the server.
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

function textOf(value: string | number | null): string | null {
  return value === null ? null : String(value);
}
