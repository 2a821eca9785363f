import type { UtcMs } from '../../../../core/domain/index.ts';
import type { Holding } from '../../accounts/holdings.ts';
import type { VenueAccount } from '../../accounts/venue-account.ts';

const BPS = 10_000;

/** GET /api/v3/account */
export function accountRow(account: VenueAccount, assets: ReadonlyMap<string, Holding>, now: UtcMs): unknown {
  const { makerBps, takerBps, withdrawals } = account.terms;
  const [maker, taker] = [(makerBps / BPS).toFixed(8), (takerBps / BPS).toFixed(8)];
  return {
    ...{ makerCommission: makerBps, takerCommission: takerBps, buyerCommission: 0, sellerCommission: 0 },
    commissionRates: { maker, taker, buyer: '0.00000000', seller: '0.00000000' },
    ...{ canTrade: true, canWithdraw: withdrawals, canDeposit: true, brokered: false },
    ...{ requireSelfTradePrevention: false, preventSor: false, updateTime: now, accountType: 'SPOT' },
    balances: [...assets].map(([asset, { free, locked }]) => ({
      ...{ asset, free: free.toFixed(8), locked: locked.toFixed(8) },
    })),
    ...{ permissions: ['SPOT'], uid: 1 },
  };
}

export const positionEvent = (account: VenueAccount, assets: readonly string[], now: UtcMs): unknown => ({
  ...{ e: 'outboundAccountPosition', E: now, u: now },
  B: assets.map((asset) => {
    const { free, locked } = account.holdings.of(asset);
    return { a: asset, f: free.toFixed(8), l: locked.toFixed(8) };
  }),
});
