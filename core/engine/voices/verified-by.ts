import { DirectRunner, ModelRefusal, type ModelRunner } from '../../inference/index.ts';

/** A set that was found, or why it must not be used. */
interface Found<S> {
  readonly set: S | null;
  readonly refusal: ModelRefusal | null;
}

export interface Verified<S> {
  readonly sets: readonly S[];
  readonly refusals: readonly ModelRefusal[];
}

/** Those of the sets that were found that pass a check, and a line for each other. */
export async function verifiedBy<S>(
  check: (set: S, runner: ModelRunner) => Promise<unknown>,
  found: readonly Found<S>[],
): Promise<Verified<S>> {
  const runner = new DirectRunner();
  const sets: S[] = [];
  const refusals: ModelRefusal[] = [];
  try {
    for (const { set, refusal } of found) {
      if (set === null) {
        if (refusal !== null) refusals.push(refusal);
        continue;
      }
      try {
        await check(set, runner);
        sets.push(set);
      } catch (error) {
        if (!(error instanceof ModelRefusal)) throw error;
        refusals.push(error);
      }
    }
    return { sets, refusals };
  } finally {
    await runner.close();
  }
}
