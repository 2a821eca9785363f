import { createHash } from 'node:crypto';
import { FEATURE_MEANINGS } from './meanings.ts';

/** The groups, in the order of the model's input. */
export const FEATURE_GROUPS = [
  'trend',
  'momentum',
  'volatility',
  'volume',
  'price-action',
  'statistics',
  'microstructure',
  'time',
  'regime',
  'variance',
] as const;
export type FeatureGroup = (typeof FEATURE_GROUPS)[number];

/**
 * The groups that voters and analysts read: 106 features of candles. The microstructure needs order books; the variance
 * is what the volatility models read, and nobody else.
 */
export const CANDLE_GROUPS: readonly FeatureGroup[] = FEATURE_GROUPS.filter(
  (group) => group !== 'microstructure' && group !== 'variance',
);

/** Bars that must have closed before a feature vector may be used, in training and live. */
export const READY_AFTER_BARS = 800;

// [name, definition version, parameters, bars to the first value, bars until the start of history no longer matters].
// The version of a feature goes up whenever its values change: models trained on the old ones then refuse to run.
const TREND = [
  ['dist_ema_8_atr', 1, { n: 8, atr: 14 }, 15, 170],
  ['dist_ema_21_atr', 1, { n: 21, atr: 14 }, 21, 170],
  ['dist_ema_50_atr', 1, { n: 50, atr: 14 }, 50, 330],
  ['dist_sma_100_atr', 1, { n: 100, atr: 14 }, 100, 170],
  ['dist_sma_200_atr', 1, { n: 200, atr: 14 }, 200, 200],
  ['sma_50_200_spread_atr', 1, { fast: 50, slow: 200, atr: 14 }, 200, 200],
  ['ema_21_slope_5_atr', 1, { n: 21, lag: 5, atr: 14 }, 26, 170],
  ['sma_100_slope_20_atr', 1, { n: 100, lag: 20, atr: 14 }, 120, 150],
  ['dist_tema_21_atr', 1, { n: 21, atr: 14 }, 61, 200],
  ['macd_line_atr', 1, { fast: 12, slow: 26, atr: 14 }, 26, 190],
  ['macd_hist_atr', 1, { fast: 12, slow: 26, signal: 9, atr: 14 }, 34, 200],
  ['adx_14', 1, { n: 14 }, 28, 210],
  ['di_diff_14', 1, { n: 14 }, 15, 190],
  ['aroon_osc_25', 1, { n: 25 }, 26, 26],
  ['psar_dist_atr', 1, { step: 0.02, max: 0.2, atr: 14 }, 15, 160],
  ['supertrend_dist_atr', 1, { n: 10, multiplier: 3, atr: 14 }, 15, 160],
  ['ichimoku_tk_atr', 1, { conversion: 9, base: 26, atr: 14 }, 26, 170],
  ['ichimoku_cloud_atr', 1, { conversion: 9, base: 26, span: 52, shift: 26, atr: 14 }, 78, 170],
  ['linreg_slope_50_atr', 1, { n: 50, atr: 14 }, 50, 170],
  ['vortex_diff_14', 1, { n: 14 }, 15, 15],
] as const;

const MOMENTUM = [
  ['rsi_2', 1, { n: 2 }, 3, 21],
  ['rsi_7', 1, { n: 7 }, 8, 90],
  ['rsi_14', 1, { n: 14 }, 15, 190],
  ['stoch_k_14_3', 1, { n: 14, slow: 3 }, 16, 16],
  ['stoch_d_14_3', 1, { n: 14, slow: 3, signal: 3 }, 18, 18],
  ['stochrsi_14', 1, { rsi: 14, n: 14, slow: 3 }, 30, 190],
  ['willr_14', 1, { n: 14 }, 14, 14],
  ['cci_20', 1, { n: 20, scale: 0.015 }, 20, 20],
  ['ret_1_z', 1, { k: 1, sigma: 20 }, 21, 21],
  ['ret_3_z', 1, { k: 3, sigma: 20 }, 21, 21],
  ['ret_6_z', 1, { k: 6, sigma: 20 }, 21, 21],
  ['ret_12_z', 1, { k: 12, sigma: 20 }, 21, 21],
  ['ret_24_z', 1, { k: 24, sigma: 20 }, 25, 25],
  ['ret_72_z', 1, { k: 72, sigma: 20 }, 73, 73],
  ['ret_168_z', 1, { k: 168, sigma: 20 }, 169, 169],
  ['ultosc', 1, { short: 7, middle: 14, long: 28 }, 29, 29],
  ['trix_15_atr', 1, { n: 15, atr: 14 }, 44, 170],
  ['ao_5_34_atr', 1, { fast: 5, slow: 34, atr: 14 }, 34, 170],
  ['bop_14', 1, { n: 14 }, 14, 14],
] as const;

