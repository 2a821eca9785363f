import { type Timeframe, TraderError } from '../../../domain/index.ts';
import type { CandleLine } from './candle-venue.ts';
import { type PatientTask, patiently } from './patiently.ts';
import type { VenueTime } from './venue-time.ts';

export interface LoadVenueTask extends PatientTask {
  readonly line: CandleLine;
  readonly timeframe: Timeframe;
  readonly time: VenueTime;
}

/**
 * Asks what is traded at the venue, and what time it is there.
 *
 * @throws TraderError where it has no candles of this timeframe; VenueError when it does not answer.
 */
export async function loadVenue(task: LoadVenueTask): Promise<void> {
  const { line, timeframe, time, onProgress } = task;
  const { api, calls } = line;
  requireTimeframe(line, timeframe);
  onProgress(`${api.name}: asking what is traded there`);
  await patiently(task, () => calls.make(() => api.loadMarkets()));
  if (time.isDue) await patiently(task, () => time.measure());
}

function requireTimeframe({ api }: CandleLine, timeframe: Timeframe): void {
  const { name, has, timeframes } = api;
  if (has['fetchOHLCV'] !== true) throw new TraderError('bad-input', `exchange.id: ${name} tells no candles`);
  if (timeframes === undefined || timeframe in timeframes) return;
  const offered = Object.keys(timeframes).join(', ');
  throw new TraderError(
    'bad-input',
    `timeframe: ${name} has no ${timeframe} candles: choose one of ${offered}`,
  );
}
