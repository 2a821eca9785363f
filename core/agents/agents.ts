import type { LlmSettings } from '../contract/index.ts';
import type {
  Brief,
  LlmAgent,
  LlmCallRecord,
  LlmCallStore,
  LlmParameters,
  Logger,
  SpendingStore,
  StateStore,
  Vote,
} from '../domain/index.ts';
import type { FeatureNames } from './brief-text.ts';
import { CallMemory } from './call-memory.ts';
import { type ConnectionTest, testConnection } from './connection-test.ts';
import { costsOf, type DebateCosts } from './debate-costs.ts';
import { DebateDesk } from './debate-desk.ts';
import { DebateTally } from './debate-tally.ts';
import { hostOf } from './endpoint.ts';
import { Reader } from './evidence.ts';
import { type CallParts, LlmClient } from './llm-client.ts';
import { openOpenAiTransport } from './openai-transport.ts';
import type { PromptLibrary } from './prompt-library.ts';
import { type CallMode, type Line, RecordedCalls } from './recorded-calls.ts';
import { type Rehearsal, rehearse } from './rehearsal.ts';
import { RuleAnalyst } from './rule-analyst.ts';
import { silentAnalyst } from './silent-analyst.ts';
import { SituationMemory } from './situation-memory.ts';
import type { Endpoint } from './transport.ts';
import { UsdLedger } from './usd-ledger.ts';

export interface LlmAgentsOptions extends Omit<CallParts, 'ledger' | 'openTransport'> {
  readonly settings: LlmSettings;
  /** The features shown, by group. */
  readonly features: readonly FeatureNames[];
  readonly calls: LlmCallStore;
  readonly spending: SpendingStore;
  /** Where the agents' record of past calls outlives the process; null in backtests, which begin with none. */
  readonly state: StateStore | null;
  readonly prompts: Pick<PromptLibrary, 'read'>;
  readonly logger: Logger;
  /** A secret by its name (`llm.apiKey`, `llm.bull.apiKey`, `llm.bear.apiKey`); asked for at each call. */
  readonly secret: (name: string) => string | undefined;
  /** Default: the `openai` package. */
  readonly openTransport?: CallParts['openTransport'];
}

/** Who speaks for Bull and Bear: nobody, the rules, or language models from the store or the network. */
export type AgentsOptions =
  | { readonly mode: 'off' }
  | { readonly mode: 'offline' }
  | ({ readonly mode: CallMode } & LlmAgentsOptions);

/** Bull and Bear, whoever speaks for them. */
export interface Agents {
  readonly mode: AgentsOptions['mode'];
  /** Rules are never shown as an LLM. */
  readonly analysts: 'rules' | 'llm' | 'off';
  /** Bull's and Bear's votes, given what the models said; at once where nobody has to be waited for. */
  debate(brief: Brief, models: Vote | undefined): readonly Vote[] | Promise<readonly Vote[]>;
  /** Null where no language model speaks. */
  readonly desk: DebateDesk | null;
  readonly memory: CallMemory | null;
  /** What calls have cost since the start, in USD. */
  costUsd(): number;
  /** USD spent and reserved on the current UTC day by all who share the budget. */
  spentTodayUsd(): number;
  /** What debates cost and saved this month; null where no language model speaks. */
  costs(): DebateCosts | null;
  /** One tiny call to an agent's model; null where no language model speaks. */
  testConnection(agent: LlmAgent): Promise<ConnectionTest | null>;
  /** The same for each fallback, with the key that Bull would use. */
  testFallbacks(): Promise<readonly ConnectionTest[]>;
  /**
   * Asks a past call's question again with another system prompt, to see what a changed prompt would have said; null
   * where no language model speaks. Costs what a call costs, once.
   */
  rehearse(call: LlmCallRecord, system: string): Promise<Rehearsal | null>;
  close(): void;
}

/** The one place where Bull and Bear are put together. */
export function openAgents(options: AgentsOptions): Agents {
  return options.mode === 'off' || options.mode === 'offline'
    ? withoutModels(options.mode)
    : withModels(options);
}

function withoutModels(mode: 'off' | 'offline'): Agents {
  const reader = new Reader();
  const bull = mode === 'offline' ? new RuleAnalyst('bull', reader) : silentAnalyst('bull');
  const bear = mode === 'offline' ? new RuleAnalyst('bear', reader) : silentAnalyst('bear');
  return {
    mode,
    analysts: mode === 'offline' ? 'rules' : 'off',
    debate: (brief) => [bull.opine(brief), bear.opine(brief)],
    desk: null,
    memory: null,
    costUsd: () => 0,
    spentTodayUsd: () => 0,
    costs: () => null,
    testConnection: async () => null,
    testFallbacks: async () => [],
    rehearse: async () => null,
    close() {
      // Nothing is under way.
    },
  };
}

