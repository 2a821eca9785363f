import { join } from 'node:path';
import { z } from 'zod';
import { RUNGS, type Rung, RungSchema } from '../contract/index.ts';
import type { Logger, UtcMs } from '../domain/index.ts';
import type { AuditEvidence } from './ladder-rule.ts';
import { appendDurably, exists, readEnd } from './latch-file.ts';

export const LADDER_FILE = 'strategy-ladder.jsonl';

/** Some ten thousand lines. */
const READ_BYTES = 4_194_304;

const common = { at: z.number(), strategy: z.string(), version: z.string().nullable() };
const LineSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('audit'),
    ...common,
    passed: z.boolean(),
    days: z.number(),
    resultHash: z.string(),
  }),
  z.object({ kind: z.literal('rung'), ...common, rung: RungSchema }),
]);
type Line = z.infer<typeof LineSchema>;

/** A strategy as it is now: what another version of a file of the trader's has shown counts nothing. */
export interface StrategyVersion {
  readonly strategy: string;
  readonly version: string | null;
}

/**
 * How far each strategy was taken, and what its backtests have shown, in an append-only file of the data directory. Nothing
 * moves up by itself; an audit that fails takes it back to the first rung.
 */
export class StrategyLadder {
  readonly #path: string;
  readonly #log: Logger;

  constructor({ directory, log }: { readonly directory: string; readonly log: Logger }) {
    this.#path = join(directory, LADDER_FILE);
    this.#log = log;
  }

  /** @throws what the file system throws: a promise that is not on the disk is none. */
  noteAudit({ strategy, version }: StrategyVersion, { at, passed, days, resultHash }: AuditEvidence): void {
    this.#append({ kind: 'audit', at, strategy, version, passed, days, resultHash });
  }

  /** @throws what the file system throws. */
  noteRung({ strategy, version }: StrategyVersion, rung: Rung, at: UtcMs): void {
    this.#append({ kind: 'rung', at, strategy, version, rung });
  }

  /** The newest audit of a strategy as it is now; null: there is none. */
  audit(which: StrategyVersion): AuditEvidence | null {
    return this.#linesOf(which).findLast((line) => line.kind === 'audit') ?? null;
  }

  /** Since when a strategy is as it is now, as far as is known here; null: nothing was noted of it. */
  knownSince(which: StrategyVersion): UtcMs | null {
    return this.#linesOf(which)[0]?.at ?? null;
  }

  /** Where a strategy stands as it is now, and since when. */
  rung(which: StrategyVersion): { readonly rung: Rung; readonly since: UtcMs | null } {
    const lines = this.#linesOf(which);
    const last = lines.findLast((line) => line.kind === 'rung' || !line.passed);
    return last?.kind === 'rung'
      ? { rung: last.rung, since: last.at }
      : { rung: RUNGS[0], since: last?.at ?? null };
  }

  #append(line: Line): void {
    // Begun on a line of its own: the last one may be half a line, from a crash.
    appendDurably(this.#path, `\n${JSON.stringify(line)}\n`);
  }

  #linesOf({ strategy, version }: StrategyVersion): readonly Line[] {
    return this.#read().filter((line) => line.strategy === strategy && line.version === version);
  }

  #read(): readonly Line[] {
    if (!exists(this.#path)) return [];
    try {
      return readEnd(this.#path, READ_BYTES).split('\n').flatMap(lineIn);
    } catch (error) {
      this.#log.warn({ error }, `how far strategies were taken cannot be read from ${this.#path}`);
      return [];
    }
  }
}

/** Nothing for half a line, or one that something else has written. */
function lineIn(text: string): readonly Line[] {
  try {
    return [LineSchema.parse(JSON.parse(text))];
  } catch {
    // Answered, not ignored: the other lines tell what they tell.
    return [];
  }
}
