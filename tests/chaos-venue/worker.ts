import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import type { SeedOrder } from '../chaos/worker.ts';
import { runSeed } from './run-seed.ts';

/** Runs the seeds that it is given, one after the other, and answers what each came to. */

const port = parentPort;
if (port === null) throw new Error('this file is a worker');
/** What `bundleHost` made, and whether the program is to know nothing of the venue but what ccxt says. */
const { host, isDerived } = z.object({ host: z.string(), isDerived: z.boolean() }).parse(workerData);
port.on('message', ({ seed, traceLines }: SeedOrder) => {
  runSeed(seed, { host, traceLines, change: (scenario) => ({ ...scenario, isDerived }) }).then(
    (result) => port.postMessage(result),
    (error: unknown) => {
      // A run that cannot be finished is no run without violations.
      setImmediate(() => {
        throw error;
      });
    },
  );
});
