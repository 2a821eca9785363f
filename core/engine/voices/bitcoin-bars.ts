import { bitcoinOf, type Candle } from '../../domain/index.ts';
import { bitcoinContext, type FeatureContext } from '../../features/index.ts';
import type { HistorySeries } from '../../market/index.ts';

/** Bitcoin's bar beside each bar of another symbol, where bitcoin is among the series: of the same market if it is there. */
export function contextFor(
  symbol: string,
  series: readonly Pick<HistorySeries, 'symbol' | 'bars'>[],
): ((candle: Candle) => FeatureContext | undefined) | undefined {
  const bitcoin = bitcoinOf(
    symbol,
    series.map((each) => each.symbol),
  );
  const chosen = series.find((each) => each.symbol === bitcoin);
  return chosen === undefined ? undefined : bitcoinContext(chosen.bars);
}
