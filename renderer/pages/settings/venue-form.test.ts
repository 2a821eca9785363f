import { describe, expect, test } from 'vitest';
import { SettingsSchema, VenueChoiceSchema, type VenueView } from '../../../core/contract/index.ts';
import {
  capitalNote,
  choiceOf,
  formFaults,
  formOf,
  isSameChoice,
  keyName,
  matchingVenues,
  modelsNote,
  ordersWords,
  sandboxFault,
  symbolsFor,
  symbolsIn,
  type VenueForm,
} from './venue-form.ts';

const FORM: VenueForm = {
  exchange: 'binance',
  symbols: 'BTC/USDT, ETH/USDT',
  timeframe: '1h',
  rest: '',
  ws: '',
  proxy: '',
  mode: 'paper',
};

const venue = (changes: Partial<VenueView> = {}): VenueView => ({
  id: 'binance',
  name: 'Binance',
  markets: ['spot'],
  credentials: [],
  hasTestNetwork: true,
  isTraded: true,
  isProven: true,
  refusals: [],
  ...changes,
});

describe('the form', () => {
  test('begins with what the settings say', () => {
    const endpoint = { rest: 'http://127.0.0.1:8300', ws: 'ws://127.0.0.1:8301' };
    const settings = SettingsSchema.parse({
      mode: 'sandbox',
      symbols: ['ETH/USDT'],
      exchange: { id: 'binance', endpoint, proxy: 'http://127.0.0.1:3128' },
    });
    expect(formOf(settings)).toEqual({
      ...FORM,
      symbols: 'ETH/USDT',
      rest: endpoint.rest,
      ws: endpoint.ws,
      proxy: 'http://127.0.0.1:3128',
      mode: 'sandbox',
    });
  });

  test('of a demo offers trading on paper', () => {
    expect(formOf(SettingsSchema.parse({}))).toEqual({ ...FORM, symbols: 'BTC/USDT' });
  });

  test('becomes a choice that the program takes', () => {
    const choice = choiceOf({ ...FORM, rest: 'http://127.0.0.1:8300', proxy: 'http://127.0.0.1:3128' });
    expect(choice).toEqual({
      exchange: 'binance',
      symbols: ['BTC/USDT', 'ETH/USDT'],
      timeframe: '1h',
      endpoint: { rest: 'http://127.0.0.1:8300' },
      proxy: 'http://127.0.0.1:3128',
    });
    expect(VenueChoiceSchema.safeParse(choice).success).toBe(true);
    expect(choiceOf(FORM)).toMatchObject({ endpoint: null, proxy: null });
  });
});

describe('symbols', () => {
  test.each([
    ['BTC/USDT', ['BTC/USDT']],
    [' BTC/USDT ,ETH/USDT;', ['BTC/USDT', 'ETH/USDT']],
    ['BTC/USDT, BTC/USDT', ['BTC/USDT']],
    ['SHIB INU/USDT', ['SHIB INU/USDT']],
    [' , ', []],
  ])('%j', (text, symbols) => {
    expect(symbolsIn(text)).toEqual(symbols);
  });

  test.each([
    [['spot'], 'BTC/USDT:USDT, eth', 'BTC/USDT, eth'],
    [['perpetual'], 'BTC/USDT', 'BTC/USDT:USDT'],
    [['spot', 'perpetual'], 'BTC/USDT, ETH/USDT:USDT', 'BTC/USDT, ETH/USDT:USDT'],
    [[], 'BTC/USDT', 'BTC/USDT'],
  ] as const)('at a venue of %j', (markets, typed, expected) => {
    expect(symbolsFor(typed, { markets: [...markets] })).toBe(expected);
  });
});

