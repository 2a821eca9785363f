import { Worker } from 'node:worker_threads';
import { checkJob, type ModelAnswer, type ModelJob, type ModelRunner } from './model-runner.ts';
import { ModelRefusal } from './refusal.ts';
import { END, type WorkerReply, type WorkerRequest, type WorkerTerms } from './worker-protocol.ts';

/** From the source Node runs the TypeScript file, in a bundle the one that was made of it. */
const WORKER_FILE = new URL(
  import.meta.url.endsWith('.ts') ? './inference-worker.ts' : './inference-worker.js',
  import.meta.url,
);

/** Threads that have not been asked to end, each with the number that tells when it has. */
const running = new Map<Worker, Int32Array<SharedArrayBuffer>>();
// Whoever leaves the program without closing its models ends their threads from outside, which must not be within a model.
process.on('exit', () => {
  for (const worker of running.keys()) worker.postMessage(END);
  for (const ended of running.values()) Atomics.wait(ended, 0, 0, END_PATIENCE_MS);
});

/** Longer than any batch takes; a thread that is silent for so long never answers. */
const DEFAULT_TIMEOUT_MS = 30_000;
/** A model is loaded, or answers a batch, in less. */
const END_PATIENCE_MS = 5_000;

export interface WorkerRunnerOptions {
  readonly file?: URL;
  readonly timeoutMs?: number;
  /** How long a thread that was asked to end is waited for; 5 s when absent. */
  readonly endPatienceMs?: number;
  /** Bytes of model files that the thread keeps open; its own number when absent. */
  readonly capacityBytes?: number | undefined;
}

interface Waiting {
  readonly resolve: (answers: readonly ModelAnswer[]) => void;
  readonly reject: (refusal: ModelRefusal) => void;
  readonly timer: NodeJS.Timeout;
}

const CLOSED = 'the models were closed';

/**
 * Runs models on a thread of their own, started with the first question. When that thread dies or does not answer in
 * time, what was asked is refused, and the next question starts another.
 */
export class WorkerRunner implements ModelRunner {
  readonly #file: URL;
  readonly #timeoutMs: number;
  readonly #endPatienceMs: number;
  readonly #capacityBytes: number | undefined;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #isClosed = false;
  #lastId = 0;

  constructor({
    file = WORKER_FILE,
    timeoutMs = DEFAULT_TIMEOUT_MS,
    endPatienceMs = END_PATIENCE_MS,
    capacityBytes,
  }: WorkerRunnerOptions = {}) {
    this.#file = file;
    this.#timeoutMs = timeoutMs;
    this.#endPatienceMs = endPatienceMs;
    this.#capacityBytes = capacityBytes;
  }

  async run(jobs: readonly ModelJob[]): Promise<readonly ModelAnswer[]> {
    for (const job of jobs) checkJob(job);
    // Who is still asking when the program ends must not keep it running with another thread.
    if (this.#isClosed) throw new ModelRefusal('cannot-run', CLOSED);
    this.#worker ??= this.#start();
    this.#lastId += 1;
    const id = this.#lastId;
    this.#worker.postMessage({ id, jobs } satisfies WorkerRequest);
    return new Promise((resolve, reject) => {
      // The timer also keeps the program running until the answer is there.
      const timer = setTimeout(() => this.#giveUp(), this.#timeoutMs);
      this.#waiting.set(id, { resolve, reject, timer });
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#end(CLOSED);
  }

  #start(): Worker {
    const ended = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
    const worker = new Worker(this.#file, {
      workerData: { capacityBytes: this.#capacityBytes, ended } satisfies WorkerTerms,
    });
    running.set(worker, ended);
    // The thread alone does not keep the program running.
    worker.unref();
    worker.on('message', (reply: WorkerReply) => this.#settle(reply));
    const died = (why: string): void => {
      if (this.#worker !== worker) return;
      this.#worker = undefined;
      this.#refuseAll(`the models' thread ended: ${why}`);
    };
    const failed = (error: unknown): void => died(error instanceof Error ? error.message : String(error));
    worker.on('error', failed);
    worker.on('messageerror', failed);
    worker.on('exit', (code) => {
      running.delete(worker);
      died(`code ${code}`);
    });
    return worker;
  }

  #giveUp(): void {
    void this.#end(`the models' thread did not answer within ${this.#timeoutMs} ms`);
  }

  /**
   * The thread ends itself: to be ended from outside while a model runs is an error that the runtime's native part cannot
   * throw, and that aborts the program. One that does not end is left behind; nothing is asked of it any more.
   */
  async #end(why: string): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    this.#refuseAll(why);
    if (worker === undefined) return;
    worker.postMessage(END);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.#endPatienceMs);
      worker.once('exit', () => {
        clearTimeout(timer);
        resolve();
      });
    });
    // It has been waited for.
    running.delete(worker);
  }

  #settle(reply: WorkerReply): void {
    const waiting = this.#waiting.get(reply.id);
    if (waiting === undefined) return;
    this.#waiting.delete(reply.id);
    clearTimeout(waiting.timer);
    if ('answers' in reply) waiting.resolve(reply.answers);
    else waiting.reject(new ModelRefusal(reply.refusal.code, reply.refusal.message));
  }

  #refuseAll(message: string): void {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject, timer } of waiting) {
      clearTimeout(timer);
      reject(new ModelRefusal('cannot-run', message));
    }
  }
}
