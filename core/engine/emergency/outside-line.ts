import { type Clock, type Logger, type Timers, VenueError } from '../../domain/index.ts';
import { hearStrays } from '../../execution/index.ts';
import { patiently } from '../../market/index.ts';
import type { Secrets } from '../installation/secrets.ts';
import { openOrderLine } from '../modes/exchange-market.ts';
import { openingFault } from '../modes/opening-fault.ts';
import { venueClock } from '../modes/venue-line.ts';
import type { OutsideLine, SettingsOutside } from './kill.ts';

export interface OutsideLineOptions {
  readonly settings: SettingsOutside;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Logger;
  readonly onProgress: (line: string) => void;
}

/** A venue that has not let anybody in by then is told as one that cannot be had. */
const OPENS_WITHIN_MS = 60_000;

/**
 * A line of one's own to the venue of a program that cannot use its own. Changes nothing there: whatever margin or leverage
 * the account has, it is closed out of.
 *
 * @throws TraderError with what to do where it cannot be had.
 */
export async function openOutsideLine(options: OutsideLineOptions): Promise<OutsideLine> {
  const { settings, clock, timers, log, onProgress } = options;
  const { symbols } = settings;
  const { venue } = await openOrderLine({ ...options, symbols, wallClock: clock });
  const stopHearing = await hearStrays(process, log);
  const close = async (): Promise<void> => {
    await venue.close();
    stopHearing();
  };
  const opened = new AbortController();
  const limit = new AbortController();
  void timers.wait(OPENS_WITHIN_MS, opened.signal).then(() => {
    limit.abort(new VenueError('unavailable', `no way in within ${OPENS_WITHIN_MS / 1_000} s`));
  });
  try {
    // No symbol is prepared for trading.
    await patiently({ timers, signal: limit.signal, onProgress }, () => venue.open({ symbols: [] }));
  } catch (error) {
    await close();
    throw openingFault(error, settings);
  } finally {
    opened.abort();
  }
  return { venue, clock: venueClock(clock, () => venue.clockOffsetMs() ?? 0), close };
}
