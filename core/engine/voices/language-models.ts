import { join } from 'node:path';
import {
  type Agents,
  type ConnectionTest,
  type FeatureNames,
  loadOpenAi,
  openAgents,
  PromptLibrary,
} from '../../agents/index.ts';
import type { LlmSettings, RivalSettings, Settings } from '../../contract/index.ts';
import { LLM_AGENTS, type Logger, SeededRandom, SILENT_LOGGER, type StateStore } from '../../domain/index.ts';
import { CANDLE_GROUPS, featuresOf } from '../../features/index.ts';
import { MemoryLlmCallStore, MemorySpendingStore } from '../../storage/index.ts';
import type { LlmStores } from '../installation/llm-stores.ts';
import type { Secrets } from '../installation/secrets.ts';
import { SYSTEM_CLOCK, SYSTEM_TIMERS } from '../installation/system-timers.ts';

/** What language models need from this program; null where none speaks. */
export interface LlmParts {
  readonly stores: LlmStores;
  readonly prompts: PromptLibrary;
  /** Prompts of a rival's own, by the name of their folder. */
  readonly promptsNamed: (folder: string) => PromptLibrary;
  readonly secrets: Secrets;
  readonly log: Logger;
}

/** Who speaks for Bull and Bear in a backtest. */
export const AGENTS_CHOICES = ['off', 'offline', 'replay', 'record'] as const;
export type AgentsChoice = (typeof AGENTS_CHOICES)[number];

/** The features that the models are told, by group. */
const SHOWN_FEATURES: readonly FeatureNames[] = CANDLE_GROUPS.map((group) => ({
  group,
  names: featuresOf([group]).map(({ name }) => name),
}));

/** Prompts: the program's, under the trader's own copies in the data directory; a rival's lie in a folder among these. */
export function openPrompts(dataDirectory: string): Pick<LlmParts, 'prompts' | 'promptsNamed'> {
  const own = join(dataDirectory, 'prompts');
  return {
    prompts: new PromptLibrary({ own }),
    promptsNamed: (folder) => new PromptLibrary({ own: join(own, folder) }),
  };
}

/** Has everything at hand that live language models need, before the first bar asks for it. */
export async function prepareLanguageModels({ llm, strategy, arena }: Settings): Promise<void> {
  const rivals = Object.values(arena.rivals).some(({ agents }) => agents === 'llm');
  if ((llm.enabled && strategy.id !== 'ml') || rivals) await loadOpenAi();
}

/** Bull and Bear as the settings have them: language models where these are on, else the rules. */
export function agentsOf(settings: Settings, llm: LlmParts, state: StateStore | null): Agents {
  if (!settings.llm.enabled || settings.strategy.id === 'ml') return openAgents({ mode: 'offline' });
  return languageModels('live', settings.llm, llm, state);
}

/** A rival's Bull and Bear. Its language models share the budget and the store of calls with everybody's. */
export function rivalAgents(
  rival: RivalSettings,
  settings: Settings,
  llm: LlmParts,
  state: StateStore,
): Agents {
  if (rival.agents !== 'llm') return openAgents({ mode: rival.agents === 'off' ? 'off' : 'offline' });
  const { model = settings.llm.model, rebuttalRounds = settings.llm.rebuttalRounds } = rival;
  const prompts = rival.prompts === undefined ? llm.prompts : llm.promptsNamed(rival.prompts);
  return languageModels('live', { ...settings.llm, model, rebuttalRounds }, { ...llm, prompts }, state);
}

/** Bull and Bear over history. */
export function historicalAgents(choice: AgentsChoice, settings: Settings, llm: LlmParts | null): Agents {
  if (choice === 'off' || choice === 'offline') return openAgents({ mode: choice });
  if (llm === null) throw new TypeError('language models need their stores');
  return languageModels(choice, settings.llm, llm, null);
}

function languageModels(
  mode: 'live' | 'replay' | 'record',
  settings: LlmSettings,
  { stores, prompts, secrets, log }: LlmParts,
  state: StateStore | null,
): Agents {
  return openAgents({
    mode,
    settings,
    features: SHOWN_FEATURES,
    calls: stores.calls,
    spending: stores.spending,
    state,
    prompts,
    secret: (name) => secrets.read(name),
    // Budgets and waits are of the wall's time, whatever the market's clock shows.
    clock: SYSTEM_CLOCK,
    timers: SYSTEM_TIMERS,
    // Only spreads the waits between retries.
    random: new SeededRandom(SYSTEM_CLOCK.now() >>> 0),
    logger: log,
  });
}

/** One tiny call to each agent's model, outside any budget's record. */
export async function checkConnections(
  settings: Settings,
  secrets: Secrets,
): Promise<readonly ConnectionTest[]> {
  const stores = {
    calls: new MemoryLlmCallStore(),
    spending: new MemorySpendingStore(),
    close: () => undefined,
  };
  const prompts = new PromptLibrary({ own: null });
  const llm = { stores, prompts, promptsNamed: () => prompts, secrets, log: SILENT_LOGGER };
  const agents = languageModels('live', settings.llm, llm, null);
  try {
    const results: ConnectionTest[] = [];
    for (const agent of LLM_AGENTS) {
      const result = await agents.testConnection(agent);
      if (result !== null) results.push(result);
    }
    return [...results, ...(await agents.testFallbacks())];
  } finally {
    agents.close();
  }
}
