import { type Candle, SeededRandom } from '../../domain/index.ts';
import { HourlyBars, HourlyCloses, type OwnStrategy } from '../../strategies/index.ts';

const HOUR_MS = 3_600_000;
const TRIAL_DAYS = 400;
const SEED = 20_253;

/** How a strategy did on a made-up market. */
export interface StrategyTrial {
  readonly days: number;
  readonly answers: number;
  /** Without an opinion. */
  readonly silent: number;
  /** That would hold something. */
  readonly holding: number;
  /** Of those the ones that buy nothing where nothing is held: their band is as large as what they would hold. */
  readonly neverBought: number;
  /** Steps of the longest answer. */
  readonly longest: number;
  /** The first thing that it holds something for. */
  readonly firstReason: string | null;
}

/**
 * Asks a strategy at each of its times in a made-up market with trends, a crash and a quiet stretch. Says that it answers,
 * and nothing about what its answers are worth.
 *
 * @throws StrategyFault at the first answer that fails.
 */
export function tryStrategy(strategy: OwnStrategy): StrategyTrial {
  const [closes, bars] = [new HourlyCloses(), new HourlyBars()];
  const random = new SeededRandom(SEED);
  const first = (strategy.data.historyMs ?? 0) / HOUR_MS;
  const hours = first + TRIAL_DAYS * 24;
  let [close, drift, answers, silent, holding, neverBought] = [1_000, 0, 0, 0, 0, 0];
  let firstReason: string | null = null;
  for (let hour = 0; hour < hours; hour += 1) {
    if (hour % 480 === 0) drift = (random.next() - 0.45) * 0.003;
    const open = close;
    const [calm, falls] = [hour % 4_000 > 3_600, hour === first + 3_000];
    close *= falls ? 0.8 : 1 + (calm ? 0 : drift + (random.next() - 0.5) * 0.015);
    const [high, low] = [Math.max(open, close) * 1.002, Math.min(open, close) * 0.998];
    const bar: Candle = { openTime: hour * HOUR_MS, open, high, low, close, volume: 1_000 * random.next() };
    const at = bar.openTime + HOUR_MS;
    bars.take(bar, HOUR_MS);
    closes.take(at, close, HOUR_MS);
    if (hour < first || at % strategy.everyMs !== 0) continue;
    const proposal = strategy.propose(closes, { symbol: 'BTC/USDT', at, symbols: 1, bars });
    answers += 1;
    if (proposal.kind === 'none') silent += 1;
    else if (proposal.targetShare > 0) {
      holding += 1;
      if (proposal.band >= proposal.targetShare) neverBought += 1;
      firstReason ??= proposal.reason;
    }
  }
  const longest = strategy.longestAnswer();
  return { days: TRIAL_DAYS, answers, silent, holding, neverBought, longest, firstReason };
}
