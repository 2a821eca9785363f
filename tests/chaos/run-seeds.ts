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
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { execArgv: [], stdout: false });
  try {
    for (let order = orders.shift(); order !== undefined; order = orders.shift()) {
      const { seed } = order;
      const answer = new Promise<SeedResult>((resolve, reject) => {
        worker.once('message', resolve);
        worker.once('error', (cause) => reject(new Error(`seed ${seed} could not be run`, { cause })));
        worker.once('exit', () => reject(new Error(`seed ${seed} ended its thread`)));
      });
      worker.postMessage(order);
      note(await answer);
      worker.removeAllListeners();
    }
  } finally {
    await worker.terminate();
  }
}

/** How to see a seed again. */
export function replayCommand(seed: number): string {
  return `npm run chaos -- --seeds 1 --first-seed ${seed}`;
}
