import { type Timers, unlessAborted, VenueError } from '../../../domain/index.ts';
import { BackOff } from './back-off.ts';

/** Something that is asked of a venue while somebody waits for it. */
export interface PatientTask {
  readonly timers: Timers;
  readonly signal: AbortSignal;
  /** Told what is being waited for, a line each. */
  readonly onProgress: (line: string) => void;
}

const ATTEMPTS = 6;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;

/**
 * Asks again, a few times, what the venue did not answer.
 *
 * @throws VenueError what it failed with last, or a refusal at once; the signal's reason when it aborts.
 */
export async function patiently<T>(task: PatientTask, ask: () => Promise<T>): Promise<T> {
  const { timers, signal, onProgress } = task;
  const backOff = new BackOff(FIRST_WAIT_MS, LONGEST_WAIT_MS);
  for (let attempt = 1; ; attempt += 1) {
    try {
      const answer = await unlessAborted(ask(), signal);
      signal.throwIfAborted();
      // Only an aborted signal leaves no answer.
      return answer as T;
    } catch (error) {
      if (signal.aborted || attempt === ATTEMPTS || !isPassing(error)) throw error;
      const waitMs = backOff.after(error);
      onProgress(`${error.message}: trying again in ${Math.ceil(waitMs / 1_000)} s`);
      await timers.wait(waitMs, signal);
      signal.throwIfAborted();
    }
  }
}

/** Whether it may go better next time. */
function isPassing(error: unknown): error is VenueError {
  return error instanceof VenueError && error.fault !== 'rejected' && error.fault !== 'unauthorised';
}
