import { describe, expect, it } from 'vitest';
import { memoryVenueStore } from '../../../tests/contracts/simulated-venue.ts';
import { MemoryOrderLedger, MemoryStateStore } from '../../storage/index.ts';
import { symbolsInPosition } from '../loop/entry-theses.ts';
import { BTC, engineScene, type SceneOptions } from '../testing/engine-scene.ts';

const SOL = 'SOL/USDT';

/** What a run leaves that has traded SOL; with three coins of it, or closed again. */
async function traded(what: 'held' | 'closed') {
  const kept = { ledger: new MemoryOrderLedger(), state: new MemoryStateStore(), store: memoryVenueStore() };
  const scene = await engineScene({ symbols: [BTC, SOL], patience: 'prompt', ...kept });
  scene.voters.says.set(SOL, 'BUY');
  await scene.bar(SOL, 1_000);
  scene.voters.says.set(SOL, what === 'held' ? 'HOLD' : 'SELL');
  for (let bars = 0; bars < 3; bars += 1) await scene.bar(SOL, 1_000);
  expect(scene.engine.portfolio.positions()).toHaveLength(what === 'held' ? 1 : 0);
  await scene.engine.close();
  const start = scene.clock.now();
  const again = (options: SceneOptions) =>
    engineScene({ patience: 'prompt', ...kept, start, listed: [BTC], ...options });
  return { ...kept, again };
}

describe('a symbol of old trades that the venue does not list any more', () => {
  it('of which nothing is held leaves the start, the money and the others alone', async () => {
    const { again, state } = await traded('closed');
    expect(symbolsInPosition(state)).toEqual([]);
    const scene = await again({ symbols: [BTC] });
    const { portfolio, desk } = scene.engine;
    expect(portfolio.equity().toFixed()).toBe('9994');
    expect(portfolio.roundTrips.map(({ symbol }) => symbol)).toEqual([SOL]);
    expect((await desk.reconcile()).differences).toEqual([]);
    scene.voters.says.set(BTC, 'BUY');
    await scene.bar(BTC, 1_000);
    expect(scene.outcomes(BTC)).toEqual(['traded entry']);
  });

  it('V12 that is still held is shown as not tradable, counted at its last price, and kept with its stop', async () => {
    const { again, state } = await traded('held');
    expect(symbolsInPosition(state)).toEqual([SOL]);
    const scene = await again({ symbols: [BTC, SOL] });
    const { engine } = scene;
    expect(engine.notTradable(BTC)).toBeNull();
    expect(engine.notTradable(SOL)).toBe(
      'SOL/USDT is delisted at simulated: it is only closed out, or was never listed: check its name in the settings',
    );
    expect(engine.portfolio.position(SOL).quantity.toFixed()).toBe('3');
    expect(engine.desk.protectionOf(SOL).protection).toBe('venue');
    expect((await engine.desk.reconcile()).differences).toEqual([]);
    scene.voters.says.set(BTC, 'BUY');
    await scene.bar(BTC, 1_000);
    expect(scene.outcomes(BTC)).toEqual(['traded entry']);
    const limits = scene.told.decisions.at(-1)?.verdicts.find(({ layer }) => layer === 'position-limits');
    expect(limits?.numbers).toMatchObject({ portfolioExposure: expect.closeTo(0.3, 2), openPositions: 1 });
  });

  it('is entered by no vote, and closed by one', async () => {
    const { again } = await traded('held');
    // Still listed where it is traded away, and not to be entered.
    const scene = await again({ symbols: [BTC, SOL], listed: [BTC, SOL] });
    const instrument = scene.venue.instrument.bind(scene.venue);
    scene.venue.instrument = (symbol) => {
      const listed = instrument(symbol);
      return symbol !== SOL || listed === undefined ? listed : { ...listed, status: 'delisted' };
    };
    scene.voters.says.set(SOL, 'SELL');
    await scene.bar(SOL, 1_000);
    scene.voters.says.set(SOL, 'BUY');
    for (let bars = 0; bars < 4; bars += 1) await scene.bar(SOL, 1_000);
    expect(scene.outcomes(SOL)).toEqual([
      'traded opposite-consensus',
      ...Array.from({ length: 4 }, () => 'blocked not-tradable'),
    ]);
    expect(scene.engine.portfolio.positions()).toEqual([]);
    expect(scene.engine.theses.symbols()).toEqual([]);
    expect((await scene.engine.desk.reconcile()).differences).toEqual([]);
  });

  it('and of which the venue tells no fills holds up only itself', async () => {
    const { again } = await traded('held');
    const scene = await again({ symbols: [BTC, SOL] });
    const { venue, exchange } = scene;
    exchange.instead.fills = (query) =>
      query.symbol === SOL ? Promise.reject(new Error('no such market')) : venue.fills(query);
    const { differences } = await scene.engine.desk.reconcile();
    expect(differences).toEqual(['SOL/USDT: the venue does not tell its fills: Error: no such market']);
    scene.voters.says.set(BTC, 'BUY');
    await scene.bar(BTC, 1_000);
    expect(scene.outcomes(BTC)).toEqual(['traded entry']);
  });
});
