import { parentPort, workerData } from 'node:worker_threads';
import { exportFeatures, type FeatureExportTask } from './feature-export.ts';

/** One file's export on a thread of its own. Tells `{rows, total}` on the way and `{report}` or `{failure}` at the end. */
const task = workerData as FeatureExportTask; // given by `feature-exports.ts`, which starts this
try {
  const report = await exportFeatures(task, (rows, total) => parentPort?.postMessage({ rows, total }));
  parentPort?.postMessage({ report });
} catch (error) {
  if (!(error instanceof Error)) throw error;
  parentPort?.postMessage({ failure: { name: error.name, message: error.message } });
}
