import {
  type AssetAmount,
  add,
  asAsset,
  assetAmount,
  type QuoteAmount,
  subtract,
} from '../../../core/domain/index.ts';
import type { VenueAccount } from '../accounts/venue-account.ts';
import type { VenueMarket } from '../market/venue-market.ts';
import type { Transfer } from '../world.ts';
import { type FuturesFunds, MARGIN_ASSET } from './futures-funds.ts';
import { markOf } from './margin.ts';
import { type PositionBook, unrealizedOf } from './position-book.ts';

/** Wallets, open profits and fees of all together, less what came in: nothing. Also, of each contract, its net. */
export function futuresImbalance(
  accounts: Iterable<VenueAccount>,
  funds: FuturesFunds,
  markets: ReadonlyMap<string, VenueMarket>,
  transfers: readonly Transfer[],
): ReadonlyMap<string, AssetAmount> {
  const totals = new Map<string, AssetAmount>();
  const count = (of: string, amount: AssetAmount): void => {
    totals.set(of, add(totals.get(of) ?? assetAmount(0), amount));
  };
  const minus = (amount: string): AssetAmount => subtract(assetAmount(0), assetAmount(amount));
  const worth = (book: PositionBook): void => {
    for (const position of book.all()) {
      const open: QuoteAmount = unrealizedOf(position, markOf(markets, position.symbol));
      count(MARGIN_ASSET, asAsset(open));
      count(position.symbol, asAsset(position.amount));
    }
  };
  for (const { terms, holdings, name } of accounts) {
    count(MARGIN_ASSET, holdings.total(MARGIN_ASSET));
    count(MARGIN_ASSET, minus(terms.balances[MARGIN_ASSET] ?? '0'));
    worth(funds.of(name).positions);
  }
  worth(funds.populationPositions);
  count(MARGIN_ASSET, funds.others.total(MARGIN_ASSET));
  for (const { asset, change } of transfers) if (asset === MARGIN_ASSET) count(asset, minus(change));
  return totals;
}
