/** Step 10 of the loop: what the trader and the operator get to know. */
export { AlertCenter, type Severity } from './alerts.ts';
export { healthOf } from './health.ts';
export { createLogger, type FileLogger, type LoggerOptions } from './logger.ts';
export { REDACTED, redact, redactText } from './redaction.ts';
