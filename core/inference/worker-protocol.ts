import type { ModelAnswer, ModelJob } from './model-runner.ts';
import type { RefusalCode } from './refusal.ts';

/** What passes between the engine's thread and the models' thread. */
export interface WorkerRequest {
  readonly id: number;
  readonly jobs: readonly ModelJob[];
}

/** Asks the thread to end itself as soon as no model runs. */
export const END = 'end';

export type WorkerReply =
  | { readonly id: number; readonly answers: readonly ModelAnswer[] }
  | { readonly id: number; readonly refusal: { readonly code: RefusalCode; readonly message: string } };

/** What the models' thread is told when it starts. */
export interface WorkerTerms {
  /** Bytes of model files kept open; the runner's own number when absent. */
  readonly capacityBytes: number | undefined;
  /** One number, which the thread sets to 1 when it ends itself: so whoever leaves the program can wait for it. */
  readonly ended: Int32Array<SharedArrayBuffer>;
}
