import { z } from 'zod';
import { AlertSettingsSchema } from './alert-settings.ts';
import { accountFaults, parseSymbol, SymbolSchema } from './symbol.ts';
import {
  DecimalTextSchema,
  ModeSchema,
  REGIMES,
  type Regime,
  StrategySchema,
  TimeframeSchema,
} from './vocabulary.ts';

/**
 * Every setting, with its default: one schema for the settings file, the environment, the command line and the
 * UI. Unknown keys are errors. Secrets are never settings: they live in the keychain under their own names.
 */

const fraction = z.number().min(0).max(1);
const port = z.number().int().min(0).max(65_535);
const url = z
  .url({ protocol: /^(https?|wss?)$/ })
  .refine(
    (address) => !URL.canParse(address) || !hasPassword(new URL(address)),
    'must be without a name and password: settings are shown, and secrets are kept with `tradebot keys set`',
  );

export const SafetySettingsSchema = z.strictObject({
  /** Share of equity lost when a stop is hit. */
  riskPerTrade: z.number().positive().max(0.1).default(0.01),
  /** Distance of the protective stop from the entry, in average true ranges. */
  stopAtr: z.number().positive().max(20).default(2),
  maxPositions: z.number().int().min(1).max(100).default(5),
  maxSymbolExposure: fraction.default(0.3),
  maxStrategyExposure: fraction.default(0.6),
  /** Of symbols that move together. */
  maxGroupExposure: fraction.default(0.6),
  maxPortfolioExposure: fraction.default(0.9),
  /** Share of equity that all stops together may cost, those of entries on their way included. */
  maxOpenRisk: fraction.default(0.06),
  /** An entry that the limits or the cash clip to less than this share of equity is not worth its costs. */
  minEntryShare: fraction.default(0.02),
  /** How far the price may move between decision and sending, in average true ranges. */
  maxEntryDrift: z.number().positive().max(20).default(0.5),
  /** The expected move must exceed all costs times this; 0 turns the cost gate off. */
  costMultiple: z
    .number()
    .refine((multiple) => multiple === 0 || (multiple >= 1 && multiple <= 20), {
      error: 'must be 0 (no cost gate) or from 1 to 20',
    })
    .default(1.5),
  minHoldBars: z.number().int().min(0).max(10_000).default(3),
  reentryWaitBars: z.number().int().min(0).max(10_000).default(2),
  maxEntriesPerHour: z.number().int().min(1).max(1_000).default(6),
  /** Of a UTC day. */
  maxEntriesPerDay: z.number().int().min(1).max(10_000).default(50),
  maxDailyLoss: fraction.default(0.03),
  /** Gain of a UTC day, as a share of the equity at its start, that ends its entries; null: none does. */
  profitLock: z.number().min(0.001).max(1).nullable().default(null),
  maxDrawdown: fraction.default(0.1),
  maxConsecutiveLosses: z.number().int().min(1).default(5),
  minWinRate: fraction.default(0.3),
  winRateTrades: z.number().int().min(5).default(20),
  minSharpe: z.number().default(0),
  sharpeDays: z.number().int().min(5).default(30),
  minSample: z.number().int().min(1).default(20),
  haltHours: z.number().positive().max(87_600).default(24),
  /** What ends a halt by drawdown: the time of every halt, or only the trader. */
  drawdownRelease: z.enum(['after-halt', 'by-trader']).default('after-halt'),
});
export type SafetySettings = z.infer<typeof SafetySettingsSchema>;

const VoterWeightsSchema = z.strictObject({ bull: fraction, bear: fraction, ensemble: fraction });
const DEFAULT_WEIGHTS: Record<Regime, z.infer<typeof VoterWeightsSchema>> = {
  trending: { bull: 0.35, bear: 0.35, ensemble: 0.3 },
  ranging: { bull: 0.3, bear: 0.3, ensemble: 0.4 },
  volatile: { bull: 0.3, bear: 0.3, ensemble: 0.4 },
};
const DEFAULT_THRESHOLDS: Record<Regime, number> = { trending: 0.2, ranging: 0.25, volatile: 0.3 };

function perRegime<T extends z.ZodType>(schema: T, defaults: Record<Regime, z.infer<T>>) {
  const shape = Object.fromEntries(
    REGIMES.map((regime) => [regime, schema.prefault(defaults[regime] as z.input<T>)]),
  ) as Record<Regime, z.ZodPrefault<T>>;
  return z.strictObject(shape).prefault({});
}

