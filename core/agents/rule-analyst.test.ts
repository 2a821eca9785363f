import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from '../consensus/index.ts';
import { REGIMES, SettingsSchema, VOTERS } from '../contract/index.ts';
import { type Brief, opinionWith, type PositionBrief, type Vote } from '../domain/index.ts';
import { Reader, Reading, RULE_FEATURES } from './evidence.ts';
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

/** What a vote says for rising prices, and how surely. */
function said(vote: Vote): readonly [string, number] {
  if (vote.kind !== 'vote') throw new Error('abstained');
  return [vote.action, Number(vote.confidence.toFixed(2))];
}

const settings = SettingsSchema.parse({}).consensus;
const numbers = fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: 10, maxLength: 10 });
const regimes = fc.constantFrom(...REGIMES);
const featuresOf = (values: readonly number[], sign: 1 | -1) => (name: string) =>
  sign * (values[RULE_FEATURES.indexOf(name)] ?? 0);

describe('the rule analysts', () => {
  it.each([
    ['everything speaks for rising prices', 1, {}, ['BUY', 1], ['HOLD', 1]],
    ['half of it as plainly', 0.5, {}, ['BUY', 0.5], ['HOLD', 1]],
    ['hardly anything does', 0.04, {}, ['HOLD', 0.96], ['HOLD', 1]],
    ['everything speaks for falling prices', -1, {}, ['HOLD', 1], ['SELL', 1]],
    [
      'a trend that is stretched: both have a case',
      1,
      { zscore_48: 2, rsi_2: 0.9, bb_pctb_20: 1 },
      ['BUY', 0.88],
      ['SELL', 0.13],
    ],
    ['a trend without volume behind it', 1, { obv_slope_20: -0.4 }, ['BUY', 0.92], ['SELL', 0.08]],
  ] as const)('%s', (_, scale, other, bullSays, bearSays) => {
    const all: Record<string, number> = { ...RISING, ...other };
    const given = brief(scale, { feature: (name) => (all[name] ?? Number.NaN) * scale });
    expect(said(bull.opine(given))).toEqual(bullSays);
    expect(said(bear.opine(given))).toEqual(bearSays);
  });

  it('are opposed: Bull never asks for a sale, Bear never for a purchase, and no evidence is told twice', () => {
    fc.assert(
      fc.property(numbers, regimes, (values, regime) => {
        const given = brief(1, { regime, feature: featuresOf(values, 1) });
        const [up, down] = [bull.opine(given), bear.opine(given)];
        if (up.kind !== 'vote' || down.kind !== 'vote') throw new Error('abstained');
        expect(up.action).not.toBe('SELL');
        expect(down.action).not.toBe('BUY');
        expect(up.evidence.filter((sentence) => down.evidence.includes(sentence))).toEqual([]);
        const reading = Reading.of(given);
        if (reading === undefined) throw new Error('a feature is missing');
        const cases = reading.strength(1) + reading.strength(-1);
        expect(cases).toBeLessThanOrEqual(1 + 1e-12);
      }),
    );
  });

  it.each(REGIMES)(
    'give a thesis, evidence with numbers, invalidation and horizon in a %s market',
    (regime) => {
      for (const [analyst, scale] of [
        [bull, 1],
        [bull, 0.1],
        [bear, -1],
      ] as const) {
        const vote = analyst.opine(brief(scale, { regime }));
        if (vote.kind !== 'vote') throw new Error('abstained');
        expect(vote).toMatchObject({ source: 'rules' });
        expect(vote.thesis).toMatch(/market \d+ % of the evidence speaks for (rising|falling) prices: /);
        expect(vote.evidence.length).toBeGreaterThan(0);
        for (const sentence of vote.evidence) expect(sentence).toMatch(/[+-]\d/);
        expect(vote.invalidation.length).toBeGreaterThan(10);
        expect(vote.horizonBars).toBeGreaterThan(0);
      }
    },
  );

  it.each(REGIMES)('can open and close by themselves in a %s market', (regime) => {
    const agreed = (sign: 1 | -1) => {
      // What plainly speaks for one side in this reading, and a little against it in the other.
      const feature = (name: string) => sign * (RISING[name] ?? Number.NaN);
      const given = brief(1, { regime, feature });
      return decide([bull.opine(given), bear.opine(given)], regime, settings);
    };
    expect(agreed(1).action).toBe('BUY');
    expect(agreed(-1).action).toBe('SELL');
  });

  it('abstain while there is too little history, and when a feature they need has no value', () => {
    expect(bull.opine(brief(1, { ready: false }))).toMatchObject({ kind: 'abstention', code: 'warming-up' });
    expect(bear.opine(brief(1, { feature: () => Number.NaN }))).toMatchObject({ code: 'missing-features' });
  });

  it('have their words in a stored record and in a copy, though they make them when they are read', () => {
    const vote = bull.opine(brief(1));
    if (vote.kind !== 'vote') throw new Error('abstained');
    const { thesis, evidence, invalidation, horizonBars } = vote;
    expect(thesis).toContain('rising prices');
    expect(JSON.parse(JSON.stringify([vote]))).toEqual([
      {
        ...{ kind: 'vote', voter: 'bull', source: 'rules', action: 'BUY', confidence: 1 },
        thesis,
        evidence,
        invalidation,
        horizonBars,
      },
    ]);
    expect(opinionWith(vote, { thesis: 'another' })).toEqual({
      ...JSON.parse(JSON.stringify(vote)),
      thesis: 'another',
    });
  });

  it('read a brief once for both', () => {
    let asked = 0;
    const counted = brief(1, {
      feature: (name) => {
        asked += 1;
        return RISING[name] ?? Number.NaN;
      },
    });
    const reader = new Reader();
    for (const side of ['bull', 'bear'] as const) new RuleAnalyst(side, reader).opine(counted);
    expect(asked).toBe(RULE_FEATURES.length);
  });

  it('say nothing where the evidence says nothing', () => {
    const vote = bull.opine(brief(0));
    expect(vote).toMatchObject({ action: 'HOLD', confidence: 1, evidence: [] });
  });

  it('always give a sound confidence, the same for the same brief, and mirror each other', () => {
    fc.assert(
      fc.property(numbers, regimes, (values, regime) => {
        const up = bull.opine(brief(1, { regime, feature: featuresOf(values, 1) }));
        const down = bear.opine(brief(1, { regime, feature: featuresOf(values, -1) }));
        if (up.kind !== 'vote' || down.kind !== 'vote') throw new Error('abstained');
        expect(up.confidence).toBeGreaterThanOrEqual(0);
        expect(up.confidence).toBeLessThanOrEqual(1);
        const mirror = { BUY: 'SELL', SELL: 'BUY', HOLD: 'HOLD' } as const;
        expect(down.action).toBe(mirror[up.action]);
        expect(down.confidence).toBeCloseTo(up.confidence, 12);
        expect(bull.opine(brief(1, { regime, feature: featuresOf(values, 1) }))).toEqual(up);
      }),
    );
  });
});

describe('a silent analyst', () => {
  it.each(VOTERS)('abstains for %s and says that it is off', (voter) => {
    expect(silentAnalyst(voter).opine()).toMatchObject({ kind: 'abstention', voter, code: 'off' });
  });
});
