import { z } from 'zod';
import { AlertChannelSchema } from './alert-rules.ts';
import { AlertsViewSchema, AlertTestSchema } from './alert-views.ts';
import { ExcursionsQuerySchema, ExcursionTableSchema } from './excursions.ts';
import { HealthViewSchema } from './health-view.ts';
import { EntryHindsightSchema, HindsightViewSchema } from './hindsight-view.ts';
import { KillActivationSchema, StopOriginSchema } from './kill-views.ts';
import { LadderViewSchema } from './ladder-view.ts';
import { LimitChangeSchema, LimitNameSchema } from './limits.ts';
import {
  AgentRecordSchema,
  LlmCallViewSchema,
  LlmCostsSchema,
  LlmTestViewSchema,
  PromptNameSchema,
  PromptReplaySchema,
  PromptViewSchema,
} from './llm-views.ts';
import { LogQuerySchema, LogViewSchema } from './log-views.ts';
import { MetricsViewSchema } from './metrics-view.ts';
import { ModelsViewSchema } from './model-views.ts';
import { DaysQuerySchema, PerformanceDaysSchema } from './performance-view.ts';
import { DrillViewSchema, SafetyViewSchema } from './safety-views.ts';
import { SettingsSchema } from './settings.ts';
import { BackupViewSchema, StorageViewSchema } from './storage-views.ts';
import { SymbolSchema } from './symbol.ts';
import { TagCountSchema, TradeNotesChangeSchema, TradeNotesSchema } from './trade-notes.ts';
import {
  DailyExposureSchema,
  TradeFilterSchema,
  TradePeriodSchema,
  TradeRecordSchema,
  TradeStreaksSchema,
  TradeTotalsQuerySchema,
  TradeTotalsSchema,
} from './trade-queries.ts';
import {
  SecretViewSchema,
  StartableModeSchema,
  StartupViewSchema,
  VenueCheckSchema,
  VenueChoiceSchema,
  VenueNameSchema,
  VenueSecretSchema,
  VenueViewSchema,
} from './venue-views.ts';
import {
  ArmingDescriptionSchema,
  CandleViewSchema,
  ContenderViewSchema,
  DecisionViewSchema,
  EquityPointSchema,
  FeatureInspectionSchema,
  KillSwitchViewSchema,
  OrderViewSchema,
  PortfolioViewSchema,
  PositionViewSchema,
  StatusViewSchema,
  TradeViewSchema,
  VoteViewSchema,
} from './views.ts';
import { DecisionOutcomeSchema } from './vocabulary.ts';

/** Calls. Each has its parameters and its result; a host checks the parameters before the engine sees them. */

const limit = z.number().int().min(1).max(2_000).default(200);
const before = z.number().int().optional();
const nothing = z.strictObject({}).default({});