const ConsensusSettingsSchema = z.strictObject({
  weights: perRegime(VoterWeightsSchema, DEFAULT_WEIGHTS),
  /** How far the best action's support must exceed its opposite's. */
  thresholds: perRegime(fraction, DEFAULT_THRESHOLDS),
  quorum: z.number().int().min(1).max(3).default(2),
});
export type ConsensusSettings = z.infer<typeof ConsensusSettingsSchema>;

const ExchangeSettingsSchema = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9]+$/, 'must be a ccxt exchange id such as binance')
    .default('binance'),
  /** The keys are the test network's, where sandbox mode always trades: live mode is refused. */
  sandbox: z.boolean().default(false),
  /** Share of what the account has free when its books begin, in place of `capital`. */
  capitalShare: z.number().positive().max(1).nullable().default(null),
  /** That real money goes to a venue at which orders of this program were never tried. */
  unproven: z.boolean().default(false),
  proxy: url.nullable().default(null),
  endpoint: z.strictObject({ rest: url, ws: url.optional() }).nullable().default(null),
});
export type ExchangeSettings = z.infer<typeof ExchangeSettingsSchema>;

/** USD for a million tokens, and the date up to which the model has read. */
const ModelPriceSchema = z.strictObject({
  inputPerMTok: z.number().min(0),
  outputPerMTok: z.number().min(0),
  knowledgeCutoff: z.iso.date().optional(),
});
export type ModelPrice = z.infer<typeof ModelPriceSchema>;
const AgentSettingsSchema = z.strictObject({ baseUrl: url.optional(), model: z.string().min(1).optional() });

/** Asked in the order given when the model before cannot answer, within the same time and budget. */
const FallbackModelSchema = z.strictObject({ model: z.string().min(1), baseUrl: url.optional() });

const LlmSettingsSchema = z.strictObject({
  enabled: z.boolean().default(false),
  baseUrl: url.default('https://api.openai.com/v1'),
  model: z.string().min(1).nullable().default(null),
  /** The Responses API is OpenAI's own; every compatible server has Chat Completions. */
  api: z.enum(['chat', 'responses']).default('chat'),
  /** Null: the model's own. Some models take no other. */
  temperature: z.number().min(0).max(2).nullable().default(null),
  fallbacks: z.array(FallbackModelSchema).max(3).default([]),
  /**
   * When a debate is held anew rather than the last one left to stand: the price has moved by so many standard deviations
   * of a bar, so many bars have passed, or the regime or the position has changed. 0 sigmas: at every decision.
   */
  debate: z
    .strictObject({
      moveSigmas: z.number().min(0).max(20).default(2),
      everyBars: z.number().int().min(1).max(10_000).default(24),
    })
    .prefault({}),
  /** Whether it thinks before it answers: as it likes, or not, where its provider has a switch for that. */
  thinking: z.enum(['model', 'off']).default('model'),
  /** Reasoning counts as output. The worst case is reserved from the budget before each call. */
  maxOutputTokens: z.number().int().min(100).max(100_000).default(4_000),
  rebuttalRounds: z.number().int().min(0).max(2).default(1),
  /** For one call, its retries included. */
  timeoutMs: z.number().int().min(100).max(600_000).default(20_000),
  /** For a whole debate, waiting for its turn excluded. Unset: `timeoutMs` for each round. */
  debateTimeoutMs: z.number().int().min(100).max(3_600_000).optional(),
  /** Debates at the same time; the others wait for their turn. */
  maxConcurrentDecisions: z.number().int().min(1).max(50).default(4),
  /** Who votes while a model cannot be reached or paid: nobody, or the rules, shown as rules. */
  whenDown: z.enum(['abstain', 'rules']).default('rules'),
  /** Leaves the symbol, the date and the price out of what the models are told. */
  anonymise: z.boolean().default(false),
  dailyBudgetUsd: z.number().min(0).max(1_000_000).default(2),
  prices: z.record(z.string(), ModelPriceSchema).default({}),
  agents: z
    .strictObject({ bull: AgentSettingsSchema.prefault({}), bear: AgentSettingsSchema.prefault({}) })
    .prefault({}),
});
export type LlmSettings = z.infer<typeof LlmSettingsSchema>;

