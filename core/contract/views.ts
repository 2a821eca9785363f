import { z } from 'zod';
import { PauseViewSchema } from './kill-views.ts';
import { LlmStatusSchema } from './llm-views.ts';
import { ModelOutputSchema } from './model-views.ts';
import { OutlookViewSchema } from './outlook-view.ts';
import {
  ActionSchema,
  DecimalTextSchema,
  DecisionOutcomeSchema,
  FillPurposeSchema,
  ModeSchema,
  OrderPurposeSchema,
  OrderStatusSchema,
  OrderTypeSchema,
  RegimeSchema,
  SafetyLayerSchema,
  SideSchema,
  StrategySchema,
  TimeframeSchema,
  VoterSchema,
} from './vocabulary.ts';

/** What the UI and API clients see. Money is decimal text; times are UTC milliseconds. */

const utcMs = z.number().int();

export const CandleViewSchema = z.object({
  openTime: utcMs,
  open: z.number(),
  high: z.number(),
  low: z.number(),
  close: z.number(),
  volume: z.number(),
  /** False while the bar is still forming. */
  closed: z.boolean(),
});
export type CandleView = z.infer<typeof CandleViewSchema>;

export const OrderViewSchema = z.object({
  clientOrderId: z.string(),
  venueOrderId: z.string().nullable(),
  symbol: z.string(),
  side: SideSchema,
  type: OrderTypeSchema,
  purpose: OrderPurposeSchema,
  status: OrderStatusSchema,
  amount: DecimalTextSchema,
  filledAmount: DecimalTextSchema,
  limitPrice: DecimalTextSchema.nullable(),
  stopPrice: DecimalTextSchema.nullable(),
  averagePrice: DecimalTextSchema.nullable(),
  reduceOnly: z.boolean(),
  decisionId: z.string().nullable(),
  reason: z.string().nullable(),
  createdAt: utcMs,
  updatedAt: utcMs,
});
export type OrderView = z.infer<typeof OrderViewSchema>;

export const FillViewSchema = z.object({
  tradeId: z.string(),
  /** Null for what was not an order of ours. */
  clientOrderId: z.string().nullable(),
  symbol: z.string(),
  side: SideSchema,
  price: DecimalTextSchema,
  amount: DecimalTextSchema,
  /** Null while the venue has not told it. */
  fee: DecimalTextSchema.nullable(),
  feeAsset: z.string().nullable(),
  purpose: FillPurposeSchema,
  time: utcMs,
});
export type FillView = z.infer<typeof FillViewSchema>;

export const PositionViewSchema = z.object({
  symbol: z.string(),
  /** Signed: above 0 long, below 0 short. */
  quantity: DecimalTextSchema,
  averageEntryPrice: DecimalTextSchema,
  markPrice: DecimalTextSchema,
  notional: DecimalTextSchema,
  unrealisedPnl: DecimalTextSchema,
  unrealisedPnlPct: z.number(),
  realisedPnl: DecimalTextSchema,
  fees: DecimalTextSchema,
  stopPrice: DecimalTextSchema.nullable(),
  /** `venue`: a stop rests there; `engine`: the engine watches; `none`: unprotected. */
  protection: z.enum(['venue', 'engine', 'none']),
  entryThesis: z.string().nullable(),
  /** How it is led and how far that has come, in words; absent: by its stop alone. */
  plan: z.string().optional(),
  openedAt: utcMs,
});
export type PositionView = z.infer<typeof PositionViewSchema>;

/** What getting in has cost, in basis points of what it was decided at, beside what the cost gate had expected. */
export const EntryCostViewSchema = z.object({
  expectedBps: z.number(),
  /** Fees and slippage. */
  actualBps: z.number(),
  feeBps: z.number(),
  /** Against the price of the decision; below 0 where it was better. */
  slippageBps: z.number(),
  /** How much was made, and not taken: 0 to 1. */
  madeShare: z.number(),
  /** The same in quote currency. */
  expected: DecimalTextSchema,
  actual: DecimalTextSchema,
});
export type EntryCostView = z.infer<typeof EntryCostViewSchema>;

