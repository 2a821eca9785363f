import type { VenueMarket } from '../market/venue-market.ts';
import { open, type Route } from '../rest/route.ts';
import type { VenueRequest } from '../rest/venue-request.ts';
import { marketOf, type World } from '../world.ts';
import {
  aggregateRow,
  bookTickerRow,
  dayTickerRow,
  klineRows,
  levelRows,
  tradeRow,
  tradesOf,
} from './market-wire.ts';

const USUAL_DEPTH = 100;

/** Public market data, which both dialects answer under a path of their own. */
export function marketRoutes(world: World, root: string, moreOfDepth: () => object): readonly Route[] {
  const { clock } = world;
  const get = (
    path: string,
    weight: number,
    run: (market: VenueMarket, request: VenueRequest) => unknown,
  ): Route =>
    open(`GET ${root}/${path}`, weight, (request) => run(marketOf(world, request.needed('symbol')), request));
  /** Of one symbol, or of all where none is named. */
  const each = (path: string, weight: number, run: (market: VenueMarket) => unknown): Route =>
    open(`GET ${root}/${path}`, weight, (request) => {
      const symbol = request.text('symbol');
      if (symbol !== undefined) return run(marketOf(world, symbol));
      return [...world.markets.values()].filter(({ symbol: { status } }) => status !== 'SETTLED').map(run);
    });
  return [
    open(`GET ${root}/ping`, 1, () => ({})),
    get('klines', 2, (market, request) => klineRows(market, request, clock.now())),
    get('depth', 5, (market, request) => {
      const limit = request.number('limit') ?? USUAL_DEPTH;
      return {
        ...{ lastUpdateId: market.updateId, ...moreOfDepth() },
        bids: levelRows(market.book.levels('buy', limit)),
        asks: levelRows(market.book.levels('sell', limit)),
      };
    }),
    get('trades', 25, (market, request) => tradesOf(market, request).map(tradeRow)),
    get('historicalTrades', 25, (market, request) => tradesOf(market, request).map(tradeRow)),
    get('aggTrades', 4, (market, request) => tradesOf(market, request).map(aggregateRow)),
    each('ticker/24hr', 2, (market) => dayTickerRow(market, clock.now())),
    each('ticker/bookTicker', 2, bookTickerRow),
    each('ticker/price', 2, (market) => ({ symbol: market.symbol.id, price: market.lastPrice.toFixed() })),
  ];
}
