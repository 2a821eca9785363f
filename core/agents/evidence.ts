import type { Regime } from '../contract/index.ts';
import type { Brief } from '../domain/index.ts';

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

/** All that can be said in a regime. */
const ALL_WEIGHT: Readonly<Record<Regime, number>> = {
  trending: sumOf(RULES.trending),
  ranging: sumOf(RULES.ranging),
  volatile: sumOf(RULES.volatile),
};

/** 1: what speaks for rising prices; -1: for falling ones. */
export type Direction = 1 | -1;

/**
 * What the rules see in a brief: numbers, of which words are made only for who reads them. No observation speaks for both
 * directions: those of the two cases have nothing in common.
 */
export class Reading {
  readonly regime: Regime;
  /** Of the regime's rules, in their order. */
  readonly #values: readonly number[];
  readonly #up: number;
  readonly #down: number;

  private constructor(regime: Regime, values: readonly number[], up: number, down: number) {
    this.regime = regime;
    this.#values = values;
    this.#up = up / ALL_WEIGHT[regime];
    this.#down = down / ALL_WEIGHT[regime];
  }

  /** Undefined when a feature that the rules need has no value. */
  static of(brief: Brief): Reading | undefined {
    const values: number[] = [];
    let [up, down] = [0, 0];
    for (const rule of RULES[brief.regime]) {
      const value = brief.feature(rule.feature);
      if (!Number.isFinite(value)) return undefined;
      values.push(value);
      const weight = pointsOf(rule, value) * rule.weight;
      if (weight > 0) up += weight;
      else down -= weight;
    }
    return new Reading(brief.regime, values, up, down);
  }

  /** Weight of what speaks for a direction as a share of all weight, 0 to 1: 1 when everything plainly does. */
  strength(direction: Direction): number {
    return direction === 1 ? this.#up : this.#down;
  }

  /** What speaks for a direction, in words, strongest first. */
  sentences(direction: Direction, most: number): readonly string[] {
    return RULES[this.regime]
      .map((rule, index) => ({ rule, value: this.#values[index] ?? Number.NaN }))
      .map((seen) => ({ ...seen, weight: direction * pointsOf(seen.rule, seen.value) * seen.rule.weight }))
      .filter(({ weight }) => weight > 0)
      .sort((a, b) => b.weight - a.weight)
      .slice(0, most)
      .map(({ rule, value }) => rule.says(signed(value)));
  }
}

/** Bull and Bear read the same brief: what the rules see in it is gathered once for both. */
export class Reader {
  #brief: Brief | null = null;
  #reading: Reading | undefined;

  read(brief: Brief): Reading | undefined {
    if (this.#brief !== brief) {
      this.#brief = brief;
      this.#reading = Reading.of(brief);
    }
    return this.#reading;
  }
}

/** What an observation says of the direction: -1 plainly down, +1 plainly up. */
function pointsOf({ plainAt }: Rule, value: number): number {
  return Math.max(-1, Math.min(1, value / plainAt));
}

function sumOf(rules: readonly Rule[]): number {
  return rules.reduce((sum, { weight }) => sum + weight, 0);
}

function signed(value: number): string {
  return `${value >= 0 ? '+' : ''}${value.toFixed(2)}`;
}
