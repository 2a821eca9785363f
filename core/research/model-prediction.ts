import type { ModelOutput } from '../contract/index.ts';
import { TIMEFRAME_MS, type Timeframe } from '../domain/index.ts';
import { featureHistory } from '../engine/voices/models.ts';
import { DirectRunner, Forecaster, forecastHistory, type ModelSet } from '../inference/index.ts';
import type { HistorySeries } from '../market/index.ts';

export interface BarPrediction {
  readonly symbol: string;
  readonly barOpenTime: string;
  readonly ensemble: { readonly down: number; readonly flat: number; readonly up: number };
  readonly models: readonly ModelOutput[];
}

/**
 * What a set says of the last bars of each symbol.
 *
 * @param rows how many bars, counted from the end.
 * @throws ModelRefusal when a model cannot be run.
 */
export async function predictLast(
  set: ModelSet,
  series: readonly HistorySeries[],
  timeframe: Timeframe,
  rows: number,
): Promise<readonly BarPrediction[]> {
  const runner = new DirectRunner();
  const forecaster = new Forecaster(set, runner);
  try {
    const predictions: BarPrediction[] = [];
    for (const one of series) {
      const first = one.bars.at(-rows) ?? one.bars[0];
      const from = (first?.openTime ?? 0) + TIMEFRAME_MS[timeframe];
      const history = featureHistory(one, series, timeframe);
      const answers = await forecastHistory(forecaster, history, timeframe, (closeTime) => closeTime >= from);
      for (const [openTime, { pooled, outputs }] of answers) {
        const [down, flat, up] = pooled;
        const barOpenTime = new Date(openTime).toISOString();
        predictions.push({ symbol: one.symbol, barOpenTime, ensemble: { down, flat, up }, models: outputs });
      }
    }
    return predictions;
  } finally {
    await runner.close();
  }
}
