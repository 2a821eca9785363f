import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { mkdtempSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type ExecutionSettings, SettingsSchema, type StatusView } from '../../core/contract/index.ts';
import { assetAmount } from '../../core/domain/index.ts';
import { openTradebot } from '../../core/engine/index.ts';
import { type FaultName, seededFaults, startVenue, stateOf, type Venue, VenueClock } from '../venue/index.ts';
import { during, passing, timersOf } from '../venue/testing/venue-time.ts';

const MINUTE_MS = 60_000;

/** Faults of half an hour that the engine must come through with its books right. */
const FAULTS: readonly FaultName[] = [
  'lost-answer',
  'lost-request',
  'late-request',
  'cut-json',
  'unknown-outcome',
  'timeout',
  'bad-gateway',
  'too-many-requests',
  'duplicate-events',
  'reordered-events',
  'late-events',
  'lost-events',
  'dropped-sockets',
  'user-stream-expired',
  'garbage-frame',
];

/** Shortly before funding is paid. */
const START = Date.UTC(2025, 0, 1, 7, 55);

interface OrderRow {
  readonly client_order_id: string;
  readonly status: string;
}

interface FillRow {
  readonly trade_id: string;
  readonly symbol: string;
  readonly side: string;
  readonly price: string;
  readonly amount: string;
  readonly fee_asset: string;
  readonly fee_amount: string;
}

/** The venue's words for what has another here. */
const STATUS_HERE: Readonly<Record<string, string>> = { NEW: 'OPEN' };

/** Where sockets of this process go to. */
function destinations(): Set<string> {
  const seen = new Set<string>();
  const note = (message: unknown): void => {
    const { socket } = message as { readonly socket: Socket };
    socket.once('connect', () => seen.add(`${socket.remoteAddress}:${socket.remotePort}`));
  };
  subscribe('net.client.socket', note);
  onTestFinished(() => {
    unsubscribe('net.client.socket', note);
  });
  return seen;
}

