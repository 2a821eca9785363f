import { describe, expect, it } from 'vitest';
import { openAgents } from '../../agents/index.ts';
import { type Action, SettingsSchema } from '../../contract/index.ts';
import {
  type Candle,
  type Decision,
  type Fill,
  quoteAmount,
  SILENT_LOGGER,
  simulatedInstrument,
  type Vote,
} from '../../domain/index.ts';
import { READY_AFTER_BARS } from '../../features/index.ts';
import { MemoryDecisionStore, MemoryOrderLedger, MemoryStateStore } from '../../storage/index.ts';
import { assembleEngine } from '../assembly/assemble.ts';
import { simulatedVenue } from '../assembly/simulated-venue.ts';
import { VirtualTime } from '../testing/virtual-time.ts';

const HOUR = 3_600_000;
const SYMBOL = 'BTC/USDT';

/** An analyst that says what the test tells it to. */
class ScriptedAnalyst {
  says: Action = 'HOLD';
  later = false;
  readonly #voter: 'bull' | 'bear';

  constructor(voter: 'bull' | 'bear') {
    this.#voter = voter;
  }

  opine(): Vote {
    return {
      kind: 'vote',
      voter: this.#voter,
      source: 'rules',
      action: this.says,
      confidence: 0.9,
      thesis: `because the test says ${this.says}`,
      evidence: [],
      invalidation: 'the test changing its mind',
      horizonBars: 24,
    };
  }
}

/** At once, or later when either of them takes its time. */
function bothVotes(bull: ScriptedAnalyst, bear: ScriptedAnalyst): readonly Vote[] | Promise<readonly Vote[]> {
  const votes = [bull.opine(), bear.opine()];
  return bull.later || bear.later ? Promise.resolve(votes) : votes;
}

function candle(index: number, close: number, shape: Partial<Candle> = {}): Candle {
  const open = shape.open ?? close;
  const range = { high: Math.max(open, close) + 1, low: Math.min(open, close) - 1 };
  return { openTime: index * HOUR, open, close, volume: 10_000, ...range, ...shape };
}

