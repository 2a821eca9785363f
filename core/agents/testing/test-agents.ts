import {
  type LlmCallStore,
  type Logger,
  ManualClock,
  SeededRandom,
  SILENT_LOGGER,
  type SpendingStore,
  type StateStore,
} from '../../domain/index.ts';
import { type Agents, openAgents } from '../agents.ts';
import type { DebateDesk } from '../debate-desk.ts';
import { PromptLibrary } from '../prompt-library.ts';
import type { CallMode } from '../recorded-calls.ts';
import type { OpenTransport, WireReply, WireRequest } from '../transport.ts';
import { FEATURES, llmSettings } from './briefs.ts';
import { GOOD_ANSWER } from './llm-server.ts';
import { ManualTimers } from './manual-timers.ts';

export interface TestAgentsOptions {
  readonly mode?: CallMode;
  readonly settings?: Record<string, unknown>;
  readonly calls: LlmCallStore;
  readonly spending: SpendingStore;
  readonly state?: StateStore | null;
  readonly prompts?: Pick<PromptLibrary, 'read'>;
  readonly secret?: (name: string) => string | undefined;
  readonly openTransport?: OpenTransport;
  readonly timers?: ManualTimers;
  readonly clock?: ManualClock;
  readonly logger?: Logger;
}

/** Agents as the engine opens them, with a local server's address and time under control. */
export function openTestAgents(options: TestAgentsOptions): Agents & { readonly desk: DebateDesk } {
  const { settings, mode = 'live', state = null, openTransport } = options;
  const agents = openAgents({
    mode,
    settings: llmSettings({ baseUrl: 'http://127.0.0.1:4010/v1', ...settings }),
    features: FEATURES,
    calls: options.calls,
    spending: options.spending,
    state,
    prompts: options.prompts ?? new PromptLibrary({ own: null }),
    secret: options.secret ?? (() => undefined),
    clock: options.clock ?? new ManualClock(Date.UTC(2026, 0, 5, 12)),
    timers: options.timers ?? new ManualTimers(),
    random: new SeededRandom(1),
    logger: options.logger ?? SILENT_LOGGER,
    ...(openTransport === undefined ? {} : { openTransport }),
  });
  if (agents.desk === null) throw new TypeError('language models have a desk');
  return { ...agents, desk: agents.desk };
}

/** A transport that answers from a function and writes down what it was asked. */
export function scriptedTransport(
  answer: (request: WireRequest, index: number) => unknown = () => GOOD_ANSWER,
) {
  const requests: WireRequest[] = [];
  const openTransport: OpenTransport = () => async (request) => {
    requests.push(request);
    const given = await answer(request, requests.length - 1);
    const text = typeof given === 'string' ? given : JSON.stringify(given);
    const usage = { inputTokens: 900, outputTokens: 100 };
    return { text, end: 'complete', refusal: null, usage } satisfies WireReply;
  };
  return { requests, openTransport };
}

/** Who is asked, told from the prompt. */
export function agentOf({ system }: Pick<WireRequest, 'system'>): 'bull' | 'bear' {
  return system.startsWith('You are Bull') ? 'bull' : 'bear';
}

/** What a question told the model, taken out of its blocks of data. */
export function dataIn(user: string): Record<string, unknown> {
  const [, data = ''] = /<data>\n(.*)\n<\/data>/.exec(user) ?? [];
  const [, debate = '{}'] = /<debate>\n(.*)\n<\/debate>/.exec(user) ?? [];
  return { ...JSON.parse(data), ...JSON.parse(debate) };
}
