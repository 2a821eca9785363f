import { z } from 'zod';

/** What the program is made of, as an operator asks after it. The order is that of the page. */
export const HEALTH_COMPONENTS = [
  'engine',
  'kill-switch',
  'circuit-breaker',
  'market-data',
  'venue',
  'clock',
  'books',
  'protection',
  'guardian',
  'strategy',
  'models',
  'language-models',
  'ledger',
  'storage',
  'mirror',
] as const;
export type HealthComponentId = (typeof HEALTH_COMPONENTS)[number];

/** `degraded`: it does less than it should; `failed`: it does not do its work; `off`: nobody asked for it. */
export const HEALTH_STATES = ['ok', 'degraded', 'failed', 'off'] as const;
export type HealthState = (typeof HEALTH_STATES)[number];

export const HealthComponentSchema = z.object({
  id: z.enum(HEALTH_COMPONENTS),
  state: z.enum(HEALTH_STATES),
  /** Since when it is in this state, by the clock on the wall; at the start that of the first look. */
  since: z.number().int(),
  /** Why. */
  reason: z.string(),
  /** What to do; null where nothing is to be done. */
  advice: z.string().nullable(),
});
export type HealthComponent = z.infer<typeof HealthComponentSchema>;

/** Readiness: whether the bot can trade as told. Liveness is another question: a halted bot is alive. */
export const HealthViewSchema = z.object({
  ready: z.boolean(),
  /** What stands against trading as told, a line each. */
  problems: z.array(z.string()),
  /** Empty while no engine runs. */
  components: z.array(HealthComponentSchema),
});
export type HealthView = z.infer<typeof HealthViewSchema>;
