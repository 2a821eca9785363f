import { aheadOf, type Outlook, type UtcMs } from '../../domain/index.ts';
import {
  bandOf,
  HORIZONS,
  usedOf,
  type VolatilityForecast,
  type VolatilitySet,
} from '../../inference/index.ts';
import type { PastForecasts } from './past-forecasts.ts';

/** No price moves by more than this logarithm in a week; a damaged set says so. */
const LARGEST_SIGMA = 5;

export interface OutlookFacts {
  readonly set: VolatilitySet;
  readonly symbol: string;
  readonly at: UtcMs;
  readonly forecast: VolatilityForecast;
  /** What the bands of the day have learned. */
  readonly multiplier: number;
  readonly past: Pick<PastForecasts, 'compare'>;
}

/** Beyond these, costs are not taken to shrink or grow any more. */
const [SMOOTHEST, ROUGHEST] = [0.5, 4];

/** In units of the median of the past day's volatility in training; rounded, so that the last bits of a processor buy nothing else. */
function roughnessOf({ manifest }: VolatilitySet, sigma: number): number | null {
  const usual = manifest.features.statistics.find(({ name }) => name === 'var_24')?.p50;
  if (usual === undefined) return null;
  const ratio = sigma / Math.sqrt(HORIZONS[0].bars * Math.exp(usual));
  return Number(Math.min(ROUGHEST, Math.max(SMOOTHEST, ratio)).toFixed(2));
}

/** What a forecast says of a symbol; undefined where it says what cannot be. */
export function outlookOf({
  set,
  symbol,
  at,
  forecast,
  multiplier,
  past,
}: OutlookFacts): Outlook | undefined {
  const { manifest } = set;
  const horizon = (index: 0 | 1) => {
    const { id, bars } = HORIZONS[index];
    // The day's forecasts teach the bands of the day; too few weeks mature to teach those of the week.
    const band = bandOf(manifest, index, usedOf(forecast[id]), index === 0 ? multiplier : 1);
    const { used } = forecast[id];
    const spread = manifest.walkForward.horizons[index].find((figures) => figures.id === used)?.logRmse ?? 0;
    return { hours: bars, spread, ...band };
  };
  const [day, week] = [horizon(0), horizon(1)];
  if (![day, week].every(({ sigma }) => sigma > 0 && sigma < LARGEST_SIGMA)) return undefined;
  const compared = past.compare(symbol, at, day.sigma);
  return {
    setId: manifest.setId,
    at,
    day,
    week,
    ahead: aheadOf(compared.above, compared.past),
    ...compared,
    roughness: manifest.coins.some((coin) => coin.symbol === symbol) ? roughnessOf(set, day.sigma) : null,
  };
}
