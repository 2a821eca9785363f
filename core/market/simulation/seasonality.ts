import type { UtcMs } from '../../domain/index.ts';

const HOUR_MS = 3_600_000;

/** Volatility by UTC hour: quiet before Asia wakes, busiest when Europe and America overlap. */
const BY_HOUR = [
  1.05, 0.95, 0.85, 0.8, 0.75, 0.75, 0.8, 0.9, 1, 1, 0.95, 0.95, 1.1, 1.35, 1.55, 1.5, 1.35, 1.2, 1.1, 1.05,
  1, 0.95, 0.9, 0.95,
];

/** How volatile and how busy the hour of day of `at` is; about 1 on average over the day. */
export function hourOfDayFactor(at: UtcMs): number {
  return BY_HOUR[Math.floor(at / HOUR_MS) % BY_HOUR.length] ?? 1;
}
