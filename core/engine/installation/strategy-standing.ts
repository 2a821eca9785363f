import { type LadderView, RUNG_WORDS, type StrategyId } from '../../contract/index.ts';
import { type Clock, type Logger, TIMEFRAME_MS, TraderError, type UtcMs } from '../../domain/index.ts';
import { ladderOf, StrategyLadder, type StrategyVersion, type TradedSoFar } from '../../safety/index.ts';
import type { Strategies } from '../../strategies/index.ts';
import { withStores } from './offline.ts';
import type { BooksSettings } from './store-names.ts';

export interface StandingParts {
  readonly directory: string;
  readonly settings: BooksSettings;
  readonly strategies: Strategies;
  readonly log: Logger;
}

/** Trades looked at: more than any rung asks for. */
const MOST_TRADES = 2_000;
const NOTHING: TradedSoFar = { days: 0, trades: 0 };

/** Which version of a strategy there is now. @throws TraderError for one that is not there. */
export function versionOf(strategies: Strategies, id: StrategyId): StrategyVersion {
  const strategy = strategies.of(id);
  const version = strategy.kind === 'proposing' ? (strategy.version ?? null) : null;
  return { strategy: id, version };
}

/** Where a strategy stands on the ladder, by its audits and by the books of paper and live trading. */
export function standingOf(
  { directory, settings, strategies, log }: StandingParts,
  id: StrategyId,
): LadderView {
  const which = versionOf(strategies, id);
  const ladder = new StrategyLadder({ directory, log });
  // Trades do not tell which version of a file they are of: those from before this one was known are not its own.
  const from = which.version === null ? 0 : (ladder.knownSince(which) ?? Number.POSITIVE_INFINITY);
  const traded = (mode: 'paper' | 'live') => tradedIn(directory, { ...settings, mode }, { id, from });
  return ladderOf({
    ...which,
    ...ladder.rung(which),
    audit: ladder.audit(which),
    paper: traded('paper'),
    live: traded('live'),
  });
}

/** Takes a strategy one rung up. @throws TraderError with everything that is missing. */
export function climb(parts: StandingParts, id: StrategyId, clock: Clock): LadderView {
  const { rung, next, missing } = standingOf(parts, id);
  if (next === null)
    throw new TraderError('bad-input', `${id} stands at ${RUNG_WORDS[rung]}, the highest rung`);
  if (missing.length > 0) {
    throw new TraderError('bad-input', `${id} stays at ${RUNG_WORDS[rung]}: ${missing.join('; ')}`);
  }
  new StrategyLadder(parts).noteRung(versionOf(parts.strategies, id), next, clock.now());
  return standingOf(parts, id);
}

/** Takes a strategy back to the first rung: that is always allowed. */
export function stepBack(parts: StandingParts, id: StrategyId, clock: Clock): LadderView {
  new StrategyLadder(parts).noteRung(versionOf(parts.strategies, id), 'backtest', clock.now());
  return standingOf(parts, id);
}

/** What stands against real money, and what the trader is to know before. Only the audit stands against it. */
export function againstRealMoney({ strategy, rung, steps, next, missing }: LadderView): {
  readonly obstacles: readonly string[];
  readonly warnings: readonly string[];
} {
  const audit = steps.find((step) => step.rung === 'backtest');
  if (audit !== undefined && !audit.met) {
    const command = `run \`tradebot backtest --strategy ${strategy}\` with your candle files`;
    return {
      obstacles: [`${strategy} has not shown ${audit.asks} (${audit.has}): ${command}`],
      warnings: [],
    };
  }
  if (rung === 'live' || rung === 'small-live') return { obstacles: [], warnings: [] };
  const lacking = missing.length === 0 ? 'nothing is missing for the next rung' : missing.join('; ');
  const words = `${strategy} stands at ${RUNG_WORDS[rung]} and not at real money (${lacking}): see \`tradebot ladder show\``;
  return { obstacles: [], warnings: next === null ? [] : [words] };
}

function tradedIn(
  directory: string,
  settings: BooksSettings,
  { id, from }: { readonly id: StrategyId; readonly from: UtcMs },
): TradedSoFar {
  const [found] = withStores(directory, settings, ({ tradeQueries }) => {
    const all = tradeQueries.find({ strategy: id, limit: MOST_TRADES });
    const trades = all.filter(({ timestamp }) => timestamp >= from);
    const opened = Math.min(...trades.map(({ timestamp }) => timestamp));
    const closed = Math.max(...trades.map(({ close_timestamp }) => close_timestamp ?? opened));
    return trades.length === 0
      ? []
      : [{ days: (closed - opened) / TIMEFRAME_MS['1d'], trades: trades.length }];
  });
  return found ?? NOTHING;
}
