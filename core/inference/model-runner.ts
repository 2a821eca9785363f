import { ModelRefusal } from './refusal.ts';

/** One model to run over some rows. */
export interface ModelJob {
  /** Its file. */
  readonly path: string;
  /** Bytes of the file, for the cache. */
  readonly bytes: number;
  /** Shape of one row of input: [F] for trees, [T, F] for nets. */
  readonly rowShape: readonly number[];
  readonly rows: number;
  /** rows x rowShape, float32. */
  readonly input: Float32Array;
  /** What is asked for: the three classes, or the logarithms of two variances. The classes when absent. */
  readonly asks?: 'probabilities' | 'log_variance';
  /** Rows given to the model at once; as many as are fastest when absent. */
  readonly chunkRows?: number;
}

export interface ModelAnswer {
  /** rows x 3: down, flat, up; empty where something else was asked for. */
  readonly probabilities: Float32Array;
  /** rows x 3: the 10, 50 and 90 % quantiles of the return over its standard deviation; nets only. */
  readonly quantiles: Float32Array | null;
  /** rows x 2: the logarithm of the variance of one bar over each horizon; of models of volatility only. */
  readonly logVariance?: Float32Array;
}

/** Runs models, here or on another thread. */
export interface ModelRunner {
  /** @throws ModelRefusal (as a rejection) when a model cannot be run. */
  run(jobs: readonly ModelJob[]): Promise<readonly ModelAnswer[]>;
  close(): Promise<void>;
}

/** @throws ModelRefusal for a job that no model could answer. */
export function checkJob({ path, rowShape, rows, input }: ModelJob): void {
  if (rows < 1) throw new ModelRefusal('cannot-run', `${path}: asked about no row at all`);
  const expected = rows * rowShape.reduce((product, each) => product * each, 1);
  if (input.length !== expected) {
    throw new ModelRefusal('cannot-run', `${path}: given ${input.length} numbers, not ${expected}`);
  }
}
