import { barOpenTime, type Candle, type UtcMs } from '../../../domain/index.ts';
import type { CandlePage, CandlePages } from './candle-pages.ts';
import { type PatientTask, patiently } from './patiently.ts';
import type { VenueTime } from './venue-time.ts';

export interface WarmUpTask extends PatientTask {
  readonly pages: CandlePages;
  readonly time: VenueTime;
  readonly symbol: string;
  /** How many bars; 1,000 when absent. */
  readonly bars?: number;
}

export const WARM_UP_BARS = 1_000;
const AGAIN_MS = 1_500;

/** The last closed bars of a symbol, ascending, as many as the venue has of those asked for. @throws VenueError */
export async function loadWarmUp(task: WarmUpTask): Promise<readonly Candle[]> {
  const { pages, time, symbol, onProgress, bars = WARM_UP_BARS } = task;
  const candles: Candle[] = [];
  let from: UtcMs | null = barOpenTime(time.now(), pages.timeframeMs) - bars * pages.timeframeMs;
  while (from !== null) {
    onProgress(`${symbol}: ${Math.min(candles.length, bars)} of ${bars} bars to warm up with`);
    const at = from;
    const page: CandlePage = await patiently(task, () =>
      pages.page(symbol, at, candles.at(-1)?.openTime ?? null),
    );
    candles.push(...page.candles);
    from = page.next;
  }
  return closedOf(task, candles);
}

/** Without the bar that is forming. The newest has closed for good where its end is past and it is told twice. */
async function closedOf(task: WarmUpTask, candles: readonly Candle[]): Promise<readonly Candle[]> {
  const { pages, symbol, timers, signal, bars = WARM_UP_BARS } = task;
  const closed = candles.slice(0, -1);
  const newest = candles.at(-1);
  if (newest === undefined || !isSettled(newest, task)) return closed.slice(-bars);
  await timers.wait(AGAIN_MS, signal);
  const again = await patiently(task, () => pages.all(symbol, newest.openTime, newest.openTime));
  const told = again.find(({ openTime }) => openTime === newest.openTime);
  const hasLater = again.length > 1;
  const isSame = told !== undefined && told.volume === newest.volume && told.close === newest.close;
  if (told !== undefined && (hasLater || isSame)) closed.push(told);
  return closed.slice(-bars);
}

function isSettled({ openTime }: Candle, { pages, time }: WarmUpTask): boolean {
  return openTime + pages.timeframeMs + time.settledMs <= time.now();
}
