/** Step 8 of the loop: what is held, what it is worth, and how well it went. */
export * from './benchmark.ts';
export { blockLength, type Interval, RESAMPLES, sharpeInterval } from './block-interval.ts';
export * from './equity-curve.ts';
export * from './excursion-table.ts';
export * from './excursions.ts';
export * from './gains.ts';
export * from './gains-by-year.ts';
export { type MarketTerms, termsOf } from './holding.ts';
export * from './metrics.ts';
export * from './opening.ts';
export * from './outline.ts';
export * from './performance.ts';
export * from './portfolio.ts';
export { TradeTally } from './trade-tally.ts';