function withModels(options: LlmAgentsOptions & { readonly mode: CallMode }): Agents {
  const { settings, features, calls: store, spending, state, prompts, mode } = options;
  const { clock, timers, random, logger, openTransport = openOpenAiTransport } = options;
  const ledger = new UsdLedger({ settings, spending, clock });
  const parts: CallParts = { ledger, clock, timers, random, openTransport };
  const parameters = parametersOf(settings);
  const lines = { bull: linesOf('bull', options, parts), bear: linesOf('bear', options, parts) };
  const calls = new RecordedCalls({ mode, store, parameters, lines, clock, timers, logger });
  const memory = new CallMemory(state);
  const tally = new DebateTally(state, clock);
  const situations = new SituationMemory(state);
  const desk = new DebateDesk({
    settings,
    features,
    calls,
    prompts,
    memory,
    tally,
    situations,
    timers,
    logger,
  });
  const closing = new AbortController();
  return {
    mode,
    analysts: 'llm',
    debate: async (brief, models) => (await desk.debate(brief, models)).votes,
    desk,
    memory,
    costUsd: () => desk.costUsd,
    spentTodayUsd: () => ledger.spentToday(),
    costs: () => costsOf(tally, ledger, settings),
    testConnection: (agent) => {
      const model = modelOf(settings, agent);
      const endpoint = endpointOf(agent, options);
      const limits = { withinMs: settings.timeoutMs, stop: closing.signal };
      return testConnection({ agent, model, endpoint, parameters, limits, parts });
    },
    testFallbacks: async () => {
      const tests: ConnectionTest[] = [];
      for (const [index, { model }] of settings.fallbacks.entries()) {
        const endpoint = fallbackEndpoint('bull', index, options);
        const limits = { withinMs: settings.timeoutMs, stop: closing.signal };
        const test = await testConnection({ agent: 'bull', model, endpoint, parameters, limits, parts });
        tests.push({ ...test, line: test.line.replace(/^bull/, `fallback ${index + 1}`) });
      }
      return tests;
    },
    rehearse: (call, system) =>
      rehearse(calls, call, system, { withinMs: settings.timeoutMs, stop: closing.signal }),
    close() {
      closing.abort();
      desk.close();
    },
  };
}

function parametersOf({ api, temperature, maxOutputTokens, thinking }: LlmSettings): LlmParameters {
  return { api, temperature, maxOutputTokens, ...(thinking === 'off' ? { thinking } : {}) };
}

function modelOf({ agents, model }: LlmSettings, agent: LlmAgent): string | null {
  return agents[agent].model ?? model;
}

/** The agent's own model, then the fallbacks. */
function linesOf(agent: LlmAgent, options: LlmAgentsOptions, parts: CallParts): readonly Line[] {
  const { settings } = options;
  const model = modelOf(settings, agent);
  if (model === null) return [];
  const own = lineOf(model, endpointOf(agent, options), parts);
  return [
    own,
    ...settings.fallbacks.map((one, index) =>
      lineOf(one.model, fallbackEndpoint(agent, index, options), parts),
    ),
  ];
}

function lineOf(model: string, endpoint: Endpoint, parts: CallParts): Line {
  let client: LlmClient | undefined;
  return {
    model,
    host: hostOf(endpoint.baseUrl),
    knowledgeCutoff: parts.ledger.price(model)?.knowledgeCutoff ?? null,
    client: () => {
      client ??= new LlmClient({ ...parts, endpoint, model });
      return client;
    },
  };
}

/** The agent's own server and key. The shared key goes to the shared server's origin only. */
function endpointOf(
  agent: LlmAgent,
  { settings, secret }: Pick<LlmAgentsOptions, 'settings' | 'secret'>,
): Endpoint {
  const baseUrl = settings.agents[agent].baseUrl ?? settings.baseUrl;
  const shared = sameOrigin(baseUrl, settings.baseUrl);
  return {
    baseUrl,
    secret: () => secret(`llm.${agent}.apiKey`) ?? (shared ? secret('llm.apiKey') : undefined),
  };
}

/** A fallback's server: the agent's, with its key, or one of its own, with a key of its own. */
function fallbackEndpoint(
  agent: LlmAgent,
  index: number,
  options: Pick<LlmAgentsOptions, 'settings' | 'secret'>,
): Endpoint {
  const { settings, secret } = options;
  const own = endpointOf(agent, options);
  const baseUrl = settings.fallbacks[index]?.baseUrl ?? own.baseUrl;
  if (sameOrigin(baseUrl, own.baseUrl)) return { ...own, baseUrl };
  const shared = sameOrigin(baseUrl, settings.baseUrl);
  return {
    baseUrl,
    secret: () => secret(`llm.fallback${index + 1}.apiKey`) ?? (shared ? secret('llm.apiKey') : undefined),
  };
}

function sameOrigin(one: string, other: string): boolean {
  return new URL(one).origin === new URL(other).origin;
}
