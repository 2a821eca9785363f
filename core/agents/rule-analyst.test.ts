import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { REGIMES, VOTERS } from '../contract/index.ts';
import type { Brief, PositionBrief } from '../domain/index.ts';
import { RULE_FEATURES } from './evidence.ts';
import { RuleAnalyst } from './rule-analyst.ts';
import { silentAnalyst } from './silent-analyst.ts';

const FLAT: PositionBrief = { direction: 'flat', openReturn: 0, barsHeld: 0, entry: null };
/** Every trend rule fully convinced that prices rise; the range rules read stretched prices the other way. */
const RISING: Record<string, number> = {
  dist_ema_50_atr: 3,
  ema_21_slope_5_atr: 0.2,
  di_diff_14: 0.5,
  donchian_pos_55: 1,
  macd_hist_atr: 0.25,
  obv_slope_20: 0.4,
  bb_pctb_20: -1,
  zscore_48: -2,
  rsi_2: -0.9,
  dist_sma_200_atr: 6,
};

function brief(scale: number, given: Partial<Brief> = {}): Brief {
  return {
    symbol: 'BTC/USDT',
    timeframe: '1h',
    barOpenTime: 0,
    close: 100,
    ready: true,
    feature: (name) => (RISING[name] ?? Number.NaN) * scale,
    window: () => null,
    regime: 'trending',
    position: FLAT,
    roundTripCost: 0.002,
    ...given,
  };
}

const bull = new RuleAnalyst('bull');
const bear = new RuleAnalyst('bear');
const LONG: PositionBrief = { ...FLAT, direction: 'long' };
const SHORT: PositionBrief = { ...FLAT, direction: 'short' };

describe('the rule analysts', () => {
  it.each([
    ['plain evidence for rising prices', 1, FLAT, 'BUY', 'BUY'],
    ['good evidence: Bull is for it, Bear is not yet', 0.5, FLAT, 'BUY', 'HOLD'],
    ['weak evidence', 0.2, FLAT, 'HOLD', 'HOLD'],
    ['good evidence for falling prices', -0.5, FLAT, 'HOLD', 'SELL'],
    ['plain evidence for falling prices', -1, FLAT, 'SELL', 'SELL'],
    ['a long that the evidence turns against', -0.5, LONG, 'SELL', 'SELL'],
    ['a long in weak evidence', -0.2, LONG, 'HOLD', 'HOLD'],
    ['a short that the evidence turns against', 0.5, SHORT, 'BUY', 'BUY'],
  ] as const)('%s', (_, scale, position, bullSays, bearSays) => {
    expect(bull.opine(brief(scale, { position }))).toMatchObject({ action: bullSays });
    expect(bear.opine(brief(scale, { position }))).toMatchObject({ action: bearSays });
  });

  it.each(REGIMES)(
    'give a thesis, evidence with numbers, invalidation and horizon in a %s market',
    (regime) => {
      for (const scale of [1, 0.1, -1]) {
        const vote = bull.opine(brief(scale, { regime }));
        if (vote.kind !== 'vote') throw new Error('abstained');
        expect(vote).toMatchObject({ voter: 'bull', source: 'rules' });
        expect(vote.thesis).toMatch(/market the evidence leans/);
        expect(vote.evidence.length).toBeGreaterThan(0);
        for (const sentence of vote.evidence) expect(sentence).toMatch(/[+-]\d/);
        expect(vote.invalidation.length).toBeGreaterThan(10);
        expect(vote.horizonBars).toBeGreaterThan(0);
      }
    },
  );

  it('abstain while there is too little history, and when a feature they need has no value', () => {
    expect(bull.opine(brief(1, { ready: false }))).toMatchObject({ kind: 'abstention', code: 'warming-up' });
    expect(bear.opine(brief(1, { feature: () => Number.NaN }))).toMatchObject({ code: 'missing-features' });
  });

  it('say nothing where the evidence says nothing', () => {
    const vote = bull.opine(brief(0));
    expect(vote).toMatchObject({ action: 'HOLD', confidence: 1, evidence: [] });
  });

  it('always give a sound confidence, the same for the same brief, and mirror each other', () => {
    const numbers = fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: 10, maxLength: 10 });
    fc.assert(
      fc.property(numbers, fc.constantFrom(...REGIMES), (values, regime) => {
        const featureOf = (sign: number) => (name: string) =>
          sign * (values[RULE_FEATURES.indexOf(name)] ?? 0);
        const up = bull.opine(brief(1, { regime, feature: featureOf(1) }));
        const down = bear.opine(brief(1, { regime, feature: featureOf(-1) }));
        if (up.kind !== 'vote' || down.kind !== 'vote') throw new Error('abstained');
        expect(up.confidence).toBeGreaterThanOrEqual(0);
        expect(up.confidence).toBeLessThanOrEqual(1);
        const mirror = { BUY: 'SELL', SELL: 'BUY', HOLD: 'HOLD' } as const;
        expect(down.action).toBe(mirror[up.action]);
        expect(down.confidence).toBeCloseTo(up.confidence, 12);
        expect(bull.opine(brief(1, { regime, feature: featureOf(1) }))).toEqual(up);
      }),
    );
  });
});

describe('a silent analyst', () => {
  it.each(VOTERS)('abstains for %s and says that it is off', (voter) => {
    expect(silentAnalyst(voter).opine()).toMatchObject({ kind: 'abstention', voter, code: 'off' });
  });
});
