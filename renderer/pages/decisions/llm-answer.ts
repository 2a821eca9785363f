/** What a language model answered, as far as it can be shown. */
export interface ShownAnswer {
  readonly action: string;
  readonly confidence: number;
  readonly thesis: string;
  readonly evidence: readonly string[];
  readonly invalidation: string;
}

/** Reads an answer for showing; null where it is not what was asked for. Whether it counted is not decided here. */
export function answerIn(text: string | null): ShownAnswer | null {
  if (text === null) return null;
  const json = /\{[\s\S]*\}/.exec(text)?.[0];
  if (json === undefined) return null;
  try {
    const { action, confidence, thesis, evidence, invalidation } = JSON.parse(json) as Partial<
      Record<keyof ShownAnswer, unknown>
    >; // each checked below
    if (typeof action !== 'string' || typeof confidence !== 'number' || typeof thesis !== 'string')
      return null;
    return {
      action,
      confidence,
      thesis,
      evidence: Array.isArray(evidence) ? evidence.filter((item) => typeof item === 'string') : [],
      invalidation: typeof invalidation === 'string' ? invalidation : '',
    };
  } catch {
    // Not JSON: shown as an answer that cannot be read.
    return null;
  }
}
