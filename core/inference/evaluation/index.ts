/** How well a model does on candles it has not learned from. */
export { type ExaminationOptions, type ExaminedSeries, examine } from './evaluate.ts';
export { VERDICT_SHARE, verdictOf } from './verdict.ts';
