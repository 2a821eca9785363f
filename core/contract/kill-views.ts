import { z } from 'zod';
import { ModeSchema } from './vocabulary.ts';

/** What the trader is shown of the emergency stop's past. Times are UTC milliseconds. */

/** From where the emergency stop can be pressed. */
export const STOP_ORIGINS = [
  'button',
  'tray',
  'shortcut',
  'command-line',
  'api',
  'signed-request',
  'telegram',
  'guardian',
  'unknown',
] as const;
export const StopOriginSchema = z.enum(STOP_ORIGINS);
export type StopOrigin = z.infer<typeof StopOriginSchema>;

/** Each way in, in words. */
export const ORIGIN_WORDS: Readonly<Record<StopOrigin, string>> = {
  button: 'from the window',
  tray: 'from the tray',
  shortcut: 'by the shortcut',
  'command-line': 'from the command line',
  api: 'by the API',
  'signed-request': 'by a signed request',
  telegram: 'by Telegram',
  guardian: 'by the guardian',
  unknown: '',
};

/** What follows the press, in this order. */
export const STOP_STEPS = ['latched', 'cancels-sent', 'closes-sent', 'flat'] as const;
export type StopStep = (typeof STOP_STEPS)[number];

const utcMs = z.number().int();

const PressSchema = z.object({
  /** Null where the latch file could not be read. */
  at: utcMs.nullable(),
  by: z.string(),
  from: StopOriginSchema,
  reason: z.string(),
});

/** Nothing is entered, and everything else goes on. */
export const PauseViewSchema = z.object({
  /** Null where that is not known. */
  at: utcMs.nullable(),
  by: z.string(),
  from: StopOriginSchema,
  /** Null where none was given. */
  reason: z.string().nullable(),
});
export type PauseView = z.infer<typeof PauseViewSchema>;

/** "by the trader from the command line: news at two" */
export function pauseWords({ by, from, reason }: PauseView): string {
  const origin = ORIGIN_WORDS[from];
  return `by ${by}${origin === '' ? '' : ` ${origin}`}${reason === null ? '' : `: ${reason}`}`;
}

/** What became of one symbol. */
const SymbolOutcomeSchema = z.object({
  symbol: z.string(),
  /** Requests sent since the press, in every attempt. */
  cancels: z.number().int(),
  closes: z.number().int(),
  /** What could not be done, a line each. */
  failures: z.array(z.string()),
  /** What is left on purpose, or null. */
  left: z.string().nullable(),
});

/** What became of one symbol that `tradebot kill` closed in the place of a program that hung, crashed or never ran. */
const ClosedOutsideSchema = z.object({
  /** Whose account it was; null in what older versions wrote. */
  mode: ModeSchema.nullable().default(null),
  venue: z.string(),
  symbol: z.string(),
  /** What was ours, in words. */
  before: z.string(),
  /** What the venue said last, in words. */
  after: z.string(),
});
export type ClosedOutside = z.infer<typeof ClosedOutsideSchema>;

/** One activation of the emergency stop: from the press to the reset. */
export const KillActivationSchema = PressSchema.extend({
  id: z.string(),
  /** What the program traded in; null where none ran, or an older version wrote it. */
  mode: ModeSchema.nullable().default(null),
  /** Whether the latch is on disk and holds over a restart. */
  durable: z.boolean(),
  /** The first time that each was reached, in milliseconds from the press. */
  steps: z.array(z.object({ step: z.enum(STOP_STEPS), afterMs: z.number() })),
  /** As the last attempt ended; `reset` once the trader has released it. */
  outcome: z.enum(['latched', 'flat', 'failed', 'reset']),
  venue: z.string(),
  symbols: z.array(SymbolOutcomeSchema),
  outside: z.array(ClosedOutsideSchema).default([]),
  /** What could not be done, that of no symbol included, a line each. */
  failures: z.array(z.string()),
  /** Presses while it was engaged already. */
  again: z.array(PressSchema),
  resetAt: utcMs.nullable(),
});
export type KillActivation = z.infer<typeof KillActivationSchema>;
