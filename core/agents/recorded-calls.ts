import {
  type AbstentionCode,
  type Clock,
  type DecisionBar,
  type LlmAgent,
  type LlmCallRecord,
  type LlmCallStore,
  type LlmFailure,
  type LlmParameters,
  type Logger,
  REHEARSAL,
  type Timers,
} from '../domain/index.ts';
import { type Answer, parseAnswer } from './answer.ts';
import { callKey, type Question } from './call-key.ts';
import type { CallLimits, Completion, LlmClient } from './llm-client.ts';

/**
 * `replay` answers from the store alone; `record` and `live` ask the store first and the network for the rest, and
 * keep what it said.
 */
export type CallMode = 'replay' | 'record' | 'live';

/** Who is asked in an agent's name. */
export interface Line {
  readonly model: string;
  /** Host of the endpoint. */
  readonly host: string;
  /** YYYY-MM-DD, where the price table has it. */
  readonly knowledgeCutoff: string | null;
  /** Made at the first call to the network. */
  readonly client: () => LlmClient;
}

export interface RecordedCallsOptions {
  readonly mode: CallMode;
  readonly store: LlmCallStore;
  readonly parameters: LlmParameters;
  /** In the order in which they are asked; none: no model is chosen for the agent. */
  readonly lines: Readonly<Record<LlmAgent, readonly Line[]>>;
  /** The wall's. */
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
}

export interface CallRequest {
  readonly agent: LlmAgent;
  readonly round: number;
  readonly system: string;
  readonly user: string;
  readonly bar: DecisionBar;
}

/** What became of a question. Exactly one of `answer` and `failure` is there. */
export interface Asked {
  readonly answer: Answer | null;
  readonly failure: LlmFailure | null;
  /** A record for each model that was asked, in that order; none where nothing was: no model, no stored answer, no time. */
  readonly records: readonly LlmCallRecord[];
}

/** Calls of language models with a memory: the same question is never paid twice. */
export class RecordedCalls {
  readonly #options: RecordedCallsOptions;

  constructor(options: RecordedCallsOptions) {
    this.#options = options;
  }

  /** @throws what the store throws when it cannot be read. */
  async ask(request: CallRequest, limits: CallLimits): Promise<Asked> {
    const lines = this.#options.lines[request.agent];
    const { timers } = this.#options;
    const end = timers.monotonicMs() + limits.withinMs;
    const records: LlmCallRecord[] = [];
    const failures: (LlmFailure & { readonly model: string })[] = [];
    for (const [index, line] of lines.entries()) {
      const leftMs = end - timers.monotonicMs();
      // One that hangs leaves time for those after it.
      const withinMs = index < lines.length - 1 ? leftMs * SHARE_BEFORE_FALLBACK : leftMs;
      const asked = await this.#askLine(line, request, { ...limits, withinMs });
      records.push(...asked.records);
      if (asked.failure === null) return { ...asked, records };
      failures.push({ ...asked.failure, model: line.model });
      if (!PASSES_ON.has(asked.failure.code)) break;
    }
    const [first, ...others] = failures;
    if (first === undefined) {
      return unasked({ code: 'not-configured', message: 'no language model is chosen: set llm.model' });
    }
    const fallbacks = others.map(({ model, message }) => `; ${model}: ${message}`).join('');
    return { answer: null, failure: { code: first.code, message: first.message + fallbacks }, records };
  }

  async #askLine(line: Line, request: CallRequest, limits: CallLimits): Promise<Asked> {
    const { mode, store, parameters } = this.#options;
    const { agent, system, user } = request;
    const key = callKey({ agent, model: line.model, parameters, system, user } satisfies Question);
    const stored = store.get(key);
    // A failure is only repeated where the run itself is repeated; else it is worth another try.
    if (stored !== undefined && (stored.status === 'answered' || mode === 'replay')) {
      return this.#replay(stored, request, line);
    }
    if (mode === 'replay') {
      const message = `no stored answer to this question (key ${key.slice(0, 12)}): record the run first`;
      return unasked({ code: 'replay-miss', message });
    }
    if (limits.withinMs <= 0) {
      return unasked({ code: 'timeout', message: 'no time was left in the debate' });
    }
    const completion = await line.client().complete({ system, user, parameters }, limits);
    const record = this.#recordOf(key, request, line, completion);
    this.#keep(record);
    if (completion.failure !== null) {
      const { code, message } = completion.failure;
      this.#options.logger.warn({ agent, model: line.model, ...request.bar, code }, message);
    }
    return { answer: completion.answer, failure: completion.failure, records: [record] };
  }

  #replay(stored: LlmCallRecord, { round, bar }: CallRequest, line: Line): Asked {
    const contaminated = contamination(line, bar);
    const record = { ...stored, round, bar, ...contaminated, source: 'store', costUsd: 0 } as const;
    const sameBar = stored.bar.symbol === bar.symbol && stored.bar.barOpenTime === bar.barOpenTime;
    if (!sameBar || (stored.round === REHEARSAL && round !== REHEARSAL)) this.#keep(record);
    if (stored.status === 'failed')
      return { answer: null, failure: stored.failure ?? LOST_REASON, records: [record] };
    const parsed = parseAnswer(stored.answer ?? '');
    return parsed.kind === 'answer'
      ? { answer: parsed.answer, failure: null, records: [record] }
      : { answer: null, failure: parsed.failure, records: [record] };
  }

  #recordOf(key: string, request: CallRequest, line: Line, completion: Completion): LlmCallRecord {
    const { agent, round, system, user, bar } = request;
    const { answer, failure, text, usage, costUsd, latencyMs, attempts, uncounted } = completion;
    return {
      key,
      agent,
      round,
      model: line.model,
      endpoint: line.host,
      system,
      user,
      parameters: this.#options.parameters,
      status: answer === null ? 'failed' : 'answered',
      answer: text,
      failure,
      ...usage,
      costUsd,
      latencyMs,
      attempts,
      ...(uncounted === 0 ? {} : { uncounted }),
      time: this.#options.clock.now(),
      bar,
      source: 'network',
      ...contamination(line, bar),
    };
  }

  /** An answer that was paid for counts, also when it cannot be kept. */
  #keep(record: LlmCallRecord): void {
    try {
      this.#options.store.put(record);
    } catch (error) {
      const { agent, bar } = record;
      this.#options.logger.error(
        { error, agent, ...bar },
        'a call of a language model could not be recorded',
      );
    }
  }
}

/** Of the time of a call, what all models but the last may take of what is left. */
const SHARE_BEFORE_FALLBACK = 0.75;
/** Another model may do better where one could not be asked, or said nothing that can be used. A refusal is an answer. */
const PASSES_ON: ReadonlySet<AbstentionCode> = new Set([
  'unauthorised',
  'payment-required',
  'model-not-found',
  'request-refused',
  'rate-limited',
  'unavailable',
  'timeout',
  'budget-exhausted',
  'broken-answer',
  'replay-miss',
]);

const LOST_REASON: LlmFailure = { code: 'failed', message: 'the recorded call failed' };

function unasked(failure: LlmFailure): Asked {
  return { answer: null, failure, records: [] };
}

function contamination(
  { knowledgeCutoff }: Line,
  { barOpenTime }: DecisionBar,
): Pick<LlmCallRecord, 'knowledgeCutoff' | 'contaminated'> {
  // The cutoff's own day may have been read.
  const until = knowledgeCutoff === null ? null : Date.parse(`${knowledgeCutoff}T23:59:59.999Z`);
  return { knowledgeCutoff, contaminated: until === null ? null : barOpenTime <= until };
}
