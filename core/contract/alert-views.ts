import { z } from 'zod';
import { ALERT_RULES, AlertChannelSchema, AlertRuleSchema, SeveritySchema } from './alert-rules.ts';

const utcMs = z.number().int();

export const AlertViewSchema = z.object({
  id: z.string(),
  time: utcMs,
  severity: SeveritySchema,
  rule: AlertRuleSchema,
  title: z.string(),
  message: z.string(),
  /** Who has seen it, or that it is over; null: nobody has. */
  acknowledged: z.object({ at: utcMs, by: z.string() }).nullable(),
});
export type AlertView = z.infer<typeof AlertViewSchema>;

export const DELIVERY_KINDS = ['alert', 'digest', 'reminder', 'test'] as const;
export const DELIVERY_STATES = ['waiting', 'sent', 'refused', 'given-up'] as const;

/** One message on its way to one channel, or what became of it. */
export const DeliveryViewSchema = z.object({
  id: z.string(),
  time: utcMs,
  channel: AlertChannelSchema,
  kind: z.enum(DELIVERY_KINDS),
  severity: SeveritySchema,
  title: z.string(),
  text: z.string(),
  state: z.enum(DELIVERY_STATES),
  /** Attempts that have ended. */
  attempts: z.number().int(),
  /** When it is tried next, where it waits. */
  nextAt: utcMs.nullable(),
  endedAt: utcMs.nullable(),
  /** Why the last attempt failed, or null. */
  problem: z.string().nullable(),
});
export type DeliveryView = z.infer<typeof DeliveryViewSchema>;

export const AlertChannelViewSchema = z.object({
  channel: AlertChannelSchema,
  /** `off`: not turned on; `lacking`: something that it needs is not there; `failing`: the last attempt failed. */
  state: z.enum(['off', 'lacking', 'ready', 'failing']),
  /** What is wrong and what to do, or where it sends to; never a secret. */
  message: z.string(),
  least: SeveritySchema,
  /** Messages that wait. */
  waiting: z.number().int(),
  lastSentAt: utcMs.nullable(),
});
export type AlertChannelView = z.infer<typeof AlertChannelViewSchema>;

export const AlertsViewSchema = z.object({
  /** The newest hundred, oldest first. */
  alerts: z.array(AlertViewSchema),
  /** Critical ones that nobody has acknowledged. */
  open: z.array(AlertViewSchema),
  channels: z.array(AlertChannelViewSchema),
  /** What each rule weighs outside the program, and whether it is sent. `null`: as it is told. */
  rules: z.array(
    z.object({
      rule: z.enum(ALERT_RULES),
      name: z.string(),
      sent: z.boolean(),
      severity: SeveritySchema.nullable(),
    }),
  ),
  /** Whether what is not critical waits at this moment. */
  isQuiet: z.boolean(),
  /** The newest hundred, newest first. */
  deliveries: z.array(DeliveryViewSchema),
});
export type AlertsView = z.infer<typeof AlertsViewSchema>;

export const AlertTestSchema = z.object({
  channel: AlertChannelSchema,
  sent: z.boolean(),
  /** What the channel said, or why it was not sent and what to do. */
  message: z.string(),
});
export type AlertTest = z.infer<typeof AlertTestSchema>;

/** How long to wait for what became of a test: a channel has 15 s to answer, and so has the message before it. */
export const ALERT_TEST_PATIENCE_MS = 45_000;
