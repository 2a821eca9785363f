/** Step 10 of the loop: what the trader and the operator get to know. */
export { AlertCenter, type AlertCenterOptions, type Severity } from './alerts.ts';
export { healthOf } from './health.ts';
export { createLogger, type FileLogger, type LoggerOptions, type LogLevel } from './logger.ts';
export { Metrics } from './metrics.ts';
export { redact } from './redaction.ts';
export { REDACTED, redactText } from './secret-text.ts';
