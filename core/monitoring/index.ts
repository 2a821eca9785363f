/** Step 10 of the loop: what the trader and the operator get to know. */
export { type AlertAbout, AlertCenter, type AlertCenterOptions, shown as shownAlert } from './alerts.ts';
export { HealthWatch } from './health.ts';
export type { HealthFacts } from './health-components.ts';
export { LogTail } from './log-tail.ts';
export {
  createLogger,
  type FileLogger,
  type LogDestination,
  type LoggerOptions,
  type LogLevel,
} from './logger.ts';
export { Metrics } from './metrics.ts';
export { redact } from './redaction.ts';
export { REDACTED, redactText } from './secret-text.ts';
