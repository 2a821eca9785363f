import type { Timers } from '../../../core/domain/index.ts';
import type { Venue } from '../venue.ts';

const SLICE_MS = 250;
/** So often sockets have their turn in a slice of venue time: a round trip takes less than a second of it. */
const TURNS = 12;

/** Waits that end in venue time. */
export function timersOf(venue: Venue): Timers {
  return {
    monotonicMs: () => venue.now(),
    wait: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted === true) return resolve();
        const cancel = venue.clock.after(ms, resolve);
        signal?.addEventListener('abort', () => {
          cancel();
          resolve();
        });
      }),
  };
}

/** Lets venue time pass, with turns for whoever talks to the venue. */
export async function passing(venue: Venue, ms: number): Promise<void> {
  for (const until = venue.now() + ms; venue.now() < until; ) {
    venue.clock.advanceTo(venue.now() + SLICE_MS);
    await venue.settle(TURNS);
  }
}

/** The same, and time goes on only when everything that was streamed has been read, however busy the machine is. */
export async function passingHeard(venue: Venue, ms: number): Promise<void> {
  for (const until = venue.now() + ms; venue.now() < until; ) {
    venue.clock.advanceTo(venue.now() + SLICE_MS);
    await venue.heard(TURNS);
  }
}

/** Lets venue time pass until something is done. */
export async function during<T>(venue: Venue, work: Promise<T>): Promise<T> {
  let isDone = false;
  const end = (): void => {
    isDone = true;
  };
  work.then(end, end);
  while (!isDone) await passing(venue, SLICE_MS);
  return work;
}