/** A way of deciding that trades on paper beside the one in use. What is left out is as in the settings. */
const RivalSettingsSchema = z.strictObject({
  strategy: StrategySchema.default('trend'),
  /** Who speaks for Bull and Bear. */
  agents: z.enum(['rules', 'llm', 'off']).default('rules'),
  /** The language model of both, where `agents` is `llm`. */
  model: z.string().min(1).optional(),
  rebuttalRounds: z.number().int().min(0).max(2).optional(),
  /** Folder in the data directory's `prompts` with prompts of its own. */
  prompts: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,30}$/, 'must be a folder name such as careful')
    .optional(),
  consensus: ConsensusSettingsSchema.optional(),
});
export type RivalSettings = z.infer<typeof RivalSettingsSchema>;

const ArenaSettingsSchema = z.strictObject({
  rivals: z
    .record(
      z.string().regex(/^[a-z0-9][a-z0-9-]{0,30}$/, 'names a rival in lower case letters, digits and dashes'),
      RivalSettingsSchema,
    )
    .refine((rivals) => Object.keys(rivals).length <= 20, 'at most 20 rivals')
    .refine((rivals) => !Object.hasOwn(rivals, 'settings'), 'settings names the line-up of the settings')
    .default({
      rules: { strategy: 'rules', agents: 'rules' },
      models: { strategy: 'ml', agents: 'off' },
    }),
});

/**
 * How an entry gets into the market: at once as a taker, or first as a maker: a post-only limit at the touch that follows
 * the price inside a band, until it has filled or its time is up. Exits, stops and emergencies always take.
 */
const ExecutionSettingsSchema = z.strictObject({
  entry: z.enum(['taker', 'maker-first']).default('taker'),
  /** How far from the decision's price an entry that makes first goes at most, also when it takes in the end. */
  bandBps: z.number().positive().max(1_000).default(20),
  /** A resting order that the price has left stays at least so long. */
  repriceMs: z.number().int().min(500).max(600_000).default(5_000),
  timeoutMs: z.number().int().min(1_000).max(3_600_000).default(60_000),
  /** What becomes of what has not filled by then. */
  afterTimeout: z.enum(['taker', 'give-up']).default('taker'),
});
export type ExecutionSettings = z.infer<typeof ExecutionSettingsSchema>;

/** The simulated exchange's terms. Fees are those of a venue's lowest tier. */
const SimulationSettingsSchema = z.strictObject({
  makerFeeBps: z.number().min(-10).max(1_000).default(10),
  takerFeeBps: z.number().min(0).max(1_000).default(10),
  spreadBps: z.number().min(0).max(1_000).default(2),
  slippageBps: z.number().min(0).max(1_000).default(2),
  latencyMs: z.number().int().min(0).max(60_000).default(250),
  /** A step fills at most this share of its traded volume. */
  maxVolumeShare: z.number().positive().max(1).default(0.1),
  seed: z.number().int().min(0).max(4_294_967_295).default(1),
});
export type SimulationSettings = z.infer<typeof SimulationSettingsSchema>;

const ApiSettingsSchema = z
  .strictObject({
    enabled: z.boolean().default(false),
    port: port.default(5173),
    /** Where signed requests to the kill switch are heard beside the API; null: the port after the API's. */
    killPort: port.nullable().default(null),
  })
  .refine(({ port, killPort }) => killPort === null || killPort === 0 || killPort !== port, {
    path: ['killPort'],
    message: "must be another than the API's",
  });

const DesktopSettingsSchema = z.strictObject({
  /** Keys of the emergency stop, from whatever program has the focus, as Electron writes them; null: the system's usual. */
  emergencyShortcut: z
    .string()
    .regex(/^([A-Za-z]+\+)*[^\s+]{1,20}$/, 'must be keys such as Control+Shift+F9')
    .nullable()
    .default(null),
  /** Whether the installed program starts with the session, in the tray. */
  autoLaunch: z.boolean().default(false),
});

/** The port for signed requests to the kill switch; 0 lets the system choose, as for the API. */
export function killPortOf({ port, killPort }: Settings['api']): number {
  if (killPort !== null) return killPort;
  if (port === 0) return 0;
  return port === 65_535 ? port - 1 : port + 1;
}

function daysKept(days: number | null) {
  return z.number().int().min(1).nullable().default(days);
}

