import { describe, expect, it } from 'vitest';
import type { Action } from '../../contract/index.ts';
import type { Candle, Decision } from '../../domain/index.ts';
import { candle, engineScene, BTC as SYMBOL } from '../testing/engine-scene.ts';
import { decisionView } from '../views/domain-views.ts';

/** One symbol, and voters that answer at once. */
async function warmEngine(symbol = SYMBOL) {
  const scene = await engineScene({ symbols: [symbol], patience: 'prompt' });
  const { engine, voters, told, decisions, now } = scene;

  /** One bar: its piece, then its close and the decision on it. */
  async function bar(close: number, says: Action = 'HOLD', shape: Partial<Candle> = {}): Promise<Decision> {
    voters.says.set(symbol, says);
    await scene.bar(symbol, close, shape);
    const [decision] = decisions.list({ limit: 1 });
    if (decision === undefined) throw new Error('the bar left no decision');
    return decision;
  }
  return { engine, voters, fills: told.fills, gaps: told.gaps, decisions, now, bar, start: scene.start };
}

describe('the trading loop', () => {
  it('leaves one decision for every closed bar, with its reason', async () => {
    const desk = await warmEngine();
    const decision = await desk.bar(1_000);
    expect(decision).toMatchObject({ outcome: 'held', reasonCode: 'unanimous-hold', action: 'HOLD' });
    expect(decision.features).toEqual({ rsi_14: expect.any(Number), no_such_feature: null });
    await desk.bar(1_001);
    expect(desk.decisions.list({ limit: 10 })).toHaveLength(2);
  });

  it('enters at the open after the decision, and protects the position before that bar goes on', async () => {
    const desk = await warmEngine();
    const decision = await desk.bar(1_000, 'BUY');
    expect(decision).toMatchObject({ outcome: 'traded', reasonCode: 'entry' });
    expect(decision.verdicts.map(({ layer }) => layer)).toEqual([
      'kill-switch',
      'circuit-breaker',
      'data-health',
      'position-limits',
      'cost-gate',
      'churn-throttle',
    ]);
    expect(desk.fills).toEqual([]);
    await desk.bar(1_003, 'HOLD', { open: 1_002 });
    expect(desk.fills.map(({ price }) => price.toFixed())).toEqual(['1002']);
    expect(desk.engine.desk.protectionOf(SYMBOL).protection).toBe('venue');
    expect(desk.engine.theses.of(SYMBOL)?.thesis).toBe('because the test says BUY');
  });

  it('is stopped out within the very bar that filled it when the price falls through the stop', async () => {
    const desk = await warmEngine();
    await desk.bar(1_000, 'BUY');
    await desk.bar(950, 'HOLD', { open: 1_000, low: 940, high: 1_001 });
    expect(desk.fills.map(({ purpose }) => purpose)).toEqual(['entry', 'protection']);
    expect(desk.engine.portfolio.roundTrips).toHaveLength(1);
    expect(desk.engine.theses.of(SYMBOL)).toBeNull();
  });

  it('#16 puts a stop back that is gone, and places no second one', async () => {
    const desk = await warmEngine();
    await desk.bar(1_000, 'BUY');
    await desk.bar(1_000);
    const [stop] = desk.engine.desk.orders.unfinished();
    if (stop === undefined) throw new Error('there is no stop');
    await desk.engine.desk.orders.cancel(stop.clientOrderId);
    expect(desk.engine.desk.protectionOf(SYMBOL).protection).toBe('engine');
    desk.engine.desk.protectAll();
    desk.engine.desk.protectAll();
    await desk.engine.desk.orders.idle();
    expect(desk.engine.desk.protectionOf(SYMBOL).protection).toBe('venue');
    expect(desk.engine.desk.orders.unfinished()).toHaveLength(1);
  });

  it('closes when the voters turn, and takes its stop away', async () => {
    const desk = await warmEngine();
    await desk.bar(1_000, 'BUY');
    expect(await desk.bar(1_001)).toMatchObject({ reasonCode: 'holding' });
    const exit = await desk.bar(1_002, 'SELL');
    expect(exit).toMatchObject({ outcome: 'traded', reasonCode: 'opposite-consensus' });
    await desk.bar(1_002);
    expect(desk.engine.portfolio.positions()).toEqual([]);
    expect(desk.engine.desk.orders.unfinished()).toEqual([]);
    expect(desk.fills.map(({ purpose }) => purpose)).toEqual(['entry', 'exit']);
  });

  it('gives a thesis that does not pay until its horizon', async () => {
    const desk = await warmEngine();
    await desk.bar(1_000, 'BUY');
    let last = await desk.bar(999);
    for (let held = 0; held < 30 && last.outcome !== 'traded'; held += 1) last = await desk.bar(999);
    expect(last.reasonCode).toBe('horizon-reached');
  });

  it('shows an exit as one, by the side that closes, whatever the voters want', async () => {
    const desk = await warmEngine();
    const entry = await desk.bar(1_000, 'BUY');
    let last = await desk.bar(999, 'BUY');
    for (let held = 0; held < 30 && last.outcome !== 'traded'; held += 1) last = await desk.bar(999, 'BUY');
    expect(decisionView(entry)).toMatchObject({ action: 'BUY', outcome: 'traded', exit: null });
    expect(decisionView(last)).toMatchObject({ action: 'BUY', reasonCode: 'horizon-reached', exit: 'sell' });
    expect(decisionView({ ...last, outcome: 'blocked' })).toMatchObject({ exit: null });
    const perpetual = await warmEngine('BTC/USDT:USDT');
    expect(decisionView(await perpetual.bar(1_000, 'SELL'))).toMatchObject({ outcome: 'traded', exit: null });
    await perpetual.bar(1_000);
    expect(decisionView(await perpetual.bar(998, 'BUY'))).toMatchObject({ outcome: 'traded', exit: 'buy' });
  });

  it('sells nothing it does not hold on a spot market, and goes short on a perpetual one', async () => {
    expect(await (await warmEngine()).bar(1_000, 'SELL')).toMatchObject({
      outcome: 'held',
      reasonCode: 'nothing-to-sell',
    });
    const desk = await warmEngine('BTC/USDT:USDT');
    expect(await desk.bar(1_000, 'SELL')).toMatchObject({ outcome: 'traded', reasonCode: 'entry' });
    await desk.bar(1_000);
    expect(desk.engine.portfolio.position('BTC/USDT:USDT').quantity.isNegative()).toBe(true);
    expect(await desk.bar(998, 'BUY')).toMatchObject({ reasonCode: 'opposite-consensus' });
  });

  it('makes no entry while paused, but exits', async () => {
    const desk = await warmEngine();
    desk.now.paused = 'paused by the trader';
    expect(await desk.bar(1_000, 'BUY')).toMatchObject({ outcome: 'blocked', reasonCode: 'paused' });
    desk.now.paused = null;
    await desk.bar(1_000, 'BUY');
    await desk.bar(1_000);
    desk.now.paused = 'paused by the trader';
    expect(await desk.bar(1_001, 'SELL')).toMatchObject({ outcome: 'traded' });
  });

  it('is blocked by a safety layer with that layer’s words', async () => {
    const desk = await warmEngine();
    await desk.bar(1_000, 'BUY');
    await desk.bar(950, 'HOLD', { open: 1_000, low: 940, high: 1_001 });
    const blocked = await desk.bar(950, 'BUY');
    expect(blocked.outcome).toBe('blocked');
    expect(blocked.reasonCode).toMatch(/^(churn-throttle|circuit-breaker|cost-gate|position-limits):/);
    expect(blocked.verdicts.some(({ allowed }) => !allowed)).toBe(true);
  });

  it('does not decide twice on a bar that is delivered again', async () => {
    const desk = await warmEngine();
    await desk.bar(1_000, 'BUY');
    const again = await warmEngine();
    expect(desk.decisions.get(`${SYMBOL}@1h@${desk.start}`)).toBeDefined();
    again.decisions.append(desk.decisions.list({ limit: 1 })[0] as Decision);
    await again.bar(1_000, 'BUY');
    expect(again.engine.desk.orders.unfinished()).toEqual([]);
  });

  it('passes gaps on and does not know symbols that are not traded', async () => {
    const desk = await warmEngine();
    void desk.engine.loop.handle({ kind: 'gap', symbol: SYMBOL, from: 0, missingBars: 3 });
    expect(desk.gaps).toEqual([3]);
    expect(() => desk.engine.loop.warmUp(new Map([['ETH/USDT', [candle(0, 1)]]]))).toThrow('not traded');
  });
});
