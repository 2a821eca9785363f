import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { fillOf, intentOf } from '../../../tests/contracts/builders.ts';
import { startVenue, type VenueOptions } from '../../../tests/venue/index.ts';
import { type SettingsInput, SettingsSchema, TradeFilterSchema } from '../../contract/index.ts';
import { SILENT_LOGGER, type Timers } from '../../domain/index.ts';
import { storedTrades } from '../installation/offline.ts';
import { openStores } from '../installation/stores.ts';
import { tradeImports, undoTradeImport } from '../installation/trade-imports.ts';
import { importVenueTrades, type VenueTradesOptions } from './venue-trades.ts';

const MINUTE = 60_000;
const RICH = { balances: { USDT: '1000000', BTC: '1' } };

interface Scene {
  readonly venue?: VenueOptions;
  readonly exchange?: SettingsInput['exchange'];
  readonly keys?: { readonly apiKey?: string | undefined; readonly secret?: string };
  readonly isOpened?: boolean;
}

/** Waits that take no time, and are remembered. */
function hurried(waits: number[]): Timers {
  let at = 0;
  return {
    monotonicMs: () => at,
    wait: async (ms) => {
      at += ms;
      waits.push(ms);
    },
  };
}

/** Books of an account in the sandbox, and a venue that it may have traded at before. */
async function scene({ venue: given, exchange, keys, isOpened = true }: Scene = {}) {
  const venue = await startVenue({
    symbols: ['BTC/USDT', 'BNB/USDT'],
    historyBars: 20,
    accounts: [RICH],
    ...given,
  });
  onTestFinished(() => venue.close());
  const directory = mkdtempSync(join(tmpdir(), 'venue-trades-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  if (isOpened) openStores(directory, 'sandbox').close();
  const endpoint = { rest: venue.restUrl, ws: venue.wsUrl };
  const settings = SettingsSchema.parse({
    mode: 'sandbox',
    exchange: { id: 'binance', endpoint, ...exchange },
  });
  const held: Record<string, string | undefined> = { apiKey: venue.apiKey, secret: venue.secret, ...keys };
  const progress: string[] = [];
  const waits: number[] = [];
  const bringIn = (more: Partial<VenueTradesOptions> = {}) =>
    importVenueTrades({
      ...{ directory, settings, symbols: ['BTC/USDT'], since: null, log: SILENT_LOGGER },
      secrets: { read: (name) => held[name.split('.').at(-1) ?? ''], sourceOf: () => undefined },
      clock: { now: () => venue.now() },
      timers: hurried(waits),
      onProgress: (line) => progress.push(line),
      ...more,
    });
  const rows = () => {
    const database = new Database(join(directory, 'sandbox.sqlite'), { readonly: true });
    try {
      const columns = 'trade_id, side, time, price, amount, fee_asset, fee_amount, fee_quote_value';
      return database
        .prepare<[], Record<string, string | number>>(`SELECT ${columns} FROM imported_fills ORDER BY time`)
        .all();
    } finally {
      database.close();
    }
  };
  /** What the venue itself has of the account, as the rows should say it. */
  const truth = () =>
    venue.fills().map((fill) => ({
      ...{ trade_id: `${fill.tradeId}`, side: fill.side, time: fill.time },
      ...{ price: fill.price.toFixed(), amount: fill.amount.toFixed() },
      ...{ fee_asset: fill.feeAsset, fee_amount: fill.fee.toFixed() },
    }));
  const asked = (part: string) => venue.requests.filter(({ route }) => route.includes(part)).length;
  const of = { directory, settings };
  return { venue, bringIn, rows, truth, asked, progress, waits, of };
}

type AtVenue = Awaited<ReturnType<typeof scene>>['venue'];

/** So many round trips by hand, two seconds each. */
async function trade(venue: AtVenue, trips: number, symbol = 'BTC/USDT', amount = '0.001'): Promise<void> {
  for (let trip = 0; trip < trips; trip += 1) {
    venue.hand().buy(symbol, amount);
    await venue.advance(1_000, 1_000);
    venue.hand().sell(symbol, amount);
    await venue.advance(1_000, 1_000);
  }
}

const withoutWorth = (rows: readonly Record<string, string | number>[]) =>
  rows
    // One of the venues puts words before the number.
    .map(({ fee_quote_value: _worth, trade_id, ...row }) => ({
      ...row,
      trade_id: `${trade_id}`.replace(/^.*-/, ''),
    }))
    .toSorted((a, b) => Number(a.trade_id) - Number(b.trade_id));

const BYBIT: Scene = { venue: { dialect: 'bybit-spot' }, exchange: { id: 'bybit' } };
const FUTURES: Scene = { venue: { dialect: 'binance-usdm' }, exchange: { id: 'binanceusdm' } };

describe('what a venue tells of the account', () => {
  test.each<[string, Scene, string]>([
    ['binance', {}, 'BTC/USDT'],
    ['bybit', BYBIT, 'BTC/USDT'],
    ['binanceusdm', FUTURES, 'BTC/USDT:USDT'],
  ])('%s: is imported to the last digit, nothing but questions going out', async (id, given, symbol) => {
    const { venue, bringIn, rows, truth, of } = await scene(given);
    await trade(venue, 8, symbol);
    const outcome = await bringIn({ symbols: [symbol] });
    expect(outcome).toMatchObject({ id: 1, added: venue.fills().length, known: 0 });
    expect(outcome.added).toBeGreaterThanOrEqual(16);
    expect(withoutWorth(rows())).toEqual(truth());
    expect(tradeImports(of.directory, of.settings)).toMatchObject([{ source: id }]);
    const posts = venue.requests.filter(({ route }) => !route.startsWith('GET '));
    expect(posts).toEqual([]);
    expect(venue.orders()).toHaveLength(16);
  });

  test.each<[string, Scene, number, string]>([
    ['by id', {}, 500, 'myTrades'],
    ['by time', BYBIT, 100, 'execution/list'],
  ])('is read whole where it takes several pages, %s', async (_how, given, size, call) => {
    const { venue, bringIn, rows, truth, asked } = await scene(given);
    await trade(venue, size / 2 + 5);
    expect(venue.fills().length).toBeGreaterThan(size);
    await bringIn();
    expect(withoutWorth(rows())).toEqual(truth());
    expect(asked(call)).toBeGreaterThan(1);
  });

  test('is imported once, and goes on from the newest that is there', async () => {
    const { venue, bringIn, rows, truth, of } = await scene();
    await trade(venue, 2);
    await bringIn();
    expect(await bringIn()).toMatchObject({ id: null, added: 0 });
    await trade(venue, 1);
    const next = await bringIn();
    expect(next.added).toBeGreaterThanOrEqual(2);
    expect(withoutWorth(rows())).toEqual(truth());
    // All of it told again changes nothing.
    expect(await bringIn({ since: 0 })).toMatchObject({ id: null, added: 0, known: venue.fills().length });
    undoTradeImport(of.directory, of.settings, next.id ?? 0);
    expect(await bringIn()).toMatchObject({ added: next.added });
  });

  test('leaves out what the ledger has and what is older than was asked for', async () => {
    const { venue, bringIn, rows, of } = await scene();
    await trade(venue, 1);
    const later = venue.now();
    await trade(venue, 1);
    const own = venue.fills().find(({ time }) => time >= later);
    const { ledger, close } = openStores(of.directory, 'sandbox');
    ledger.appendIntent(intentOf('own'));
    ledger.appendFill(fillOf(`${own?.tradeId}`, 'own', { side: own?.side ?? 'buy' }));
    close();
    expect(await bringIn({ since: later })).toMatchObject({ known: 1 });
    expect(rows().map(({ trade_id }) => trade_id)).toEqual(
      venue
        .fills()
        .flatMap(({ tradeId, time }) => (time >= later && tradeId !== own?.tradeId ? [`${tradeId}`] : [])),
    );
  });

  test('has fees in a third asset at what that was worth then', async () => {
    const account = { feeAsset: 'BNB', balances: { ...RICH.balances, BNB: '50' } };
    const { venue, bringIn, rows, asked, of } = await scene({
      venue: { accounts: [account], historyBars: 120 },
    });
    const worthThen = venue.market('BNB/USDT').lastPrice;
    await trade(venue, 2);
    venue.moveTo('BNB/USDT', worthThen.toNumber() * 1.2);
    await venue.advance(2 * 60 * MINUTE, 60 * MINUTE);
    await bringIn();
    for (const { fee_asset, fee_amount, fee_quote_value } of rows()) {
      expect(fee_asset).toBe('BNB');
      expect(Math.abs(Number(fee_quote_value) / Number(fee_amount) / worthThen.toNumber() - 1)).toBeLessThan(
        0.05,
      );
    }
    expect(asked('klines')).toBe(1);
    const [trip] = storedTrades(of.directory, of.settings, TradeFilterSchema.parse({ source: 'imported' }));
    expect(trip).toMatchObject({ symbol: 'BTC/USDT', direction: 'long', source: 'binance' });
  });
});

describe('where it cannot be had, nothing is changed', () => {
  const refusal = async (promise: Promise<unknown>): Promise<string> =>
    promise.then(
      () => 'nothing was refused',
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );

  test.each<[string, Scene, Partial<VenueTradesOptions>, RegExp]>([
    [
      'a key is missing',
      { keys: { apiKey: undefined } },
      {},
      /^exchange\.binance\.apiKey is missing: `tradebot keys set/,
    ],
    [
      'a key is wrong',
      { keys: { secret: 'other' } },
      {},
      /^binance does not take the key .*; nothing was imported$/,
    ],
    ['a symbol is not listed', {}, { symbols: ['NO/USDT'] }, /^--symbol: Binance lists no NO\/USDT; nothing/],
    ['kinds are mixed', {}, { symbols: ['BTC/USDT', 'BTC/USDT:USDT'] }, /^--symbol: ask for spot/],
    [
      'nothing is known of the venue',
      { exchange: { id: 'nosuch' } },
      {},
      /^exchange\.id: trades cannot be asked of nosuch/,
    ],
    ['no account was opened', { isOpened: false }, {}, /^no account was opened in sandbox mode here yet$/],
  ])('%s', async (_what, given, more, message) => {
    const { venue, bringIn, rows, of } = await scene(given);
    await trade(venue, 1);
    expect(await refusal(bringIn(more))).toMatch(message);
    expect(tradeImports(of.directory, of.settings)).toEqual([]);
    if (given.isOpened !== false) expect(rows()).toEqual([]);
  });

  test.each<[string, Scene, string]>([
    ['binance', {}, 'GET /api/v3/myTrades'],
    ['bybit', BYBIT, 'GET /v5/execution/list'],
  ])(
    '%s: the line is cut in mid paging: asked again it goes on, for good it is given up',
    async (_id, given, route) => {
      const { venue, bringIn, rows, truth, waits, of } = await scene(given);
      await trade(venue, 255);
      let pages = 0;
      let cuts = 1_000;
      venue.onArrival((arrived) => {
        if (arrived !== route) return;
        pages += 1;
        if (pages > 1 && cuts > 0) {
          cuts -= 1;
          venue.faults.raise({ name: 'lost-answer', on: route });
        }
      });
      expect(await refusal(bringIn())).toMatch(/nobody answers as \w+ does .*; nothing was imported$/);
      expect([rows(), tradeImports(of.directory, of.settings)]).toEqual([[], []]);
      expect(waits.length).toBeGreaterThan(3);
      [pages, cuts] = [0, 2];
      expect(await bringIn()).toMatchObject({ id: 1, added: venue.fills().length });
      expect(withoutWorth(rows())).toEqual(truth());
    },
  );

  test('an answer is cut: it is no empty list', async () => {
    const { venue, bringIn, rows, truth } = await scene();
    await trade(venue, 2);
    venue.faults.raise({ name: 'cut-json', on: 'GET /api/v3/myTrades' });
    await bringIn();
    expect(withoutWorth(rows())).toEqual(truth());
  });

  test('what a fee was worth is not told', async () => {
    const account = { feeAsset: 'BNB', balances: { ...RICH.balances, BNB: '50' } };
    const { venue, bringIn, rows } = await scene({ venue: { accounts: [account] } });
    await trade(venue, 1);
    // Of an hour before the first candle nothing is known.
    venue.faults.raise({ name: 'empty-answer', on: 'GET /api/v3/klines', times: 100 });
    expect(await refusal(bringIn())).toMatch(/nothing was imported$/);
    expect(rows()).toEqual([]);
  });
});
