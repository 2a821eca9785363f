import { describe, expect, it } from 'vitest';
import { float } from '../../domain/index.ts';
import { BTC, ETH, engineScene, type SceneOptions } from '../testing/engine-scene.ts';
import { decisionView } from '../views/domain-views.ts';

const DAY_BARS = 24;
const LIMITS = { maxStrategyExposure: 0.9, maxGroupExposure: 0.9, maxOpenRisk: 0.2 };

/** An engine in which trend decides, with warm-up to a midnight: a quiet market about 1,000. */
async function scene(options: SceneOptions = {}) {
  const { settings, ...rest } = options;
  const engine = await engineScene({
    symbols: [BTC, ETH],
    start: 40 * DAY_BARS * 3_600_000,
    ...rest,
    settings: { ...settings, safety: { ...LIMITS, ...settings?.safety } },
  });
  engine.now.strategy = 'trend';
  /** A whole day at a price of each symbol, hour by hour. */
  const day = async (prices: Readonly<Record<string, number>>): Promise<void> => {
    for (let hour = 0; hour < DAY_BARS; hour += 1) {
      for (const [symbol, at] of Object.entries(prices)) await engine.step(symbol, at);
      for (const [symbol, at] of Object.entries(prices)) await engine.close(symbol, at);
    }
  };
  const share = (symbol: string): number => {
    const { portfolio } = engine.engine;
    return float(portfolio.exposures().get(symbol) ?? portfolio.capital.times(0)) / portfolio.equityFloat();
  };
  const last = (symbol: string) => engine.told.decisions.findLast((decision) => decision.symbol === symbol);
  return { ...engine, day, share, last };
}

/** Stops of a symbol add up to what is held of it. */
function isProtected({ engine, exchange }: Awaited<ReturnType<typeof scene>>, symbol: string): boolean {
  const held = engine.portfolio.position(symbol).quantity;
  const stops = engine.desk.orders.unfinished(symbol).filter(({ type }) => type === 'stop');
  const covered = stops.reduce((sum, { amount }) => sum + float(amount), 0);
  return exchange !== undefined && Math.abs(covered - float(held)) < 1e-9;
}

describe('what was foretold of volatility', () => {
  const at = (hours: number, sigma: number) => {
    return { hours, sigma, spread: 0.7, low80: -sigma, high80: sigma, low95: -2 * sigma, high95: 2 * sigma };
  };
  const storm = (openTime: number) => {
    const own = { setId: 'a-set', at: openTime, day: at(24, 0.05), week: at(168, 0.12), past: 300 };
    return { ...own, ahead: 'storm' as const, above: 0.95, roughness: 2 };
  };
  const settings = { simulation: { spreadBps: 4, slippageBps: 3, takerFeeBps: 10 } };

  it('is in the record of the bar that it was foretold before, with the odds of the stop and a warning', async () => {
    const asked: number[] = [];
    const outlooks = (symbol: string, openTime: number) => {
      if (symbol === BTC) asked.push(openTime);
      return symbol === BTC ? storm(openTime) : null;
    };
    const test = await scene({ settings, outlooks });
    await test.day({ [BTC]: 1_050, [ETH]: 1_050 });
    const decision = test.last(BTC);
    expect(asked.at(-1)).toBe(decision?.barOpenTime);
    expect(decision?.reasonCode).toBe('entry');
    expect(decision?.outlook).toMatchObject({
      setId: 'a-set',
      at: decision?.barOpenTime,
      stop: { price: decision?.proposal?.numbers['stopPrice'] },
      warning: expect.stringContaining('BUY into a storm'),
    });
    expect(test.last(ETH)?.outlook).toBeUndefined();
  });

  it('is what the cost gate takes spread and slippage by, and an entry is expected to cost', async () => {
    const gate = async (outlooks: SceneOptions['outlooks']) => {
      const test = await scene({ settings, ...(outlooks === undefined ? {} : { outlooks }) });
      await test.day({ [BTC]: 1_050, [ETH]: 900 });
      await test.step(BTC, 1_050);
      const verdict = test.last(BTC)?.verdicts.find(({ layer }) => layer === 'cost-gate');
      return { verdict, expected: test.told.fills[0]?.expected?.cost };
    };
    const asSet = await gate(undefined);
    const rough = await gate((_, openTime) => storm(openTime));
    const unknown = await gate((_, openTime) => ({ ...storm(openTime), roughness: null }));
    // A taker's 10, half the spread of 4, and 3 of slippage, twice; then the last two doubled.
    expect(asSet.verdict?.numbers['roundTripCost']).toBeCloseTo(0.003, 12);
    expect(rough.verdict?.numbers['roundTripCost']).toBeCloseTo(0.004, 12);
    expect(rough.expected).toBeCloseTo(0.002, 12);
    expect(unknown.verdict).toEqual(asSet.verdict);
  });
});

