import pino from 'pino';
import type { LogLevel } from '../contract/index.ts';
import type { LogFields, Logger } from '../domain/index.ts';
import { LogTail } from './log-tail.ts';
import { redact } from './redaction.ts';
import { RotatingFile } from './rotating-file.ts';
import { redactText } from './secret-text.ts';

export type { LogLevel } from '../contract/index.ts';

export interface LoggerOptions {
  /** Folder of the log files. */
  readonly folder: string;
  /** Default `info`. */
  readonly level?: LogLevel;
  /** Name of the files, without ending. Two programs must not write the same ones. Default `tradebot`. */
  readonly name?: string;
  /** Size at which a file is full. Default 10 MB. */
  readonly maxBytes?: number;
  /** Full files kept. Default 5. */
  readonly keep?: number;
  /** Gets every line as well, such as process.stdout. */
  readonly destination?: LogDestination;
}

export interface LogDestination {
  write(line: string): unknown;
}

/** A logger that is closed when the program ends. */
export interface FileLogger extends Logger {
  /** Lines that could not be written, since the start. */
  readonly lostLines: number;
  readonly folder: string;
  /** The last lines, for who looks on. */
  readonly tail: LogTail;
  /** Flushes the files. What is logged afterwards is lost. */
  close(): void;
}

/** Under these names every line says what it says: a field of the same name gets another. */
const RESERVED: ReadonlySet<string> = new Set(['timestamp', 'level', 'message', 'pid']);
/** Under what name a line is told of, by the names of the program's own fields. */
const ALIASES: Readonly<Record<string, string>> = { tradeId: 'trade_id', decisionId: 'correlation_id' };
const ENGINE = 'engine';

/**
 * Structured logging: one JSON document a line, in files that rotate, with `timestamp`, `level`, `logger` and `message`
 * and, where they are known, `correlation_id`, `symbol` and `trade_id`. Everything passes through redaction, fields and
 * messages alike, before anything is cut. Logging never throws.
 *
 * @throws an error of the file system when the folder cannot be written at the start.
 */
export function createLogger(options: LoggerOptions): FileLogger {
  const { folder, level = 'info', name = 'tradebot', maxBytes = 10_000_000, keep = 5, destination } = options;
  const file = new RotatingFile({ folder, name, maxBytes, keep });
  const tail = new LogTail();
  const lines = {
    write(line: string) {
      file.write(line);
      try {
        destination?.write(line);
      } catch {
        // Nobody reads it any more, such as a closed pipe: the file has the line.
      }
    },
  };
  const root = pino(
    {
      level,
      base: { pid: process.pid },
      messageKey: 'message',
      timestamp: () => `,"timestamp":"${new Date(now()).toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    lines,
  );
  return {
    ...wrap(root, tail, { logger: name === 'tradebot' ? ENGINE : name }),
    get lostLines() {
      return file.lostLines;
    },
    folder,
    tail,
    close: () => file.close(),
  };
}

/** @param inherited fields of the parents, clean already. */
function wrap(logger: pino.Logger, tail: LogTail, inherited: Record<string, unknown>): Logger {
  const at = (level: LogLevel) => (fields: LogFields, message: string) => {
    // Asked first: redaction costs more than writing.
    if (!logger.isLevelEnabled(level)) return;
    const told = { ...inherited, ...clean(fields) };
    const text = redactText(message);
    logger[level](told, text);
    tail.add(lineOf(level, told, text));
  };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (fields) => wrap(logger, tail, { ...inherited, ...clean(fields) }),
  };
}

function clean(fields: LogFields): Record<string, unknown> {
  const copy = redact(fields);
  // A redacted record is a record, but for one that could not be read.
  if (typeof copy !== 'object') return { fields: copy };
  const named: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(copy as Record<string, unknown>)) {
    named[RESERVED.has(name) ? `${name}_` : name] = value;
    const alias = ALIASES[name];
    if (alias !== undefined && typeof value === 'string') named[alias] = value;
  }
  return named;
}

function lineOf(
  level: LogLevel,
  told: Record<string, unknown>,
  message: string,
): Parameters<LogTail['add']>[0] {
  const { logger, correlation_id, symbol, trade_id, ...rest } = told;
  return {
    time: now(),
    level,
    logger: textOf(logger) ?? ENGINE,
    message,
    correlationId: textOf(correlation_id),
    symbol: textOf(symbol),
    tradeId: textOf(trade_id),
    details: Object.keys(rest).length === 0 ? '' : JSON.stringify(rest, withoutStack),
  };
}

/** The time on the machine's clock. */
function now(): number {
  return Number(pino.stdTimeFunctions.epochTime().replace(/\D/g, ''));
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** Where in the program something broke is for the files: whoever looks on over the API is told what broke. */
function withoutStack(key: string, value: unknown): unknown {
  return key === 'stack' ? undefined : value;
}