/** The real program in sandbox mode on a local venue, both in the venue's time. */
async function running(
  dialect: 'binance-spot' | 'binance-usdm',
  entry: ExecutionSettings['entry'],
  seed: number,
) {
  const isFutures = dialect === 'binance-usdm';
  const id = isFutures ? 'binanceusdm' : 'binance';
  const venue = await startVenue({
    dialect,
    seed,
    clock: new VenueClock(START),
    symbols: ['BTC/USDT', 'ETH/USDT'],
    historyBars: 1_100,
    mood: { volatility: 0.004 },
  });
  onTestFinished(() => venue.close());
  const directory = mkdtempSync(join(tmpdir(), 'sandbox-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const symbols = ['BTC/USDT', 'ETH/USDT'].map((symbol) => (isFutures ? `${symbol}:USDT` : symbol));
  const settings = SettingsSchema.parse({
    mode: 'sandbox',
    symbols,
    timeframe: '1m',
    exchange: { id, endpoint: { rest: venue.restUrl, ws: venue.wsUrl } },
    strategy: { id: 'rules' },
    arena: { rivals: {} },
    execution: { entry, timeoutMs: 20_000 },
    consensus: {
      quorum: 1,
      thresholds: { trending: 0, ranging: 0, volatile: 0 },
    },
    safety: {
      costMultiple: 0,
      minHoldBars: 0,
      reentryWaitBars: 0,
      maxEntriesPerHour: 1_000,
      maxConsecutiveLosses: 1_000,
      minWinRate: 0,
      minSharpe: -1_000,
      maxDailyLoss: 1,
      maxDrawdown: 1,
      stopAtr: 1,
    },
  });
  const keys = new Map([
    [`exchange.${id}.apiKey`, venue.apiKey],
    [`exchange.${id}.secret`, venue.secret],
  ]);
  const opening = openTradebot({
    settings,
    dataDirectory: directory,
    host: 'headless',
    version: '0.0.0',
    secrets: { read: (name) => keys.get(name), sourceOf: () => 'environment' },
    timers: timersOf(venue),
    wallClock: venue.clock,
  });
  const tradebot = await during(venue, opening);
  const finished = tradebot.start();
  finished.catch(() => undefined);
  const rows = <T>(query: string): T[] => {
    const database = new Database(join(directory, 'sandbox.sqlite'), { readonly: true });
    try {
      return database.prepare(query).all() as T[];
    } finally {
      database.close();
    }
  };
  return { venue, tradebot, rows };
}

/** Our fills as the venue has them. */
const venueFills = (venue: Venue): string[] =>
  venue
    .fills()
    .map(({ tradeId, symbol, side, price, amount, feeAsset, fee }) =>
      [tradeId, symbol.id, side, price, amount, feeAsset, fee].join(' '),
    )
    .toSorted();

/** The same as our ledger has them. */
const ledgerFills = (rows: readonly FillRow[]): string[] =>
  rows
    .map(({ trade_id, symbol, side, price, amount, fee_asset, fee_amount }) =>
      [trade_id, idOf(symbol), side, price, amount, fee_asset, fee_amount].join(' '),
    )
    .toSorted();

const idOf = (symbol: string): string => symbol.replace(/:.*$/, '').replace('/', '');

/** What fills brought of each asset of a spot account, fees taken off. */
function flows(rows: readonly FillRow[]): Map<string, string> {
  const total = new Map<string, ReturnType<typeof assetAmount>>();
  const add = (asset: string, change: { toFixed(): string }): void => {
    const sum = (total.get(asset) ?? assetAmount(0)).plus(change.toFixed());
    total.set(asset, assetAmount(sum.toFixed()));
  };
  for (const { symbol, side, price, amount, fee_asset, fee_amount } of rows) {
    const [base = '', quote = ''] = symbol.split('/');
    const sign = side === 'buy' ? 1 : -1;
    add(base, assetAmount(amount).times(sign));
    add(quote, assetAmount(amount).times(price).times(-sign));
    add(fee_asset, assetAmount(fee_amount).negated());
  }
  return new Map([...total].map(([asset, amount]) => [asset, amount.toFixed()]));
}

describe.each([
  ['binance-spot', 'taker'],
  ['binance-usdm', 'taker'],
  ['binance-spot', 'maker-first'],
  ['binance-usdm', 'maker-first'],
] as const)('sandbox mode at %s, entering as %s,', (dialect, entry) => {
  test('comes through half an hour of faults with the books of the venue, and asks nobody else', async () => {
    const contacted = destinations();
    const { venue, tradebot, rows } = await running(dialect, entry, 7);
    venue.faults.schedule(seededFaults(7, 25 * MINUTE_MS, FAULTS));
    await passing(venue, 30 * MINUTE_MS);
    const struck = new Set(venue.faults.strikes.map(({ name }) => name));
    expect(struck.size).toBeGreaterThan(8);
    // Quiet at the end: what is in doubt is asked about, and the books are compared.
    await during(venue, tradebot.reconcile('the end'));
    await passing(venue, MINUTE_MS / 2);
    const seen: StatusView[] = [];
    tradebot.onStatus((status) => seen.push(status));
    expect(seen.at(-1)?.reconciliation).toMatchObject({ green: true, differences: [] });
    await during(venue, tradebot.stop());

    const fills = rows<FillRow>('SELECT * FROM fills');
    expect(ledgerFills(fills)).toEqual(venueFills(venue));
    expect(fills.length).toBeGreaterThan(2);
    const made = rows('SELECT * FROM order_intents WHERE post_only = 1');
    expect(made.length > 0).toBe(entry === 'maker-first');
    expect([...contacted]).toEqual([venue.restUrl.replace('http://', '')]);

    // Every order that the venue took is in our ledger, as it stands there.
    const orders = rows<OrderRow>('SELECT client_order_id, status FROM orders');
    const here = new Map(orders.map(({ client_order_id: id, status }) => [id, status]));
    for (const order of venue.orders().filter(({ clientId }) => clientId !== null)) {
      const { status } = stateOf(order);
      const known = here.get(order.clientId ?? '');
      expect([order.clientId, known]).toEqual([order.clientId, STATUS_HERE[status] ?? status]);
    }

    if (dialect === 'binance-spot') {
      for (const [asset, change] of flows(fills)) {
        const before = asset === 'USDT' ? 10_000 : 0;
        const held = venue.account().holdings.total(asset).minus(before).toFixed();
        expect([asset, held]).toEqual([asset, change]);
      }
      return;
    }
    const paid = venue.futures.incomes.all.filter(({ type }) => type === 'FUNDING_FEE');
    const booked = rows<{ amount: string }>("SELECT amount FROM account_events WHERE kind = 'funding'");
    expect(booked.map(({ amount }) => amount)).toEqual(paid.map(({ amount }) => amount.toFixed()));
  }, 120_000);
});
