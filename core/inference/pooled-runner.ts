import { availableParallelism } from 'node:os';
import type { ModelAnswer, ModelJob, ModelRunner } from './model-runner.ts';
import { WorkerRunner } from './worker-runner.ts';

interface Lane {
  readonly runner: WorkerRunner;
  questions: number;
}

/**
 * Runs models on several threads, each question on one of them: for a whole history, where many questions wait.
 * Threads start when there is a question for them. Which one answers makes no difference to the answer.
 */
export class PooledRunner implements ModelRunner {
  readonly #lanes: readonly Lane[];

  constructor(threads = availableParallelism()) {
    this.#lanes = Array.from({ length: threads }, () => ({ runner: new WorkerRunner(), questions: 0 }));
  }

  async run(jobs: readonly ModelJob[]): Promise<readonly ModelAnswer[]> {
    const lane = this.#lanes.reduce((least, each) => (each.questions < least.questions ? each : least));
    lane.questions += 1;
    try {
      return await lane.runner.run(jobs);
    } finally {
      lane.questions -= 1;
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#lanes.map(({ runner }) => runner.close()));
  }
}
