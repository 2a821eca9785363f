import { z } from 'zod';
import { SettingsSchema } from './settings.ts';
import { ModeSchema, TimeframeSchema } from './vocabulary.ts';

/** What choosing a venue takes across the boundary. A secret goes in and never comes back. */

/** What a venue can do here. */
export const VenueViewSchema = z.object({
  id: z.string(),
  name: z.string(),
  markets: z.array(z.enum(['spot', 'perpetual'])),
  /** The keys that it asks for, by ccxt's names. */
  credentials: z.array(z.string()),
  hasTestNetwork: z.boolean(),
  /** Orders can go to it; any other venue is for trading on paper and for history. */
  isTraded: z.boolean(),
  /** They were tried against a server that speaks as it does. */
  isProven: z.boolean(),
  /** Why no order goes there, by kind of market. */
  refusals: z.array(z.string()),
});
export type VenueView = z.infer<typeof VenueViewSchema>;

/** Where a secret is; `memory`: until the program ends. */
export const SecretSourceSchema = z.enum(['keychain', 'file', 'environment', 'vault', 'memory']);
export type SecretSource = z.infer<typeof SecretSourceSchema>;

export const SecretViewSchema = z.object({
  name: z.string(),
  /** ccxt's name of the key. */
  credential: z.string(),
  /** Null: it is not there. */
  source: SecretSourceSchema.nullable(),
});
export type SecretView = z.infer<typeof SecretViewSchema>;

const ExchangeIdSchema = z.string().regex(/^[a-z0-9]{1,40}$/, 'must be a venue such as binance');
export const VenueNameSchema = z.strictObject({ exchange: ExchangeIdSchema });
export const VenueSecretSchema = z.strictObject({
  exchange: ExchangeIdSchema,
  credential: z.string().max(40),
});

/** Modes that are started by choosing them. Live trading is not: its start is a step of its own. */
export const STARTABLE_MODES = ['demo', 'paper', 'sandbox'] as const;
export const StartableModeSchema = ModeSchema.extract(STARTABLE_MODES);
export type StartableMode = z.infer<typeof StartableModeSchema>;

const settings = SettingsSchema.shape;
/** What the trader chooses: the venue, how it is reached, and what is traded there. */
export const VenueChoiceSchema = z.strictObject({
  exchange: ExchangeIdSchema,
  symbols: settings.symbols.unwrap(),
  timeframe: TimeframeSchema,
  endpoint: settings.exchange.unwrap().shape.endpoint.unwrap(),
  proxy: settings.exchange.unwrap().shape.proxy.unwrap(),
});
export type VenueChoice = z.infer<typeof VenueChoiceSchema>;

export const CHECK_STEPS = [
  'books',
  'line',
  'clock',
  'symbols',
  'candles',
  'fees',
  'keys',
  'rights',
  'account',
] as const;
export const CheckStepSchema = z.object({
  step: z.enum(CHECK_STEPS),
  /** `skipped`: not asked, because of what came before or because nothing needs it. */
  state: z.enum(['good', 'warning', 'failed', 'skipped']),
  /** What was found, and what to do about it, in one line. */
  message: z.string(),
});
export type CheckStep = z.infer<typeof CheckStepSchema>;

export const VenueCheckSchema = z.object({
  steps: z.array(CheckStepSchema),
  /** Whether nothing found stands against starting. */
  ready: z.boolean(),
});
export type VenueCheck = z.infer<typeof VenueCheckSchema>;

/** The program's start with other settings, while the host goes on. */
export const StartupViewSchema = z.object({
  /** Counts the starts in this host: what was asked of the one before is out of date. */
  run: z.number().int().min(1),
  state: z.enum(['running', 'starting']),
  /** What runs, or what is being started. */
  mode: ModeSchema,
  /** What is being waited for, or why the last attempt failed and what runs in its place; empty when all is well. */
  message: z.string(),
  failed: z.boolean(),
});
export type StartupView = z.infer<typeof StartupViewSchema>;