/** One round trip: from flat to flat. */
export const TradeViewSchema = z.object({
  id: z.string(),
  symbol: z.string(),
  direction: z.enum(['long', 'short']),
  quantity: DecimalTextSchema,
  entryPrice: DecimalTextSchema,
  exitPrice: DecimalTextSchema,
  grossPnl: DecimalTextSchema,
  fees: DecimalTextSchema,
  netPnl: DecimalTextSchema,
  returnPct: z.number(),
  exitPurpose: FillPurposeSchema,
  /** Null where nothing had been expected. */
  entryCost: EntryCostViewSchema.nullable(),
  openedAt: utcMs,
  closedAt: utcMs,
});
export type TradeView = z.infer<typeof TradeViewSchema>;

/** Of what a voter's weight is made, where voters judge a proposal: the product of the first three, rounded. */
export const WeightPartsViewSchema = z.object({
  /** Its share of the regime's weights. */
  regime: z.number(),
  /** What its measured record has earned, 0 to 1. */
  earned: z.number(),
  /** What its makers' verdict leaves of it, 0 to 1. */
  reliability: z.number(),
  /** How much is earned and why, with its numbers. */
  why: z.string(),
});
export type WeightPartsView = z.infer<typeof WeightPartsViewSchema>;

export const VoteViewSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('vote'),
    voter: VoterSchema,
    source: z.enum(['rules', 'llm', 'models']),
    action: ActionSchema,
    confidence: z.number().min(0).max(1),
    weight: z.number(),
    thesis: z.string(),
    evidence: z.array(z.string()),
    /** What was cited as evidence and is not in the brief, and what is there instead. */
    struck: z.array(z.object({ text: z.string(), why: z.string() })).optional(),
    invalidation: z.string(),
    horizonBars: z.number().int(),
    /** Share of the weight that the voter's record warrants; all of it when absent. */
    reliability: z.number().min(0).max(1).optional(),
    /** Where voters judge a proposal. */
    parts: WeightPartsViewSchema.optional(),
    models: z.array(ModelOutputSchema).optional(),
  }),
  z.object({
    kind: z.literal('abstention'),
    voter: VoterSchema,
    source: z.enum(['rules', 'llm', 'models']),
    code: z.string(),
    message: z.string(),
  }),
]);
export type VoteView = z.infer<typeof VoteViewSchema>;

export const VerdictViewSchema = z.object({
  layer: SafetyLayerSchema,
  allowed: z.boolean(),
  code: z.string(),
  message: z.string(),
  /** The numbers the verdict rests on, by name. */
  numbers: z.record(z.string(), z.number()),
});
export type VerdictView = z.infer<typeof VerdictViewSchema>;

/** What a strategy that decides by itself wanted a symbol to have, and what it had. Shares are of the equity. */
export const ProposalViewSchema = z.object({
  targetShare: z.number(),
  /** What the limits leave of it. */
  allowedShare: z.number(),
  heldShare: z.number(),
  reason: z.string(),
  /** What the reason is made of, by name. */
  numbers: z.record(z.string(), z.number()),
});
export type ProposalView = z.infer<typeof ProposalViewSchema>;

export const DecisionViewSchema = z.object({
  id: z.string(),
  symbol: z.string(),
  timeframe: TimeframeSchema,
  barOpenTime: utcMs,
  time: utcMs,
  close: z.number(),
  regime: RegimeSchema,
  /** The strategy that proposes by itself, and whose proposals the voters judge; null: what the voters agree on is done. */
  proposedBy: StrategySchema.nullable(),
  /** Null where the voters propose, and where the strategy does not decide on the bar. */
  proposal: ProposalViewSchema.nullable(),
  /** What the voters leave of a proposal and why; null where they propose. */
  judgement: z.string().nullable(),
  /** What is wanted: by the voters, or what they leave of a strategy's proposal. */
  action: ActionSchema,
  outcome: DecisionOutcomeSchema,
  /** Side of the order that closes what was held; null where none was sent. */
  exit: SideSchema.nullable(),
  /** Why the program traded, or why it did not: a code for counting, a sentence for the trader. */
  reasonCode: z.string(),
  reason: z.string(),
  support: z.object({ BUY: z.number(), SELL: z.number(), HOLD: z.number() }),
  threshold: z.number(),
  votes: z.array(VoteViewSchema),
  verdicts: z.array(VerdictViewSchema),
  features: z.record(z.string(), z.number().nullable()),
  /** Absent where nothing was foretold. */
  outlook: OutlookViewSchema.optional(),
  positionQuantity: DecimalTextSchema,
  orderIds: z.array(z.string()),
  /** From the bar's close to the voters' answer, in real time; null where they answered at once. */
  thinkingMs: z.number().nullable(),
});
export type DecisionView = z.infer<typeof DecisionViewSchema>;

