import type { LlmSettings, Regime } from '../contract/index.ts';
import { type Brief, TIMEFRAME_MS, type Timeframe, type UtcMs } from '../domain/index.ts';

/** What of a bar decides whether the last debate still stands. */
export interface DebateMoment {
  readonly barOpenTime: UtcMs;
  readonly timeframe: Timeframe;
  readonly close: number;
  readonly regime: Regime;
  readonly direction: Brief['position']['direction'];
  /** Standard deviation of a bar's return; NaN where it is not known. */
  readonly sigma: number;
}

/** Whether to debate, with the arithmetic in words. */
export interface DebateNeed {
  readonly debate: boolean;
  readonly words: string;
}

export function momentOf(brief: Brief): DebateMoment {
  const { barOpenTime, timeframe, close, regime, position } = brief;
  return {
    barOpenTime,
    timeframe,
    close,
    regime,
    direction: position.direction,
    sigma: brief.feature('rv_24'),
  };
}

/**
 * Whether something has moved since the last debate on a symbol: the position, the regime, the price by so many standard
 * deviations of a bar, or so many bars of time, at most the horizon that was spoken of. What cannot be compared is
 * debated.
 *
 * @param last the last debate's bar, and the shortest horizon of its opinions; undefined: there was none.
 */
export function debateNeed(
  last: (DebateMoment & { readonly horizonBars: number }) | undefined,
  now: DebateMoment,
  { moveSigmas, everyBars }: LlmSettings['debate'],
): DebateNeed {
  if (moveSigmas === 0) return debated('every decision is debated');
  if (last === undefined) return debated('there is no debate that could stand');
  if (now.direction !== last.direction)
    return debated(`the position was ${last.direction}, now ${now.direction}`);
  if (now.regime !== last.regime) return debated(`the market was ${last.regime}, now ${now.regime}`);
  const bars = Math.round((now.barOpenTime - last.barOpenTime) / TIMEFRAME_MS[now.timeframe]);
  const atMost = Math.min(everyBars, last.horizonBars);
  if (now.timeframe !== last.timeframe || bars < 0) return debated('the last debate is of other bars');
  if (bars >= atMost) return debated(`${bars} bars have passed, of ${atMost}`);
  const move = Math.abs(Math.log(now.close / last.close)) / now.sigma;
  if (!(now.sigma > 0) || !Number.isFinite(move)) return debated('how far the price has moved is not known');
  const moved = `the price moved ${move.toFixed(1)} of ${moveSigmas} sigmas`;
  if (move >= moveSigmas) return debated(moved);
  return {
    debate: false,
    words: `${moved}, ${bars} of ${atMost} bars passed, regime and position as they were`,
  };
}

function debated(words: string): DebateNeed {
  return { debate: true, words };
}
