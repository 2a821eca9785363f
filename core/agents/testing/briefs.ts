import { SettingsSchema } from '../../contract/index.ts';
import type { Brief, PositionBrief } from '../../domain/index.ts';
import type { FeatureNames } from '../brief-text.ts';

export const FLAT: PositionBrief = { direction: 'flat', openReturn: 0, barsHeld: 0, entry: null };

export const FEATURES: readonly FeatureNames[] = [
  { group: 'trend', names: ['dist_ema_50_atr', 'ema_21_slope_5_atr', 'di_diff_14', 'macd_hist_atr'] },
  { group: 'momentum', names: ['rsi_2', 'donchian_pos_55', 'obv_slope_50'] },
];

/** A brief in which every rule is fully convinced that prices rise. */
export function briefOf(given: Partial<Brief> = {}): Brief {
  const rising: Record<string, number> = {
    dist_ema_50_atr: 3.01234,
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
  return {
    symbol: 'BTC/USDT',
    timeframe: '1h',
    barOpenTime: Date.UTC(2026, 0, 5),
    close: 64_123.456_78,
    ready: true,
    feature: (name) => rising[name] ?? Number.NaN,
    window: () => null,
    regime: 'trending',
    position: FLAT,
    roundTripCost: 0.002_4,
    ...given,
  };
}

export function llmSettings(given: Record<string, unknown> = {}) {
  const prices = { 'some-model': { inputPerMTok: 0.5, outputPerMTok: 1.5, knowledgeCutoff: '2025-06-01' } };
  return SettingsSchema.parse({ llm: { enabled: true, model: 'some-model', prices, ...given } }).llm;
}
