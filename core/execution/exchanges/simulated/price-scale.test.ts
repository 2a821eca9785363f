import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { intentOf } from '../../../../tests/contracts/builders.ts';
import { testVenue } from '../../../../tests/contracts/simulated-venue.ts';
import { clientOrderId, simulatedInstrument } from '../../../domain/index.ts';
import { Portfolio } from '../../../portfolio/index.ts';
import { OPENING } from '../../../portfolio/testing/account.ts';

const SYMBOL = 'BTC/USDT:USDT';
const CAPITAL = 10_000;

/** A price between 500.00 and 1,500.00 at scale 1, in cents. */
const cents = fc.integer({ min: 50_000, max: 150_000 });

const round = fc.record({
  side: fc.constantFrom('buy' as const, 'sell' as const),
  type: fc.constantFrom('market' as const, 'limit' as const, 'stop' as const),
  reduceOnly: fc.boolean(),
  /** In hundredths of a coin at scale 1. */
  amount: fc.integer({ min: 1, max: 1_500 }),
  at: cents,
  step: fc.tuple(cents, cents, cents, cents),
  volume: fc.integer({ min: 0, max: 50 }),
});

type Round = typeof round extends fc.Arbitrary<infer T> ? T : never;

/** Trades the rounds at prices of 10^exponent the size, in amounts of 10^-exponent. */
async function run(rounds: readonly Round[], exponent: number) {
  const priceOf = (count: number): string => `${count}e${exponent - 2}`;
  const amountOf = (hundredths: number): string => `${hundredths}e${-exponent - 2}`;
  const instrument = simulatedInstrument(SYMBOL, Number(priceOf(100_000)));
  const venue = testVenue({
    capital: CAPITAL,
    instruments: [instrument],
    makerFeeBps: 2,
    takerFeeBps: 10,
    spreadBps: 2,
    slippageBps: 3,
    latencyMs: 500,
    maxVolumeShare: 0.5,
  });
  const portfolio = new Portfolio({
    quote: 'USDT',
    instruments: () => instrument,
    history: { fills: [], accountEvents: [OPENING], equity: [] },
  });
  venue.exchange.onEvent((event) => {
    if (event.kind === 'fill') portfolio.apply({ ...event.fill, purpose: 'entry' });
  });
  for (const [index, { side, type, reduceOnly, amount, at, step, volume }] of rounds.entries()) {
    const own =
      type === 'limit' ? { limitPrice: priceOf(at) } : type === 'stop' ? { stopPrice: priceOf(at) } : {};
    const wanted = { symbol: SYMBOL, side, type, reduceOnly, amount: amountOf(amount), ...own };
    // A refusal is an answer like any other here.
    await venue.exchange.submit(intentOf(clientOrderId(`o${index}`), wanted)).catch(() => undefined);
    const [low, open, close, high] = [...step].sort((a, b) => a - b).map((count) => Number(priceOf(count)));
    const corners = [open ?? 0, high ?? 0, low ?? 0, close ?? 0] as const;
    venue.step(SYMBOL, corners, Number(amountOf(volume * 100)));
  }
  portfolio.mark(SYMBOL, Number(priceOf(100_000)), venue.clock.now());
  return { fills: venue.fills().length, equity: portfolio.equityFloat() };
}

test.each([-15, -12, -9, -6, 3, 6])(
  'the same market at 10^%d times the price gives the same account, but for ticks and lots',
  async (exponent) => {
    let traded = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(round, { minLength: 1, maxLength: 12 }), async (rounds) => {
        const usual = await run(rounds, 0);
        const scaled = await run(rounds, exponent);
        traded += usual.fills;
        expect(scaled.fills).toBe(usual.fills);
        // A fill is a tick off at most, a millionth of its worth, and a lot, of a unit's worth.
        expect(Math.abs(scaled.equity - usual.equity)).toBeLessThan(CAPITAL * 1e-4 * rounds.length);
      }),
      { numRuns: 60 },
    );
    expect(traded).toBeGreaterThan(50);
  },
);
