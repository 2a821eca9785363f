import type { LlmAgent, LlmFailure, LlmParameters } from '../domain/index.ts';
import { hostOf } from './endpoint.ts';
import { type CallLimits, type CallParts, LlmClient } from './llm-client.ts';
import { likeliest, modelNames } from './model-list.ts';
import { withinTime } from './time-limit.ts';
import type { Endpoint } from './transport.ts';

/** Whether an agent's model can be asked, in one line. */
export interface ConnectionTest {
  readonly ok: boolean;
  readonly agent: LlmAgent;
  readonly model: string | null;
  readonly endpoint: string;
  readonly failure: LlmFailure | null;
  readonly latencyMs: number;
  readonly costUsd: number;
  /** For the trader: what works, or what is wrong and what to do. */
  readonly line: string;
}

export interface ConnectionTestOptions {
  readonly agent: LlmAgent;
  readonly model: string | null;
  readonly endpoint: Endpoint;
  readonly parameters: LlmParameters;
  readonly limits: CallLimits;
  readonly parts: CallParts;
}

const SYSTEM = 'This is a connection test. Answer in the JSON format asked for.';
const USER =
  'Answer with exactly this JSON: {"action": "HOLD", "confidence": 0.5, "thesis": "connection test", "evidence": [], "invalidation": "none", "horizonBars": 1}';

/** Makes one tiny call, within the budget like any other. Never rejects over what the server does. */
export async function testConnection(options: ConnectionTestOptions): Promise<ConnectionTest> {
  const { agent, model, endpoint, parameters, limits, parts } = options;
  const host = hostOf(endpoint.baseUrl);
  if (model === null) {
    const failure: LlmFailure = {
      code: 'not-configured',
      message: 'no language model is chosen: set llm.model',
    };
    const line = `${agent}: ${failure.message}`;
    return { ok: false, agent, model, endpoint: host, failure, latencyMs: 0, costUsd: 0, line };
  }
  // A client of its own: a line at rest must not keep the trader from trying the new key.
  const client = new LlmClient({ ...parts, endpoint, model });
  const completion = await client.complete({ system: SYSTEM, user: USER, parameters }, limits);
  const { latencyMs, costUsd } = completion;
  const failure =
    completion.failure && (await withModels(completion.failure, model, endpoint, parts, limits));
  const line =
    failure === null
      ? `${agent}: ${model} at ${host} answered in ${Math.round(latencyMs)} ms for ${costUsd.toFixed(4)} USD`
      : `${agent}: ${failure.message}`;
  return { ok: failure === null, agent, model, endpoint: host, failure, latencyMs, costUsd, line };
}

const SHOWN_MODELS = 5;

/** Of a model that is not there, with those that are. */
async function withModels(
  failure: LlmFailure,
  model: string,
  endpoint: Endpoint,
  { timers }: CallParts,
  { withinMs, stop }: CallLimits,
): Promise<LlmFailure> {
  if (failure.code !== 'model-not-found') return failure;
  const listed = await withinTime(timers, withinMs, stop, (signal) => modelNames(endpoint, signal));
  const names = listed.kind === 'done' ? likeliest(listed.value, model, SHOWN_MODELS) : [];
  if (names.length === 0) return failure;
  return { ...failure, message: `${failure.message}; it has ${names.join(', ')}` };
}
