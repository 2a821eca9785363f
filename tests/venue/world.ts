import type { Random } from '../../core/domain/index.ts';
import type { AccountEvent } from './accounts/account-events.ts';
import type { VenueAccount } from './accounts/venue-account.ts';
import type { VenueClock } from './clock/venue-clock.ts';
import type { FaultBoard } from './faults/fault-board.ts';
import type { VenueMarket } from './market/venue-market.ts';
import type { OrderDesk } from './orders/order-desk.ts';
import type { OrderViews } from './orders/order-views.ts';
import { Refusal } from './orders/refusal.ts';

/** A deposit (above 0) or a withdrawal (below). */
export interface Transfer {
  readonly id: number;
  readonly account: string;
  readonly asset: string;
  readonly change: string;
  readonly at: number;
}

/** What stands behind every dialect. */
export interface World {
  readonly clock: VenueClock;
  readonly random: Random;
  /** By the venue's id: BTCUSDT. */
  readonly markets: ReadonlyMap<string, VenueMarket>;
  readonly accounts: ReadonlyMap<string, VenueAccount>;
  readonly desk: OrderDesk;
  readonly views: OrderViews;
  readonly faults: FaultBoard;
  readonly transfers: Transfer[];
  /** Says something to the user streams. */
  readonly tell: (event: AccountEvent) => void;
}

/** @throws Refusal where there is no such symbol, or none any more. */
export function marketOf(world: Pick<World, 'markets'>, id: string): VenueMarket {
  const market = world.markets.get(id);
  if (market === undefined || market.symbol.status === 'SETTLED') throw new Refusal('unknown-symbol', id);
  return market;
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** An id as the venue makes them up. */
export const madeUpId = (random: Random, prefix: string, length = 16): string =>
  `${prefix}${Array.from({ length }, () => LETTERS[Math.floor(random.next() * LETTERS.length)]).join('')}`;
