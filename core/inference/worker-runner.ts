import { Worker } from 'node:worker_threads';
import { checkJob, type ModelAnswer, type ModelJob, type ModelRunner } from './model-runner.ts';
import { ModelRefusal } from './refusal.ts';
import type { WorkerReply, WorkerRequest } from './worker-protocol.ts';

/** From the source Node runs the TypeScript file, in a bundle the one that was made of it. */
const WORKER_FILE = new URL(
  import.meta.url.endsWith('.ts') ? './inference-worker.ts' : './inference-worker.js',
  import.meta.url,
);

interface Waiting {
  readonly resolve: (answers: readonly ModelAnswer[]) => void;
  readonly reject: (refusal: ModelRefusal) => void;
}

/**
 * Runs models on a thread of their own, started with the first question. When that thread dies, what was asked is
 * refused, and the next question starts another.
 */
export class WorkerRunner implements ModelRunner {
  readonly #file: URL;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #lastId = 0;

  constructor(file: URL = WORKER_FILE) {
    this.#file = file;
  }

  run(jobs: readonly ModelJob[]): Promise<readonly ModelAnswer[]> {
    return new Promise((resolve, reject) => {
      for (const job of jobs) checkJob(job);
      this.#lastId += 1;
      this.#waiting.set(this.#lastId, { resolve, reject });
      this.#worker ??= this.#start();
      this.#worker.postMessage({ id: this.#lastId, jobs } satisfies WorkerRequest);
    });
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
    this.#refuseAll('the models were closed');
  }

  #start(): Worker {
    const worker = new Worker(this.#file);
    // The thread alone does not keep the program running.
    worker.unref();
    worker.on('message', (reply: WorkerReply) => this.#settle(reply));
    const died = (why: string): void => {
      if (this.#worker !== worker) return;
      this.#worker = undefined;
      this.#refuseAll(`the models' thread ended: ${why}`);
    };
    worker.on('error', (error) => died(error instanceof Error ? error.message : String(error)));
    worker.on('exit', (code) => died(`code ${code}`));
    return worker;
  }

  #settle(reply: WorkerReply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ('answers' in reply) waiting?.resolve(reply.answers);
    else waiting?.reject(new ModelRefusal(reply.refusal.code, reply.refusal.message));
  }

  #refuseAll(message: string): void {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(new ModelRefusal('cannot-run', message));
  }
}
