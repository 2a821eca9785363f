import type { Settings } from '../../contract/index.ts';
import { TIMEFRAME_MS, type UtcMs } from '../../domain/index.ts';
import type { CcxtFeed } from '../../market/index.ts';
import type { Strategies } from '../../strategies/index.ts';
import type { LookBack, MarketOptions } from './market.ts';

/** A little more than the strategies ask for: the day that has not ended counts for none. */
const SPARE_MS = 2 * TIMEFRAME_MS['1d'];

/** What strategies look back on, in a market of stored bars. Nothing that has not happened yet is read. */
export function storedLookBack(
  {
    settings,
    strategies,
    symbols,
    history,
  }: Pick<MarketOptions, 'settings' | 'strategies' | 'symbols' | 'history'>,
  now: UtcMs,
): ReadonlyMap<string, LookBack> {
  const { timeframe } = settings;
  const durationMs = TIMEFRAME_MS[timeframe];
  const from = now - spanOf(settings, strategies);
  return new Map(
    symbols.map((symbol) => [
      symbol,
      { durationMs, candles: history.candles(symbol, timeframe, { from, before: now }) },
    ]),
  );
}

/**
 * The same of a real venue, which is asked for the bars that the strategies read, whatever the chart shows; nothing where
 * no strategy in use reads any. A venue that fails to answer costs the look back, and the strategy says that it waits.
 */
export async function venueLookBack(
  { settings, strategies, symbols, log, onProgress, signal }: MarketOptions,
  feed: Pick<CcxtFeed, 'history'>,
): Promise<ReadonlyMap<string, LookBack>> {
  const found = new Map<string, LookBack>();
  const span = spanOf(settings, strategies);
  if (span === 0) return found;
  const durationMs = TIMEFRAME_MS['1h'];
  const opening = {
    ...(signal === undefined ? {} : { signal }),
    ...(onProgress === undefined ? {} : { onProgress }),
  };
  for (const symbol of symbols) {
    try {
      found.set(symbol, {
        durationMs,
        candles: await feed.history(symbol, '1h', Math.ceil(span / durationMs), opening),
      });
    } catch (error) {
      signal?.throwIfAborted();
      log.warn({ symbol, error }, 'no hourly history: the strategy waits until it has seen enough');
    }
  }
  return found;
}

/** How far the strategies in use look back, the rivals' too; 0 where they read the chart's own bars. */
function spanOf({ strategy, arena }: Pick<Settings, 'strategy' | 'arena'>, strategies: Strategies): number {
  const ids = [strategy.id, ...Object.values(arena.rivals).map((rival) => rival.strategy)];
  const longest = Math.max(...ids.map((id) => strategies.of(id).data.historyMs ?? 0));
  return longest === 0 ? 0 : longest + SPARE_MS;
}
