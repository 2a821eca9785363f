/** Step 4 of the loop: Bull and Bear. */
export {
  type Agents,
  type AgentsOptions,
  type LlmAgentsOptions,
  openAgents,
} from './agents.ts';
export { type Answer, parseAnswer } from './answer.ts';
export type { FeatureNames } from './brief-text.ts';
export { CallMemory, type ConfidenceBucket, type PastCalls } from './call-memory.ts';
export type { ConnectionTest } from './connection-test.ts';
export { DebateDesk, type DebateDeskOptions, type DebateResult } from './debate-desk.ts';
export { isLocalEndpoint } from './endpoint.ts';
export { RULE_FEATURES } from './evidence.ts';
export { loadOpenAi } from './openai-transport.ts';
export {
  PROMPT_NAMES,
  type Prompt,
  PromptLibrary,
  type PromptName,
  promptsFolder,
} from './prompt-library.ts';
export type { Rehearsal } from './rehearsal.ts';
export { RuleAnalyst } from './rule-analyst.ts';
export { silentAnalyst } from './silent-analyst.ts';
export type { StandIn } from './stand-in.ts';
export type { OpenTransport } from './transport.ts';
