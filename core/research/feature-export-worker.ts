import { parentPort, workerData } from 'node:worker_threads';
import { TraderError } from '../domain/index.ts';
import { exportFeatures, type FeatureExportTask } from './feature-export.ts';

/** One file's export on a thread of its own. Tells `{rows, total}` on the way and `{report}` or `{failure}` at the end. */
const task = workerData as FeatureExportTask; // given by `feature-exports.ts`, which starts this
try {
  const report = await exportFeatures(task, (rows, total) => parentPort?.postMessage({ rows, total }));
  parentPort?.postMessage({ report });
} catch (error) {
  // A class does not survive the way to another thread; a bug ends this one and is thrown there.
  if (!(error instanceof TraderError)) throw error;
  parentPort?.postMessage({ failure: { kind: error.kind, message: error.message } });
}
