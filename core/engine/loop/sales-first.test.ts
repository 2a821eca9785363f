import { describe, expect, it } from 'vitest';
import { float, VenueError } from '../../domain/index.ts';
import { BTC, candle, ETH, engineScene } from '../testing/engine-scene.ts';

const HOUR_MS = 3_600_000;
const SECOND = 1_000;
/** Room for little more than one of the two. */
const LIMITS = {
  ...{ maxSymbolExposure: 0.3, maxStrategyExposure: 0.35, maxPortfolioExposure: 0.35 },
  ...{ maxGroupExposure: 1, maxOpenRisk: 0.2 },
};

/** Trend at a venue that takes its time: ether is held when bitcoin is to be bought instead. */
async function etherHeld() {
  const scene = await engineScene({
    drive: null,
    start: 40 * 24 * HOUR_MS,
    settings: { safety: LIMITS },
  });
  scene.now.strategy = 'trend';
  let openTime = scene.start;
  /** An hour at a venue that goes on by itself. */
  const hour = async (prices: Readonly<Record<string, number>>): Promise<void> => {
    for (const [symbol, at] of Object.entries(prices)) {
      scene.venue.advance(symbol, candle(openTime, at), HOUR_MS);
    }
    openTime += HOUR_MS;
    scene.clock.advanceTo(openTime);
    for (const [symbol, at] of Object.entries(prices)) await scene.step(symbol, at);
    for (const [symbol, at] of Object.entries(prices)) await scene.close(symbol, at);
    await scene.time.pass(0);
  };
  const day = async (prices: Readonly<Record<string, number>>): Promise<void> => {
    for (let hours = 0; hours < 24; hours += 1) await hour(prices);
  };
  const last = (symbol: string) => scene.told.decisions.findLast((decision) => decision.symbol === symbol);
  /** What is held and what may still be bought, as a share of the equity. */
  const mayHold = (): number => {
    const { exposures, equity } = scene.engine.limitUse();
    return [...exposures.values()].reduce((sum, worth) => sum + float(worth), 0) / float(equity);
  };
  await day({ [BTC]: 900, [ETH]: 1_050 });
  // It fills lower than it was decided on: its stop is below what follows.
  for (let hours = 0; hours < 23; hours += 1) await hour({ [BTC]: 1_100, [ETH]: 980 });
  return { ...scene, hour, last, mayHold };
}

describe('at a venue that answers when it likes', () => {
  it('a sale that is refused has made no room for what is bought', async () => {
    const test = await etherHeld();
    expect(test.mayHold()).toBeGreaterThan(0.2);
    const submit = test.venue.submit.bind(test.venue);
    test.venue.submit = async (intent) => {
      if (intent.purpose !== 'exit') return submit(intent);
      await test.time.wait(2 * SECOND);
      throw new VenueError('rejected', 'not today');
    };
    await test.hour({ [BTC]: 1_100, [ETH]: 980 });
    await test.time.pass(60 * SECOND);
    expect(test.last(ETH)).toMatchObject({ action: 'SELL', outcome: 'blocked' });
    expect(test.last(BTC)).toMatchObject({ action: 'BUY', outcome: 'traded' });
    expect(test.mayHold()).toBeLessThan(0.355);
  });

  it('what is bought waits for the answer to what is sold, and has its room', async () => {
    const test = await etherHeld();
    const submit = test.venue.submit.bind(test.venue);
    test.venue.submit = async (intent) => {
      if (intent.purpose === 'exit') await test.time.wait(2 * SECOND);
      return submit(intent);
    };
    await test.hour({ [BTC]: 1_100, [ETH]: 980 });
    expect(test.working(BTC)).toEqual([]);
    await test.time.pass(3 * SECOND);
    expect(test.last(BTC)).toMatchObject({ action: 'BUY', outcome: 'traded' });
    expect(test.last(BTC)?.proposal?.allowedShare).toBeGreaterThan(0.1);
  });
});
