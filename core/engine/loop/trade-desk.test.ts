import { describe, expect, it } from 'vitest';
import { baseAmount, price, refOf, type TradingCosts } from '../../domain/index.ts';
import { BTC, ETH, engineScene } from '../testing/engine-scene.ts';
import { withinLimitsAtSending } from './entry-at-sending.ts';

const HOUR = 3_600_000;

describe('an entry', () => {
  it('expires when the next bar closes; what reduces does not', async () => {
    const scene = await engineScene({ patience: 'prompt' });
    scene.voters.says.set(BTC, 'BUY');
    await scene.bar(BTC, 1_000);
    const [entry] = scene.engine.orders.unfinished(BTC);
    expect(entry).toMatchObject({ purpose: 'entry', expiresAt: scene.start + 2 * HOUR });
    await scene.bar(BTC, 1_000);
    scene.voters.says.set(BTC, 'SELL');
    await scene.bar(BTC, 1_000);
    const [exit] = scene.engine.orders.unfinished(BTC);
    expect(exit).toMatchObject({ purpose: 'exit', expiresAt: null });
  });

  it('is remembered by its order, with the strategy and the stop that belong to it', async () => {
    const scene = await engineScene({ patience: 'prompt' });
    scene.voters.says.set(BTC, 'BUY');
    await scene.bar(BTC, 1_000);
    const [entry] = scene.engine.orders.unfinished(BTC);
    if (entry === undefined) throw new TypeError('nothing was entered');
    const record = scene.engine.theses.ofOrder(entry.clientOrderId);
    expect(record).toMatchObject({
      symbol: BTC,
      strategyId: 'ensemble',
      endedAt: null,
      decisionId: entry.decisionId,
    });
    expect(scene.engine.theses.of(BTC)).toEqual(record);
  });

  it('that is refused leaves the first one’s thesis alone, and its fill finds its stop', async () => {
    const scene = await engineScene({ patience: 'prompt' });
    const { orders, theses } = scene.engine;
    scene.voters.says.set(BTC, 'BUY');
    await scene.bar(BTC, 1_000);
    const [first] = orders.unfinished(BTC);
    if (first === undefined) throw new TypeError('nothing was entered');
    // Its venue says that it has filled, and has not told of any fill yet: the symbol is frozen.
    const { place, unfinished } = orders;
    const message = 'its fills are not known yet';
    orders.place = async () => ({ outcome: 'refused', code: 'symbol-frozen', message, order: null });
    orders.unfinished = () => [];
    void scene.close(BTC, 1_000);
    await scene.time.pass(0);
    orders.place = place;
    orders.unfinished = unfinished;
    expect(scene.outcomes(BTC)).toEqual(['traded entry', 'blocked symbol-frozen']);
    expect(theses.of(BTC)?.entryOrderId).toBe(first.clientOrderId);
    scene.voters.says.set(BTC, 'HOLD');
    await scene.step(BTC, 1_000);
    expect(scene.told.fills.map(({ purpose }) => purpose)).toEqual(['entry']);
    expect(scene.engine.protectionOf(BTC).protection).toBe('venue');
    expect(scene.engine.protectionOf(BTC).stopPrice?.toFixed()).toBe(theses.stopPrice(BTC)?.toFixed());
  });

  it('is asked about once more at the price of sending', async () => {
    const entry = {
      symbol: BTC,
      quote: 'USDT',
      side: 'buy',
      stopPrice: price(990),
      decisionPrice: price(1_000),
      atr: 5,
    } as const;
    const scene = await engineScene();
    const { portfolio } = scene.engine;
    const account = {
      equity: portfolio.equity(),
      cash: portfolio.cash,
      exposures: new Map(),
      openPositions: 0,
    };
    const amount = baseAmount(3);
    const asked = (at: number) =>
      withinLimitsAtSending({ ...entry, amount }, account, price(at), scene.settings.safety);
    expect(asked(1_000)).toMatchObject({ allowed: true, layer: 'position-limits' });
    expect(asked(1_001)).toMatchObject({
      allowed: false,
      code: 'price-moved',
      message: 'at 1001 the order is worth 3003.00 USDT, and only 3000.00 fit under the limits',
      numbers: { notional: 3_003, room: 3_000 },
    });
  });

  it('is judged by what the venue charges at that moment', async () => {
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
    expect(scene.outcomes(BTC)).toEqual(['blocked cost-gate:too-costly']);
    expect(scene.voters.briefs[0]?.roundTripCost).toBeCloseTo(0.1, 9);
  });

  it('is not made in a symbol that the venue does not list any more; what is held is closed', async () => {
    const scene = await engineScene({ patience: 'prompt' });
    scene.voters.says.set(ETH, 'BUY');
    await scene.bar(ETH, 1_000);
    await scene.bar(ETH, 1_000);
    const { instrument } = scene.venue;
    scene.venue.instrument = (symbol) =>
      symbol === BTC ? (undefined as never) : instrument.call(scene.venue, symbol);
    scene.voters.says.set(BTC, 'BUY');
    await scene.bar(BTC, 1_000);
    expect(scene.told.decisions.at(-1)).toMatchObject({
      outcome: 'blocked',
      reasonCode: 'not-tradable',
      reason: 'simulated does not list BTC/USDT: it is only closed out',
    });
    expect(scene.engine.notTradable(ETH)).toBeNull();
  });
});

