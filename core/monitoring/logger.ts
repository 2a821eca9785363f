import pino from 'pino';
import type { LogFields, Logger } from '../domain/index.ts';
import { redact } from './redaction.ts';
import { RotatingFile } from './rotating-file.ts';
import { redactText } from './secret-text.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

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
  readonly destination?: { write(line: string): unknown };
}

/** A logger that is closed when the program ends. */
export interface FileLogger extends Logger {
  /** Lines that could not be written, since the start. */
  readonly lostLines: number;
  /** Flushes the files. What is logged afterwards is lost. */
  close(): void;
}

/**
 * Structured logging: one JSON document a line, in files that rotate. Everything passes through redaction, fields
 * and messages alike. Logging never throws.
 *
 * @throws an error of the file system when the folder cannot be written at the start.
 */
export function createLogger(options: LoggerOptions): FileLogger {
  const { folder, level = 'info', name = 'tradebot', maxBytes = 10_000_000, keep = 5, destination } = options;
  const file = new RotatingFile({ folder, name, maxBytes, keep });
  const lines = {
    write(line: string) {
      file.write(line);
      destination?.write(line);
    },
  };
  const root = pino({ level, base: { pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime }, lines);
  return {
    ...wrap(root),
    get lostLines() {
      return file.lostLines;
    },
    close: () => file.close(),
  };
}

function wrap(logger: pino.Logger): Logger {
  const at = (level: LogLevel) => (fields: LogFields, message: string) => {
    // Asked first: redaction costs more than writing.
    if (logger.isLevelEnabled(level)) logger[level](clean(fields), redactText(message));
  };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (fields) => wrap(logger.child(clean(fields))),
  };
}

function clean(fields: LogFields): Record<string, unknown> {
  const copy = redact(fields);
  // A redacted record is a record, but for one that could not be read.
  return typeof copy === 'object' ? (copy as Record<string, unknown>) : { fields: copy };
}
