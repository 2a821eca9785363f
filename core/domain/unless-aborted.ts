/**
 * What a promise comes to, or undefined as soon as the signal aborts: whoever was asked may never answer. Whatever
 * becomes of it later is nobody's, and is no unhandled rejection.
 */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const stop = (): void => resolve(undefined);
    const end = (): void => signal.removeEventListener('abort', stop);
    promise.then(resolve, reject).finally(end);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop);
  });
}
