import { z } from 'zod';
import { AlertRuleSchema, SeveritySchema } from './alert-rules.ts';

/** Where alerts go, and when. What opens a channel is a secret and never a setting. */

const least = SeveritySchema.default('info');
const hour = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day such as 22:30');

/** What a settings file of an older version may have in the place of a secret. */
const noSecret = (name: string) =>
  z
    .null({
      error: `is a secret now: take it out of the settings and run \`tradebot keys set ${name}\``,
    })
    .optional();

export const WEBHOOK_TEMPLATES = ['ntfy', 'discord', 'gotify', 'json'] as const;
export type WebhookTemplate = (typeof WEBHOOK_TEMPLATES)[number];

function isThisMachine(host: string): boolean {
  return ['localhost', '127.0.0.1', '::1', '[::1]'].includes(host);
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const QuietHoursSchema = z
  .strictObject({
    from: hour,
    to: hour,
    /** Of these hours; null: this machine's. */
    timeZone: z
      .string()
      .refine(isTimeZone, 'must be a time zone such as Europe/Berlin')
      .nullable()
      .default(null),
  })
  .refine(({ from, to }) => from !== to, { path: ['to'], message: 'must be another time than from' });
export type QuietHours = z.infer<typeof QuietHoursSchema>;

export const AlertSettingsSchema = z.strictObject({
  /** The address of its webhook is the secret `slack.webhookUrl`. */
  slack: z
    .strictObject({
      enabled: z.boolean().default(false),
      /** Alerts that weigh less are not sent there. */
      least,
      webhookUrl: noSecret('slack.webhookUrl'),
    })
    .prefault({}),
  /** The password is the secret `email.password`. */
  email: z
    .strictObject({
      enabled: z.boolean().default(false),
      least,
      host: z.string().min(1).nullable().default(null),
      port: z.number().int().min(0).max(65_535).default(587),
      /** `tls`: from the first byte on, usually on port 465; `none`: only on this machine where there is a password. */
      security: z.enum(['starttls', 'tls', 'none']).default('starttls'),
      /** Null: the server asks for no password. */
      user: z.string().min(1).nullable().default(null),
      from: z.email().nullable().default(null),
      to: z.array(z.email()).default([]),
    })
    .superRefine(({ enabled, host, from, to, security, user }, context) => {
      const lacks = (path: string, message: string) =>
        context.addIssue({ code: 'custom', path: [path], message });
      if (enabled && host === null) lacks('host', 'is needed: the mail server');
      if (enabled && from === null) lacks('from', 'is needed: the address that mails come from');
      if (enabled && to.length === 0) lacks('to', 'is needed: who gets the mails');
      if (security === 'none' && user !== null && host !== null && !isThisMachine(host))
        lacks('security', 'must be starttls or tls: a password would travel in the clear');
    })
    .prefault({}),
  /** The bot's token is the secret `telegram.botToken`. */
  telegram: z
    .strictObject({
      enabled: z.boolean().default(false),
      least,
      apiRoot: z
        .url({ protocol: /^https?$/ })
        .refine(
          (address) =>
            !URL.canParse(address) ||
            new URL(address).protocol === 'https:' ||
            isThisMachine(new URL(address).hostname),
          "must begin with https://: the bot's token would travel in the clear",
        )
        .default('https://api.telegram.org'),
      /** The chat that gets alerts, and the only one that is listened to. */
      chatId: z.coerce
        // From the environment it comes as a number.
        .string()
        .regex(/^-?\d+$/, 'must be the number of a chat, such as 123456789')
        .nullable()
        .default(null),
      /** Whether /status, /positions, /pnl, /pause and /kill are heard from that chat. */
      commands: z.boolean().default(true),
    })
    .refine(({ enabled, chatId }) => !enabled || chatId !== null, {
      path: ['chatId'],
      message: 'is needed: the number of the chat',
    })
    .prefault({}),
  /** Any server that takes a POST: its address is the secret `webhook.url`, a token of its own `webhook.token`. */
  webhook: z
    .strictObject({
      enabled: z.boolean().default(false),
      least,
      /** How a message is put: as ntfy, Discord or Gotify take it, or as plain JSON. */
      template: z.enum(WEBHOOK_TEMPLATES).default('json'),
      /** JSON of your own in its place, with {{title}}, {{text}}, {{severity}}, {{time}} and {{id}} in its texts. */
      body: z.string().max(4_000).refine(isJson, 'must be JSON').nullable().default(null),
    })
    .prefault({}),
  /** Rules that are not sent out, or weigh something else than usual. Every alert is shown in the program all the same. */
  rules: z.partialRecord(AlertRuleSchema, z.enum(['off', ...SeveritySchema.options])).default({}),
  /** After a message of a rule further ones of it wait for so long, and are then sent as one. */
  debounceSeconds: z.number().int().min(0).max(86_400).default(300),
  /** What is mere information is gathered for so long and sent as one message; null: it is sent at once. */
  digestMinutes: z.number().int().min(1).max(10_080).nullable().default(null),
  /** What is not critical waits for their end. */
  quietHours: QuietHoursSchema.nullable().default(null),
  /** What is critical is told again after so long until somebody acknowledges it; null: it is told once. */
  repeatMinutes: z.number().int().min(1).max(1_440).nullable().default(15),
  /** Loss from the account's peak, as a share, that is told of. */
  drawdown: z.number().min(0.001).max(1).default(0.1),
  /** Share of the day's budget for language models. */
  llmBudgetShare: z.number().min(0.01).max(1).default(0.8),
  /** For how long the server that mirrors the books may lack something. */
  syncLagMinutes: z.number().int().min(1).max(10_080).default(15),
  /** Free space on the disk below which it is told, in billions of bytes. */
  minFreeDiskGb: z.number().min(0).max(10_000).default(1),
});
export type AlertSettings = z.infer<typeof AlertSettingsSchema>;
