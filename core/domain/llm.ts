import type { UtcMs } from './time.ts';
import type { AbstentionCode } from './vote.ts';

/** The voters that a language model may speak for. */
export const LLM_AGENTS = ['bull', 'bear'] as const;
export type LlmAgent = (typeof LLM_AGENTS)[number];

/** What of a request besides its texts decides the answer. */
export interface LlmParameters {
  readonly api: 'chat' | 'responses';
  /** Null: the model's own. */
  readonly temperature: number | null;
  readonly maxOutputTokens: number;
  /** Absent: as the model likes. */
  readonly thinking?: 'off';
}

/** The round of a call that tried out a prompt and led to no decision. */
export const REHEARSAL = -1;

/** The closed bar that a call was made for. */
export interface DecisionBar {
  readonly symbol: string;
  readonly barOpenTime: UtcMs;
}

export interface LlmFailure {
  readonly code: AbstentionCode;
  /** One line for the trader. Never holds a key. */
  readonly message: string;
}

/** One call of a language model: cache, audit record and replay in one. */
export interface LlmCallRecord {
  /** SHA-256 in hex of agent, model, parameters, system and user: what the answer depends on. */
  readonly key: string;
  readonly agent: LlmAgent;
  /** 0 for the opening, 1 and up for rebuttals; REHEARSAL for a prompt tried out on a past bar. */
  readonly round: number;
  readonly model: string;
  /** Host, and port if any, of the endpoint. */
  readonly endpoint: string;
  readonly system: string;
  readonly user: string;
  readonly parameters: LlmParameters;
  readonly status: 'answered' | 'failed';
  /** The text as it came; of a broken answer its beginning; null when none came. */
  readonly answer: string | null;
  /** Null when answered. */
  readonly failure: LlmFailure | null;
  /** Over all attempts, as the server reported them. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Over all attempts. Attempts that may have been processed unseen count at their worst case. */
  readonly costUsd: number;
  /** From asking to the last answer, waits between attempts included. */
  readonly latencyMs: number;
  /** Requests sent. */
  readonly attempts: number;
  /** Those that were charged at their worst case, as no tokens were counted, or none that can be; absent: none. */
  readonly uncounted?: number;
  readonly time: UtcMs;
  readonly bar: DecisionBar;
  /** Where the answer came from this time: a stored one costs nothing. */
  readonly source: 'network' | 'store';
  /** The model's, as the price table has it: YYYY-MM-DD. */
  readonly knowledgeCutoff: string | null;
  /** Whether the model may have read about this bar's future in training; null when its cutoff is unknown. */
  readonly contaminated: boolean | null;
}

/** Every call by its key and bar. Methods throw when the store cannot be used. */
export interface LlmCallStore {
  /** An answered call with this key, else a failed one, else undefined. */
  get(key: string): LlmCallRecord | undefined;
  /** Keeps one record for a key and bar: an answer before a failure, a decision's call before a rehearsal's. */
  put(record: LlmCallRecord): void;
  /** Newest first. */
  list(query: LlmCallQuery): readonly LlmCallRecord[];
}

export interface LlmCallQuery {
  readonly agent?: LlmAgent;
  /** Exclusive. */
  readonly before?: UtcMs;
  readonly limit: number;
}

/** Money spent by UTC day (YYYY-MM-DD), in whole millionths of a dollar. Each write is atomic and durable. */
export interface SpendingStore {
  spent(day: string): number;
  /** Adds an amount only if the day's total then stays within the cap. False: nothing changed. */
  reserve(day: string, microUsd: number, capMicroUsd: number): boolean;
  /** Adds to a day; below 0 gives back what was reserved too much. */
  add(day: string, microUsd: number): void;
}
