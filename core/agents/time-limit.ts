import type { Timers } from '../domain/index.ts';

export type Limited<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'stopped' };

/**
 * Does work for a limited time. Comes back when the time is over or `stop` aborts, whether or not the work heeds its
 * signal. Never rejects.
 */
export async function withinTime<T>(
  timers: Timers,
  ms: number,
  stop: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<Limited<T>> {
  if (stop.aborted) return { kind: 'stopped' };
  const over = new AbortController();
  const working = new AbortController();
  const stopped = new Promise<Limited<T>>((resolve) => {
    stop.addEventListener('abort', () => resolve({ kind: 'stopped' }), { once: true, signal: over.signal });
  });
  const timeout = timers.wait(ms, over.signal).then((): Limited<T> => ({ kind: 'timeout' }));
  const done = work(working.signal).then(
    (value): Limited<T> => ({ kind: 'done', value }),
    (error: unknown): Limited<T> => ({ kind: 'failed', error }),
  );
  const result = await Promise.race([done, timeout, stopped]);
  over.abort();
  working.abort();
  return result;
}
