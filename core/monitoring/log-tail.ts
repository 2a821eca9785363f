import { LOG_LEVELS, type LogLine, type LogQuery } from '../contract/index.ts';

export interface LogTailLimits {
  /** Default 2,000. */
  readonly mostLines?: number;
  /** Of text, roughly. Default 1,000,000. */
  readonly mostCharacters?: number;
}

const LONGEST_TEXT = 2_000;
const LONGEST_NAME = 100;

/** The last lines of the log, for who looks on. What it gets has no secrets any more: it may be cut anywhere. */
export class LogTail {
  readonly #mostLines: number;
  readonly #mostCharacters: number;
  #lines: LogLine[] = [];
  /** Lines at the beginning that are gone: they are let go by the hundred. */
  #gone = 0;
  #characters = 0;
  #count = 0;
  readonly #loggers = new Set<string>();

  constructor({ mostLines = 2_000, mostCharacters = 1_000_000 }: LogTailLimits = {}) {
    this.#mostLines = mostLines;
    this.#mostCharacters = mostCharacters;
  }

  get kept(): number {
    return this.#lines.length - this.#gone;
  }

  /** Every part that has said something, by name. */
  get loggers(): readonly string[] {
    return [...this.#loggers].sort();
  }

  add(line: Omit<LogLine, 'sequence'>): void {
    this.#count += 1;
    const kept: LogLine = {
      sequence: this.#count,
      time: line.time,
      level: line.level,
      logger: cut(line.logger, LONGEST_NAME),
      message: cut(line.message, LONGEST_TEXT),
      correlationId: line.correlationId === null ? null : cut(line.correlationId, LONGEST_NAME),
      symbol: line.symbol === null ? null : cut(line.symbol, LONGEST_NAME),
      tradeId: line.tradeId === null ? null : cut(line.tradeId, LONGEST_NAME),
      details: cut(line.details, LONGEST_TEXT),
    };
    this.#lines.push(kept);
    this.#loggers.add(kept.logger);
    this.#characters += sizeOf(kept);
    while (this.kept > 1 && (this.kept > this.#mostLines || this.#characters > this.#mostCharacters)) {
      const oldest = this.#lines[this.#gone];
      if (oldest !== undefined) this.#characters -= sizeOf(oldest);
      this.#gone += 1;
    }
    if (this.#gone < this.#mostLines) return;
    this.#lines = this.#lines.slice(this.#gone);
    this.#gone = 0;
  }

  /** The newest lines of those that are asked for, the newest last. */
  list({ level = 'debug', logger, correlationId, search, limit }: LogQuery): readonly LogLine[] {
    const least = LOG_LEVELS.indexOf(level);
    const sought = search?.toLowerCase();
    const found: LogLine[] = [];
    for (let at = this.#lines.length - 1; at >= this.#gone && found.length < limit; at -= 1) {
      const line = this.#lines[at];
      if (line === undefined || LOG_LEVELS.indexOf(line.level) < least) continue;
      if (logger !== undefined && line.logger !== logger) continue;
      if (correlationId !== undefined && line.correlationId !== correlationId) continue;
      if (sought !== undefined && !`${line.message} ${line.details}`.toLowerCase().includes(sought)) continue;
      found.push(line);
    }
    return found.reverse();
  }
}

function cut(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest)}…`;
}

function sizeOf({ message, details, logger }: LogLine): number {
  return message.length + details.length + logger.length;
}
