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
  /** What moves together with the symbol that asks, itself included. */
  readonly group: ExposedGroup;
  /** What all stops would cost, planned ones of open entry orders included. */
  readonly openRisk: QuoteAmount;
  /** Symbols with a position or an open entry order. */
  readonly openPositions: number;
}

export interface ExposedGroup {
  readonly exposure: QuoteAmount;
  /** How many symbols it has. */
  readonly size: number;
  /** False: too little is known of how the symbol moves, and it counts with all others of which that is so. */
  readonly isKnown: boolean;
}

export type LimitSettings = Pick<
  SafetySettings,
  | 'maxPositions'
  | 'maxSymbolExposure'
  | 'maxStrategyExposure'
  | 'maxGroupExposure'
  | 'maxPortfolioExposure'
  | 'maxOpenRisk'
>;

/** How much more each limit lets into a symbol; never negative. */
export interface Rooms {
  readonly symbol: QuoteAmount;
  readonly strategy: QuoteAmount;
  readonly group: QuoteAmount;
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
    group: room(settings.maxGroupExposure, account.group.exposure),
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
    group: float(account.group.exposure) / equity,
    portfolio: total / equity,
    openRisk: float(account.openRisk) / equity,
  };
  const { openPositions } = account;
  const numbers = {
    equity,
    symbolExposure: shares.symbol,
    strategyExposure: shares.strategy,
    groupExposure: shares.group,
    groupSize: account.group.size,
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
    ['group', settings.maxGroupExposure],
    ['portfolio', settings.maxPortfolioExposure],
    ['openRisk', settings.maxOpenRisk],
  ] as const) {
    if (leavesRoom(shares[scope], limit, () => rooms(symbol, account, settings)[scope])) continue;
    const what = scope === 'openRisk' ? 'open risk' : `${scope}'s exposure`;
    const who = scope === 'group' ? `: ${groupWords(symbol, account.group)}` : '';
    const message = `the ${what} of ${percent(shares[scope])} leaves no room under its limit of ${percent(limit)}${who}`;
    return refuse('position-limits', limitCode(scope), message, numbers);
  }
  return allow('position-limits', 'there is room under every limit', numbers);
}

function groupWords(symbol: string, { size, isKnown }: ExposedGroup): string {
  return isKnown
    ? `the ${size} symbols that move together with ${symbol}, itself included`
    : `${symbol} has too little history to tell how it moves, and all symbols of that kind count as one group`;
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
  maxGroupExposure,
  maxPortfolioExposure,
  maxOpenRisk,
}: LimitSettings) {
  return {
    maxPositions,
    maxSymbolExposure,
    maxStrategyExposure,
    maxGroupExposure,
    maxPortfolioExposure,
    maxOpenRisk,
  };
}
