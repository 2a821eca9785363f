import {
  type Agents,
  PROMPT_NAMES,
  type PromptLibrary,
  type PromptName,
  parseAnswer,
  type Rehearsal,
} from '../../agents/index.ts';
import {
  type AgentRecord,
  CallError,
  type LlmCallView,
  type LlmCosts,
  type LlmTestView,
  type PromptReplay,
  type PromptView,
} from '../../contract/index.ts';
import { type Decision, LLM_AGENTS, type LlmCallRecord, type Opinion } from '../../domain/index.ts';
import type { LlmParts } from '../voices/language-models.ts';

/** Calls, prompts and the connection of language models, for the contract. */
export class LlmService {
  readonly #llm: LlmParts;
  readonly #agents: () => Agents;

  /** @param agents who speaks for Bull and Bear now. */
  constructor(llm: LlmParts, agents: () => Agents) {
    this.#llm = llm;
    this.#agents = agents;
  }

  /** Every call behind a decision: those its votes name, as others may have asked about the same bar. */
  callsOf({ votes, barOpenTime }: Pick<Decision, 'votes' | 'barOpenTime'>): LlmCallView[] {
    return (
      votes
        .flatMap(({ calls = [] }) => calls)
        .flatMap((key) => this.#llm.stores.calls.get(key) ?? [])
        .sort((a, b) => a.round - b.round)
        // Those of a debate that still stood on this bar were paid for on another one.
        .map((call) =>
          callView(call.bar.barOpenTime === barOpenTime ? call : { ...call, source: 'store', costUsd: 0 }),
        )
    );
  }

  async test(): Promise<LlmTestView[]> {
    const results: LlmTestView[] = [];
    for (const agent of LLM_AGENTS) {
      const result = await this.#agents().testConnection(agent);
      if (result === null) {
        throw new CallError(
          'CONFLICT',
          'no language model is on: set llm.enabled, llm.model and a key, and restart',
        );
      }
      results.push({ agent, ok: result.ok, line: result.line });
    }
    return results;
  }

  /** How the agents' own calls turned out. */
  records(): AgentRecord[] {
    const { memory } = this.#agents();
    if (memory === null) return [];
    return LLM_AGENTS.map((agent) => {
      const { n, hitRate, brier, buckets } = memory.pastCalls(agent);
      return { agent, n, hitRate, brier, buckets: [...buckets] };
    });
  }

  costs(): LlmCosts {
    return this.#agents().costs();
  }

  prompts(): PromptView[] {
    return PROMPT_NAMES.map((name) => promptView(this.#llm.prompts, name));
  }

  save(name: PromptName, source: string): PromptView[] {
    this.#llm.prompts.save(name, source);
    return this.prompts();
  }

  reset(name: PromptName): PromptView[] {
    this.#llm.prompts.reset(name);
    return this.prompts();
  }

  /** Asks the openings of the last decisions again with another prompt, newest first. */
  async replay(name: 'bull' | 'bear', source: string, last: number): Promise<PromptReplay[]> {
    const { stores } = this.#llm;
    // Saved by nobody: only read as it would be if it were.
    const system = source.replace(/^---\n[\s\S]*?\n---\n/, '').trim();
    if (system === '') throw new CallError('BAD_REQUEST', `the prompt ${name} is empty: write something`);
    const openings = stores.calls
      .list({ agent: name, limit: last * 4 })
      .filter(({ round }) => round === 0)
      .slice(0, last);
    const replays: PromptReplay[] = [];
    for (const call of openings) {
      const rehearsal = await this.#agents().rehearse(call, system);
      if (rehearsal === null)
        throw new CallError('CONFLICT', 'no language model is on: set llm.enabled and restart');
      replays.push(replayView(call, rehearsal));
    }
    return replays;
  }
}

function promptView(prompts: PromptLibrary, name: PromptName): PromptView {
  const { version, source, own } = prompts.read(name);
  return { name, version, source, shipped: prompts.shipped(name).source, own };
}

function replayView({ bar }: LlmCallRecord, rehearsal: Rehearsal): PromptReplay {
  const { before, after, failure, costUsd } = rehearsal;
  const said = (opinion: Opinion | null): PromptReplay['before'] =>
    opinion && { action: opinion.action, confidence: opinion.confidence };
  return { ...bar, before: said(before), after: said(after), failure: failure?.message ?? null, costUsd };
}

/** The answer by the same reader that the vote was read by. */
function saidIn({ status, answer }: LlmCallRecord): LlmCallView['said'] {
  if (status !== 'answered') return null;
  const parsed = parseAnswer(answer ?? '');
  if (parsed.kind === 'broken') return null;
  const { action, confidence, thesis, evidence, invalidation } = parsed.answer;
  return { action, confidence, thesis, evidence, invalidation };
}

function callView(call: LlmCallRecord): LlmCallView {
  const { key, agent, round, model, endpoint, status, system, user, answer, failure, source } = call;
  const {
    inputTokens,
    outputTokens,
    costUsd,
    latencyMs,
    attempts,
    uncounted,
    time,
    knowledgeCutoff,
    contaminated,
  } = call;
  return {
    key,
    agent,
    round,
    model,
    endpoint,
    status,
    system,
    user,
    answer,
    said: saidIn(call),
    failure,
    inputTokens,
    outputTokens,
    costUsd,
    latencyMs,
    attempts,
    ...(uncounted === undefined ? {} : { uncounted }),
    time,
    source,
    knowledgeCutoff,
    contaminated,
  };
}