const VOLATILITY = [
  ['natr_14', 1, { n: 14 }, 15, 170],
  ['tr_ratio_7_50', 1, { fast: 7, slow: 50 }, 51, 51],
  ['bb_width_20', 1, { n: 20, deviations: 2 }, 20, 20],
  ['bb_pctb_20', 1, { n: 20, deviations: 2 }, 20, 20],
  ['squeeze_20', 1, { n: 20, bollinger: 2, keltner: 1.5 }, 21, 21],
  ['donchian_pos_20', 1, { n: 20 }, 20, 20],
  ['donchian_pos_55', 1, { n: 55 }, 55, 55],
  ['rv_24', 1, { n: 24 }, 25, 25],
  ['rv_ratio_6_48', 1, { fast: 6, slow: 48 }, 49, 49],
  ['rv_168', 1, { n: 168 }, 169, 169],
  ['park_rv_ratio_24', 1, { n: 24 }, 25, 25],
  ['mass_index_25', 1, { ema: 9, n: 25 }, 41, 96],
  ['chop_14', 1, { n: 14 }, 15, 15],
  ['yang_zhang_24', 1, { n: 24 }, 25, 25],
  ['semivar_down_48', 1, { n: 48 }, 49, 49],
  ['vov_48', 1, { n: 48 }, 49, 49],
] as const;

const VOLUME = [
  ['vol_ratio_20', 1, { n: 20, floor: 0.001 }, 20, 20],
  ['vol_ratio_24_168', 1, { fast: 24, slow: 168, floor: 0.001 }, 168, 168],
  ['pvo_12_26', 1, { fast: 12, slow: 26 }, 26, 210],
  ['obv_slope_20', 1, { n: 20 }, 21, 21],
  ['cmf_20', 1, { n: 20 }, 20, 20],
  ['mfi_14', 1, { n: 14 }, 15, 15],
  ['adosc_3_10', 1, { fast: 3, slow: 10, volume: 20 }, 20, 66],
  ['force_13', 1, { n: 13, volume: 20, atr: 14 }, 20, 180],
  ['eom_14', 1, { n: 14, volume: 20, atr: 14, floor: 0.001 }, 33, 190],
  ['vwap_dist_24_atr', 1, { n: 24, atr: 14 }, 24, 170],
  ['vwap_dist_168_atr', 1, { n: 168, atr: 14 }, 168, 168],
  ['vw_ret_24', 1, { n: 24 }, 25, 25],
  ['corr_absret_vol_48', 1, { n: 48, volume: 20, floor: 0.001 }, 67, 67],
  ['amihud_24_168', 1, { fast: 24, slow: 168, volume: 20, floor: 0.001 }, 187, 187],
] as const;

const PRICE_ACTION = [
  ['body_ratio', 1, {}, 1, 1],
  ['upper_wick', 1, {}, 1, 1],
  ['lower_wick', 1, {}, 1, 1],
  ['range_atr', 1, { atr: 14 }, 15, 170],
  ['gap_atr', 1, { atr: 14 }, 15, 170],
  ['engulfing', 1, {}, 2, 2],
  ['run_length', 1, { clip: 10 }, 2, 2],
  ['hh_ll_score_10', 1, { n: 10 }, 11, 11],
  ['dist_high_168_atr', 1, { n: 168, atr: 14 }, 168, 180],
  ['dist_low_168_atr', 1, { n: 168, atr: 14 }, 168, 168],
  ['ha_body_atr', 1, { atr: 14 }, 15, 170],
] as const;

const STATISTICS = [
  ['zscore_48', 1, { n: 48 }, 48, 48],
  ['skew_72', 1, { n: 72 }, 73, 73],
  ['kurt_72', 1, { n: 72 }, 73, 73],
  ['autocorr1_72', 1, { n: 72 }, 74, 74],
  ['efficiency_ratio_48', 1, { n: 48 }, 49, 49],
  ['linreg_r2_50', 1, { n: 50 }, 50, 50],
] as const;

