import { join } from 'node:path';
import { type LimitChange, LimitChangeSchema } from '../contract/index.ts';
import type { Logger } from '../domain/index.ts';
import { appendDurably, exists, readEnd } from './latch-file.ts';

export const LIMIT_HISTORY_FILE = 'limit-history.jsonl';

/** What is shown; the file has all. */
const KEPT = 200;
/** Some thousand changes. */
const READ_BYTES = 1_048_576;

export interface LimitHistoryOptions {
  readonly directory: string;
  readonly log: Logger;
}

/** Each change of a limit, with who, when, old and new, in an append-only file of the data directory. Nothing throws. */
export class LimitHistory {
  readonly #path: string;
  readonly #log: Logger;
  #changes: readonly LimitChange[];
  /** Told and not written yet. */
  #unwritten: readonly LimitChange[] = [];

  constructor({ directory, log }: LimitHistoryOptions) {
    this.#path = join(directory, LIMIT_HISTORY_FILE);
    this.#log = log;
    this.#changes = this.#read();
  }

  /** Newest first. */
  list(): readonly LimitChange[] {
    return this.#changes.toReversed();
  }

  /** What cannot be written is kept and tried again with `retry`. */
  note(change: LimitChange): void {
    this.#changes = [...this.#changes, change].slice(-KEPT);
    this.#unwritten = [...this.#unwritten, change];
    this.retry();
  }

  /** Writes what could not be written. */
  retry(): void {
    if (this.#unwritten.length === 0) return;
    // Begun on a line of its own: the last one may be half a line, from a crash.
    const text = `\n${this.#unwritten.map((change) => `${JSON.stringify(change)}\n`).join('')}`;
    try {
      appendDurably(this.#path, text);
      this.#unwritten = [];
    } catch (error) {
      this.#log.warn({ error }, `a changed limit could not be written to ${this.#path}`);
    }
  }

  #read(): readonly LimitChange[] {
    if (!exists(this.#path)) return [];
    try {
      return readEnd(this.#path, READ_BYTES).split('\n').flatMap(changeIn).slice(-KEPT);
    } catch (error) {
      this.#log.warn({ error }, `what limits were before cannot be read from ${this.#path}`);
      return [];
    }
  }
}

/** Nothing for half a line, or one that something else has written. */
function changeIn(line: string): readonly LimitChange[] {
  try {
    return [LimitChangeSchema.parse(JSON.parse(line))];
  } catch {
    // Answered, not ignored: the other lines tell what they tell.
    return [];
  }
}
