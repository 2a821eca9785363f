import { type Clock, float, type Instrument, TIMEFRAME_MS } from '../../domain/index.ts';
import { LiveMarket, type LiveMarketOptions, RecentMarket } from '../../market/index.ts';
import type { MarketOptions } from './market.ts';

/** Who is told as well; see `LiveMarketOptions`. */
export interface Listening extends Partial<Pick<LiveMarketOptions, 'onBook' | 'onTrade'>> {
  /** That no order goes by: questions about books never take from what orders may ask. */
  readonly line: LiveMarketOptions['line'];
  readonly instruments: ReadonlyMap<string, Instrument>;
  /** The venue's time. */
  readonly clock: Clock;
}

/** Listens to the books and trades of a real venue until the program ends, and keeps what was told lately. */
export function listenToMarket(
  { settings, timers, log, keep }: MarketOptions,
  { line, instruments, clock, onBook, onTrade }: Listening,
): RecentMarket {
  const recent = new RecentMarket({ timeframeMs: TIMEFRAME_MS[settings.timeframe], since: clock.now() });
  const live = keep(
    new LiveMarket({
      line,
      // ccxt counts books and trades of derivatives in contracts.
      contractSizes: new Map(
        [...instruments].map(([symbol, { contractSize }]) => [symbol, float(contractSize)]),
      ),
      clock,
      timers,
      log,
      onBook(symbol, book) {
        recent.showBook(symbol, book);
        onBook?.(symbol, book);
      },
      onTrade(symbol, trade) {
        recent.showTrade(symbol, trade);
        onTrade?.(symbol, trade);
      },
    }),
  );
  live.start();
  return recent;
}
