import type { Timers } from '../../domain/index.ts';

export interface RepeatedTask {
  readonly everyMs: number;
  readonly run: () => void | Promise<void>;
  /** Told when a run fails; the next one comes all the same. Must not throw. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * Does something again and again, each time `everyMs` after the last one ended, so that it never overlaps itself.
 * Resolves when the signal aborts, after the run in hand.
 */
export async function every(timers: Timers, task: RepeatedTask, signal: AbortSignal): Promise<void> {
  for (;;) {
    await timers.wait(task.everyMs, signal);
    if (signal.aborted) return;
    try {
      await task.run();
    } catch (error) {
      task.onFailure(error);
    }
  }
}
