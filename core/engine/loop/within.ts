import type { Timers } from '../../domain/index.ts';

/** Waits for work to end, for a while. False when it has not: whatever becomes of it then is not looked at. */
export async function endsWithin(timers: Timers, ms: number, work: Promise<unknown>): Promise<boolean> {
  const over = new AbortController();
  const timeout = timers.wait(ms, over.signal).then(() => false);
  const end = work.then(
    () => true,
    () => true,
  );
  const ended = await Promise.race([end, timeout]);
  over.abort();
  return ended;
}
