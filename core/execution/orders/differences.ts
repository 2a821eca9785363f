import {
  type AccountSnapshot,
  type AssetAmount,
  absolute,
  assetAmount,
  type BaseAmount,
  isFinal,
  type Order,
  subtract,
  text,
  type VenueOrder,
  type VenueProfile,
  ZERO_BASE,
} from '../../domain/index.ts';

/** What we believe: unfinished orders whose calls are not on their way, and what we hold. */
export interface LocalView {
  readonly unfinished: readonly Order[];
  /** Whose an order is that the venue speaks of, finished ones included. */
  ownerOf(told: VenueOrder): Order | undefined;
  /** Whether the venue has made another order of the one that it speaks of: only that other one tells. */
  isReplaced(order: Order, told: VenueOrder): boolean;
  /** Derivative positions by symbol. */
  readonly positions: ReadonlyMap<string, BaseAmount>;
  /** Coins held by spot market. */
  readonly coins: ReadonlyMap<string, BaseAmount>;
  /** What the account should hold of ours, by asset. */
  readonly assets: ReadonlyMap<string, AssetAmount>;
}

/** What the venue says. */
export interface VenueView {
  readonly openOrders: readonly VenueOrder[];
  readonly account: AccountSnapshot;
}

/**
 * `missing-at-venue`: we hold it working, the venue does not list it. `unknown-here`: the venue works it, it is not
 * ours. `ended-here`: the venue works it, we hold it ended. `order-differs`: both work it and disagree on what is
 * filled or on its state. `position-differs`: at least a lot apart. `sold-too-much`: more coins were sold than were ours,
 * by at least a lot. `balance-differs`: the account does not hold what is ours.
 */
export type Difference =
  | { readonly kind: 'missing-at-venue'; readonly symbol: string; readonly order: Order }
  | { readonly kind: 'unknown-here'; readonly symbol: string; readonly venue: VenueOrder }
  | {
      readonly kind: 'ended-here' | 'order-differs';
      readonly symbol: string;
      readonly order: Order;
      readonly venue: VenueOrder;
    }
  | {
      readonly kind: 'position-differs';
      readonly symbol: string;
      readonly local: BaseAmount;
      readonly venue: BaseAmount;
    }
  | { readonly kind: 'sold-too-much'; readonly symbol: string; readonly amount: BaseAmount }
  | {
      readonly kind: 'balance-differs';
      readonly asset: string;
      readonly local: AssetAmount;
      readonly venue: AssetAmount;
    };

const NOTHING = assetAmount(0);

/** How the two are to be compared. */
export interface Comparison {
  /** In a shared account the trader holds things of his own: ours must be there, and more may be. */
  readonly account: VenueProfile['account'];
  readonly lotSize: (symbol: string) => BaseAmount;
}

/** Every way in which the two views differ, orders first. Pure: reads both, changes neither. */
export function compare(local: LocalView, venue: VenueView, comparison: Comparison): readonly Difference[] {
  return [
    ...orderDifferences(local, venue),
    ...positionDifferences(local, venue, comparison),
    ...debts(local, comparison),
    ...balanceDifferences(local, venue, comparison),
  ];
}

function orderDifferences(local: LocalView, { openOrders }: VenueView): readonly Difference[] {
  const owned = openOrders.map((venue) => ({ venue, order: local.ownerOf(venue) }));
  const listed = new Set(owned.map(({ order }) => order?.clientOrderId));
  const missing = local.unfinished
    .filter(({ clientOrderId }) => !listed.has(clientOrderId))
    .map((order): Difference => ({ kind: 'missing-at-venue', symbol: order.symbol, order }));
  const differing = owned.flatMap(({ venue, order }): Difference[] => {
    const { symbol } = venue;
    if (order === undefined) return [{ kind: 'unknown-here', symbol, venue }];
    if (local.isReplaced(order, venue)) return [];
    if (isFinal(order.status)) return [{ kind: 'ended-here', symbol, order, venue }];
    return agree(order, venue) ? [] : [{ kind: 'order-differs', symbol, order, venue }];
  });
  return [...missing, ...differing];
}

function agree(order: Order, venue: VenueOrder): boolean {
  const isSame = order.venueOrderId === venue.venueOrderId && order.status === venue.status;
  return isSame && order.filledAmount.eq(venue.filledAmount);
}

function positionDifferences(
  local: LocalView,
  { account }: VenueView,
  { account: kind, lotSize }: Comparison,
): readonly Difference[] {
  // What the trader holds in other symbols of a shared account is his own.
  const symbols = new Set([...local.positions.keys(), ...(kind === 'ours' ? account.positions.keys() : [])]);
  return [...symbols].flatMap((symbol): Difference[] => {
    const here = local.positions.get(symbol) ?? ZERO_BASE;
    const there = account.positions.get(symbol) ?? ZERO_BASE;
    // Less than a lot cannot be traded away, so it is no difference.
    if (absolute(subtract(here, there)).lt(lotSize(symbol))) return [];
    return here.eq(there) ? [] : [{ kind: 'position-differs', symbol, local: here, venue: there }];
  });
}

function debts({ coins }: LocalView, { lotSize }: Comparison): readonly Difference[] {
  return [...coins].flatMap(([symbol, held]): Difference[] => {
    const amount = absolute(held);
    return held.isNegative() && amount.gte(lotSize(symbol))
      ? [{ kind: 'sold-too-much', symbol, amount }]
      : [];
  });
}

function balanceDifferences(
  local: LocalView,
  { account }: VenueView,
  { account: kind }: Comparison,
): readonly Difference[] {
  const assets = new Set([...local.assets.keys(), ...(kind === 'ours' ? account.assets.keys() : [])]);
  return [...assets].flatMap((asset): Difference[] => {
    const here = local.assets.get(asset) ?? NOTHING;
    const there = account.assets.get(asset)?.total ?? NOTHING;
    const isRight = kind === 'ours' ? here.eq(there) : here.lte(there);
    return isRight ? [] : [{ kind: 'balance-differs', asset, local: here, venue: there }];
  });
}

/** One line for the trader. */
export function describe(difference: Difference): string {
  switch (difference.kind) {
    case 'missing-at-venue':
      return `${difference.symbol}: order ${difference.order.clientOrderId} is not among the venue's open orders`;
    case 'unknown-here':
      return `${difference.symbol}: the venue works an order that is not ours, ${difference.venue.clientOrderId ?? difference.venue.venueOrderId}`;
    case 'ended-here':
      return `${difference.symbol}: order ${difference.order.clientOrderId} is ${difference.order.status} here but works at the venue`;
    case 'order-differs':
      return `${difference.symbol}: order ${difference.order.clientOrderId} is ${difference.order.status} here, ${difference.venue.status} at the venue`;
    case 'position-differs':
      return `${difference.symbol}: the position is ${text(difference.local)} here, ${text(difference.venue)} at the venue`;
    case 'sold-too-much':
      return `${difference.symbol}: ${text(difference.amount)} more were sold than were ours`;
    case 'balance-differs':
      return `${difference.asset}: ${text(difference.local)} should be there, the venue has ${text(difference.venue)}`;
  }
}
