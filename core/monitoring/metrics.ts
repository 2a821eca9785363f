import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import {
  type AlertView,
  DECISION_OUTCOMES,
  type DecisionOutcome,
  ORDER_STATUSES,
  type OrderStatus,
} from '../contract/index.ts';
import { registerProcessMetrics } from './process-metrics.ts';
import { type StandingFacts, StatusMetrics } from './status-metrics.ts';

/** Bounds of the loop's latency, in seconds: from a tenth of a millisecond to a slow language model. */
const LATENCY_BUCKETS = [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5, 15, 60];

/** Figures of the running engine, for Prometheus. One registry an engine, none for the process. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #bars = new Counter({
    name: 'tradebot_bars_processed_total',
    help: 'Closed bars that went through the trading loop.',
    labelNames: ['symbol'],
    registers: [this.#registry],
  });
  readonly #decisions = new Counter({
    name: 'tradebot_decisions_total',
    help: 'Decisions by what became of them.',
    labelNames: ['outcome'],
    registers: [this.#registry],
  });
  readonly #orders = new Counter({
    name: 'tradebot_order_events_total',
    help: 'Orders by the status they reached.',
    labelNames: ['status'],
    registers: [this.#registry],
  });
  readonly #loopLatency = new Histogram({
    name: 'tradebot_loop_latency_seconds',
    help: 'Time from a closed bar to the end of its decision.',
    buckets: LATENCY_BUCKETS,
    registers: [this.#registry],
  });
  readonly #feedAge = new Gauge({
    name: 'tradebot_feed_age_seconds',
    help: 'Time since the last message of the market data feed.',
    registers: [this.#registry],
  });
  readonly #equity = new Gauge({
    name: 'tradebot_equity_quote',
    help: 'Equity marked to market, in quote currency.',
    registers: [this.#registry],
  });

  readonly #alerts = new Counter({
    name: 'tradebot_alerts_total',
    help: 'Alerts raised, by how grave they are.',
    labelNames: ['severity'],
    registers: [this.#registry],
  });
  readonly #standing = new StatusMetrics(this.#registry);

  constructor() {
    registerProcessMetrics(this.#registry);
    // A rate over what has not happened yet is 0, and not unknown.
    for (const severity of ['info', 'warning', 'critical'] as const) this.#alerts.inc({ severity }, 0);
    for (const outcome of DECISION_OUTCOMES) this.#decisions.inc({ outcome }, 0);
    for (const status of ORDER_STATUSES) this.#orders.inc({ status }, 0);
  }

  alerted({ severity }: Pick<AlertView, 'severity'>): void {
    this.#alerts.inc({ severity });
  }

  /** How things stand now. */
  standing(facts: StandingFacts): void {
    this.#standing.set(facts);
  }

  barProcessed(symbol: string): void {
    this.#bars.inc({ symbol });
  }

  decided(outcome: DecisionOutcome): void {
    this.#decisions.inc({ outcome });
  }

  orderReached(status: OrderStatus): void {
    this.#orders.inc({ status });
  }

  loopTook(durationMs: number): void {
    this.#loopLatency.observe(durationMs / 1_000);
  }

  feedAge(ageMs: number): void {
    this.#feedAge.set(ageMs / 1_000);
  }

  equity(quote: number): void {
    this.#equity.set(quote);
  }

  /** Everything in Prometheus' text format. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }
}
