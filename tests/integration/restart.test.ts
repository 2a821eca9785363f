import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RunningProgram, temporaryFolder } from './program.ts';

let folder: ReturnType<typeof temporaryFolder>;
let program: RunningProgram | undefined;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(async () => {
  await program?.stop();
  folder.remove();
});

/** The demo's. */
const SYMBOLS = 3;

interface Position {
  readonly symbol: string;
  readonly quantity: string;
  readonly averageEntryPrice: string;
}

async function until<T>(ask: () => Promise<T>, good: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (good(answer)) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Books as another process reads them: what is on disk, nothing from memory. */
function books() {
  const database = new Sqlite(join(folder.path, 'demo.sqlite'), { readonly: true });
  const all = (sql: string): unknown[] => database.prepare(sql).all();
  const read = {
    intents: all('SELECT client_order_id FROM order_intents ORDER BY client_order_id'),
    ours: all('SELECT trade_id FROM fills ORDER BY trade_id'),
    venues: all('SELECT trade_id FROM venue_fills ORDER BY trade_id'),
    venueOrders: all('SELECT client_order_id FROM venue_orders ORDER BY client_order_id'),
    decided: all(
      'SELECT symbol, bar_open_time, count(*) AS times FROM decisions GROUP BY 1, 2 HAVING times > 1',
    ),
  };
  database.close();
  return read;
}

/** Cash and open quantities by arithmetic alone. */
function sumOfFills(): { cash: number; held: Record<string, number> } {
  const database = new Sqlite(join(folder.path, 'demo.sqlite'), { readonly: true });
  const rows = database
    .prepare('SELECT symbol, side, price, amount, fee_quote_value AS fee FROM fills')
    .all();
  database.close();
  let cash = 10_000;
  const quantities: Record<string, number> = {};
  for (const { symbol, side, price, amount, fee } of rows as Record<string, string>[]) {
    const sign = side === 'buy' ? 1 : -1;
    cash -= sign * Number(price) * Number(amount) + Number(fee);
    quantities[String(symbol)] = (quantities[String(symbol)] ?? 0) + sign * Number(amount);
  }
  const open = Object.entries(quantities).map(
    ([symbol, quantity]) => [symbol, Number(quantity.toFixed(8))] as const,
  );
  return { cash, held: Object.fromEntries(open.filter(([, quantity]) => quantity !== 0)) };
}

describe('killed in the middle of trading and started again', () => {
  it('#12 #13 #14 #15 #16 goes on with the same positions and equity, and sends no order twice', async () => {
    program = await RunningProgram.start(folder.path, '--speed', '20000');
    const running = program;
    const positions = () => running.get('positions') as Promise<Position[]>;
    await until(positions, (open) => open.length > 0);
    await running.crash();
    const before = books();

    // At a crawl, so that what is compared is what was found, not what happened since.
    program = await RunningProgram.start(folder.path, '--speed', '0.001');
    const after = program;
    await until(
      () => after.get('status') as Promise<{ trading: string }>,
      ({ trading }) => trading === 'running',
    );
    const status = (await after.get('status')) as { reconciliation: { green: boolean } };
    expect(status.reconciliation.green).toBe(true);
    const now = books();
    // Every order that left is at the venue once, every fill is ours once, no bar was decided twice.
    expect(now.ours).toEqual(now.venues);
    expect(now.venueOrders.every((order) => now.intents.some((intent) => same(intent, order)))).toBe(true);
    expect(now.intents).toEqual(expect.arrayContaining(before.intents));
    // The crash may fall between the bars of one hour, or between an entry and its stop: those are made good, once.
    expect(now.intents.length - before.intents.length).toBeLessThanOrEqual(2 * SYMBOLS);
    expect(new Set(now.intents.map((intent) => JSON.stringify(intent))).size).toBe(now.intents.length);
    expect(now.decided).toEqual([]);
    const portfolio = (await after.get('portfolio')) as { equity: string; cash: string };
    const open = (await after.get('positions')) as (Position & { notional: string })[];
    const worth = open.reduce((sum, { notional }) => sum + Number(notional), Number(portfolio.cash));
    expect(Number(portfolio.equity)).toBeCloseTo(worth, 6);
    // And both are what the ledger's fills add up to.
    const { cash, held } = sumOfFills();
    expect(Number(portfolio.cash)).toBeCloseTo(cash, 6);
    expect(Object.fromEntries(open.map(({ symbol, quantity }) => [symbol, Number(quantity)]))).toEqual(held);
  });

  it('survives being killed again and again at random moments', async () => {
    for (const afterMs of [900, 400, 1_300, 700]) {
      program = await RunningProgram.start(folder.path, '--speed', '60000');
      await new Promise((resolve) => setTimeout(resolve, afterMs));
      await program.crash();
    }
    program = await RunningProgram.start(folder.path, '--speed', '0.001');
    const last = program;
    await until(
      () => last.get('status') as Promise<{ trading: string }>,
      ({ trading }) => trading === 'running',
    );
    const { ours, venues, decided, intents } = books();
    expect(ours).toEqual(venues);
    expect(decided).toEqual([]);
    expect(new Set(intents.map((intent) => JSON.stringify(intent))).size).toBe(intents.length);
  });
});

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
