import { z } from 'zod';

/** What the trader can be told of: each alert belongs to one of these. */
export const ALERT_RULES = [
  'trade-opened',
  'trade-closed',
  'stop-hit',
  'breaker',
  'kill-switch',
  'drawdown',
  'venue',
  'data',
  'unprotected',
  'llm-budget',
  'model-expiry',
  'sync-lag',
  'disk',
  'program',
] as const;
export const AlertRuleSchema = z.enum(ALERT_RULES);
export type AlertRule = z.infer<typeof AlertRuleSchema>;

/** Each rule, in words. */
export const ALERT_RULE_WORDS: Readonly<Record<AlertRule, string>> = {
  'trade-opened': 'A trade was opened',
  'trade-closed': 'A trade was closed, with its result',
  'stop-hit': 'A stop was hit',
  breaker: 'The circuit breaker has tripped',
  'kill-switch': 'The kill switch is engaged, or not durable',
  drawdown: 'The account has lost more of its peak than the setting allows for',
  venue: 'The venue cannot be reached, or our books and it differ',
  data: 'Market data is old or has gaps',
  unprotected: 'A position has no stop at the venue',
  'llm-budget': 'The budget of the language models runs out',
  'model-expiry': 'The models expire soon, or have',
  'sync-lag': 'The server that mirrors the books lags behind',
  disk: 'The disk is nearly full, or something cannot be stored',
  program: 'What else the program tells of itself',
};

export const SEVERITIES = ['info', 'warning', 'critical'] as const;
export const SeveritySchema = z.enum(SEVERITIES);
export type Severity = z.infer<typeof SeveritySchema>;

/** The ways in which alerts leave the program. */
export const ALERT_CHANNELS = ['slack', 'email', 'telegram', 'webhook'] as const;
export const AlertChannelSchema = z.enum(ALERT_CHANNELS);
export type AlertChannelName = z.infer<typeof AlertChannelSchema>;

export const ALERT_CHANNEL_WORDS: Readonly<Record<AlertChannelName, string>> = {
  slack: 'Slack',
  email: 'E-mail',
  telegram: 'Telegram',
  webhook: 'Webhook',
};