describe('an exit', () => {
  it('first withdraws what is left of the entry', async () => {
    const scene = await engineScene({
      patience: 'prompt',
      settings: { simulation: { maxVolumeShare: 0.1, latencyMs: 0 } },
    });
    scene.voters.says.set(BTC, 'BUY');
    await scene.bar(BTC, 1_000);
    // A tenth of the volume: one of three coins.
    await scene.bar(BTC, 1_000, { volume: 10 });
    const [rest] = scene.engine.orders.unfinished(BTC).filter(({ purpose }) => purpose === 'entry');
    expect(rest?.filledAmount.toNumber()).toBe(1);
    scene.voters.says.set(BTC, 'SELL');
    await scene.bar(BTC, 1_000, { volume: 0 });
    expect(scene.outcomes(BTC).at(-1)).toBe('traded opposite-consensus');
    expect(rest && scene.engine.orders.order(rest.clientOrderId)?.status).toBe('CANCELED');
    await scene.bar(BTC, 1_000);
    expect(scene.engine.portfolio.positions()).toEqual([]);
    expect(scene.engine.orders.unfinished(BTC)).toEqual([]);
    expect(scene.engine.theses.of(BTC)).toBeNull();
  });
});

describe('the thesis of an entry that fills in parts', () => {
  it('lives as long as the rest of the order can, whatever closed the first part', async () => {
    const scene = await engineScene({
      patience: 'prompt',
      settings: { simulation: { maxVolumeShare: 0.1, latencyMs: 0 } },
    });
    scene.voters.says.set(BTC, 'BUY');
    await scene.bar(BTC, 1_000);
    scene.voters.says.set(BTC, 'HOLD');
    await scene.bar(BTC, 1_000, { volume: 5 });
    const stop = scene.engine.theses.stopPrice(BTC);
    await scene.step(BTC, 950, { open: 990, low: 940, volume: 5 });
    expect(scene.told.fills.map(({ purpose }) => purpose)).toContain('protection');
    expect(scene.engine.orders.unfinished(BTC).some(({ purpose }) => purpose === 'entry')).toBe(true);
    expect(scene.engine.theses.stopPrice(BTC)?.toFixed()).toBe(stop?.toFixed());
  });

  it('comes back with the stop when an order fills that was thought to have come to nothing', async () => {
    const scene = await engineScene({ patience: 'prompt' });
    scene.voters.says.set(BTC, 'BUY');
    await scene.bar(BTC, 1_000);
    scene.voters.says.set(BTC, 'HOLD');
    scene.engine.theses.settle(BTC, { open: false, entriesAlive: false });
    expect(scene.engine.theses.of(BTC)).toBeNull();
    await scene.step(BTC, 1_000);
    expect(scene.engine.protectionOf(BTC).protection).toBe('venue');
    expect(scene.engine.theses.of(BTC)?.thesis).toBe('because the test says BUY');
  });

  it('ends with an order that came to nothing, and not before', async () => {
    const scene = await engineScene({ patience: 'prompt' });
    scene.voters.says.set(BTC, 'BUY');
    await scene.bar(BTC, 1_000);
    const [entry] = scene.engine.orders.unfinished(BTC);
    if (entry === undefined) throw new TypeError('nothing was entered');
    expect(refOf(entry).symbol).toBe(BTC);
    expect(scene.engine.theses.symbols()).toEqual([BTC]);
    await scene.engine.orders.cancel(entry.clientOrderId);
    expect(scene.engine.theses.symbols()).toEqual([]);
    expect(scene.engine.theses.ofOrder(entry.clientOrderId)?.endedAt).toBe(scene.clock.now());
  });
});
