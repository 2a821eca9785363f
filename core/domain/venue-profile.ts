/**
 * What a venue can do and how it differs from others, as data: code that trades asks this table and never the
 * venue's name.
 */
export interface VenueProfile {
  readonly clientOrderId: {
    readonly maxLength: number;
    /** Some venues want an id unique among open orders only: a filled order sent again is a second order. */
    readonly uniqueAmong: 'open-orders' | 'all-orders';
    /** Nobody has tried whether the venue keeps them: it may put ids of its own in their place. */
    readonly isUnproven?: true;
  };
  /**
   * Whether one venue account holds only what this program trades. In a shared one the trader's own coins and orders
   * are left alone, and what we own is compared as "at least".
   */
  readonly account: 'ours' | 'shared';
  /** Whether stop orders rest at the venue; without, the engine watches the price itself. */
  readonly nativeStops: boolean;
  /** Whether a stop that triggers becomes another order, with an id of its own, and is told as over before that is. */
  readonly stopsBecomeOrders: boolean;
  /** Stops a symbol may have at the same time. */
  readonly maxStops: number;
  /** Whether the venue ends an order by itself at `expiresAt`; else the engine cancels it. */
  readonly goodTillDate: boolean;
  /** When an order that the venue does not find is believed never to have arrived. */
  readonly absence: {
    /** At least so many answers "absent", one after the other. */
    readonly answers: number;
    /** Over at least this time, and so long after the order was sent: above the venue's receive window. */
    readonly windowMs: number;
  };
  /** How far back the venue's lists of fills reach; null: for ever. */
  readonly fillsLookBackMs: number | null;
}

/** What trading one symbol costs, and where that is known from. */
export interface TradingCosts {
  readonly makerFeeBps: number;
  readonly takerFeeBps: number;
  /** Between best bid and best ask. */
  readonly spreadBps: number;
  /** Beyond half the spread, for a taker of our size. */
  readonly slippageBps: number;
  /** That the spread is a book's of this moment, and no estimate. */
  readonly spreadSeen?: true;
  readonly source: 'venue' | 'settings';
}

/** Basis points of a whole. */
export const BPS = 10_000;

/** How an entry gets in: at once, by making and nothing else, or by making and taking what has not filled by then. */
export type WayIn = 'take' | 'make' | 'make-then-take';

/**
 * What getting in is expected to cost, as a fraction of the price it was decided at. A taker pays its fee, half the
 * spread and slippage. A maker pays its fee and is counted no gain from resting half a spread better: it fills when the
 * price goes through it. Whoever may end as a taker is counted as what costs more. That the price may have gone away by
 * then is no part of it, as it is none for a taker whose decision takes its time: the band bounds it.
 */
export function entryCostOf(costs: TradingCosts, way: WayIn): number {
  const { makerFeeBps } = costs;
  const taking = takingBpsOf(costs);
  if (way === 'take') return taking / BPS;
  return (way === 'make' ? makerFeeBps : Math.max(makerFeeBps, taking)) / BPS;
}

/**
 * What trading costs in the volatility that is foretold: slippage, and a spread that no book tells, taken to grow with it. In
 * proportion, which is an assumption: market makers ask for more the more a price moves, and nobody has measured here how much.
 *
 * @param roughness volatility foretold in units of the usual; null: nothing is foretold, and they stay as they are.
 */
export function costsAhead(costs: TradingCosts, roughness: number | null): TradingCosts {
  if (roughness === null) return costs;
  const { spreadBps, slippageBps, spreadSeen } = costs;
  return {
    ...costs,
    slippageBps: slippageBps * roughness,
    spreadBps: spreadSeen === true ? spreadBps : spreadBps * roughness,
  };
}

/** Getting in, and out as a taker, as a fraction of the price. */
export function roundTripCostOf(costs: TradingCosts, way: WayIn): number {
  return entryCostOf(costs, way) + takingBpsOf(costs) / BPS;
}

function takingBpsOf({ takerFeeBps, spreadBps, slippageBps }: Omit<TradingCosts, 'makerFeeBps'>): number {
  return takerFeeBps + spreadBps / 2 + slippageBps;
}
