import type { Database } from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fillOf, intentOf } from '../../../tests/contracts/builders.ts';
import { baseAmount, type ImportedFill, price, tradeId } from '../../domain/index.ts';
import { openDatabase } from './database.ts';
import { SqliteOrderLedger } from './order-ledger.ts';
import { SqliteTradeImports } from './trade-imports.ts';

const open = (): Database => openDatabase({ file: ':memory:', owner: 'demo' });
const COUNT = 12;

/** Trades in two markets, a minute after one another: bought and sold in turn, in each of them. */
const FILLS: readonly ImportedFill[] = Array.from({ length: COUNT }, (_each, number) => ({
  symbol: number % 2 === 0 ? 'BTCX/USDT' : 'ETHX/USDT:USDT',
  tradeId: tradeId(`t${number}`),
  side: number % 4 < 2 ? 'buy' : 'sell',
  price: price(100 + number),
  amount: baseAmount(1),
  time: 1_700_000_000_000 + number * 60_000,
  fee: null,
}));

/** Everything that an import changes but for the numbers of imports. */
function shown(database: Database): unknown {
  return [
    database.prepare('SELECT * FROM imported_fills ORDER BY symbol, time').all(),
    database.prepare('SELECT * FROM imported_trades ORDER BY timestamp, trade_id').all(),
  ].map((rows) => rows.map((row) => ({ ...(row as object), import_id: 0, source: '' })));
}

/** The ledger has these. */
function own(database: Database, numbers: readonly number[]): void {
  const ledger = new SqliteOrderLedger(database);
  for (const number of numbers) {
    const { symbol, side, time, tradeId: id } = FILLS[number] ?? {};
    ledger.appendIntent(intentOf(`own${number}`, { symbol: String(symbol), side: side ?? 'buy' }));
    ledger.appendFill(
      fillOf(String(id), `own${number}`, { symbol: String(symbol), side: side ?? 'buy', time: time ?? 0 }),
    );
  }
}

const some = fc.uniqueArray(fc.nat(COUNT - 1), { maxLength: COUNT });
const deed = fc.oneof(
  fc.record({ file: some.map((numbers) => numbers.toSorted((one, other) => one - other)) }),
  fc.record({ undo: fc.nat(5) }),
);

describe('imports and their undoing, in any order', () => {
  test('come to what the standing ones tell together, once each, without what the ledger has', () => {
    fc.assert(
      fc.property(some, fc.array(deed, { maxLength: 8 }), (ours, deeds) => {
        const database = open();
        own(database, ours);
        const imports = new SqliteTradeImports(database);
        const standing = new Map<number, readonly number[]>();
        for (const each of deeds) {
          if ('file' in each) {
            const fills = each.file.map((number) => FILLS[number]).filter((fill) => fill !== undefined);
            const { id, added, known } = imports.add('a file', fills, 1);
            const before = new Set([...ours, ...[...standing.values()].flat()]);
            expect([added, known]).toEqual([
              each.file.filter((number) => !before.has(number)).length,
              each.file.filter((number) => before.has(number)).length,
            ]);
            if (id !== null) standing.set(id, each.file);
          } else {
            const id = [...standing.keys()][each.undo];
            if (id === undefined) continue;
            const others = new Set([...standing].flatMap(([of, numbers]) => (of === id ? [] : numbers)));
            const alone = standing.get(id)?.filter((number) => !others.has(number) && !ours.includes(number));
            expect(imports.undo(id)).toBe(alone?.length);
            standing.delete(id);
          }
        }
        const anew = open();
        own(anew, ours);
        const all = new Set([...standing.values()].flat());
        new SqliteTradeImports(anew).add(
          'all',
          FILLS.filter((_fill, number) => all.has(number)),
          1,
        );
        expect(shown(database)).toEqual(shown(anew));
        expect(imports.list().map(({ id }) => id)).toEqual([...standing.keys()]);
        database.close();
        anew.close();
      }),
      { numRuns: 30 },
    );
  });

  test('the same file again after it was taken back comes to the same', () => {
    const database = open();
    const imports = new SqliteTradeImports(database);
    const { id } = imports.add('a file', FILLS, 1);
    const before = shown(database);
    imports.undo(Number(id));
    expect(shown(database)).toEqual([[], []]);
    imports.add('a file', FILLS, 2);
    expect(shown(database)).toEqual(before);
  });

  test('what a later, longer file tells as well stays when the first is taken back, as of that file', () => {
    const database = open();
    const imports = new SqliteTradeImports(database);
    imports.add('a quarter', FILLS.slice(0, 4), 1);
    imports.add('the year', FILLS, 2);
    const before = shown(database);
    expect(imports.undo(1)).toBe(0);
    expect(shown(database)).toEqual(before);
    expect(imports.list()).toMatchObject([{ id: 2, source: 'the year', fills: COUNT }]);
    expect(imports.undo(2)).toBe(COUNT);
    expect(imports.undo(2)).toBeUndefined();
  });

  test('what the ledger learns of only after an import is counted once from the next change on', () => {
    const database = open();
    const imports = new SqliteTradeImports(database);
    imports.add('a file', FILLS.slice(0, 6), 1);
    own(database, [0, 2]);
    imports.add('more', FILLS, 2);
    const anew = open();
    own(anew, [0, 2]);
    new SqliteTradeImports(anew).add('all', FILLS, 1);
    const trades = (of: Database): unknown => (shown(of) as readonly unknown[])[1];
    expect(trades(database)).toEqual(trades(anew));
  });
});
