import { describe, expect, test } from 'vitest';
import { PERPETUALS_IN_PART } from '../../core/domain/index.ts';
import { type FaultName, seededFaults } from '../venue/index.ts';
import { during } from '../venue/testing/venue-time.ts';
import { paperTape } from './paper-tape.ts';
import { ProgramAtVenue } from './program-at-venue.ts';

const MINUTE_MS = 60_000;

const LATENCY =
  'orders on paper reach the book after 250 ms: that is assumed (simulation.latencyMs), not measured';

const FAULTS: readonly FaultName[] = [
  'lost-answer',
  'cut-json',
  'timeout',
  'bad-gateway',
  'too-many-requests',
  'duplicate-events',
  'dropped-sockets',
  'missing-depth-update',
  'garbage-frame',
];

interface FillRow {
  readonly trade_id: string;
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly price: string;
  readonly amount: string;
  readonly fee_amount: string;
  readonly liquidity: string;
}

const fillsOf = (program: ProgramAtVenue): readonly FillRow[] =>
  program.rows('SELECT trade_id, symbol, side, price, amount, fee_amount, liquidity FROM fills');

describe.each(['binance-spot', 'binance-usdm'] as const)('paper mode at %s', (dialect) => {
  test('trades a quarter of an hour of faults against the book of the venue, and sends it nothing', async () => {
    // Without keys: none is needed.
    const program = await ProgramAtVenue.at({
      mode: 'paper',
      dialect,
      keys: { apiKey: '', secret: '' },
      settings: { capital: '10000' },
    });
    await program.start();
    const { venue } = program;
    expect(await program.conditions()).toEqual(
      expect.arrayContaining(
        [LATENCY, ...(dialect === 'binance-usdm' ? [PERPETUALS_IN_PART] : [])].map(
          (note) => `note:${note}: ${note}`,
        ),
      ),
    );
    venue.faults.schedule(seededFaults(7, 12 * MINUTE_MS, FAULTS));
    await program.pass(15 * MINUTE_MS);
    expect(venue.faults.strikes.length).toBeGreaterThan(8);
    await during(venue, program.tradebot.reconcile('the end'));
    expect(await program.status()).toMatchObject({
      mode: 'paper',
      reconciliation: { green: true, differences: [] },
    });
    const fills = fillsOf(program);
    expect(fills.length).toBeGreaterThan(4);
    expect(venue.orders()).toEqual([]);
    // The venue's own fees: a tenth of a per cent on spot, half of that on its futures.
    const taker = fills.find(({ liquidity }) => liquidity === 'taker');
    const share = Number(taker?.fee_amount) / (Number(taker?.price) * Number(taker?.amount));
    expect(share).toBeCloseTo(dialect === 'binance-spot' ? 0.001 : 0.0005, 12);
    // It goes on with the same books after a restart.
    await program.stop();
    await program.start();
    await program.pass(MINUTE_MS);
    expect((await program.status()).reconciliation).toMatchObject({ green: true, differences: [] });
    expect(fillsOf(program).slice(0, fills.length)).toEqual(fills);
  }, 180_000);
});

test('on paper it is as late as at the venue, whatever this machine says, and when that is set right', async () => {
  const program = await ProgramAtVenue.at({ mode: 'paper', keys: { apiKey: '', secret: '' } });
  const { venue } = program;
  const tape = paperTape(() => venue.now());
  program.aheadMs = 90_000;
  await program.start();
  await program.pass(3 * MINUTE_MS);
  program.aheadMs = 0;
  const setAt = venue.now();
  await program.pass(5 * MINUTE_MS);
  const fills = tape.flatMap(({ at, ...told }) =>
    told.kind === 'said' && told.event.kind === 'fill' ? [{ at, lateMs: at - told.event.fill.time }] : [],
  );
  expect(new Set(fills.map(({ at }) => at > setAt))).toEqual(new Set([true, false]));
  expect(fills.filter(({ lateMs }) => Math.abs(lateMs) > 1_000)).toEqual([]);
}, 60_000);

test('a market that the venue delists while it is traded on paper is told of, and fills nothing any more', async () => {
  const program = await ProgramAtVenue.at({ mode: 'paper', keys: { apiKey: '', secret: '' } });
  await program.start();
  program.venue.faults.schedule([{ name: 'delisted', on: 'BTCUSDT' }]);
  await program.pass(2 * MINUTE_MS);
  expect(await program.conditions()).toContainEqual(
    expect.stringContaining('BTC/USDT is delisted at binance on paper'),
  );
  const fillsHere = () => fillsOf(program).filter(({ symbol }) => symbol === 'BTC/USDT').length;
  const before = fillsHere();
  await program.pass(3 * MINUTE_MS);
  expect(fillsHere()).toBe(before);
}, 60_000);
