import { describe, expect, it } from 'vitest';
import { memoryVenueStore } from '../../../tests/contracts/simulated-venue.ts';
import { VenueError } from '../../domain/index.ts';
import { MemoryDecisionStore, MemoryOrderLedger, MemoryStateStore } from '../../storage/index.ts';
import { BTC, candle, engineScene, type SceneOptions } from '../testing/engine-scene.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MIDNIGHT = 40 * DAY_MS;

/** Trend at a venue, hour by hour; what it said at each bar, without the bars at which it had nothing to say. */
async function market(options: SceneOptions = {}) {
  const scene = await engineScene({
    symbols: [BTC],
    drive: null,
    start: MIDNIGHT,
    ...options,
    settings: { safety: { maxStrategyExposure: 0.9, maxGroupExposure: 0.9, maxOpenRisk: 0.2 } },
  });
  scene.now.strategy = 'trend';
  let openTime = scene.start;
  /** @param lateMs how long after its end the bar arrives; the clock does not go back. */
  const hours = async (count: number, at: number, lateMs = 0): Promise<void> => {
    for (let hour = 0; hour < count; hour += 1) {
      scene.venue.advance(BTC, candle(openTime, at), HOUR_MS);
      openTime += HOUR_MS;
      scene.clock.advanceTo(Math.max(scene.clock.now(), openTime + lateMs));
      await scene.step(BTC, at);
      await scene.close(BTC, at);
      await scene.time.pass(0);
    }
  };
  const said = (): readonly string[] =>
    scene.told.decisions
      .filter(({ reasonCode }) => reasonCode !== 'not-its-time')
      .map(({ time, reasonCode }) => `${(time / HOUR_MS) % 24} ${reasonCode}`);
  return { ...scene, hours, said };
}

const stores = () => ({
  ledger: new MemoryOrderLedger(),
  state: new MemoryStateStore(),
  store: memoryVenueStore(),
  decisions: new MemoryDecisionStore(),
});

describe('what was to be decided at midnight is decided at the first bar that allows it', () => {
  it('when its own bar arrives hours late, as after the machine slept', async () => {
    const test = await market();
    await test.hours(23, 1_050);
    await test.hours(1, 1_050, 2.5 * HOUR_MS);
    await test.hours(4, 1_050);
    expect(test.said()).toEqual(['0 late', '1 late', '2 entry']);
  });

  it('when a sale does not reach the venue, until one does', async () => {
    const test = await market();
    await test.hours(24, 1_050);
    await test.hours(23, 980);
    const submit = test.venue.submit.bind(test.venue);
    test.venue.submit = async (intent) => {
      if (intent.purpose === 'exit') throw new VenueError('rejected', 'maintenance');
      return submit(intent);
    };
    await test.hours(3, 980);
    test.venue.submit = submit;
    await test.hours(4, 980);
    const sale = ['0 venue-rejected', '1 venue-rejected', '2 venue-rejected', '3 target-flat'];
    expect(test.said()).toEqual(['0 entry', ...sale]);
    expect(test.engine.portfolio.positions()).toEqual([]);
  });

  it('when the program was off at the time', async () => {
    const books = stores();
    const before = await market(books);
    await before.hours(24, 1_050);
    await before.hours(22, 980);
    await before.engine.close();
    const after = await market({ ...books, start: before.start + DAY_MS + 33 * HOUR_MS });
    await after.hours(3, 980);
    expect(after.said()).toEqual(['10 target-flat']);
    expect(after.engine.portfolio.positions()).toEqual([]);
  });

  it('and once: not again after a restart', async () => {
    const books = stores();
    const before = await market(books);
    await before.hours(25, 1_050);
    await before.engine.close();
    const after = await market({ ...books, start: before.start + 33 * HOUR_MS });
    await after.hours(3, 980);
    expect([before.said(), after.said()]).toEqual([['0 entry'], []]);
  });

  it('but books that are new wait for the next midnight', async () => {
    const test = await market({ start: MIDNIGHT + 9 * HOUR_MS });
    await test.hours(15, 1_050);
    expect(test.said()).toEqual(['0 entry']);
  });
});
