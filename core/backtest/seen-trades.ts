import type { ExcursionDimension, ExcursionTable } from '../contract/index.ts';
import {
  type Decision,
  type ExcursionStore,
  excursionOf,
  type Fill,
  float,
  notional,
  type RoundTrip,
  ratio,
  type TradeExcursion,
} from '../domain/index.ts';
import type { Engine } from '../engine/index.ts';
import { excursionTable } from '../portfolio/index.ts';

/** By what a backtest tells the excursions of its trades apart. */
const DIMENSIONS = [
  'all',
  'regime',
  'exit',
  'symbol',
  'side',
] as const satisfies readonly ExcursionDimension[];
export type SeenDimension = (typeof DIMENSIONS)[number];

/** What the trades of a run saw, beside what they came to. */
export class SeenTrades implements ExcursionStore {
  readonly #seen = new Map<string, TradeExcursion>();
  /** Of decisions that led to orders. */
  readonly #regimes = new Map<string, string>();
  /** Of round trips, by their opening. */
  readonly #decisions = new Map<string, string>();

  write(excursion: TradeExcursion): void {
    if (excursion.endedAt !== null) this.#seen.set(keyOf(excursion), excursion);
  }

  /** A run begins with nothing. */
  open(): readonly TradeExcursion[] {
    return [];
  }

  decision({ id, orderIds, consensus }: Decision): void {
    if (orderIds.length > 0) this.#regimes.set(id, consensus.regime);
  }

  fill({ symbol, time, purpose }: Fill, { portfolio, theses }: Pick<Engine, 'portfolio' | 'theses'>): void {
    if (purpose !== 'entry' || portfolio.position(symbol).openedAt !== time) return;
    const thesis = theses.of(symbol);
    if (thesis !== null) this.#decisions.set(keyOf({ symbol, openedAt: time }), thesis.decisionId);
  }

  tables(roundTrips: readonly RoundTrip[]): Readonly<Record<SeenDimension, ExcursionTable>> {
    const tables = DIMENSIONS.map((by) => [by, this.#table(by, roundTrips)] as const);
    // The keys are those of DIMENSIONS, each once.
    return Object.fromEntries(tables) as Record<SeenDimension, ExcursionTable>;
  }

  #table(by: SeenDimension, roundTrips: readonly RoundTrip[]): ExcursionTable {
    return excursionTable(
      roundTrips.flatMap((trip) => {
        const seen = this.#seen.get(keyOf(trip));
        if (seen === undefined) return [];
        const paid = notional(trip.entryPrice, trip.quantity);
        const returnPct = 100 * float(ratio(trip.netPnl, paid));
        const won = trip.netPnl.gt(0);
        return { key: this.#key(by, trip), won, returnPct, excursion: excursionOf(seen) };
      }),
    );
  }

  #key(by: SeenDimension, trip: RoundTrip): string {
    switch (by) {
      case 'all':
        return '';
      case 'regime':
        return this.#regimes.get(this.#decisions.get(keyOf(trip)) ?? '') ?? '';
      case 'exit':
        return trip.exitPurpose;
      case 'symbol':
        return trip.symbol;
      case 'side':
        return trip.direction === 'long' ? 'buy' : 'sell';
    }
  }
}

function keyOf({ symbol, openedAt }: Pick<TradeExcursion, 'symbol' | 'openedAt'>): string {
  return `${symbol} ${openedAt}`;
}
