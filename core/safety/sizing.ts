import type { SafetySettings, Side } from '../contract/index.ts';
import {
  absolute,
  add,
  amountFor,
  applyFilters,
  type BaseAmount,
  ceilTo,
  float,
  floorTo,
  type Instrument,
  maximum,
  minimum,
  notional,
  type Price,
  price,
  type QuoteAmount,
  scale,
  subtract,
  text,
  ZERO_QUOTE,
} from '../domain/index.ts';
import { type Account, type LimitSettings, type Rooms, rooms } from './position-limits.ts';
import { type Sizing, type SizingLimit, tooSmallMessage } from './sizing-sum.ts';

export interface SizingRequest {
  readonly symbol: string;
  readonly side: Side;
  readonly instrument: Instrument;
  readonly markPrice: Price;
  /** Average true range, in quote currency. */
  readonly atr: number;
  /** Costs of the round trip as a fraction of the price: a buy keeps that much cash back. */
  readonly roundTripCost: number;
  /** Share of the equity that the symbol's position should have, where the strategy states one. */
  readonly targetShare?: number;
  /** Where the stop goes, on the venue's tick, where the strategy says so; else average true ranges do. */
  readonly stopPrice?: Price;
  readonly account: Account;
}

export type SizingSettings = LimitSettings &
  Pick<SafetySettings, 'riskPerTrade' | 'stopAtr' | 'minEntryShare'>;

export interface EntryPlan {
  readonly amount: BaseAmount;
  /** Where the protective stop goes, on the venue's tick. */
  readonly stopPrice: Price;
  /** How the amount came about. */
  readonly sizing: Sizing;
}

export type SizingResult = { readonly ok: true; readonly plan: EntryPlan } | SizingFault;

export interface SizingFault {
  readonly ok: false;
  readonly code: string;
  readonly message: string;
  /** How far the sum came; absent when an input is missing. */
  readonly sizing?: Sizing;
}

/** What is wanted, or allowed and no more. */
interface Cap {
  readonly by: SizingLimit;
  readonly worth: QuoteAmount;
}

/**
 * How much to buy or sell short. Wanted is the strategy's target where it states one, else what loses `riskPerTrade`
 * of the equity when a stop `stopAtr` average true ranges away is hit (fixed fractional sizing; Vince, 1990). That is
 * clipped by the limits and by the cash, and fitted to the venue's filters. An entry that is clipped to less than
 * `minEntryShare` of the equity is not planned, nor one whose stop the venue would refuse: it could not be protected.
 */
