import type { VolatilityView } from '../../contract/index.ts';
import { TIMEFRAME_MS, type UtcMs } from '../../domain/index.ts';
import type { VolatilitySet } from '../../inference/index.ts';
import type { ForecastRecord } from './forecast-record.ts';

/** What is foretold of a symbol now. */
export interface SymbolForecast {
  readonly symbol: string;
  /** Close of the bar it was made at. */
  readonly at: UtcMs;
  readonly horizons: VolatilityView['forecasts'][number]['horizons'];
}

export interface VolatilityFacts {
  readonly set: VolatilitySet | undefined;
  readonly message: string;
  readonly now: UtcMs;
  readonly forecasts: readonly SymbolForecast[];
  readonly record: ForecastRecord | null;
}

/** What the Models page shows of volatility. */
export function volatilityView({ set, message, now, forecasts, record }: VolatilityFacts): VolatilityView {
  const live = record?.view() ?? { waiting: 0, matured: 0, within80: null, qlike: null };
  return {
    set: set === undefined ? null : setView(set),
    message,
    expiresInDays:
      set === undefined ? null : Math.floor((Date.parse(set.manifest.validUntil) - now) / TIMEFRAME_MS['1d']),
    forecasts: forecasts.map((forecast) => ({ ...forecast, horizons: [...forecast.horizons] })),
    live: { ...live, qlike: live.qlike === null ? null : { ...live.qlike } },
  };
}

function setView({ manifest }: VolatilitySet): NonNullable<VolatilityView['set']> {
  const { setId, validFrom, validUntil, samples, trials, walkForward, pool, horizons, limits } = manifest;
  return {
    setId,
    validFrom: Date.parse(validFrom),
    validUntil: Date.parse(validUntil),
    samples,
    trials,
    limits,
    walkForward: {
      from: Date.parse(walkForward.from),
      to: Date.parse(walkForward.to),
      horizons: ([0, 1] as const).map((horizon) => ({
        bars: horizons[horizon].bars,
        figures: walkForward.horizons[horizon].map(({ id, qlike, logRmse, overFormula, overRidge }) => {
          return { id, qlike, logRmse, overFormula, overRidge, weight: pool[horizon].weights[id] ?? null };
        }),
      })),
    },
  };
}
