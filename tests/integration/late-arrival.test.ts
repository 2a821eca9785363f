import { expect, test } from 'vitest';
import type { FaultName } from '../venue/faults/fault.ts';
import { algoStateOf } from '../venue/futures/algo-order.ts';
import type { Venue } from '../venue/index.ts';
import { ProgramAtVenue } from './program-at-venue.ts';

type DialectName = 'binance-spot' | 'binance-usdm';

const ORDERS = { 'binance-spot': 'POST /api/v3/order', 'binance-usdm': 'POST /fapi/v1/order' } as const;
const SECOND_MS = 1_000;
/** How fine the venue's time is cut where it matters, and how many turns sockets have meanwhile. */
const SLICE_MS = 50;
const TURNS = 400;

/** What is held and works at the venue, as it has it itself. */
function truthOf(venue: Venue, dialect: DialectName): readonly string[] {
  const { name, holdings } = venue.account();
  const orders = venue.openOrders().map(({ clientId }) => clientId);
  if (dialect === 'binance-usdm') {
    const { funds, algos } = venue.futures;
    const positions = funds.of(name).positions.all();
    return [
      ...orders,
      ...positions.filter(({ amount }) => !amount.isZero()).map(({ symbol }) => symbol),
      ...algos.all.filter((algo) => algoStateOf(algo).status === 'NEW').map(({ id }) => `stop ${id}`),
    ];
  }
  // What is left after a sale in whole lots cannot be sold.
  return [...orders, ...['BTC', 'ETH'].filter((coin) => holdings.total(coin).gt('0.0001'))];
}

async function passUntil(program: ProgramAtVenue, isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let second = 0; !(await isSo()); second += 1) {
    if (second > 600) throw new Error(`it never comes: ${isSo}`);
    await program.pass(SECOND_MS);
  }
}

const stageOf = async (program: ProgramAtVenue) => (await program.status()).killSwitch.stage;

test.each<[DialectName, string, FaultName | null]>([
  ['binance-spot', 'the user stream tells it', null],
  ['binance-usdm', 'the user stream tells it', null],
  ['binance-spot', 'the user stream does not tell it', 'lost-events'],
  ['binance-usdm', 'the user stream does not tell it', 'lost-events'],
])(
  'a submit at %s that timed out before the stop and arrives three seconds after everything was flat is closed within two, and shown: %s',
  async (dialect, _how, deaf) => {
    const program = await ProgramAtVenue.at({ mode: 'sandbox', dialect });
    const { venue } = program;
    venue.faults.raise({ name: 'held-back', on: ORDERS[dialect] });
    const { service } = await program.start();
    await passUntil(program, () => venue.faults.strikes.some(({ name }) => name === 'held-back'));
    const before = await service.call('orders.list', { limit: 100 });
    const [late] = before.filter(({ status }) => status === 'UNKNOWN');
    expect(late).toBeDefined();

    await service.call('killSwitch.activate', { reason: 'a test' });
    await passUntil(program, async () => (await stageOf(program)) === 'flat');
    expect(truthOf(venue, dialect)).toEqual([]);
    await program.pass(3 * SECOND_MS);
    if (deaf !== null) venue.faults.raise({ name: deaf, forMs: 60_000 });

    venue.letArrive();
    const arrivedAt = venue.now();
    expect(truthOf(venue, dialect)).not.toEqual([]);
    while (truthOf(venue, dialect).length > 0 && venue.now() < arrivedAt + 10 * SECOND_MS) {
      venue.clock.advanceTo(venue.now() + SLICE_MS);
      await venue.settle(TURNS);
    }
    expect(venue.now() - arrivedAt).toBeLessThanOrEqual(2 * SECOND_MS);

    await passUntil(program, async () => (await stageOf(program)) === 'flat');
    await program.pass(30 * SECOND_MS);
    expect(truthOf(venue, dialect)).toEqual([]);
    const orders = await service.call('orders.list', { limit: 100 });
    expect(orders.find(({ clientOrderId }) => clientOrderId === late?.clientOrderId)?.status).toBe('FILLED');
    expect(orders[0]).toMatchObject({ purpose: 'emergency', status: 'FILLED', symbol: late?.symbol });
    const [activation] = await service.call('killSwitch.history', {});
    expect(activation).toMatchObject({ outcome: 'flat', failures: [] });
    expect(activation?.symbols).toMatchObject([{ symbol: late?.symbol, closes: 1 }]);
    const told = program.rows<{ title: string }>('SELECT title FROM alerts');
    expect(told.map(({ title }) => title)).toContain('Something has appeared after everything was closed');
  },
  120_000,
);
