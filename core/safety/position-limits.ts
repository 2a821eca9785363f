import type { SafetySettings } from '../contract/index.ts';
import {
  float,
  maximum,
  type QuoteAmount,
  scale,
  subtract,
  sum,
  type Verdict,
  ZERO_QUOTE,
} from '../domain/index.ts';
import { allow, percent, refuse } from './verdict.ts';

export interface Account {
  /** Marked to market. */
  readonly equity: QuoteAmount;
  readonly cash: QuoteAmount;
  /** Worth of position and open entry orders, regardless of sign, by symbol. */
  readonly exposures: ReadonlyMap<string, QuoteAmount>;
  /** The part of the exposures that belongs to the strategy that asks; left out, all of them. */
  readonly strategyExposure?: QuoteAmount;
  /** What all stops would cost, planned ones of open entry orders included. */
  readonly openRisk: QuoteAmount;
  /** Symbols with a position or an open entry order. */
  readonly openPositions: number;
}

export type LimitSettings = Pick<
  SafetySettings,
  'maxPositions' | 'maxSymbolExposure' | 'maxStrategyExposure' | 'maxPortfolioExposure' | 'maxOpenRisk'
>;

/** How much more each limit lets into a symbol; never negative. */
export interface Rooms {
  readonly symbol: QuoteAmount;
  readonly strategy: QuoteAmount;
  readonly portfolio: QuoteAmount;
  /** In what the stop may cost, where the others are worths. */
  readonly openRisk: QuoteAmount;
}

export function rooms(symbol: string, account: Account, settings: LimitSettings): Rooms {
  const total = sum(ZERO_QUOTE, account.exposures.values());
  const room = (limit: number, used: QuoteAmount) =>
    maximum(subtract(scale(account.equity, limit), used), ZERO_QUOTE);
  return {
    symbol: room(settings.maxSymbolExposure, account.exposures.get(symbol) ?? ZERO_QUOTE),
    strategy: room(settings.maxStrategyExposure, account.strategyExposure ?? total),
    portfolio: room(settings.maxPortfolioExposure, total),
    openRisk: room(settings.maxOpenRisk, account.openRisk),
  };
}

/**
 * Whether a symbol may be given anything more: exposure and open risk as shares of equity, and the number of
 * positions. How much is the sizing's business, within `rooms`. Without equity above 0 nothing may.
 */
export function positionLimits(symbol: string, account: Account, settings: LimitSettings): Verdict {
  const equity = float(account.equity);
  const total = float(sum(ZERO_QUOTE, account.exposures.values()));
  const held = float(account.exposures.get(symbol) ?? ZERO_QUOTE);
  const shares = {
    symbol: held / equity,
    strategy: (account.strategyExposure === undefined ? total : float(account.strategyExposure)) / equity,
    portfolio: total / equity,
    openRisk: float(account.openRisk) / equity,
  };
  const { openPositions } = account;
  const numbers = {
    equity,
    symbolExposure: shares.symbol,
    strategyExposure: shares.strategy,
    portfolioExposure: shares.portfolio,
    openRisk: shares.openRisk,
    openPositions,
    ...limitsOf(settings),
  };
  const closed = closedToEntries(symbol, account, settings);
  if (closed !== undefined) return refuse('position-limits', closed.code, closed.message, numbers);
  for (const [scope, limit] of [
    ['symbol', settings.maxSymbolExposure],
    ['strategy', settings.maxStrategyExposure],
    ['portfolio', settings.maxPortfolioExposure],
    ['openRisk', settings.maxOpenRisk],
  ] as const) {
    if (leavesRoom(shares[scope], limit, () => rooms(symbol, account, settings)[scope])) continue;
    const what = scope === 'openRisk' ? 'open risk' : `${scope}'s exposure`;
    const message = `the ${what} of ${percent(shares[scope])} leaves no room under its limit of ${percent(limit)}`;
    return refuse('position-limits', limitCode(scope), message, numbers);
  }
  return allow('position-limits', 'there is room under every limit', numbers);
}

/** What a limit on exposure, or on what the stops would cost, refuses with. */
export function limitCode(scope: keyof Rooms): string {
  return scope === 'openRisk' ? 'max-open-risk' : `max-${scope}-exposure`;
}

/** Beside these the rounding of a share is nothing. */
const CLEARLY = 1e-9;

/** Exactly the limit leaves no room. Only where a share is as good as its limit are the exact amounts asked. */
function leavesRoom(share: number, limit: number, room: () => QuoteAmount): boolean {
  return Math.abs(limit - share) > CLEARLY ? share < limit : !room().isZero();
}

/** Why a symbol may be given nothing whatever the exposures are; undefined when it may. */
export function closedToEntries(
  symbol: string,
  { equity, exposures, openPositions }: Account,
  { maxPositions }: Pick<LimitSettings, 'maxPositions'>,
): { readonly code: string; readonly message: string } | undefined {
  if (!equity.gt(0)) return { code: 'no-equity', message: 'there is no equity to trade with' };
  const held = exposures.get(symbol) ?? ZERO_QUOTE;
  // One more is allowed while there are fewer than the limit; a count that is missing is refused.
  if (held.isZero() && !(openPositions < maxPositions)) {
    const message = `${openPositions} positions and entry orders are open, ${maxPositions} are allowed`;
    return { code: 'max-positions', message };
  }
  return undefined;
}

/** The limits by their names in the settings. */
export function limitsOf({
  maxPositions,
  maxSymbolExposure,
  maxStrategyExposure,
  maxPortfolioExposure,
  maxOpenRisk,
}: LimitSettings) {
  return { maxPositions, maxSymbolExposure, maxStrategyExposure, maxPortfolioExposure, maxOpenRisk };
}
