import type { SafetySettings, Side } from '../contract/index.ts';
import {
  absolute,
  add,
  type BaseAmount,
  float,
  notional,
  type Price,
  type QuoteAmount,
  scale,
  subtract,
  sum,
  text,
  type Verdict,
  ZERO_QUOTE,
} from '../domain/index.ts';
import { type Account, closedToEntries, type LimitSettings, limitCode, limitsOf } from './position-limits.ts';
import { allow, briefPercent, moneyText, refuse, TIE } from './verdict.ts';

/** An entry that was decided on and is about to leave, or waits somewhere to be filled. */
export interface PlannedEntry {
  readonly symbol: string;
  /** Its quote currency. */
  readonly quote: string;
  readonly side: Side;
  /** What is not filled yet. */
  readonly amount: BaseAmount;
  readonly stopPrice: Price;
  /** The mark price that the decision saw. */
  readonly decisionPrice: Price;
  /** Average true range at the decision, in quote currency. */
  readonly atr: number;
}

/** By this share of itself a limit may be passed at sending: the price moves a little between decision and order. */
export const LIMIT_TOLERANCE = 0.01;

interface Fault {
  readonly code: string;
  readonly message: string;
}

/**
 * Whether an entry may still be sent, or left to wait, at the price of this moment: the stop lies on its side of the
 * price, the price has moved at most `maxEntryDrift` average true ranges from the decision's, up or down, and the
 * amount fits the limits and the cash. Within the drift the loss at the stop may exceed the risk that was planned by
 * as much, but not the limit on all open risk; it is among the numbers. The account must not count this order itself.
 */
export function mayStillEnter(
  order: PlannedEntry,
  account: Account,
  markPrice: Price,
  settings: LimitSettings & Pick<SafetySettings, 'maxEntryDrift'>,
): Verdict {
  const worth = notional(markPrice, order.amount);
  const risk = notional(absolute(subtract(markPrice, order.stopPrice)), order.amount);
  const uses = usesOf(order, account, worth, settings);
  const atRisk = {
    scope: 'openRisk',
    limit: settings.maxOpenRisk,
    used: add(account.openRisk, risk),
  } as const;
  const told = `at ${text(markPrice)} the order is worth ${moneyText(float(worth))} ${order.quote}`;
  const equity = float(account.equity);
  const lossAtStop = float(risk);
  const drift = float(absolute(subtract(markPrice, order.decisionPrice))) / order.atr;
  const numbers = {
    equity,
    notional: float(worth),
    ...Object.fromEntries(uses.map(({ scope, used }) => [`${scope}Exposure`, float(used) / equity])),
    groupSize: account.group.size,
    openRisk: float(atRisk.used) / equity,
    cash: float(account.cash),
    lossAtStop,
    lossAtStopShare: lossAtStop / equity,
    drift,
    maxEntryDrift: settings.maxEntryDrift,
    openPositions: account.openPositions,
    ...limitsOf(settings),
  };
  const fault =
    priceFault(order, markPrice, drift, settings) ??
    closedToEntries(order.symbol, account, settings) ??
    limitFault([...uses, atRisk], account, told) ??
    cashFault(order, account, worth, told);
  if (fault !== undefined) return refuse('position-limits', fault.code, fault.message, numbers);
  return allow('position-limits', `the order still fits the limits at ${text(markPrice)}`, numbers);
}

function priceFault(
  { symbol, side, stopPrice, decisionPrice, atr }: PlannedEntry,
  markPrice: Price,
  drift: number,
  { maxEntryDrift }: Pick<SafetySettings, 'maxEntryDrift'>,
): Fault | undefined {
  if (side === 'buy' ? stopPrice.gte(markPrice) : stopPrice.lte(markPrice)) {
    const message = `the price of ${text(markPrice)} has reached the stop at ${text(stopPrice)}: the stop would trigger at once`;
    return { code: 'stop-passed', message };
  }
  if (!(atr > 0 && atr < Number.POSITIVE_INFINITY)) {
    const message = `${symbol} has no average true range, how far its price has moved cannot be judged`;
    return { code: 'unknown-volatility', message };
  }
  if (drift > maxEntryDrift * (1 + TIE)) {
    const moved = `the price has moved from ${text(decisionPrice)} to ${text(markPrice)} since the decision`;
    const message = `${moved}, ${drift.toFixed(2)} average true ranges, ${maxEntryDrift} are allowed`;
    return { code: 'price-moved', message };
  }
  return undefined;
}

interface Use {
  readonly scope: 'symbol' | 'strategy' | 'group' | 'portfolio' | 'openRisk';
  readonly limit: number;
  /** With the order. */
  readonly used: QuoteAmount;
}

function usesOf(
  { symbol }: PlannedEntry,
  { exposures, strategyExposure, group }: Account,
  worth: QuoteAmount,
  settings: LimitSettings,
): readonly Use[] {
  const total = sum(ZERO_QUOTE, exposures.values());
  const held = exposures.get(symbol) ?? ZERO_QUOTE;
  return [
    { scope: 'symbol', limit: settings.maxSymbolExposure, used: add(held, worth) },
    { scope: 'strategy', limit: settings.maxStrategyExposure, used: add(strategyExposure ?? total, worth) },
    { scope: 'group', limit: settings.maxGroupExposure, used: add(group.exposure, worth) },
    { scope: 'portfolio', limit: settings.maxPortfolioExposure, used: add(total, worth) },
  ];
}

/** Exactly the limit and its tolerance still fit; the amounts are exact. */
function limitFault(uses: readonly Use[], { equity }: Account, order: string): Fault | undefined {
  const passed = uses.find(({ limit, used }) => used.gt(scale(scale(equity, limit), 1 + LIMIT_TOLERANCE)));
  if (passed === undefined) return undefined;
  const { scope, limit, used } = passed;
  const share = briefPercent(float(used) / float(equity));
  const told = scope === 'openRisk' ? 'lost if every stop is hit' : `in the ${scope}`;
  const message = `${order}: ${share} of the equity ${told}, its limit is ${briefPercent(limit)}`;
  return { code: limitCode(scope), message };
}

/** No tolerance: the venue has none. The costs that the sizing kept back leave a buy some room. */
function cashFault(
  { side, quote }: PlannedEntry,
  { cash }: Account,
  worth: QuoteAmount,
  order: string,
): Fault | undefined {
  if (side === 'sell' || worth.lte(cash)) return undefined;
  return { code: 'not-enough-cash', message: `${order}, the cash is ${moneyText(float(cash))} ${quote}` };
}
