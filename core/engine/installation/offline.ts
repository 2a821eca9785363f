import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type {
  DecisionView,
  ExcursionDimension,
  ExcursionTable,
  HindsightView,
  MetricsView,
  Settings,
  TradeDimension,
  TradeFilter,
  TradeNotes,
  TradeNotesChange,
  TradeRecord,
  TradeSource,
  TradeTotal,
  TradeTotals,
  TradeView,
} from '../../contract/index.ts';
import {
  type Clock,
  quoteAmount,
  SILENT_LOGGER,
  TIMEFRAME_MS,
  TraderError,
  type UtcMs,
} from '../../domain/index.ts';
import { metricsView, Portfolio, tradeMetrics } from '../../portfolio/index.ts';
import { KillSwitch, type Latch } from '../../safety/index.ts';
import { asStorageError, type Period } from '../../storage/index.ts';
import { Instruments } from '../assembly/instruments.ts';
import { Hindsight } from '../loop/hindsight.ts';
import { decisionView } from '../views/domain-views.ts';
import { hindsightView } from '../views/hindsight-view.ts';
import { annotate, tradeExcursions, tradeRecord, tradeTotals, tradeViewOf } from '../views/trade-records.ts';
import { type BooksSettings, storeNames } from './store-names.ts';
import { openStores, type Stores } from './stores.ts';

/** Trades read at a time. */
const PAGE = 1_000;

/** What other processes may do with a data directory, whether an engine runs on it or not. */

export function killSwitchState(directory: string, clock: Clock): Latch | undefined {
  return new KillSwitch({ directory, clock }).state();
}

/** Round trips of a mode, newest first; empty when it never ran here. @throws StorageError */
export function storedTrades(
  directory: string,
  settings: BooksSettings,
  filter: TradeFilter,
): readonly (TradeView & Pick<TradeRecord, 'note' | 'tags' | 'source'>)[] {
  return withStores(directory, settings, ({ tradeQueries }) =>
    tradeQueries.find(filter).map((row) => {
      const { note, tags, source } = tradeRecord(row);
      return { ...tradeViewOf(row), note, tags, source };
    }),
  );
}

/** Writes a note and tags to a round trip of a mode. @throws StorageError, TraderError where there is no such trade. */
export function annotateStored(
  directory: string,
  settings: BooksSettings,
  change: TradeNotesChange,
  now: UtcMs,
): TradeNotes {
  const [notes] = withStores(directory, settings, ({ tradeNotes }) => [annotate(tradeNotes, change, now)]);
  if (notes === undefined)
    throw new TraderError('bad-input', `no account was opened in ${settings.mode} mode here yet`);
  return notes;
}

/** Every finished round trip of a mode, the last that ended first; read as it is asked for. @throws StorageError */
export function tellStoredTrades(
  directory: string,
  settings: BooksSettings,
  filter: Omit<TradeFilter, 'limit' | 'after'>,
  tell: (trade: TradeRecord) => void,
): void {
  withStores(directory, settings, ({ tradeQueries }) => {
    let page = tradeQueries.find({ ...filter, limit: PAGE });
    for (let last = page.at(-1); last !== undefined; last = page.at(-1)) {
      for (const row of page) tell(tradeRecord(row));
      const { closedAt, openedAt, id } = tradeRecord(last);
      page = tradeQueries.find({ ...filter, limit: PAGE, after: { closedAt, openedAt, id } });
    }
    return [];
  });
}

/**
 * What the finished round trips of a mode came to; null when no account was opened here. The books have each as soon as
 * it ends, also those of a program that trades. @throws StorageError
 */
export function storedTotals(
  directory: string,
  settings: BooksSettings,
  query: Period & { readonly by: TradeDimension; readonly source?: TradeSource | undefined },
): TradeTotals | null {
  const [totals] = withStores(directory, settings, ({ ledger, tradeQueries }) => {
    const opening = [...ledger.accountEvents()].find(({ kind }) => kind === 'opening');
    return opening === undefined ? [] : [tradeTotals(tradeQueries, opening.asset, query)];
  });
  return totals ?? null;
}

/** How far the finished round trips of a mode went against the trader and in his favour. @throws StorageError */
export function storedExcursions(
  directory: string,
  settings: BooksSettings,
  query: Period & { readonly by: ExcursionDimension },
): ExcursionTable {
  const [table] = withStores(directory, settings, ({ tradeQueries }) => [
    tradeExcursions(tradeQueries, query),
  ]);
  return table ?? { trades: 0, rows: [] };
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
 * no account was opened here. With imported trades the figures of trades alone are others. A program that trades sees newer prices: ask it where it runs. @throws StorageError
 */
export function storedMetrics(
  directory: string,
  settings: BooksSettings & Pick<Settings, 'timeframe' | 'safety'>,
  source: TradeSource = 'own',
): MetricsView | null {
  const [view] = withStores(directory, settings, ({ ledger, equity, state, history, tradeQueries }) => {
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
    const { minSample } = settings.safety;
    const account = metricsView(portfolio, time, minSample);
    if (source === 'own') return [account];
    // What was traded elsewhere moved none of this account's money: the figures of trades take it in, and no other.
    const [total] = tradeQueries.totals('all', opening.asset, {}, source);
    const tally = tallyOf(total);
    return [{ ...account, metrics: { ...account.metrics, ...tradeMetrics(tally, minSample) } }];
  });
  return view ?? null;
}

function tallyOf({ trades, wins, made, lost, netPnl }: TradeTotal = NO_TRADE) {
  return { trades, wins, made: quoteAmount(made), lost: quoteAmount(lost), net: quoteAmount(netPnl) };
}

const NO_TRADE: TradeTotal = {
  ...{ key: '', trades: 0, wins: 0, made: '0', lost: '0', netPnl: '0', fees: '0', heldMs: 0 },
};

/** What came of a strategy's entries in a mode; null when no account was opened here. @throws StorageError */
export function storedHindsight(
  directory: string,
  settings: BooksSettings,
  strategy: string,
): HindsightView | null {
  const [view] = withStores(directory, settings, ({ hindsight }) => [
    hindsightView(new Hindsight(hindsight), strategy),
  ]);
  return view ?? null;
}

/** What a mode's books say; nothing when it never ran here. @throws StorageError */
export function withStores<T>(
  directory: string,
  settings: BooksSettings,
  read: (stores: Stores) => readonly T[],
): readonly T[] {
  const names = storeNames(directory, settings);
  if (!existsSync(join(directory, `${names.account}.sqlite`))) return [];
  const stores = openStores(directory, settings.mode, undefined, names);
  try {
    return read(stores);
  } catch (error) {
    // Another process that writes, a disk that is full.
    throw asStorageError(error, join(directory, `${names.account}.sqlite`));
  } finally {
    stores.close();
  }
}
