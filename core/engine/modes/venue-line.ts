import type { Settings } from '../../contract/index.ts';
import type { Clock, OpenOptions } from '../../domain/index.ts';
import type { MarketOptions } from './market.ts';

/** How long a bar of a real venue waits for bitcoin's of the same time. */
export const BARRIER_MS = 3_000;

/** Where a venue is reached: its own hosts, its test network, or whatever stands for them. */
export function connectionOf({ mode, exchange: { endpoint, proxy } }: Pick<Settings, 'mode' | 'exchange'>) {
  return { endpoint, proxy, sandbox: mode === 'sandbox' && endpoint === null };
}

/** What is to be opened, who is told how it goes, and who may give it up. */
export function openingOf({
  symbols,
  onProgress,
  signal,
}: Pick<MarketOptions, 'symbols' | 'onProgress' | 'signal'>): OpenOptions {
  return {
    symbols,
    ...(onProgress === undefined ? {} : { onProgress }),
    ...(signal === undefined ? {} : { signal }),
  };
}

/** The venue's time, which never goes back. */
export function venueClock(wall: Clock, offsetMs: () => number): Clock {
  let last = 0;
  return {
    now() {
      last = Math.max(last, wall.now() + offsetMs());
      return last;
    },
  };
}
