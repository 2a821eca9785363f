import { TIMEFRAME_MS, type UtcMs } from '../../domain/index.ts';

const DAY_MS = TIMEFRAME_MS['1d'];
/** Part of the miss by which the bands move with each day. */
const STEP = 0.1;
const [NARROWEST, WIDEST] = [0.5, 2];

/**
 * Keeps bands honest: a day on which more of the matured returns fell outside than should widens them, one on which fewer
 * did narrows them (adaptive conformal inference; Gibbs and Candès, 2021). Starts at 1; what is known then is the past two
 * years' quantiles.
 */
export class BandMultiplier {
  readonly #missShare: number;
  #value = 1;

  /** @param missShare of the returns that should fall outside, such as 0.2. */
  constructor(missShare: number) {
    this.#missShare = missShare;
  }

  get value(): number {
    return this.#value;
  }

  /** Takes a day's matured forecasts: the share of them whose return fell outside its band. */
  observe(outsideShare: number): void {
    const moved = this.#value * Math.exp(STEP * (outsideShare - this.#missShare));
    this.#value = Math.min(WIDEST, Math.max(NARROWEST, moved));
  }
}

/** Tells the multiplier of each day's forecasts, all symbols together, once their horizon is over. */
export class BandKeeper {
  readonly multiplier: BandMultiplier;
  readonly #horizonMs: number;
  readonly #days = new Map<number, { outside: number; samples: number }>();

  constructor(missShare: number, horizonMs: number) {
    this.multiplier = new BandMultiplier(missShare);
    this.#horizonMs = horizonMs;
  }

  /** Notes whether the return that followed a forecast fell outside its band. */
  note(forecastAt: UtcMs, outside: boolean): void {
    const day = Math.floor(forecastAt / DAY_MS);
    const known = this.#days.get(day) ?? { outside: 0, samples: 0 };
    this.#days.set(day, { outside: known.outside + Number(outside), samples: known.samples + 1 });
  }

  /** Learns from every day whose forecasts have all come true by now. */
  advance(now: UtcMs): void {
    for (const day of [...this.#days.keys()].sort((a, b) => a - b)) {
      const known = this.#days.get(day);
      if (known === undefined || (day + 1) * DAY_MS + this.#horizonMs > now) return;
      this.multiplier.observe(known.outside / known.samples);
      this.#days.delete(day);
    }
  }
}
