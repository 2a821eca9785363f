import { describe, expect, it } from 'vitest';
import type { Order, TradingCosts } from '../../domain/index.ts';
import { BTC, ETH, engineScene } from '../testing/engine-scene.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;

type Scene = Awaited<ReturnType<typeof engineScene>>;

/** The entry of the symbol that has not ended. */
function entryOf({ engine }: Scene): Order {
  const entry = engine.desk.orders.unfinished(BTC).find(({ purpose }) => purpose === 'entry');
  if (entry === undefined) throw new TypeError('nothing was entered');
  return entry;
}

/** Voters who want to buy, and the bar on which they do. */
async function entering(options: Parameters<typeof engineScene>[0] = {}): Promise<Scene> {
  const scene = await engineScene({ patience: 'prompt', ...options });
  scene.voters.says.set(BTC, 'BUY');
  await scene.bar(BTC, 1_000);
  return scene;
}

/** An order takes part in a tenth of a step's volume. */
const THIN = { simulation: { maxVolumeShare: 0.1, latencyMs: 0 } };

describe('an entry', () => {
  it('expires when the next bar closes; what reduces does not', async () => {
    const scene = await entering();
    expect(entryOf(scene).expiresAt).toBe(scene.start + 2 * HOUR);
    await scene.bar(BTC, 1_000);
    scene.voters.says.set(BTC, 'SELL');
    await scene.bar(BTC, 1_000);
    const [exit] = scene.engine.desk.orders.unfinished(BTC);
    expect(exit).toMatchObject({ purpose: 'exit', expiresAt: null });
  });

  it('is remembered by its order, with the stop that belongs to it and the strategy that voted for it', async () => {
    const scene = await entering({ settings: { strategy: { id: 'rules' } } });
    const { clientOrderId, decisionId } = entryOf(scene);
    const record = scene.engine.theses.ofOrder(clientOrderId);
    // The settings name another strategy than the line-up in use.
    expect(record).toMatchObject({ symbol: BTC, strategyId: 'ensemble', endedAt: null, decisionId });
    expect(scene.engine.theses.of(BTC)).toEqual(record);
  });

  it('that the venue rejects leaves no thesis', async () => {
    const scene = await engineScene({ patience: 'prompt' });
    scene.exchange.fail('submit', 'before', 'rejected');
    scene.voters.says.set(BTC, 'BUY');
    await scene.bar(BTC, 1_000);
    expect(scene.outcomes(BTC)).toEqual(['blocked venue-rejected']);
    expect(scene.engine.theses.symbols()).toEqual([]);
    await scene.bar(BTC, 1_000);
    expect(scene.outcomes(BTC).at(-1)).toBe('traded entry');
    expect(scene.engine.theses.symbols()).toEqual([BTC]);
  });

  it('that is refused here leaves none either', async () => {
    const scene = await engineScene({ patience: 'prompt' });
    scene.engine.desk.orders.inquiry.doubt(BTC, 'the test says so');
    scene.voters.says.set(BTC, 'BUY');
    await scene.bar(BTC, 1_000);
    expect(scene.outcomes(BTC)).toEqual(['blocked symbol-frozen']);
    expect(scene.engine.theses.symbols()).toEqual([]);
  });

  it('is not sent at a price that has run away from the one it was decided at', async () => {
    const scene = await engineScene();
    scene.voters.says.set(BTC, 'BUY');
    scene.voters.thinksMs.set(BTC, MINUTE);
    await scene.bar(BTC, 1_000);
    await scene.step(BTC, 1_010, { open: 1_000 }, MINUTE);
    await scene.time.pass(MINUTE);
    expect(scene.outcomes(BTC)).toEqual(['blocked position-limits:price-moved']);
    expect(scene.working(BTC)).toEqual([]);
    const verdict = scene.told.decisions[0]?.verdicts.at(-1);
    expect(verdict?.message).toMatch(
      /^the price has moved from 1000 to 1010 since the decision, \d\.\d+ average true ranges, 0\.5 are allowed$/,
    );
  });

  it('V15 is judged by what the venue charges at that moment', async () => {
    const scene = await engineScene({ patience: 'prompt' });
    const dear: TradingCosts = {
      makerFeeBps: 500,
      takerFeeBps: 500,
      spreadBps: 0,
      slippageBps: 0,
      source: 'venue',
    };
    scene.venue.costs = () => dear;
    scene.voters.says.set(BTC, 'BUY');
    await scene.bar(BTC, 1_000);
    const gate = scene.told.decisions[0]?.verdicts.find(({ layer }) => layer === 'cost-gate');
    expect(gate).toMatchObject({ allowed: true, code: 'no-expectation' });
    expect(gate?.numbers['roundTripCost']).toBeCloseTo(0.1, 9);
    expect(scene.voters.briefs[0]?.roundTripCost).toBeCloseTo(0.1, 9);
  });

  it.each([
    ['with real money', { settings: { mode: 'live' }, drive: null }, false],
    ['on paper', { settings: { mode: 'paper' }, drive: null }, true],
    ['in a backtest of settings for real money', { settings: { mode: 'live' } }, true],
  ] as const)('of which nobody has measured what to expect, %s', async (_where, given, passes) => {
    const scene = await engineScene({ patience: 'prompt', ...given });
    scene.voters.says.set(BTC, 'BUY');
    await scene.bar(BTC, 1_000);
    await scene.time.pass(MINUTE);
    const [decision] = scene.told.decisions;
    expect(decision?.verdicts.find(({ layer }) => layer === 'cost-gate')).toMatchObject({
      allowed: passes,
      code: 'no-expectation',
    });
    if (!passes) expect(scene.outcomes(BTC)).toEqual(['blocked cost-gate:no-expectation']);
  });

  it.each([
    [
      'delisted',
      'BTC/USDT is delisted at simulated: it is only closed out, or was never listed: check its name in the settings',
    ],
    ['halted', 'BTC/USDT is halted at simulated: it is only closed out'],
  ] as const)('is not made in a symbol that is %s; others go on', async (status, reason) => {
    const scene = await engineScene({ patience: 'prompt' });
    const instrument = scene.venue.instrument.bind(scene.venue);
    scene.venue.instrument = (symbol) => {
      const listed = instrument(symbol);
      if (symbol !== BTC) return listed;
      return status === 'halted' && listed !== undefined ? { ...listed, status } : undefined;
    };
    for (const symbol of [BTC, ETH]) scene.voters.says.set(symbol, 'BUY');
    await scene.bar(BTC, 1_000);
    await scene.bar(ETH, 1_000);
    expect(scene.told.decisions).toMatchObject([
      { symbol: BTC, outcome: 'blocked', reasonCode: 'not-tradable', reason },
      { symbol: ETH, outcome: 'traded' },
    ]);
    expect(scene.engine.notTradable(ETH)).toBeNull();
  });
});

