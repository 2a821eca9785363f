import { parentPort, workerData } from 'node:worker_threads';
import type { SeedOrder } from '../chaos/worker.ts';
import { runSeed } from './run-seed.ts';

/** Runs the seeds that it is given, one after the other, and answers what each came to. */

const port = parentPort;
if (port === null) throw new Error('this file is a worker');
// What `bundleHost` made.
const host = String(workerData);
port.on('message', ({ seed, traceLines }: SeedOrder) => {
  runSeed(seed, { host, traceLines }).then(
    (result) => port.postMessage(result),
    (error: unknown) => {
      // A run that cannot be finished is no run without violations.
      setImmediate(() => {
        throw error;
      });
    },
  );
});
