import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fillOf, intentOf } from '../../../tests/contracts/builders.ts';
import { SettingsSchema, TradeFilterSchema } from '../../contract/index.ts';
import { accountEventId, assetAmount, quoteAmount } from '../../domain/index.ts';
import { openDataDirectory } from '../../storage/index.ts';
import { storedMetrics, storedTotals, storedTrades } from './offline.ts';
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
const NOW = Date.UTC(2026, 0, 1);
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
  importTradeFile(directory, SETTINGS, file(lines, name), NOW);
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
      { id: 1, source: 'venue.csv', importedAt: NOW, fills: 2 },
      { id: 2, source: 'later.csv', importedAt: NOW, fills: 2 },
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

  test.each([
    ['a workbook', [0x50, 0x4b, 0x03, 0x04, 0]],
    ['a workbook of before', [0xd0, 0xcf, 0x11, 0xe0, 0]],
    ['packed', [0x1f, 0x8b, 0x08]],
  ])('that is %s is told how to be saved', (_what, bytes) => {
    const path = join(directory, 'venue.xlsx');
    writeFileSync(path, new Uint8Array(bytes));
    expect(() => importTradeFile(directory, SETTINGS, path, NOW)).toThrow(
      'venue.xlsx is a workbook or packed: open it, and save what is in it as CSV with commas; nothing was imported',
    );
  });

  test('with a wrong line is told of by its number, and nothing is changed', () => {
    const wrong = ['yesterday,BTC/USDT,BUY,1,1,,,9', '2024-01-01 10:00:00,BTC/USDT,HODL,1,1,,,9'];
    expect(() => bringIn([...LINES, ...wrong])).toThrow(
      /^venue\.csv: line 6: “yesterday” is no time: .*; line 7: “HODL” is neither buy nor sell; nothing was imported$/,
    );
    expect(tradeImports(directory, SETTINGS)).toEqual([]);
    const many = Array.from({ length: 9 }, () => wrong[0] ?? '');
    expect(() => bringIn(many)).toThrow(/and 4 lines more; nothing was imported/);
    expect(() => importTradeFile(directory, SETTINGS, join(directory, 'none.csv'), NOW)).toThrow(
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

  test("pays of a sale's fee the share of what was sold", () => {
    bringIn([
      '2024-01-02 10:00:00,BTCX/USDT,BUY,100,1,,,2',
      '2024-01-03 10:00:00,BTCX/USDT,SELL,120,4,8,USDT,3',
    ]);
    expect(found('imported')).toEqual([['BTCX/USDT', 'long', '18', 'venue.csv']]);
  });

  test('sells on spot no coins short for a fee in coins', () => {
    bringIn([
      '2024-01-02 10:00:00,BNBX/USDT,BUY,300,1,,,1',
      '2024-01-03 10:00:00,BNBX/USDT,SELL,310,1,0.001,BNBX,2',
      '2024-01-04 10:00:00,BNBX/USDT,BUY,300,3,0.003,BNBX,3',
      '2024-01-05 10:00:00,BNBX/USDT,SELL,310,1,0.001,BNBX,4',
      '2024-01-06 10:00:00,BNBX/USDT,SELL,310,7,0.007,BNBX,5',
    ]);
    expect(found('imported').map(([, direction]) => direction)).toEqual(['long', 'long']);
    const [, , netPnl] = found('imported')[1] ?? [];
    // 1 coin that cost 300 went for 310 each, 1 of 1,001 of it to the venue.
    expect(Number(netPnl)).toBeCloseTo(10 - 310 / 1_001, 6);
  });

  test('ends a round trip where a fee in coins leaves less than can be sold', () => {
    bringIn([
      '2024-01-02 10:00:00,BTCX/USDT,BUY,100,0.0123,0.0000123,BTCX,1',
      '2024-01-03 10:00:00,BTCX/USDT,SELL,110,0.01228,,,2',
      '2024-01-04 10:00:00,BTCX/USDT,BUY,100,0.0123,0.0000123,BTCX,3',
      '2024-01-05 10:00:00,BTCX/USDT,SELL,90,0.01229,,,4',
    ]);
    expect(found('imported')).toHaveLength(2);
  });

  test('knows a symbol with small letters of its own', () => {
    bringIn(['1700000000,kPEPE/USDT:USDT,BUY,1,1,,,1', '1700000001,kPEPE/USDT:USDT,SELL,2,1,,,2']);
    expect(found('imported')).toEqual([['kPEPE/USDT:USDT', 'long', '1', 'venue.csv']]);
  });

  test.each(['oldest', 'newest'])('of whole seconds, the %s first, is in the order of its lines', (first) => {
    const lines = [
      '2024-01-02 10:00:00,BTCX/USDT,BUY,100,1,,,99',
      '2024-01-02 10:00:00,BTCX/USDT,SELL,120,1,,,100',
      '2024-01-02 10:00:01,BTCX/USDT,BUY,100,1,,,',
      '2024-01-02 10:00:01,BTCX/USDT,SELL,90,1,,,',
    ];
    bringIn(first === 'oldest' ? lines : lines.toReversed());
    expect(found('imported').map(([, , netPnl]) => netPnl)).toEqual(['-10', '20']);
  });

  test('that tells a known trade with other figures is refused, and nothing is changed', () => {
    bringIn(LINES.slice(0, 1));
    const other = LINES[0]?.replace('100.00', '101.00') ?? '';
    expect(() => bringIn([...LINES.slice(1), other])).toThrow(
      'import 1 has trade 1 in BTCX/USDT with other figures: take it back first (`tradebot trades import --undo 1`)',
    );
    expect(tradeImports(directory, SETTINGS)).toHaveLength(1);
    expect(bringIn([...LINES.slice(1), LINES[0]?.replace('100.00', '100.0') ?? ''])).toMatchObject({
      known: 1,
    });
  });

  test('that is long is brought in, and taken back, only while no program trades, which a short one need not wait for', () => {
    const long = Array.from({ length: 301 }, (_, at) => `${1_700_000_000 + at},BTCX/USDT,BUY,1,1,,,${at}`);
    const trading = openDataDirectory(directory);
    expect(() => bringIn(long)).toThrow(/301 trades .* stop it \(`tradebot stop`\)/);
    expect(tradeImports(directory, SETTINGS)).toEqual([]);
    expect(bringIn(long.slice(1))).toMatchObject({ added: 300 });
    expect(undoTradeImport(directory, SETTINGS, 1)).toBe(300);
    trading.close();
    expect(bringIn(long)).toMatchObject({ id: 2, added: 301 });
    const again = openDataDirectory(directory);
    expect(() => undoTradeImport(directory, SETTINGS, 2)).toThrow(/301 trades/);
    again.close();
    expect(undoTradeImport(directory, SETTINGS, 2)).toBe(301);
  });

  test('waits for no other program that writes, and says so', () => {
    const path = join(directory, 'live.sqlite');
    const other = new Sqlite(path);
    other.exec('BEGIN IMMEDIATE');
    expect(() => bringIn(LINES)).toThrow(`${path} is in use by another program: close it and try again`);
    other.close();
    expect(bringIn(LINES)).toMatchObject({ added: 4 });
  });

  test('is read in UTF-16 as well, as spreadsheets save it', () => {
    const path = join(directory, 'wide.csv');
    writeFileSync(path, `\uFEFF${[HEAD, ...LINES].join('\r')}`, 'utf16le');
    expect(importTradeFile(directory, SETTINGS, path, NOW)).toMatchObject({ added: 4 });
  });
});

test('a fee in a third coin is worth what the stored bar of then says, the shortest that there is', () => {
  const path = join(directory, 'binance.csv');
  writeFileSync(
    path,
    [
      'Date(UTC),Pair,Side,Price,Executed,Amount,Fee',
      '2024-01-01 10:20:00,BTCUSDT,BUY,100,2BTC,200USDT,0.01BNB',
      '2024-01-01 10:59:59,BTCUSDT,SELL,110,2BTC,220USDT,0.02BNB',
    ].join('\n'),
  );
  expect(() => importTradeFile(directory, SETTINGS, path, NOW)).toThrow(
    /line 2: the fee is in BNB: .*; line 3: .*nothing was imported/,
  );
  const { history, close } = openStores(directory, 'live');
  const bar = (openTime: number, open: number) => ({
    ...{ openTime, open, high: open, low: open, close: open },
    volume: 1,
  });
  history.append('BNB/USDT', '1d', [bar(Date.UTC(2024, 0, 1), 999)]);
  history.append('BNB/USDT', '1h', [bar(Date.UTC(2024, 0, 1, 10), 300)]);
  close();
  expect(importTradeFile(directory, SETTINGS, path, NOW)).toMatchObject({ added: 2, trades: 1 });
  expect(found('imported')).toEqual([['BTC/USDT', 'long', '11', 'binance.csv']]);
});

describe('a file of trades', () => {
  const faultsOf = (...lines: readonly string[]) =>
    readTradeFile([HEAD, ...lines].join('\n'), { now: NOW }).faults;

  test.each([
    [
      'no such columns',
      readTradeFile('a,b\n1,2', { now: NOW }).faults,
      /line 1: no column for time, symbol, side, price, amount/,
    ],
    ['no line', faultsOf(), /there is no trade in the file/],
    ['no symbol', faultsOf('1700000000000,?,buy,1,1,,,'), /“\?” is no symbol/],
    ['a price of nothing', faultsOf('1700000000,BTC/USDT,buy,0,1,,,'), /“0” is no price above 0/],
    ['an amount below nothing', faultsOf('1700000000,BTC/USDT,buy,1,-1,,,'), /“-1” is no amount above 0/],
    ['a fee that is no number', faultsOf('1700000000,BTC/USDT,buy,1,1,x,,'), /“x” is no fee/],
    ['a fee of unknown worth', faultsOf('1700000000,BTC/USDT,buy,1,1,1,BNB,'), /the fee is in BNB/],
    ['a day that there is not', faultsOf('2024-13-41 10:00:00,BTC/USDT,buy,1,1,,,'), /is no time/],
    ['a 30th of February', faultsOf('2024-02-30 10:00:00,BTC/USDT,buy,1,1,,,'), /is no time:/],
    [
      'a time to come',
      faultsOf('2100-01-01 10:00:00,BTC/USDT,buy,1,1,,,'),
      /no time at which a trade was made/,
    ],
    ['a time before Bitcoin', faultsOf('1970-01-01 00:00:00,BTC/USDT,buy,1,1,,,'), /no time at which/],
    ['a decimal comma', faultsOf('1700000000,BTC/USDT,buy,1,"0,5",,,'), /“0,5” is no amount/],
    ['a longer decimal comma', faultsOf('1700000000,BTC/USDT,buy,"42000,50",1,,,'), /“42000,50” is no price/],
    ['a fee with one', faultsOf('1700000000,BTC/USDT,buy,1,1,"0,001",,'), /“0,001” is no fee/],
    [
      'a comma without quotes',
      faultsOf('1700000000,BTC/USDT,buy,1,1,000,0.1,USDT,7'),
      /9 fields, and 8 columns/,
    ],
    ['a contract counted in coins', faultsOf('1700000000,BTC/USD:BTC,buy,1,1,,,'), /inverse contract/],
    ['more coins than there are', faultsOf(`1700000000,BTC/USDT,buy,1,${'9'.repeat(30)},,,`), /is no amount/],
    [
      'a fee of all that was bought',
      faultsOf('1700000000,BTC/USDT,buy,1,1,1,BTC,'),
      /the fee is all of the 1 BTC/,
    ],
    ['an open quote', faultsOf('1700000000,BTC/USDT,buy,1,1,,,"7'), /a quote is not closed/],
    [
      'the numbers of orders',
      faultsOf('1700000000,BTC/USDT,buy,1,1,,,7', '1700000001,BTC/USDT,buy,1,2,,,7'),
      /^line 3: trade 7 is in line 2 with other figures: is that the number of its order\?$/,
    ],
  ])('with %s says so', (_what, faults, message) => {
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(message);
  });

  test('goes by what was traded where it tells what was ordered as well', () => {
    const content = [
      'time,symbol,type,side,price,avg price,amount,executed',
      '1700000000,BTC/USDT,limit,buy,100,99,9,2',
    ].join('\n');
    const [fill] = readTradeFile(content, { now: NOW }).fills;
    expect([fill?.side, fill?.price.toFixed(), fill?.amount.toFixed()]).toEqual(['buy', '99', '2']);
  });

  test('knows a trade without a number by its figures, however they are written', () => {
    const idOf = (figures: string) =>
      readTradeFile(`${HEAD}\n1700000000,BTC/USDT,buy,${figures},,,`, { now: NOW }).fills[0]?.tradeId;
    expect(idOf('1.50,2.0')).toBe(idOf('1.5,2'));
  });

  test('knows fees in three currencies, and tells trades without a number apart', () => {
    const content = [
      'timestamp,symbol,side,price,quantity,commission,commission asset,fee in quote',
      '1700000000000,btc-usdt,buy,"1,000",2,0.01,BTC,',
      '1700000000000,btc-usdt,buy,"1,000",2,0.02,BNB,6.5',
      '1700000000000,btc-usdt,buy,"1,000",2,3,,',
    ].join('\n');
    const { fills, faults } = readTradeFile(content, { now: NOW });
    expect(faults).toEqual([]);
    expect(fills.map(({ fee }) => [fee?.asset, fee?.quoteValue.toFixed()])).toEqual([
      ['BTC', '10'],
      ['BNB', '6.5'],
      ['USDT', '3'],
    ]);
    expect(new Set(fills.map(({ tradeId }) => tradeId)).size).toBe(3);
    expect(readTradeFile(content, { now: NOW }).fills).toEqual(fills);
  });
});

describe('imported trades in the figures', () => {
  const totals = (
    by: 'all' | 'symbol' | 'month' | 'weekday' | 'voter',
    source?: 'own' | 'imported' | 'all',
  ) =>
    storedTotals(directory, SETTINGS, { by, source })?.totals.map(({ key, trades, wins, netPnl }) => [
      ...[key, trades, wins, netPnl],
    ]);

  beforeEach(() => {
    const { ledger, close } = openStores(directory, 'live');
    ledger.appendAccountEvent({
      id: accountEventId('o'),
      kind: 'opening',
      asset: 'USDT',
      amount: assetAmount('1000'),
      ...{ quoteValue: quoteAmount('1000'), symbol: null, tradeId: null, note: '' },
      time: 1,
    });
    for (const [id, side, at, time] of [
      ['a', 'buy', '100', 10],
      ['b', 'sell', '95', 20],
    ] as const) {
      ledger.appendIntent(intentOf(id, { symbol: 'BTCX/USDT', side }));
      ledger.appendFill(
        fillOf(`own-${id}`, id, {
          symbol: 'BTCX/USDT',
          side,
          price: at,
          amount: '1',
          fee: null,
          time,
        }),
      );
    }
    close();
    bringIn(LINES);
  });

  test('are in the totals only when the trader says so', () => {
    expect(totals('all')).toEqual([['', 1, 0, '-5']]);
    expect(totals('all', 'own')).toEqual(totals('all'));
    expect(totals('all', 'imported')).toEqual([['', 2, 2, '29.58']]);
    expect(totals('all', 'all')).toEqual([['', 3, 2, '24.58']]);
    expect(totals('symbol', 'all')).toEqual([
      ['BTCX/USDT', 2, 1, '14.58'],
      ['ETH/USDT:USDT', 1, 1, '10'],
    ]);
    expect(totals('month', 'all')).toEqual([
      ['1970-01', 1, 0, '-5'],
      ['2024-01', 2, 2, '29.58'],
    ]);
    expect(totals('weekday', 'imported')).toEqual([
      ['0', 1, 1, '19.58'],
      ['2', 1, 1, '10'],
    ]);
    expect(totals('voter', 'imported')).toEqual([]);
    const since = { by: 'all', source: 'all', from: Date.UTC(2024, 0, 3) } as const;
    expect(storedTotals(directory, SETTINGS, since)?.totals).toMatchObject([{ trades: 1, netPnl: '10' }]);
    const span = (source: 'own' | 'all') => storedTotals(directory, SETTINGS, { by: 'all', source })?.spanMs;
    expect([span('own'), span('all')]).toEqual([10, Date.UTC(2024, 0, 4, 9) - 10]);
  });

  test('change the figures of trades, and none of the account', () => {
    const own = storedMetrics(directory, SETTINGS)?.metrics;
    const all = storedMetrics(directory, SETTINGS, 'all')?.metrics;
    expect([own?.trades.value, all?.trades.value]).toEqual([1, 3]);
    expect([own?.winRate.sampleSize, all?.winRate.sampleSize]).toEqual([1, 3]);
    const ofTrades = ['trades', 'winRate', 'profitFactor', 'expectancy'];
    const others = (metrics: typeof own) =>
      Object.entries(metrics ?? {}).filter(([name]) => !ofTrades.includes(name));
    expect(others(all)).toEqual(others(own));
    expect(storedMetrics(directory, SETTINGS, 'imported')?.metrics.trades.value).toBe(2);
  });

  test('are listed with the others, the last that ended first, page by page', () => {
    const query = (more: object) =>
      storedTrades(directory, SETTINGS, TradeFilterSchema.parse({ source: 'all', ...more }));
    expect(query({}).map(({ symbol, source }) => [symbol, source])).toEqual([
      ['ETH/USDT:USDT', 'venue.csv'],
      ['BTCX/USDT', 'venue.csv'],
      ['BTCX/USDT', ''],
    ]);
    const [first] = query({ limit: 1 });
    const after = { closedAt: first?.closedAt, openedAt: first?.openedAt, id: first?.id };
    expect(query({ after, limit: 1 }).map(({ symbol }) => symbol)).toEqual(['BTCX/USDT']);
    expect(query({ outcome: 'lost' }).map(({ source }) => source)).toEqual(['']);
  });
});