// Depth and cost are in units of the volume of the last 24 hours: 24 is that many hourly bars.
const MICROSTRUCTURE = [
  ['ob_available', 1, { maxAgeMs: 5000 }, 1, 1],
  ['ob_spread_bps', 1, {}, 1, 1],
  ['ob_microprice_bps', 1, {}, 1, 1],
  ['ob_imb_1', 1, { levels: 1 }, 1, 1],
  ['ob_imb_5', 1, { levels: 5 }, 1, 1],
  ['ob_imb_20', 1, { levels: 20 }, 1, 1],
  ['ob_imb_10bps', 1, { bps: 10 }, 1, 1],
  ['ob_imb_50bps', 1, { bps: 50 }, 1, 1],
  ['ob_depth_10bps', 1, { bps: 10, volumeHours: 24 }, 24, 24],
  ['ob_depth_50bps', 1, { bps: 50, volumeHours: 24 }, 24, 24],
  ['ob_slope_bid', 1, { levels: 20 }, 1, 1],
  ['ob_slope_ask', 1, { levels: 20 }, 1, 1],
  ['ob_cost_buy_bps', 1, { share: 0.1, volumeHours: 24 }, 24, 24],
  ['ob_cost_sell_bps', 1, { share: 0.1, volumeHours: 24 }, 24, 24],
  ['ob_imb_5_mean_60s', 1, { levels: 5, windowMs: 60000 }, 1, 1],
  ['flow_taker_imb', 1, {}, 1, 1],
] as const;

const TIME = [
  ['hour_sin', 1, { hours: 24 }, 1, 1],
  ['hour_cos', 1, { hours: 24 }, 1, 1],
  ['dow_sin', 1, { days: 7 }, 1, 1],
  ['dow_cos', 1, { days: 7 }, 1, 1],
  ['is_weekend', 1, {}, 1, 1],
  ['session_asia', 1, { zone: 'UTC', from: '00:00', to: '09:00' }, 1, 1],
  ['session_europe', 1, { zone: 'Europe/London', from: '08:00', to: '17:00' }, 1, 1],
  ['session_us', 1, { zone: 'America/New_York', from: '09:30', to: '16:00', weekdays: true }, 1, 1],
  ['funding_sin', 1, { hours: 8 }, 1, 1],
  ['funding_cos', 1, { hours: 8 }, 1, 1],
] as const;

const REGIME = [
  ['vol_pctile_720', 1, { n: 24, window: 720 }, 744, 744],
  ['adx_strength', 1, { n: 14, from: 0.15, width: 0.25 }, 28, 210],
  ['var_ratio_4_168', 1, { q: 4, n: 168 }, 169, 169],
  ['var_ratio_12_336', 1, { q: 12, n: 336 }, 337, 337],
  ['hurst_336', 1, { q: 12, n: 336 }, 337, 337],
  ['trend_t_168', 1, { n: 168, clip: 60 }, 168, 168],
  ['btc_ret_24_z', 1, { k: 24, sigma: 20 }, 25, 25],
  ['btc_beta_168', 1, { n: 168 }, 169, 169],
  ['btc_corr_168', 1, { n: 168 }, 169, 169],
  ['regime_code', 1, { trend: 0.2, adx: 0.2 }, 744, 744],
] as const;

