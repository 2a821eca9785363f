import { Gauge, type Registry } from 'prom-client';
import type { HealthView, PortfolioView, PositionView, StatusView } from '../contract/index.ts';
import type { HealthFacts } from './health-components.ts';

/** What is known at the moment of asking. */
export interface StandingFacts {
  readonly status: StatusView;
  readonly health: HealthView;
  readonly portfolio: PortfolioView;
  readonly positions: readonly Pick<PositionView, 'protection'>[];
  readonly mirror: HealthFacts['mirror'];
  /** What the data directory takes on the disk. */
  readonly bytes: number;
}

/** How things stand, for Prometheus: set anew whenever it asks. */
export class StatusMetrics {
  readonly #registry: Registry;
  readonly #gauges = new Map<string, Gauge>();

  constructor(registry: Registry) {
    this.#registry = registry;
    for (const [name, help] of Object.entries(PLAIN)) this.#make(name, help);
    this.#make('tradebot_info', 'Which program runs, and how.', ['version', 'mode', 'exchange', 'strategy']);
    this.#make('tradebot_component_up', 'Whether a part of the program does its work (off counts as yes).', [
      'component',
    ]);
    this.#make('tradebot_component_state', 'The state that a part of the program is in, as 1.', [
      'component',
      'state',
    ]);
  }

  set({ status, health, portfolio, positions, mirror, bytes }: StandingFacts): void {
    const { version, mode, exchange, strategy, llm, venue } = status;
    const info = this.#of('tradebot_info');
    info.reset();
    info.set({ version, mode, exchange, strategy }, 1);
    const up = this.#of('tradebot_component_up');
    const states = this.#of('tradebot_component_state');
    states.reset();
    for (const { id, state } of health.components) {
      up.set({ component: id }, state === 'ok' || state === 'off' ? 1 : 0);
      states.set({ component: id, state }, 1);
    }
    const latency = venue?.readings?.latency ?? null;
    this.#setAll({
      tradebot_ready: Number(health.ready),
      tradebot_kill_switch_engaged: Number(status.killSwitch.engaged),
      tradebot_circuit_breaker_tripped: Number(status.breaker.tripped),
      tradebot_paused: Number(status.pause !== null),
      tradebot_feed_gap_bars: status.feed.gaps,
      tradebot_reconciliation_differences: status.reconciliation.differences.length,
      tradebot_open_positions: positions.length,
      tradebot_unprotected_positions: positions.filter(({ protection }) => protection !== 'venue').length,
      tradebot_cash_quote: Number(portfolio.cash),
      tradebot_exposure_quote: Number(portfolio.exposure),
      tradebot_realised_pnl_quote: Number(portfolio.realisedPnl),
      tradebot_unrealised_pnl_quote: Number(portfolio.unrealisedPnl),
      tradebot_daily_pnl_quote: Number(portfolio.dailyPnl),
      tradebot_fees_quote: Number(portfolio.fees),
      tradebot_drawdown_ratio: portfolio.drawdownPct / 100,
      tradebot_max_drawdown_ratio: portfolio.maxDrawdownPct / 100,
      tradebot_round_trips: portfolio.trades,
      tradebot_llm_spent_today_usd: llm?.spentTodayUsd ?? 0,
      tradebot_llm_daily_budget_usd: llm?.dailyBudgetUsd ?? 0,
      tradebot_venue_latency_p99_seconds: (latency?.p99Ms ?? 0) / 1_000,
      tradebot_venue_request_budget_ratio: (venue?.readings?.budgetUsedPct ?? 0) / 100,
      tradebot_mirror_backlog_rows: mirror?.backlog ?? 0,
      tradebot_data_directory_bytes: bytes,
    });
  }

  #setAll(figures: Readonly<Record<keyof typeof PLAIN, number>>): void {
    for (const [name, figure] of Object.entries(figures)) this.#of(name).set(figure);
  }

  #make(name: string, help: string, labelNames: readonly string[] = []): void {
    this.#gauges.set(name, new Gauge({ name, help, labelNames, registers: [this.#registry] }));
  }

  #of(name: string): Gauge {
    const gauge = this.#gauges.get(name);
    if (gauge === undefined) throw new TypeError(`there is no gauge ${name}`);
    return gauge;
  }
}

/** Figures without labels. */
const PLAIN = {
  tradebot_ready: 'Whether it can trade as told.',
  tradebot_kill_switch_engaged: 'Whether the emergency stop is pressed.',
  tradebot_circuit_breaker_tripped: 'Whether a limit of loss has halted entries.',
  tradebot_paused: 'Whether the trader has paused entries.',
  tradebot_feed_gap_bars: 'Bars that the feed has left out since the start.',
  tradebot_reconciliation_differences: 'In how much the books and the venue differed when last compared.',
  tradebot_open_positions: 'Open positions.',
  tradebot_unprotected_positions: 'Open positions without a stop at the venue.',
  tradebot_cash_quote: 'Cash, in quote currency.',
  tradebot_exposure_quote: 'Worth of what is held, in quote currency.',
  tradebot_realised_pnl_quote: 'Realised profit and loss, in quote currency.',
  tradebot_unrealised_pnl_quote: 'Unrealised profit and loss, in quote currency.',
  tradebot_daily_pnl_quote: 'Profit and loss of the day, in quote currency.',
  tradebot_fees_quote: 'Fees paid, in quote currency.',
  tradebot_drawdown_ratio: 'Fall from the highest equity, as a share of it.',
  tradebot_max_drawdown_ratio: 'Deepest fall from the highest equity, as a share of it.',
  tradebot_round_trips: 'Finished round trips in the books.',
  tradebot_llm_spent_today_usd: 'What language models have cost today, in USD.',
  tradebot_llm_daily_budget_usd: 'What they may cost a day, in USD; 0 where none speaks.',
  tradebot_venue_latency_p99_seconds:
    'How long the venue took to answer, of 99 in 100; 0 where it is not measured.',
  tradebot_venue_request_budget_ratio: 'How much of what may be asked of the venue at once is used up.',
  tradebot_mirror_backlog_rows: 'Rows that the mirroring server has not confirmed.',
  tradebot_data_directory_bytes: 'What the data directory takes on the disk.',
} as const;
