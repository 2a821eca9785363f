export { OVERLAY_IDS, OVERLAY_WORDS, type OverlayId } from '../stores/overlay-ids.ts';
export { ComparisonChart } from './comparison-chart.ts';
export { EquityChart } from './equity-chart.ts';
export { PriceChart, type Reading } from './price-chart.ts';
export { sparklinePath, thin } from './sparkline.ts';
