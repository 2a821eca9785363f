import { Worker } from 'node:worker_threads';
import type { SeedResult } from './run-seed.ts';
import type { SeedOrder } from './worker.ts';

/** What runs seeds on a thread, and what it is given besides their numbers. */
export interface SeedWorker {
  readonly file: URL;
  readonly data?: unknown;
}

export interface SeedsAsked<R> {
  readonly firstSeed: number;
  readonly seeds: number;
  /** Threads; as many seeds run at a time. */
  readonly threads: number;
  /** How many of the last lines of each seed to keep. */
  readonly traceLines?: number;
  /** Told of each seed when it is done, in no order. */
  readonly onResult?: (result: R) => void;
  /** Absent: the engine against the nasty venue in memory. */
  readonly worker?: SeedWorker;
}

const IN_MEMORY: SeedWorker = { file: new URL('./worker.ts', import.meta.url) };

/** Runs seeds over several threads. @returns what each came to, by seed. Rejects when a run cannot be finished. */
export async function runSeeds<R extends { readonly seed: number } = SeedResult>(
  asked: SeedsAsked<R>,
): Promise<readonly R[]> {
  const { firstSeed, seeds, threads, traceLines = 0, onResult, worker = IN_MEMORY } = asked;
  const orders: SeedOrder[] = Array.from({ length: seeds }, (_, index) => ({
    seed: firstSeed + index,
    traceLines,
  }));
  const results: R[] = [];
  const note = (result: R): void => {
    results.push(result);
    onResult?.(result);
  };
  const workers = Array.from({ length: Math.min(threads, seeds) }, () => work(orders, worker, note));
  await Promise.all(workers);
  return results.toSorted((a, b) => a.seed - b.seed);
}

/** One thread, which takes seeds while there are any. */
async function work<R>(
  orders: SeedOrder[],
  { file, data }: SeedWorker,
  note: (result: R) => void,
): Promise<void> {
  // Its own arguments: a test runner's are not for it.
  const worker = new Worker(file, { execArgv: [], workerData: data });
  let present: SeedOrder | undefined;
  await new Promise<void>((resolve, reject) => {
    const next = (): void => {
      present = orders.shift();
      if (present === undefined) resolve();
      else worker.postMessage(present);
    };
    worker.on('message', (result: R) => {
      note(result);
      next();
    });
    worker.on('error', (cause) => reject(new Error(`seed ${present?.seed} could not be run`, { cause })));
    worker.on('exit', () => reject(new Error(`seed ${present?.seed} ended its thread`)));
    next();
  }).finally(() => worker.terminate());
}

/** How to see a seed again. */
export function replayCommand(seed: number, flag: '' | '--venue' | '--derived' = ''): string {
  return ['npm run chaos --', ...(flag === '' ? [] : [flag]), `--seeds 1 --first-seed ${seed}`].join(' ');
}
