import { describe, expect, it } from 'vitest';
import { type EntryCase, resultOf, stancesOn } from './hindsight.ts';
import type { Vote } from './vote.ts';

const HOUR = 3_600_000;
const CASE: EntryCase = {
  decisionId: 'd',
  symbol: 'BTC/USDT',
  strategy: 'trend',
  side: 'buy',
  time: 10 * HOUR,
  price: 100,
  stopPrice: 90,
  cost: 0.002,
  due: 13 * HOUR,
  share: 0.1,
  left: 1,
  traded: false,
  refusedBy: ['cost-gate'],
  stances: [],
};
const SHORT: EntryCase = { ...CASE, side: 'sell', stopPrice: 110 };

const piece = (hour: number, [open, high, low, close]: readonly [number, number, number, number]) => {
  return { openTime: hour * HOUR, open, high, low, close, volume: 1 };
};

describe('what an entry came to', () => {
  it.each<[string, EntryCase, ReturnType<typeof piece>, number | null]>([
    ['a piece from before it says nothing', CASE, piece(9, [100, 100, 50, 50]), null],
    ['nothing is known before it is due', CASE, piece(10, [100, 120, 95, 110]), null],
    ['it is worth the close at which it is due', CASE, piece(12, [100, 120, 95, 110]), 0.098],
    ['and costs its round trip also where nothing moved', CASE, piece(12, [100, 100, 100, 100]), -0.002],
    ['its stop ends it before', CASE, piece(11, [100, 100, 90, 95]), -0.102],
    ['a jump over its stop ends it where it lands', CASE, piece(11, [80, 85, 70, 85]), -0.202],
    ['what comes later is taken at its first price', CASE, piece(20, [120, 130, 80, 90]), 0.198],
    ['without a stop it is held', { ...CASE, stopPrice: null }, piece(11, [100, 100, 1, 95]), null],
    ['a short gains what the price loses', SHORT, piece(12, [100, 105, 80, 90]), 0.098],
    ['and is stopped above', SHORT, piece(11, [100, 110, 90, 95]), -0.102],
    ['or where a jump lands above', SHORT, piece(11, [115, 120, 114, 116]), -0.152],
  ])('%s', (_, one, passed, expected) => {
    const result = resultOf(one, passed, HOUR);
    if (expected === null) expect(result).toBeNull();
    else expect(result).toBeCloseTo(expected, 12);
  });
});

it('a voter is for an entry, against it, or neither; who abstains or cannot count has said nothing', () => {
  const vote = (
    voter: 'bull' | 'bear' | 'ensemble',
    action: 'BUY' | 'SELL' | 'HOLD',
    confidence: number,
  ): Vote => {
    const words = { thesis: '', evidence: [], invalidation: '', horizonBars: 1 };
    return { kind: 'vote', voter, source: 'rules', action, confidence, ...words };
  };
  const votes = [vote('bull', 'BUY', 0.7), vote('bear', 'SELL', 0.4), vote('ensemble', 'HOLD', 0.9)];
  expect(stancesOn('buy', votes).map(({ stance }) => stance)).toEqual([0.7, -0.4, 0]);
  expect(stancesOn('sell', votes).map(({ stance }) => stance)).toEqual([-0.7, 0.4, 0]);
  const silent: Vote = { kind: 'abstention', voter: 'bear', source: 'rules', code: 'off', message: '' };
  expect(stancesOn('buy', [silent, vote('bull', 'BUY', Number.NaN)])).toEqual([]);
});
