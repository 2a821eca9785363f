import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DecisionView, TradeView } from '../../contract/index.ts';
import { type Clock, flatPosition, foldFill, type Position, parseSymbol } from '../../domain/index.ts';
import { KillSwitch, type Latch } from '../../safety/index.ts';
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
  } finally {
    stores.close();
  }
}
