import { text, type UtcMs, ZERO_QUOTE } from '../../../../core/domain/index.ts';
import type { ChangeReason } from '../../accounts/account-events.ts';
import type { VenueAccount } from '../../accounts/venue-account.ts';
import { MARGIN_ASSET } from '../../futures/futures-funds.ts';
import type { FuturesWorld } from '../../futures/futures-world.ts';
import { initialMargin, liquidationPriceOf, maintenanceOf, markOf, worthOf } from '../../futures/margin.ts';
import { entryPriceOf, type Position, unrealizedOf } from '../../futures/position-book.ts';

const entryText = (position: Position): string => entryPriceOf(position).toDecimalPlaces(8).toFixed();

/** A position with everything that the calls tell of it; each leaves out what it does not know. */
export function positionRow(
  world: FuturesWorld,
  account: string,
  position: Position,
): Readonly<Record<string, unknown>> {
  const { markets, funds } = world;
  const futures = funds.of(account);
  const { symbol, amount, isolatedWallet } = position;
  const mark = markOf(markets, symbol);
  const unrealized = unrealizedOf(position, mark);
  const isIsolated = futures.marginType(symbol) === 'isolated';
  const margin = text(initialMargin(futures, symbol, worthOf(markets, position)));
  return {
    ...{ symbol, positionSide: position.side, positionAmt: text(amount), entryPrice: entryText(position) },
    ...{ breakEvenPrice: entryText(position), markPrice: text(mark), unRealizedProfit: text(unrealized) },
    ...{ unrealizedProfit: text(unrealized), liquidationPrice: text(liquidationPriceOf(futures, position)) },
    isolatedMargin: isIsolated ? text(isolatedWallet.plus(unrealized) as typeof isolatedWallet) : '0',
    ...{
      notional: mark.times(amount).toFixed(),
      marginAsset: MARGIN_ASSET,
      isolatedWallet: text(isolatedWallet),
    },
    ...{ initialMargin: margin, positionInitialMargin: margin, openOrderInitialMargin: '0' },
    ...{ maintMargin: text(maintenanceOf(markets, position)), adl: 1, bidNotional: '0', askNotional: '0' },
    updateTime: position.updatedAt,
  };
}

/** What version 2 of the calls says besides. */
export const oldPositionRow = (world: FuturesWorld, account: string, position: Position): unknown => {
  const futures = world.funds.of(account);
  const marginType = futures.marginType(position.symbol);
  return {
    ...positionRow(world, account, position),
    ...{ leverage: `${futures.leverage(position.symbol)}`, marginType, isolated: marginType === 'isolated' },
    ...{ maxNotionalValue: '10000000', maxNotional: '10000000', isAutoAddMargin: 'false' },
  };
};

/** The wallet's figures. */
export function assetRow(world: FuturesWorld, account: string, now: UtcMs) {
  const state = world.funds.margin(account);
  const balance = text(state.wallet.plus(state.unrealized) as typeof state.wallet);
  return {
    ...{ asset: MARGIN_ASSET, walletBalance: text(state.wallet), unrealizedProfit: text(state.unrealized) },
    ...{ marginBalance: balance, maintMargin: text(state.maintenance) },
    initialMargin: text(state.positionMargin.plus(state.orderMargin) as typeof state.wallet),
    ...{ positionInitialMargin: text(state.positionMargin), openOrderInitialMargin: text(state.orderMargin) },
    ...{ crossWalletBalance: text(state.crossWallet), crossUnPnl: text(state.crossUnrealized) },
    ...{ availableBalance: text(state.available), maxWithdrawAmount: text(state.available) },
    ...{ marginAvailable: true, updateTime: now },
  };
}

export function accountRow(
  world: FuturesWorld,
  account: VenueAccount,
  positions: readonly unknown[],
  now: UtcMs,
) {
  const asset = assetRow(world, account.name, now);
  return {
    ...{ feeTier: 0, canTrade: true, canDeposit: true, canWithdraw: account.terms.withdrawals },
    ...{ multiAssetsMargin: false, tradeGroupId: -1, updateTime: 0, totalInitialMargin: asset.initialMargin },
    ...{ totalMaintMargin: asset.maintMargin, totalWalletBalance: asset.walletBalance },
    ...{ totalUnrealizedProfit: asset.unrealizedProfit, totalMarginBalance: asset.marginBalance },
    ...{ totalPositionInitialMargin: asset.positionInitialMargin },
    ...{ totalOpenOrderInitialMargin: asset.openOrderInitialMargin },
    ...{ totalCrossWalletBalance: asset.crossWalletBalance, totalCrossUnPnl: asset.crossUnPnl },
    ...{ availableBalance: asset.availableBalance, maxWithdrawAmount: asset.maxWithdrawAmount },
    ...{ assets: [asset], positions },
  };
}

export function accountUpdate(
  world: FuturesWorld,
  account: string,
  symbols: readonly string[],
  reason: ChangeReason,
  now: UtcMs,
): unknown {
  const futures = world.funds.of(account);
  const { wallet, crossWallet } = world.funds.margin(account);
  const positions = futures.positions.all().filter(({ symbol }) => symbols.includes(symbol));
  return {
    ...{ e: 'ACCOUNT_UPDATE', E: now, T: now },
    a: {
      m: reason,
      B: [{ a: MARGIN_ASSET, wb: text(wallet), cw: text(crossWallet), bc: text(ZERO_QUOTE) }],
      P: positions.map((position) => ({
        ...{
          s: position.symbol,
          pa: text(position.amount),
          ep: entryText(position),
          bep: entryText(position),
        },
        ...{ cr: text(position.realized), mt: futures.marginType(position.symbol) },
        up: text(unrealizedOf(position, markOf(world.markets, position.symbol))),
        ...{ iw: text(position.isolatedWallet), ps: position.side, ma: MARGIN_ASSET },
      })),
    },
  };
}
