import type { ModelAnswer, ModelJob } from './model-runner.ts';
import type { RefusalCode } from './refusal.ts';

/** What passes between the engine's thread and the models' thread. */
export interface WorkerRequest {
  readonly id: number;
  readonly jobs: readonly ModelJob[];
}

export type WorkerReply =
  | { readonly id: number; readonly answers: readonly ModelAnswer[] }
  | { readonly id: number; readonly refusal: { readonly code: RefusalCode; readonly message: string } };
