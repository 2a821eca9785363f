import type { SafetySettings, Side } from '../contract/index.ts';
import {
  add,
  amountFor,
  applyFilters,
  type BaseAmount,
  ceilTo,
  floorTo,
  type Instrument,
  minimum,
  type Price,
  price,
  type QuoteAmount,
  scale,
  subtract,
  text,
} from '../domain/index.ts';
import { type Account, headroom, type LimitSettings } from './position-limits.ts';

export interface SizingRequest {
  readonly symbol: string;
  readonly side: Side;
  readonly instrument: Instrument;
  readonly markPrice: Price;
  /** Average true range, in quote currency. */
  readonly atr: number;
  /** Costs of the round trip as a fraction of the price: a buy keeps that much cash back. */
  readonly roundTripCost: number;
  readonly account: Account;
}

export type SizingSettings = LimitSettings & Pick<SafetySettings, 'riskPerTrade' | 'stopAtr'>;

export interface EntryPlan {
  readonly amount: BaseAmount;
  /** Where the protective stop goes, on the venue's tick. */
  readonly stopPrice: Price;
}

export type SizingResult =
  | { readonly ok: true; readonly plan: EntryPlan }
  | { readonly ok: false; readonly code: string; readonly message: string };

/**
 * How much to buy or sell short: what loses `riskPerTrade` of the equity when a stop `stopAtr` average true
 * ranges away is hit (fixed fractional sizing; Vince, 1990), clipped by the limits and by the cash, and fitted to
 * the venue's filters. An entry whose stop the venue would refuse is not planned: it could not be protected.
 */
export function sizeEntry(request: SizingRequest, settings: SizingSettings): SizingResult {
  const { symbol, side, instrument, markPrice, account } = request;
  if (!(request.atr > 0 && request.atr < Number.POSITIVE_INFINITY)) {
    return fault('unknown-volatility', `${symbol} has no average true range yet, the stop cannot be placed`);
  }
  if (!(request.roundTripCost >= 0 && request.roundTripCost < 1)) {
    return fault('unknown-cost', `the cost of trading ${symbol} is not known, the order cannot be sized`);
  }
  const distance = scale(price(request.atr), settings.stopAtr);
  // On the tick that the filters below would choose, nearer to the mark: they change nothing any more.
  const stopPrice =
    side === 'buy'
      ? ceilTo(subtract(markPrice, distance), instrument.tickSize)
      : floorTo(add(markPrice, distance), instrument.tickSize);
  const wanted = minimum(
    amountFor(scale(account.equity, settings.riskPerTrade), distance),
    amountFor(affordable(request, settings), markPrice),
  );
  const entry = applyFilters(
    instrument,
    { side, type: 'market', reduceOnly: false, amount: wanted },
    markPrice,
  );
  if (!entry.ok) return fault(entry.code, entry.message);

  const { amount } = entry.order;
  const protection = applyFilters(
    instrument,
    { side: side === 'buy' ? 'sell' : 'buy', type: 'stop', reduceOnly: true, amount, stopPrice },
    markPrice,
  );
  if (!protection.ok) {
    return fault('unprotectable', `the stop at ${text(stopPrice)} would be refused: ${protection.message}`);
  }
  if (side === 'buy' ? stopPrice.gte(markPrice) : stopPrice.lte(markPrice)) {
    return fault(
      'stop-too-close',
      `a stop at ${text(stopPrice)} would trigger at once at ${text(markPrice)}`,
    );
  }
  return { ok: true, plan: { amount, stopPrice } };
}

/** What may be spent: the room under the limits and, for a buy, the cash less the costs. */
function affordable(request: SizingRequest, settings: SizingSettings): QuoteAmount {
  const room = headroom(request.symbol, request.account, settings);
  if (request.side === 'sell') return room;
  return minimum(room, scale(request.account.cash, 1 - request.roundTripCost));
}

function fault(code: string, message: string): SizingResult {
  return { ok: false, code, message };
}
