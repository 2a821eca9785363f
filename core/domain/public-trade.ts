import type { Side } from '../contract/index.ts';
import type { UtcMs } from './time.ts';

/** A trade between others, as a venue publishes it. Floats, as in its order book: no money of ours is counted by them. */
export interface PublicTrade {
  readonly time: UtcMs;
  /** In quote currency. */
  readonly price: number;
  /** In base currency. */
  readonly amount: number;
  /** Which side took; null where the venue does not say. */
  readonly takerSide: Side | null;
}
