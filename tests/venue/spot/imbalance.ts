import { type AssetAmount, add, assetAmount, subtract } from '../../../core/domain/index.ts';
import type { VenueAccount } from '../accounts/venue-account.ts';
import type { Transfer } from '../world.ts';
import type { SpotFunds } from './spot-funds.ts';

/** What there is more or less of each asset than came in: fees and the population's winnings counted, nothing. */
export function spotImbalance(
  accounts: Iterable<VenueAccount>,
  funds: SpotFunds,
  transfers: readonly Transfer[],
): ReadonlyMap<string, AssetAmount> {
  const totals = new Map<string, AssetAmount>();
  const count = (asset: string, amount: AssetAmount): void => {
    totals.set(asset, add(totals.get(asset) ?? assetAmount(0), amount));
  };
  for (const { terms, holdings } of accounts) {
    for (const asset of holdings.assets().keys()) count(asset, holdings.total(asset));
    for (const [asset, amount] of Object.entries(terms.balances))
      count(asset, subtract(assetAmount(0), assetAmount(amount)));
  }
  for (const pocket of [funds.population, funds.earned])
    for (const asset of pocket.assets().keys()) count(asset, pocket.total(asset));
  for (const { asset, change } of transfers) count(asset, subtract(assetAmount(0), assetAmount(change)));
  return totals;
}