/** A figure of merit with the number of observations behind it; null below the minimum sample. */
export const EstimateSchema = z.object({ value: z.number().nullable(), sampleSize: z.number().int() });
export type Estimate = z.infer<typeof EstimateSchema>;

export const PortfolioViewSchema = z.object({
  time: utcMs,
  capital: DecimalTextSchema,
  equity: DecimalTextSchema,
  cash: DecimalTextSchema,
  exposure: DecimalTextSchema,
  realisedPnl: DecimalTextSchema,
  unrealisedPnl: DecimalTextSchema,
  fees: DecimalTextSchema,
  /** Of everything that was entered at this venue; null before the first of which something was expected. */
  entryCost: EntryCostViewSchema.nullable(),
  /** Funding and interest, received less paid. */
  funding: DecimalTextSchema,
  returnPct: z.number(),
  dailyPnl: DecimalTextSchema,
  drawdownPct: z.number(),
  maxDrawdownPct: z.number(),
  sharpe: EstimateSchema,
  sortino: EstimateSchema,
  winRate: EstimateSchema,
  trades: z.number().int(),
});
export type PortfolioView = z.infer<typeof PortfolioViewSchema>;

export const EquityPointSchema = z.object({ time: utcMs, equity: z.number() });
export type EquityPoint = z.infer<typeof EquityPointSchema>;

export const KillSwitchViewSchema = z.object({
  engaged: z.boolean(),
  at: utcMs.nullable(),
  reason: z.string().nullable(),
  /** `latched`: no order leaves; `flattening`: cancelling and closing; `flat`: verified against the venue. */
  stage: z.enum(['armed', 'latched', 'flattening', 'flat', 'failed']),
  failures: z.array(z.string()),
  /** When nothing of ours was last seen at the venue, since the latch; null: not yet. Older programs do not say. */
  verifiedAt: utcMs.nullable().optional(),
});
export type KillSwitchView = z.infer<typeof KillSwitchViewSchema>;

/** One symbol's market as it is now. */
export const MarketStateSchema = z.object({
  symbol: z.string(),
  /** False for a symbol that the venue does not list, or no longer: what is held of it is only closed out. */
  tradable: z.boolean(),
  /** Its data is too old, or cannot arrive: nothing is entered. */
  stale: z.boolean(),
  /** Since its last message; null before the first. */
  ageMs: z.number().nullable(),
  /** What is the matter; empty while nothing is. */
  message: z.string(),
});
export type MarketState = z.infer<typeof MarketStateSchema>;

/** Something that the trader must not overlook, on any page, for as long as it holds. */
export const ConditionSchema = z.object({
  /** The same for as long as it is the same condition. */
  id: z.string(),
  severity: z.enum(['info', 'warning', 'critical']),
  /** What it is and what it stops, in words. */
  message: z.string(),
});
export type Condition = z.infer<typeof ConditionSchema>;

/** The id of the condition that the cost gate is off: a client shows it beside the mode as well. */
export const COST_GATE_CONDITION = 'cost-gate';

/** The id of the condition that live trading enters nothing, because it is not armed or the key is not as it must be. */
export const NOT_ARMED_CONDITION = 'not-armed';

/** What arming live trading would do, and what stands against it now. */
export const ArmingDescriptionSchema = z.object({
  armed: z.boolean(),
  allowed: z.boolean(),
  /** What the trader types to arm. */
  venue: z.string(),
  statement: z.string(),
  obstacles: z.array(z.string()),
  warnings: z.array(z.string()),
  /** The venue does not tell whether the key may withdraw: the trader has to confirm that it may not. */
  confirmNoWithdrawals: z.boolean(),
});

