import { type Candle, isBitcoin } from '../../domain/index.ts';
import { bitcoinContext, type FeatureContext } from '../../features/index.ts';
import type { HistorySeries } from '../../market/index.ts';

/** Bitcoin's bar beside each bar of another symbol, where bitcoin is among the series: of the same market if it is there. */
export function contextFor(
  symbol: string,
  series: readonly Pick<HistorySeries, 'symbol' | 'bars'>[],
): ((candle: Candle) => FeatureContext | undefined) | undefined {
  if (isBitcoin(symbol)) return undefined;
  const bitcoins = series.filter((each) => isBitcoin(each.symbol));
  const sameMarket = bitcoins.find((each) => each.symbol.split('/')[1] === symbol.split('/')[1]);
  const chosen = sameMarket ?? bitcoins[0];
  return chosen === undefined ? undefined : bitcoinContext(chosen.bars);
}
