import type { EventEmitter } from 'node:events';
import type { Disposer } from '../core/domain/index.ts';
import { type Platform, stopSignals } from '../core/platform/index.ts';

const WORDS: Partial<Record<NodeJS.Signals, string>> = {
  SIGINT: 'Ctrl-C was pressed in the terminal',
  SIGBREAK: 'Ctrl-Break was pressed in the terminal',
  SIGTERM: 'the system asked the program to end',
  SIGHUP: 'the terminal was closed',
};

/** By these a hand at the keyboard says it, and may say it again. */
const BY_HAND: ReadonlySet<NodeJS.Signals> = new Set(['SIGINT', 'SIGBREAK']);

/**
 * Tells once, by whichever signal, that the program is to end, and why. A second Ctrl-C ends it at once; other signals may
 * come twice by one cause, as when a terminal is closed and `npm start` passes on what both were told, and do nothing then.
 */
export function onEndSignal(
  platform: Platform,
  source: Pick<EventEmitter, 'on' | 'removeListener'>,
  end: (reason: string) => void,
): Disposer {
  let isTold = false;
  const listeners = stopSignals(platform).map((signal) => {
    const listener = (): void => {
      if (isTold) return;
      isTold = true;
      dispose((other) => BY_HAND.has(other));
      end(WORDS[signal] ?? signal);
    };
    source.on(signal, listener);
    return { signal, listener };
  });
  const dispose = (which: (signal: NodeJS.Signals) => boolean): void => {
    for (const { signal, listener } of listeners) if (which(signal)) source.removeListener(signal, listener);
  };
  return () => dispose(() => true);
}
