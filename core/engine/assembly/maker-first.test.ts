import { describe, expect, it } from 'vitest';
import { BTC, engineScene, type SceneOptions } from '../testing/engine-scene.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Voters who want to buy at 1000 while the spread is 0.2 %, and an engine that makes first. */
async function entering(options: SceneOptions = {}, execution: object = {}) {
  const { settings, ...rest } = options;
  const scene = await engineScene({
    patience: 'prompt',
    settings: {
      simulation: { spreadBps: 20, slippageBps: 0, latencyMs: 0, maxVolumeShare: 0.1 },
      execution: { entry: 'maker-first', ...execution },
      ...settings,
    },
    ...rest,
  });
  scene.voters.says.set(BTC, 'BUY');
  await scene.bar(BTC, 1_000);
  scene.voters.says.set(BTC, 'HOLD');
  /** A minute of the bar that is forming. */
  const minute = (at: number, low: number, volume = 100_000) =>
    scene.step(
      BTC,
      at,
      { openTime: scene.clock.now(), open: at, high: at, low: Math.min(at, low), volume },
      MINUTE / 2,
    );
  const entries = () =>
    scene.ledger
      .recentOrders({ limit: 100 })
      .filter(({ purpose }) => purpose === 'entry')
      .map(({ limitPrice, status, postOnly }) =>
        [limitPrice?.toFixed(), status, postOnly === true ? 'makes' : 'takes'].join(' '),
      )
      .reverse();
  return { ...scene, minute, entries };
}

