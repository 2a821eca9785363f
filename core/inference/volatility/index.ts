export { HORIZONS, type HorizonId, logRealisedVariance, VARIANCE_FLOOR } from './variance-label.ts';
