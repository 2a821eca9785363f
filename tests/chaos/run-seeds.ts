import { Worker } from 'node:worker_threads';
import type { SeedResult } from './run-seed.ts';
import type { SeedOrder } from './worker.ts';

export interface SeedsAsked {
  readonly firstSeed: number;
  readonly seeds: number;
  /** Threads; as many seeds run at a time. */
  readonly threads: number;
  /** How many of the last lines of each seed to keep. */
  readonly traceLines?: number;
  /** Told of each seed when it is done, in no order. */
  readonly onResult?: (result: SeedResult) => void;
}

/** Runs seeds over several threads. @returns what each came to, by seed. Rejects when a run cannot be finished. */
export async function runSeeds(asked: SeedsAsked): Promise<readonly SeedResult[]> {
  const { firstSeed, seeds, threads, traceLines = 0, onResult } = asked;
  const orders: SeedOrder[] = Array.from({ length: seeds }, (_, index) => ({
    seed: firstSeed + index,
    traceLines,
  }));
  const results: SeedResult[] = [];
  const note = (result: SeedResult): void => {
    results.push(result);
    onResult?.(result);
  };
  const workers = Array.from({ length: Math.min(threads, seeds) }, () => work(orders, note));
  await Promise.all(workers);
  return results.toSorted((a, b) => a.seed - b.seed);
}

/** One thread, which takes seeds while there are any. */
async function work(orders: SeedOrder[], note: (result: SeedResult) => void): Promise<void> {
  // Its own arguments: a test runner's are not for it.
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { execArgv: [] });
  let present: SeedOrder | undefined;
  await new Promise<void>((resolve, reject) => {
    const next = (): void => {
      present = orders.shift();
      if (present === undefined) resolve();
      else worker.postMessage(present);
    };
    worker.on('message', (result: SeedResult) => {
      note(result);
      next();
    });
    worker.on('error', (cause) => reject(new Error(`seed ${present?.seed} could not be run`, { cause })));
    worker.on('exit', () => reject(new Error(`seed ${present?.seed} ended its thread`)));
    next();
  }).finally(() => worker.terminate());
}

/** How to see a seed again. */
export function replayCommand(seed: number): string {
  return `npm run chaos -- --seeds 1 --first-seed ${seed}`;
}
