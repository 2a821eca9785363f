import { parentPort } from 'node:worker_threads';
import { openEngine } from './engine-under-test.ts';
import { runSeed } from './run-seed.ts';

/** Runs the seeds that it is given, one after the other, and answers what each came to. */

export interface SeedOrder {
  readonly seed: number;
  readonly traceLines: number;
}

const port = parentPort;
if (port === null) throw new Error('this file runs as a worker');
port.on('message', ({ seed, traceLines }: SeedOrder) => {
  runSeed(seed, { openEngine, traceLines }).then(
    (result) => port.postMessage(result),
    (error: unknown) => {
      // A run that cannot be finished is no run without violations.
      setImmediate(() => {
        throw error;
      });
    },
  );
});
