import { z } from 'zod';
import { ActionSchema } from './vocabulary.ts';

/** Calls of language models, their prompts and their budget, as the UI and API clients see them. */

const utcMs = z.number().int();
export const LlmAgentSchema = z.enum(['bull', 'bear']);

export const LlmCallViewSchema = z.object({
  /** SHA-256 of what the answer depends on. */
  key: z.string(),
  agent: LlmAgentSchema,
  /** 0 the opening, 1 and up rebuttals. */
  round: z.number().int(),
  model: z.string(),
  endpoint: z.string(),
  status: z.enum(['answered', 'failed']),
  system: z.string(),
  user: z.string(),
  answer: z.string().nullable(),
  /** What the answer says, as it was read; null where it is none. */
  said: z
    .object({
      action: ActionSchema,
      confidence: z.number(),
      thesis: z.string(),
      evidence: z.array(z.string()),
      invalidation: z.string(),
    })
    .nullable(),
  failure: z.object({ code: z.string(), message: z.string() }).nullable(),
  inputTokens: z.number().int(),
  outputTokens: z.number().int(),
  costUsd: z.number(),
  latencyMs: z.number(),
  attempts: z.number().int(),
  /** Attempts charged at their worst case, as the server counted no tokens. */
  uncounted: z.number().int().optional(),
  time: utcMs,
  source: z.enum(['network', 'store']),
  knowledgeCutoff: z.string().nullable(),
  /** Whether the model may have read about this bar's future in training; null when its cutoff is unknown. */
  contaminated: z.boolean().nullable(),
});
export type LlmCallView = z.infer<typeof LlmCallViewSchema>;

export const LlmTestViewSchema = z.object({
  agent: LlmAgentSchema,
  ok: z.boolean(),
  /** What works, or what is wrong and what to do. */
  line: z.string(),
});
export type LlmTestView = z.infer<typeof LlmTestViewSchema>;

/** How an agent's own calls turned out, as it is told itself: calibrated means that both figures of a bucket agree. */
export const AgentRecordSchema = z.object({
  agent: LlmAgentSchema,
  n: z.number().int(),
  /** Share of calls that paid more than their costs within their horizon. */
  hitRate: z.number().nullable(),
  /** Mean squared difference of confidence and outcome, 0 to 1, lower is better. */
  brier: z.number().nullable(),
  /** By stated confidence, each 0.2 wide from `from`. */
  buckets: z.array(
    z.object({ from: z.number(), n: z.number().int(), meanConfidence: z.number(), hitRate: z.number() }),
  ),
});
export type AgentRecord = z.infer<typeof AgentRecordSchema>;

/** What debates cost and saved in the current UTC month; null where no language model speaks. */
export const LlmCostsSchema = z
  .object({
    /** YYYY-MM */
    month: z.string(),
    /** Of all that share the budget. */
    spentUsd: z.number(),
    debated: z.number().int(),
    /** Decisions on which the last debate stood. */
    stood: z.number().int(),
    perDecisionUsd: z.number().nullable(),
    savedUsd: z.number().nullable(),
    /** Of a call, on average. */
    tokens: z.object({ input: z.number(), output: z.number() }).nullable(),
    /** When a debate is held. */
    rule: z.string(),
  })
  .nullable();
export type LlmCosts = z.infer<typeof LlmCostsSchema>;

export const PromptNameSchema = z.enum(['bull', 'bear', 'rebuttal']);
export type PromptName = z.infer<typeof PromptNameSchema>;
export const PromptViewSchema = z.object({
  name: PromptNameSchema,
  version: z.string(),
  /** The whole file, as it is used. */
  source: z.string(),
  /** The program's own, to compare with and to go back to. */
  shipped: z.string(),
  /** Whether it is the trader's own copy. */
  own: z.boolean(),
});
export type PromptView = z.infer<typeof PromptViewSchema>;

const SaidSchema = z.object({ action: ActionSchema, confidence: z.number() });
/** What another wording of a prompt would have made of a past decision. */
export const PromptReplaySchema = z.object({
  symbol: z.string(),
  barOpenTime: utcMs,
  before: SaidSchema.nullable(),
  after: SaidSchema.nullable(),
  /** Why there is no new answer. */
  failure: z.string().nullable(),
  costUsd: z.number(),
});
export type PromptReplay = z.infer<typeof PromptReplaySchema>;

/** Language models in the status; null where none speaks. */
export const LlmStatusSchema = z.object({
  /** Spent and reserved on the current UTC day by all that share the budget. */
  spentTodayUsd: z.number(),
  dailyBudgetUsd: z.number(),
  /** What runs in the models' place now, and why; null while they answer. */
  standIn: z.string().nullable(),
});