describe('an exit', () => {
  it('first withdraws what is left of the entry', async () => {
    const scene = await entering({ settings: THIN });
    // A tenth of the volume: one of three coins.
    await scene.step(BTC, 1_000, { volume: 10 }, HOUR - 1);
    const rest = entryOf(scene);
    expect(rest.filledAmount.toNumber()).toBe(1);
    scene.voters.says.set(BTC, 'SELL');
    await scene.close(BTC, 1_000);
    expect(scene.outcomes(BTC).at(-1)).toBe('traded opposite-consensus');
    expect(scene.engine.desk.orders.order(rest.clientOrderId)?.status).toBe('CANCELED');
    await scene.bar(BTC, 1_000);
    expect(scene.engine.portfolio.positions()).toEqual([]);
    expect(scene.working(BTC)).toEqual([]);
    expect(scene.engine.theses.of(BTC)).toBeNull();
  });
});

describe('the thesis of an entry that fills in parts', () => {
  it('lives as long as the rest of the order can, whatever closed the first part', async () => {
    const scene = await entering({ settings: THIN });
    scene.voters.says.set(BTC, 'HOLD');
    await scene.step(BTC, 1_000, { volume: 5 }, MINUTE);
    const { clientOrderId } = entryOf(scene);
    const stop = scene.engine.theses.stopPrice(BTC);
    // The rest is to be taken back with the stop’s fill, and the venue does not answer to that.
    scene.exchange.fail('cancel', 'before', 'unavailable');
    await scene.step(BTC, 950, { openTime: scene.clock.now(), open: 990, low: 940, volume: 5 }, MINUTE);
    expect(scene.told.fills.at(-1)?.purpose).toBe('protection');
    expect(entryOf(scene).clientOrderId).toBe(clientOrderId);
    expect(scene.engine.theses.stopPrice(BTC)?.toFixed()).toBe(stop?.toFixed());
    await scene.time.pass(MINUTE);
    expect(scene.engine.desk.orders.order(clientOrderId)?.status).toBe('CANCELED');
    expect(scene.engine.portfolio.positions()).toEqual([]);
    expect(scene.engine.theses.of(BTC)).toBeNull();
  });

  it('comes back with the stop when an order fills that was thought to have come to nothing', async () => {
    const scene = await engineScene({ patience: 'prompt' });
    scene.voters.says.set(BTC, 'BUY');
    await scene.bar(BTC, 1_000);
    scene.voters.says.set(BTC, 'HOLD');
    scene.engine.theses.settle(BTC, { open: false, entriesAlive: false });
    expect(scene.engine.theses.of(BTC)).toBeNull();
    await scene.step(BTC, 1_000);
    expect(scene.engine.desk.protectionOf(BTC).protection).toBe('venue');
    expect(scene.engine.theses.of(BTC)?.thesis).toBe('because the test says BUY');
  });

  it('ends with an order that came to nothing, and not before', async () => {
    const scene = await entering();
    const { clientOrderId } = entryOf(scene);
    expect(scene.engine.theses.symbols()).toEqual([BTC]);
    await scene.engine.desk.orders.cancel(clientOrderId);
    expect(scene.engine.theses.symbols()).toEqual([]);
    expect(scene.engine.theses.ofOrder(clientOrderId)?.endedAt).toBe(scene.clock.now());
  });
});
