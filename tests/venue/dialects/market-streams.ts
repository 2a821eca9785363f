import type { UtcMs } from '../../../core/domain/index.ts';
import type { MarketEvent, VenueMarket } from '../market/venue-market.ts';
import type { StreamFrame } from './dialect.ts';
import {
  bookTickerEvent,
  dayTickerEvent,
  depthEvent,
  INTERVALS,
  klineEvents,
  tradeEvent,
} from './market-wire.ts';

/** What a depth update is besides what all dialects say of it. */
export type MoreOfDepth = (event: ReturnType<typeof depthEvent>, previous: number, now: UtcMs) => unknown;

/** Streams of trades and of the book, as both dialects name them. */
export function eventFrames(
  market: VenueMarket,
  event: MarketEvent,
  wanted: (stream: string) => boolean,
  moreOfDepth: MoreOfDepth,
): readonly StreamFrame[] {
  const id = market.symbol.id.toLowerCase();
  const frames: StreamFrame[] = [];
  const add = (name: string, data: () => unknown): void => {
    const stream = `${id}@${name}`;
    if (wanted(stream)) frames.push({ stream, data: data() });
  };
  if (event.kind === 'trade') {
    add('trade', () => tradeEvent(market, 'trade', event.trade));
    add('aggTrade', () => tradeEvent(market, 'aggTrade', event.trade));
    return frames;
  }
  const now = market.clock.now();
  const { update } = event;
  for (const name of DEPTH_NAMES)
    add(name, () => moreOfDepth(depthEvent(market, update, now), update.previous, now));
  add('bookTicker', () => bookTickerEvent(market));
  return frames;
}

// The slower rates would need updates joined; ccxt asks for 100 ms.
const DEPTH_NAMES = ['depth', 'depth@100ms', 'depth@0ms'];

/** Streams that come by the clock, every second. */
export function clockFrames(market: VenueMarket, wanted: readonly string[]): readonly StreamFrame[] {
  const now = market.clock.now();
  const prefix = `${market.symbol.id.toLowerCase()}@`;
  return wanted
    .filter((stream) => stream.startsWith(prefix))
    .flatMap((stream) => {
      const name = stream.slice(prefix.length);
      if (name === 'ticker') return [{ stream, data: dayTickerEvent(market, now) }];
      const interval = /^kline_(\w+)$/.exec(name)?.[1];
      if (interval === undefined || !INTERVALS.includes(interval)) return [];
      return klineEvents(market, interval, now).map((data) => ({ stream, data }));
    });
}
