import { describe, expect, it } from 'vitest';
import { beginPlan, type PlanProgress, type PositionPlan, planWords, stepPlan } from './position-plan.ts';

const NONE: PositionPlan = { takeProfits: [], trail: null, breakEvenAt: null, adds: [], expects: null };
/** First fill at 1,000, stop at 950. */
const begun = (more: Partial<PlanProgress> = {}): PlanProgress => ({ ...beginPlan(1_000), ...more });
const at = (close: number, more: { paid?: number; stopPrice?: number } = {}) => ({
  close,
  paid: 1_000,
  stopPrice: 950,
  ...more,
});

describe('the stop of a plan', () => {
  it.each<[string, Partial<PositionPlan>, Partial<PlanProgress>, ReturnType<typeof at>, number | null]>([
    ['is not moved without a plan for it', {}, {}, at(1_200), null],
    ['goes to break-even at exactly the rise', { breakEvenAt: 0.05 }, {}, at(1_050), 1_000],
    ['stays a tick below that', { breakEvenAt: 0.05 }, {}, at(1_049.99), null],
    ['goes to what was paid on average', { breakEvenAt: 0.05 }, {}, at(1_060, { paid: 1_020 }), 1_020],
    [
      'is moved to break-even also when the price has come back',
      { breakEvenAt: 0.05 },
      { highest: 1_060 },
      at(1_010),
      1_000,
    ],
    ['is not put above the price', { breakEvenAt: 0.05 }, { highest: 1_060 }, at(1_000), null],
    ['follows the highest close', { trail: { by: 0.1, from: 0 } }, {}, at(1_100), 990],
    [
      'follows the highest close of before',
      { trail: { by: 0.1, from: 0 } },
      { highest: 1_200 },
      at(1_100),
      1_080,
    ],
    ['is never lowered', { trail: { by: 0.1, from: 0 } }, {}, at(1_050), null],
    [
      'is not moved to where it is',
      { trail: { by: 0.05, from: 0 } },
      {},
      at(1_000, { stopPrice: 950 }),
      null,
    ],
    ['follows from its rise on', { trail: { by: 0.02, from: 0.1 } }, {}, at(1_100), 1_078],
    ['does not before', { trail: { by: 0.02, from: 0.1 } }, {}, at(1_099), null],
    ['takes the higher of two', { trail: { by: 0.1, from: 0 }, breakEvenAt: 0.05 }, {}, at(1_100), 1_000],
    [
      'takes the higher of two, the other way',
      { trail: { by: 0.02, from: 0 }, breakEvenAt: 0.05 },
      {},
      at(1_100),
      1_078,
    ],
  ])('%s', (_what, plan, progress, moment, price) => {
    const { stop } = stepPlan({ ...NONE, ...plan }, begun(progress), moment);
    expect(stop?.price ?? null).toBe(price);
    if (stop !== null) expect(stop.why).toMatch(/break-even|below the highest close/);
  });

  it('that trails and is passed at a close sells everything', () => {
    const step = stepPlan({ ...NONE, trail: { by: 0.1, from: 0.2 } }, begun({ highest: 1_200 }), at(1_080));
    expect(step).toMatchObject({ stop: null, act: { kind: 'sell', part: 1 } });
    expect(step.act?.why).toContain('the trailing stop is passed');
    expect(
      stepPlan({ ...NONE, trail: { by: 0.1, from: 0.2 } }, begun({ highest: 1_200 }), at(1_080.01)).act,
    ).toBeNull();
    expect(
      stepPlan({ ...NONE, trail: { by: 0.1, from: 0.3 } }, begun({ highest: 1_200 }), at(1_080)).act,
    ).toBeNull();
  });
});

describe('take profits and additions of a plan', () => {
  const TWO: PositionPlan = {
    ...NONE,
    takeProfits: [
      { at: 0.05, sell: 0.5 },
      { at: 0.1, sell: 0.5 },
    ],
  };
  const ADDS: PositionPlan = {
    ...NONE,
    adds: [
      { at: 0.05, share: 0.1 },
      { at: 0.1, share: 0.2 },
    ],
    expects: 0.01,
  };
  it.each<[string, PositionPlan, Partial<PlanProgress>, number, object | null]>([
    ['nothing below the first', TWO, {}, 1_049, null],
    ['the first at exactly its rise', TWO, {}, 1_050, { kind: 'sell', part: 0.5, progress: { taken: 1 } }],
    [
      'both in one bar: half, and half of the rest',
      TWO,
      {},
      1_100,
      { kind: 'sell', part: 0.75, progress: { taken: 2 } },
    ],
    ['the second alone', TWO, { taken: 1 }, 1_100, { kind: 'sell', part: 0.5, progress: { taken: 2 } }],
    ['none that is taken already', TWO, { taken: 2 }, 1_500, null],
    ['everything', { ...NONE, takeProfits: [{ at: 0.05, sell: 1 }] }, {}, 1_051, { kind: 'sell', part: 1 }],
    ['no addition below its rise', ADDS, {}, 1_049, null],
    [
      'one addition a bar',
      ADDS,
      {},
      1_200,
      { kind: 'add', share: 0.1, expects: 0.01, progress: { added: 1 } },
    ],
    ['the next addition', ADDS, { added: 1 }, 1_100, { kind: 'add', share: 0.2, progress: { added: 2 } }],
    ['no addition after the last', ADDS, { added: 2 }, 2_000, null],
    [
      'what is sold before what is added',
      { ...ADDS, takeProfits: TWO.takeProfits },
      {},
      1_050,
      { kind: 'sell' },
    ],
  ])('%s', (_what, plan, progress, close, act) => {
    const step = stepPlan(plan, begun(progress), at(close));
    if (act === null) expect(step.act).toBeNull();
    else expect(step.act).toMatchObject(act);
    // Not done before whoever does it says so.
    expect(step.progress).toEqual({ ...begun(progress), highest: Math.max(1_000, close) });
  });

  it('say of take profits by what the price has risen: the last one that is taken', () => {
    const { act } = stepPlan(TWO, begun(), at(1_100));
    expect(act?.why).toBe('take profit 2 of 2: the price has risen by 10 %');
  });

  it('says what it will do, and how far it has come', () => {
    const plan: PositionPlan = {
      takeProfits: [
        { at: 0.05, sell: 0.5 },
        { at: 0.1, sell: 1 },
      ],
      trail: { by: 0.08, from: 0.04 },
      breakEvenAt: 0.03,
      adds: [{ at: 0.02, share: 0.1 }],
      expects: null,
    };
    expect(planWords(plan, null)).toBe(
      'sells 50 % of what is held at +5 %; sells 100 % of what is held at +10 %; stop to break-even at +3 %; ' +
        'stop 8 % below the highest close from +4 % on; adds 10 % of the equity at +2 %',
    );
    expect(planWords({ ...plan, trail: { by: 0.08, from: 0 } }, begun({ taken: 1, added: 1 }))).toBe(
      'sold 50 % of what is held at +5 %; sells 100 % of what is held at +10 %; stop to break-even at +3 %; ' +
        'stop 8 % below the highest close; added 10 % of the equity at +2 %',
    );
    expect(planWords({ ...NONE, adds: plan.adds }, null)).toBe('adds 10 % of the equity at +2 %');
  });
});