describe('what is wrong is said beside its field', () => {
  test.each<[Partial<VenueForm>, keyof VenueForm, string]>([
    [{ symbols: '' }, 'symbols', 'Name at least one, such as BTC/USDT'],
    [{ symbols: 'btc/usdt' }, 'symbols', 'btc/usdt: use BTC/USDT'],
    [{ symbols: 'BTC/USDT, ETH/EUR' }, 'symbols', 'one quote currency'],
    [{ rest: 'somewhere' }, 'rest', 'must look like http://127.0.0.1:8300'],
    [{ rest: 'ftp://a' }, 'rest', 'must look like'],
    [{ rest: 'http://a', ws: 'http://a' }, 'ws', 'must look like ws://'],
    [{ ws: 'ws://a' }, 'rest', 'is needed as well'],
    [{ proxy: 'x' }, 'proxy', 'must look like'],
  ])('%j', (changes, field, words) => {
    expect(formFaults({ ...FORM, ...changes })[field]).toContain(words);
  });

  test('more symbols than are traded at a time', () => {
    const symbols = Array.from({ length: 51 }, (_, index) => `C${index}/USDT`).join(',');
    expect(formFaults({ ...FORM, symbols }).symbols).toBe('At most 50 are traded at a time');
  });

  test('and nothing where all is well', () => {
    expect(formFaults(FORM)).toEqual({});
    expect(formFaults({ ...FORM, rest: 'https://a', ws: 'wss://a' })).toEqual({});
  });
});

describe('venues', () => {
  const venues = [
    venue(),
    venue({ id: 'binanceusdm', name: 'Binance USDⓈ-M' }),
    venue({ id: 'okx', name: 'OKX' }),
  ];

  test.each([
    ['', ['binance', 'binanceusdm', 'okx']],
    ['BIN', ['binance', 'binanceusdm']],
    ['binance usd', ['binanceusdm']],
    ['zebra', []],
  ])('searched for %j', (search, ids) => {
    expect(matchingVenues(venues, search).map(({ id }) => id)).toEqual(ids);
  });

  test.each<[Partial<VenueView>, string, string | undefined]>([
    [{}, '', undefined],
    [{ hasTestNetwork: false }, 'http://127.0.0.1:8300', undefined],
    [{ hasTestNetwork: false }, '', 'no test network'],
    [{ isTraded: false, refusals: ['spot: Binance tells no balance'] }, '', 'spot: Binance tells no balance'],
  ])('%j at %j', (changes, rest, words) => {
    const fault = sandboxFault(venue(changes), { rest });
    if (words === undefined) expect(fault).toBeUndefined();
    else expect(fault).toContain(words);
  });

  test.each<[Partial<VenueView>, string]>([
    [{}, 'were tried against a server'],
    [{ isProven: false }, 'try it in the sandbox first'],
    [{ isProven: false }, 'exchange.unproven'],
    [{ isTraded: false, isProven: false }, 'on paper'],
    [{ refusals: ['perpetuals: it sets margin for all'] }, 'No orders go to its perpetuals: it sets'],
  ])('%j says how far its orders can be trusted: %s', (changes, words) => {
    expect(ordersWords(venue(changes))).toContain(words);
  });

  test('their keys have names', () => {
    expect([keyName('apiKey'), keyName('uid'), keyName('something')]).toEqual([
      'API key',
      'User ID',
      'something',
    ]);
  });
});

test('what is chosen is what runs when another way of typing it asks for the same', () => {
  expect(isSameChoice(FORM, { ...FORM, symbols: 'BTC/USDT,ETH/USDT,' })).toBe(true);
  expect(isSameChoice(FORM, { ...FORM, mode: 'sandbox' })).toBe(false);
  expect(isSameChoice(FORM, { ...FORM, rest: 'http://127.0.0.1:8300' })).toBe(false);
});

test('a length of candle that the models were not made for is told before it is chosen', () => {
  expect(modelsNote('1m', '1h')).toBe(
    'The models that vote were made for 1h candles and abstain at 1m: the other voters decide',
  );
  expect(modelsNote('1h', '1h')).toBeUndefined();
  expect(modelsNote('1h', undefined)).toBeUndefined();
});

test.each<[Partial<VenueForm>, number | null, string | undefined]>([
  [
    { mode: 'paper' },
    0.5,
    'New books begin with 2,500.00 USDT of paper money (capital in the settings file)',
  ],
  [{ mode: 'paper', symbols: 'ETH/BTC' }, null, expect.stringContaining('BTC of paper money')],
  [{ mode: 'sandbox' }, null, '2,500.00 USDT of the account are traded with (capital in the settings file)'],
  [{ mode: 'sandbox' }, 0.5, expect.stringMatching(/^50.% of what the account has free is traded with/)],
  [{ symbols: '' }, null, undefined],
  [{ symbols: 'nothing' }, null, undefined],
])('with %o and a share of %s the trader reads with how much is traded', (changes, capitalShare, words) => {
  const settings = SettingsSchema.parse({ capital: '2500', exchange: { capitalShare } });
  expect(capitalNote(settings, { ...FORM, ...changes })).toEqual(words);
});
