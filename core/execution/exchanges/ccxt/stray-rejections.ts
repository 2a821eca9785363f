import { type Disposer, type Logger, VenueError } from '../../../domain/index.ts';
import { loadCcxt } from './ccxt-api.ts';
import { errorOfCall } from './faults.ts';

type Listener = (reason: unknown) => void;

/** Where rejections come to that nobody has heard: the process. */
export interface Unheard {
  on(event: 'unhandledRejection', listener: Listener): unknown;
  off(event: 'unhandledRejection', listener: Listener): unknown;
}

/**
 * ccxt rejects promises besides those that it hands out. Those that are known are heard where they are made
 * (`cures.ts`); one more must not end a program that looks after open positions. Whatever is neither ccxt's nor a
 * venue's is a fault of the program, and thrown.
 */
export async function hearStrays(host: Unheard, log: Logger): Promise<Disposer> {
  const { isOwn } = await loadCcxt();
  const hear: Listener = (reason) => {
    if (!isOwn(reason) && !(reason instanceof VenueError)) throw reason;
    // ccxt's own words may hold the address that was asked, with its signature.
    log.error(
      { words: errorOfCall('ccxt', reason, true).message },
      'a failure of ccxt that nobody waited for',
    );
  };
  host.on('unhandledRejection', hear);
  return () => {
    host.off('unhandledRejection', hear);
  };
}
