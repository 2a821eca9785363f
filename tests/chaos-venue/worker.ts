import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import type { SeedOrder } from '../chaos/worker.ts';
import { runSeed } from './run-seed.ts';
import type { Scenario } from './scenario.ts';

/** Runs the seeds that it is given, one after the other, and answers what each came to. */

const port = parentPort;
if (port === null) throw new Error('this file is a worker');
/** What `bundleHost` made, whether the program is to know nothing of the venue but what ccxt says, and which venue. */
const { host, isDerived, dialect } = z
  .object({
    host: z.string(),
    isDerived: z.boolean(),
    dialect: z.enum(['binance-spot', 'binance-usdm', 'bybit-spot']).optional(),
  })
  .parse(workerData);
const changed = (scenario: Scenario): Scenario => ({
  ...{ ...scenario, isDerived },
  ...(dialect === undefined ? {} : { dialect, ownCoins: {} }),
});
port.on('message', ({ seed, traceLines }: SeedOrder) => {
  runSeed(seed, { host, traceLines, change: changed }).then(
    (result) => port.postMessage(result),
    (error: unknown) => {
      // A run that cannot be finished is no run without violations.
      setImmediate(() => {
        throw error;
      });
    },
  );
});
