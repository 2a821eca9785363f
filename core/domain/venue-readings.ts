/** How a venue has answered lately. Times are the wall's. */
export interface VenueReadings {
  /** Since its last answer; null before the first. */
  readonly lastAnswerAgeMs: number | null;
  /** How long its last answers took: half of them, and 99 of 100, at most so long; null before the first. */
  readonly latency: { readonly p50Ms: number; readonly p99Ms: number; readonly answers: number } | null;
  /** Share of what may be asked at once that is spent at the moment, 0 to 1. */
  readonly budgetUsed: number;
}
