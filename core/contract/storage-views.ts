import { z } from 'zod';

const count = z.number().int();
const utcMs = z.number().int();

/** How the server does that mirrors the books. */
export const MirrorViewSchema = z.object({
  /** `never`: no program with a server in its settings has run on these books. */
  state: z.enum(['connecting', 'up', 'down', 'never']),
  since: utcMs.nullable(),
  lastError: z.string().nullable(),
  /** What the server lacks, a line each. */
  notices: z.array(z.string()),
  /** Rows that the server has not confirmed. */
  backlog: count,
  /** For how long there has been something that it was not told; null: it was never told everything. */
  lagMs: z.number().nullable(),
  /** When it was last told anything; null: not yet. */
  rowsPerSecond: z.number().nullable(),
});
export type MirrorView = z.infer<typeof MirrorViewSchema>;

/** Over a week at most; null: it has not been looked at for long enough. */
const perDay = z.number().nullable();

export const GrowthViewSchema = z.object({
  /** The largest first. */
  files: z.array(z.object({ name: z.string(), bytes: count, bytesPerDay: perDay })),
  bytes: count,
  bytesPerDay: perDay,
});
export type GrowthView = z.infer<typeof GrowthViewSchema>;

/** What is on the disk, and on the server that mirrors it. */
export const StorageViewSchema = z.object({
  /** Null: none is set. */
  mirror: MirrorViewSchema.nullable(),
  growth: GrowthViewSchema,
});
export type StorageView = z.infer<typeof StorageViewSchema>;

/** A backup of the account's books that was made while the program runs. */
export const BackupViewSchema = z.object({
  /** Where it lies. */
  file: z.string(),
  bytes: count,
});
export type BackupView = z.infer<typeof BackupViewSchema>;