export function sizeEntry(request: SizingRequest, settings: SizingSettings): SizingResult {
  const missing = missingInput(request);
  if (missing !== undefined) return missing;
  const { side, instrument, markPrice, account } = request;
  const { stopPrice, distance } = stopOf(request, settings);
  const caps = capsOf(request, settings, distance);
  const tightest = tightestOf(caps);
  const allowed = tightest.by === 'risk' ? caps.risked : amountFor(tightest.worth, markPrice);
  const sumWith = (amount: BaseAmount) =>
    sumOf(caps, { request, settings, stopPrice, amount, by: tightest.by });
  const fault = (code: string, message: string): SizingFault => {
    return { ok: false, code, message, sizing: sumWith(allowed) };
  };

  const clipped = tightest !== caps.wanted;
  if (clipped && tightest.worth.lt(scale(account.equity, settings.minEntryShare))) {
    return fault('too-small', tooSmallMessage(sumWith(allowed), instrument, settings));
  }
  const entry = applyFilters(
    instrument,
    { side, type: 'market', reduceOnly: false, amount: allowed },
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
  return { ok: true, plan: { amount, stopPrice, sizing: sumWith(amount) } };
}

/** The stop on the tick that the filters would choose, nearer to the mark, and how far the risk is counted to it. */
function stopOf(
  { side, instrument, markPrice, atr, stopPrice }: SizingRequest,
  { stopAtr }: SizingSettings,
): { readonly stopPrice: Price; readonly distance: Price } {
  if (stopPrice !== undefined) return { stopPrice, distance: absolute(subtract(markPrice, stopPrice)) };
  const distance = scale(price(atr), stopAtr);
  return {
    distance,
    stopPrice:
      side === 'buy'
        ? ceilTo(subtract(markPrice, distance), instrument.tickSize)
        : floorTo(add(markPrice, distance), instrument.tickSize),
  };
}

/**
 * Worth that the limits and the cash let a symbol have of a strategy's target: the target itself, or what is held and
 * the room beside it, and never more than its own limit.
 *
 * @throws MoneyError where the stop's distance or a cost is no number.
 */
export function allowedWorth(
  request: SizingRequest & { readonly targetShare: number; readonly stopPrice: Price },
  settings: SizingSettings,
): QuoteAmount {
  const { symbol, account, targetShare } = request;
  const { equity, exposures } = account;
  const own = minimum(scale(equity, targetShare), scale(equity, settings.maxSymbolExposure));
  const held = exposures.get(symbol) ?? ZERO_QUOTE;
  if (own.lte(held)) return own;
  const more = tightestOf(capsOf(request, settings, stopOf(request, settings).distance)).worth;
  return add(held, more);
}

function missingInput({
  symbol,
  atr,
  roundTripCost,
  targetShare = 1,
  stopPrice,
}: SizingRequest): SizingFault | undefined {
  const missing = (code: string, message: string): SizingFault => ({ ok: false, code, message });
  if (stopPrice === undefined && !(atr > 0 && atr < Number.POSITIVE_INFINITY)) {
    return missing(
      'unknown-volatility',
      `${symbol} has no average true range yet, the stop cannot be placed`,
    );
  }
  if (!(roundTripCost >= 0 && roundTripCost < 1)) {
    return missing('unknown-cost', `the cost of trading ${symbol} is not known, the order cannot be sized`);
  }
  if (!(targetShare > 0 && targetShare < Number.POSITIVE_INFINITY)) {
    return missing('unknown-target', `${symbol} has no target share above 0, the order cannot be sized`);
  }
  return undefined;
}

interface Caps {
  /** What the risk allows, and its worth. */
  readonly risked: BaseAmount;
  readonly byRisk: Cap;
  readonly wanted: Cap;
  readonly room: Rooms;
  /** A sale needs no cash, but the sum shows it. */
  readonly spendable: QuoteAmount;
  readonly limits: readonly Cap[];
}

function capsOf(request: SizingRequest, settings: SizingSettings, distance: Price): Caps {
  const { symbol, side, markPrice, account, targetShare } = request;
  const risked = amountFor(scale(account.equity, settings.riskPerTrade), distance);
  const byRisk: Cap = { by: 'risk', worth: notional(markPrice, risked) };
  const room = rooms(symbol, account, settings);
  const spendable = maximum(scale(account.cash, 1 - request.roundTripCost), ZERO_QUOTE);
  return {
    risked,
    byRisk,
    wanted: targetShare === undefined ? byRisk : { by: 'target', worth: missingTo(targetShare, request) },
    room,
    spendable,
    limits: [
      { by: 'symbol', worth: room.symbol },
      { by: 'strategy', worth: room.strategy },
      { by: 'group', worth: room.group },
      { by: 'portfolio', worth: room.portfolio },
      { by: 'open-risk', worth: notional(markPrice, amountFor(room.openRisk, distance)) },
      ...(side === 'buy' ? [{ by: 'cash', worth: spendable } as const] : []),
    ],
  };
}

function missingTo(targetShare: number, { symbol, account }: SizingRequest): QuoteAmount {
  const held = account.exposures.get(symbol) ?? ZERO_QUOTE;
  return maximum(subtract(scale(account.equity, targetShare), held), ZERO_QUOTE);
}

/** The least of what is wanted and what is allowed; of equals the first. */
function tightestOf({ wanted, limits }: Caps): Cap {
  return limits.reduce((least, each) => (each.worth.lt(least.worth) ? each : least), wanted);
}

interface Sized {
  readonly request: SizingRequest;
  readonly settings: SizingSettings;
  readonly stopPrice: Price;
  readonly amount: BaseAmount;
  readonly by: SizingLimit;
}

function sumOf(
  { byRisk, wanted, room, spendable }: Caps,
  { request, settings, stopPrice, amount, by }: Sized,
): Sizing {
  const { markPrice, account, targetShare } = request;
  const stopDistance = absolute(subtract(markPrice, stopPrice));
  const lossAtStop = notional(stopDistance, amount);
  return {
    equity: float(account.equity),
    riskPerTrade: settings.riskPerTrade,
    stopDistance: float(stopDistance),
    wantedByRisk: float(byRisk.worth),
    ...(targetShare === undefined ? {} : { wantedByTarget: float(wanted.worth) }),
    room: {
      symbol: float(room.symbol),
      strategy: float(room.strategy),
      group: float(room.group),
      portfolio: float(room.portfolio),
      openRisk: float(room.openRisk),
    },
    cash: float(spendable),
    amount: float(amount),
    notional: float(notional(markPrice, amount)),
    lossAtStop: float(lossAtStop),
    lossAtStopShare: float(lossAtStop) / float(account.equity),
    limitedBy: by,
  };
}
