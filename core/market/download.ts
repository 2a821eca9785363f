import type { HistoryStore, Timeframe, UtcMs } from '../domain/index.ts';
import type { CandlePage, CandlePages } from './feeds/ccxt/candle-pages.ts';
import { type PatientTask, patiently } from './feeds/ccxt/patiently.ts';
import type { VenueTime } from './feeds/ccxt/venue-time.ts';

export interface DownloadTask extends PatientTask {
  readonly pages: CandlePages;
  readonly time: VenueTime;
  readonly history: HistoryStore;
  readonly symbol: string;
  readonly timeframe: Timeframe;
  readonly since: UtcMs;
  /** Exclusive; the bar that is forming is never taken. */
  readonly until: UtcMs;
  /** Told how many of the bars that there can be are done. */
  readonly onBars: (done: number, total: number) => void;
}

export interface DownloadReport {
  /** Bars that came from the venue. */
  readonly downloaded: number;
  /** Bars of the range that are stored by now. */
  readonly bars: number;
  /** Bars between the first and the last that the venue does not have. */
  readonly missingBars: number;
  /** Opening times of the first and the last bar; null where the venue has none. */
  readonly from: UtcMs | null;
  readonly to: UtcMs | null;
}

/** Stored bars that are looked at together. */
const CHUNK_BARS = 10_000;

/**
 * Brings closed bars of a venue into the history, page by page, each stored as it comes. What is stored already is not
 * asked for again: a download that was interrupted goes on after its last bar.
 *
 * @throws VenueError when the venue does not answer, in spite of patience. What came before stays stored.
 */
export async function downloadCandles(task: DownloadTask): Promise<DownloadReport> {
  const { pages, time, history, symbol, timeframe, onBars } = task;
  const { timeframeMs } = pages;
  const start = Math.ceil(task.since / timeframeMs) * timeframeMs;
  const until = Math.min(task.until, time.now() - time.settledMs);
  const total = Math.max(0, Math.floor((until - start) / timeframeMs));
  let downloaded = 0;
  let anchor: UtcMs | null = null;
  for (let at: UtcMs | null = start; at !== null; ) {
    const from: UtcMs = endOfStored(task, at, until);
    onBars(Math.min(total, (from - start) / timeframeMs), total);
    if (from + timeframeMs > until) break;
    // Stored bars may be of another source: only what this venue told in this run is held on to.
    const known: UtcMs | null = anchor !== null && anchor + timeframeMs === from ? anchor : null;
    const page: CandlePage = await patiently(task, () => pages.page(symbol, from, known));
    const closed = page.candles.filter(({ openTime }) => openTime + timeframeMs <= until);
    history.append(symbol, timeframe, closed);
    downloaded += closed.length;
    anchor = page.candles.at(-1)?.openTime ?? null;
    at = page.next;
  }
  return { downloaded, ...rangeOf(task, start, until) };
}

/** Where the stored bars that begin at `at` end: at the first that is missing. */
function endOfStored({ history, symbol, timeframe, pages }: DownloadTask, at: UtcMs, until: UtcMs): UtcMs {
  let end = at;
  for (;;) {
    const before = Math.min(until, end + CHUNK_BARS * pages.timeframeMs);
    const chunk = history.candles(symbol, timeframe, { from: end, before });
    const missing = chunk.findIndex(({ openTime }, index) => openTime !== end + index * pages.timeframeMs);
    const run = missing === -1 ? chunk.length : missing;
    end += run * pages.timeframeMs;
    if (run < CHUNK_BARS) return end;
  }
}

function rangeOf(task: DownloadTask, start: UtcMs, until: UtcMs): Omit<DownloadReport, 'downloaded'> {
  const { history, symbol, timeframe, pages } = task;
  const chunkMs = CHUNK_BARS * pages.timeframeMs;
  let [bars, from, to]: [number, UtcMs | null, UtcMs | null] = [0, null, null];
  for (let at = start; at < until; at += chunkMs) {
    const chunk = history.candles(symbol, timeframe, { from: at, before: Math.min(until, at + chunkMs) });
    bars += chunk.length;
    from ??= chunk[0]?.openTime ?? null;
    to = chunk.at(-1)?.openTime ?? to;
  }
  const span = from === null || to === null ? 0 : (to - from) / pages.timeframeMs + 1;
  return { bars, missingBars: span - bars, from, to };
}
