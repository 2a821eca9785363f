import type { Regime } from '../contract/index.ts';

/** The top fifth of its own month's volatility counts as volatile. */
const VOLATILE_PERCENTILE = 0.85;
/** ADX of 25, the usual border of a trend (Wilder, 1978), in the feature's scale (ADX/100). */
const TREND_ADX = 0.25;
/** Kaufman's efficiency ratio over 48 bars: share of the path that was progress. */
const TREND_EFFICIENCY = 0.25;

/**
 * How the market behaves, from features of the closed bar. A feature without a value (NaN) argues for nothing, so
 * that short histories are called ranging.
 *
 * @param feature a feature's value by name.
 */
export function classifyRegime(feature: (name: string) => number): Regime {
  if (feature('vol_pctile_720') > VOLATILE_PERCENTILE) return 'volatile';
  const trending = feature('adx_14') > TREND_ADX || feature('efficiency_ratio_48') > TREND_EFFICIENCY;
  return trending ? 'trending' : 'ranging';
}