/** A quiet market that has closed enough bars for the features, and the engine over it. */
async function warmEngine(symbol = SYMBOL) {
  const settings = SettingsSchema.parse({
    simulation: { makerFeeBps: 10, takerFeeBps: 10, spreadBps: 0, slippageBps: 0, latencyMs: 0 },
    safety: { minHoldBars: 1, reentryWaitBars: 3 },
  });
  const bull = new ScriptedAnalyst('bull');
  const bear = new ScriptedAnalyst('bear');
  const fills: Fill[] = [];
  const steps: string[] = [];
  const gaps: number[] = [];
  const decisions = new MemoryDecisionStore();
  const state = { paused: null as string | null };
  const { venue, clock, drive } = simulatedVenue({
    instruments: new Map([[symbol, simulatedInstrument(symbol, 1_000)]]),
    settings: settings.simulation,
    capital: quoteAmount(settings.capital),
    startTime: READY_AFTER_BARS * HOUR,
  });
  await venue.open({ symbols: [symbol] });
  const engine = assembleEngine({
    settings,
    symbols: [symbol],
    venue,
    clocks: { market: clock, wall: clock },
    timers: new VirtualTime(),
    drive,
    waitForSlowVoters: true,
    barrierMs: null,
    lineUp: () => ({
      name: 'test',
      strategy: 'ensemble',
      consensus: settings.consensus,
      ensemble: null,
      debate: () => bothVotes(bull, bear),
      analysts: 'rules',
      patience: 'prompt',
      agents: openAgents({ mode: 'offline' }),
    }),
    orderIdPrefix: 'test',
    ledger: new MemoryOrderLedger(),
    decisions,
    state: new MemoryStateStore(),
    killSwitch: { mayLeave: () => ({ allowed: true }), state: () => undefined },
    feedHealth: () => ({ stale: false, ageMs: 0 }),
    entriesHeld: () => state.paused,
    recordedFeatures: ['rsi_14', 'no_such_feature'],
    observer: {
      onStep: (each) => steps.push(each),
      onFill: (fill) => fills.push(fill),
      onGap: (_symbol, _from, missing) => gaps.push(missing),
    },
    log: SILENT_LOGGER,
  });
  const history = Array.from({ length: READY_AFTER_BARS }, (_, index) =>
    candle(index, 1_000 + 5 * Math.sin(index / 7)),
  );
  engine.loop.warmUp(new Map([[symbol, history]]));
  let next = READY_AFTER_BARS;

  /** One bar: its piece, then its close and the decision on it. */
  async function bar(close: number, says: Action = 'HOLD', shape: Partial<Candle> = {}): Promise<Decision> {
    bull.says = says;
    bear.says = says;
    const closed = candle(next, close, shape);
    next += 1;
    await engine.loop.handle({ kind: 'step', symbol, candle: closed, durationMs: HOUR });
    await engine.loop.handle({ kind: 'bar', symbol, candle: closed });
    const [decision] = decisions.list({ limit: 1 });
    if (decision === undefined) throw new Error('the bar left no decision');
    return decision;
  }
  return { engine, bull, bear, fills, steps, gaps, decisions, state, bar, symbol, handle: engine.loop };
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
    expect(desk.engine.stops.stateOf(SYMBOL).protection).toBe('venue');
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

  it('lesson 16: puts a stop back that is gone, and places no second one', async () => {
    const desk = await warmEngine();
    await desk.bar(1_000, 'BUY');
    await desk.bar(1_000);
    const [stop] = desk.engine.orders.unfinished();
    if (stop === undefined) throw new Error('there is no stop');
    await desk.engine.orders.cancel(stop.clientOrderId);
    expect(desk.engine.stops.stateOf(SYMBOL).protection).toBe('none');
    desk.engine.assertProtection();
    desk.engine.assertProtection();
    await desk.engine.orders.idle();
    expect(desk.engine.stops.stateOf(SYMBOL).protection).toBe('venue');
    expect(desk.engine.orders.unfinished()).toHaveLength(1);
  });

  it('closes when the voters turn, and takes its stop away', async () => {
    const desk = await warmEngine();
    await desk.bar(1_000, 'BUY');
    expect(await desk.bar(1_001)).toMatchObject({ reasonCode: 'holding' });
    const exit = await desk.bar(1_002, 'SELL');
    expect(exit).toMatchObject({ outcome: 'traded', reasonCode: 'opposite-consensus' });
    await desk.bar(1_002);
    expect(desk.engine.portfolio.positions()).toEqual([]);
    expect(desk.engine.orders.unfinished()).toEqual([]);
    expect(desk.fills.map(({ purpose }) => purpose)).toEqual(['entry', 'exit']);
  });

  it('gives a thesis that does not pay until its horizon', async () => {
    const desk = await warmEngine();
    await desk.bar(1_000, 'BUY');
    let last = await desk.bar(999);
    for (let held = 0; held < 30 && last.outcome !== 'traded'; held += 1) last = await desk.bar(999);
    expect(last.reasonCode).toBe('horizon-reached');
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
    desk.state.paused = 'paused by the trader';
    expect(await desk.bar(1_000, 'BUY')).toMatchObject({ outcome: 'blocked', reasonCode: 'paused' });
    desk.state.paused = null;
    await desk.bar(1_000, 'BUY');
    await desk.bar(1_000);
    desk.state.paused = 'paused by the trader';
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
    const openTime = READY_AFTER_BARS * HOUR;
    const again = await warmEngine();
    expect(desk.decisions.get(`${SYMBOL}@1h@${openTime}`)).toBeDefined();
    again.decisions.append(desk.decisions.list({ limit: 1 })[0] as Decision);
    await again.bar(1_000, 'BUY');
    expect(again.engine.orders.unfinished()).toEqual([]);
  });

  it('waits for voters that take their time', async () => {
    const desk = await warmEngine();
    desk.bull.later = true;
    expect(await desk.bar(1_000, 'BUY')).toMatchObject({ outcome: 'traded' });
  });

  it('passes gaps on and does not know symbols that are not traded', async () => {
    const desk = await warmEngine();
    void desk.engine.loop.handle({ kind: 'gap', symbol: SYMBOL, from: 0, missingBars: 3 });
    expect(desk.gaps).toEqual([3]);
    expect(() => desk.engine.loop.warmUp(new Map([['ETH/USDT', [candle(0, 1)]]]))).toThrow('not traded');
  });
});