function hasPassword({ protocol, username, password, searchParams }: URL): boolean {
  // A database's own user may be named; before any other address a name is a credential.
  if (username !== '' && !protocol.startsWith('postgres')) return true;
  return password !== '' || [...searchParams.keys()].some((name) => /^(pg)?pass/i.test(name));
}

const EverySettingSchema = z.strictObject({
  mode: ModeSchema.default('demo'),
  /** Unset: BTC/USDT, and in demo mode three symbols to look at. */
  symbols: z
    .array(SymbolSchema)
    .min(1)
    .max(50)
    .refine((symbols) => new Set(symbols).size === symbols.length, 'names a symbol twice')
    .superRefine((symbols, context) => {
      // What is no symbol has been told by its own schema.
      const markets = symbols.flatMap((symbol) => parseSymbol(symbol) ?? []);
      for (const { symbol, message } of accountFaults(markets)) {
        context.addIssue({ code: 'custom', path: [symbols.indexOf(symbol)], message });
      }
    })
    .optional(),
  timeframe: TimeframeSchema.default('1h'),
  capital: DecimalTextSchema.refine((text) => Number(text) > 0, 'must be above 0').default('10000'),
  exchange: ExchangeSettingsSchema.prefault({}),
  llm: LlmSettingsSchema.prefault({}),
  consensus: ConsensusSettingsSchema.prefault({}),
  safety: SafetySettingsSchema.prefault({}),
  strategy: z.strictObject({ id: StrategySchema.default('trend') }).prefault({}),
  models: z
    .strictObject({
      /** Model files kept open in memory, in millions of bytes; what is used least is closed first. */
      cacheMb: z.number().int().min(1).max(4_000).default(64),
    })
    .prefault({}),
  execution: ExecutionSettingsSchema.prefault({}),
  simulation: SimulationSettingsSchema.prefault({}),
  arena: ArenaSettingsSchema.prefault({}),
  timescale: z
    .strictObject({
      /** `postgres://USER@HOST:PORT/DATABASE`; null: the trade history is mirrored nowhere. */
      url: z
        .url({ protocol: /^postgres(ql)?$/ })
        .refine(
          (address) => !URL.canParse(address) || !hasPassword(new URL(address)),
          'must be without a password: store that as the secret timescale.password',
        )
        .nullable()
        .default(null),
      /** Where the server has TimescaleDB's own edition. Null: it forgets nothing. */
      retentionDays: z.number().int().min(1).nullable().default(null),
      /** So many days of rows in a piece of a hypertable, where the server has those. */
      chunkDays: z.number().int().min(1).max(3_650).default(30),
      /** Compressed after so many days, where the server can. Null: never. */
      compressAfterDays: z.number().int().min(1).nullable().default(90),
    })
    .prefault({}),
  /** After how many days what grows is forgotten on this machine; null: never. Orders, fills and trades stay. */
  storage: z
    .strictObject({
      /** Decisions that led to nothing. */
      heldDecisionDays: daysKept(365),
      /** They are also what backtests replay at no cost. */
      llmCallDays: daysKept(null),
      predictionDays: daysKept(365),
      /** Critical ones stay. */
      alertDays: daysKept(365),
      /** Log files that are not written to any more; there are few, and each has an end. */
      logDays: daysKept(90),
      /** Of the equity curve then remain the first, the last, the lowest and the highest point of each hour. */
      fineEquityDays: daysKept(90),
    })
    .prefault({}),
  alerts: AlertSettingsSchema.prefault({}),
  api: ApiSettingsSchema.prefault({}),
  desktop: DesktopSettingsSchema.prefault({}),
});

export const SettingsSchema = EverySettingSchema.superRefine(({ mode, exchange }, context) => {
  if (mode !== 'live' || !exchange.sandbox) return;
  context.addIssue({
    code: 'custom',
    path: ['exchange', 'sandbox'],
    message: 'live mode trades for real: set it to false, or mode to sandbox',
  });
});

export type Settings = z.infer<typeof SettingsSchema>;
export type SettingsInput = z.input<typeof SettingsSchema>;

const DEMO_SYMBOLS = ['BTC/USDT', 'ETH/USDT', 'SOL/USDT'] as const;

/** The symbols to trade: the trader's, or the mode's own. */
export function symbolsOf(settings: Pick<Settings, 'mode' | 'symbols'>): readonly string[] {
  return settings.symbols ?? (settings.mode === 'demo' ? DEMO_SYMBOLS : ['BTC/USDT']);
}
