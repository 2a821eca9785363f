/** Forecasts of volatility: the sets, what they say, and how good it was. */
export { BandKeeper } from './band-multiplier.ts';
export {
  type Coverage,
  examineVolatility,
  type ForecastFigures,
  type HorizonExamination,
  OUTSIDE_80,
  type VolatilitySample,
  type VolatilityVerdict,
} from './examination.ts';
export { type BlockInterval, qlike } from './judgement.ts';
export type { VolatilityManifest } from './manifest.ts';
export { HORIZONS, type HorizonId, logRealisedVariance, VARIANCE_FLOOR } from './variance-label.ts';
export {
  bandOf,
  expiryOf,
  type HorizonForecast,
  usedOf,
  type VolatilityBand,
  type VolatilityForecast,
  VolatilityForecaster,
} from './volatility-forecaster.ts';
export { checkVolatilityParity } from './volatility-parity.ts';
export {
  type FoundVolatilitySet,
  loadVolatilitySet,
  setFor,
  type VolatilitySet,
  volatilitySets,
} from './volatility-set.ts';
