import { describe, expect, it } from 'vitest';
import { openAgents } from '../../agents/index.ts';
import { type Action, SettingsSchema, type StrategyId } from '../../contract/index.ts';
import {
  type Candle,
  type Decision,
  ManualClock,
  SILENT_LOGGER,
  simulatedInstrument,
  TIMEFRAME_MS,
  type Verdict,
  type Vote,
} from '../../domain/index.ts';
import { READY_AFTER_BARS } from '../../features/index.ts';
import { MemoryDecisionStore, MemoryOrderLedger, MemoryStateStore } from '../../storage/index.ts';
import { assembleEngine } from '../assembly/assemble.ts';
import { EntryTheses } from './entry-theses.ts';

const HOUR = TIMEFRAME_MS['1h'];
const SYMBOLS = ['BTC/USDT', 'ETH/USDT', 'SOL/USDT', 'XRP/USDT'] as const;
type Symbol = (typeof SYMBOLS)[number];

function vote(voter: 'bull' | 'bear', action: Action): Vote {
  return {
    kind: 'vote',
    voter,
    source: 'rules',
    action,
    confidence: 0.9,
    thesis: 'because the test says so',
    evidence: [],
    invalidation: 'the test changing its mind',
    horizonBars: 24,
  };
}

/** Four quiet markets, and an engine over them whose strategy and votes the test sets. */
function warmEngine() {
  const settings = SettingsSchema.parse({
    simulation: { makerFeeBps: 0, takerFeeBps: 0, spreadBps: 0, slippageBps: 0, latencyMs: 0 },
    safety: { costMultiple: 0 },
  });
  const decisions = new MemoryDecisionStore();
  const state = new MemoryStateStore();
  const said = { strategy: 'rules' as StrategyId, action: 'HOLD' as Action };
  const engine = assembleEngine({
    settings,
    instruments: new Map(SYMBOLS.map((symbol) => [symbol, simulatedInstrument(symbol, 1_000)])),
    clock: new ManualClock(READY_AFTER_BARS * HOUR),
    lineUp: () => ({
      name: 'test',
      strategy: said.strategy,
      consensus: settings.consensus,
      ensemble: null,
      debate: () => [vote('bull', said.action), vote('bear', said.action)],
      analysts: 'rules',
      agents: openAgents({ mode: 'offline' }),
    }),
    orderIdPrefix: 'test',
    ledger: new MemoryOrderLedger(),
    decisions,
    state,
    killSwitch: { mayLeave: () => ({ allowed: true }), state: () => undefined },
    feedHealth: () => ({ stale: false, ageMs: 0 }),
    entriesHeld: () => null,
    recordedFeatures: [],
    observer: {},
    log: SILENT_LOGGER,
  });
  const candle = (index: number, close: number): Candle => {
    return { openTime: index * HOUR, open: close, high: close + 1, low: close - 1, close, volume: 1e6 };
  };
  const history = Array.from({ length: READY_AFTER_BARS }, (_, index) =>
    candle(index, 1_000 + 5 * Math.sin(index / 7)),
  );
  engine.loop.warmUp(new Map(SYMBOLS.map((symbol) => [symbol, history])));
  let next = READY_AFTER_BARS;

  /** One bar of every market at the same price; the votes are about one of them. */
  async function bar(wanted: Symbol | null, strategy: StrategyId = 'rules'): Promise<Decision | undefined> {
    const closed = candle(next, 1_000);
    next += 1;
    said.strategy = strategy;
    for (const symbol of SYMBOLS) {
      said.action = symbol === wanted ? 'BUY' : 'HOLD';
      await engine.loop.handle({ kind: 'step', symbol, candle: closed, durationMs: HOUR });
      await engine.loop.handle({ kind: 'bar', symbol, candle: closed });
    }
    return decisions.list({ limit: SYMBOLS.length }).find(({ symbol }) => symbol === wanted);
  }
  return { engine, state, bar };
}

function limits(decision: Decision | undefined): Verdict | undefined {
  return decision?.verdicts.find(({ layer }) => layer === 'position-limits');
}

describe('what is held belongs to the strategy that opened it', () => {
  it('two positions fill a strategy, and the third entry is refused with its sum', async () => {
    const { bar } = warmEngine();
    expect(limits(await bar('BTC/USDT'))).toMatchObject({
      allowed: true,
      message: expect.stringMatching(
        /^3 BTC for 3,000 USDT: limited by the symbol's 30 %; its stop would cost 0\.\d+ %/,
      ),
      numbers: { notional: 3_000, strategyExposure: 0 },
    });
    await bar('ETH/USDT');
    await bar(null);
    expect(limits(await bar('SOL/USDT'))).toMatchObject({
      allowed: false,
      code: 'max-strategy-exposure',
      numbers: { strategyExposure: 0.6, portfolioExposure: 0.6 },
    });
  });

  it("after a promotion the new strategy has its own room, until the portfolio's limit binds", async () => {
    const { bar } = warmEngine();
    await bar('BTC/USDT');
    await bar('ETH/USDT');
    await bar(null);
    const third = await bar('SOL/USDT', 'ensemble');
    expect(third?.outcome).toBe('traded');
    expect(limits(third)?.numbers).toMatchObject({
      strategyExposure: 0,
      portfolioExposure: 0.6,
      roomStrategy: 6_000,
    });
    await bar(null, 'ensemble');
    expect(limits(await bar('XRP/USDT', 'ensemble'))).toMatchObject({
      allowed: false,
      code: 'max-portfolio-exposure',
      numbers: { strategyExposure: 0.3, portfolioExposure: 0.9 },
    });
  });

  it('an entry that is still on its way counts as well', async () => {
    const { bar } = warmEngine();
    await bar('BTC/USDT');
    expect(limits(await bar('ETH/USDT', 'ensemble'))?.numbers).toMatchObject({
      strategyExposure: 0,
      portfolioExposure: 0.3,
    });
  });

  it('survives a restart; what names no strategy counts as that of whoever asks', async () => {
    const { bar, engine, state } = warmEngine();
    await bar('BTC/USDT');
    await bar('ETH/USDT');
    await bar(null);
    expect(state.read('entry-theses')).toMatchObject({ 'BTC/USDT': { strategyId: 'rules' } });
    const record = engine.theses.of('ETH/USDT');
    if (record === null) throw new Error('nothing is held');
    const { strategyId: _, ...unnamed } = record;
    engine.theses.remember('ETH/USDT', unnamed);
    expect(new EntryTheses(state).of('BTC/USDT')?.strategyId).toBe('rules');
    expect(new EntryTheses(state).of('ETH/USDT')).toEqual(unnamed);
    expect(limits(await bar('SOL/USDT', 'ensemble'))?.numbers).toMatchObject({
      strategyExposure: 0.3,
      portfolioExposure: 0.6,
    });
  });
});
