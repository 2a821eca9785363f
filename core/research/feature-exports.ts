import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { TraderError, type TraderErrorKind } from '../domain/index.ts';
import type { FeatureExportReport, FeatureExportTask } from './feature-export.ts';

type Message =
  | { readonly rows: number; readonly total: number }
  | { readonly report: FeatureExportReport }
  | { readonly failure: { readonly kind: TraderErrorKind; readonly message: string } };

/**
 * Exports several files at once, one thread a core.
 *
 * @param onProgress told the rows done and known of over all files.
 * @returns the reports in the order of the tasks.
 * @throws the first file's error; the files that were finished by then stay, half-written ones are removed.
 */
export async function exportFeatureFiles(
  tasks: readonly FeatureExportTask[],
  onProgress: (rows: number, total: number) => void,
): Promise<readonly FeatureExportReport[]> {
  const progress = tasks.map(() => ({ rows: 0, total: 0 }));
  const reports: FeatureExportReport[] = [];
  const waiting = [...tasks.entries()];
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, task] = next;
      reports[index] = await onThread(task, (rows, total) => {
        progress[index] = { rows, total };
        onProgress(sum(progress, 'rows'), sum(progress, 'total'));
      });
    }
  };
  const lanes = Array.from({ length: Math.min(tasks.length, availableParallelism()) }, lane);
  const ended = await Promise.allSettled(lanes);
  const failed = ended.find((one) => one.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return reports;
}

function onThread(
  task: FeatureExportTask,
  onProgress: (rows: number, total: number) => void,
): Promise<FeatureExportReport> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./feature-export-worker.ts', import.meta.url), { workerData: task });
    worker.on('message', (message: Message) => {
      if ('report' in message) resolve(message.report);
      else if ('failure' in message) reject(new TraderError(message.failure.kind, message.failure.message));
      else onProgress(message.rows, message.total);
    });
    worker.on('error', reject);
    worker.on('exit', (code) => reject(new Error(`the export of ${task.file} ended with code ${code}`)));
  });
}

function sum(progress: readonly { rows: number; total: number }[], key: 'rows' | 'total'): number {
  return progress.reduce((total, one) => total + one[key], 0);
}
