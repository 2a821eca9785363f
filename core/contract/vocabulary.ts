import { z } from 'zod';

/** How the program is being used. Everything but market data, exchange and database is the same in each. */
export const MODES = ['demo', 'replay', 'paper', 'sandbox', 'live'] as const;
export const ModeSchema = z.enum(MODES);
export type Mode = z.infer<typeof ModeSchema>;

/** The candle intervals the program knows; names follow ccxt. */
export const TIMEFRAMES = ['1m', '3m', '5m', '15m', '30m', '1h', '2h', '4h', '6h', '12h', '1d'] as const;
export const TimeframeSchema = z.enum(TIMEFRAMES);
export type Timeframe = z.infer<typeof TimeframeSchema>;

export const SIDES = ['buy', 'sell'] as const;
export const SideSchema = z.enum(SIDES);
export type Side = z.infer<typeof SideSchema>;

export const ORDER_TYPES = ['market', 'limit', 'stop'] as const;
export const OrderTypeSchema = z.enum(ORDER_TYPES);
export type OrderType = z.infer<typeof OrderTypeSchema>;

/** INTENT is written before anything is sent; UNKNOWN is an order whose fate only the venue can tell. */
export const ORDER_STATUSES = [
  'INTENT',
  'SENT',
  'OPEN',
  'PARTIALLY_FILLED',
  'FILLED',
  'CANCELED',
  'REJECTED',
  'EXPIRED',
  'UNKNOWN',
] as const;
export const OrderStatusSchema = z.enum(ORDER_STATUSES);
export type OrderStatus = z.infer<typeof OrderStatusSchema>;

/** Why an order exists. Only `entry` may add exposure; the others reduce it. */
export const ORDER_PURPOSES = ['entry', 'exit', 'protection', 'emergency'] as const;
export const OrderPurposeSchema = z.enum(ORDER_PURPOSES);
export type OrderPurpose = z.infer<typeof OrderPurposeSchema>;

/** What a fill was for: an order's purpose, or `external` when it was not an order of ours. */
export const FILL_PURPOSES = [...ORDER_PURPOSES, 'external'] as const;
export const FillPurposeSchema = z.enum(FILL_PURPOSES);
export type FillPurpose = z.infer<typeof FillPurposeSchema>;

export const ACTIONS = ['BUY', 'SELL', 'HOLD'] as const;
export const ActionSchema = z.enum(ACTIONS);
export type Action = z.infer<typeof ActionSchema>;

export const VOTERS = ['bull', 'bear', 'ensemble'] as const;
export const VoterSchema = z.enum(VOTERS);
export type Voter = z.infer<typeof VoterSchema>;

export const REGIMES = ['trending', 'ranging', 'volatile'] as const;
export const RegimeSchema = z.enum(REGIMES);
export type Regime = z.infer<typeof RegimeSchema>;

/** The strategies that come with the program. */
export const STRATEGIES = ['trend', 'ensemble', 'rules', 'ml'] as const;
export const ShippedStrategySchema = z.enum(STRATEGIES);
export type ShippedStrategyId = z.infer<typeof ShippedStrategySchema>;
/** One of them, or the name of one of the trader's own: a file in the data directory, on Windows too, where these are devices. */
export const StrategySchema = z
  .string()
  .regex(
    /^(?!(?:con|nul|aux|prn|com\d|lpt\d)$)[a-z][a-z0-9-]{0,39}$/,
    `must be one of ${STRATEGIES.join(', ')}, or the name of your own: small letters, digits and hyphens`,
  );
export type StrategyId = z.infer<typeof StrategySchema>;

/** The safety layers, in the order in which they are asked. */
export const SAFETY_LAYERS = [
  'kill-switch',
  'circuit-breaker',
  'data-health',
  'position-limits',
  'cost-gate',
  'churn-throttle',
] as const;
export const SafetyLayerSchema = z.enum(SAFETY_LAYERS);
export type SafetyLayer = z.infer<typeof SafetyLayerSchema>;

/** What became of a closed bar. */
export const DECISION_OUTCOMES = ['traded', 'held', 'blocked'] as const;
export const DecisionOutcomeSchema = z.enum(DECISION_OUTCOMES);
export type DecisionOutcome = z.infer<typeof DecisionOutcomeSchema>;

/** A decimal number as text, as money travels on the wire and in the database. */
export const DecimalTextSchema = z
  .string()
  .regex(/^-?\d+(\.\d+)?$/, 'must be a decimal number written as text');