export const METHODS = {
  'status.get': { params: nothing, result: StatusViewSchema },
  /** How far the account is from each limit. */
  'safety.get': { params: nothing, result: SafetyViewSchema },
  /** Changes a limit in the settings file and at once in what runs. One that lets more happen takes the trader's word. */
  'limits.change': {
    params: z.strictObject({
      name: LimitNameSchema,
      /** Null turns it off, where it can be. */
      value: z.number().nullable(),
      /** The trader has been told what it was, what it will be and what that means. */
      loosen: z.boolean().default(false),
      /** Left out: from a program with the API token. */
      from: StopOriginSchema.optional(),
    }),
    result: SafetyViewSchema,
  },
  /** What the trader has changed of limits and locks, newest first. */
  'limits.history': { params: nothing, result: z.array(LimitChangeSchema) },
  /** Runs the whole emergency procedure on a simulated venue and books of its own. Touches nothing of the account. */
  'safety.drill': { params: nothing, result: DrillViewSchema },
  /** How far a strategy was taken towards real money, of the one in use when none is named, and what is missing. */
  'ladder.get': {
    params: z
      .strictObject({
        // It names a file.
        strategy: z
          .string()
          .max(60)
          .regex(/^[\w-]+$/, 'must be letters, digits, - and _')
          .optional(),
      })
      .default({}),
    result: LadderViewSchema,
  },
  /** What is on the disk, and how the server does that mirrors it. */
  'storage.get': { params: nothing, result: StorageViewSchema },
  /** Makes a backup of the books in the folder `backups` of the data directory. Trading goes on meanwhile. */
  'storage.backup': { params: nothing, result: BackupViewSchema },
  /** What the trader was told of, how it got out, and what nobody has acknowledged. */
  'alerts.get': { params: nothing, result: AlertsViewSchema },
  /** Says that the trader has seen a critical alert, or all of them where none is named: they are not told again. */
  'alerts.acknowledge': {
    params: z
      .strictObject({
        id: z.string().max(100).optional(),
        /** Left out: from a program with the API token. */
        from: StopOriginSchema.optional(),
      })
      .prefault({}),
    result: AlertsViewSchema,
  },
  /** Sends a test message by a channel, once and at once. */
  'alerts.test': { params: z.strictObject({ channel: AlertChannelSchema }), result: AlertTestSchema },
  /** Whether it can trade as told, and how each part of it does. */
  'health.get': { params: nothing, result: HealthViewSchema },
  /** The last lines of the log. */
  'logs.list': { params: LogQuerySchema.prefault({}), result: LogViewSchema },
  'portfolio.get': { params: nothing, result: PortfolioViewSchema },
  /** Every figure of the account, with its sample. */
  'metrics.get': { params: nothing, result: MetricsViewSchema },
  /** What came of the entries of a strategy, of the one in use when none is named. */
  'hindsight.get': {
    params: z.strictObject({ strategy: z.string().max(60).optional() }).default({}),
    result: HindsightViewSchema,
  },
  /** What the entry came to that a decision wanted; null where it wanted none. */
  'hindsight.decision': {
    params: z.strictObject({ id: z.string() }),
    result: EntryHindsightSchema.nullable(),
  },
  /** The account's days beside other ways of holding the same coins. */
  'metrics.days': { params: DaysQuerySchema.prefault({}), result: PerformanceDaysSchema },
  /** How much of the equity was at stake, by day. */
  'metrics.exposure': { params: DaysQuerySchema.prefault({}), result: z.array(DailyExposureSchema) },
  /** The outline of the equity curve from its beginning on, in 2,000 points at most. */
  'metrics.curve': { params: DaysQuerySchema.prefault({}), result: z.array(EquityPointSchema) },
  'positions.list': { params: nothing, result: z.array(PositionViewSchema) },
  'candles.history': {
    params: z.strictObject({ symbol: SymbolSchema, before, limit }),
    result: z.array(CandleViewSchema),
  },
  'decisions.list': {
    params: z.strictObject({
      symbol: SymbolSchema.optional(),
      outcome: DecisionOutcomeSchema.optional(),
      search: z.string().max(100).optional(),
      before,
      limit,
    }),
    result: z.array(DecisionViewSchema),
  },
  'decisions.get': { params: z.strictObject({ id: z.string().max(100) }), result: DecisionViewSchema },
  /** Every call of a language model behind a decision, in the order of asking. */
  'decisions.calls': {
    params: z.strictObject({ id: z.string().max(100) }),
    result: z.array(LlmCallViewSchema),
  },
  'features.inspect': {
    params: z.strictObject({ symbol: SymbolSchema, barOpenTime: z.number().int() }),
    result: FeatureInspectionSchema,
  },
  'orders.list': {
    params: z.strictObject({ symbol: SymbolSchema.optional(), before, limit }),
    result: z.array(OrderViewSchema),
  },
  'trades.list': {
    params: z.strictObject({ symbol: SymbolSchema.optional(), before, limit }),
    result: z.array(TradeViewSchema),
  },
  /** Finished round trips of the trade history, the last that ended first. */
  'trades.find': { params: TradeFilterSchema.prefault({}), result: z.array(TradeRecordSchema) },
  /** What finished round trips came to, by what is asked. */
  'trades.totals': { params: TradeTotalsQuerySchema.prefault({}), result: TradeTotalsSchema },
  /** Where stops and targets belong: how far trades went against the trader and in his favour. */
  'trades.excursions': { params: ExcursionsQuerySchema.prefault({}), result: ExcursionTableSchema },
  'trades.streaks': { params: TradePeriodSchema, result: TradeStreaksSchema },
  /** Writes a note and tags to a round trip, in the place of those that it had. */
  'trades.annotate': { params: TradeNotesChangeSchema, result: TradeNotesSchema },
  'trades.tags': { params: nothing, result: z.array(TagCountSchema) },
  'models.get': { params: nothing, result: ModelsViewSchema },
  /** Makes another installed set answer from the next bar on; refused sets are not taken. */
  'models.use': { params: z.strictObject({ setId: z.string().max(100) }), result: ModelsViewSchema },
  /** Goes back to the set before the last change. */
  'models.rollBack': { params: nothing, result: ModelsViewSchema },
  /** The ensemble's vote on a symbol's last closed bar. */
  'models.latest': {
    params: z.strictObject({ symbol: SymbolSchema }),
    result: z.object({ symbol: z.string(), barOpenTime: z.number().int(), vote: VoteViewSchema }),
  },
  /** One tiny call to each agent's model, within the budget. */
  'llm.test': { params: nothing, result: z.array(LlmTestViewSchema) },
  /** How the calls of each language model turned out; empty where none speaks. */
  'llm.records': { params: nothing, result: z.array(AgentRecordSchema) },
  /** What debates cost and saved this month. */
  'llm.costs': { params: nothing, result: LlmCostsSchema },
  'prompts.list': { params: nothing, result: z.array(PromptViewSchema) },
  'prompts.save': {
    params: z.strictObject({ name: PromptNameSchema, source: z.string().max(20_000) }),
    result: z.array(PromptViewSchema),
  },
  /** Goes back to the program's own. */
  'prompts.reset': { params: z.strictObject({ name: PromptNameSchema }), result: z.array(PromptViewSchema) },
  /** Asks the openings of the last decisions again with another prompt, within the budget. Changes nothing. */
  'prompts.replay': {
    params: z.strictObject({
      name: z.enum(['bull', 'bear']),
      source: z.string().max(20_000),
      last: z.number().int().min(1).max(50).default(10),
    }),
    result: z.array(PromptReplaySchema),
  },
  'arena.get': { params: nothing, result: z.array(ContenderViewSchema) },
  /** Makes a rival's way of deciding the one whose orders reach the venue, from the next bar on. */
  'arena.promote': {
    params: z.strictObject({
      name: z.string().max(40),
      confirmation: z.literal('PROMOTE', 'type PROMOTE to confirm'),
    }),
    result: z.array(ContenderViewSchema),
  },
  'settings.get': { params: nothing, result: SettingsSchema },
  /** Every venue that ccxt knows, those first that take our orders. */
  'venues.list': { params: nothing, result: z.array(VenueViewSchema) },
  /** Which of a venue's keys are there; never what they are. */
  'venues.keys': { params: VenueNameSchema, result: z.array(SecretViewSchema) },
  'venues.keepKey': {
    params: VenueSecretSchema.extend({ value: z.string().trim().min(1).max(10_000) }),
    result: z.array(SecretViewSchema),
  },
  'venues.forgetKey': { params: VenueSecretSchema, result: z.array(SecretViewSchema) },
  /** Asks the venue whether it can be traded as chosen. Changes nothing, here or there. */
  'venues.check': {
    params: z.strictObject({ choice: VenueChoiceSchema, mode: StartableModeSchema.exclude(['demo']) }),
    result: VenueCheckSchema,
  },
  /** Writes the choice into the settings file and starts the engine anew with it; the `startup` stream tells how it goes. */
  'venues.start': {
    params: z.strictObject({
      choice: VenueChoiceSchema,
      mode: StartableModeSchema,
      /** The trader has been told that nothing but stops at the venue watches what is open there. */
      leavePositions: z.boolean().default(false),
    }),
    result: StartupViewSchema,
  },
  /** Gives up the start that is under way: what ran before is started again, with its settings. */
  'venues.giveUp': { params: nothing, result: StartupViewSchema },
  /** Nothing is entered until `trading.resume`, over restarts; exits and stops go on. */
  'trading.pause': {
    params: z
      .strictObject({
        reason: z.string().trim().max(200).optional(),
        /** Left out: from a program with the API token. */
        from: StopOriginSchema.optional(),
      })
      .prefault({}),
    result: StatusViewSchema,
  },
  'trading.resume': {
    params: z.strictObject({ from: StopOriginSchema.optional() }).prefault({}),
    result: StatusViewSchema,
  },
  /** Nothing is entered in a symbol until a moment of the market's time; exits and stops go on. */
  'symbols.lock': {
    params: z.strictObject({
      symbol: SymbolSchema,
      until: z.number().int(),
      reason: z.string().trim().min(1).max(200),
      /** Left out: from a program with the API token. */
      from: StopOriginSchema.optional(),
    }),
    result: StatusViewSchema,
  },
  'symbols.unlock': {
    params: z.strictObject({ symbol: SymbolSchema, from: StopOriginSchema.optional() }),
    result: StatusViewSchema,
  },
  /** Ends the halts of the circuit breaker that wait for the trader; those that end by themselves stay. */
  'breaker.release': {
    params: z.strictObject({ confirmation: z.literal('RELEASE', 'type RELEASE to confirm') }),
    result: StatusViewSchema,
  },
  /** Says exactly what arming live trading does and whether it is allowed now. */
  'live.describeArming': { params: nothing, result: ArmingDescriptionSchema },
  /** By the trader's own hand, who types the venue's name. */
  'live.arm': {
    params: z.strictObject({
      venue: z.string().max(40),
      /** The trader has seen at the venue that the key cannot withdraw. */
      noWithdrawals: z.boolean().default(false),
    }),
    result: StatusViewSchema,
  },
  /** One press, no dialog: latches, then cancels and flattens. Answers as soon as the latch is on disk. */
  'killSwitch.activate': {
    params: z
      .strictObject({
        reason: z.string().max(200).default('pressed by the trader'),
        /** Left out: from a program with the API token. */
        from: StopOriginSchema.optional(),
      })
      .prefault({}),
    result: KillSwitchViewSchema,
  },
  /** What the emergency stop did each time, newest first. */
  'killSwitch.history': { params: nothing, result: z.array(KillActivationSchema) },
  /** Says exactly what a reset does and whether it is allowed now. */
  'killSwitch.describeReset': {
    params: nothing,
    result: z.object({ allowed: z.boolean(), statement: z.string(), obstacles: z.array(z.string()) }),
  },
  'killSwitch.reset': {
    params: z.strictObject({ confirmation: z.literal('RESET', 'type RESET to confirm') }),
    result: KillSwitchViewSchema,
  },
} as const;

export type MethodName = keyof typeof METHODS;
export type MethodParams<N extends MethodName> = z.input<(typeof METHODS)[N]['params']>;
export type MethodParsedParams<N extends MethodName> = z.output<(typeof METHODS)[N]['params']>;
export type MethodResult<N extends MethodName> = z.infer<(typeof METHODS)[N]['result']>;

export function isMethod(name: string): name is MethodName {
  return Object.hasOwn(METHODS, name);
}
