import { z } from 'zod';

/** How grave a line of the log is, the least first. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export const LogLevelSchema = z.enum(LOG_LEVELS);
export type LogLevel = z.infer<typeof LogLevelSchema>;

/** One line of the log, without secrets. */
export const LogLineSchema = z.object({
  /** Counts the lines of this run. */
  sequence: z.number().int(),
  time: z.number().int(),
  level: LogLevelSchema,
  /** The part of the program that says it. */
  logger: z.string(),
  message: z.string(),
  /** Of the decision, the order or the request that it belongs to. */
  correlationId: z.string().nullable(),
  symbol: z.string().nullable(),
  tradeId: z.string().nullable(),
  /** The other fields, as JSON; empty where there are none. */
  details: z.string(),
});
export type LogLine = z.infer<typeof LogLineSchema>;

/** Which lines: those from a level on, of a part of the program, of one correlation id, that hold a text. */
export const LogQuerySchema = z.strictObject({
  level: LogLevelSchema.optional(),
  logger: z.string().max(60).optional(),
  correlationId: z.string().max(100).optional(),
  search: z.string().max(100).optional(),
  limit: z.number().int().min(1).max(1_000).default(200),
});
export type LogQuery = z.infer<typeof LogQuerySchema>;

export const LogViewSchema = z.object({
  /** The newest last. */
  lines: z.array(LogLineSchema),
  /** Every part that has said something. */
  loggers: z.array(z.string()),
  /** Lines that are kept for this list; older ones are in the files. */
  kept: z.number().int(),
  /** Lines that could not be written to a file. */
  lost: z.number().int(),
  /** The folder of the files. */
  folder: z.string(),
});
export type LogView = z.infer<typeof LogViewSchema>;
