import {
  type AccountEvent,
  type BaseAmount,
  executionKey,
  type Fill,
  foldFee,
  foldFill,
  negate,
  type Position,
  type RoundTrip,
  releaseBy,
} from '../../domain/index.ts';
import type { Opening, Trip } from './trade-rows.ts';

/** What counting a symbol's fills takes. */
export interface TradeMarket {
  /** What a position consists of; null for a derivative, which holds nothing. */
  readonly asset: string | null;
  readonly lot: BaseAmount;
}

export interface TripStep {
  readonly trip: Trip;
  readonly closed: { readonly opening: Opening; readonly roundTrip: RoundTrip } | null;
}

/** Folds a fill into a symbol's trip. One that goes through flat ends a round trip and opens the next. */
export function foldTripFill({ position: before, opening }: Trip, fill: Fill, market: TradeMarket): TripStep {
  const { position, closed } = foldFill(before, fill, market.asset, market.lot);
  const opened: Opening = {
    timestamp: fill.time,
    tradeId: executionKey(fill),
    side: fill.side,
    clientOrderId: fill.clientOrderId,
  };
  if (closed === undefined) return { trip: tripOf(position, opening ?? opened), closed: null };
  // A remainder of the trip before can be closed by a first fill, which opens the next trip as well.
  const begun: Opening = opening ?? { ...opened, tradeId: `${opened.tradeId} remainder` };
  return { trip: tripOf(position, opened), closed: { opening: begun, roundTrip: closed } };
}

/** Folds what moved money by another way than a fill into the position that it concerns. */
export function foldTripEvent(
  { position, opening }: Trip,
  event: AccountEvent,
  { asset }: TradeMarket,
): Trip {
  if (event.kind !== 'fee') {
    return tripOf(releaseBy(event, position)?.position ?? position, opening);
  }
  const fee = { asset: event.asset, amount: negate(event.amount), quoteValue: negate(event.quoteValue) };
  return tripOf(foldFee(position, fee, asset).position, opening);
}

/** A position that no fill has opened since it was last flat has no opening. */
function tripOf(position: Position, opening: Opening | null): Trip {
  return { position, opening: position.openedAt === 0 ? null : opening };
}
