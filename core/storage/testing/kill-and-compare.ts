import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Database } from 'better-sqlite3';
import { damageOf, openDatabase, SqliteOrderLedger } from '../index.ts';
import { runAndKill } from './killed-process.ts';

const WRITER = fileURLToPath(new URL('./ledger-writer.ts', import.meta.url));

/**
 * Has a program write to a ledger until it has said so many lines, kills it, and compares what is there with what it had
 * said, and the trade history and its outbox with the ledger.
 *
 * @returns what is wrong, a line each.
 */
export async function killAndCompare(afterLines: number): Promise<readonly string[]> {
  const directory = mkdtempSync(join(tmpdir(), 'tradebot-killed-'));
  try {
    const { lines } = await runAndKill(WRITER, [directory], afterLines);
    const database = openDatabase({ file: join(directory, 'demo.sqlite'), owner: 'demo' });
    try {
      return compared(database, lines.slice(1));
    } finally {
      database.close();
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function compared(database: Database, said: readonly string[]): readonly string[] {
  const { trades } = new SqliteOrderLedger(database);
  const count = (table: string): number =>
    Number(database.prepare(`SELECT count(*) FROM ${table}`).pluck().get());
  const wrong: string[] = [];
  const damage = damageOf(database);
  if (damage !== null) wrong.push(`damaged: ${damage}`);
  // One write may have reached the disk without its line having been printed.
  const oneMore = (what: string, told: number, found: number): void => {
    if (found !== told && found !== told + 1) wrong.push(`${what}: ${told} told, ${found} found`);
  };
  const fills = count('fills');
  oneMore('writes', said.length, count('order_intents') + count('order_events') + fills);
  oneMore('fills', said.filter((line) => line.endsWith(' fill')).length, fills);
  // One round trip that is bought more of with each order.
  if (count('trade_history') !== Math.min(1, fills)) wrong.push(`${count('trade_history')} round trips`);
  const unsent = database
    .prepare(
      "SELECT time AS timestamp, name AS trade_id FROM outbox WHERE kind = 'trade' ORDER BY time, name",
    )
    .all();
  const keys = [...trades.rows()].map(({ timestamp, trade_id }) => ({ timestamp, trade_id }));
  if (JSON.stringify(unsent) !== JSON.stringify(keys))
    wrong.push('the outbox has other rows than the history');
  const before = JSON.stringify([...trades.rows()]);
  trades.rebuild();
  if (JSON.stringify([...trades.rows()]) !== before) wrong.push('the history is not what the ledger makes');
  return wrong;
}
