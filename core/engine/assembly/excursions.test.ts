import { expect, test } from 'vitest';
import { excursionOf, inR, type TradeExcursion } from '../../domain/index.ts';
import { BTC, engineScene } from '../testing/engine-scene.ts';

const MINUTE = 60_000;

/** A trade that is entered, goes up and down, and is stopped out; what is written of it. */
async function stoppedOut(stored: readonly TradeExcursion[] = []) {
  const written: TradeExcursion[] = [];
  const scene = await engineScene({
    patience: 'prompt',
    excursions: { write: (one) => void written.push(one), open: () => stored },
  });
  scene.voters.says.set(BTC, 'BUY');
  await scene.bar(BTC, 1_000);
  scene.voters.says.set(BTC, 'HOLD');
  const piece = (close: number, shape = {}) =>
    scene.step(BTC, close, { openTime: scene.clock.now(), ...shape }, MINUTE);
  await piece(1_000, { open: 1_000, high: 1_000.5, low: 999.5 });
  return { ...scene, piece, written };
}

test('a trade’s excursions are measured from its first fill, in the risk to the stop that it had then', async () => {
  const { engine, piece, written } = await stoppedOut();
  const stop = Number(engine.theses.stopPrice(BTC)?.toFixed());
  expect(stop).toBeLessThan(999);
  await piece(1_000.2, { high: 1_002, low: 999.9 });
  await piece(stop - 1, { open: 1_000, high: 1_000.1, low: stop - 2 });
  expect(engine.portfolio.positions()).toEqual([]);
  const [trip] = engine.portfolio.roundTrips;
  const last = written.at(-1);
  if (last === undefined) throw new TypeError('nothing was written');
  expect(last).toMatchObject({ symbol: BTC, side: 'buy', openedAt: trip?.openedAt, endedAt: trip?.closedAt });
  expect(last.highest).toBe(1_002);
  // What came after the stop was not seen by the trade.
  expect(last.lowest).toBe(Number(trip?.exitPrice.toFixed()));
  const excursion = excursionOf(last);
  expect(inR(excursion.adversePct, excursion)).toBeCloseTo(1, 2);
  expect(excursion.favourablePct).toBeCloseTo(0.2, 6);
});

test('what it has seen is stored when a bar closes', async () => {
  const { bar, piece, written } = await stoppedOut();
  await piece(1_001, { high: 1_003, low: 999.4 });
  const before = written.length;
  await bar(BTC, 1_001, { high: 1_003, low: 999.4 });
  expect(written.slice(before)).toMatchObject([{ lowest: 999.4, highest: 1_003, endedAt: null }]);
});