describe('a strategy that proposes', () => {
  it('decides once a day, on all symbols, and says at other bars when', async () => {
    const test = await scene();
    await test.day({ [BTC]: 1_050, [ETH]: 1_050 });
    const codes = test.told.decisions.map(({ reasonCode }) => reasonCode);
    expect(codes.filter((code) => code !== 'not-its-time')).toEqual(['entry', 'entry']);
    expect(test.told.decisions[0]).toMatchObject({
      action: 'HOLD',
      votes: [],
      reason: 'trend decides daily at 00:00 UTC, next in 23 h',
    });
  });

  it('buys its share, with its reason, its votes without weight, and a stop below the fill', async () => {
    const test = await scene();
    await test.day({ [BTC]: 1_050, [ETH]: 900 });
    const decision = test.last(BTC);
    expect(decision).toMatchObject({ action: 'BUY', outcome: 'traded', reasonCode: 'entry' });
    expect(decision?.consensus).toMatchObject({
      reason: { code: 'proposal-stands' },
      weights: { bull: 0, bear: 0, ensemble: 0 },
    });
    expect(decision?.votes).toHaveLength(2);
    expect(decision?.verdicts.every(({ allowed }) => allowed)).toBe(true);
    expect(decision?.reason).toContain('3 of 3 look-backs');
    expect(test.last(ETH)).toMatchObject({ action: 'HOLD', outcome: 'held', reasonCode: 'nothing-to-hold' });
    expect(decision === undefined ? null : decisionView(decision)).toMatchObject({
      proposedBy: 'trend',
      proposal: { heldShare: 0, numbers: { signal: 1 } },
      judgement: 'no voter has a weight: nobody has earned one yet',
      votes: [{ weight: 0 }, { weight: 0 }],
    });
    // It fills at another price than it was decided at: the stop is measured from the fill.
    await test.step(BTC, 1_070, { open: 1_060, low: 1_055 });
    const [fill] = test.told.fills;
    const stopShare = 1 - (decision?.proposal?.numbers['stopPrice'] ?? 0) / 1_050;
    const [stop] = test.engine.desk.orders.unfinished(BTC).filter(({ type }) => type === 'stop');
    expect(fill === undefined ? null : float(fill.price)).toBe(1_060);
    expect(float(stop?.stopPrice ?? test.engine.portfolio.capital)).toBeCloseTo(1_060 * (1 - stopShare), 1);
    expect(isProtected(test, BTC)).toBe(true);
    expect(test.share(BTC)).toBeCloseTo(decision?.proposal?.allowedShare ?? 0, 1);
  });

  it('adds to a position and lowers it, and the stop keeps its place and follows the amount', async () => {
    const test = await scene({ settings: { safety: { maxSymbolExposure: 0.5 } } });
    await test.day({ [BTC]: 1_200, [ETH]: 1_000 });
    await test.step(BTC, 1_200);
    const stopAt = (): string | undefined =>
      test.engine.desk.orders
        .unfinished(BTC)
        .find(({ type }) => type === 'stop')
        ?.stopPrice?.toFixed();
    const [first, stop] = [test.share(BTC), stopAt()];
    // The jump leaves the volatility from day to day: the share grows.
    for (let days = 0; days < 10; days += 1) {
      await test.day({ [BTC]: 1_200 + days, [ETH]: 1_000 });
      expect(isProtected(test, BTC)).toBe(true);
    }
    expect(test.share(BTC)).toBeGreaterThan(first + 0.05);
    expect(stopAt()).toBe(stop);
    // Below 7 days ago, above 14 and 28 days ago: a third of the signal is left.
    await test.day({ [BTC]: 1_190, [ETH]: 1_000 });
    expect(test.last(BTC)).toMatchObject({ action: 'SELL', outcome: 'traded', reasonCode: 'target-lower' });
    await test.step(BTC, 1_190);
    expect(test.share(BTC)).toBeCloseTo(test.last(BTC)?.proposal?.allowedShare ?? 0, 2);
    expect(isProtected(test, BTC)).toBe(true);
    expect(stopAt()).toBe(stop);
    expect(test.engine.portfolio.roundTrips.filter(({ symbol }) => symbol === BTC)).toEqual([]);
  });

  it('is cut to a limit that was tightened since the start', async () => {
    const test = await scene();
    const { limits, changeLimits } = test.engine;
    changeLimits({ ...limits.settings, maxSymbolExposure: 0.05 });
    await test.day({ [BTC]: 1_050, [ETH]: 1_000 });
    expect(test.last(BTC)?.proposal?.allowedShare).toBeLessThanOrEqual(0.05);
  });

  it('leaves when the trend is over, also where the position is younger than a voted one must be', async () => {
    const test = await scene({ settings: { safety: { minHoldBars: 1_000 } } });
    await test.day({ [BTC]: 1_050, [ETH]: 1_000 });
    await test.day({ [BTC]: 980, [ETH]: 1_000 });
    expect(test.last(BTC)).toMatchObject({ action: 'SELL', reasonCode: 'target-flat' });
    await test.step(BTC, 980);
    expect(test.engine.portfolio.positions()).toEqual([]);
    expect(test.working(BTC)).toEqual([]);
  });

  it('enters again at the next decision after a stop, whatever the wait of voted entries', async () => {
    const test = await scene({ settings: { safety: { reentryWaitBars: 1_000 } } });
    await test.day({ [BTC]: 1_050, [ETH]: 1_000 });
    await test.step(BTC, 1_050, { low: 700 });
    expect(test.engine.portfolio.roundTrips).toHaveLength(1);
    await test.close(BTC, 1_050);
    await test.close(ETH, 1_000);
    for (let hour = 1; hour < DAY_BARS; hour += 1) {
      await test.bar(BTC, 1_050);
      await test.bar(ETH, 1_000);
    }
    await test.step(BTC, 1_050);
    expect(test.engine.portfolio.positions()).toHaveLength(1);
    expect(isProtected(test, BTC)).toBe(true);
  });

  it('is cut by the limits first: at the limit nothing is traded any more', async () => {
    const test = await scene({ settings: { safety: { maxSymbolExposure: 0.08 } } });
    await test.day({ [BTC]: 1_050, [ETH]: 1_000 });
    await test.day({ [BTC]: 1_051, [ETH]: 1_000 });
    expect(test.last(BTC)).toMatchObject({ reasonCode: 'at-target', proposal: { allowedShare: 0.08 } });
    expect(test.share(BTC)).toBeCloseTo(0.08, 2);
  });

  it('sells what it may hold no more of while it is paused, and buys nothing', async () => {
    const test = await scene();
    await test.day({ [BTC]: 1_050, [ETH]: 900 });
    test.now.paused = 'the trader wants it so';
    await test.day({ [BTC]: 980, [ETH]: 1_100 });
    expect(test.last(BTC)).toMatchObject({ outcome: 'traded', reasonCode: 'target-flat' });
    expect(test.last(ETH)).toMatchObject({ outcome: 'blocked', reasonCode: 'paused' });
  });

  it('wants nothing of a symbol that is not among the chosen', async () => {
    const test = await scene({ chosen: [ETH] });
    await test.day({ [BTC]: 1_050, [ETH]: 1_050 });
    expect(test.last(BTC)).toMatchObject({ action: 'HOLD', reasonCode: 'nothing-to-hold' });
    // The only one chosen has all of the equity for its share.
    expect(test.last(ETH)?.proposal?.targetShare).toBeGreaterThan(0.3);
  });

  it('counts a symbol that has no price yet, and does not wait for it', async () => {
    const symbols = [BTC, ETH, 'SOL/USDT'];
    const test = await scene({ chosen: symbols, symbols });
    await test.day({ [BTC]: 1_050, [ETH]: 1_000 });
    expect(test.last(BTC)?.reasonCode).toBe('not-its-time');
    // Any event of another time ends the moment.
    await test.step(BTC, 1_050);
    expect(test.last(BTC)).toMatchObject({ reasonCode: 'entry', proposal: { numbers: { signal: 1 } } });
    expect(test.last(BTC)?.proposal?.targetShare).toBeLessThan(1 / 3 + 1e-9);
  });

  it('has what is sold make room for what is bought', async () => {
    const safety = { maxSymbolExposure: 0.3, maxStrategyExposure: 0.35, maxGroupExposure: 1 };
    const test = await scene({ settings: { safety } });
    await test.day({ [BTC]: 900, [ETH]: 1_050 });
    // What is bought comes first in the order of symbols, and the strategy's limit has no room beside what is sold.
    await test.day({ [BTC]: 1_100, [ETH]: 980 });
    expect(test.last(ETH)).toMatchObject({ reasonCode: 'target-flat' });
    expect(test.last(BTC)).toMatchObject({ reasonCode: 'entry' });
    expect(test.last(BTC)?.proposal?.allowedShare).toBeGreaterThan(0.1);
  });
});
