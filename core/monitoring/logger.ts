import pino from 'pino';
import type { LogFields, Logger } from '../domain/index.ts';
import { redact, redactText } from './redaction.ts';
import { RotatingFile } from './rotating-file.ts';

export interface LoggerOptions {
  /** Folder of the log files. */
  readonly folder: string;
  readonly level?: 'debug' | 'info' | 'warn' | 'error';
  /** Size at which a file is full. Default 10 MB. */
  readonly maxBytes?: number;
  /** Full files kept. Default 5. */
  readonly keep?: number;
}

/** A logger that can be closed when the program ends. */
export interface FileLogger extends Logger {
  close(): void;
}

/**
 * Structured logging: one JSON document a line, in files that rotate. Everything passes through redaction, fields
 * and messages alike.
 */
export function createLogger({ folder, level = 'info', maxBytes = 10_000_000, keep = 5 }: LoggerOptions): FileLogger {
  const file = new RotatingFile({ folder, name: 'tradebot', maxBytes, keep });
  const root = pino({ level, base: { pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime }, file);
  return { ...wrap(root), close: () => file.close() };
}

function wrap(logger: pino.Logger): Logger {
  return {
    debug: (fields, message) => logger.debug(clean(fields), redactText(message)),
    info: (fields, message) => logger.info(clean(fields), redactText(message)),
    warn: (fields, message) => logger.warn(clean(fields), redactText(message)),
    error: (fields, message) => logger.error(clean(fields), redactText(message)),
    child: (fields) => wrap(logger.child(clean(fields))),
  };
}

function clean(fields: LogFields): Record<string, unknown> {
  // A redacted record of fields is a record of fields.
  return redact(fields) as Record<string, unknown>;
}
