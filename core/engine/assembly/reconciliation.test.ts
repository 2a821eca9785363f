import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Action, SettingsInput } from '../../contract/index.ts';
import { type AssetAmount, assetAmount, text } from '../../domain/index.ts';
import { BTC, engineScene } from '../testing/engine-scene.ts';

const SYMBOLS = [BTC, 'ETH/USDT:USDT', 'SOL/USDT'] as const;

/** Costs whose shares of a price have many decimals, and little volume for each order. */
const ODD: SettingsInput = {
  simulation: { makerFeeBps: 2.7, takerFeeBps: 7.3, spreadBps: 3.1, slippageBps: 1.7, maxVolumeShare: 0.13 },
  safety: {
    minHoldBars: 0,
    reentryWaitBars: 0,
    maxEntriesPerHour: 100,
    costMultiple: 0,
    maxDailyLoss: 1,
    maxDrawdown: 1,
    maxConsecutiveLosses: 1_000,
    minWinRate: 0,
    minSharpe: -1_000,
    stopAtr: 1,
  },
};

const bar = fc.record({
  says: fc.constantFrom<Action>('BUY', 'BUY', 'SELL', 'HOLD'),
  move: fc.integer({ min: -90, max: 90 }),
  wick: fc.integer({ min: 0, max: 60 }),
  volume: fc.constantFrom(0, 3, 20, 1_000),
  /** Of what is free, in tenths; below 0 out. */
  paid: fc.constantFrom(0, 0, 0, 0, 0, 0, 3, -3),
});

const counted = (assets: Iterable<readonly [string, AssetAmount]>) =>
  [...assets]
    .filter(([, amount]) => !amount.isZero())
    .map(([asset, amount]) => `${asset} ${text(amount)}`)
    .toSorted();

it('after random trading, spot and perpetual, our books are the venue’s to the last digit', async () => {
  const seen = { fills: 0, trips: 0, transfers: 0, shorts: 0 };
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(...SYMBOLS.map(() => bar)), { minLength: 30, maxLength: 40 }),
      async (bars) => {
        const scene = await engineScene({ symbols: SYMBOLS, patience: 'prompt', settings: ODD });
        const { engine, venue, voters, told } = scene;
        const { portfolio, desk } = engine;
        const prices = new Map<string, number>(SYMBOLS.map((symbol) => [symbol, 1_000]));
        for (const moments of bars) {
          for (const [index, { says, move, wick, volume, paid }] of moments.entries()) {
            const symbol = SYMBOLS[index] ?? BTC;
            const open = prices.get(symbol) ?? 1_000;
            const close = open + move / 10;
            const shape = {
              open,
              volume,
              high: Math.max(open, close) + wick / 10,
              low: Math.min(open, close) - wick / 10,
            };
            prices.set(symbol, close);
            voters.says.set(symbol, says);
            await scene.bar(symbol, close, shape);
            if (portfolio.position(symbol).quantity.isNegative()) seen.shorts += 1;
            if (paid === 0) continue;
            const free = (await venue.account()).assets.get('USDT')?.free ?? assetAmount(0);
            venue.transfer('USDT', assetAmount(free.times(paid).div(10).toFixed(7)), '');
            seen.transfers += 1;
          }
          const { differences, notes } = await desk.reconcile();
          expect([differences, notes]).toEqual([[], []]);
          const { assets, positions } = await venue.account();
          const theirs = [...assets].map(([asset, { total }]) => [asset, total] as const);
          expect(counted(portfolio.assets())).toEqual(counted(theirs));
          const [perpetual] = positions.values();
          expect(portfolio.position('ETH/USDT:USDT').quantity.toFixed()).toBe(perpetual?.toFixed() ?? '0');
        }
        expect(told.protection).toEqual([]);
        seen.fills += told.fills.length;
        seen.trips += portfolio.roundTrips.length;
      },
    ),
    { numRuns: 12 },
  );
  // Else it would have shown nothing.
  expect(seen.fills).toBeGreaterThan(300);
  expect(seen.trips).toBeGreaterThan(100);
  expect(seen.transfers).toBeGreaterThan(100);
  expect(seen.shorts).toBeGreaterThan(20);
});
