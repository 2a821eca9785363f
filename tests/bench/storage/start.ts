import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SettingsSchema } from '../../../core/contract/index.ts';
import { openTradebot } from '../../../core/engine/index.ts';
import { openDatabase, SqliteTradeHistory } from '../../../core/storage/index.ts';

export interface StartBench {
  readonly fills: number;
  /** From nothing to a program that could be started, books and all; the quickest of three, since others use the machine. */
  readonly startMs: number;
  /** The processor's time of it. */
  readonly startCpuMs: number;
  /** The same without any fill. */
  readonly emptyMs: number;
  /** The fills read and their numbers added up, with nothing else done. */
  readonly bareMs: number;
  readonly goalMs: number;
  readonly pass: boolean;
}

const FILLS = 200_000;
const GOAL_MS = 1_000;

/** How much longer a program takes to start that has traded a lot. */
export async function benchStart(fills = FILLS): Promise<StartBench> {
  const folder = mkdtempSync(join(tmpdir(), 'tradebot-bench-'));
  try {
    // The first start loads what the second finds loaded.
    await open(join(folder, 'first'));
    const { ms: emptyMs } = await open(join(folder, 'empty'));
    await open(join(folder, 'many'));
    const file = join(folder, 'many', 'demo.sqlite');
    writeFills(file, fills);
    // The first start with them learns what their market is like, and makes the history anew by it, once.
    await open(join(folder, 'many'));
    const bareMs = bare(file);
    const starts = [];
    for (let time = 0; time < 3; time += 1) starts.push(await open(join(folder, 'many')));
    const startMs = Math.min(...starts.map(({ ms }) => ms));
    const startCpuMs = Math.min(...starts.map(({ cpuMs }) => cpuMs));
    return { fills, startMs, startCpuMs, emptyMs, bareMs, goalMs: GOAL_MS, pass: startMs <= GOAL_MS };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function open(dataDirectory: string): Promise<{ readonly ms: number; readonly cpuMs: number }> {
  const [before, used] = [performance.now(), process.cpuUsage()];
  const tradebot = await openTradebot({
    settings: SettingsSchema.parse({ mode: 'demo', symbols: ['BTC/USDT'] }),
    ...{ dataDirectory, host: 'headless', version: 'bench' },
  });
  const ms = Math.round(performance.now() - before);
  const { user, system } = process.cpuUsage(used);
  await tradebot.stop();
  return { ms, cpuMs: Math.round((user + system) / 1_000) };
}

/** Round trips of two fills each, as a program and its simulated venue would have left them, with their history. */
function writeFills(file: string, fills: number): void {
  const database = openDatabase({ file, owner: 'demo', rebuildable: true });
  try {
    database
      .transaction(() => {
        database.exec(`
          CREATE TEMP TABLE n AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${fills})
            SELECT i, 'old-' || i AS id, CASE i % 2 WHEN 1 THEN 'buy' ELSE 'sell' END AS side,
              CASE i % 2 WHEN 1 THEN 'entry' ELSE 'exit' END AS purpose, 1500000000000 + i * 1000 AS at FROM n;
          INSERT INTO order_intents (client_order_id, symbol, side, type, purpose, amount, reduce_only, created_at)
            SELECT id, 'BTC/USDT', side, 'market', purpose, '0.001', 0, at FROM n;
          INSERT INTO orders (client_order_id, symbol, status, filled_amount, filled_notional, created_at, updated_at)
            SELECT id, 'BTC/USDT', 'FILLED', '0.001', '40', at, at FROM n;
          INSERT INTO fills (trade_id, client_order_id, symbol, side, purpose, price, amount, fee_asset, fee_amount,
            fee_quote_value, liquidity, time) SELECT 't' || i, id, 'BTC/USDT', side, purpose, '40000.12', '0.001', 'USDT',
            '0.0004', '0.0004', 'taker', at FROM n;
          INSERT INTO venue_orders (venue_order_id, client_order_id, document)
            SELECT 'sim-o' || i, id, json_object('clientOrderId', id, 'venueOrderId', 'sim-o' || i, 'parentVenueOrderId', NULL,
              'symbol', 'BTC/USDT', 'side', side, 'type', 'market', 'amount', '0.001', 'filledAmount', '0.001',
              'limitPrice', NULL, 'stopPrice', NULL, 'reduceOnly', json('false'), 'status', 'FILLED', 'reason', NULL,
              'updatedAt', at) FROM n;
          INSERT INTO venue_fills (trade_id, document)
            SELECT 't' || i, json_object('tradeId', 't' || i, 'clientOrderId', id, 'venueOrderId', 'sim-o' || i,
              'symbol', 'BTC/USDT', 'side', side, 'price', '40000.12', 'amount', '0.001', 'fee',
              json_object('asset', 'USDT', 'amount', '0.0004', 'quoteValue', '0.0004'), 'liquidity', 'taker', 'time', at) FROM n;
          DROP TABLE n`);
      })
      .immediate();
    new SqliteTradeHistory(database).rebuild();
  } finally {
    database.close();
  }
}

function bare(file: string): number {
  const before = performance.now();
  const database = openDatabase({ file, owner: 'demo' });
  let sum = 0;
  for (const row of database
    .prepare<[], { price: string; amount: string }>('SELECT * FROM fills ORDER BY sequence')
    .iterate()) {
    sum += Number(row.price) * Number(row.amount);
  }
  database.close();
  if (!(sum > 0)) throw new Error('there are no fills');
  return Math.round(performance.now() - before);
}
