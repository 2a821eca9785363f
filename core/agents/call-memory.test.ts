import { describe, expect, it } from 'vitest';
import type { LlmAgent, Opinion } from '../domain/index.ts';
import { MemoryStateStore } from '../storage/index.ts';
import { CallMemory } from './call-memory.ts';
import { briefOf } from './testing/briefs.ts';

const HOUR = 3_600_000;

function opinion(action: Opinion['action'], confidence: number, horizonBars = 1): Opinion {
  const words = { thesis: 't', evidence: [], invalidation: 'i' };
  return { kind: 'vote', voter: 'bull', source: 'llm', action, confidence, horizonBars, ...words };
}

function bar(hour: number, close: number, symbol = 'BTC/USDT') {
  return briefOf({ barOpenTime: hour * HOUR, close, symbol, roundTripCost: 0.01 });
}

/** One call after the other, each judged on the next bar. */
function played(
  memory: CallMemory,
  calls: readonly [Opinion['action'], number, number][],
  agent: LlmAgent = 'bull',
) {
  calls.forEach(([action, confidence, nextClose], index) => {
    memory.remember(agent, opinion(action, confidence), bar(2 * index, 100));
    memory.observeOutcome(bar(2 * index + 1, nextClose));
  });
}

describe('the memory of past calls', () => {
  it('judges a call when its horizon is over: right is what paid more than the costs', () => {
    const memory = new CallMemory(null);
    played(memory, [
      ['BUY', 0.8, 102],
      ['BUY', 0.8, 100.5],
      ['SELL', 0.6, 98],
      ['SELL', 0.6, 102],
    ]);
    expect(memory.pastCalls('bull')).toEqual({
      n: 4,
      hitRate: 0.5,
      brier: 0.3,
      buckets: [
        { from: 0.6, n: 2, meanConfidence: 0.6, hitRate: 0.5 },
        { from: 0.8, n: 2, meanConfidence: 0.8, hitRate: 0.5 },
      ],
    });
    expect(memory.pastCalls('bear')).toEqual({ n: 0, hitRate: null, brier: null, buckets: [] });
  });

  it('waits for the horizon, of that symbol, and judges at the first bar after a gap', () => {
    const memory = new CallMemory(null);
    memory.remember('bull', opinion('BUY', 0.7, 3), bar(0, 100));
    memory.observeOutcome(bar(2, 50));
    memory.observeOutcome(bar(3, 50, 'ETH/USDT'));
    memory.observeOutcome({ ...bar(3, 50), timeframe: '4h' });
    expect(memory.pastCalls('bull').n).toBe(0);
    memory.observeOutcome(bar(9, 110));
    memory.observeOutcome(bar(9, 110));
    expect(memory.pastCalls('bull')).toMatchObject({ n: 1, hitRate: 1 });
  });

  it('a HOLD is no call, and a bar that is debated again is one call', () => {
    const memory = new CallMemory(null);
    memory.remember('bull', opinion('HOLD', 0.9), bar(0, 100));
    memory.remember('bull', opinion('BUY', 0.9), bar(2, 100));
    memory.remember('bull', opinion('SELL', 0.9), bar(2, 100));
    memory.observeOutcome(bar(3, 90));
    expect(memory.pastCalls('bull')).toMatchObject({ n: 1, hitRate: 1 });
  });

  it('survives a restart, and what cannot be read is forgotten', () => {
    const state = new MemoryStateStore();
    const before = new CallMemory(state);
    played(before, [['BUY', 0.7, 102]]);
    before.remember('bear', opinion('SELL', 0.5), bar(20, 100));
    const after = new CallMemory(state);
    after.observeOutcome(bar(21, 90));
    expect(after.pastCalls('bull')).toEqual(before.pastCalls('bull'));
    expect(after.pastCalls('bear').n).toBe(1);
    state.write('llm-call-memory', { pending: 'x' });
    expect(new CallMemory(state).pastCalls('bull').n).toBe(0);
  });

  it('goes on with what was kept before documents had versions', () => {
    const state = new MemoryStateStore();
    const settled = [{ agent: 'bull', confidence: 0.7, hit: true }];
    state.write('llm-call-memory', { pending: [], settled });
    expect(new CallMemory(state).pastCalls('bull')).toMatchObject({ n: 1, hitRate: 1 });
  });

  it('is bounded: the last 200 calls of each agent', () => {
    const memory = new CallMemory(null);
    played(
      memory,
      Array.from({ length: 30 }, () => ['BUY', 0.5, 200] as [Opinion['action'], number, number]),
      'bear',
    );
    played(
      memory,
      Array.from({ length: 300 }, (_, index) => ['BUY', 0.5, index < 100 ? 50 : 200]),
    );
    expect(memory.pastCalls('bull')).toMatchObject({ n: 200, hitRate: 1 });
    expect(memory.pastCalls('bear').n).toBe(30);
    for (let index = 0; index < 2_000; index += 1)
      memory.remember('bull', opinion('BUY', 0.5, 9_999), bar(index, 100));
    memory.observeOutcome(bar(20_000, 200));
    expect(memory.pastCalls('bull').n).toBe(200);
  });
});