/** The venue of a mode that has a real one, as it is now. */
export const VenueStatusSchema = z.object({
  /** The line that orders go by; null where they stay on this machine. */
  orders: z
    .object({ state: z.enum(['connecting', 'connected', 'disconnected', 'closed']), message: z.string() })
    .nullable(),
  /** How it has answered lately; null where that is not measured. */
  readings: z
    .object({
      lastAnswerAgeMs: z.number().nullable(),
      latency: z.object({ p50Ms: z.number(), p99Ms: z.number(), answers: z.number().int() }).nullable(),
      /** Of what may be asked at once. */
      budgetUsedPct: z.number(),
    })
    .nullable(),
  /** Of the symbol that costs most. */
  fees: z.object({ makerFeeBps: z.number(), takerFeeBps: z.number() }),
});
export type VenueStatus = z.infer<typeof VenueStatusSchema>;

export const StatusViewSchema = z.object({
  version: z.string(),
  mode: ModeSchema,
  host: z.enum(['desktop', 'headless']),
  exchange: z.string(),
  symbols: z.array(z.string()),
  timeframe: TimeframeSchema,
  strategy: StrategySchema,
  /** Who speaks for Bull and Bear: rules are never shown as an LLM. */
  analysts: z.enum(['rules', 'llm', 'off']),
  /** Null where no language model speaks. */
  llm: LlmStatusSchema.nullable(),
  models: z.object({ installed: z.number().int(), message: z.string() }),
  trading: z.enum(['starting', 'running', 'paused', 'halted', 'stopped']),
  message: z.string(),
  /** Also while something graver than a pause holds; null: not paused. */
  pause: PauseViewSchema.nullable(),
  marketTime: utcMs,
  speed: z.number(),
  killSwitch: KillSwitchViewSchema,
  breaker: z.object({ tripped: z.boolean(), reason: z.string().nullable(), until: utcMs.nullable() }),
  /** Of the symbol whose data is oldest. */
  feed: z.object({ lastMessageAgeMs: z.number().nullable(), stale: z.boolean(), gaps: z.number().int() }),
  markets: z.array(MarketStateSchema),
  reconciliation: z.object({ green: z.boolean(), at: utcMs.nullable(), differences: z.array(z.string()) }),
  /** Null where the market is simulated. */
  venue: VenueStatusSchema.nullable(),
  conditions: z.array(ConditionSchema),
});
export type StatusView = z.infer<typeof StatusViewSchema>;

/** Every feature of one closed bar, and how unusual its value is. */
export const FeatureInspectionSchema = z.object({
  symbol: z.string(),
  barOpenTime: utcMs,
  /** Bars among which the values are ranked: the bar and those before it. */
  bars: z.number().int(),
  features: z.array(
    z.object({
      name: z.string(),
      group: z.string(),
      meaning: z.string(),
      value: z.number().nullable(),
      /** Share of the bars with a smaller value, 0 to 1. */
      percentile: z.number().nullable(),
    }),
  ),
});
export type FeatureInspection = z.infer<typeof FeatureInspectionSchema>;

/**
 * One way of deciding and how its account does: the one in use, or one that trades on paper beside it. That of the
 * settings has no account while another is in use.
 */
export const ContenderViewSchema = z.object({
  name: z.string(),
  /** It is the one whose orders reach the venue. */
  active: z.boolean(),
  strategy: StrategySchema,
  analysts: z.enum(['rules', 'llm', 'off']),
  /** Null without an account, as are its figures. */
  since: utcMs.nullable(),
  /** Bars decided on since then, those of each symbol counted. */
  bars: z.number().int(),
  equity: DecimalTextSchema.nullable(),
  returnPct: z.number().nullable(),
  maxDrawdownPct: z.number().nullable(),
  fees: DecimalTextSchema.nullable(),
  trades: z.number().int(),
  winRate: EstimateSchema,
  sharpe: EstimateSchema,
  /** What its language models have cost, in USD. */
  llmCostUsd: z.number(),
  /** Share of the bars on which it wanted what the active one wanted; null before the first. */
  agreement: z.number().nullable(),
  /** Why it no longer takes part, or null. */
  problem: z.string().nullable(),
});
export type ContenderView = z.infer<typeof ContenderViewSchema>;
