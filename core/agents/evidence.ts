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

/** What speaks against the reading of a regime counts a quarter: a trend can be stretched, a range can break. */
const COUNTER_WEIGHT = 0.25;

function read(own: readonly Rule[], counter: readonly Rule[]): readonly Rule[] {
  return [...own, ...counter.map((rule) => ({ ...rule, weight: COUNTER_WEIGHT * rule.weight }))];
}

/** A volatile market is read like a trend; the consensus asks for more before it acts there. */
const RULES: Readonly<Record<Regime, readonly Rule[]>> = {
  trending: read(TREND_RULES, RANGE_RULES),
  ranging: read(RANGE_RULES, TREND_RULES),
  volatile: read(TREND_RULES, RANGE_RULES),
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

/** What there is to be said for one direction, apart from what speaks against it. */
export interface Case {
  /** Weight of what speaks for it as a share of all weight, 0 to 1: 1 when everything plainly does. */
  readonly strength: number;
  /** The observations themselves, strongest first. */
  readonly evidence: readonly Evidence[];
}

/** The case for a direction. No observation speaks for both: those of the two cases have nothing in common. */
export function caseFor(evidence: readonly Evidence[], direction: 1 | -1): Case {
  const own = evidence.filter(({ points }) => points * direction > 0);
  const weightOf = ({ points, weight }: Evidence): number => Math.abs(points) * weight;
  const total = evidence.reduce((sum, { weight }) => sum + weight, 0);
  const strength = own.reduce((sum, item) => sum + weightOf(item), 0) / total;
  return { strength, evidence: own.sort((a, b) => weightOf(b) - weightOf(a)) };
}

function signed(value: number): string {
  return `${value >= 0 ? '+' : ''}${value.toFixed(2)}`;
}
