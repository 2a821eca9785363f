import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { StatusView } from '../../core/contract/index.ts';
import { assetAmount } from '../../core/domain/index.ts';
import { type Fault, type FaultName, seededFaults, stateOf, type Venue } from '../venue/index.ts';
import { during } from '../venue/testing/venue-time.ts';
import { ProgramAtVenue } from './program-at-venue.ts';

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

/** Everything there is said to be nothing for a while, once at each time at which something is asked by the clock. */
const EMPTY_ANSWERS: readonly Fault[] = [4, 9, 14, 19, 24].map((minute) => ({
  name: 'empty-answer',
  at: minute * MINUTE_MS + 20_000,
  forMs: 50_000,
}));

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
    const guards = () => process.listenerCount('unhandledRejection');
    const before = guards();
    const program = await ProgramAtVenue.at({
      mode: 'sandbox',
      dialect,
      settings: { execution: { entry, timeoutMs: 20_000 } },
    });
    const { venue } = program;
    const tradebot = await program.start();
    expect(guards()).toBe(before + 1);
    venue.faults.schedule(seededFaults(7, 25 * MINUTE_MS, FAULTS));
    venue.faults.schedule(EMPTY_ANSWERS);
    await program.pass(30 * MINUTE_MS);
    const struck = new Set(venue.faults.strikes.map(({ name }) => name));
    expect(struck.size).toBeGreaterThan(8);
    expect(struck).toContain('empty-answer');
    // Quiet at the end: nothing trades any more, what is in doubt is asked about, and the books are compared.
    for (const symbol of ['BTC/USDT', 'ETH/USDT']) {
      const population = venue.population(symbol);
      population.mood = { ...population.mood, volatility: 0, takers: 0 };
    }
    await program.pass(MINUTE_MS / 2);
    await during(venue, tradebot.reconcile('the end'));
    await program.pass(MINUTE_MS / 2);
    const seen: StatusView[] = [];
    tradebot.onStatus((status) => seen.push(status));
    expect(seen.at(-1)?.reconciliation).toMatchObject({ green: true, differences: [] });
    await program.stop();
    expect(guards()).toBe(before);

    const fills = program.rows<FillRow>('SELECT * FROM fills');
    expect(ledgerFills(fills)).toEqual(venueFills(venue));
    expect(fills.length).toBeGreaterThan(2);
    const made = program.rows('SELECT * FROM order_intents WHERE post_only = 1');
    expect(made.length > 0).toBe(entry === 'maker-first');
    expect([...contacted]).toEqual([venue.restUrl.replace('http://', '')]);

    // Every order that the venue took is in our ledger, as it stands there.
    const orders = program.rows<OrderRow>('SELECT client_order_id, status FROM orders');
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
    const booked = program.rows<{ amount: string }>(
      "SELECT amount FROM account_events WHERE kind = 'funding'",
    );
    expect(booked.map(({ amount }) => amount)).toEqual(paid.map(({ amount }) => amount.toFixed()));
  }, 120_000);
});
