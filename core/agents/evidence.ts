import type { Regime } from '../contract/index.ts';
import type { Brief } from '../domain/index.ts';

/** One observation and what it says about the direction: -1 plainly down, +1 plainly up. */
export interface Evidence {
  readonly points: number;
  readonly weight: number;
  /** In words. */
  readonly sentence: () => string;
}

/** One rule: a feature, the size that counts as plain, and how to say it. */
interface Rule {
  readonly feature: string;
  /** The value at which the rule is fully convinced; negative where high values speak for falling prices. */
  readonly plainAt: number;
  readonly weight: number;
  readonly says: (value: string) => string;
}

/** Trends are followed: position relative to averages, slope, directional movement, breakouts, volume behind it. */
const TREND_RULES: readonly Rule[] = [
  {
    feature: 'dist_ema_50_atr',
    plainAt: 3,
    weight: 1,
    says: (v) => `close ${v} ATR from its 50-bar average`,
  },
  {
    feature: 'ema_21_slope_5_atr',
    plainAt: 0.2,
    weight: 1,
    says: (v) => `21-bar average moves ${v} ATR a bar`,
  },
  {
    feature: 'di_diff_14',
    plainAt: 0.5,
    weight: 1,
    says: (v) => `directional movement ${v} (-1 down, +1 up)`,
  },
  {
    feature: 'donchian_pos_55',
    plainAt: 1,
    weight: 1,
    says: (v) => `${v} in its 55-bar range (-1 low, +1 high)`,
  },
  { feature: 'macd_hist_atr', plainAt: 0.25, weight: 0.5, says: (v) => `MACD histogram ${v} ATR` },
  {
    feature: 'obv_slope_20',
    plainAt: 0.4,
    weight: 0.5,
    says: (v) => `volume flow ${v} (-1 selling, +1 buying)`,
  },
];

/** Ranges are faded: stretched prices come back, within the direction of the long average. */
const RANGE_RULES: readonly Rule[] = [
  {
    feature: 'bb_pctb_20',
    plainAt: -1,
    weight: 1,
    says: (v) => `${v} between the Bollinger bands (-1 lower, +1 upper)`,
  },
  {
    feature: 'zscore_48',
    plainAt: -2,
    weight: 1,
    says: (v) => `${v} standard deviations from the 48-bar mean`,
  },
  { feature: 'rsi_2', plainAt: -0.9, weight: 1, says: (v) => `two-bar RSI ${v} (-1 to +1)` },
  { feature: 'dist_sma_200_atr', plainAt: 6, weight: 1, says: (v) => `${v} ATR from the 200-bar average` },
];

/** A volatile market is read like a trend; the consensus asks for more before it acts there. */
const RULES: Readonly<Record<Regime, readonly Rule[]>> = {
  trending: TREND_RULES,
  ranging: RANGE_RULES,
  volatile: TREND_RULES,
};

/** Features that the rules and the regime need, in any regime. */
export const RULE_FEATURES: readonly string[] = [
  ...new Set([...TREND_RULES, ...RANGE_RULES].map(({ feature }) => feature)),
];

/** Bull and Bear read the same brief: what the rules see in it is gathered once. */
const gathered = new WeakMap<Brief, readonly Evidence[]>();

/** What the rules see in a brief; undefined when a feature they need has no value. */
export function gatherEvidence(brief: Brief): readonly Evidence[] | undefined {
  const known = gathered.get(brief);
  if (known !== undefined) return known;
  const evidence: Evidence[] = [];
  for (const { feature, plainAt, weight, says } of RULES[brief.regime]) {
    const value = brief.feature(feature);
    if (!Number.isFinite(value)) return undefined;
    const points = Math.max(-1, Math.min(1, value / plainAt));
    evidence.push({ points, weight, sentence: () => says(signed(value)) });
  }
  gathered.set(brief, evidence);
  return evidence;
}

/** Weighted mean of the points: -1 everything speaks for falling prices, +1 for rising ones. */
export function lean(evidence: readonly Evidence[]): number {
  let points = 0;
  let weights = 0;
  for (const item of evidence) {
    points += item.points * item.weight;
    weights += item.weight;
  }
  return points / weights;
}

/** The sentences that speak most for a direction, strongest first. */
export function strongest(
  evidence: readonly Evidence[],
  direction: 1 | -1,
  count: number,
): readonly string[] {
  return evidence
    .filter(({ points }) => points * direction > 0)
    .sort((a, b) => (b.points * b.weight - a.points * a.weight) * direction)
    .slice(0, count)
    .map(({ sentence }) => sentence());
}

function signed(value: number): string {
  return `${value >= 0 ? '+' : ''}${value.toFixed(2)}`;
}
