import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DecisionView, MetricsView, Settings, TradeView } from '../../contract/index.ts';
import {
  type Clock,
  flatPosition,
  foldFill,
  type Position,
  parseSymbol,
  SILENT_LOGGER,
  TIMEFRAME_MS,
} from '../../domain/index.ts';
import { metricsView, Portfolio } from '../../portfolio/index.ts';
import { KillSwitch, type Latch } from '../../safety/index.ts';
import { Instruments } from '../assembly/instruments.ts';
import { tradeView } from '../views/account-views.ts';
import { decisionView } from '../views/domain-views.ts';
import { type BooksSettings, storeNames } from './store-names.ts';
import { openStores, type Stores } from './stores.ts';

/** What other processes may do with a data directory, whether an engine runs on it or not. */

export function killSwitchState(directory: string, clock: Clock): Latch | undefined {
  return new KillSwitch({ directory, clock }).state();
}

/** Round trips of a mode, newest first; empty when it never ran here. @throws StorageError */
export function storedTrades(
  directory: string,
  settings: BooksSettings,
  limit: number,
): readonly TradeView[] {
  return withStores(directory, settings, ({ ledger }) => {
    const positions = new Map<string, Position>();
    const trades: TradeView[] = [];
    for (const fill of ledger.fills()) {
      const before = positions.get(fill.symbol) ?? flatPosition(fill.symbol);
      const { position, closed } = foldFill(before, fill, parseSymbol(fill.symbol)?.base ?? '');
      positions.set(fill.symbol, position);
      if (closed !== undefined) trades.push(tradeView(closed));
    }
    return trades.reverse().slice(0, limit);
  });
}

/** Decisions of a mode, newest first; empty when it never ran here. @throws StorageError */
export function storedDecisions(
  directory: string,
  settings: BooksSettings,
  limit: number,
): readonly DecisionView[] {
  return withStores(directory, settings, ({ decisions }) => decisions.list({ limit }).map(decisionView));
}

/**
 * Every figure of a mode's account as its books have it, with what is open at the last close that is stored; null when
 * no account was opened here. A program that trades sees newer prices: ask it where it runs. @throws StorageError
 */
export function storedMetrics(
  directory: string,
  settings: BooksSettings & Pick<Settings, 'timeframe' | 'safety'>,
): MetricsView | null {
  const [view] = withStores(directory, settings, ({ ledger, equity, state, history }) => {
    const accountEvents = [...ledger.accountEvents()];
    const opening = accountEvents.find(({ kind }) => kind === 'opening');
    if (opening === undefined) return [];
    const known = new Instruments({ instrument: () => undefined }, state, [], SILENT_LOGGER);
    const points = equity.recent(Number.MAX_SAFE_INTEGER);
    const portfolio = new Portfolio({
      quote: opening.asset,
      instruments: (symbol) => known.of(symbol),
      history: { fills: ledger.fills(), accountEvents, equity: points },
    });
    let time = points.at(-1)?.time ?? opening.time;
    for (const { symbol } of portfolio.positions()) {
      const [bar] = history.candles(symbol, settings.timeframe, { limit: 1 });
      if (bar === undefined) continue;
      time = Math.max(time, bar.openTime + TIMEFRAME_MS[settings.timeframe]);
      portfolio.mark(symbol, bar.close, time);
    }
    return [metricsView(portfolio, time, settings.safety.minSample)];
  });
  return view ?? null;
}

function withStores<T>(
  directory: string,
  settings: BooksSettings,
  read: (stores: Stores) => readonly T[],
): readonly T[] {
  const names = storeNames(directory, settings);
  if (!existsSync(join(directory, `${names.account}.sqlite`))) return [];
  const stores = openStores(directory, settings.mode, undefined, names);
  try {
    return read(stores);
  } finally {
    stores.close();
  }
}
