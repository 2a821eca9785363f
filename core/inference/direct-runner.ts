import { basename } from 'node:path';
import type * as Runtime from 'onnxruntime-node';
import { checkJob, type ModelAnswer, type ModelJob, type ModelRunner } from './model-runner.ts';
import { ModelRefusal } from './refusal.ts';
import { loadRuntime } from './runtime.ts';

/** Bytes of model files whose sessions are kept open. */
const DEFAULT_CAPACITY_BYTES = 64_000_000;
/** Rows in one call of a session: what a net works on then still fits into a processor's cache. */
const CHUNK_ROWS = 32;
const NOTHING = new Float32Array();
const ONE_THREAD = { intraOpNumThreads: 1, interOpNumThreads: 1, executionMode: 'sequential' } as const;

interface Held {
  readonly session: Promise<Runtime.InferenceSession>;
  readonly bytes: number;
}

/**
 * Runs models on this thread, which a call blocks: for a worker, a backtest or a command. Sessions are opened when
 * first needed, from the file, and the least recently used ones are closed when too many bytes are open. Questions are
 * answered one after another: none loses its session to another.
 */
export class DirectRunner implements ModelRunner {
  readonly #capacityBytes: number;
  readonly #load: () => Promise<typeof Runtime>;
  /** In the order of use, the latest last. */
  readonly #held = new Map<string, Held>();
  #runtime: Promise<typeof Runtime> | undefined;
  #last: Promise<void> = Promise.resolve();

  /** @param load what runs the models; a test's may not be there. */
  constructor(capacityBytes = DEFAULT_CAPACITY_BYTES, load: () => Promise<typeof Runtime> = loadRuntime) {
    this.#capacityBytes = capacityBytes;
    this.#load = load;
  }

  /** Files whose sessions are open, least recently used first. */
  get open(): readonly string[] {
    return [...this.#held.keys()];
  }

  run(jobs: readonly ModelJob[]): Promise<readonly ModelAnswer[]> {
    return this.#inTurn(async () => {
      const answers: ModelAnswer[] = [];
      for (const job of jobs) answers.push(await this.#answer(job));
      return answers;
    });
  }

  close(): Promise<void> {
    return this.#inTurn(async () => {
      const held = [...this.#held.values()];
      this.#held.clear();
      for (const { session } of held) await (await session).release();
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.then(
      () => undefined,
      // Whoever asked is told; the next in turn goes on.
      () => undefined,
    );
    return result;
  }

  async #answer(job: ModelJob): Promise<ModelAnswer> {
    checkJob(job);
    const { rows, input, rowShape, path, chunkRows = CHUNK_ROWS, asks = 'probabilities' } = job;
    this.#runtime ??= this.#load();
    const { Tensor: RuntimeTensor } = await this.#runtime;
    const session = await this.#session(job);
    const width = input.length / rows;
    // Of each output so many numbers a row.
    const widths: Readonly<Record<string, number>> =
      asks === 'log_variance' ? { log_variance: 2 } : { probabilities: 3, quantiles: 3 };
    const taken = new Map<string, Float32Array>();
    try {
      for (let from = 0; from < rows; from += chunkRows) {
        const count = Math.min(chunkRows, rows - from);
        const part = input.subarray(from * width, (from + count) * width);
        const outputs = await session.run({
          features: new RuntimeTensor('float32', part, [count, ...rowShape]),
        });
        for (const [name, each] of Object.entries(widths)) {
          // Trees have no quantiles; whatever is asked for must be there.
          if (outputs[name] === undefined && name !== asks) continue;
          const all = taken.get(name) ?? new Float32Array(rows * each);
          taken.set(name, all);
          all.set(floats(outputs[name], path), from * each);
        }
      }
    } catch (cause) {
      throw refusalOf(path, cause);
    }
    const logVariance = taken.get('log_variance');
    return {
      probabilities: taken.get('probabilities') ?? NOTHING,
      quantiles: taken.get('quantiles') ?? null,
      ...(logVariance === undefined ? {} : { logVariance }),
    };
  }

  async #session({ path, bytes }: ModelJob): Promise<Runtime.InferenceSession> {
    const known = this.#held.get(path);
    this.#runtime ??= this.#load();
    const { InferenceSession: Session } = await this.#runtime;
    const held = known ?? { bytes, session: Session.create(path, { ...ONE_THREAD, logSeverityLevel: 4 }) };
    this.#held.delete(path);
    this.#held.set(path, held);
    try {
      const session = await held.session;
      await this.#makeRoom();
      return session;
    } catch (cause) {
      this.#held.delete(path);
      throw refusalOf(path, cause);
    }
  }

  async #makeRoom(): Promise<void> {
    let total = [...this.#held.values()].reduce((sum, { bytes }) => sum + bytes, 0);
    for (const [path, { bytes, session }] of [...this.#held].slice(0, -1)) {
      if (total <= this.#capacityBytes) return;
      this.#held.delete(path);
      total -= bytes;
      await (await session).release();
    }
  }
}

function floats(tensor: Runtime.Tensor | undefined, path: string): Float32Array {
  if (tensor?.data instanceof Float32Array) return tensor.data;
  throw new ModelRefusal('cannot-run', `${basename(path)}: it answers something else than float32`);
}

function refusalOf(path: string, cause: unknown): ModelRefusal {
  if (cause instanceof ModelRefusal) return cause;
  const why = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
  return new ModelRefusal('cannot-run', `${basename(path)}: it cannot be run: ${why}`, { cause });
}
