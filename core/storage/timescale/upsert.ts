import type { PoolClient } from 'pg';
import type { MirroredTable, ServerType } from '../sqlite/mirrored-tables.ts';
import type { OutboxEntry } from '../sqlite/outbox.ts';
import { textArray } from './text-array.ts';

export interface Sender {
  readonly instance: string;
  /** The name of the books, for whoever reads the server. */
  readonly account: string;
  /** Given at the meeting: who has another one is not heard any more. */
  readonly turn: string;
}

/** Somebody else speaks for these books now. */
export class ReplacedError extends Error {
  override readonly name = 'ReplacedError';
}

interface Statements {
  readonly upsert: string;
  readonly remove: string | null;
}

const cache = new Map<string, Statements>();

/**
 * Tells a server of changes to a table, in a transaction of the caller's. Told twice, or in another order, they come to
 * the same. Until its end nobody else can begin to speak for these books. @throws ReplacedError
 */
export async function tell(
  client: PoolClient,
  { instance, account, turn }: Sender,
  table: MirroredTable,
  entries: readonly OutboxEntry[],
): Promise<void> {
  const { rowCount } = await client.query(
    'SELECT FROM tradebot_instances WHERE instance = $1 AND turn = $2 FOR SHARE',
    [instance, turn],
  );
  requireOurs(rowCount);
  const { upsert, remove } = statementsFor(table);
  const present = entries.flatMap(({ version, values }) => (values === null ? [] : [{ version, values }]));
  if (present.length > 0) {
    const columns = Object.keys(table.columns).map((_name, index) =>
      textArray(present.map(({ values }) => textOf(values[index]))),
    );
    const versions = textArray(present.map(({ version }) => String(version)));
    await client.query(upsert, [instance, account, versions, ...columns]);
  }
  const gone = entries.filter(({ values }) => values === null);
  if (gone.length > 0 && remove !== null) {
    const keys = [
      gone.map(({ version }) => version),
      gone.map(({ time }) => time),
      gone.map(({ name }) => name),
    ];
    await client.query(remove, [instance, ...keys]);
  }
}

/**
 * Says that versions up to this one may be told from now on. Said before any of them is: whoever meets the server next must
 * not take books that never had them for the ones that told them. @throws ReplacedError
 */
export async function announce(
  client: PoolClient,
  { instance, turn }: Sender,
  newest: number,
): Promise<void> {
  const { rowCount } = await client.query(
    'UPDATE tradebot_instances SET told = greatest(told, $3) WHERE instance = $1 AND turn = $2',
    [instance, turn, newest],
  );
  requireOurs(rowCount);
}

function requireOurs(rowCount: number | null): void {
  if (rowCount !== 1) throw new ReplacedError('another program speaks for these books: they were copied');
}

function statementsFor(table: MirroredTable): Statements {
  const known = cache.get(table.kind);
  if (known !== undefined) return known;
  const made = { upsert: upsertOf(table), remove: table.forgets ? removeOf(table) : null };
  cache.set(table.kind, made);
  return made;
}

const FIRST_COLUMN = 4;

function upsertOf({ serverTable, columns, key }: MirroredTable): string {
  const names = Object.keys(columns);
  const quoted = names.map((name) => `"${name}"`).join(', ');
  const selected = names.map((name) => read(`"${name}"`, columns[name]?.[1] ?? 'text'));
  const rest = [...names.filter((name) => !key.includes(name)), 'version', 'account'];
  return `INSERT INTO ${serverTable} AS t (instance, account, version, ${quoted})
    SELECT $1, $2, version::bigint, ${selected.join(', ')}
    FROM unnest($3::text[], ${names.map((_name, index) => `$${FIRST_COLUMN + index}::text[]`).join(', ')})
      AS sent (version, ${quoted})
    ON CONFLICT (instance, ${key.map((name) => `"${name}"`).join(', ')})
      DO UPDATE SET ${rest.map((name) => `"${name}" = excluded."${name}"`).join(', ')}
      WHERE t.version <= excluded.version`;
}

/** By the time and the name that the outbox has of it. */
function removeOf({ serverTable, key }: MirroredTable): string {
  const [time = '', name = ''] = key;
  return `DELETE FROM ${serverTable} t USING unnest($2::bigint[], $3::bigint[], $4::text[]) AS gone (version, at, id)
    WHERE t.instance = $1 AND t."${time}" = ${read('gone.at', 'time')} AND t."${name}" = gone.id
      AND t.version <= gone.version`;
}

/** Whole milliseconds, exactly: a float of seconds would not be. */
function read(value: string, type: ServerType): string {
  if (type === 'time') return `timestamptz 'epoch' + ${value}::bigint * interval '1 millisecond'`;
  return `${value}::${type}`;
}

function textOf(value: string | number | null | undefined): string | null {
  return value === null || value === undefined ? null : String(value);
}
