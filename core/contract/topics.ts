import { z } from 'zod';
import { AlertViewSchema } from './alert-views.ts';
import { SymbolSchema } from './symbol.ts';
import { StartupViewSchema } from './venue-views.ts';
import {
  CandleViewSchema,
  DecisionViewSchema,
  EquityPointSchema,
  FillViewSchema,
  OrderViewSchema,
  PortfolioViewSchema,
  PositionViewSchema,
  StatusViewSchema,
  TradeViewSchema,
} from './views.ts';

/**
 * Streams. A subscriber gets one snapshot, then updates with consecutive sequence numbers; a hole in the
 * numbers asks for a new snapshot. `value` topics replace their content, `rows` topics insert or replace rows
 * by key and keep the last `limit`, ordered by `order`.
 */
interface ValueTopic<T extends z.ZodType> {
  readonly kind: 'value';
  readonly schema: T;
}
interface RowsTopic<T extends z.ZodType> {
  readonly kind: 'rows';
  readonly schema: T;
  readonly key: keyof z.infer<T> & string;
  /**
   * Fields besides: the key names a row among those that share them. Venues number the trades of each symbol anew, and
   * both sides of a trade have its number.
   */
  readonly within: readonly (keyof z.infer<T> & string)[];
  readonly order: keyof z.infer<T> & string;
  readonly limit: number;
}

function value<T extends z.ZodType>(schema: T): ValueTopic<T> {
  return { kind: 'value', schema };
}
function rows<T extends z.ZodType>(
  schema: T,
  key: RowsTopic<T>['key'],
  order: RowsTopic<T>['order'],
  limit: number,
  within: RowsTopic<T>['within'] = [],
): RowsTopic<T> {
  return { kind: 'rows', schema, key, within, order, limit };
}

export const TOPICS = {
  status: value(StatusViewSchema),
  portfolio: value(PortfolioViewSchema),
  positions: value(z.array(PositionViewSchema)),
  /** Per symbol: subscribe to `candles:BTC/USDT`. */
  candles: rows(CandleViewSchema, 'openTime', 'openTime', 2_000),
  orders: rows(OrderViewSchema, 'clientOrderId', 'createdAt', 300),
  fills: rows(FillViewSchema, 'tradeId', 'time', 1_000, ['symbol', 'side']),
  trades: rows(TradeViewSchema, 'id', 'closedAt', 500, ['symbol']),
  decisions: rows(DecisionViewSchema, 'id', 'time', 300),
  equity: rows(EquityPointSchema, 'time', 'time', 2_000),
  /** Whether the engine runs, or is being started with other settings. */
  startup: value(StartupViewSchema),
  alerts: rows(AlertViewSchema, 'id', 'time', 100),
} as const;

export type TopicName = keyof typeof TOPICS;
export type TopicRow<N extends TopicName> = z.infer<(typeof TOPICS)[N]['schema']>;
export type TopicContent<N extends TopicName> = (typeof TOPICS)[N]['kind'] extends 'rows'
  ? readonly TopicRow<N>[]
  : TopicRow<N>;

/** What is subscribed to: a topic's name, for candles with its symbol. */
export type TopicAddress = Exclude<TopicName, 'candles'> | `candles:${string}`;

const CANDLES = 'candles:';

/** The topic an address belongs to, or undefined when there is none. */
export function topicOf(address: string): TopicName | undefined {
  if (address.startsWith(CANDLES))
    return SymbolSchema.safeParse(address.slice(CANDLES.length)).success ? 'candles' : undefined;
  if (address === 'candles') return undefined;
  return Object.hasOwn(TOPICS, address) ? (address as TopicName) : undefined;
}

/** Content of one message: everything for a snapshot, the changed rows or the new value for an update. */
export const StreamMessageSchema = z.object({
  topic: z.string(),
  kind: z.enum(['snapshot', 'update']),
  sequence: z.number().int().min(0),
  content: z.unknown(),
});
export type StreamMessage = z.infer<typeof StreamMessageSchema>;

/** By what a row is known among all of its topic. @throws TypeError for a topic that has no rows. */
export function rowKey<N extends TopicName>(name: N, row: TopicRow<N>): unknown {
  const topic = TOPICS[name];
  if (topic.kind !== 'rows') throw new TypeError(`${name} has no rows`);
  // The key's fields are the row's own: the topic's declaration says so.
  const fields = row as Readonly<Record<string, unknown>>;
  const { key, within } = topic;
  return within.length === 0 ? fields[key] : [...within, key].map((name) => String(fields[name])).join(' ');
}

/** Inserts or replaces `changed` in `current` by the topic's key, in the topic's order, keeping its limit. */
export function mergeRows<N extends TopicName>(
  name: N,
  current: readonly TopicRow<N>[],
  changed: readonly TopicRow<N>[],
): readonly TopicRow<N>[] {
  const topic = TOPICS[name];
  if (topic.kind !== 'rows') throw new TypeError(`${name} has no rows to merge`);
  const field = (row: TopicRow<N>, name: string): string | number =>
    (row as Record<string, string | number>)[name] as string | number;
  const [row, another] = changed;
  const last = current.at(-1);
  // What is ordered by its key and comes last, as candles do every second, needs no sorting of thousands.
  if (topic.key === topic.order && row !== undefined && another === undefined && last !== undefined) {
    const ahead = Number(field(row, topic.order)) - Number(field(last, topic.order));
    if (ahead >= 0) return [...(ahead === 0 ? current.slice(0, -1) : current), row].slice(-topic.limit);
  }
  const byKey = new Map(current.map((row) => [rowKey(name, row), row]));
  for (const row of changed) byKey.set(rowKey(name, row), row);
  const ordered = [...byKey.values()].sort(
    (a, b) => Number(field(a, topic.order)) - Number(field(b, topic.order)),
  );
  return ordered.slice(-topic.limit);
}
