import type { EventEmitter } from 'node:events';
import type { Disposer } from '../core/domain/index.ts';
import { type Platform, stopSignals } from '../core/platform/index.ts';

const WORDS: Partial<Record<NodeJS.Signals, string>> = {
  SIGINT: 'Ctrl-C was pressed in the terminal',
  SIGBREAK: 'Ctrl-Break was pressed in the terminal',
  SIGTERM: 'the system asked the program to end',
  SIGHUP: 'the terminal was closed',
};

/** Tells once, by whichever signal, that the program is to end, and why. Said again, a signal ends it at once. */
export function onEndSignal(
  platform: Platform,
  source: Pick<EventEmitter, 'on' | 'removeListener'>,
  end: (reason: string) => void,
): Disposer {
  const listeners = stopSignals(platform).map((signal) => {
    const listener = (): void => {
      dispose();
      end(WORDS[signal] ?? signal);
    };
    source.on(signal, listener);
    return { signal, listener };
  });
  const dispose = (): void => {
    for (const { signal, listener } of listeners) source.removeListener(signal, listener);
  };
  return dispose;
}
