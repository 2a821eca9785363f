import { parentPort } from 'node:worker_threads';
import { END, type WorkerRequest } from '../worker-protocol.ts';

/** A models' thread for tests: the number of rows says what becomes of a question. */
export const SILENT_ROWS = 2;
export const CRASH_ROWS = 3;
export const EXIT_ROWS = 4;

parentPort?.on('message', (request: WorkerRequest | typeof END) => {
  // It does not even end.
  if (request === END) return;
  const { id, jobs } = request;
  const rows = jobs[0]?.rows;
  if (rows === SILENT_ROWS) return;
  if (rows === CRASH_ROWS) throw new Error('out of memory');
  if (rows === EXIT_ROWS) process.exit(7);
  const probabilities = Float32Array.of(0.2, 0.3, 0.5);
  parentPort?.postMessage({ id, answers: jobs.map(() => ({ probabilities, quantiles: null })) });
});
