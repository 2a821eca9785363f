import { describe, expect, test } from 'vitest';
import { type FaultName, seededFaults } from '../venue/index.ts';
import { during } from '../venue/testing/venue-time.ts';
import { ProgramAtVenue } from './program-at-venue.ts';

const MINUTE_MS = 60_000;

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
