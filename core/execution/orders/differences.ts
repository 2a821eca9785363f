import {
  absolute,
  type BaseAmount,
  type ClientOrderId,
  isFinal,
  type Order,
  subtract,
  text,
  type VenueOrder,
  ZERO_BASE,
} from '../../domain/index.ts';

/** What we believe: unfinished orders whose calls are not on their way, and positions by symbol. */
export interface LocalView {
  readonly unfinished: readonly Order[];
  /** Any order of ours, finished ones included. */
  order(id: ClientOrderId): Order | undefined;
  readonly positions: ReadonlyMap<string, BaseAmount>;
}

/** What the venue says. */
export interface VenueView {
  readonly openOrders: readonly VenueOrder[];
  readonly positions: ReadonlyMap<string, BaseAmount>;
}

/**
 * `missing-at-venue`: we hold it working, the venue does not list it. `unknown-here`: the venue works it, we do
 * not know it. `ended-here`: the venue works it, we hold it ended. `order-differs`: both work it and disagree
 * on what is filled or on its state. `position-differs`: at least a lot apart.
 */
export type Difference =
  | { readonly kind: 'missing-at-venue'; readonly symbol: string; readonly order: Order }
  | { readonly kind: 'unknown-here'; readonly symbol: string; readonly venue: VenueOrder }
  | {
      readonly kind: 'ended-here';
      readonly symbol: string;
      readonly order: Order;
      readonly venue: VenueOrder;
    }
  | {
      readonly kind: 'order-differs';
      readonly symbol: string;
      readonly order: Order;
      readonly venue: VenueOrder;
    }
  | {
      readonly kind: 'position-differs';
      readonly symbol: string;
      readonly local: BaseAmount;
      readonly venue: BaseAmount;
    };

/** Every way in which the two views differ, orders first. Pure: reads both, changes neither. */
export function compare(
  local: LocalView,
  venue: VenueView,
  lotSize: (symbol: string) => BaseAmount,
): readonly Difference[] {
  const listed = new Set(venue.openOrders.map((order) => order.clientOrderId));
  const differences: Difference[] = [];
  for (const order of local.unfinished) {
    if (listed.has(order.clientOrderId)) continue;
    differences.push({ kind: 'missing-at-venue', symbol: order.symbol, order });
  }
  for (const found of venue.openOrders) {
    const order = local.order(found.clientOrderId);
    const { symbol } = found;
    if (order === undefined) differences.push({ kind: 'unknown-here', symbol, venue: found });
    else if (isFinal(order.status)) differences.push({ kind: 'ended-here', symbol, order, venue: found });
    else if (order.status !== found.status || !order.filledAmount.eq(found.filledAmount)) {
      differences.push({ kind: 'order-differs', symbol, order, venue: found });
    }
  }
  for (const symbol of new Set([...local.positions.keys(), ...venue.positions.keys()])) {
    const here = local.positions.get(symbol) ?? ZERO_BASE;
    const there = venue.positions.get(symbol) ?? ZERO_BASE;
    if (positionDiffers(here, there, lotSize(symbol))) {
      differences.push({ kind: 'position-differs', symbol, local: here, venue: there });
    }
  }
  return differences;
}

/** Less than a lot cannot be traded away, so it is no difference. */
export function positionDiffers(local: BaseAmount, venue: BaseAmount, lotSize: BaseAmount): boolean {
  return absolute(subtract(local, venue)).gte(lotSize);
}

/** One line for the trader. */
export function describe(difference: Difference): string {
  const { symbol } = difference;
  switch (difference.kind) {
    case 'missing-at-venue':
      return `${symbol}: order ${difference.order.clientOrderId} is not among the venue's open orders`;
    case 'unknown-here':
      return `${symbol}: the venue works an order that is not ours, ${difference.venue.clientOrderId}`;
    case 'ended-here':
      return `${symbol}: order ${difference.order.clientOrderId} is ${difference.order.status} here but works at the venue`;
    case 'order-differs':
      return `${symbol}: order ${difference.order.clientOrderId} is ${difference.order.status} here, ${difference.venue.status} at the venue`;
    case 'position-differs':
      return `${symbol}: the position is ${text(difference.local)} here, ${text(difference.venue)} at the venue`;
  }
}
