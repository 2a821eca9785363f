import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fillOf, intentOf } from '../../../tests/contracts/builders.ts';
import { SettingsSchema, TradeFilterSchema } from '../../contract/index.ts';
import { storedTrades } from './offline.ts';
import { openStores } from './stores.ts';
import { readTradeFile } from './trade-file.ts';
import { importTradeFile, tradeImports, undoTradeImport } from './trade-imports.ts';

const SETTINGS = SettingsSchema.parse({ mode: 'live' });
const HEAD = 'Date(UTC),Pair,Side,Price,Amount,Fee,Fee Coin,Trade ID';
const LINES = [
  '2024-01-01 10:00:00,BTCX/USDT,BUY,100.00,2,0.2,USDT,1',
  '2024-01-02 10:00:00,BTCX/USDT,SELL,110.00,2,"0.22",USDT,2',
  '2024-01-03 10:00:00,ETH/USDT:USDT,SELL,50,1,,,3',
  '2024-01-04T10:00:00+01:00,ETH/USDT:USDT,BUY,40,1,,,4',
];
let directory = '';

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'trade-imports-'));
  openStores(directory, 'live').close();
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function file(lines: readonly string[], name = 'venue.csv'): string {
  const path = join(directory, name);
  writeFileSync(path, `\uFEFF${[HEAD, ...lines].join('\r\n')}\r\n`);
  return path;
}

const bringIn = (lines: readonly string[], name?: string) =>
  importTradeFile(directory, SETTINGS, file(lines, name), 5);
const found = (source: 'own' | 'imported') =>
  storedTrades(directory, SETTINGS, TradeFilterSchema.parse({ source })).map(
    ({ symbol, direction, netPnl, source: from }) => [symbol, direction, netPnl, from],
  );

describe('a venue’s own history', () => {
  test('stands beside the program’s trades, with its source, and in nothing else', () => {
    expect(bringIn(LINES)).toEqual({ id: 1, added: 4, known: 0, trades: 2 });
    expect(found('imported')).toEqual([
      ['ETH/USDT:USDT', 'short', '10', 'venue.csv'],
      ['BTCX/USDT', 'long', '19.58', 'venue.csv'],
    ]);
    expect(found('own')).toEqual([]);
    const { ledger, tradeQueries, close } = openStores(directory, 'live');
    expect([[...ledger.fills()], [...ledger.accountEvents()], tradeQueries.totals('all', 'USDT')]).toEqual([
      ...[[], [], []],
    ]);
    close();
  });

  test('is imported once, however often and in however many files', () => {
    bringIn(LINES.slice(0, 2));
    expect(bringIn(LINES, 'later.csv')).toEqual({ id: 2, added: 2, known: 2, trades: 2 });
    expect(bringIn(LINES, 'again.csv')).toEqual({ id: null, added: 0, known: 4, trades: 2 });
    expect(tradeImports(directory, SETTINGS)).toEqual([
      { id: 1, source: 'venue.csv', importedAt: 5, fills: 2 },
      { id: 2, source: 'later.csv', importedAt: 5, fills: 2 },
    ]);
  });

  test('leaves out what the ledger has', () => {
    const { ledger, close } = openStores(directory, 'live');
    ledger.appendIntent(intentOf('own', { symbol: 'BTCX/USDT' }));
    ledger.appendFill(fillOf('1', 'own', { symbol: 'BTCX/USDT' }));
    close();
    expect(bringIn(LINES)).toMatchObject({ added: 3, known: 1 });
  });

  test('is taken back whole', () => {
    bringIn(LINES.slice(0, 2));
    bringIn(LINES.slice(2), 'later.csv');
    expect(undoTradeImport(directory, SETTINGS, 1)).toBe(2);
    expect(found('imported').map(([symbol]) => symbol)).toEqual(['ETH/USDT:USDT']);
    expect(() => undoTradeImport(directory, SETTINGS, 1)).toThrow('there is no import 1');
    expect(bringIn(LINES.slice(0, 2))).toMatchObject({ added: 2 });
  });

  test('with a wrong line is told of by its number, and nothing is changed', () => {
    const wrong = ['yesterday,BTC/USDT,BUY,1,1,,,9', '2024-01-01 10:00:00,BTC/USDT,HODL,1,1,,,9'];
    expect(() => bringIn([...LINES, ...wrong])).toThrow(
      /^venue\.csv: line 6: “yesterday” is no time: .*; line 7: “HODL” is neither buy nor sell; nothing was imported$/,
    );
    expect(tradeImports(directory, SETTINGS)).toEqual([]);
    const many = Array.from({ length: 9 }, () => wrong[0] ?? '');
    expect(() => bringIn(many)).toThrow(/and 4 lines more; nothing was imported/);
    expect(() => importTradeFile(directory, SETTINGS, join(directory, 'none.csv'), 1)).toThrow(
      'cannot be read',
    );
  });

  test('sells nothing on spot that it does not tell was bought', () => {
    bringIn([
      '2024-01-01 10:00:00,BTCX/USDT,SELL,100,5,,,1',
      '2024-01-02 10:00:00,BTCX/USDT,BUY,100,1,,,2',
      '2024-01-03 10:00:00,BTCX/USDT,SELL,120,3,,,3',
    ]);
    expect(found('imported')).toEqual([['BTCX/USDT', 'long', '20', 'venue.csv']]);
  });
});

describe('a file of trades', () => {
  const faultsOf = (...lines: readonly string[]) => readTradeFile([HEAD, ...lines].join('\n')).faults;

  test.each([
    [
      'no such columns',
      readTradeFile('a,b\n1,2').faults,
      /line 1: no column for time, symbol, side, price, amount/,
    ],
    ['no line', faultsOf(), /there is no trade in the file/],
    ['no symbol', faultsOf('1700000000000,?,buy,1,1,,,'), /“\?” is no symbol/],
    ['a price of nothing', faultsOf('1700000000,BTC/USDT,buy,0,1,,,'), /“0” is no price above 0/],
    ['an amount below nothing', faultsOf('1700000000,BTC/USDT,buy,1,-1,,,'), /“-1” is no amount above 0/],
    ['a fee that is no number', faultsOf('1700000000,BTC/USDT,buy,1,1,x,,'), /“x” is no fee/],
    ['a fee of unknown worth', faultsOf('1700000000,BTC/USDT,buy,1,1,1,BNB,'), /the fee is in BNB/],
    ['a day that there is not', faultsOf('2024-13-41 10:00:00,BTC/USDT,buy,1,1,,,'), /is no time/],
  ])('with %s says so', (_what, faults, message) => {
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(message);
  });

  test('knows fees in three currencies, and tells trades without a number apart', () => {
    const content = [
      'timestamp,symbol,side,price,quantity,commission,commission asset,fee in quote',
      '1700000000000,btc-usdt,buy,"1,000",2,0.01,BTC,',
      '1700000000000,btc-usdt,buy,"1,000",2,0.02,BNB,6.5',
      '1700000000000,btc-usdt,buy,"1,000",2,3,,',
    ].join('\n');
    const { fills, faults } = readTradeFile(content);
    expect(faults).toEqual([]);
    expect(fills.map(({ fee }) => [fee?.asset, fee?.quoteValue.toFixed()])).toEqual([
      ['BTC', '10'],
      ['BNB', '6.5'],
      ['USDT', '3'],
    ]);
    expect(new Set(fills.map(({ tradeId }) => tradeId)).size).toBe(3);
    expect(readTradeFile(content).fills).toEqual(fills);
  });
});