// Sums of squares and ranges as natural logarithms of the mean of one bar, floored: differences of them are ratios.
const VARIANCE = [
  ['var_3', 1, { n: 3, floor: 1e-9 }, 4, 4],
  ['var_6', 1, { n: 6, floor: 1e-9 }, 7, 7],
  ['var_12', 1, { n: 12, floor: 1e-9 }, 13, 13],
  ['var_24', 1, { n: 24, floor: 1e-9 }, 25, 25],
  ['var_48', 1, { n: 48, floor: 1e-9 }, 49, 49],
  ['var_168', 1, { n: 168, floor: 1e-9 }, 169, 169],
  ['var_336', 1, { n: 336, floor: 1e-9 }, 337, 337],
  ['var_720', 1, { n: 720, floor: 1e-9 }, 721, 721],
  ['park_var_6', 1, { n: 6, floor: 1e-9 }, 7, 7],
  ['park_var_24', 1, { n: 24, floor: 1e-9 }, 25, 25],
  ['park_var_168', 1, { n: 168, floor: 1e-9 }, 169, 169],
  ['gk_var_24', 1, { n: 24, floor: 1e-9 }, 25, 25],
  ['var_ewma_20', 1, { span: 20, blocks: 30, bars: 24, floor: 1e-9 }, 721, 721],
  ['var_spread_30', 1, { blocks: 30, bars: 24, floor: 1e-9 }, 721, 721],
  ['jump_share_24', 1, { n: 24 }, 25, 25],
  ['jump_share_168', 1, { n: 168 }, 169, 169],
  ['down_share_24', 1, { n: 24 }, 25, 25],
  ['down_share_168', 1, { n: 168 }, 169, 169],
  ['move_24_z', 1, { k: 24, sigma: 168 }, 169, 169],
  ['move_168_z', 1, { k: 168, sigma: 720 }, 721, 721],
  ['volume_24_168', 1, { fast: 24, slow: 168 }, 168, 168],
  ['volume_168_720', 1, { fast: 168, slow: 720 }, 720, 720],
  ['btc_var_24', 1, { n: 24, floor: 1e-9 }, 25, 25],
  ['btc_var_168', 1, { n: 168, floor: 1e-9 }, 169, 169],
  ['btc_park_var_6', 1, { n: 6, floor: 1e-9 }, 7, 7],
  ['ahead_tuesday', 1, { hours: 24 }, 1, 1],
  ['ahead_wednesday', 1, { hours: 24 }, 1, 1],
  ['ahead_thursday', 1, { hours: 24 }, 1, 1],
  ['ahead_friday', 1, { hours: 24 }, 1, 1],
  ['ahead_saturday', 1, { hours: 24 }, 1, 1],
  ['ahead_sunday', 1, { hours: 24 }, 1, 1],
  ['ahead_hour_sin', 1, { hours: 24 }, 1, 1],
  ['ahead_hour_cos', 1, { hours: 24 }, 1, 1],
] as const;

const BY_GROUP = {
  trend: TREND,
  momentum: MOMENTUM,
  volatility: VOLATILITY,
  volume: VOLUME,
  'price-action': PRICE_ACTION,
  statistics: STATISTICS,
  microstructure: MICROSTRUCTURE,
  time: TIME,
  regime: REGIME,
  variance: VARIANCE,
} as const;

export type FeatureNameOf<G extends FeatureGroup> = (typeof BY_GROUP)[G][number][0];
export type FeatureName = FeatureNameOf<FeatureGroup>;

export interface FeatureDefinition {
  readonly name: FeatureName;
  readonly group: FeatureGroup;
  readonly version: number;
  readonly params: Readonly<Record<string, number | string | boolean>>;
  /** Bars needed for the first value. */
  readonly firstBars: number;
  /** Bars after which the value no longer depends on where the history starts (1e-5 of the feature's sigma). */
  readonly stableBars: number;
  /** One line for the trader. */
  readonly meaning: string;
}

/** Typed here, so that a feature without a meaning does not compile. */
const MEANINGS: Readonly<Record<FeatureName, string>> = FEATURE_MEANINGS;

/** Every feature, 86 + 16 + 10 + 10 + 33, in the order of the model's input. */
export const FEATURES: readonly FeatureDefinition[] = FEATURE_GROUPS.flatMap((group) =>
  BY_GROUP[group].map(([name, version, params, firstBars, stableBars]): FeatureDefinition => {
    return { name, group, version, params, firstBars, stableBars, meaning: MEANINGS[name] };
  }),
);

/** The features of these groups in the order of the model's input, whatever the order of the groups given. */
export function featuresOf(groups: readonly FeatureGroup[]): readonly FeatureDefinition[] {
  return FEATURES.filter((feature) => groups.includes(feature.group));
}

export function featureNames(groups: readonly FeatureGroup[] = FEATURE_GROUPS): readonly FeatureName[] {
  return featuresOf(groups).map((feature) => feature.name);
}

/** Position of each feature inside its group. */
export function columnsOf<G extends FeatureGroup>(group: G): Readonly<Record<FeatureNameOf<G>, number>> {
  const columns = BY_GROUP[group].map(([name], index) => [name, index] as const);
  return Object.fromEntries(columns) as Record<FeatureNameOf<G>, number>; // the entries are that group's names
}

/**
 * Identity of a model's input: SHA-256, in hex, of the canonical JSON (sorted keys, no white space) of
 * [name, params, version] of each feature in order.
 */
export function featureSetHash(features: readonly FeatureDefinition[] = FEATURES): string {
  const identity = features.map(({ name, params, version }) => {
    const sorted = Object.entries(params).sort(([a], [b]) => (a < b ? -1 : 1));
    return [name, Object.fromEntries(sorted), version];
  });
  return createHash('sha256').update(JSON.stringify(identity)).digest('hex');
}
