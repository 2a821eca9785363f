import { text } from '../../../../core/domain/index.ts';
import type { FuturesWorld } from '../../futures/futures-world.ts';
import type { VenueMarket } from '../../market/venue-market.ts';
import { open, type Route } from '../../rest/route.ts';
import { marketOf } from '../../world.ts';
import { pageOf } from '../page.ts';

/** Mark prices and funding rates. */
export function fundingRoutes(world: FuturesWorld): readonly Route[] {
  const { funding, markets, clock } = world;
  const index = (market: VenueMarket): unknown => {
    const mark = text(market.markPrice);
    return {
      ...{ symbol: market.symbol.id, markPrice: mark, indexPrice: mark, estimatedSettlePrice: mark },
      ...{ lastFundingRate: funding.rateOf(market.symbol.id).toFixed(8), interestRate: '0.00010000' },
      ...{ nextFundingTime: funding.nextAt, time: clock.now() },
    };
  };
  return [
    open('GET /fapi/v1/premiumIndex', 1, (request) => {
      const symbol = request.text('symbol');
      return symbol === undefined ? [...markets.values()].map(index) : index(marketOf(world, symbol));
    }),
    open('GET /fapi/v1/fundingRate', 1, (request) => {
      const symbol = request.text('symbol');
      const { start = 0, end = clock.now(), limit } = pageOf(request, 'fromId');
      return funding.history
        .filter((one) => (symbol === undefined || one.symbol === symbol) && one.at >= start && one.at <= end)
        .slice(-limit)
        .map(({ symbol: of, rate, at, mark }) => ({
          ...{ symbol: of, fundingRate: rate, fundingTime: at, markPrice: mark },
        }));
    }),
    open('GET /fapi/v1/fundingInfo', 1, () => []),
  ];
}
