import type { EntryHindsight, HindsightMean, HindsightView } from '../../core/contract/index.ts';

const mean = (count: number, meanPct: number, half: number, sumPct: number): HindsightMean => ({
  count,
  weeks: Math.ceil(count / 3),
  meanPct,
  interval: { low: meanPct - half, high: meanPct + half },
  sumPct,
});

/** Of some months: one gate that refused rightly, and a Bear that cannot tell. */
export function fakeHindsight(): HindsightView {
  return {
    strategy: 'trend',
    since: Date.UTC(2026, 0, 5),
    pending: 3,
    made: mean(48, 0.84, 0.9, 3.1),
    takenAway: { count: 0, weeks: 0, meanPct: null, interval: null, sumPct: null },
    gates: [{ layer: 'circuit-breaker', refused: mean(30, -0.42, 1.1, -1.2), alone: 27 }],
    voters: [
      {
        voter: 'bear',
        source: 'rules',
        supported: { count: 0, weeks: 0, meanPct: null, interval: null, sumPct: null },
        opposed: mean(62, 0.31, 0.8, 1.9),
        earned: 0,
        why: 'slope -0.20 % in 78 opinions in 26 weeks: what it supported did no better',
      },
    ],
  };
}

export function fakeEntryHindsight(): EntryHindsight {
  return {
    resultPct: 1.2,
    due: Date.UTC(2026, 0, 12),
    price: 64_000,
    stopPrice: 59_000,
    costPct: 0.26,
    left: 1,
    traded: true,
    refusedBy: [],
    stances: [{ voter: 'bear', source: 'rules', stance: -0.3 }],
  };
}
