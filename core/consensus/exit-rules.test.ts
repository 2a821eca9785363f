import { describe, expect, it } from 'vitest';
import type { ConsensusResult, PositionBrief } from '../domain/index.ts';
import { exitReason } from './exit-rules.ts';

function consensus(action: ConsensusResult['action']): ConsensusResult {
  return {
    action,
    reason: { code: 'agreed', message: `${action} leads` },
    regime: 'trending',
    support: { BUY: 0, SELL: 0, HOLD: 0 },
    threshold: 0.2,
    weights: { bull: 0.5, bear: 0.5, ensemble: 0 },
    margin: 0.5,
  };
}

function held(direction: PositionBrief['direction'], barsHeld: number, openReturn: number): PositionBrief {
  const entry = { thesis: 't', invalidation: 'i', horizonBars: 24 };
  return { direction, barsHeld, openReturn, entry };
}

describe('exitReason', () => {
  it.each([
    ['a flat book has nothing to close', held('flat', 0, 0), 'SELL', undefined],
    ['a long is closed when the voters sell', held('long', 5, 0.01), 'SELL', 'opposite-consensus'],
    ['a short is closed when the voters buy', held('short', 5, 0.01), 'BUY', 'opposite-consensus'],
    ['a long is kept when they buy more', held('long', 5, -0.01), 'BUY', undefined],
    ['a thesis has until its horizon', held('long', 23, -0.01), 'HOLD', undefined],
    ['a thesis that did not pay by then is given up', held('long', 24, -0.01), 'HOLD', 'horizon-reached'],
    ['one that pays goes on', held('long', 60, 0.01), 'HOLD', undefined],
    [
      'without a known thesis only the voters close',
      { ...held('long', 99, -0.1), entry: null },
      'HOLD',
      undefined,
    ],
  ] as const)('%s', (_, position, action, code) => {
    expect(exitReason(position, consensus(action))?.code).toBe(code);
  });
});