describe('an entry that makes first', () => {
  it('is recorded as traded while it rests, and is protected by the stop of its decision when it fills', async () => {
    const scene = await entering();
    expect(scene.outcomes(BTC)).toEqual(['traded entry']);
    expect(scene.entries()).toEqual(['999 OPEN makes']);
    const stop = scene.engine.theses.stopPrice(BTC);
    await scene.minute(999, 998);
    expect(scene.told.fills).toMatchObject([{ liquidity: 'maker', purpose: 'entry' }]);
    expect(scene.engine.desk.protectionOf(BTC)).toEqual({ protection: 'venue', stopPrice: stop });
  });

  it('keeps the thesis and the stop of its decision through every order of it', async () => {
    const scene = await entering();
    const stop = scene.engine.theses.stopPrice(BTC)?.toFixed();
    await scene.minute(1_001, 1_001);
    expect(scene.entries()).toEqual(['999 CANCELED makes', '999.999 OPEN makes']);
    await scene.minute(1_001, 998);
    expect(scene.engine.theses.stopPrice(BTC)?.toFixed()).toBe(stop);
    expect(scene.engine.theses.of(BTC)).toMatchObject({ thesis: 'because the test says BUY', endedAt: null });
    expect(scene.engine.desk.protectionOf(BTC).protection).toBe('venue');
  });

  it.each([
    ['its maker fee, where it never takes', 'give-up', 0.0002, 0.0022],
    ['what a taker pays, where it may end as one', 'taker', 0.002, 0.004],
  ] as const)('is expected to cost %s', async (_name, afterTimeout, entryCost, roundTripCost) => {
    const simulation = { makerFeeBps: 2, takerFeeBps: 10, spreadBps: 20, slippageBps: 0 };
    const execution = { entry: 'maker-first', afterTimeout } as const;
    const scene = await entering({ settings: { simulation, execution } });
    const gate = scene.told.decisions[0]?.verdicts.find(({ layer }) => layer === 'cost-gate');
    expect(gate?.numbers['entryCost']).toBeCloseTo(entryCost, 12);
    expect(gate?.numbers['roundTripCost']).toBeCloseTo(roundTripCost, 12);
    expect(gate?.numbers['markPrice']).toBe(1_000);
  });

  it('takes what is left when its time is up', async () => {
    const scene = await entering();
    await scene.minute(1_000, 1_000);
    await scene.minute(1_000, 1_000);
    await scene.minute(1_000, 1_000);
    expect(scene.told.fills.map(({ liquidity }) => liquidity)).toEqual(['taker']);
    expect(scene.entries()).toEqual(['999 EXPIRED makes', '1002 FILLED takes']);
  });

  it.each([
    ['pauses', 'paused'],
    ['is near its stop', 'stop'],
    ['goes beyond the drift that is allowed', 'drift'],
    ['stops', 'latch'],
    ['trips its breaker', 'breaker'],
  ] as const)('ends when trading %s', async (_name, why) => {
    let latched = false;
    const killSwitch = {
      mayLeave: () => ({ allowed: true }) as const,
      state: () => (latched ? { at: 1, reason: 'test', by: 'test', from: 'unknown' as const } : undefined),
    };
    const scene = await entering(
      { killSwitch, settings: { safety: { minHoldBars: 1, maxDailyLoss: why === 'breaker' ? 0.001 : 0.9 } } },
      { bandBps: 1_000 },
    );
    if (why === 'paused') scene.now.paused = 'the trader paused';
    latched = why === 'latch';
    if (why === 'breaker') scene.engine.breaker.observeEquity(scene.clock.now(), 9_000);
    // The volume lets a tenth of it through.
    const prices = { stop: 985, drift: 1_010, paused: 1_000, latch: 1_000, breaker: 1_000 };
    await scene.minute(prices[why], 1_100, 0);
    expect(scene.working(BTC).filter((line) => line.startsWith('entry'))).toEqual([]);
    expect(scene.engine.desk.isMakingEntry(BTC)).toBe(false);
    await scene.minute(1_000, 1_000, 0);
    expect(scene.entries()).toEqual(['999 CANCELED makes']);
    expect(scene.engine.theses.symbols()).toEqual([]);
  });

  it.each([
    ['a limit that it would break is tightened', { maxSymbolExposure: 0.01 }, []],
    ['a limit that it keeps is tightened', { maxPositions: 4 }, ['999 OPEN makes']],
    ['a limit is loosened', { maxSymbolExposure: 0.5 }, ['999 OPEN makes']],
  ])('rests no longer than it may when %s', async (_name, changed, rests) => {
    const scene = await entering();
    const { engine } = scene;
    expect(scene.entries()).toEqual(['999 OPEN makes']);
    engine.changeLimits({ ...engine.limits.settings, ...changed });
    await engine.desk.orders.idle();
    expect(scene.entries().filter((line) => line.includes('OPEN'))).toEqual(rests);
    expect(await scene.venue.openOrders()).toHaveLength(rests.length);
    expect(engine.desk.isMakingEntry(BTC)).toBe(rests.length > 0);
  });

  it('that the venue did not let rest goes on, and the next bar finds it under way', async () => {
    const scene = await engineScene({
      patience: 'prompt',
      settings: { execution: { entry: 'maker-first', timeoutMs: 3_600_000, repriceMs: 600_000 } },
    });
    scene.exchange.fail('submit', 'before', 'rejected');
    scene.voters.says.set(BTC, 'BUY');
    await scene.bar(BTC, 1_000);
    expect(scene.outcomes(BTC)).toEqual(['traded entry']);
    expect(scene.engine.theses.symbols()).toEqual([]);
    await scene.close(BTC, 1_000);
    expect(scene.outcomes(BTC).at(-1)).toBe('held entry-pending');
  });

  it('that may not leave is blocked and leaves no thesis', async () => {
    const gate = { allowed: false, code: 'kill-switch', message: 'engaged' } as const;
    const scene = await entering({ killSwitch: { mayLeave: () => gate, state: () => undefined } });
    expect(scene.outcomes(BTC)).toEqual(['blocked kill-switch']);
    expect(scene.engine.theses.symbols()).toEqual([]);
  });

  it('is taken back when the program ends', async () => {
    const scene = await entering();
    await scene.engine.close();
    expect(await scene.venue.openOrders()).toEqual([]);
  });

  it('counts as one entry for the throttle after a restart, however many orders it had', async () => {
    const scene = await entering();
    await scene.minute(1_001, 1_001);
    expect(scene.entries()).toHaveLength(2);
    await scene.engine.close();
    const again = await engineScene({
      patience: 'prompt',
      ledger: scene.ledger,
      // Its first bar closes a minute from now.
      start: scene.clock.now() - HOUR + MINUTE,
      settings: { safety: { maxEntriesPerHour: 2 } },
    });
    again.voters.says.set(BTC, 'BUY');
    await again.bar(BTC, 1_000);
    expect(again.outcomes(BTC)).toEqual(['traded entry']);
  });
});
