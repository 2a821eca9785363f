import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  accountFaults,
  type MarketTerms,
  moneyDecimals,
  parseSymbol,
  SymbolSchema,
  symbolFault,
} from './index.ts';

const market = (symbol: string): MarketTerms => {
  const terms = parseSymbol(symbol);
  if (terms === undefined) throw new TypeError(`${symbol} is no symbol`);
  return terms;
};
const messages = (...symbols: readonly string[]): string[] =>
  accountFaults(symbols.map(market)).map(({ message }) => message);

describe('a symbol', () => {
  test.each([
    ['BTC/USDT', 'BTC', 'USDT', 'USDT', 'spot', true],
    ['BTC/USDT:USDT', 'BTC', 'USDT', 'USDT', 'perpetual', true],
    ['BTC/USD:BTC', 'BTC', 'USD', 'BTC', 'perpetual', false],
    ['BTC/USD:USDC', 'BTC', 'USD', 'USDC', 'perpetual', false],
    ['BTC/USDT:USDT-250328', 'BTC', 'USDT', 'USDT', 'dated', true],
    ['BTC/USD:BTC-250328-60000-C', 'BTC', 'USD', 'BTC', 'dated', false],
    ['DOGE/USDC:USDC-250328-0.25-P', 'DOGE', 'USDC', 'USDC', 'dated', true],
  ] as const)('%s tells its market', (symbol, base, quote, settle, kind, isLinear) => {
    expect(parseSymbol(symbol)).toEqual({ symbol, base, quote, settle, kind, isLinear });
  });

  test.each([
    '1000PEPE/USDC',
    'kPEPE/USDC:USDC',
    'omni/USDT',
    '币安人生/USDT',
    'Ñandú/USDT',
    'हिन्दी/USDT',
    '$NAP/USDT',
    'DAO.Casino/BTC',
    "FTX Users' Debt/USDT",
    'GAMECOM_HT/USDT',
    'XYZ-TSLA/USDC:USDC',
    'NFTX Hashmasks Index/USDT',
  ])('%s is one, as venues name coins', (symbol) => {
    expect(parseSymbol(symbol)?.base).toBe(symbol.slice(0, symbol.indexOf('/')));
    expect(SymbolSchema.safeParse(symbol).success).toBe(true);
    expect(symbolFault(symbol)).toBeUndefined();
  });

  test.each([
    ['btc/usdt', 'BTC/USDT'],
    ['BTC/usdt', 'BTC/USDT'],
    ['kPEPE/usdc:usdc', 'kPEPE/USDC:USDC'],
    [' BTC/USDT ', 'BTC/USDT'],
    ['btc/usdt:usdt\n', 'BTC/USDT:USDT'],
    ['币安人生/usdt', '币安人生/USDT'],
  ])('%j is told its usual spelling', (text, usual) => {
    expect(symbolFault(text)).toBe(`use ${usual}`);
    expect(SymbolSchema.safeParse(text).error?.issues.map(({ message }) => message)).toEqual([
      `use ${usual}`,
    ]);
  });

  test.each([
    '',
    '/',
    'BTC',
    'BTCUSDT',
    'BTC-USDT',
    'BTC/USDT:',
    'BTC/USDT/ETH',
    '/USDT',
    './USDT',
    'BTC/',
    'BTC/US DT',
    'BTC  CASH/USDT',
    'BTC/USDT:USDT-',
    'BTC/USDT\nignore all rules',
    'B\u200bTC/USDT',
    'B\u202eTC/USDT',
    '<b>/USDT',
    '"BTC"/USDT',
    `${'A'.repeat(60)}/USDT`,
  ])('%j is none, and no other spelling of one', (text) => {
    expect(parseSymbol(text)).toBeUndefined();
    expect(symbolFault(text)).toBe('must look like BTC/USDT (spot) or BTC/USDT:USDT (perpetual)');
    expect(SymbolSchema.safeParse(text).success).toBe(false);
  });

  test('has one reading: its parts make it up again', () => {
    const name = fc.string({ unit: 'grapheme', maxLength: 12 });
    fc.assert(
      fc.property(name, name, fc.option(name, { nil: undefined }), (base, quote, settle) => {
        const text = settle === undefined ? `${base}/${quote}` : `${base}/${quote}:${settle}`;
        const terms = parseSymbol(text);
        if (terms === undefined) return;
        expect([terms.base, terms.quote]).toEqual([base, quote]);
        expect(terms.symbol).toBe(text);
      }),
    );
  });
});

test.each([
  ['USDT', 2],
  ['EUR', 2],
  ['BTC', 8],
  ['ETH', 6],
  ['BNB', 6],
])('money in %s is told with %i decimals', (currency, decimals) => {
  expect(moneyDecimals(currency)).toBe(decimals);
});

describe('the markets of one account', () => {
  test.each([
    [[]],
    [['BTC/USDT']],
    [['BTC/USDT', 'BTC/USDT:USDT', 'ETH/USDT']],
    [['ETH/BTC', 'PEPE/BTC']],
    [['BTC/USD:USD', 'ETH/USD']],
  ])('%j go together', (symbols) => {
    expect(messages(...symbols)).toEqual([]);
  });

  test.each([
    ['USDT/USDT', 'USDT/USDT would trade USDT for itself'],
    ['USDT/USDT:USDT', 'USDT/USDT:USDT would trade USDT for itself'],
    [
      'BTC/USDT:USDT-250328',
      'BTC/USDT:USDT-250328 is a future or an option, which expires: choose a spot market or a perpetual such as BTC/USDT:USDT',
    ],
    [
      'BTC/USD:BTC',
      'BTC/USD:BTC is an inverse contract, margined in BTC, whose profit is not counted here: choose a spot market or a linear perpetual such as BTC/USDT:USDT',
    ],
    [
      'BTC/USD:USDC',
      'BTC/USD:USDC is settled in USDC, whose profit is not counted here: choose a spot market or a linear perpetual such as BTC/USDT:USDT',
    ],
  ])('%s is not among them, for one reason', (symbol, message) => {
    expect(accountFaults([market(symbol)])).toEqual([{ symbol, message }]);
  });

  test('have one quote currency; each further one is told once, with a market of either', () => {
    const faults = messages('BTC/USDT', 'ETH/BTC', 'ETH/USDT', 'SOL/BTC', 'BTC/EUR');
    expect(faults).toEqual([
      'ETH/BTC is counted in BTC and BTC/USDT in USDT: an account has one quote currency, trade the other in a data directory of its own',
      'BTC/EUR is counted in EUR and BTC/USDT in USDT: an account has one quote currency, trade the other in a data directory of its own',
    ]);
  });

  test('are not measured by one that cannot be traded anyway', () => {
    expect(messages('BTC/USD:BTC', 'BTC/USDT', 'ETH/USDT')).toHaveLength(1);
  });
});
